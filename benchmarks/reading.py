"""Reading against raw tesseract on damaged pages: `python -m benchmarks.reading [--pages N] [--shared FOLDER]`.

The full form is `--pages 20 --peer`; fewer pages are for daily use. `--peer` reads the same pages with OCRmyPDF, too
(`--deskew --clean`; `make setup-peer` installs it). What these programs read is kept in `benchmarks/work` and found
again by content: only the first pages of a level (`--timed`) are read by raw tesseract each time, right beside chithi,
for the ratio of wall times. `--levels landscape sideways 100dpi 600dpi` reads pages of other shapes, `--levels grain`
pages so full of noise that raw tesseract takes minutes for one. `--memory` measures the most memory that a worker needs
for a page of A4 at 600 dpi instead.

Pages are printed from the text of the composed documents in `tests/gold/corpus/text`, in three fonts and more, and
damaged at five levels (`benchmarks.printed_pages`). With `--shared` the scans of that folder are read too that have
gold text. Both readers run one page after the other with one thread; raw tesseract reads the picture as it is, brought
to 300 dpi (`-l vie --psm 4`). The second reader is loaded once for each process, before the clock starts.

`--numbers` prints text full of invented numbers (`benchmarks.number_text`) instead, `--show` every number of it that
was read wrongly, and `--alone` leaves the other programs out.

`line error`: edit distance of every printed line to the best line or pair of lines that was read, over all letters.
`numbers`: printed words with a figure that were read exactly, in their line; of the others chithi doubts those whose
word has a confidence below 0.5. `cells`: numeric cells of tables.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from rapidfuzz.distance import Levenshtein

from benchmarks.measuring import cpu_seconds
from benchmarks.number_text import NumberTally, paragraphs_of_numbers
from benchmarks.printed_pages import LEVELS, SHAPES, Sample, fonts, make_samples, print_page, print_table
from benchmarks.rivals import MISSING_CLEAN_UP, MISSING_PEER, peer_program, read_peer, read_raw
from benchmarks.tables import Tally as CellTally
from benchmarks.tables import score as score_cells
from pipeline.models import Page
from pipeline.read.assemble import PageFacts
from pipeline.read.pictures.picture import Picture, page_picture
from pipeline.read.recognition.ocr import read_picture
from pipeline.read.recognition.second import second_reader
from pipeline.settings import ReadSettings
from pipeline.vietnamese import one_tone_style

ROOT = Path(__file__).resolve().parent.parent
TEXT = ROOT / "tests" / "gold" / "corpus" / "text"


@dataclass(slots=True)
class Tally:
    """What one reader did on one level."""

    letters: int = 0
    wrong_letters: int = 0
    numbers: int = 0
    right_numbers: int = 0
    cpu: float = 0.0

    def add_text(self, printed: Sequence[str], read: str) -> None:
        """Scores the lines of one page."""
        lines = [" ".join(one_tone_style(line).split()) for line in read.splitlines() if line.strip()]
        lines += [f"{a} {b}" for a, b in pairwise(lines)]
        for line in printed:
            wanted = " ".join(one_tone_style(line).split())
            best = min(lines, key=lambda other: Levenshtein.distance(wanted, other), default="")
            self.letters += len(wanted)
            self.wrong_letters += min(len(wanted), Levenshtein.distance(wanted, best))
            numbers, found = _numbers(wanted), _numbers(best)
            self.numbers += numbers.total()
            self.right_numbers += (numbers & found).total()


def _numbers(line: str) -> Counter[str]:
    return Counter(word for word in line.split() if any(c.isdigit() for c in word))


@dataclass(slots=True)
class Level:
    """All readers on one level. Ratios are of pages that both have just read, `pairs`, in turn."""

    name: str
    pages: int = 0
    ours: Tally = field(default_factory=Tally)
    raw: Tally = field(default_factory=Tally)
    peer: Tally = field(default_factory=Tally)
    numbers: NumberTally = field(default_factory=NumberTally)
    cells: CellTally = field(default_factory=CellTally)
    pairs: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read: `peer` is the program of OCRmyPDF, `timed` the pages of a level that raw tesseract reads anew.

    `alone` leaves both out.
    """

    settings: ReadSettings
    peer: str | None = None
    timed: int = 4
    alone: bool = False


