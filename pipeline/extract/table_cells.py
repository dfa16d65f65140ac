"""The cells of a table's rows, and what a cell holds: a bare number, a place, a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.units import Unit, UnitRules
from pipeline.models import Document, Paragraph

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
IN_BRACKETS = re.compile(r"\(\s?(?:đvt\s?:?\s?)?(?P<unit>[^()]{1,40})\)\s{0,3}$", re.IGNORECASE)
PLACE = re.compile(
    r"(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tp\.?|tt\.?|thôn|bản|"
    r"toàn (?:huyện|tỉnh|xã)|tổng (?:số|cộng))(?!\w)",
    re.IGNORECASE,
)
_CAPTION_UNIT = re.compile(
    r"\(?\s?(?:đvt|đ\.v\.t|đơn vị(?: tính)?|đv tính)\s?:\s?(?P<unit>[^():;\t]{1,40})\)?[\s.]{0,3}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cell:
    """`text[start:end]` of its row, over `span` columns from `column` on."""

    column: int
    start: int
    end: int
    text: str
    span: int = 1


def cells_of(document: Document, paragraph: Paragraph) -> list[Cell]:
    """The cells of a row, with the column where each begins."""
    cells, position = [], 0
    parts = paragraph.text.split("\t")
    columns: Sequence[tuple[int, int]] = [(n, 1) for n in range(len(parts))]
    if paragraph.table is not None:
        page, index, row = paragraph.table
        tables = next((p.page.tables for p in document.pages if p.number == page), ())
        if index < len(tables):
            printed = sorted((c for c in tables[index].cells if c.row == row), key=lambda c: c.column)
            if len(printed) != len(parts):  # a row's text has no blanks at its ends
                filled = [n for n, c in enumerate(printed) if c.end > c.start]
                printed = printed[filled[0] : filled[-1] + 1] if filled else []
            if len(printed) == len(parts):
                columns = [(c.column, c.column_span) for c in printed]
    for (column, span), part in zip(columns, parts, strict=False):
        cells.append(Cell(column, position, position + len(part), part.strip(), max(1, span)))
        position += len(part) + 1
    return cells


def bare_number(text: str) -> bool:
    """Whether a cell holds a number alone, and no year."""
    return bool(re.fullmatch(r"[<>≥≤~ ]{0,3}\d[\d.,/ –-]{0,24}(?:%|‰)?", text)) and not YEAR.fullmatch(text)


def mostly_places(texts: Sequence[str]) -> bool:
    """Whether most filled cells begin with the word of a place."""
    filled = [t for t in texts if t]
    return bool(filled) and 2 * sum(bool(PLACE.match(t)) for t in filled) > len(filled)


def mostly_numbers(texts: Sequence[str]) -> bool:
    """Whether most filled cells hold a number alone."""
    filled = [t for t in texts if t]
    return bool(filled) and 2 * sum(bare_number(t) for t in filled) > len(filled)


def unit_of(words: str) -> Unit | None:
    """The unit in brackets at the end of a heading or an indicator, or the unit that the words are."""
    bracket = IN_BRACKETS.search(words)
    return written_unit(bracket["unit"]) if bracket else None


def written_unit(words: str) -> Unit | None:
    """The unit that a cell or bracket holds."""
    words = " ".join(words.split())
    unit = UnitRules.load().after(words, 0)
    return unit if unit and unit.end >= len(words) - 1 and unit.rule else None


def caption_unit(document: Document, first: int, cells: Sequence[Cell]) -> Unit | None:
    """The unit that a line right above a table, or its first row, gives for all of it: `ĐVT: triệu đồng`."""
    own = cells[0].text if len(cells) == 1 else ""
    before = [p.text for p in document.paragraphs[max(0, first - 2) : first] if "\t" not in p.text]
    for words in (own, *reversed(before)):
        match = _CAPTION_UNIT.search(words[-120:])
        if match:
            return written_unit(match["unit"])
    return None
