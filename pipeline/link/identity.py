"""Which mentions mean the same document of the world.

What makes a document unique: a normative act its number, year and symbol in one office; an individual act of the state
its number in one office and one year (numbers start again each January); a Party document its number in one committee
and one term of five years. So, in order:

1. full date and known office: equal keys are one document;
2. full date, office not fully known: joins the only document of that number and day whose office it can be;
3. no full date: joins the only document of that number, office and time that it can be.

Nothing is joined where two candidates are left: the mention keeps a document of its own, and both say so.
All steps are joins of whole columns inside blocks of one number and symbol; no block looks into another, so that a
block is worked out again only when one of its own mentions changes.
"""

from __future__ import annotations

import polars as pl

from pipeline.link.frames import joined
from pipeline.link.mentions import PLACE
from pipeline.link.titles import agreement

BLOCK = ("symbol", "number", "year")  # what all mentions of one document have in common
TERM_MONTHS = 60  # within a term of a Party committee a number comes once
# Terms begin with congresses, from below: of communes in spring of 2010, 2015, 2020 and so on, of districts in summer,
# of provinces in autumn, of the country in the January after. Months after January.
TERM_BEGINS = {"commune": 4, "district": 6, "province": 9, "central": 12}
AT_ONCE = 10  # documents that a new committee may write in its first weeks
# So long a number of an earlier term may be meant by an undated citation: small committees cite old papers longer.
FRESH_MONTHS = {"central": 12, "province": 12, "district": 60, "commune": 60}
RIVAL_MONTHS = 24
# Shares that are right; somewhat below what simulated archives have (`python -m benchmarks.linking`).
ONLY_OF_DAY, ONLY_WITHOUT_DAY = 0.98, 0.97
LARGEST_OPEN_BLOCK = 20
_ANSWER = ("row", "key", "method", "score", "rivals", "anchor")
_MOST_RIVALS = 5


def with_full_keys(mentions: pl.DataFrame) -> pl.DataFrame:
    """The mentions of full date and known office, with the `key` that they give by themselves."""
    full = mentions.filter(is_full())
    return full.with_columns(key=_key("date", joined(*PLACE)))


def is_full() -> pl.Expr:
    """Whether a mention says by itself which document it means."""
    return pl.col("numbered") & pl.col("dated") & pl.col("complete") & ~pl.col("lent")


