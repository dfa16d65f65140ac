"""What isolation, cache and publishing cost beside the bare stages, and what a second core brings.

    python -m benchmarks.throughput [--copies N] [--many-copies N] [--rounds N] [--kinds scans text] [--jobs 2]

- overhead: processor seconds of a whole run, of everything that it starts, over those of one process that takes the
  same files through the stages and keeps nothing; and the same of wall seconds. A run is the command `ingest`, nothing
  less.
- efficiency: wall seconds of a whole run with one child over those with two, which would be 2 at best.
- raw tesseract: wall seconds of `xargs -P` with one tesseract a page on the same images over those of a run; and what
  a second core brings to it, which is what the machine itself allows.

The overhead is measured with N and with 2 N copies of each scan, or N and 2 N times 48 texts that all differ (stages
remember what comes again). The difference is what documents cost in the middle of a night; what is left is what it
takes to begin and to publish, which a night pays once. Both are told, and the runs as they are. All that is compared
takes turns of some seconds (`benchmarks/turns.py`), since the same work takes a third longer or shorter from one minute
to the next. Processor seconds bear it that others use the machine; wall seconds do not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import pypdfium2 as pdfium

from benchmarks.distinct_texts import write_distinct_texts
from benchmarks.measuring import ROOT
from benchmarks.turns import Spent, spent_in_turns

CORPUS = ROOT / "corpus"
SCANS = ("09-*.pdf", "12-*.pdf", "13-*.pdf", "15-*.jpg")
LIMITS = {"scans": 0.05, "text": 0.15}
_DPI = 300
_MORE = 2  # times as many copies, for the second measurement
_TEXTS = 48  # that count as much as a copy of the scans
_NOTHING = Spent(0.0, 0.0)


def fill(folder: Path, kind: str, copies: int) -> Path:
    """Files of a kind, no two of one content: scans are copies with an end of their own."""
    if kind == "text":
        return write_distinct_texts(folder, copies * _TEXTS)
    folder.mkdir()
    for path in sorted(p for pattern in SCANS for p in CORPUS.glob(pattern)):
        for copy in range(copies):
            (folder / f"{path.stem}-{copy}{path.suffix}").write_bytes(path.read_bytes() + b"\n" + b" " * copy + b"\n")
    return folder


def run_of(folder: Path, output: Path, jobs: int = 1) -> list[str]:
    """The command that reads a folder into tables."""
    what = ["-m", "pipeline", "ingest", str(folder), "--output", str(output), "--jobs", str(jobs), "--quiet"]
    return [sys.executable, *what]


def stages_of(folder: Path) -> list[str]:
    """The command of one process that takes the files through the stages."""
    return [sys.executable, "-m", "benchmarks.throughput", "--stages", str(folder)]


def take_through_stages(folder: Path) -> None:
    """Nothing but the stages, one file after the other."""
    from pipeline.discover import discover
    from pipeline.run.document import process
    from pipeline.settings import Settings

    settings = Settings(input=folder, output=folder.parent / "nothing")
    for source in discover(folder, settings).sources:
        process(source, settings)


def measure_overhead(kind: str, copies: int, rounds: int) -> None:
    """Prints what a run costs over the bare stages, in processor and in wall seconds."""
    bare, whole = Growth(_NOTHING, _NOTHING), Growth(_NOTHING, _NOTHING)
    with tempfile.TemporaryDirectory() as scratch:
        few, many = (fill(Path(scratch) / f"{n}", kind, n) for n in (copies, _MORE * copies))
        for number in range(rounds):
            outputs = [Path(scratch) / f"{number}-{folder.name}" for folder in (few, many)]
            found = spent_in_turns(
                {
                    "bare few": stages_of(few),
                    "run few": run_of(few, outputs[0]),
                    "bare many": stages_of(many),
                    "run many": run_of(many, outputs[1]),
                }
            )
            one_bare, one_whole = (Growth(found[f"{who} few"], found[f"{who} many"]) for who in ("bare", "run"))
            bare, whole = bare.plus(one_bare), whole.plus(one_whole)
            for which in ("cpu", "wall"):
                seconds = {name: f"{getattr(spent, which):.1f}" for name, spent in found.items()}
                print(
                    f"  {kind}, {which} seconds: bare {seconds['bare few']} and {seconds['bare many']}, "
                    f"run {seconds['run few']} and {seconds['run many']}",
                    flush=True,
                )
    for name, of in (("processor", "cpu"), ("wall", "wall")):
        stages, run = bare.of(of), whole.of(of)
        print(
            f"overhead on {kind}, {name} seconds: {run.middle / stages.middle - 1:+.1%} in the middle of a night (at "
            f"most {LIMITS[kind]:.0%}), {run.many / stages.many - 1:+.1%} of whole runs; to begin and to publish takes "
            f"{(run.once - stages.once) / rounds:.1f} s more"
        )
    print()


def measure_efficiency(copies: int, rounds: int, jobs: int) -> None:
    """Prints what more children bring, and how a run compares with tesseract alone, in wall seconds."""
    speedups, shares, allowed = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        folder = fill(Path(scratch) / "scans", "scans", copies)
        images = render(folder.iterdir(), folder.with_name("images"))
        for _ in range(rounds):
            found = spent_in_turns(
                {
                    "one": run_of(folder, Path(scratch) / "one"),
                    "many": run_of(folder, Path(scratch) / "many", jobs),
                    "raw one": tesseract_on(images, 1),
                    "raw many": tesseract_on(images, jobs),
                }
            )
            wall = {name: spent.wall for name, spent in found.items()}
            speedups.append(wall["one"] / wall["many"])
            shares.append(wall["raw many"] / wall["many"])
            allowed.append(wall["raw one"] / wall["raw many"])
            print(
                f"  {len(images)} pages: JOBS=1 {wall['one']:.1f} s, JOBS={jobs} {wall['many']:.1f} s, "
                f"tesseract under xargs -P 1 {wall['raw one']:.1f} s, -P {jobs} {wall['raw many']:.1f} s",
                flush=True,
            )
            for name in ("one", "many"):
                shutil.rmtree(Path(scratch) / name)
    print(f"speed with JOBS={jobs} over JOBS=1: {median(speedups):.2f} (1.85 for two)")
    print(f"speed of raw tesseract under xargs -P {jobs} over -P 1, what the machine allows: {median(allowed):.2f}")
    print(f"throughput over raw tesseract: {median(shares):.2f} (at least 0.9)")


class Seconds(NamedTuple):
    """Seconds of one kind for some copies of the files, and for `_MORE` times as many."""

    few: float
    many: float

    @property
    def middle(self) -> float:
        """Seconds for the copies that there are more of."""
        return self.many - self.few

    @property
    def once(self) -> float:
        """Seconds that any number of files takes besides."""
        return self.few - self.middle / (_MORE - 1)


class Growth(NamedTuple):
    """What was spent on some copies of the files, and on `_MORE` times as many."""

    few: Spent
    many: Spent

    def plus(self, other: Growth) -> Growth:
        """Both together, which tells more than either where others use the machine."""
        return Growth(*(Spent(a.wall + b.wall, a.cpu + b.cpu) for a, b in zip(self, other, strict=True)))

    def of(self, which: str) -> Seconds:
        """The seconds of one kind: `cpu` or `wall`."""
        return Seconds(*(getattr(spent, which) for spent in self))


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


def tesseract_on(images: list[Path], jobs: int) -> list[str]:
    """The command that reads images with nothing but tesseract, one process a page, `jobs` at a time."""
    listed = images[0].parent.with_suffix(".list")
    listed.write_bytes(b"\0".join(os.fsencode(image) for image in images))
    one_page = ["tesseract", "{}", "{}", "-l", "vie", "--psm", "4", "quiet"]
    return ["env", "OMP_THREAD_LIMIT=1", "xargs", "-0", "-a", str(listed), "-P", str(jobs), "-I{}", *one_page]


def main() -> None:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=2, help="copies of each scan, and 48 texts for each")
    parser.add_argument("--many-copies", type=int, default=20, help="copies of each scan, for wall seconds")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kinds", nargs="*", default=["scans", "text"], choices=list(LIMITS))
    parser.add_argument("--no-efficiency", action="store_true", help="leave out what needs a machine of its own")
    parser.add_argument("--stages", type=Path, help=argparse.SUPPRESS)
    chosen: Any = parser.parse_args()
    if chosen.stages:
        take_through_stages(chosen.stages)
        return
    os.environ["CHITHI_RUN__SETTLE_SECONDS"] = "0"
    for kind in chosen.kinds:
        measure_overhead(kind, chosen.copies, chosen.rounds)
    if not chosen.no_efficiency:
        measure_efficiency(chosen.many_copies, chosen.rounds, chosen.jobs)


if __name__ == "__main__":
    main()
