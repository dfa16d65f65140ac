"""What a night costs over an archive that has grown large: `python -m benchmarks.nights [--documents N]`.

An archive of 100 000 small documents is simulated once (`benchmarks/simulated.py` says what is real) and kept in the
folder `--archive`. Then, each in a process of its own:

- a night with nothing new: seconds, memory, and which files of the tables were written;
- a night with 100 new documents, and the same 100 alone into an empty archive;
- a run over 2 000 documents, whose memory is weighed all along.

Seconds are wall time, with the CPU seconds of the run and its children beside them, since others may use the machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import psutil

from benchmarks.measuring import cost_of
from benchmarks.simulated import SimulatedWork, write_documents
from pipeline.publish.snapshot import Snapshot, open_snapshot
from pipeline.run.fragments import Outcome
from pipeline.run.ingest import ingest
from pipeline.run.plan import Content, Plan
from pipeline.run.versions import Versions, versions_of
from pipeline.run.watch import Watcher
from pipeline.settings import RunSettings, Settings

NEW = 100
LIMIT_SECONDS, LIMIT_MEGABYTES = 10.0, 1024.0
_WEIGH_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Night:
    """What one run took: wall and processor time in seconds, and the megabytes of its largest process."""

    seconds: float
    cpu: float
    peak: float
    stages: dict[str, float]


class Stopwatch(Watcher):
    """How long each part of a run took."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._name, self._since = "finding", time.perf_counter()

    def planned(self, plan: Plan, failures: int) -> None:
        """The work begins."""
        self.stage("working")

    def stage(self, name: str) -> None:
        """The next part begins."""
        now = time.perf_counter()
        self.stages[self._name] = round(self.stages.get(self._name, 0.0) + now - self._since, 2)
        self._name, self._since = name, now

    def ended(self) -> None:
        """The last part is over."""
        self.stage("")


