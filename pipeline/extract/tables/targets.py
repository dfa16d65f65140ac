"""Targets in tables of indicators: a heading row names years and units, a row names the indicator, cells hold numbers.

`layouts` reads the headings of all tables of a document once; `row_numbers` reads one row by the layout of its table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.extract.quantities.finding import Quantity
from pipeline.extract.quantities.numbers import NumberHabit, find_numbers
from pipeline.extract.quantities.units import Unit, UnitRules
from pipeline.extract.tables.cells import (
    IN_BRACKETS,
    Cell,
    caption_unit,
    cells_of,
    column_unit,
    is_place,
    unit_of,
    written_unit,
)
from pipeline.extract.tables.headings import (
    Column,
    Layout,
    columns_of,
    heading_rows,
    layout_of,
    names_indicators,
    place_layout,
)
from pipeline.extract.targets.cues import TargetCues
from pipeline.models import Document, ParagraphRole

_DITTO = re.compile(r'["”“\'’〃-]{1,4}|nt|-nt-|//', re.IGNORECASE)
_COMPARATOR_CELL = re.compile(
    r"\s{0,2}(?:[<>≥≤~≈]=?|trên|dưới|từ|khoảng|đạt|giảm|tăng|còn|ít nhất|tối thiểu|không quá|hơn|\()?\s{0,2}",
    re.IGNORECASE,
)
_TAIL_CELL = re.compile(r"\s{0,2}(?:trở lên|trở xuống|\)|[.;,])?\s{0,2}", re.IGNORECASE)
_MARKER = re.compile(
    r"\s{0,2}(?:(?P<mark>[-–+*•])|(?P<number>\(?(?:\d{1,2}|[a-zđ])(?:\.\d{1,2}){0,2}[.)]))?\s{0,2}", re.IGNORECASE
)
_IN_WHICH = re.compile(r"(?:trong đó|bao gồm|gồm|chia ra|riêng)\s{0,2}[:,]?\s{0,2}[-–+]?\s{0,2}", re.IGNORECASE)
_WITH_PART = re.compile(r"(?P<whole>[^:]{2,80}?)\s{0,2}:\s{0,2}[-–+]\s{0,2}(?P<part>[^\s:].{0,80})")
_BARE = re.compile(
    r"(?:tổng )?(?:diện tích|năng suất|sản lượng|số lượng|giá trị|tổng số|trọng lượng|công suất|tỷ lệ|mới|nam|nữ|"
    r"trồng mới|đực|cái)(?: (?:bình quân|gieo trồng|cả năm|thu hoạch|cho sản phẩm))?",
    re.IGNORECASE,
)
_DEPTH = {"-": 20, "–": 20, "•": 20, "+": 30, "*": 40}
_WORDS_OF_A_PART = 4
"""A part of so few words says what it is of only with the row above: `- Đàn trâu`."""


@dataclass(frozen=True, slots=True)
class RowNumber:
    """One number of a row: what it measures and what its column says of it."""

    quantity: Quantity
    column: Column
    indicator: str
    indicator_start: int
    scope: str | None

    def measures_as(self, other: RowNumber) -> bool:
        """Whether both numbers of a row measure the same, so that one may be the baseline of the other."""
        return self.indicator == other.indicator and (not other.column.place or self.column.place == other.column.place)


@dataclass(frozen=True, slots=True)
class RowLabel:
    """What a row is about, with the row that it is a part of, and the place that shares in that one."""

    cell: Cell
    words: str
    place: str | None = None


@dataclass(slots=True)
class TableRows:
    """The layouts of a document's tables by paragraph, its heading rows, and what rows hand on to those below them."""

    headings: set[int] = field(default_factory=set)
    layout: dict[int, Layout] = field(default_factory=dict)
    unit_above: dict[int, str] = field(default_factory=dict)
    label: dict[int, RowLabel] = field(default_factory=dict)


