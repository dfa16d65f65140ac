"""Pages as chithi reads them, before restoration: printed and damaged ones, and real scans. What was read is kept.

A reading is found again by the content of the page and the version of what reads, in `benchmarks/work`.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2 as pdfium
from rapidfuzz.distance import Levenshtein

from benchmarks.measuring import ROOT
from benchmarks.printed_pages import make_samples
from benchmarks.reading import read_ours
from pipeline.models import LineRole, Page
from pipeline.read.pictures.picture import Picture, page_picture
from pipeline.run.versions import versions_of
from pipeline.settings import ReadSettings, Settings
from pipeline.vietnamese import strip_marks

STORE = ROOT / "benchmarks" / "work" / "pages"
_ALIKE = 0.5  # share of its letters that a misread word keeps, marks apart


@dataclass(frozen=True)
class ReadPages:
    """The pages of one document as they were read, and what is printed on them."""

    pages: tuple[Page, ...]
    meant: str


def damaged_pages(lines: Sequence[str], level: str, pages: int, seed: int) -> Iterator[ReadPages]:
    """Paragraphs printed and damaged at one level (`benchmarks.printed_pages`), a document for each page."""
    for sample in make_samples(lines, level, pages, seed):
        if not sample.cells:
            height, width = sample.pixels.shape[:2]
            picture = Picture(sample.pixels, width * 72 / sample.dpi, height * 72 / sample.dpi)
            yield ReadPages((_read(picture),), "\n".join(sample.lines))


def scanned_pages(folder: Path) -> Iterator[tuple[str, ReadPages]]:
    """The real scans that have gold text, by name. The gold has no stamps: lines that the reader takes for such are
    left out."""
    settings = ReadSettings()
    for gold in sorted((folder / "gold" / "text").glob("*.txt")):
        if (path := next((folder / "scans").glob(f"{gold.stem}*.pdf"), None)) is None:
            continue
        document = pdfium.PdfDocument(str(path))
        pictures = [page_picture(sheet, settings.ocr_dpi, settings.max_pixels) for sheet in document]
        pages = tuple(
            replace(without_stamps(_read(picture)), number=number) for number, picture in enumerate(pictures, start=1)
        )
        document.close()
        yield gold.stem, ReadPages(pages, gold.read_text(encoding="utf-8"))


def without_stamps(page: Page) -> Page:
    """A page without the lines that are no part of any sentence."""
    stamps = [(line.start, line.end + 1) for line in page.lines if line.role is LineRole.STAMP]
    if not stamps:
        return page

    def kept(start: int, end: int) -> bool:
        return not any(begin <= start and end <= stop for begin, stop in stamps)

    def moved(place: int) -> int:
        return place - sum(min(place, stop) - begin for begin, stop in stamps if begin < place)

    return replace(
        page,
        text_raw="".join(c for at, c in enumerate(page.text_raw) if kept(at, at + 1)),
        lines=tuple(
            replace(x, start=moved(x.start), end=moved(x.end)) for x in page.lines if x.role is not LineRole.STAMP
        ),
        words=tuple(replace(w, start=moved(w.start), end=moved(w.end)) for w in page.words if kept(w.start, w.end)),
        tables=(),
    )


def _read(picture: Picture) -> Page:
    what = (versions_of(Settings()).read, picture.pixels.shape, picture.width, picture.height)
    path = STORE / f"{hashlib.sha256(repr(what).encode() + picture.pixels.tobytes()).hexdigest()}.pickle"
    if path.is_file():
        kept: Page = pickle.loads(path.read_bytes())
        return kept
    page = read_ours(picture, ReadSettings())
    STORE.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(page))
    part.replace(path)
    return page


def mendable_errors(read: Sequence[str], meant: Sequence[str]) -> int:
    """How many of the wrong words text alone can mend: those read as something like them, in letters.

    Blanks may be lost or added. The rest are words for which nothing was read, stamps, handwriting, figures and signs.
    """
    found = 0
    for first, last in _errors(read, meant):
        printed = meant[first[1] : last[1]]
        seen_letters, printed_letters = _letters(read[first[0] : last[0]]), _letters(printed)
        if any(c.isdigit() for word in printed for c in word) or seen_letters == printed_letters:
            continue
        alike = Levenshtein.normalized_similarity(
            strip_marks("".join(seen_letters)), strip_marks("".join(printed_letters))
        )
        if alike >= _ALIKE:
            found += max(last[0] - first[0], last[1] - first[1])
    return found


def _errors(read: Sequence[str], meant: Sequence[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where both differ: the places in both at which a difference begins and ends."""
    begin = (0, 0)
    for block in Levenshtein.opcodes(list(read), list(meant)):
        if block.tag == "equal":
            if begin != (block.src_start, block.dest_start):
                yield begin, (block.src_start, block.dest_start)
            begin = (block.src_end, block.dest_end)
    if begin != (len(read), len(meant)):
        yield begin, (len(read), len(meant))


def _letters(words: Sequence[str]) -> list[str]:
    """The words without their signs, those of signs alone left out."""
    return [letters for word in words if (letters := "".join(c for c in word if c.isalpha()))]
