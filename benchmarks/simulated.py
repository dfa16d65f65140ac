"""A simulated archive: small files, and a stand-in for the stages that makes rows of them in no time.

Everything else is real: the search for files, the plan, the children, cache and fragments, linking and publishing. So a
run over a hundred thousand documents costs what a run costs beside the reading, and no OCR.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from pipeline.models import (
    Citation,
    Document,
    DocumentResult,
    Evidence,
    Extraction,
    Footer,
    Header,
    Line,
    Page,
    RestoredPage,
    Section,
    Source,
    Target,
)
from pipeline.run.cache import StageCache
from pipeline.run.work import DocumentWork

PLACES = tuple(f"xã {first} {second}" for first in ("Đồng", "Suối", "Cồn", "Bến", "Gò") for second in "ABCDEFGHIKLMNOP")
FILES_PER_FOLDER = 500
_SECTIONS, _TARGETS, _CITATIONS = 3, 2, 3
_INDICATORS = ("tỷ lệ hộ nghèo", "thu ngân sách trên địa bàn", "diện tích rừng trồng mới", "số lao động được đào tạo")


def name_of(number: int) -> str:
    """Path of a document inside the input folder."""
    return f"{number // FILES_PER_FOLDER:04d}/{number:07d}.txt"


def write_documents(folder: Path, numbers: range) -> None:
    """Writes the files of these numbers; the first words say the number, from which everything else follows."""
    for number in numbers:
        path = folder / name_of(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(number), encoding="utf-8")


def text_of(number: int) -> str:
    """The text of a document, one section a line."""
    place, reference, _ = _identity(number)
    head = f"{number} UBND {place.upper()} Số: {reference} KẾ HOẠCH"
    sections = [f"{n}. Phấn đấu {indicator_of(number, n)} đạt {number % 97},5%." for n in range(1, _SECTIONS + 1)]
    return "\n".join([head, *sections])


def indicator_of(number: int, place: int) -> str:
    """The indicator that a section speaks of."""
    return _INDICATORS[(number + place) % len(_INDICATORS)]


def _identity(number: int) -> tuple[str, str, str]:
    """Place, reference number and date of issue of a document: each place numbers its own from 1 each year."""
    place = PLACES[number % len(PLACES)]
    year, count = 2012 + (number // len(PLACES)) % 12, number // (len(PLACES) * 12) + 1
    return place, f"{count}/KH-UBND", f"{year}-{1 + count % 12:02d}-{1 + number % 28:02d}"


class SimulatedWork(DocumentWork):
    """Makes of each file one page, three sections, two targets and three citations of earlier documents."""

    def process(self, source: Source, cache: StageCache, report: Callable[[int], None]) -> DocumentResult:
        """What every stage but linking would make of it."""
        text = source.path.read_text(encoding="utf-8")
        number = int(text.split(maxsplit=1)[0])
        document_id = f"d{source.sha256[:20]}"
        page = RestoredPage(Page(1, text, "plain", (Line(0, len(text), None, 1.0),)), text)
        cache.keep_restored(source, [page])
        report(1)
        place, reference, issued_on = _identity(number)
        header = Header(
            "Kế hoạch",
            "KH",
            reference,
            issued_on,
            place,
            f"Ủy ban nhân dân {place}",
            None,
            "commune",
            f"Kế hoạch {number}",
        )
        sections = _sections(document_id, text)
        document = Document(document_id, source, (page,), header, Footer(), (), sections)
        where = [_evidence(document_id, section) for section in sections]
        targets = tuple(
            Target(
                f"{document_id}-t{n}", where[n], indicator_of(number, n + 1), None, "=", "increase", number % 97 + 0.5,
                None, f"{number % 97},5", "%", "%", number % 97 + 0.5, "%",
            )
            for n in range(_TARGETS)
        )  # fmt: skip
        citations = tuple(_citation(document_id, where[n], n, number) for n in range(_CITATIONS))
        return DocumentResult(source, ((document, Extraction(targets=targets, citations=citations)),))


def _sections(document_id: str, text: str) -> tuple[Section, ...]:
    sections, start = [], 0
    for n, line in enumerate(text.split("\n")):
        if n:
            end = start + len(line)
            sections.append(
                Section(f"{document_id}-s{n}", None, f"{n}", f"{n}.", "decimal", 1, None, line, 1, start, end)
            )
        start += len(line) + 1
    return tuple(sections)


def _evidence(document_id: str, section: Section) -> Evidence:
    quote = section.text
    place = (section.section_id, section.page, section.span_start, section.span_end)
    return Evidence(document_id, *place, None, quote, quote, 0.9, "simulated:rule")


def _citation(document_id: str, where: Evidence, index: int, number: int) -> Citation:
    cited = random.Random(number * _CITATIONS + index).randrange(max(1, number))
    place, reference, issued_on = _identity(cited)
    issuer = f"Ủy ban nhân dân {place}"
    return Citation(f"{document_id}-c{index}", where, "Kế hoạch", reference, issued_on, issuer, None, "legal_basis")
