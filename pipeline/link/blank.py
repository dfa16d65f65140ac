"""Ingested documents whose own number is blank, handwritten or unreadable meet their citations by type, date, office
and title."""

from __future__ import annotations

import polars as pl
from rapidfuzz import fuzz

from pipeline.link.frames import with_meant
from pipeline.link.identity import usual_titles
from pipeline.link.mentions import PLACE

SIMILAR_TITLE = 85
CLEAR_LEAD = 8
_DAY, _MONTH, _YEAR = 10, 7, 4  # letters of a date that says so much


def match_blank(mentions: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """`row` of documents without a number with `meant`, the key of the one cited document that each is, and
    `final_method` and `final_score`: how that was found.

    `others` says what mentions mean that do not mean their key. A month or a year as date matches every day in it; no
    date matches nothing.
    """
    columns = ["row", "document_type", "symbol", "title_key", *PLACE]
    unnumbered = mentions.lazy().filter(pl.col("own") & ~pl.col("numbered"))
    own = unnumbered.select(*columns, prefix="date").collect()
    found = []
    for length in (_DAY, _MONTH, _YEAR):
        part = own.filter(pl.col("prefix").str.len_chars() == length)
        if part.height or length == _DAY:
            pairs = part.join(_cited(mentions, others, part, length), on=["document_type", "prefix"], suffix="_cited")
            found.append(pairs.with_columns(exact=pl.lit(length == _DAY)))
    pairs = pl.concat(found)
    pairs = pairs.filter(_same_office() & ((pl.col("symbol") == "") | (pl.col("symbol") == pl.col("symbol_cited"))))
    return _choose(pairs).filter(pl.len().over("meant") == 1)


def _cited(mentions: pl.DataFrame, others: pl.DataFrame, own: pl.DataFrame, length: int) -> pl.DataFrame:
    """The documents of the days and kinds of `own` that are cited and that no ingested document is."""
    columns = ["row", "key", "document_type", "symbol", "title_key", "date", *PLACE]
    day = pl.col("date") if length == _DAY else pl.col("date").str.slice(0, length)
    here = pl.col("numbered") & pl.col("dated") & ~pl.col("own") & day.is_in(own["prefix"].implode())
    rows = mentions.lazy().filter(here).select(columns).collect().with_columns(prefix=day)
    rows = rows.join(own.select("document_type", "prefix").unique(), on=["document_type", "prefix"], how="semi")
    rows = with_meant(rows, others).with_columns(key="meant")
    ingested = mentions.lazy().filter(pl.col("own") & pl.col("numbered")).select("row", "key").collect()
    rows = rows.join(with_meant(ingested, others).select(key="meant"), on="key", how="anti")
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
    best = ranked.group_by("row", maintain_order=True).agg(
        pl.col("key", "likeness", "exact", "symbol").first(),
        second=pl.col("likeness").get(1, null_on_oob=True).fill_null(0.0),
        rivals=pl.len() - 1,
        untitled=((pl.col("title_key") == "") | (pl.col("title_key_cited") == "")).first(),
    )
    alone = pl.col("rivals") == 0
    alike = (pl.col("likeness") >= SIMILAR_TITLE) & (alone | (pl.col("likeness") - pl.col("second") >= CLEAR_LEAD))
    only = pl.col("exact") & alone & pl.col("untitled") & (pl.col("symbol") != "")
    return best.filter(alike | only).select(
        "row",
        meant="key",
        final_method=pl.when(alike).then(pl.lit("fuzzy")).otherwise(pl.lit("date_and_number")),
        final_score=pl.when(alike).then((0.6 + 0.003 * pl.col("likeness")).round(3)).otherwise(0.75),
    )