class Scales(Stopwatch):
    """Weighs the run after each tenth of its files: the parent, and its heaviest child, in megabytes."""

    def __init__(self) -> None:
        super().__init__()
        self.weights: list[tuple[float, float]] = []
        self._samples: list[tuple[float, float]] = []
        self._every, self._done = 1, 0
        threading.Thread(target=self._sample, daemon=True).start()

    def planned(self, plan: Plan, failures: int) -> None:
        """Divides the work into tenths."""
        super().planned(plan, failures)
        self._every = max(1, len(plan.work) // 10)

    def finished(self, content: Content, outcome: Outcome) -> None:
        """Closes a tenth."""
        self._done += 1
        if self._done % self._every == 0 and self._samples:
            parents, children = zip(*self._samples, strict=True)
            self.weights.append((max(parents), max(children)))
            self._samples.clear()

    def _sample(self) -> None:
        own = psutil.Process()
        while True:
            children = [_megabytes(child) for child in own.children(recursive=True)]
            self._samples.append((_megabytes(own), max(children, default=0.0)))
            time.sleep(_WEIGH_EVERY)


def _megabytes(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / (1 << 20)
    except psutil.Error:
        return 0.0


def settings_of(folder: Path, jobs: int) -> Settings:
    """Input and output side by side in one folder."""
    return Settings(input=folder / "in", output=folder / "out", run=RunSettings(jobs=jobs))


def night(folder: Path, jobs: int) -> Night:
    """One run in a process of its own."""
    cost = cost_of([sys.executable, "-m", "benchmarks.nights", "--one-night", str(folder), "--jobs", str(jobs)])
    return Night(cost.seconds, cost.cpu, cost.peak, json.loads(cost.output))


def one_night(folder: Path, jobs: int) -> None:
    """The run itself; prints how long its parts took."""
    watch = Stopwatch()
    with mock.patch("pipeline.run.ingest.versions_of", _versions_of_stand_in):
        ingest(settings_of(folder, jobs), watcher=watch, work=SimulatedWork)
    print(json.dumps(watch.stages))


def _versions_of_stand_in(settings: Settings) -> Versions:
    """The versions that hold now, but for those of the stages that `SimulatedWork` stands in for: a change in one of
    them shall not make the archive anew."""
    return replace(versions_of(settings), read="simulated", restore="simulated", result="simulated")


def build(folder: Path, documents: int, jobs: int) -> None:
    """Makes the archive, or takes the one that is there."""
    write_documents(folder / "in", range(_count(folder), documents))
    started = time.perf_counter()
    stages = night(folder, jobs).stages
    print(f"archive of {_count(folder)} documents ready in {time.perf_counter() - started:.0f} s: {stages}\n")


def _count(folder: Path) -> int:
    return sum(1 for _ in (folder / "in").glob("*/*.txt"))


def files_of(snapshot: Snapshot) -> dict[int, str]:
    """The files of the tables by inode: one that a later snapshot shares was not written anew."""
    files = ((path.stat(), path.parent.name) for path in snapshot.folder.glob("*/*.parquet"))
    return {status.st_ino: f"{table} ({status.st_size / 1024:.0f} kB)" for status, table in files}


def measure_quiet_nights(folder: Path, jobs: int, rounds: int) -> None:
    """Nights with nothing new."""
    print(f"## Nothing new (at most {LIMIT_SECONDS:g} s, {LIMIT_MEGABYTES:g} MB)\n")
    for _ in range(rounds):
        before = files_of(open_snapshot(folder / "out"))
        found = night(folder, jobs)
        after = files_of(open_snapshot(folder / "out"))
        written = sorted(name for inode, name in after.items() if inode not in before)
        print(f"{_told(found)}; files of tables written: {', '.join(written) or 'none'}")


def measure_new_documents(folder: Path, jobs: int, rounds: int) -> None:
    """Nights with some new documents, beside the same documents alone."""
    print(f"\n## {NEW} new documents (at most 1.2 × alone + 10 s)\n")
    for _ in range(rounds):
        count = _count(folder)
        write_documents(folder / "in", range(count, count + NEW))
        with tempfile.TemporaryDirectory() as scratch:
            write_documents(Path(scratch) / "in", range(count, count + NEW))
            time.sleep(2.5)
            alone = night(Path(scratch), jobs)
        grown = night(folder, jobs)
        limit = 1.2 * alone.seconds + 10
        print(f"alone: {_told(alone)}\ninto the archive: {_told(grown)}; limit {limit:.1f} s")


def measure_memory(documents: int, jobs: int) -> None:
    """Memory over a long run of small documents through the real stages."""
    print(f"\n## Memory over {documents} documents, real stages (last tenth within 10 % of the second)\n")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_documents(folder / "in", range(documents))
        scales = Scales()
        ingest(settings_of(folder, jobs), watcher=scales)
    for who, weights in zip(("parent", "heaviest child"), zip(*scales.weights, strict=True), strict=True):
        shown = " ".join(f"{weight:.0f}" for weight in weights)
        print(f"{who}: {shown} MB; last over second {weights[-1] / weights[1]:.3f}")


def _told(found: Night) -> str:
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in found.stages.items())
    return f"{found.seconds:.1f} s (CPU {found.cpu:.1f} s: {parts}), {found.peak:.0f} MB"


def main() -> None:
    """Builds the archive and prints what each night took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000, help="documents of the archive")
    parser.add_argument("--archive", type=Path, default=Path(tempfile.gettempdir()) / "chithi-nights")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2, help="nights of each kind")
    parser.add_argument("--memory", type=int, default=2000, help="documents of the run that is weighed; 0: none")
    parser.add_argument("--renew", action="store_true", help="make the archive anew")
    parser.add_argument("--one-night", type=Path, help=argparse.SUPPRESS)
    chosen: Any = parser.parse_args()
    if chosen.one_night:
        one_night(chosen.one_night, chosen.jobs)
        return
    if chosen.documents:
        if chosen.renew:
            shutil.rmtree(chosen.archive, ignore_errors=True)
        build(chosen.archive, chosen.documents, chosen.jobs)
        measure_quiet_nights(chosen.archive, chosen.jobs, chosen.rounds)
        measure_new_documents(chosen.archive, chosen.jobs, chosen.rounds)
    if chosen.memory:
        measure_memory(chosen.memory, chosen.jobs)


if __name__ == "__main__":
    main()