def layouts(document: Document, year: int | None, under_goals: Callable[[int], bool]) -> TableRows:
    """The layout of every table, by the paragraphs of its data rows. `under_goals` tells of a paragraph whether the
    headings above it say what shall be reached."""
    found = TableRows()
    previous: Layout | None = None
    for rows in _tables(document):
        cells = {n: cells_of(document, document.paragraphs[n]) for n in rows}
        caption = caption_unit(document, rows[0], cells[rows[0]])
        while rows and _is_title(cells[rows[0]]):
            rows = rows[1:]
        if not rows:
            continue
        heading = heading_rows([cells[n] for n in rows])
        top, below = [cells[n] for n in rows[:heading]], [cells[n] for n in rows[heading:]]
        layout = layout_of(top, below, year) if heading else None
        if layout is not None and names_indicators(layout, below):
            layout = place_layout(layout.columns, below, year) or layout
        if layout is None and heading and (under_goals(rows[0]) or _sets_goals(document, rows[0])):
            layout = place_layout(columns_of(top, year), below, year)
        if layout is None and previous and max(len(cells[n]) for n in rows) == len(previous.columns):
            layout, heading = previous, 0
        if layout is not None and caption is not None and layout.unit is None:
            layout = replace(layout, caption_unit=caption)
        previous = layout
        if layout:
            found.headings.update(rows[:heading])
            _fill(found, layout, [(n, cells[n]) for n in rows[heading:]])
    return found


def _is_title(cells: Sequence[Cell]) -> bool:
    """Whether a row is one cell above the headings: the table's title, its unit."""
    filled = [c for c in cells if c.text]
    return len(cells) == 1 or (len(filled) == 1 and filled[0].span >= len(cells) > 1)


def _tables(document: Document) -> Iterator[list[int]]:
    """The row numbers of each table: rows that follow each other and belong to one table of a page."""
    run: list[int] = []
    for number, paragraph in enumerate(document.paragraphs):
        if paragraph.role is not ParagraphRole.TABLE_ROW and "\t" not in paragraph.text:
            if run and paragraph.role is not ParagraphRole.NOISE:
                yield run
                run = []
            continue
        last = document.paragraphs[run[-1]].table if run else None
        if run and last is not None and paragraph.table is not None and last[:2] != paragraph.table[:2]:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _sets_goals(document: Document, first: int) -> bool:
    """Whether the words before a table, its section's heading or the document's title hand out targets."""
    section = document.section_of(document.paragraphs[first])
    heading = section.heading if section else None
    before = next((p.text for p in reversed(document.paragraphs[max(0, first - 3) : first]) if "\t" not in p.text), "")
    return TargetCues.load().weight("heading", f"{document.header.title or ''} {heading or ''} {before[-240:]}") > 0


def _fill(found: TableRows, layout: Layout, rows: Sequence[tuple[int, Sequence[Cell]]]) -> None:
    unit = ""
    above: list[tuple[int, str]] = []
    for number, cells in rows:
        found.layout[number] = layout
        own = next((c.text for c in cells if c.column == layout.unit), "")
        if own and not _DITTO.fullmatch(own):
            unit = own
        found.unit_above[number] = unit if own else ""
        cell = _label(layout, cells)
        if cell is not None:
            found.label[number] = _read_label(cell, cells, above)


