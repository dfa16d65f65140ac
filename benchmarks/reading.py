"""Reading against raw tesseract on damaged pages: `python -m benchmarks.reading [--pages N] [--shared FOLDER]`.

The full form is `--pages 20`; fewer are for daily use. `--memory` measures the most memory that a worker needs for a
page of A4 at 600 dpi instead. Where the program `ocrmypdf` (and `unpaper`, for its clean-up) is installed, `--peer`
reads the same pages with it, too (`--deskew --clean`).

Pages are printed from the text of the composed documents in `tests/gold/corpus/text`, in three fonts and more, and
damaged at five levels (`benchmarks.printed_pages`). With `--shared` the scans of that folder are read too that have
gold text. Both readers run one page after the other with one thread; raw tesseract reads the picture as it is, brought
to 300 dpi (`-l vie --psm 4`). The second reader is loaded once for each process, before the clock starts.

`line error`: edit distance of every printed line to the best line or pair of lines that was read, over all letters.
`numbers`: printed words with a figure that were read exactly, in their line. `cells`: numeric cells of tables.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import pypdfium2 as pdfium
from rapidfuzz.distance import Levenshtein

from benchmarks.printed_pages import LEVELS, Sample, fonts, make_samples, print_page, print_table
from pipeline.models import Page
from pipeline.read.assemble import PageFacts
from pipeline.read.ocr import read_picture
from pipeline.read.picture import Picture, page_picture
from pipeline.read.second import second_reader
from pipeline.settings import ReadSettings
from pipeline.vietnamese import one_tone_style

ROOT = Path(__file__).resolve().parent.parent
TEXT = ROOT / "tests" / "gold" / "corpus" / "text"
RAW_DPI = 300
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What one reader did on one level."""

    letters: int = 0
    wrong_letters: int = 0
    numbers: int = 0
    right_numbers: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    cells: int = 0
    right_cells: int = 0
    doubted: int = 0

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
    """Both readers on one level."""

    name: str
    pages: int = 0
    ours: Tally = field(default_factory=Tally)
    raw: Tally = field(default_factory=Tally)
    peer: Tally = field(default_factory=Tally)


def timed(work: Callable[[], T], tally: Tally) -> T:
    """The result of the work; its wall and processor time, children included, go to the tally."""
    wall, cpu = time.perf_counter(), _cpu()
    result = work()
    tally.wall += time.perf_counter() - wall
    tally.cpu += _cpu() - cpu
    return result


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def read_raw(picture: Picture, dpi: float) -> str:
    """The picture as raw tesseract reads it."""
    pixels = picture.pixels if picture.pixels.ndim == 2 else cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR)
    if abs(dpi - RAW_DPI) > 1:
        factor = RAW_DPI / dpi
        pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.bmp"
        cv2.imwrite(str(path), pixels)
        command = ["tesseract", str(path), "-", "-l", "vie", "--psm", "4", "--dpi", str(RAW_DPI)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def read_peer(picture: Picture, dpi: float) -> str:
    """The picture as OCRmyPDF reads it with its own clean-up."""
    pixels = picture.pixels if picture.pixels.ndim == 2 else cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR)
    with tempfile.TemporaryDirectory() as folder:
        page, text = Path(folder) / "page.png", Path(folder) / "page.txt"
        cv2.imwrite(str(page), pixels)
        clean_up = ["--deskew", "--clean"] if shutil.which("unpaper") else ["--deskew"]
        command = ["ocrmypdf", "-l", "vie", *clean_up, "--jobs", "1", "--image-dpi", str(round(dpi)), "-q"]
        command += ["--output-type", "none", "--sidecar", str(text), str(page), "-"]
        subprocess.run(command, capture_output=True, check=False)
        return text.read_text(encoding="utf-8") if text.is_file() else ""


def read_ours(picture: Picture, settings: ReadSettings) -> Page:
    """The picture as chithi reads it, before restoration."""
    return read_picture(picture, PageFacts(1, "ocr", picture.width, picture.height), settings)


def run_level(name: str, samples: Sequence[Sample], settings: ReadSettings, *, peer: bool = False) -> Level:
    """All readers on the pages of one level."""
    level = Level(name)
    for sample in samples:
        height, width = sample.pixels.shape[:2]
        points = 72 / sample.dpi
        picture = Picture(sample.pixels, width * points, height * points)
        _run_page(level, picture, sample.dpi, sample.lines, sample.cells, settings)
        if peer and not sample.cells:
            level.peer.add_text(sample.lines, timed(partial(read_peer, picture, sample.dpi), level.peer))
    return level


