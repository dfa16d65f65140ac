"""Runs over small folders: what is new, what is kept, what is published."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from pipeline.errors import InterruptedRunError, LockedError, OutputError, UsageError
from pipeline.publish.layout import Layout, explaining
from pipeline.publish.schemas import TABLES
from pipeline.publish.snapshot import list_snapshots, open_snapshot
from pipeline.run.ingest import ingest, look, rollback
from pipeline.run.lock import run_lock
from pipeline.run.plan import Choice
from pipeline.run.watch import Watcher
from tests.run.doubles import FakeWork


def test_publishes_every_table(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("sub/b.txt", "Kế hoạch hai")
    summary = archive.run()
    assert (summary.files, summary.done, summary.failed) == (2, 2, 0)
    assert archive.paths() == ["a.txt", "sub/b.txt"]
    counts = archive.table("instruments")["citation_count"].to_pylist()
    assert sorted(counts) == [0, 0, 2]  # both documents, and the one that both cite
    assert len(set(archive.table("citations")["instrument_id"].to_pylist())) == 1
    snapshot = open_snapshot(archive.output)
    assert snapshot.problems() == []
    assert {p.name for p in snapshot.folder.iterdir() if p.is_dir()} == set(TABLES)


def test_children_are_told_to_begin_as_soon_as_there_seems_to_be_work(archive) -> None:
    def told(**choice: bool) -> list[str]:
        heard: list[str] = []
        look(archive.settings, Choice(**choice), lambda: heard.append("begin"))
        return heard

    assert told() == []
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "Kế hoạch hai")
    assert told() == ["begin"]
    archive.run()
    assert told() == []
    assert told(force=True) == ["begin"]
    archive.put("c.txt", "Kế hoạch ba")
    assert told() == ["begin"]


def test_what_takes_longest_is_begun_first(archive) -> None:
    archive.put("long.txt", "Kế hoạch " * 3000)
    archive.put("short.txt", "Kế hoạch")
    (archive.input / "page.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    paths = [content.paths for content in look(archive.settings, Choice()).plan.work]
    assert paths == [("page.png",), ("long.txt",), ("short.txt",)]


def test_an_empty_folder_publishes_empty_tables(archive) -> None:
    summary = archive.run()
    assert summary.files == 0
    assert summary.rows | {"runs": 0} == dict.fromkeys(TABLES, 0)
    assert open_snapshot(archive.output).problems() == []


def test_a_folder_that_does_not_exist_is_an_error(archive) -> None:
    archive.input.rmdir()
    with pytest.raises(UsageError, match="no such folder"):
        archive.run()
    assert not archive.output.exists()


def test_tables_never_go_into_the_folder_of_the_documents(archive) -> None:
    archive.output = archive.input
    with pytest.raises(UsageError, match="one of their own"):
        archive.run()
    assert not list(archive.input.iterdir())


def test_a_second_run_does_nothing_again(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("locked.txt", "REFUSE")
    (archive.input / "empty.txt").touch()
    archive.run()
    before = archive.inodes()
    summary = archive.run()
    assert (summary.done, summary.unchanged) == (0, 2)
    after = archive.inodes()
    assert {name: after[name] for name in before} == before
    assert [name.split("/")[0] for name in after.keys() - before.keys()] == ["runs"]
    assert archive.table("runs").num_rows == 2


def test_files_that_are_refused_are_not_opened_again(archive, failures) -> None:
    (archive.input / "empty.txt").touch()
    (archive.input / "sheet.xls").write_bytes(bytes(range(256)) * 20)
    archive.run()
    expected = {"empty.txt": "empty_file", "sheet.xls": "unknown_content"}
    first = archive.table("failures").to_pylist()
    survey = look(archive.settings, Choice())
    assert survey.discovery.opened == 0
    assert {f.source_path: f.code for f in survey.discovery.failures} == expected
    assert look(archive.settings, Choice(retry_failed=True)).discovery.opened == 2
    assert look(archive.settings, Choice(verify=True)).discovery.opened == 2
    assert archive.run().failed == 2
    assert archive.table("failures").to_pylist() == first
    archive.run(retry_failed=True)
    assert {row["attempts"] for row in archive.table("failures").to_pylist()} == {2}
    archive.put("sheet.xls", "Kế hoạch một")
    assert archive.run().done == 1
    assert failures(archive) == {"empty.txt": "empty_file"}


def test_the_table_of_runs_stays_in_few_files(archive, monkeypatch) -> None:
    monkeypatch.setattr("pipeline.run.publishing._MANY_PARTS", 3)
    for _ in range(5):
        archive.run()
    assert archive.table("runs").num_rows == 5
    assert len(open_snapshot(archive.output).manifest.of("runs")) == 2
    assert open_snapshot(archive.output).problems() == []


def test_new_documents_leave_old_files_alone(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    before = archive.inodes()
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    after = archive.inodes()
    kept = {name for name in before if after.get(name) == before[name]}
    replaced = {name.split("/")[0] for name in before if name not in kept and "empty" not in name}
    assert replaced == {"instruments", "links"}
    assert archive.paths() == ["a.txt", "b.txt"]


def test_a_changed_file_replaces_its_rows(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    archive.put("a.txt", "Kế hoạch ba, dài hơn")
    summary = archive.run()
    assert (summary.done, summary.unchanged) == (1, 1)
    assert sorted(archive.table("pages")["text"].to_pylist()) == ["Kế hoạch ba, dài hơn", "Kế hoạch hai"]
    assert open_snapshot(archive.output).problems() == []


def test_a_moved_file_keeps_its_id(archive) -> None:
    path = archive.put("a.txt", "Kế hoạch một")
    archive.run()
    before = archive.table("documents")["document_id"].to_pylist()
    path.rename(archive.input / "z.txt")
    summary = archive.run()
    assert summary.done == 0
    assert archive.table("documents")["document_id"].to_pylist() == before
    assert archive.paths() == ["z.txt"]


def test_copies_are_one_document_with_several_paths(archive) -> None:
    archive.put("b.txt", "Kế hoạch một")
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    (row,) = archive.table("documents").to_pylist()
    assert (row["source_path"], row["source_paths"]) == ("a.txt", ["a.txt", "b.txt"])
    (archive.input / "a.txt").unlink()
    archive.run()
    (row,) = archive.table("documents").to_pylist()
    assert (row["source_path"], row["source_paths"]) == ("b.txt", ["b.txt"])


def test_a_deleted_file_leaves_the_tables_or_stays_marked(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    path = archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    path.unlink()
    archive.run(keep_missing=True)
    rows = archive.table("documents").to_pylist()
    assert {row["source_path"]: row["source_missing"] for row in rows} == {"a.txt": False, "b.txt": True}
    summary = archive.run()
    assert archive.paths() == ["a.txt"]
    assert summary.rows["sections"] == 1


def test_a_disk_that_is_not_mounted_does_not_empty_the_tables(archive) -> None:
    path = archive.put("a.txt", "Kế hoạch một")
    archive.run()
    path.unlink()
    with pytest.raises(UsageError, match="mounted"):
        archive.run()
    assert archive.paths() == ["a.txt"]
    archive.run(allow_empty=True)
    assert archive.paths() == []


def test_only_works_on_what_matches(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "Kế hoạch hai")
    summary = archive.run(only="a*")
    assert archive.paths() == ["a.txt"]
    assert (summary.files, summary.done, summary.left_out) == (2, 1, 1)
    archive.run(only="b*")
    assert archive.paths() == ["a.txt", "b.txt"]


def test_what_only_leaves_out_keeps_its_rows_and_is_counted(archive) -> None:
    for name in "abcd":
        archive.put(f"{name}.txt", f"Kế hoạch {name}")
    archive.run()
    archive.put("a.txt", "Kế hoạch mới")
    archive.put("b.txt", "Kế hoạch khác")
    (archive.input / "c.txt").unlink()
    archive.put("new.txt", "Kế hoạch năm")
    summary = archive.run(only="a*")
    assert archive.paths() == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert sorted(archive.table("pages")["text"].to_pylist())[-1] == "Kế hoạch mới"
    assert (summary.files, summary.done, summary.unchanged, summary.left_out, summary.removed) == (4, 1, 1, 2, 0)
    assert open_snapshot(archive.output).problems() == []
    summary = archive.run()
    assert (summary.done, summary.unchanged, summary.left_out, summary.removed) == (2, 2, 0, 1)
    assert archive.paths() == ["a.txt", "b.txt", "d.txt", "new.txt"]


def test_force_works_on_everything_again(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    assert archive.run(force=True).done == 1
    assert archive.paths() == ["a.txt"]


@pytest.mark.parametrize("table", ["targets", "documents", "links", "failures", "runs"])
def test_force_makes_damaged_tables_anew(archive, table: str) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "REFUSE")
    archive.run()
    part = next((open_snapshot(archive.output).folder / table).iterdir())
    part.chmod(0o640)
    part.write_bytes(part.read_bytes()[:-9])
    assert open_snapshot(archive.output).problems()
    archive.run(force=True)
    assert open_snapshot(archive.output).problems() == []
    assert archive.paths() == ["a.txt"]
    assert archive.table("failures").num_rows == 1


def test_failures_are_rows_and_are_carried(archive, failures) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("locked.txt", "REFUSE")
    archive.put("half.txt", "PARTIAL kế hoạch")
    archive.put("defect.txt", "RAISE")
    (archive.input / "empty.txt").touch()
    summary = archive.run()
    assert (summary.done, summary.partial, summary.failed) == (1, 1, 3)
    expected = {
        "locked.txt": "password",
        "half.txt": "ocr_timeout",
        "defect.txt": "internal_error",
        "empty.txt": "empty_file",
    }
    assert failures(archive) == expected
    again = archive.run()
    assert (again.done, again.partial, again.unchanged, again.failed_before) == (0, 0, 4, 3)
    assert failures(archive) == expected
    assert archive.run(retry_failed=True).partial == 1


@pytest.mark.parametrize(
    ("order", "code", "tries"),
    [
        ("EXIT", "worker_died", [2, 2]),  # twice in the first run, and not again
        ("KILL", "worker_died", [2, 2]),
        ("HANG 4722", "timeout", [1, 2, 2]),  # once a night: it may have been the machine
        ("EAT", "out_of_memory", [1, 2, 2]),
    ],
)
def test_what_breaks_its_worker_twice_is_left_alone(archive, failures, order: str, code: str, tries: list[int]) -> None:
    archive.limits |= {"document_timeout": 60.0 if order == "EAT" else 4.0, "memory_limit_mb": 300}
    archive.put("bad.txt", order)
    archive.put("good.txt", "Kế hoạch một")
    for expected in tries:
        archive.run()
        assert archive.paths() == ["good.txt"]
        assert failures(archive) == {"bad.txt": code}
        (row,) = archive.table("failures").to_pylist()
        assert row["attempts"] == expected
        says = "quarantined after 2 attempts" if expected == 2 else "the next run tries once more"
        assert says in row["message"]
    assert archive.run().unchanged == 2
    assert archive.run(retry_failed=True).failed == 1
    archive.put("bad.txt", "Kế hoạch hai")
    assert archive.run().done == 1
    assert failures(archive) == {}


def test_what_killed_its_worker_once_is_done(archive) -> None:
    archive.put("a.txt", "KILL_ONCE kế hoạch")
    assert archive.run().done == 1


def test_what_a_disk_did_not_give_is_read_the_next_night(archive, failures) -> None:
    archive.put("a.txt", "UNREADABLE_ONCE kế hoạch")
    assert archive.run().failed == 1
    assert failures(archive) == {"a.txt": "unreadable"}
    assert archive.run().done == 1
    assert failures(archive) == {}
    assert archive.run().unchanged == 1
    next((archive.output / "cache").glob("seen-*")).unlink()
    assert archive.run(force=True).failed == 1
    assert archive.paths() == ["a.txt"], "the rows that it has stay"
    assert failures(archive) == {"a.txt": "unreadable"}
    assert archive.run().done == 1
    assert failures(archive) == {}
    assert open_snapshot(archive.output).problems() == []


def test_what_is_not_looked_at_stays(archive) -> None:
    """A file that still changes keeps its rows until it can be read."""
    path = archive.put("a.txt", "Kế hoạch một")
    archive.run()
    archive.limits["settle_seconds"] = 0.3
    os.utime(path, ns=(time.time_ns(), time.time_ns()))
    survey = look(archive.settings, Choice())
    assert [c.paths for c in survey.plan.unchanged] == [("a.txt",)]


def test_a_dry_look_changes_nothing(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    survey = look(archive.settings, Choice())
    assert [c.paths for c in survey.plan.work] == [("a.txt",)]
    assert not archive.output.exists()


def test_a_second_run_at_once_is_refused(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    with run_lock(Layout(archive.output)), pytest.raises(LockedError, match="another run \\(process"):
        archive.run()
    archive.run()


def test_rollback_goes_back_in_tables_and_in_what_is_known(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    first = archive.run()
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    rollback(archive.settings, first.run_id)
    assert archive.paths() == ["a.txt"]
    summary = archive.run()
    assert (summary.done, summary.unchanged) == (1, 1)
    assert archive.paths() == ["a.txt", "b.txt"]


def test_rollback_to_an_unknown_run_is_refused(archive) -> None:
    archive.run()
    for run_id in ("20200101T000000Z-abcdef", "../state"):
        with pytest.raises(UsageError, match="no snapshot"):
            rollback(archive.settings, run_id)


def test_old_snapshots_are_pruned_but_not_by_quiet_nights(archive) -> None:
    archive.limits["keep_snapshots"] = 2
    archive.put("a.txt", "Kế hoạch một")
    first = archive.run()
    archive.put("b.txt", "Kế hoạch hai")
    for _ in range(4):
        archive.run()
    assert first.run_id in {s.run_id for s in list_snapshots(archive.output)}
    archive.put("c.txt", "Kế hoạch ba")
    archive.run()
    assert len(list_snapshots(archive.output)) == 2
    assert len(list((archive.output / "state" / "files").iterdir())) == 2


def test_many_small_batches_become_one(archive, monkeypatch) -> None:
    monkeypatch.setattr("pipeline.publish.batches._MANY_SMALL", 4)
    for number in range(6):
        archive.put(f"{number:02d}.txt", f"Kế hoạch {number}")
        archive.run()
    parts = open_snapshot(archive.output).manifest.of("documents")
    assert len(parts) == 3  # the fifth run merged four into one, the sixth brought another
    assert len(archive.paths()) == 6
    assert open_snapshot(archive.output).problems() == []


def test_only_owner_and_group_can_read(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    for path in (p for p in Path(archive.output).rglob("*") if not p.is_symlink()):
        assert path.stat().st_mode & 0o007 == 0, path


def test_lost_state_costs_work_and_no_rows(archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    for path in (archive.output / "state" / "files").iterdir():
        path.unlink()
    assert archive.run().done == 1
    assert archive.paths() == ["a.txt"]
    assert open_snapshot(archive.output).problems() == []


@pytest.mark.parametrize("moment", ["publishing documents", "linking", "publishing"])
def test_an_output_folder_that_is_deleted_meanwhile_is_no_defect(archive, moment: str) -> None:
    class Vandal(Watcher):
        def stage(self, name: str) -> None:
            if name == moment:
                shutil.rmtree(archive.output)

    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    archive.put("b.txt", "Kế hoạch hai")
    with pytest.raises(OutputError, match="is gone; something else deletes"):
        ingest(archive.settings, watcher=Vandal(), work=FakeWork)
    archive.run()
    assert archive.paths() == ["a.txt", "b.txt"]


@pytest.mark.parametrize("moment", ["publishing documents", "linking", "publishing"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_publishing_leaves_the_old_tables(archive, moment: str, number: int) -> None:
    class Operator(Watcher):
        def stage(self, name: str) -> None:
            if name == moment:
                os.kill(os.getpid(), number)

    archive.put("a.txt", "Kế hoạch một")
    before = archive.run()
    archive.put("b.txt", "Kế hoạch hai")
    with pytest.raises(InterruptedRunError) as caught:
        ingest(archive.settings, watcher=Operator(), work=FakeWork)
    assert caught.value.exit_code == 128 + number
    assert open_snapshot(archive.output).run_id == before.run_id
    assert open_snapshot(archive.output).problems() == []
    assert list((archive.output / "state" / "building").iterdir()) == []
    assert archive.run().done == 1
    assert archive.paths() == ["a.txt", "b.txt"]


def test_a_fault_of_the_disk_is_no_defect(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the disk has a fault"), explaining(tmp_path):
        raise OSError(errno.EIO, "Input/output error", str(tmp_path / "state" / "x"))
    with pytest.raises(FileNotFoundError), explaining(tmp_path / "out"):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(tmp_path / "tesseract"))
