"""Snapshots: published whole or not at all, never changed afterwards, checked, pruned."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.errors import DamagedError, OutputError, UsageError
from pipeline.publish.batches import BYTES_PER_BATCH, compacted, new_batches
from pipeline.publish.layout import Layout, write_whole
from pipeline.publish.schemas import TABLES
from pipeline.publish.snapshot import Snapshot, SnapshotWriter, open_snapshot
from pipeline.publish.tables import to_table
from pipeline.publish.validate import schema_problems


def page(number: int, text: str, document_id: str = "d") -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(TABLES["pages"].arrow.names)
    return row | {
        "document_id": document_id,
        "page": number,
        "method": "plain",
        "text": text,
        "text_raw": text,
        "rotation": 0,
        "layer_decision": "none",
        "text_quality": 1.0,
        "signatures": [],
    }


def document(document_id: str = "d") -> pa.Table:
    row: dict[str, object] = {
        c.name: {"string": "x", "int32": 1, "double": 1.0, "bool": False}.get(str(c.type), [])
        for c in TABLES["documents"].columns
        if c.required
    }
    return to_table("documents", [row | {"document_id": document_id}])


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "out")
    layout.prepare()
    return layout


def publish(layout: Layout, run_id: str, text: str, previous: Snapshot | None = None) -> Snapshot:
    with SnapshotWriter(layout, run_id, previous) as writer:
        writer.write("documents", "b", document())
        writer.write("pages", "b", to_table("pages", [page(1, text)]))
        return writer.publish("1", "1")


def test_a_snapshot_is_whole_and_current(layout: Layout) -> None:
    publish(layout, "r1", "một")
    snapshot = open_snapshot(layout.output)
    assert snapshot.run_id == "r1"
    assert snapshot.problems() == []
    assert snapshot.table("pages", ["text"]).to_pylist() == [{"text": "một"}]
    assert snapshot.table("links").num_rows == 0
    assert all(schema_problems(name, snapshot.table(name)) == [] for name in TABLES)


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is published"):
        open_snapshot(tmp_path)


def test_an_unfinished_snapshot_leaves_nothing(layout: Layout) -> None:
    publish(layout, "r1", "một")
    with SnapshotWriter(layout, "r2", open_snapshot(layout.output)) as writer:
        writer.write("documents", "b", document())
    assert names(layout.snapshots) == ["r1"]
    assert names(layout.building) == []
    assert open_snapshot(layout.output).run_id == "r1"


def test_writing_over_a_kept_part_leaves_the_old_snapshot_as_it_was(layout: Layout) -> None:
    first = publish(layout, "r1", "một")
    with SnapshotWriter(layout, "r2", first) as writer:
        writer.keep(first.manifest.parts)
        writer.write("pages", "b", to_table("pages", [page(1, "hai")]))
        second = writer.publish("1", "1")
    assert first.table("pages")["text"].to_pylist() == ["một"]
    assert second.table("pages")["text"].to_pylist() == ["hai"]
    assert first.problems() == second.problems() == []
    same = [
        (first.folder / n).stat().st_ino == (second.folder / n).stat().st_ino for n in ("documents/part-b.parquet",)
    ]
    assert same == [True]


def test_rows_of_no_document_are_not_published(layout: Layout) -> None:
    with SnapshotWriter(layout, "r1", None) as writer:
        writer.write("documents", "b", document())
        writer.write("pages", "b", to_table("pages", [page(1, "một", "other")]))
        with pytest.raises(DamagedError, match="1 values of document_id are in no row of documents"):
            writer.publish("1", "1")
    assert not layout.current.exists()


def test_the_same_document_in_two_batches_is_not_published(layout: Layout) -> None:
    with SnapshotWriter(layout, "r1", None) as writer:
        writer.write("documents", "a", document())
        writer.write("documents", "b", document())
        with pytest.raises(DamagedError, match="repeat a key"):
            writer.publish("1", "1")


def test_a_table_with_the_wrong_columns_is_not_written(layout: Layout) -> None:
    with SnapshotWriter(layout, "r1", None) as writer, pytest.raises(DamagedError, match="not as the schema says"):
        writer.write("pages", "b", pa.table({"text": ["một"]}))


def test_damage_is_found(layout: Layout) -> None:
    snapshot = publish(layout, "r1", "một")
    part = snapshot.folder / "pages" / "part-b.parquet"
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.chmod(0o640)
    part.write_bytes(content)
    (snapshot.folder / "links" / "part-stray.parquet").write_bytes(b"")
    (snapshot.folder / "runs" / "part-empty.parquet").unlink()
    assert snapshot.problems() == [
        "pages/part-b.parquet: its checksum is wrong",
        "runs/part-empty.parquet: is missing",
        "links/part-stray.parquet: is not in the manifest",
    ]
    (snapshot.folder / "manifest.json").write_text("{")
    with pytest.raises(DamagedError, match="manifest"):
        open_snapshot(layout.output)


def test_a_folder_in_the_place_of_current_is_said(layout: Layout) -> None:
    layout.current.mkdir()
    (layout.current / "own.txt").touch()
    with pytest.raises(OutputError, match="current"):
        publish(layout, "r1", "một")


def test_an_output_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        Layout(tmp_path / "out").prepare()


def test_a_full_disk_is_said(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    publish(layout, "r1", "một")
    monkeypatch.setattr("pipeline.publish.snapshot.pq.write_table", full)
    with pytest.raises(OutputError, match="disk is full"):
        publish(layout, "r2", "hai")
    assert open_snapshot(layout.output).table("pages")["text"].to_pylist() == ["một"]
    assert names(layout.building) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    write_whole(path, b"old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["x"]


def test_batches_are_bounded_by_documents_and_by_bytes() -> None:
    many = new_batches("r", [(f"{n}", 1) for n in range(2500)])
    assert [len(b.contents) for b in many] == [1000, 1000, 500]
    large = new_batches("r", [("a", BYTES_PER_BATCH), ("b", BYTES_PER_BATCH), ("c", 1)])
    assert [b.contents for b in large] == [("a",), ("b",), ("c",)]
    assert new_batches("r", []) == []


def test_small_batches_are_merged_once_there_are_many() -> None:
    assert compacted("r", {f"b{n}": 3 for n in range(10)}) is None
    merged = compacted("r", {f"b{n:02d}": 100 for n in range(30)} | {"large": 900})
    assert merged is not None
    assert len(merged.merged) == 10
    assert "large" not in merged.merged
