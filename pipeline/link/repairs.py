"""Documents that damaged citations made up: a symbol, a day or a digit that OCR misread gives a key of its own.

Each kind of damage is looked for only inside small blocks of equal other parts (number and day; number, symbol and
office; symbol, day and office), and a rare key gives way to a common one only where no other explanation is near.
What is near but not clearly damage stays apart, and both name each other as a conflict.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.link.digits import confused
from pipeline.link.identity import BLOCK, contradicts_itself, term, usual_titles
from pipeline.link.mentions import PLACE
from pipeline.link.titles import agreement
from pipeline.link.twins import near_days, near_symbols

MAJORITY = 3  # mentions of the common key for each of the rare one
RARE_SYMBOL = 0.1
# Of what is merged so many are right: more than this in every simulated archive, whose damage is milder than life's.
SURE = 0.95
UNDECIDED = 0.5
WHOLE_TITLE = 8  # titles that differ by more than an eighth of their length may be two
_LONGEST_CHAIN = 6
_SAME_DAY = ["symbol", "year", "date", *PLACE]


@dataclass(frozen=True, slots=True)
class Repairs:
    """`known`: `key`, `mentions`, `title_key` of all keys; `merged`: `key`, the `right` one, how `sure`; `misread`:
    `key`, `right` for mentions whose own title says so (`usual_title`, `right_title` of both, `common` where the right
    one is much more common); `conflicts`: pairs `key`, `other` that stay apart."""

    known: pl.DataFrame
    merged: pl.DataFrame
    misread: pl.DataFrame
    conflicts: pl.DataFrame

    def resolve(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """The frame with the key that is right for a column, and `sure` (1 where nothing was merged)."""
        frame = frame.join(self.merged.rename({"key": column}), on=column, how="left", maintain_order="left")
        return frame.with_columns(pl.coalesce("right", column).alias(column), sure=pl.col("sure").fill_null(1.0)).drop(
            "right"
        )

    def moved(self, mentions: pl.DataFrame) -> pl.DataFrame:
        """`row`, `meant`, `sure` and `rivals` of the mentions that do not mean what their key says. `mentions` has
        `row`."""
        columns = ["row", "key", "title_key", "repeated"]
        damaged = mentions.lazy().filter(pl.col("key").is_in(self.merged["key"].implode())).select(columns).collect()
        damaged = damaged.join(self.merged, on="key").select(*columns, meant="right", sure="sure")
        asked = self.misread["key"].implode()
        titled = pl.col("dated") & ~pl.col("own") & (pl.col("title_key") != "")
        left = mentions.lazy().filter(titled & pl.col("key").is_in(asked)).select(columns).collect()
        left = left.join(damaged, on="row", how="anti").with_columns(meant="key", sure=pl.lit(1.0))
        misread = self._misread(pl.concat([left, damaged.filter(pl.col("title_key") != "")]))
        twins = self._undecided(mentions, misread["row"])
        rest = damaged.join(pl.concat([misread["row"], twins["row"]]).to_frame(), on="row", how="anti")
        sure = pl.concat([rest.select("row", "meant", "sure"), misread])
        none = pl.lit([], dtype=pl.List(pl.String))
        return pl.concat([sure.with_columns(rivals=none), twins])

    def _undecided(self, mentions: pl.DataFrame, decided: pl.Series) -> pl.DataFrame:
        """`row`, `meant`, `sure` and `rivals` of mentions that mean their number or its twin in the same document.

        Who writes a number of the day at least as often as one that OCR confuses with it may have meant it both times;
        of two that are as often the archive may know one much better. Then the mention is a document of its own, unless
        it has the title that others give to its number. Where nobody else cites that number, it is one already."""
        columns = ["row", "key", "title_key", "source", "rarer"]
        twin = pl.concat_str(["twin", "date", *PLACE], separator="|")
        rows = mentions.lazy().filter((pl.col("twin") != "") & pl.col("complete")).select(*columns, twin=twin).collect()
        rows = rows.filter(~pl.col("row").is_in(decided.implode())).with_columns(meant="key")
        rows = self.resolve(self.resolve(rows, "meant").drop("sure"), "twin").drop("sure")
        for column, suffix in (("meant", ""), ("twin", "_of_twin")):
            about = self.known.select(
                "key", **{f"count{suffix}": pl.col("mentions"), f"title{suffix}": pl.col("title_key")}
            )
            rows = rows.join(about.rename({"key": column}), on=column, how="inner")
        here = pl.len().over("meant") == pl.col("count")  # all of the key's mentions have twins in their documents
        alone = here & (pl.col("source").n_unique().over("meant") == 1)
        says_so = (agreement(rows, "title_key", "title") == 1) & (agreement(rows, "title_key", "title_of_twin") != 1)
        unsure = pl.col("rarer") | (pl.col("count") < MAJORITY * pl.col("count_of_twin"))
        rows = rows.filter((pl.col("meant") != pl.col("twin")) & ~says_so & unsure & ~alone)
        own = pl.concat_str(["meant", pl.lit(" from "), "source"])
        return rows.select("row", meant=own, sure=pl.lit(UNDECIDED), rivals=pl.concat_list("meant", "twin"))

    def _misread(self, waiting: pl.DataFrame) -> pl.DataFrame:
        """`row`, `meant` and `sure` of mentions whose digits were misread: the title is that of another document of
        the day. Who writes a number twice means it, unless its title is another."""
        pairs = waiting.select("row", "title_key", "repeated", key="meant").join(self.misread, on="key")
        lengths = [pairs[c].str.len_chars().cast(pl.Int32) for c in ("title_key", "right_title")]
        whole = (lengths[0] - lengths[1]).abs() * WHOLE_TITLE <= lengths[0]
        says_right = whole & (agreement(pairs, "title_key", "right_title") == 1)
        says_wrong = agreement(pairs, "title_key", "usual_title") == -1
        pairs = pairs.filter(says_right & (says_wrong | (pairs["common"] & ~pairs["repeated"])))
        moved = pairs.group_by("row").agg(pl.col("right").unique()).filter(pl.col("right").list.len() == 1)
        moved = self.resolve(moved.select("row", meant=pl.col("right").list.first()), "meant")
        return moved.select("row", "meant", sure=pl.lit(SURE))


def known_keys(mentions: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """One row per key of numbered mentions: its parts, `mentions`, `own` (an ingested document has it), `title_key`."""
    columns = ["key", *BLOCK, "date", "style", "complete", *PLACE, "own", "anchor", "title_key"]
    numbered = mentions.lazy().filter("numbered").select(columns).collect()
    anchors = numbered.filter("anchor").group_by("key").agg(pl.col(*BLOCK, "date", "style", "complete", *PLACE).max())
    counts = numbered.group_by("key").agg(mentions=pl.len(), own=pl.col("own").any())
    known = anchors.join(counts, on="key").join(usual_titles(numbered), on="key", how="left")
    return known.with_columns(pl.col("title_key").fill_null(""))


def find_repairs(known: pl.DataFrame) -> Repairs:
    """The repairs among `known_keys`."""
    dated = known.filter(pl.col("date").str.len_chars() == 10)
    pairs = pl.concat([_symbols(dated), _days(dated), _digits(dated), _years(dated)])
    # One explanation, and it is sure: damage. Several: nobody knows.
    grouped = (
        pairs.filter("plausible")
        .group_by("key")
        .agg(
            pl.col("right").n_unique().alias("targets"),
            pl.col("right").max(),
            pl.col("sure").max(),
        )
    )
    single = grouped.filter((pl.col("targets") == 1) & (pl.col("sure") > 0))
    merged = _resolved(single.select("key", "right", "sure"))
    apart = pairs.join(single, on="key", how="anti").filter("clear")
    return Repairs(
        known.select("key", "mentions", "title_key"),
        merged,
        _misread(dated),
        apart.select("key", other="right").unique(),
    )


def _pairs(frame: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """All ordered pairs of different rows of one block, the rarer first; a document that is here is not damaged."""
    crowded = frame.filter(pl.len().over(on) > 1)
    pairs = crowded.filter(~pl.col("own")).join(crowded, on=on, suffix="_other")
    return pairs.filter((pl.col("key") != pl.col("key_other")) & (pl.col("mentions") <= pl.col("mentions_other")))


def _found(pairs: pl.DataFrame, sure: float, *, when: pl.Expr, plausible: pl.Expr, clear: pl.Expr) -> pl.DataFrame:
    """`when`: it is damage for all that these two say; `plausible`: it may be, so that no other is the only
    explanation; `clear`: worth naming as a conflict where nothing was merged."""
    score = pl.when(when).then(sure).otherwise(0.0)
    return pairs.select(
        "key",
        right="key_other",
        sure=score,
        plausible=plausible | when,
        clear=clear,
    )


def _common() -> pl.Expr:
    return (pl.col("mentions_other") >= MAJORITY * pl.col("mentions")) | pl.col("own_other")


def _symbols(known: pl.DataFrame) -> pl.DataFrame:
    frequency = known.group_by("symbol").agg(frequency=pl.col("mentions").sum())
    pairs = _pairs(known.join(frequency, on="symbol"), ["number", "date", "year"])
    rare = pl.col("frequency") <= RARE_SYMBOL * pl.col("frequency_other")
    # A misread code does not say that it is a ministry's.
    placed = (pl.col("level") == "") & (pl.col("level_other") == "central")
    unsaid = pl.all_horizontal(
        (pl.col(p) == pl.col(f"{p}_other")) | (pl.col(p) == "") | (pl.col(f"{p}_other") == "") for p in PLACE
    )
    placed |= (pl.col("province") == pl.col("province_other")) & unsaid
    pairs = pairs.filter((pl.col("symbol") != pl.col("symbol_other")) & rare & placed)
    near = [near_symbols(a, b) for a, b in zip(pairs["symbol"], pairs["symbol_other"], strict=True)]
    pairs = pairs.filter(pl.Series(near, dtype=pl.Boolean))
    always = pl.lit(True)
    return _found(pairs, SURE, when=always, plausible=always, clear=always)


def _days(known: pl.DataFrame) -> pl.DataFrame:
    pairs = _pairs(known, [*BLOCK, *PLACE])
    same_year = pl.col("date").str.slice(0, 4) == pl.col("date_other").str.slice(0, 4)
    same_term = (pl.col("style") == "party") & (term("date") == term("date_other"))
    # One number on two days can only be one document: years in the number, the same year or the same term.
    only_one = (pl.col("year") != "") | same_year | same_term
    pairs = pairs.with_columns(only_one=only_one.fill_null(value=False))
    titles = agreement(pairs, "title_key", "title_key_other")
    pairs = pairs.filter((titles >= 0) & (pl.col("complete") | (pl.col("year") != "") | (titles == 1)))
    near = [near_days(a, b) for a, b in zip(pairs["date"], pairs["date_other"], strict=True)]
    pairs = pairs.with_columns(near=pl.Series(near, dtype=pl.Boolean))
    near_and_common = pl.col("near") & _common()
    return _found(
        pairs, SURE, when=near_and_common & pl.col("only_one"), plausible=near_and_common, clear=pl.col("only_one")
    )


def _digits(known: pl.DataFrame) -> pl.DataFrame:
    """Digits are not mended key by key: two papers of one day may well have such numbers (see `_misread`)."""
    pairs = _with_likeness(_pairs(known, _SAME_DAY))
    same = pl.col("agreement") == 1
    pairs = pairs.filter(pl.col("near") | (same & (pl.col("agreement") >= 0)))
    return _found(pairs, 0.0, when=pl.lit(False), plausible=pl.col("near"), clear=same)


def _misread(known: pl.DataFrame) -> pl.DataFrame:
    """Pairs of one day and office whose numbers OCR confuses; their mentions' titles tell which is meant."""
    crowded = known.filter(pl.len().over(_SAME_DAY) > 1)
    pairs = crowded.join(crowded.filter(pl.col("title_key") != ""), on=_SAME_DAY, suffix="_other")
    pairs = _with_likeness(pairs.filter(pl.col("key") != pl.col("key_other"))).filter("near")
    return pairs.select(
        "key",
        right="key_other",
        usual_title="title_key",
        right_title="title_key_other",
        common=_common() & ~pl.col("own") & (pl.col("agreement") >= 0),
    )


