"""Signals and kills: the published tables stay whole, what was done is kept, nothing is left running."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pipeline.publish.snapshot import Snapshot, open_snapshot

ROOT = Path(__file__).resolve().parents[2]
_OWN_TO_A_RUN = {"run_id", "started_at", "ended_at", "pipeline_version"}


def start(base: Path) -> subprocess.Popen[bytes]:
    """A run in a process group of its own."""
    command = [sys.executable, "-m", "tests.faults.night", str(base / "in"), str(base / "out")]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def wait_for(condition: object, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def fill(base: Path, orders: list[str]) -> None:
    (base / "in").mkdir(exist_ok=True)
    for number, order in enumerate(orders):
        (base / "in" / f"{number:03d}.txt").write_text(f"{order} tài liệu {number}", encoding="utf-8")


def contents(snapshot: Snapshot) -> dict[str, list[str]]:
    """All rows but for what tells one run from another."""
    rows = {}
    for name in ("documents", "pages", "sections", "targets", "citations", "instruments", "links", "failures"):
        table = snapshot.table(name).to_pylist()
        rows[name] = sorted(str({k: v for k, v in row.items() if k not in _OWN_TO_A_RUN}) for row in table)
    return rows


def sleepers() -> list[int]:
    return [p.pid for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "4721"]]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_cleanly_and_the_next_run_goes_on(tmp_path: Path, number: int, code: int) -> None:
    fill(tmp_path, ["Kế hoạch"] * 3)
    (tmp_path / "in" / "hang.txt").write_text("HANG 4721", encoding="utf-8")
    run = start(tmp_path)
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
    run = start(tmp_path)
    wait_for(lambda: len(list(fragments.glob("*/*.zip"))) == 4 or run.poll() is not None)
    assert all(p.stat().st_mtime_ns == moment for p, moment in made.items() if p.exists())
    assert run.wait(timeout=90) == 0
    assert open_snapshot(tmp_path / "out").table("documents").num_rows == 4


def test_a_killed_run_leaves_nothing_running(tmp_path: Path) -> None:
    fill(tmp_path, ["Kế hoạch"])
    (tmp_path / "in" / "hang.txt").write_text("HANG 4721", encoding="utf-8")
    run = start(tmp_path)
    wait_for(sleepers)
    run.kill()
    run.wait()
    wait_for(lambda: not sleepers(), 10)


@pytest.mark.torture
def test_killed_at_any_moment_the_tables_are_the_old_or_the_new_ones(tmp_path: Path) -> None:
    """SIGKILL of the whole process group at random moments of a run over 60 documents."""
    dice = random.Random(20310102)
    undisturbed = tmp_path / "undisturbed"
    undisturbed.mkdir()
    fill(undisturbed, ["Kế hoạch"] * 60)
    began = time.monotonic()
    assert start(undisturbed).wait(timeout=600) == 0
    length = time.monotonic() - began
    wanted = contents(open_snapshot(undisturbed / "out"))
    for moment in range(int(os.environ.get("CHITHI_TORTURE_KILLS", "100"))):
        base = tmp_path / f"{moment}"
        base.mkdir()
        fill(base, ["Kế hoạch"] * 30)
        assert start(base).wait(timeout=600) == 0
        old = contents(open_snapshot(base / "out"))
        fill(base, ["Kế hoạch"] * 60)
        run = start(base)
        time.sleep(dice.uniform(0, length))
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        snapshot = open_snapshot(base / "out")
        assert snapshot.problems() == []
        assert contents(snapshot) in (old, wanted)
        assert start(base).wait(timeout=600) == 0
        assert contents(open_snapshot(base / "out")) == wanted
