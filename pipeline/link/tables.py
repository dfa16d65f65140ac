"""The tables `instruments` and `links`, from mentions that know which instrument they mean."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

METHODS = ("exact", "date_and_number", "fuzzy")
_LINK_KEY = ["source", "instrument_id", "relation"]
_PRINTED = ("document_type", "reference", "issuer", "title", "term", "province")
_INSTRUMENTS = pa.schema(
    [
        *((name, pa.string()) for name in ("instrument_id", "document_type", "reference_number", "issued_on", "issuer",
                                           "title", "document_id")),
        ("citation_count", pa.int32()),
        ("province", pa.string()),
        ("term", pa.string()),
        ("ambiguous_with", pa.list_(pa.string())),
    ]
)  # fmt: skip
_LINKS = pa.schema(
    [
        *((name, pa.string()) for name in ("source_document_id", "instrument_id", "target_document_id", "relation")),
        ("mentions", pa.int32()),
        ("method", pa.string()),
        ("score", pa.float64()),
        ("ambiguous_with", pa.list_(pa.string())),
    ]
)


def owners_of(mentions: pl.DataFrame) -> pl.DataFrame:
    """`instrument_id` and the ingested `document_id` that it is; of several copies the first by id."""
    return mentions.filter("own").group_by("instrument_id").agg(document_id=pl.col("source").min())


def describe_instruments(mentions: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """One row per instrument of some mentions, all of each: what most of them print of it."""
    frame = mentions.group_by("instrument_id").agg(
        citation_count=(~pl.col("own")).sum().cast(pl.Int32), longest=pl.col("date").str.len_chars().max()
    )
    exact = pl.col("date").str.len_chars() == pl.col("longest")
    dates = mentions.select("instrument_id", "date", "final_method").join(
        frame.select("instrument_id", "longest"), on="instrument_id"
    )
    for column in _PRINTED:
        frame = frame.join(_commonest(mentions, column), on="instrument_id", how="left")
    frame = frame.join(_commonest(dates.filter(exact), "date"), on="instrument_id", how="left")
    frame = frame.join(owners, on="instrument_id", how="left").drop("longest")
    return frame.rename({"reference": "reference_number", "date": "issued_on"})


def instruments_table(instruments: pl.DataFrame, rivals: pl.DataFrame, provinces: pl.DataFrame) -> pa.Table:
    """The table, sorted by id.

    `rivals`: pairs `instrument_id`, `other` that may be one; `provinces`: how `province` is printed.
    """
    frame = instruments.join(provinces, on="province", how="left").drop("province")
    frame = frame.rename({"printed_province": "province"}).join(
        _as_lists(rivals, ["instrument_id"]), on="instrument_id", how="left"
    )
    return _as_table(frame.sort("instrument_id"), _INSTRUMENTS)


def _as_lists(rivals: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return rivals.group_by(key).agg(ambiguous_with=pl.col("other").unique().sort())


def _as_table(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    frame = frame.with_columns(pl.col("ambiguous_with").fill_null(pl.lit([], dtype=pl.List(pl.String))))
    return frame.select(schema.names).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)


def _commonest(mentions: pl.DataFrame, column: str) -> pl.DataFrame:
    """The value of a column that most trusted mentions of an instrument print, where there is none most mentions.

    Of two equally common ones the longer, then the one with fewer capitals (`swapcase` sorts capitals last).
    """
    printed = mentions.lazy().filter(pl.col(column) != "").select("instrument_id", column, "final_method").collect()
    counts = printed.group_by("instrument_id", column).agg(
        trusted=(pl.col("final_method") != METHODS[2]).sum(), count=pl.len()
    )
    crowded = pl.len().over("instrument_id") > 1
    single, several = counts.filter(~crowded), counts.filter(crowded)
    several = several.with_columns(
        length=pl.col(column).str.len_chars(),
        spelling=pl.Series([value.swapcase() for value in several[column]], dtype=pl.String),
        count=pl.when(pl.col("trusted") > 0).then(pl.col("trusted")).otherwise(pl.col("count")),
    )
    several = several.filter((pl.col("trusted") > 0) | (pl.col("trusted").max().over("instrument_id") == 0))
    ranked = several.sort("count", "length", "spelling", descending=[True, True, False])
    best = ranked.unique("instrument_id", keep="first", maintain_order=True)
    return pl.concat([frame.select("instrument_id", column) for frame in (single, best)])


def describe_links(mentions: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """One row per document, instrument and relation, of instruments with all their mentions."""
    columns = ["source", "instrument_id", "relation", "final_method", "final_score", "confidence"]
    edges = (
        mentions.lazy().filter(~pl.col("own")).select(columns).collect().join(owners, on="instrument_id", how="left")
    )
    edges = edges.filter(pl.col("document_id").is_null() | (pl.col("document_id") != pl.col("source")))
    edges = edges.with_columns(relation=_relation(), rank=_rank_of_method())
    frame = edges.group_by(_LINK_KEY).agg(
        target_document_id=pl.col("document_id").first(),
        mentions=pl.len().cast(pl.Int32),
        rank=pl.col("rank").min(),
        score=(pl.col("final_score") * pl.col("confidence")).max().round(3),
    )
    method = pl.col("rank").replace_strict(list(range(len(METHODS))), list(METHODS), return_dtype=pl.String)
    return frame.with_columns(method=method).drop("rank")


def links_table(links: pl.DataFrame, rivals: pl.DataFrame) -> pa.Table:
    """The table, sorted by document, instrument and relation. `rivals`: `other` for some of them."""
    doubt = _as_lists(rivals.filter(~pl.col("own")).with_columns(relation=_relation()), _LINK_KEY)
    doubtful = pl.col("instrument_id").is_in(doubt["instrument_id"].unique().implode())
    none = pl.lit(None, dtype=pl.List(pl.String))
    few = links.filter(doubtful).join(doubt, on=_LINK_KEY, how="left")
    frame = pl.concat([links.filter(~doubtful).with_columns(ambiguous_with=none), few]).sort(_LINK_KEY)
    return _as_table(frame.rename({"source": "source_document_id"}), _LINKS)


def _relation() -> pl.Expr:
    return pl.when(pl.col("relation") == "").then(pl.lit("mentions")).otherwise(pl.col("relation"))


def _rank_of_method() -> pl.Expr:
    return pl.col("final_method").replace_strict(list(METHODS), list(range(len(METHODS))), return_dtype=pl.Int8)