def _run_page(
    level: Level,
    picture: Picture,
    dpi: float,
    lines: Sequence[str],
    cells: Sequence[Sequence[str]],
    settings: ReadSettings,
) -> None:
    if cells:  # what raw tesseract gives of a table has no cells: it is not timed against them either
        score_cells(level.ours, cells, read_ours(picture, settings))
        return
    level.pages += 1
    level.raw.add_text(lines, timed(partial(read_raw, picture, dpi), level.raw))
    level.ours.add_text(lines, timed(partial(read_ours, picture, settings), level.ours).text_raw)


def score_cells(tally: Tally, rows: Sequence[Sequence[str]], page: Page) -> None:
    """Numeric cells that are exactly right, and wrong ones that say so (empty, or confidence under 0.5)."""
    found = {
        (cell.row, cell.column): (page.text_raw[cell.start : cell.end], cell.confidence)
        for table in page.tables[:1]
        for cell in table.cells
    }
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if not re.fullmatch(r"[\d.,%]+", text):
                continue
            read, confidence = found.get((row, column), ("", 0.0))
            tally.cells += 1
            tally.right_cells += read == text
            tally.doubted += read != text and (not read or confidence < 0.5)


def shared_scans(folder: Path, settings: ReadSettings) -> Iterator[Level]:
    """The real scans that have gold text."""
    for gold in sorted((folder / "gold" / "text").glob("*.txt")):
        path = next((folder / "scans").glob(f"{gold.stem}*.pdf"), None)
        if path is None:
            continue
        level = Level(f"scan {gold.stem}")
        raw: list[str] = []
        ours: list[str] = []
        document = pdfium.PdfDocument(str(path))
        for index in range(len(document)):
            picture = page_picture(document[index], settings.ocr_dpi, settings.max_pixels)
            dpi = 72 / picture.points_per_pixel
            raw.append(timed(partial(read_raw, picture, dpi), level.raw))
            ours.append(timed(partial(read_ours, picture, settings), level.ours).text_raw)
            level.pages += 1
        document.close()
        lines = [line for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
        level.raw.add_text(lines, "\n".join(raw))
        level.ours.add_text(lines, "\n".join(ours))
        yield level


HEADING = (
    "| pages of | pages | line error | raw tesseract | OCRmyPDF | numbers right | raw | cells right "
    "| wrong cells doubted | s a page | wall ratio | cpu ratio |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def row_of(level: Level) -> str:
    """One row of the table."""
    ours, raw = level.ours, level.raw
    wrong = ours.cells - ours.right_cells
    cells = [
        level.name,
        str(level.pages),
        _percent(ours.wrong_letters, ours.letters),
        _percent(raw.wrong_letters, raw.letters),
        _percent(level.peer.wrong_letters, level.peer.letters),
        _percent(ours.right_numbers, ours.numbers),
        _percent(raw.right_numbers, raw.numbers),
        f"{_percent(ours.right_cells, ours.cells)} of {ours.cells}" if ours.cells else "",
        f"{ours.doubted} of {wrong}" if ours.cells else "",
        f"{ours.wall / max(1, level.pages):.1f}",
        f"{ours.wall / raw.wall:.2f}" if raw.wall else "",
        f"{ours.cpu / raw.cpu:.2f}" if raw.cpu else "",
    ]
    return f"| {' | '.join(cells)} |"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else ""


def most_memory() -> float:
    """The most memory (MB) of a process of its own that reads a text page and a table of A4 at 600 dpi in colour."""
    code = (
        "import sys, numpy, resource; from benchmarks.reading import read_ours;"
        "from pipeline.read.picture import Picture;"
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
            large[2000:2400, 2000:2400, 1:] //= 2
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
    parser.add_argument("--levels", nargs="*", choices=list(LEVELS), default=list(LEVELS))
    parser.add_argument("--shared", type=Path, help="folder with scans/ and gold/text/ to read as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer", action="store_true", help="read with OCRmyPDF, too")
    parser.add_argument("--memory", action="store_true", help="measure memory at 600 dpi, and nothing else")
    options = parser.parse_args(arguments)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    settings = ReadSettings()
    second_reader(settings.language)
    if options.memory:
        print(f"most memory of a worker, A4 at 600 dpi in colour: {most_memory():.0f} MB")
        return 0
    paragraphs = paragraphs_of_corpus()
    print(HEADING)
    for name in options.levels:
        samples = make_samples(paragraphs, name, options.pages, options.seed)
        print(row_of(run_level(name, samples, settings, peer=options.peer)), flush=True)
    for level in shared_scans(options.shared, settings) if options.shared else ():
        print(row_of(level), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
