"""Small helpers for frames of strings in which nothing is known as the empty string, never as null."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pyarrow as pa


def from_arrow(table: pa.Table, columns: Sequence[str]) -> pl.DataFrame:
    """Some columns of a table as strings, empty for null; a column that the table lacks is empty."""
    present = [c for c in columns if c in table.column_names]
    frame = pl.DataFrame(pl.from_arrow(table.select(present))) if present else pl.DataFrame()
    if not present:
        return pl.DataFrame({c: [""] * table.num_rows for c in columns}, schema=dict.fromkeys(columns, pl.String))
    return frame.select(
        pl.col(c).cast(pl.String).fill_null("") if c in present else pl.lit("").alias(c) for c in columns
    )


def by_distinct(values: pl.Series, function: Callable[[str], Any]) -> pl.Series:
    """`function` (string to string) of each value, called once for each distinct value."""
    distinct = values.unique()
    made = pl.Series([function(value) for value in distinct.to_list()], dtype=pl.String)
    return values.replace_strict(distinct, made, return_dtype=pl.String) if len(distinct) else values


def with_parts(
    frame: pl.DataFrame, column: str, function: Callable[[str], Sequence[str]], names: Sequence[str]
) -> pl.DataFrame:
    """The frame with columns `names` that hold the parts that `function` makes of each distinct value of a column."""
    distinct = frame[column].unique().to_list()
    parts = pl.DataFrame(
        [(value, *function(value)) for value in distinct],
        schema={column: pl.String, **dict.fromkeys(names, pl.String)},
        orient="row",
    )
    return frame.join(parts, on=column, how="left", maintain_order="left")


def joined(*columns: str) -> pl.Expr:
    """The columns as one string, with a bar between."""
    return pl.concat_str([pl.col(c) for c in columns], separator="|")


def with_meant(mentions: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Some mentions with `meant`: their key, or what `others` says of their `row`."""
    found = mentions.join(others.select("row", "meant"), on="row", how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("meant", "key").alias("meant"))
