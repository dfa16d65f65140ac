"""Ingested documents whose own number is blank, handwritten or unreadable meet their citations by type, date, office
and title."""

from __future__ import annotations

import polars as pl
from rapidfuzz import fuzz

from pipeline.link.identity import usual_titles
from pipeline.link.mentions import PLACE

SIMILAR_TITLE = 85
CLEAR_LEAD = 8
_DAY, _MONTH, _YEAR = 10, 7, 4  # letters of a date that says so much


def match_blank(mentions: pl.DataFrame) -> pl.DataFrame:
    """`source` of documents without a number with `meant_blank`, the key of the one cited document that each is.

    `method_blank` and `score_blank` say how that was found.
    A month or a year as date matches every day in it; no date matches nothing.
    """
    columns = ["source", "own", "numbered", "dated", "date", "document_type", "symbol", "title_key", *PLACE]
    mentions = mentions.select(*columns, key="meant")
    own = mentions.filter(pl.col("own") & ~pl.col("numbered"))
    own = own.select("source", "document_type", "symbol", "title_key", *PLACE, prefix="date")
    pairs = pl.concat(
        part.join(_cited(mentions, part, length), on=["document_type", "prefix"], suffix="_cited").with_columns(
            exact=pl.lit(length == _DAY)
        )
        for length in (_DAY, _MONTH, _YEAR)
        for part in [own.filter(pl.col("prefix").str.len_chars() == length)]
    )
    pairs = pairs.filter(_same_office() & ((pl.col("symbol") == "") | (pl.col("symbol") == pl.col("symbol_cited"))))
    return _choose(pairs).filter(pl.len().over("meant_blank") == 1)


def _cited(mentions: pl.DataFrame, own: pl.DataFrame, length: int) -> pl.DataFrame:
    """The documents of the days and kinds of `own` that are cited and that no ingested document is."""
    prefix = pl.col("date").str.slice(0, length)
    rows = mentions.filter(pl.col("numbered") & pl.col("dated")).with_columns(prefix=prefix)
    rows = rows.join(own.select("document_type", "prefix").unique(), on=["document_type", "prefix"], how="semi")
    taken = mentions.filter(pl.col("own") & pl.col("numbered")).select("key")
    rows = rows.filter(~pl.col("own")).join(taken, on="key", how="anti")
    documents = rows.group_by("key", "document_type", "prefix").agg(pl.col("symbol", *PLACE).max())
    return documents.join(usual_titles(rows), on="key", how="left").with_columns(pl.col("title_key").fill_null(""))


def _same_office() -> pl.Expr:
    known = (pl.col("province") != "") & (pl.col("province") == pl.col("province_cited"))
    for part in PLACE:
        a, b = pl.col(part), pl.col(f"{part}_cited")
        known &= (a == b) | (a == "") | (b == "")
    return known


def _choose(pairs: pl.DataFrame) -> pl.DataFrame:
    """The best candidate of each document where it is clearly the best."""
    likeness = [
        fuzz.token_set_ratio(a, b) if a and b else 0.0
        for a, b in pairs.select("title_key", "title_key_cited").iter_rows()
    ]
    ranked = pairs.with_columns(pl.Series("likeness", likeness, dtype=pl.Float64))
    ranked = ranked.sort("likeness", "key", descending=True)
    best = ranked.group_by("source", maintain_order=True).agg(
        pl.col("key", "likeness", "exact", "symbol").first(),
        second=pl.col("likeness").get(1, null_on_oob=True).fill_null(0.0),
        rivals=pl.len() - 1,
        untitled=((pl.col("title_key") == "") | (pl.col("title_key_cited") == "")).first(),
    )
    alone = pl.col("rivals") == 0
    alike = (pl.col("likeness") >= SIMILAR_TITLE) & (alone | (pl.col("likeness") - pl.col("second") >= CLEAR_LEAD))
    only = pl.col("exact") & alone & pl.col("untitled") & (pl.col("symbol") != "")
    return best.filter(alike | only).select(
        "source",
        meant_blank="key",
        method_blank=pl.when(alike).then(pl.lit("fuzzy")).otherwise(pl.lit("date_and_number")),
        score_blank=pl.when(alike).then((0.6 + 0.003 * pl.col("likeness")).round(3)).otherwise(0.75),
    )
