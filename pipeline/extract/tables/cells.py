"""The cells of a table's rows, and what a cell holds: a bare number, a place, a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.extract.quantities.units import Unit, UnitRules
from pipeline.models import Document, Paragraph

_COUNT = re.compile(r"(?P<digits>1(?:00|0)?\.?000|100|10) (?=[^\W\d_])")
_UNIT_WORDS = re.compile(r"(?:\d{1,3}(?:\.000)? )?[^\W\d_][\w.,/² ³-]{0,30}")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
IN_BRACKETS = re.compile(r"\(\s?(?:đvt\s?:?\s?)?(?P<unit>[^()]{1,40})\)\s{0,3}$", re.IGNORECASE)
_KIND = re.compile(
    r"(?:(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tp\.?|tt\.?|tx\.?|thôn|bản|ấp|buôn|làng|xóm|khóm|khu phố|"
    r"tổ dân phố|khu|cụm|đặc khu|trường|phòng|ban|hội|chi hội|chi bộ|đảng bộ|công ty|đội|trạm|hợp tác xã|htx|"
    r"tiểu học|thcs|thpt|mầm non|y tế|nông dân|phụ nữ|ubnd|uỷ ban nhân dân|ủy ban nhân dân|hđnd|sở|cục|chi cục|"
    r"trung tâm|hạt|đài|văn phòng|chi nhánh|tổng công ty)\s{1,2}){1,3}",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"(?:toàn (?:huyện|tỉnh|xã|thành phố|thị xã|ngành)|(?:tổng )?cộng|"
    r"tổng (?:số|toàn|\d{1,3} (?:xã|đơn vị|huyện|phường)))(?!\w)",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"(?:tên )?(?:các )?(?:đơn vị|địa phương|địa bàn|xã|phường|huyện|thị trấn|thị xã|thành phố|quận|thôn|bản|ấp|"
    r"khu phố|tổ dân phố|trường)(?![^\W\d])"
    r"(?!\s?(?:tính|đo|chủ trì|thực hiện|phối hợp))(?:[\s,;/-]{1,3}[^\W\d_]{1,10}){0,6}",
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


def is_place(text: str) -> bool:
    """`Xã Đồng Mây`, `Trường THCS Số 2`, `Tổng số`: a place or office by its name, or all of them."""
    if _ALL.match(text):
        return True
    kind = _KIND.match(text)
    name = text[kind.end() : kind.end() + 1] if kind else ""
    return name.isupper() or name.isdigit()


def heads_places(heading: str) -> bool:
    """Whether a column's heading says that its cells are places or offices: `Xã, thị trấn`."""
    return bool(_PLACES.fullmatch(heading.strip()))


def mostly_places(texts: Sequence[str]) -> bool:
    """Whether most filled cells name a place."""
    filled = [t for t in texts if t]
    return bool(filled) and 2 * sum(map(is_place, filled)) > len(filled)


def mostly_numbers(texts: Sequence[str]) -> bool:
    """Whether most filled cells hold a number alone; a dash fills none."""
    filled = [t for t in texts if t.strip(" -–—")]
    return bool(filled) and 2 * sum(bare_number(t) for t in filled) > len(filled)


def unit_of(words: str) -> Unit | None:
    """The unit that a heading or an indicator ends with: in brackets, or `Tỷ lệ %`."""
    bracket = IN_BRACKETS.search(words)
    if bracket:
        return written_unit(bracket["unit"])
    return written_unit(words[-1]) if words[-1:] in ("%", "‰") else None


def written_unit(words: str) -> Unit | None:
    """The unit that a cell or bracket holds; `1.000 con` are thousands of them."""
    words = " ".join(words.split())
    count = _COUNT.match(words)
    if count:
        unit = written_unit(words[count.end() :])
        factor = int(count["digits"].replace(".", ""))
        return unit and replace(unit, text=words, canonical=f"{factor} {unit.canonical}", factor=unit.factor * factor)
    unit = UnitRules.load().after(words, 0)
    return unit if unit and unit.end >= len(words) - 1 and unit.rule else None


def column_unit(words: str) -> Unit | None:
    """What a cell of the column of units holds: also a unit that no rule knows."""
    words = " ".join(words.split())
    known = written_unit(words)
    if known or not _UNIT_WORDS.fullmatch(words):
        return known
    return Unit(0, len(words), words, None, "count", None, None, 1.0, None)


def caption_unit(document: Document, first: int, cells: Sequence[Cell]) -> Unit | None:
    """The unit that a line right above a table, or its first row, gives for all of it: `ĐVT: triệu đồng`."""
    own = cells[0].text if len(cells) == 1 else ""
    before = [p.text for p in document.paragraphs[max(0, first - 2) : first] if "\t" not in p.text]
    for words in (own, *reversed(before)):
        match = _CAPTION_UNIT.search(words[-120:])
        if match:
            return written_unit(match["unit"])
    return None
