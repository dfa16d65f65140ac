"""What instruments do to one another, as documents tell it: `Nghị định số 27 … sửa đổi Nghị định số 12`.

A citation carries `change` and `changed_by`, the number or name of the other document as the text prints it there; both
stand in one document, so that the other is one of the instruments which that document cites.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.vietnamese import fold

_CITING = ("citations", "named_citations")
_COLUMNS = ["document_id", "instrument_id", "reference_number", "title", "change", "changed_by"]


class Change(NamedTuple):
    """Instrument `by` does `relation` (`amends`, `replaces`, `repeals`) to `instrument_id`; so many mentions say it."""

    by: str
    instrument_id: str
    relation: str
    mentions: int


def read_changes(snapshot: Path) -> list[Change]:
    """The changes that the documents of a snapshot's folder tell, sorted. One whose author several of the document's
    citations may be, or none, is left out."""
    folders = [snapshot / name for name in _CITING if (snapshot / name).exists()]
    tells = pc.field("change").is_valid()
    telling = [pq.read_table(folder, columns=["document_id"], filters=tells)["document_id"] for folder in folders]
    documents = sorted({name for column in telling for name in column.to_pylist()})
    rows = [row for folder in folders for row in _rows(folder, documents)]
    cited: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        for words in {row["reference_number"], row["title"]} - {None, ""}:
            cited.setdefault((row["document_id"], fold(words)), set()).add(row["instrument_id"])
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        authors = cited.get((row["document_id"], fold(row["changed_by"])), set()) if row["changed_by"] else set()
        if row["change"] and len(authors) == 1 and row["instrument_id"] not in authors:
            counts[next(iter(authors)), row["instrument_id"], row["change"]] += 1
    return [Change(*edge, mentions) for edge, mentions in sorted(counts.items())]


def _rows(folder: Path, documents: list[str]) -> list[dict[str, Any]]:
    """The citations of some documents that mean an instrument."""
    wanted = pc.field("document_id").isin(pa.array(documents, pa.string())) & pc.field("instrument_id").is_valid()
    rows: list[dict[str, Any]] = pq.read_table(folder, columns=_COLUMNS, filters=wanted).to_pylist()
    return rows
