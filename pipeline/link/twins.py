"""What a document's own other citations say of a doubtful one.

A document that writes one number several times means one thing by it, and where it writes two numbers of one office
that OCR confuses, the rarer may be a misreading of the other. So a citation without its day has the day, or the title,
that its document prints elsewhere for that number; and what may be a misread `twin` of another citation is marked.
All of this looks into one document only.
"""

from __future__ import annotations

import polars as pl
from rapidfuzz.distance import OSA

from pipeline.link.digits import look_alike
from pipeline.link.titles import agreement

LONG_SYMBOL = 9  # letters of a symbol in which two may be misread
MOST_DAYS_TO_COME = 0.5


def compare_within_documents(mentions: pl.DataFrame, place: tuple[str, ...]) -> pl.DataFrame:
    """The mentions with `date` and `title_key` as the rest of their document completes them, and with

    `lent`: the day is that of another mention; `doubted`: no day, and the document has another day, another title or a
    number that OCR confuses with this one; `twin`: a number of the same day and office that this one may be a
    misreading of (`symbol`, `number` and `year`, with bars between), empty for none; `rarer`: whether the document
    cites the twin more often; `repeated`: whether the document has the number and the day elsewhere too.
    """
    mentions = _without_days_to_come(mentions)
    same = ["source", "symbol", "number", "year", *place]
    mentions = _with_lent_days(_with_doubts(mentions), same)
    return _with_twins(_with_lent_titles(mentions, same), ["source", "date", *place])


def near_symbols(a: str, b: str) -> bool:
    """Whether two symbols are one, or one may be a misreading of the other: a letter, in long ones two."""
    a, b = (symbol.split(":", 1)[-1].lstrip("-") for symbol in (a, b))
    return a == b or OSA.distance(a, b) <= (1 if len(b) < LONG_SYMBOL else 2)


def near_days(a: str, b: str) -> bool:
    """Dates that are one digit apart, or day and month exchanged."""
    return sum(x != y for x, y in zip(a, b, strict=False)) == 1 or (
        a[:4] == b[:4] and (a[5:7], a[8:]) == (b[8:], b[5:7])
    )


def _without_days_to_come(mentions: pl.DataFrame) -> pl.DataFrame:
    """The mentions with `misread`: a day that had not come when it was cited, and that is none of `date` any more.

    Where most days of a document are later than its own, its own was misread."""
    cited = pl.col("numbered") & ~pl.col("own") & (pl.col("date") != "") & (pl.col("said_by") != "")
    length = pl.min_horizontal(pl.col("date").str.len_chars(), pl.col("said_by").str.len_chars())
    later = cited & (pl.col("date").str.slice(0, length) > pl.col("said_by").str.slice(0, length))
    share = mentions.lazy().filter(cited).group_by("source").agg(share=later.mean()).filter(pl.col("share") > 0)
    few = share.filter(pl.col("share") <= MOST_DAYS_TO_COME).collect()["source"]
    wrong = later & pl.col("source").is_in(few.implode())
    nothing = pl.lit("")
    return mentions.with_columns(
        date=pl.when(wrong).then(nothing).otherwise(pl.col("date")),
        misread=pl.when(wrong).then(pl.col("date")).otherwise(nothing),
        dated=pl.col("dated") & ~wrong,
    )


def _cited(mentions: pl.DataFrame) -> pl.LazyFrame:
    return mentions.lazy().filter(pl.col("numbered") & ~pl.col("own"))


def _with_doubts(mentions: pl.DataFrame) -> pl.DataFrame:
    """The undated mentions with `doubted`: their document cites a number that OCR confuses at least as often, and with
    `unsure`: it cites that one without a day at least as often."""
    form = ["source", "symbol", "number", "year"]
    counts = (
        _cited(mentions)
        .group_by(form)
        .agg(times=pl.len(), undated=(~pl.col("dated")).sum(), title=pl.col("title_key").max())
    )
    several = (pl.len().over("source") > 1) & (pl.col("undated").sum().over("source") > 0)
    forms = counts.filter(several).collect()
    pairs = forms.filter(pl.col("undated") > 0).join(forms, on="source", suffix="_other")
    unsure = pl.col("undated") <= pl.col("undated_other")
    pairs = pairs.filter(unsure | (pl.col("times") <= pl.col("times_other"))).with_columns(unsure=unsure)
    doubts = (
        pairs.filter(_may_be_misread(pairs)).group_by(form).agg(doubted=pl.lit(True), unsure=pl.col("unsure").any())
    )
    mentions = mentions.join(doubts, on=form, how="left", maintain_order="left")
    undated = ~pl.col("dated") & pl.col("numbered") & ~pl.col("own")
    return mentions.with_columns(pl.col("doubted", "unsure").fill_null(value=False) & undated)


