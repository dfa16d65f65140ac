"""What tests of stopped, killed and starved runs share."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.publish.schemas import TABLES
from pipeline.publish.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
_OWN_TO_A_RUN = {"run_id", "started_at", "ended_at", "pipeline_version"}


def start(folder: Path, output: Path) -> subprocess.Popen[bytes]:
    """A run in a process group of its own."""
    command = [sys.executable, "-m", "tests.faults.night", str(folder), str(output)]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE)


def fill(folder: Path, orders: list[str]) -> None:
    """Writes a file for each order that the stand-ins shall follow."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, order in enumerate(orders):
        (folder / f"{number:03d}.txt").write_text(f"{order} tài liệu {number}", encoding="utf-8")


def contents(snapshot: Snapshot) -> dict[str, list[str]]:
    """All rows of all tables but `runs`, without what tells one run from another."""
    rows = {}
    for name in TABLES.keys() - {"runs"}:
        table = snapshot.table(name).to_pylist()
        rows[name] = sorted(str({k: v for k, v in row.items() if k not in _OWN_TO_A_RUN}) for row in table)
    return rows


def left_over(output: Path) -> list[str]:
    """What lies about in an output folder that no run needs any more."""
    places = ("state/building/*", "state/fragments/*/*", "state/.*.new", "state/files/.*", "snapshots/.*", "reports/.*")
    return [str(path) for place in places for path in output.glob(place)]


def wait_for(condition: Callable[[], object], seconds: float = 90.0) -> None:
    """Waits until something comes true; a failure after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