def identify(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The mentions with `key` (what is equal is one document), `method`, `score`, `rivals` (a list of keys) and
    `anchor`: whether the key was made of this mention's own words, not found among those of others.

    `documents` are those of all full mentions of their blocks, as `documents_of` gives them."""
    m = mentions.with_row_index("row")
    answers = [_answer(with_full_keys(m), method="exact", score=1.0)]
    numbered = m.filter(pl.col("numbered") & ~is_full())
    by_day = _by_day(numbered.filter("dated"), documents)
    answers.append(by_day.select(_ANSWER))
    dated = pl.concat([documents, documents_of(by_day.filter("anchor")).select(documents.columns)])
    answers.append(_without_day(numbered.filter(~pl.col("dated")), dated.filter(~contradicts_itself())))
    answers.append(_alone(m.filter(~pl.col("numbered"))))
    return m.join(pl.concat(answers), on="row", how="left").drop("row")


def _answer(
    frame: pl.DataFrame,
    *,
    method: str | pl.Expr,
    score: float | pl.Expr,
    rivals: str | None = None,
    anchor: bool = True,
) -> pl.DataFrame:
    none = pl.lit([], dtype=pl.List(pl.String))
    return frame.select(
        "row",
        "key",
        method=pl.lit(method) if isinstance(method, str) else method,
        score=pl.lit(score) if isinstance(score, float) else score,
        rivals=pl.col(rivals).fill_null(none) if rivals else none,
        anchor=pl.lit(anchor),
    )


def _key(time: str, office: pl.Expr) -> pl.Expr:
    return pl.concat_str([*(pl.col(c) for c in BLOCK), pl.col(time), office], separator="|")


def contradicts_itself() -> pl.Expr:
    """Whether the year in the number is not that of the day: one of them was misread."""
    return (pl.col("year") != "") & (pl.col("year") != pl.col("date").str.slice(0, 4))


def documents_of(mentions: pl.DataFrame) -> pl.DataFrame:
    """One row per key of mentions that made their keys: its parts, how many mention it, and its usual title."""
    parts = pl.col(*BLOCK, "date", "style", "complete", *PLACE).max()
    documents = mentions.group_by("key").agg(parts, mentions=pl.len())
    documents = documents.join(usual_titles(mentions), on="key", how="left")
    return documents.with_columns(pl.col("title_key").fill_null(""))


def usual_titles(mentions: pl.DataFrame) -> pl.DataFrame:
    """The title that most mentions of a key print; of equally many the longest."""
    titled = mentions.filter(pl.col("title_key") != "").group_by("key", "title_key").agg(pl.len())
    order = ["len", pl.col("title_key").str.len_chars(), "title_key"]
    return titled.sort(order).unique("key", keep="last").select("key", "title_key")


# ------------------------------------------------------------------------------------------- a day, no full office


def _by_day(left: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The rows with their answers."""
    documents = documents.with_columns(provinces=pl.col("province").n_unique().over(BLOCK))
    pairs = left.join(_as_known(documents, keep=(*BLOCK, "date")), on=[*BLOCK, "date"])
    pairs = _with_agreement(pairs.filter(_compatible())).filter(pl.col("agreement") >= 0)
    chosen, several = _only_one(pairs)
    elsewhere = chosen.join(pairs.filter(_in_known_place()), on=["row", "key"], how="anti")
    chosen = chosen.join(elsewhere, on="row", how="anti")
    several = pl.concat([several, elsewhere.select("row", rivals=pl.concat_list("key"))])
    left = left.join(several, on="row", how="left").join(chosen, on="row", how="left")
    found = left.filter(pl.col("key").is_not_null())
    found = found.with_columns(method=pl.lit("date_and_number"), score=pl.lit(ONLY_OF_DAY), anchor=pl.lit(False))
    provinces = documents.group_by(BLOCK).agg(pl.col("province").n_unique().alias("provinces"))
    rest = _together(left.filter(pl.col("key").is_null()).join(provinces, on=list(BLOCK), how="left"))
    found = found.with_columns(pl.col("rivals").fill_null(pl.lit([], dtype=pl.List(pl.String))))
    return pl.concat([found.select(rest.columns), rest])


def _together(rest: pl.DataFrame) -> pl.DataFrame:
    """Documents that nobody names in full: one, where nothing that is said of their offices contradicts.

    Where several provinces have the number, and none is known here, only the district or the document that cites it
    tells them apart.
    """
    many = (pl.col("province") == "") & (pl.col("provinces").fill_null(0) > 1)
    where = pl.when(pl.col("at_district") != "").then(pl.col("at_district")).otherwise(pl.col("source"))
    who = pl.when(many).then(where).otherwise(pl.lit(""))
    rest = rest.with_columns(who=who)
    block = [*BLOCK, "date", "province", "who"]
    said = [pl.col(p).filter(pl.col(p) != "").n_unique().over(block) for p in PLACE]
    doubtful = pl.col("rivals").is_not_null()
    rest = rest.with_columns(apart=doubtful | pl.any_horizontal(s > 1 for s in said))
    whole = [pl.when("apart").then(pl.col(p)).otherwise(pl.col(p).max().over(block)).alias(p) for p in PLACE]
    office = pl.when("apart").then(joined(*PLACE)).otherwise(pl.concat_str([pl.lit("?"), "province", "who"]))
    rest = rest.with_columns(office=office)
    rest = rest.with_columns(
        *whole,
        key=_key("date", pl.col("office")),
        method=pl.lit("date_and_number"),
        score=pl.when("apart").then(0.7).otherwise(0.9),
        rivals=pl.col("rivals").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        anchor=pl.lit(True),
    )
    return rest.drop("who", "apart", "office", "provinces")


def _as_known(documents: pl.DataFrame, keep: tuple[str, ...]) -> pl.DataFrame:
    """The documents as the right side of a join: columns that are not joined on end in `_known`."""
    return documents.rename({c: f"{c}_known" for c in documents.columns if c not in (*keep, "key", "mentions")})


def _compatible() -> pl.Expr:
    """Whether two offices can be the same: every part equal or unknown on one side.

    Who names no issuer cites documents of the own office or of those above it, never of a neighbour.
    """
    fits = pl.lit(True)
    for part in PLACE:
        a, b = pl.col(part), pl.col(f"{part}_known")
        fits &= (a == b) | (a == "") | (b == "")
    for part in ("district", "commune"):
        at, known = pl.col(f"at_{part}"), pl.col(f"{part}_known")
        fits &= (pl.col("issuer") != "") | (at == known) | (at == "") | (known == "")
    rank = {level: rank for rank, level in enumerate(("central", "province", "district", "commune"))}
    at_level, level = (
        pl.col(c).replace_strict(rank, default=None, return_dtype=pl.Int8) for c in ("at_level", "level_known")
    )
    return fits & ((pl.col("issuer") != "") | (level <= at_level).fill_null(True))


def _in_known_place() -> pl.Expr:
    """Where the province is unknown, the district or the title must say that it is this one, or no other province of
    the archive has the number."""
    district = (pl.col("district") != "") & (pl.col("district") == pl.col("district_known"))
    said = (pl.col("province") == pl.col("province_known")) | district | (pl.col("agreement") == 1)
    return said | (pl.col("provinces_known") == 1)


def _with_agreement(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(agreement=agreement(pairs, "title_key", "title_key_known"))


def _only_one(pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(`row`, `key`) of rows that can be one known document only, and (`row`, `rivals`) of those with several."""
    grouped = pairs.group_by("row").agg(pl.col("key").unique().sort())
    single = grouped.filter(pl.col("key").list.len() == 1)
    several = grouped.filter(pl.col("key").list.len() > 1)
    return (
        single.select("row", key=pl.col("key").list.first()),
        several.select("row", rivals=pl.col("key").list.head(_MOST_RIVALS)),
    )


# --------------------------------------------------------------------------------------------------- without a day


def _without_day(left: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    pairs = _pairs_without_day(left, documents)
    pairs = _with_agreement(pairs.filter(_compatible() & _not_later()))
    chosen, several = _prefer_majority(_weigh_titles(pairs))
    answered = pl.concat([chosen.select("row"), several.select("row")])
    rivals = pl.concat([several, _recent_rivals(pairs.join(answered, on="row", how="anti"))])
    found = left.select("row").join(chosen, on="row")
    rest = left.join(chosen, on="row", how="anti").join(rivals, on="row", how="left")
    rest = rest.with_columns(time=_time_without_day())
    rest = rest.with_columns(key=_key("time", joined(*PLACE)))
    score = pl.when(pl.col("rivals").is_null()).then(0.8).otherwise(0.5)
    return pl.concat(
        [
            _answer(found, method="exact", score=pl.col("score"), rivals="others", anchor=False),
            _answer(rest, method="exact", score=score, rivals="rivals"),
        ]
    )


def _pairs_without_day(left: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """What a row may mean: documents of its province, and where one side knows no province those of equal title."""
    known = documents.rename({"date": "day"})
    placed = left.filter(pl.col("province") != "").join(
        _as_known(known, (*BLOCK, "province", "day")), on=[*BLOCK, "province"]
    )
    placed = placed.with_columns(province_known=pl.col("province"))
    few = known.filter(pl.len().over(BLOCK) <= LARGEST_OPEN_BLOCK)
    unplaced = pl.col("province") == ""
    titled = left.filter(pl.col("title_key") != "")
    here = titled.filter(unplaced).join(_as_known(few, (*BLOCK, "day")), on=list(BLOCK))
    there = titled.filter(~unplaced).join(_as_known(few.filter(unplaced), (*BLOCK, "day")), on=list(BLOCK))
    opened = _with_agreement(pl.concat([here, there])).filter(pl.col("agreement") == 1).drop("agreement")
    return pl.concat([placed, opened.select(placed.columns)])


def _not_later() -> pl.Expr:
    """Whether the document can be older than the one that cites it, and agrees with what is printed of its date."""
    day, said = pl.col("day"), pl.col("said_by").str.slice(0, 10)
    # A day is printed in full or not: `2020-01` ends after all its days. What is cited was there the day before.
    until = pl.when(said.str.len_chars() == 10).then(said).otherwise(said + "-99")
    return day.str.starts_with(pl.col("date")) & ((said == "") | (day < until) | pl.col("own"))


def _months(date: str) -> pl.Expr:
    """Months since year 0 of dates that name at least a month; a year alone counts as its end; null for nothing."""
    years = pl.col(date).str.slice(0, 4).cast(pl.Int32, strict=False)
    return years * 12 + pl.col(date).str.slice(5, 2).cast(pl.Int32, strict=False).fill_null(12)


def _age() -> pl.Expr:
    """Months from a document to the one that cites it; 0 where one day is not known."""
    return (_months("said_by") - _months("day")).fill_null(0)


def _in_term(date: str) -> pl.Expr:
    """Months since the first term, by the level of the committee; null for no month."""
    begins = pl.col("level").replace_strict(TERM_BEGINS, default=TERM_BEGINS["province"], return_dtype=pl.Int32)
    return _months(date) - 1 - begins


def term(date: str) -> pl.Expr:
    """The number of the term in which a committee of the row's level wrote on a date; null for no month."""
    return _in_term(date) // TERM_MONTHS


def _in_one_term() -> pl.Expr:
    """Whether the number of a document of `day` can only be that document for who says it; also where one date is not
    known. After a congress an old number stays the only one of its kind until the new committee has written as much."""
    day, said = _in_term("day"), _in_term("said_by")
    terms = said // TERM_MONTHS - day // TERM_MONTHS
    number = pl.col("number").str.extract(r"^(\d+)").cast(pl.Int32, strict=False)
    written = number * (said % TERM_MONTHS + 1) / (day % TERM_MONTHS + 1)
    just_begun = (terms == 1) & (written * 3 + AT_ONCE < number)
    return ((terms == 0) | just_begun).fill_null(True)


def _weigh_titles(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose titles agree, where a row has such; else those that are recent and whose titles do not contradict."""
    # Offices give their papers of a year the same titles: a title needs the office, or the year in the number.
    agree = (pl.col("agreement") == 1) & (pl.col("complete_known") | (pl.col("year") != "")) & ~pl.col("doubted")
    # Who cites a title may shorten it, but does not make it longer.
    agree &= pl.col("title_key").str.len_chars() * 8 <= pl.col("title_key_known").str.len_chars() * 9
    decided = agree.any().over("row")
    # The numbers of individual acts come again each January, so that only a title or a printed year tells them apart.
    same_term = (pl.col("style") == "party") & _in_one_term()
    printed = (pl.col("year") != "") | (pl.col("date") != "") | pl.col("own")
    # Where the office is not fully known on both sides, only a title or the year in the number tells.
    same_office = pl.col("complete") & pl.all_horizontal(pl.col(p) == pl.col(f"{p}_known") for p in PLACE)
    plausible = (same_term | printed) & (same_office | (pl.col("year") != ""))
    # A number of an earlier term that is still fresh is as likely as that of the new one.
    window = pl.col("level").replace_strict(FRESH_MONTHS, default=60, return_dtype=pl.Int32)
    fresh = (pl.col("style") == "party") & ~same_term & (_age() <= window) & (pl.col("date") == "")
    plausible &= ~pl.col("doubted") & ~fresh.any().over("row") & (pl.col("agreement") >= 0)
    return pairs.filter(pl.when(decided).then(agree).otherwise(plausible))


def _prefer_majority(pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """As `_only_one`, with `score` and `others`; of two days for one normative act the one that most citations print
    wins, with a doubt."""
    count = pl.col("mentions")
    best, total = count.max().over("row"), count.sum().over("row")
    clear = (pl.col("year") != "") & (pl.len().over("row") > 1) & (count == best) & (best >= 3 * (total - best))
    winners = pairs.filter(clear).select("row", "key", score=pl.lit(0.85))
    losers = pairs.join(winners, on=["row", "key"], how="anti").join(winners.select("row"), on="row", how="semi")
    others = losers.group_by("row").agg(others=pl.col("key").unique().sort().head(_MOST_RIVALS))
    won = winners.join(others, on="row", how="left")
    chosen, several = _only_one(pairs.join(winners.select("row"), on="row", how="anti"))
    chosen = chosen.with_columns(score=pl.lit(ONLY_WITHOUT_DAY), others=pl.lit(None, dtype=pl.List(pl.String)))
    return pl.concat([won.select(chosen.columns), chosen]), several


def _recent_rivals(pairs: pl.DataFrame) -> pl.DataFrame:
    """Rows that joined nothing say what they may mean: documents of the last two years that nothing contradicts."""
    recent = pairs.filter((_age() <= RIVAL_MONTHS) & (pl.col("agreement") >= 0))
    return recent.group_by("row").agg(rivals=pl.col("key").unique().sort().head(_MOST_RIVALS))


def _time_without_day() -> pl.Expr:
    """What tells undated documents of one number apart: the year in the number, the term, else the citing document."""
    said = term("said_by")
    in_words = pl.concat_str([pl.lit("term "), said.cast(pl.String)])
    alone = pl.concat_str([pl.col("date"), pl.lit(" from "), pl.col("source")])
    office_known = pl.col("complete") & pl.col("rivals").is_null()
    in_term = (pl.col("style") == "party") & office_known & (pl.col("date") == "") & said.is_not_null()
    return (
        pl.when((pl.col("year") != "") & office_known)
        .then(pl.col("date"))
        .when(in_term)
        .then(in_words)
        .otherwise(alone)
    )


def _alone(rest: pl.DataFrame) -> pl.DataFrame:
    """Documents by name have the key of the name. Numbers without a symbol and documents without a number: nobody else
    can mean them by their number."""
    what = pl.concat_str(
        [pl.lit("alone"), pl.concat_str(["document_type", "reference"], separator=" "), "date", "source"], separator="|"
    )
    rest = rest.with_columns(key=pl.when("named").then(pl.col("name_key")).otherwise(what))
    return _answer(rest, method="exact", score=pl.when("named").then(0.9).otherwise(0.5))
