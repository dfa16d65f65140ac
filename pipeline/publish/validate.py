"""Whether tables are as their schemas say: columns and types, required values, keys, and references between tables."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.publish.schemas import TABLES, TableSchema


def schema_problems(name: str, table: pa.Table) -> list[str]:
    """What is wrong with the columns of one table and with values that must not be missing."""
    expected = TABLES[name].arrow
    if not table.schema.equals(expected, check_metadata=False):
        return [f"{name}: columns are {table.schema.names}, not as the schema says"]
    empty = [c.name for c in TABLES[name].columns if c.required and table[c.name].null_count]
    return [f"{name}: {column} is missing in {table[column].null_count} rows" for column in empty]


def key_problems(name: str, table: pa.Table) -> list[str]:
    """Whether two rows have the same key."""
    key = list(TABLES[name].key)
    if not key or table.num_rows < 2:
        return []
    # Not `group_by`, which loads all of pyarrow.dataset, and pandas with it.
    columns = [table[name].cast(pa.string()) for name in key]
    whole = columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, "\0")
    distinct = pc.count_distinct(whole, mode="all").as_py()
    return [] if distinct == table.num_rows else [f"{name}: {table.num_rows - distinct} rows repeat a key {key}"]


def reference_problems(tables: Mapping[str, pa.Table]) -> list[str]:
    """Whether every id names a row; tables and columns that are not among `tables` are not looked at."""
    problems = []
    for name, table in tables.items():
        for column, target in TABLES[name].references:
            other, other_column = target.split(".")
            if other in tables and column in table.column_names:
                lost = _lost(table[column], tables[other][other_column])
                if lost:
                    problems.append(f"{name}: {lost} values of {column} are in no row of {other}")
    return problems


def _lost(values: pa.ChunkedArray, known: pa.ChunkedArray) -> int:
    if pa.types.is_list(values.type):
        values = pc.list_flatten(values)
    values = values.drop_null()
    if not len(values):
        return 0
    return len(values) - (pc.sum(pc.is_in(values, value_set=known)).as_py() or 0)


def columns_to_check(schema: TableSchema) -> list[str]:
    """The columns that keys and references need."""
    targets = [
        target.split(".")[1]
        for other in TABLES.values()
        for _, target in other.references
        if target.startswith(f"{schema.name}.")
    ]
    return list(dict.fromkeys([*schema.key, *(column for column, _ in schema.references), *targets]))
