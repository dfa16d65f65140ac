"""What instruments do to one another, out of the citations that tell of it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.report.changes import Change, read_changes

SCHEMA = pa.schema(
    [(n, pa.string()) for n in ("document_id", "instrument_id", "reference_number", "title", "change", "changed_by")]
)


def write(folder: Path, rows: list[tuple[str | None, ...]]) -> None:
    folder.mkdir(parents=True)
    table = pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], SCHEMA)
    pq.write_table(table, folder / "part-0.parquet")


def test_changes_lead_from_instrument_to_instrument(tmp_path: Path) -> None:
    write(
        tmp_path / "citations",
        [
            ("a", "new", "27/2018/NĐ-CP", None, None, None),
            ("a", "old", "72/2013/NĐ-CP", None, "amends", "27/2018/NĐ-CP"),
            ("a", "old", "72/2013/NĐ-CP", None, "amends", "27/2018/NĐ-CP"),
            ("b", "new", "27/2018/NĐ-CP", None, None, None),
            ("b", "old", "72/2013/NĐ-CP", None, "amends", "27/2018/NĐ-CP"),
            # Two instruments have that number in this document: nobody knows.
            ("c", "one", "05/QĐ-UBND", None, None, None),
            ("c", "two", "05/QĐ-UBND", None, None, None),
            ("c", "old", "04/QĐ-UBND", None, "replaces", "05/QĐ-UBND"),
            # Its author is nowhere in the document.
            ("d", "old", "04/QĐ-UBND", None, "repeals", "09/QĐ-UBND"),
        ],
    )
    write(
        tmp_path / "named_citations",
        [
            ("a", "law", None, "Luật Đất đai", "replaces", "luật đất đai"),
            ("e", "law", None, "Luật Đất đai", None, None),
        ],
    )
    assert read_changes(tmp_path) == [Change("new", "old", "amends", 3)]


def test_a_name_can_be_the_author(tmp_path: Path) -> None:
    write(tmp_path / "citations", [("a", "old", "45/2013/QH13", None, "replaces", "Luật Đất đai")])
    write(tmp_path / "named_citations", [("a", "new", None, "Luật Đất đai", None, None)])
    assert read_changes(tmp_path) == [Change("new", "old", "replaces", 1)]


def test_no_citations(tmp_path: Path) -> None:
    assert read_changes(tmp_path) == []
