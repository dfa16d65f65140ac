"""Signals and kills: the published tables stay whole, what was done is kept, nothing is left running."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from pipeline.publish.snapshot import open_snapshot
from tests.faults.nights import ROOT, contents, fill, left_over, start, wait_for

NAP = f"4721.{os.getpid()}"  # seconds that no other run of these tests sleeps
_LONGER = 1.3  # runs differ in length: some kills must fall into the swap of the tables and after it


def sleepers() -> list[int]:
    return [p.pid for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", NAP]]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_cleanly_and_the_next_run_goes_on(tmp_path: Path, number: int, code: int) -> None:
    fill(tmp_path / "in", ["Kế hoạch"] * 3)
    (tmp_path / "in" / "hang.txt").write_text(f"HANG {NAP}", encoding="utf-8")
    run = start(tmp_path / "in", tmp_path / "out")
    fragments = tmp_path / "out" / "state" / "fragments"
    wait_for(lambda: len(list(fragments.glob("*/*.zip"))) == 3 and sleepers())
    os.kill(run.pid, number)
    started = time.monotonic()
    assert run.wait(timeout=30) == code
    assert time.monotonic() - started < 10
    assert sleepers() == []
    assert not (tmp_path / "out" / "current").exists()
    assert not list((tmp_path / "out" / "state" / "building").iterdir())
    (tmp_path / "in" / "hang.txt").write_text("Kế hoạch bốn", encoding="utf-8")
    made = {p: p.stat().st_mtime_ns for p in fragments.glob("*/*.zip")}
    run = start(tmp_path / "in", tmp_path / "out")
    wait_for(lambda: len(list(fragments.glob("*/*.zip"))) == 4 or run.poll() is not None)
    assert all(p.stat().st_mtime_ns == moment for p, moment in made.items() if p.exists())
    assert run.wait(timeout=90) == 0
    assert open_snapshot(tmp_path / "out").table("documents").num_rows == 4


def test_a_killed_run_leaves_nothing_running(tmp_path: Path) -> None:
    fill(tmp_path / "in", ["Kế hoạch"])
    (tmp_path / "in" / "hang.txt").write_text(f"HANG {NAP}", encoding="utf-8")
    run = start(tmp_path / "in", tmp_path / "out")
    wait_for(sleepers)
    run.kill()
    run.wait()
    wait_for(lambda: not sleepers(), 10)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_at_the_start_does_not_wait_for_what_loads(tmp_path: Path, number: int, code: int) -> None:
    """The server that children are forked from takes seconds to load; nobody needs it any more."""
    fill(tmp_path / "in", ["Kế hoạch"])
    command = [sys.executable, "-m", "pipeline", "ingest", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    run = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
    wait_for(lambda: servers_of(run.pid))
    (server,) = servers_of(run.pid)
    os.kill(run.pid, number)
    _, said = run.communicate(timeout=30)
    assert (run.returncode, said) == (code, b"chithi: stopped\n")
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def servers_of(pid: int) -> list[psutil.Process]:
    return [p for p in psutil.Process(pid).children() if "forkserver" in " ".join(p.cmdline())]


@pytest.mark.torture
def test_killed_at_any_moment_the_tables_are_the_old_or_the_new_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SIGKILL of the whole process group at random moments of a run over 60 documents, 30 of which are new."""
    kills = int(os.environ.get("CHITHI_TORTURE_KILLS", "100"))
    seed = int(os.environ.get("CHITHI_TORTURE_SEED", "20310102"))
    dice = random.Random(seed)
    fill(tmp_path / "in", ["Kế hoạch"] * 30)
    assert start(tmp_path / "in", tmp_path / "begun").wait(timeout=600) == 0
    old = contents(open_snapshot(tmp_path / "begun"))
    fill(tmp_path / "in", ["Kế hoạch"] * 60)
    shutil.copytree(tmp_path / "begun", tmp_path / "undisturbed", symlinks=True)
    length = _time_run(tmp_path / "in", tmp_path / "undisturbed")
    wanted = contents(open_snapshot(tmp_path / "undisturbed"))
    assert wanted != old
    seen = Counter[str]()
    for kill in range(kills):
        output = tmp_path / f"{kill}"
        shutil.copytree(tmp_path / "begun", output, symlinks=True)
        moment = dice.uniform(0, _LONGER * length)
        seen["killed" if _kill_after(moment, tmp_path / "in", output) else "ended before"] += 1
        where = f"kill {kill} of seed {seed}, after {moment:.3f} s"
        snapshot = open_snapshot(output)
        assert snapshot.problems() == [], where
        found = contents(snapshot)
        assert found in (old, wanted), where
        seen["old tables" if found == old else "new tables"] += 1
        assert start(tmp_path / "in", output).wait(timeout=600) == 0, where
        assert contents(open_snapshot(output)) == wanted, where
        assert open_snapshot(output).problems() == [], where
        assert left_over(output) == [], where
        shutil.rmtree(output)
    with capsys.disabled():
        print(f"\nseed {seed}, a run takes {length:.1f} s: {dict(seen)}")


def _time_run(folder: Path, output: Path) -> float:
    """Seconds from when a run has begun (it holds the lock) to its end."""
    run = start(folder, output)
    wait_for((output / "state" / "lock.json").exists)
    began = time.monotonic()
    assert run.wait(timeout=600) == 0
    return time.monotonic() - began


def _kill_after(moment: float, folder: Path, output: Path) -> bool:
    """Kills a run and its children so many seconds after it began; whether it was still there."""
    (output / "state" / "lock.json").unlink(missing_ok=True)
    run = start(folder, output)
    wait_for(lambda: (output / "state" / "lock.json").exists() or run.poll() is not None)
    time.sleep(moment)
    alive = run.poll() is None
    if alive:
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return alive