def _may_be_misread(pairs: pl.DataFrame) -> pl.Series:
    """Whether two references differ, and only as OCR makes them differ; two titles are two documents."""
    columns = ["number", "number_other", "symbol", "symbol_other", "year", "year_other"]
    distinct = pairs.select(columns).unique()
    near = [
        (look_alike(a, b) or (a == b and (s, y) != (t, z)))
        and near_symbols(s, t)
        and (y == z or not (y and z) or near_days(y, z))
        for a, b, s, t, y, z in distinct.iter_rows()
    ]
    distinct = distinct.with_columns(pl.Series("near", near, dtype=pl.Boolean))
    found = pairs.select(columns).join(distinct, on=columns, how="left", maintain_order="left")["near"]
    return found & (agreement(pairs, "title", "title_other") != -1)


def _with_lent_days(mentions: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """A citation without its day has the only day that its document prints elsewhere for that number and office, unless
    titles or what was read of the day contradict. Where there are several days, nobody knows."""
    lacking = _cited(mentions).filter(~pl.col("dated")).select(same).unique()
    days = _cited(mentions).filter("dated").join(lacking, on=same, how="semi")
    days = days.group_by(same).agg(
        day=pl.col("date").max(), days=pl.col("date").n_unique(), day_title=pl.col("title_key").max()
    )
    some = days.with_columns(own=pl.lit(False), dated=pl.lit(False)).collect()
    asked = mentions.join(some, on=[*same, "own", "dated"], how="left", maintain_order="left")
    few = asked.with_row_index("row").filter(pl.col("day").is_not_null())
    near = [not misread or near_days(misread, day) for misread, day in few.select("misread", "day").iter_rows()]
    fits = few.select(pl.col("day").str.starts_with(pl.col("date"))).to_series() & pl.Series(near, dtype=pl.Boolean)
    fits &= agreement(few, "title_key", "day_title") != -1
    lent = fits & (few["days"] == 1) & ~few["unsure"]
    few = few.select("row", "day", lent=lent, other=fits & ~lent)
    asked = asked.drop("day", "days", "day_title", "misread", "unsure").with_row_index("row")
    asked = asked.join(few, on="row", how="left", maintain_order="left").drop("row")
    asked = asked.with_columns(pl.col("lent", "other").fill_null(value=False))
    return asked.with_columns(
        date=pl.when("lent").then(pl.col("day")).otherwise(pl.col("date")),
        dated=pl.col("dated") | pl.col("lent"),
        doubted=(pl.col("doubted") | pl.col("other")) & ~pl.col("lent"),
    ).drop("day", "other")


def _with_lent_titles(mentions: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """A citation without day and title has the only title that its document prints for that number, if it prints no
    day for it anywhere."""
    undated = _cited(mentions).filter(~pl.col("dated").any().over(same) & ~pl.col("doubted"))
    titles = undated.filter(pl.col("title_key") != "").select(*same, title="title_key").unique()
    titles = titles.filter(pl.len().over(same) == 1).with_columns(own=pl.lit(False), doubted=pl.lit(False))
    lent = titles.rename({"title": "lent_title"}).collect()
    mentions = mentions.join(lent, on=[*same, "own", "doubted"], how="left", maintain_order="left")
    title = pl.when(pl.col("title_key") == "").then(pl.col("lent_title")).otherwise(pl.col("title_key"))
    return mentions.with_columns(title_key=title.fill_null("")).drop("lent_title")


def _with_twins(mentions: pl.DataFrame, block: list[str]) -> pl.DataFrame:
    """The mentions with `twin` and `rarer`: see `compare_within_documents`."""
    form = [*block, "symbol", "number", "year"]
    counts = _cited(mentions).filter("dated").group_by(form).agg(times=pl.len(), title=pl.col("title_key").max())
    forms = counts.filter(pl.len().over(block) > 1).collect()
    pairs = forms.join(forms, on=block, suffix="_other")
    pairs = pairs.filter((pl.col("number") != pl.col("number_other")) & (pl.col("times") <= pl.col("times_other")))
    pairs = pairs.filter(_may_be_misread(pairs)).sort("times_other", "symbol_other", "number_other", "year_other")
    twins = pairs.group_by(form, maintain_order=True).agg(
        twin=pl.concat_str("symbol_other", "number_other", "year_other", separator="|").last(),
        rarer=(pl.col("times") < pl.col("times_other")).any(),
    )
    twins = twins.with_columns(own=pl.lit(False))
    mentions = mentions.join(twins, on=[*form, "own"], how="left", maintain_order="left")
    return mentions.with_columns(
        pl.col("twin").fill_null(""),
        pl.col("rarer").fill_null(value=False),
        repeated=pl.len().over("source", "number", "year", "date", "own") > 1,
    )
