"""What isolation, cache and publishing cost beside the bare stages, and what a second core brings.

    python -m benchmarks.throughput [--copies N] [--rounds N] [--kinds scans text] [--jobs 2]

- overhead: processor seconds of a whole run, of everything that it starts, over those of one process that takes the
  same files through the stages and keeps nothing. Both are measured with N and with 2 N copies of each file: the
  difference is what a document costs, without what it costs to begin.
- efficiency: wall seconds of a run with one child over those with two, each of which would be 2 at best.
- raw tesseract: pages a second of a run over those of `xargs -P` with one tesseract a page on the same images.

Processor seconds bear it that others use the machine; wall seconds do not, so they are taken in pairs in turn.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2 as pdfium

from benchmarks.measuring import ROOT, cost_of
from pipeline.discover import discover
from pipeline.run.document import process
from pipeline.run.ingest import ingest
from pipeline.settings import RunSettings, Settings

CORPUS, TEXTS = ROOT / "corpus", ROOT / "tests" / "gold" / "corpus" / "text"
SCANS = ("09-*.pdf", "12-*.pdf", "13-*.pdf", "15-*.jpg")
LIMITS = {"scans": 0.05, "text": 0.15}
_DPI = 300


def fill(folder: Path, kind: str, copies: int) -> Path:
    """Copies of the files of a kind, each with an end of its own, so that no two are one content."""
    folder.mkdir()
    originals = [p for pattern in SCANS for p in CORPUS.glob(pattern)] if kind == "scans" else TEXTS.glob("*.txt")
    for path in sorted(originals):
        for copy in range(copies):
            (folder / f"{path.stem}-{copy}{path.suffix}").write_bytes(path.read_bytes() + b"\n" + b" " * copy + b"\n")
    return folder


def command(what: str, folder: Path, jobs: int = 1) -> list[str]:
    """This module as a process of its own that does one thing."""
    return [sys.executable, "-m", "benchmarks.throughput", "--do", what, str(folder), "--jobs", str(jobs)]


def do(what: str, folder: Path, jobs: int) -> None:
    """Takes the files through the bare stages, or through a whole run."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(input=folder, output=Path(scratch), run=RunSettings(jobs=jobs, settle_seconds=0.0))
        if what == "run":
            ingest(settings)
            return
        for source in discover(folder, settings).sources:
            process(source, settings)


def measure_overhead(kind: str, copies: int, rounds: int) -> None:
    """Prints what a run costs over the bare stages."""
    ratios, begin = [], []
    with tempfile.TemporaryDirectory() as scratch:
        folders = [fill(Path(scratch) / f"{n}", kind, n) for n in (copies, 2 * copies)]
        for _ in range(rounds):
            cpu = {(what, n): cost_of(command(what, folders[n])).cpu for what in ("stages", "run") for n in (0, 1)}
            bare, whole = (cpu[what, 1] - cpu[what, 0] for what in ("stages", "run"))
            ratios.append(whole / bare - 1)
            begin.append(cpu["run", 0] - whole)
            print(f"  {kind}: bare {bare:.1f} s, run {whole:.1f} s of CPU; overhead {ratios[-1]:+.1%}", flush=True)
    limit = LIMITS[kind]
    print(f"overhead on {kind}: {median(ratios):+.1%} (at most {limit:.0%}); to begin takes {median(begin):.1f} s\n")


def measure_efficiency(copies: int, rounds: int, jobs: int) -> None:
    """Prints what more children bring, and how a run compares with tesseract alone."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = fill(Path(scratch) / "in", "scans", copies)
        images = render(folder.iterdir(), Path(scratch) / "images")
        speedups, shares = [], []
        for _ in range(rounds):
            one, many = (cost_of(command("run", folder, n)).seconds for n in (1, jobs))
            raw = read_raw(images, jobs)
            speedups.append(one / many)
            shares.append(raw / many)
            print(
                f"  JOBS=1 {one:.1f} s, JOBS={jobs} {many:.1f} s, tesseract under xargs -P {jobs} {raw:.1f} s",
                flush=True,
            )
    print(f"speed with JOBS={jobs} over JOBS=1 on {len(images)} pages: {median(speedups):.2f} (at least 1.85 for two)")
    print(f"throughput over raw tesseract: {median(shares):.2f} (at least 0.9)")


def render(files: Iterable[Path], folder: Path) -> list[Path]:
    """The pages of scans as images."""
    folder.mkdir()
    images = []
    for path in sorted(files):
        if path.suffix != ".pdf":
            images.append(Path(shutil.copy(path, folder)))
            continue
        with pdfium.PdfDocument(path) as document:
            for number, page in enumerate(document):
                images.append(folder / f"{path.stem}-{number}.png")
                page.render(scale=_DPI / 72, grayscale=True).to_pil().save(images[-1])
    return images


def read_raw(images: list[Path], jobs: int) -> float:
    """Seconds that tesseract takes for the images, `jobs` at a time."""
    names = "\0".join(map(str, images)).encode()
    one_page = ["tesseract", "{}", "{}", "-l", "vie", "--psm", "4"]
    words = ["env", "OMP_THREAD_LIMIT=1", "xargs", "-0", "-P", str(jobs), "-I{}", *one_page]
    started = time.perf_counter()
    subprocess.run(words, input=names, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=2, help="copies of each file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kinds", nargs="*", default=["scans", "text"], choices=list(LIMITS))
    parser.add_argument("--no-efficiency", action="store_true", help="leave out what needs a machine of its own")
    parser.add_argument("--do", nargs=2, help=argparse.SUPPRESS)
    chosen: Any = parser.parse_args()
    if chosen.do:
        do(chosen.do[0], Path(chosen.do[1]), chosen.jobs)
        return
    for kind in chosen.kinds:
        measure_overhead(kind, chosen.copies * (5 if kind == "text" else 1), chosen.rounds)
    if not chosen.no_efficiency:
        measure_efficiency(chosen.copies, chosen.rounds, chosen.jobs)


if __name__ == "__main__":
    main()