def _read_label(cell: Cell, cells: Sequence[Cell], above: list[tuple[int, str]]) -> RowLabel:
    """The label of a row; `above` are the rows that it may be a part of, with their depths; it is kept up to date."""
    marker = _MARKER.match(cell.text)
    words = cell.text[marker.end() :] if marker else cell.text
    in_which = _IN_WHICH.match(words)
    words = words[in_which.end() :] if in_which else words
    depth = _depth(marker, cells[0].text if cells[0] is not cell else "", above)
    if in_which and depth < _DEPTH["-"]:
        depth = _DEPTH["-"]
    with_part = _WITH_PART.fullmatch(words)
    while above and above[-1][0] >= depth:
        above.pop()
    whole = above[-1][1] if above else ""
    if not words.strip():
        return RowLabel(cell, whole)
    if with_part:
        above.append((depth, with_part["whole"]))
        return RowLabel(cell, f"{with_part['whole']} - {with_part['part']}")
    place = words if whole and is_place(words) else None
    if place:
        return RowLabel(cell, whole, place)
    bare = _BARE.fullmatch(IN_BRACKETS.sub("", words).strip()) is not None
    few = depth >= _DEPTH["-"] and len(words.split()) < _WORDS_OF_A_PART
    if not words.isupper():
        above.append((depth, f"{whole} - {words}" if bare and whole else words))
    whole = IN_BRACKETS.sub("", whole).strip()
    return RowLabel(cell, f"{whole} - {words}" if whole and (bare or few or in_which) else words)


def _depth(marker: re.Match[str] | None, index: str, above: Sequence[tuple[int, str]]) -> int:
    """How deep a row lies: by its dash, by the dots of its number, else as deep as the last row without a dash."""
    if marker is not None and marker["mark"]:
        return _DEPTH[marker["mark"]]
    number = (marker["number"] if marker is not None else None) or index
    number = number.strip(" ().")
    if number in _DEPTH:
        return _DEPTH[number]
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){0,3}", number):
        return 2 + number.count(".")
    if re.fullmatch(r"[a-zđ]", number):
        return 10
    if re.fullmatch(r"[IVX]{1,5}|[A-ZĐ]", number):
        return 1
    return max([depth for depth, _ in above if depth < _DEPTH["-"]], default=2)


def _label(layout: Layout, cells: Sequence[Cell]) -> Cell | None:
    label = next((c for c in cells if c.column == layout.indicator and c.text), None)
    if label is not None and re.search(r"[^\W\d_]{2}", label.text):
        return label
    return next((c for c in cells if re.search(r"[^\W\d_]{3}", c.text) and c.column != layout.unit), None)


def row_numbers(document: Document, rows: TableRows, index: int, habit: NumberHabit) -> Iterator[RowNumber]:
    """The numbers of a data row, in order; nothing where the row has no indicator."""
    layout, label = rows.layout[index], rows.label.get(index)
    if label is None:
        return
    bracket = unit_of(label.words)
    indicator = IN_BRACKETS.sub("", label.words).strip() if bracket else label.words
    row_unit = column_unit(rows.unit_above[index]) if rows.unit_above.get(index) else None
    for cell in cells_of(document, document.paragraphs[index]):
        if cell.column >= len(layout.columns) or cell.column in (label.cell.column, layout.unit):
            continue
        column = layout.columns[cell.column]
        if column.role not in ("target", "result", "change", "growth"):
            continue
        unit = column.unit or row_unit or bracket or layout.caption_unit
        if column.role in ("change", "growth") and not column.unit:
            unit = written_unit("%") if "%" in column.heading else None
        quantity = _cell_quantity(document.paragraphs[index].text, cell, habit, unit)
        if quantity and layout.place_rows:
            yield RowNumber(quantity, column, column.measure or column.heading, label.cell.start, label.cell.text)
        elif quantity:
            named = " ".join(indicator.split())
            yield RowNumber(quantity, column, named, label.cell.start, column.place or label.place)


def _cell_quantity(text: str, cell: Cell, habit: NumberHabit, unit: Unit | None) -> Quantity | None:
    whole = text[cell.start : cell.end]
    number = next(find_numbers(whole, habit), None)
    if number is None or _COMPARATOR_CELL.fullmatch(whole, 0, number.start) is None:
        return None
    own = UnitRules.load().after(whole, number.end)
    end = own.end if own and own.rule else number.end
    if _TAIL_CELL.fullmatch(whole, end) is None:
        return None
    start = cell.start + number.start
    return Quantity(
        start, cell.start + end, start, cell.start + number.end, number.value, number.upper, number.total,
        own if own and own.rule else unit, number.doubtful,
    )  # fmt: skip