def read_ours(picture: Picture, settings: ReadSettings) -> Page:
    """The picture as chithi reads it, before restoration."""
    return read_picture(picture, PageFacts(1, "ocr", picture.width, picture.height), settings)


def run_level(name: str, samples: Sequence[Sample], plan: Plan) -> Level:
    """All readers on the pages of one level."""
    level = Level(name)
    for sample in samples:
        height, width = sample.pixels.shape[:2]
        points = 72 / sample.dpi
        picture = Picture(sample.pixels, width * points, height * points)
        if sample.cells:  # what raw tesseract gives of a table has no cells: it is not timed against them either
            score_cells(level.cells, sample.cells, read_ours(picture, plan.settings))
            continue
        ours, raw, peer = read_page(level, picture, sample.dpi, plan)
        level.ours.add_text(sample.lines, ours.text_raw)
        level.numbers.add_page(sample.lines, ours)
        if raw is not None:
            level.raw.add_text(sample.lines, raw)
        if peer is not None:
            level.peer.add_text(sample.lines, peer)
    return level


def read_page(level: Level, picture: Picture, dpi: float, plan: Plan) -> tuple[Page, str | None, str | None]:
    """What all readers make of one page; the level counts it and their time."""
    raw = None if plan.alone else read_raw(picture, dpi, fresh=level.pages < plan.timed)
    began, cpu = time.perf_counter(), cpu_seconds()
    ours = read_ours(picture, plan.settings)
    wall = time.perf_counter() - began
    level.ours.cpu += cpu_seconds() - cpu
    level.pages += 1
    if raw is None:
        return ours, None, None
    level.raw.cpu += raw.cpu
    if raw.wall is not None:
        level.pairs.append((wall, raw.wall))
    if plan.peer is None:
        return ours, raw.text, None
    peer = read_peer(plan.peer, picture, dpi)
    level.peer.cpu += peer.cpu
    return ours, raw.text, peer.text


