"""Batches: the groups of documents whose rows share a Parquet file in every per-document table.

A run writes the batches that changed and keeps the others as they are, so that a night costs what the night brought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.publish.schemas import PER_DOCUMENT, TABLES
from pipeline.publish.snapshot import SnapshotWriter
from pipeline.publish.tables import conform

DOCUMENTS_PER_BATCH = 1000
BYTES_PER_BATCH = 128 << 20
_SMALL, _MANY_SMALL = 250, 24


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch to be written: what stays of older ones (`merged`), without the documents `gone`, and new contents."""

    name: str
    merged: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    contents: tuple[str, ...] = ()


@dataclass(slots=True)
class _Open:
    contents: list[str] = field(default_factory=list)
    size: int = 0


def new_batches(run_id: str, contents: Iterable[tuple[str, int]]) -> list[Batch]:
    """Divides new contents (sha256, bytes of its rows) into batches of bounded size."""
    groups = [_Open()]
    for sha256, size in contents:
        current = groups[-1]
        if current.contents and (len(current.contents) >= DOCUMENTS_PER_BATCH or current.size + size > BYTES_PER_BATCH):
            current = _Open()
            groups.append(current)
        current.contents.append(sha256)
        current.size += size
    return [
        Batch(f"{run_id}-{number:04d}", contents=tuple(g.contents))
        for number, g in enumerate(groups, start=1)
        if g.contents
    ]


def compacted(run_id: str, small: Mapping[str, int]) -> Batch | None:
    """The batch that takes up small ones (`small`: name → documents) once there are many; None while there are few."""
    candidates = {name: count for name, count in small.items() if count < _SMALL}
    if len(candidates) < _MANY_SMALL:
        return None
    merged: list[str] = []
    room = DOCUMENTS_PER_BATCH
    for name, count in sorted(candidates.items()):
        if count <= room:
            merged.append(name)
            room -= count
    return Batch(f"{run_id}-0000", merged=tuple(merged))


def write_batch(
    writer: SnapshotWriter,
    batch: Batch,
    tables_of: Callable[[str], Mapping[str, pa.Table]],
    finish: Callable[[pa.Table], pa.Table],
) -> None:
    """Writes every per-document table of a batch. `tables_of` yields the tables of a new content that have rows,
    `finish` puts paths into the documents table."""
    fragments = [tables_of(sha256) for sha256 in batch.contents]
    for name in PER_DOCUMENT:
        rows = [kept_rows(writer, name, old, batch.gone) for old in batch.merged]
        rows += [fragment[name] for fragment in fragments if name in fragment]
        table = pa.concat_tables(rows) if rows else TABLES[name].arrow.empty_table()
        writer.write(name, batch.name, finish(table) if name == "documents" else table)


def kept_rows(writer: SnapshotWriter, table: str, batch: str, gone: Set[str]) -> pa.Table:
    """The rows of a batch of the previous snapshot without those of documents that are gone."""
    assert writer.previous is not None
    parts = [p for p in writer.previous.manifest.of(table) if p.batch == batch]
    rows = pa.concat_tables(
        [conform(table, writer.previous.part(p)) for p in parts] or [TABLES[table].arrow.empty_table()]
    )
    if not gone or not rows.num_rows:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows["document_id"], value_set=pa.array(sorted(gone), pa.string()))))
