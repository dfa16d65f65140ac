"""Published files that something damaged: noticed by the nights, made anew where that can be, never called whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import DamagedError
from pipeline.publish import snapshot as snapshots
from pipeline.publish.schemas import TABLES
from pipeline.publish.snapshot import list_snapshots, open_snapshot
from pipeline.run.ingest import look, rollback
from pipeline.run.plan import Choice
from tests.run.conftest import Archive


@pytest.fixture(autouse=True)
def every_checksum_each_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "NIGHTS_TO_CHECK", 1)


def part_of(archive: Archive, table: str) -> Path:
    return next((open_snapshot(archive.output).folder / table).iterdir())


def damage(path: Path) -> None:
    """Changes one bit; the length stays."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o640)
    path.write_bytes(content)


def rows_of(archive: Archive) -> dict[str, list[object]]:
    own = TABLES.keys() - {"runs"}
    columns = {name: [c.name for c in TABLES[name].columns if c.name != "run_id"] for name in own}
    return {name: sorted(archive.table(name).select(columns[name]).to_pylist(), key=str) for name in own}


@pytest.mark.parametrize("table", ["targets", "documents", "links", "instruments"])
def test_what_is_damaged_is_made_anew_from_the_documents(archive: Archive, table: str) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "REFUSE")
    archive.run()
    archive.put("c.txt", "Kế hoạch hai")
    archive.run()
    whole = rows_of(archive)
    part = part_of(archive, table)
    damage(part)
    name = str(part.relative_to(open_snapshot(archive.output).folder))
    summary = archive.run()
    assert (summary.mended, summary.damaged) == ((name,), ())
    assert summary.done == (1 if TABLES[table].per_document else 0)
    assert open_snapshot(archive.output).problems() == []
    assert rows_of(archive) == whole
    assert archive.run().mended == ()


def test_a_file_that_is_gone_or_cut_is_noticed_whoever_has_its_turn(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "NIGHTS_TO_CHECK", 1 << 40)
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    part_of(archive, "pages").unlink()
    part = part_of(archive, "sections")
    part.chmod(0o640)
    part.write_bytes(part.read_bytes()[:-9])
    assert len(archive.run().mended) == 2
    assert open_snapshot(archive.output).problems() == []


def test_each_file_has_its_turn_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "NIGHTS_TO_CHECK", 5)
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    damage(part_of(archive, "targets"))
    snapshot = open_snapshot(archive.output)
    nights = [snapshot.manifest.model_copy(update={"sequence": n}) for n in range(5)]
    found = [snapshots.Snapshot(snapshot.folder, manifest).damaged_parts() for manifest in nights]
    assert sorted(map(len, found)) == [0, 0, 0, 0, 1]


def test_rows_that_nothing_can_make_anew_stay_as_they_are_and_are_told(archive: Archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    damage(part_of(archive, "targets"))
    (archive.input / "b.txt").unlink()
    summary = archive.run(keep_missing=True, only="nothing*")
    assert (summary.done, len(summary.damaged)) == (0, 1)
    archive.put("a.txt", "Kế hoạch ba")
    with pytest.raises(DamagedError, match="checksum"):  # the rows of b.txt would be written again
        archive.run(keep_missing=True)
    summary = archive.run()
    assert (summary.done, len(summary.mended)) == (1, 1)
    assert open_snapshot(archive.output).problems() == []


def test_damage_is_never_written_again_under_a_new_checksum(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    monkeypatch.setattr(snapshots, "NIGHTS_TO_CHECK", 1 << 40)
    before = open_snapshot(archive.output).run_id
    damage(part_of(archive, "targets"))
    archive.put("b.txt", "Kế hoạch ba")
    with pytest.raises(DamagedError, match="--force"):
        archive.run()
    assert open_snapshot(archive.output).run_id == before


def test_a_dry_run_says_what_is_damaged(archive: Archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    damage(part_of(archive, "targets"))
    survey = look(archive.settings, Choice())
    assert [part.table for part in survey.damaged] == ["targets"]
    assert [content.paths for content in survey.plan.work] == [("a.txt",)]


def test_a_damaged_manifest_of_an_old_snapshot_stops_nothing(archive: Archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    old = archive.run()
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    damage_manifest(old.snapshot)
    archive.put("c.txt", "Kế hoạch ba")
    assert archive.run().done == 1
    assert old.run_id not in {s.run_id for s in list_snapshots(archive.output)}
    with pytest.raises(DamagedError, match="is no manifest"):
        rollback(archive.settings, old.run_id)


def test_a_damaged_manifest_of_the_published_snapshot_is_said_and_can_be_left_behind(archive: Archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    old = archive.run()
    archive.put("b.txt", "Kế hoạch hai")
    newest = archive.run()
    damage_manifest(newest.snapshot)
    for choice in ({}, {"force": True, "only": "a*"}):
        with pytest.raises(DamagedError, match="chithi rollback"):
            archive.run(**choice)
    rollback(archive.settings, old.run_id)
    assert archive.run().done == 1
    damage_manifest(open_snapshot(archive.output).folder)
    assert archive.run(force=True).done == 2
    snapshot = open_snapshot(archive.output)
    assert snapshot.problems() == []
    assert snapshot.run_id == list_snapshots(archive.output)[-1].run_id
    assert archive.paths() == ["a.txt", "b.txt"]


def damage_manifest(snapshot: Path) -> None:
    (snapshot / "manifest.json").write_bytes(b"{}")


def test_after_a_rollback_new_snapshots_come_after_all_others(archive: Archive) -> None:
    archive.limits["keep_snapshots"] = 2
    archive.put("a.txt", "Kế hoạch một")
    first = archive.run()
    archive.put("b.txt", "Kế hoạch hai")
    rejected = archive.run()
    rollback(archive.settings, first.run_id)
    archive.put("b.txt", "Kế hoạch ba")
    last = archive.run()
    assert [s.run_id for s in list_snapshots(archive.output)] == [rejected.run_id, last.run_id]
    assert [s.manifest.sequence for s in list_snapshots(archive.output)] == [2, 3]