def shared_scans(folder: Path, plan: Plan) -> Iterator[Level]:
    """The real scans that have gold text."""
    for gold in sorted((folder / "gold" / "text").glob("*.txt")):
        path = next((folder / "scans").glob(f"{gold.stem}*.pdf"), None)
        if path is None:
            continue
        level = Level(f"scan {gold.stem}")
        read: list[tuple[Page, str | None, str | None]] = []
        document = pdfium.PdfDocument(str(path))
        for index in range(len(document)):
            picture = page_picture(document[index], plan.settings.ocr_dpi, plan.settings.max_pixels)
            read.append(read_page(level, picture, 72 / picture.points_per_pixel, plan))
        document.close()
        lines = [line for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
        level.ours.add_text(lines, "\n".join(ours.text_raw for ours, _, _ in read))
        if not plan.alone:
            level.raw.add_text(lines, "\n".join(raw or "" for _, raw, _ in read))
        if plan.peer is not None:
            level.peer.add_text(lines, "\n".join(peer or "" for _, _, peer in read))
        yield level


HEADING = (
    "| pages of | pages | line error | raw tesseract | OCRmyPDF | numbers right | raw | OCRmyPDF "
    "| wrong numbers doubted | cells right | wrong cells doubted "
    "| cpu s a page | cpu ratio to raw | to OCRmyPDF | wall ratio to raw |\n"
    f"|---|{'--:|' * 14}"
)


def row_of(level: Level) -> str:
    """One row of the table."""
    ours, raw, peer, numbers, cells = level.ours, level.raw, level.peer, level.numbers, level.cells
    paired = [sum(times) for times in zip(*level.pairs, strict=True)]
    shown = [
        level.name,
        str(level.pages),
        *(_percent(reader.wrong_letters, reader.letters) for reader in (ours, raw, peer)),
        *(_percent(reader.right_numbers, reader.numbers) for reader in (ours, raw, peer)),
        f"{numbers.doubted} of {len(numbers.wrong)}" if numbers.numbers else "",
        f"{_percent(cells.right, cells.cells)} of {cells.cells}" if cells.cells else "",
        f"{cells.doubted} of {len(cells.wrong)}" if cells.cells else "",
        f"{ours.cpu / max(1, level.pages):.1f}",
        f"{ours.cpu / raw.cpu:.2f}" if raw.cpu else "",
        f"{ours.cpu / peer.cpu:.2f}" if peer.cpu else "",
        f"{paired[0] / paired[1]:.2f} ({len(level.pairs)} pages)" if paired else "",
    ]
    return f"| {' | '.join(shown)} |"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else ""


def most_memory() -> float:
    """The most memory (MB) of a process of its own that reads a text page and a table of A4 at 600 dpi in colour."""
    code = (
        "import sys, numpy, resource; from benchmarks.reading import read_ours;"
        "from pipeline.read.pictures.picture import Picture;"
        "from pipeline.settings import ReadSettings;"
        "[read_ours(Picture(numpy.load(p), 595.0, 842.0), ReadSettings()) for p in sys.argv[1:]];"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    font, size = fonts()[0]
    text = paragraphs_of_corpus()
    pages = [print_page(text, font, size)[0], print_table(random.Random(1), font, size)[0]]
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, page in enumerate(pages):
            sheet = np.full((3508, 2480), 255, np.uint8)
            sheet[: page.shape[0], : page.shape[1]] = page[:3508, :2480]
            large = cv2.cvtColor(cv2.resize(sheet, None, fx=2, fy=2), cv2.COLOR_GRAY2RGB)
            large[2000:2400, 2000:2400, 1:] = large[2000:2400, 2000:2400, 1:] // 2
            paths.append(str(Path(folder) / f"{number}.npy"))
            np.save(paths[-1], large)
        result = subprocess.run(
            [sys.executable, "-c", code, *paths], capture_output=True, text=True, check=True, cwd=ROOT
        )
    return int(result.stdout) / 1024


def paragraphs_of_corpus() -> list[str]:
    """All paragraphs of the composed documents."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(TEXT.glob("*.txt")))
    return [line for text in texts for line in text.replace("\t", " ").splitlines() if line.strip()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(description="Reading against raw tesseract on damaged pages.")
    parser.add_argument("--pages", type=int, default=4, help="pages of text a level (default: 4)")
    parser.add_argument("--levels", nargs="*", choices=[*LEVELS, *SHAPES], default=list(LEVELS))
    parser.add_argument("--shared", type=Path, help="folder with scans/ and gold/text/ to read as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--numbers", action="store_true", help="print text full of invented numbers")
    parser.add_argument("--show", action="store_true", help="print every number of text that was read wrongly")
    parser.add_argument("--alone", action="store_true", help="read with chithi only")
    parser.add_argument("--peer", action="store_true", help="read with OCRmyPDF, too")
    parser.add_argument("--timed", type=int, default=4, help="pages a level that raw tesseract reads anew (default: 4)")
    parser.add_argument("--memory", action="store_true", help="measure memory at 600 dpi, and nothing else")
    options = parser.parse_args(arguments)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    settings = ReadSettings()
    second_reader(settings.language)
    if options.memory:
        print(f"most memory of a worker, A4 at 600 dpi in colour: {most_memory():.0f} MB")
        return 0
    plan = Plan(settings, peer_program() if options.peer else None, options.timed, options.alone)
    if options.peer and plan.peer is None:
        print(MISSING_PEER, file=sys.stderr)
    elif options.peer and shutil.which("unpaper") is None:
        print(MISSING_CLEAN_UP, file=sys.stderr)
    paragraphs = paragraphs_of_numbers(options.seed) if options.numbers else paragraphs_of_corpus()
    print(HEADING)
    for name in options.levels:
        level = run_level(name, make_samples(paragraphs, name, options.pages, options.seed), plan)
        print(row_of(level), flush=True)
        for text, read, confidence in level.numbers.wrong if options.show else ():
            print(f"    {text!r} read {read!r} {confidence:.2f}")
    for level in shared_scans(options.shared, plan) if options.shared else ():
        print(row_of(level), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
