"""The same work by real dask processes on loopback: what dies loses nothing, and only the guilty are blamed."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from pipeline.errors import ClusterError, ExitCode, MissingDependencyError
from pipeline.publish.snapshot import open_snapshot
from pipeline.run import cluster, workers
from pipeline.run.cluster import ClusterExecutor
from pipeline.run.executor import Finished, Limits, PageDone
from pipeline.run.premises import marked
from pipeline.run.versions import versions_of
from tests.faults.nights import ROOT, contents, wait_for
from tests.run.conftest import Archive
from tests.run.test_executor import LIMITS, obey, sleepers

pytest.importorskip("distributed")


@dataclass
class Cluster:
    """A scheduler, and two workers of one thread that a nanny starts again when they die."""

    address: str
    nanny: subprocess.Popen[bytes]

    def workers(self) -> list[psutil.Process]:
        """The worker processes, oldest first."""
        found = [p for p in psutil.Process(self.nanny.pid).children() if "spawn_main" in " ".join(p.cmdline())]
        return sorted(found, key=lambda p: p.create_time())


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    base = tmp_path_factory.mktemp("dask")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    options = ["--nworkers", "2", "--nthreads", "1", "--memory-limit", "0", "--local-directory", str(base)]
    with (base / "log").open("wb") as log:

        def start(*words: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "dask", *words, *common]
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

        scheduler = start("scheduler", "--port", str(port))
        nanny = start("worker", address, *options)
        dask = Cluster(address, nanny)
        try:
            wait_for(lambda: len(dask.workers()) == 2)
            yield dask
        finally:
            for process in (nanny, scheduler):
                process.terminate()
            for process in (nanny, scheduler):
                process.wait(timeout=30)


@pytest.fixture
def shared(archive: Archive, dask: Cluster, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive whose runs go to the cluster; the stand-ins need no models."""
    monkeypatch.setattr(workers, "PRELOAD", ("tests.run.doubles",))
    archive.limits["scheduler"] = dask.address
    return archive


def fill(archive: Archive, orders: list[str]) -> None:
    for number, order in enumerate(orders):
        archive.put(f"{number:02d}.txt", f"{order} tài liệu {number}")


def local(archive: Archive, folder: Path) -> Archive:
    """The same input, worked on by this machine."""
    return Archive(archive.input, folder, {k: v for k, v in archive.limits.items() if k != "scheduler"})


def outcomes(address: str, orders: list[str], limits: Limits = LIMITS) -> dict[str, str]:
    with ClusterExecutor[str, str](obey, address, limits) as executor:
        events = list(executor.run(orders))
    assert [e.pages for e in events if isinstance(e, PageDone)][:2] == [1, 2], "the last may come after the result"
    ends = [e for e in events if not isinstance(e, PageDone)]
    assert len(ends) == len(orders)
    return {e.item: e.result if isinstance(e, Finished) else e.code for e in ends}


def test_items_break_their_own_child_and_nothing_else(dask: Cluster) -> None:
    before = [p.pid for p in dask.workers()]
    innocent = {f"item {n}": f"did item {n}" for n in range(12)}
    orders = ["kill", "hang 4731", "raise x", "exit 3", "pages 3", "noise", *innocent]
    found = outcomes(dask.address, orders, Limits(8, 20, 600))
    assert found.pop("noise").startswith("\x00\udcff")
    assert found == innocent | {
        "kill": "worker_died",
        "hang 4731": "timeout",
        "raise x": "internal_error",
        "exit 3": "worker_died",
        "pages 3": "did pages 3",
    }
    wait_for(lambda: not sleepers("4731"), 10)
    assert [p.pid for p in dask.workers()] == before, "no worker died"


def test_the_tables_are_those_of_the_local_run_row_for_row(shared: Archive, tmp_path: Path) -> None:
    fill(shared, ["Kế hoạch", "KILL", "RAISE", "REFUSE", "PARTIAL", "EXIT", "KILL_ONCE", *["Báo cáo"] * 13])
    alone = local(shared, tmp_path / "alone")
    counts = [(s.done, s.partial, s.failed, s.pages) for s in (alone.run(), shared.run())]
    assert counts[0] == counts[1] == (15, 1, 4, 16)
    ours, theirs = (open_snapshot(a.output) for a in (shared, alone))
    assert ours.problems() == []
    assert contents(ours) == contents(theirs)
    again = shared.run()
    assert (again.done, again.unchanged) == (0, 20)
    assert not list((shared.output / "state" / "fragments").glob(".*"))


def test_a_worker_killed_in_the_middle_loses_nothing(shared: Archive, dask: Cluster, tmp_path: Path) -> None:
    fill(shared, ["SLOW"] * 4 + ["Kế hoạch"] * 12)
    fragments = shared.output / "state" / "fragments"
    victim = dask.workers()[0]
    killer = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import glob, os, sys, time\n"
            "while not glob.glob(sys.argv[1] + '/*/*.zip'): time.sleep(0.02)\n"
            "time.sleep(0.5); os.kill(int(sys.argv[2]), 9)",
            *(str(fragments), str(victim.pid)),
        ]
    )
    summary = shared.run()
    assert killer.wait(timeout=30) == 0
    assert not victim.is_running()
    assert (summary.done, summary.failed) == (16, 0)
    alone = local(shared, tmp_path / "alone")
    alone.run()
    assert contents(open_snapshot(shared.output)) == contents(open_snapshot(alone.output))