def _with_likeness(pairs: pl.DataFrame) -> pl.DataFrame:
    numbers = ["number", "number_other"]
    distinct = pairs.select(numbers).unique()
    near = [confused(a, b) for a, b in distinct.iter_rows()]
    distinct = distinct.with_columns(near=pl.Series(near, dtype=pl.Boolean))
    pairs = pairs.join(distinct, on=numbers, how="left", maintain_order="left")
    return pairs.with_columns(agreement=agreement(pairs, "title_key", "title_key_other"))


def _years(known: pl.DataFrame) -> pl.DataFrame:
    """`14/2076/NĐ-CP` of a day in 2016, where `14/2016/NĐ-CP` of that day is known."""
    pairs = _pairs(known, ["symbol", "number", "date", *PLACE])
    damaged = contradicts_itself() & (pl.col("year_other") == pl.col("date").str.slice(0, 4))
    return _found(pairs.filter(damaged), SURE, when=pl.lit(True), plausible=pl.lit(True), clear=pl.lit(True))


def _resolved(merged: pl.DataFrame) -> pl.DataFrame:
    """Each damaged key with the key at the end of its chain. Each step leads to a key that is more common, so that no
    chain closes."""
    for _ in range(_LONGEST_CHAIN):
        following = merged.rename({"key": "right", "right": "further", "sure": "then"})
        longer = merged.join(following, on="right", how="left")
        if longer["further"].null_count() == longer.height:
            break
        merged = longer.select(
            "key",
            right=pl.coalesce("further", "right"),
            sure=pl.col("sure") * pl.col("then").fill_null(1.0),
        )
    return merged
