"""The cells of a table's rows, and what a cell holds: a bare number, a place, a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
_SO_MANY = re.compile(r"(?P<count>1(?:0{2,3}|\.000))\s(?=[^\W\d])")
_UNKNOWN_UNIT = re.compile(r"[^\W\d][^\d,;:]{0,30}")


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


def unit_in_cell(words: str) -> Unit | None:
    """What a cell of a column of units holds: a known unit, so many of one (`1.000 cây`), or its words as they are."""
    words = " ".join(words.split())
    many = _SO_MANY.match(words)
    count = float(many["count"].replace(".", "")) if many else 1.0
    known = written_unit(words[many.end() :] if many else words)
    if known is None:
        bare = _UNKNOWN_UNIT.fullmatch(words) is not None
        return Unit(0, len(words), words, None, "count", None, None, 1.0, None) if bare else None
    if not many:
        return known
    name = f"{count:g} {known.canonical}"
    return replace(known, end=len(words), text=words, factor=count * known.factor, canonical=name)


def caption_unit(document: Document, first: int, cells: Sequence[Cell]) -> Unit | None:
    """The unit that a line right above a table, or its first row, gives for all of it: `ĐVT: triệu đồng`."""
    own = cells[0].text if len(cells) == 1 else ""
    before = [p.text for p in document.paragraphs[max(0, first - 2) : first] if "\t" not in p.text]
    for words in (own, *reversed(before)):
        match = _CAPTION_UNIT.search(words[-120:])
        if match:
            return written_unit(match["unit"])
    return None