def test_a_file_that_kills_whole_workers_is_quarantined_and_no_other(
    shared: Archive, dask: Cluster, failures: Callable[[Archive], dict[str, str]]
) -> None:
    fill(shared, ["KILL_MACHINE"] + ["SLOW"] * 3 + ["Kế hoạch"] * 8)
    before = {p.pid for p in dask.workers()}
    summary = shared.run()
    assert (summary.done, summary.failed) == (11, 1)
    assert failures(shared) == {"00.txt": "worker_died"}
    (row,) = shared.table("failures").to_pylist()
    assert "died while it worked on this file and nothing else" in row["message"]
    assert row["attempts"] == 2
    wait_for(lambda: len(dask.workers()) == 2)
    assert before != {p.pid for p in dask.workers()}
    assert shared.run().unchanged == 12, "it is not tried a third time"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_stopped_run_ends_the_children_on_the_workers(shared: Archive, dask: Cluster, number: int, code: int) -> None:
    fill(shared, ["Kế hoạch"] * 3)
    shared.put("hang.txt", "HANG 4732")
    command = [sys.executable, "-m", "tests.faults.night", str(shared.input), str(shared.output), dask.address]
    run = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    wait_for(lambda: sleepers("4732") and len(list(shared.output.glob("state/fragments/*/*.zip"))) == 3)
    os.kill(run.pid, number)
    started = time.monotonic()
    assert run.wait(timeout=30) == code
    wait_for(lambda: not sleepers("4732"), 10)
    assert time.monotonic() - started < 10
    assert not (shared.output / "current").exists()
    shared.put("hang.txt", "Kế hoạch bốn")
    assert shared.run().done == 4
    assert len(dask.workers()) == 2


def test_a_worker_with_another_version_or_other_folders_is_named(shared: Archive, dask: Cluster) -> None:
    fill(shared, ["Kế hoạch"])
    versions = versions_of(shared.settings)
    with marked(shared.output, shared.settings, versions, "token", None) as right:
        assert right() is None
        wrong = {
            "differs from the run in code, rules or programs (read)": dataclasses.replace(
                right, versions=dataclasses.replace(versions, read="another")
            ),
            "the run 0.0.1": dataclasses.replace(right, release="0.0.1"),
            "the output folder must be on a file system that all share": dataclasses.replace(right, token="another"),
        }
        for said, premises in wrong.items():
            executor = ClusterExecutor[str, str](obey, dask.address, LIMITS, premise=premises)
            with pytest.raises(ClusterError) as caught, executor:
                list(executor.run(["a"]))
            assert said in str(caught.value)
            assert socket.gethostname() in str(caught.value)


def test_input_that_workers_do_not_see_is_named(shared: Archive) -> None:
    path = shared.put("a.txt", "Kế hoạch")
    source = shared_source(shared)
    versions = versions_of(shared.settings)
    with marked(shared.output, shared.settings, versions, "token", source) as premises:
        assert premises() is None
        path.write_text("Kế hoạch khác", encoding="utf-8")
        assert "sees another" in (premises() or "")
        path.unlink()
        assert "the input folder must be" in (premises() or "")


def shared_source(archive: Archive):  # type: ignore[no-untyped-def]
    from pipeline.discover import discover

    return discover(archive.input, archive.settings).sources[0]


def test_a_scheduler_that_is_not_there(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
    fill(archive, ["Kế hoạch"])
    archive.limits["scheduler"] = "tcp://127.0.0.1:9"
    with pytest.raises(ClusterError, match="no dask scheduler answers there") as caught:
        archive.run()
    assert caught.value.exit_code == ExitCode.CLUSTER
    assert not (archive.output / "current").exists()


def test_a_night_with_nothing_new_needs_no_cluster(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PRELOAD", ("tests.run.doubles",))
    fill(archive, ["Kế hoạch"])
    archive.run()
    archive.limits["scheduler"] = "tcp://127.0.0.1:9"
    assert archive.run().unchanged == 1


def test_without_the_extra_it_says_what_to_install(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    fill(archive, ["Kế hoạch"])
    archive.limits["scheduler"] = "tcp://127.0.0.1:9"
    with pytest.raises(MissingDependencyError, match="set-up cluster"):
        archive.run()


def test_paths_mean_the_same_on_every_machine(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(archive.input.parent)
    settings = Archive(Path("in"), Path("out"), {"scheduler": "tcp://127.0.0.1:9"}).settings
    seen = workers.as_workers_see(settings)
    assert (seen.input, seen.output) == (archive.input, archive.output)
    alone = Archive(Path("in"), Path("out")).settings
    assert workers.as_workers_see(alone) is alone
