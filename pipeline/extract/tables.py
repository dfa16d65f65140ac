"""Targets in tables of indicators: a heading row names years and units, a row names the indicator, cells hold numbers.

`layouts` reads the headings of all tables of a document once; `row_numbers` reads one row by the layout of its table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.extract.cues import TargetCues
from pipeline.extract.numbers import NumberHabit, find_numbers
from pipeline.extract.quantities import Quantity
from pipeline.extract.table_cells import IN_BRACKETS, Cell, caption_unit, cells_of, unit_of, written_unit
from pipeline.extract.table_headings import (
    Column,
    Layout,
    columns_of,
    heading_rows,
    layout_of,
    names_indicators,
    place_layout,
)
from pipeline.extract.units import Unit, UnitRules
from pipeline.models import Document, ParagraphRole

_DITTO = re.compile(r'["”“\'’〃-]{1,4}|nt|-nt-|//', re.IGNORECASE)
_COMPARATOR_CELL = re.compile(
    r"\s{0,2}(?:[<>≥≤~≈]=?|trên|dưới|từ|khoảng|đạt|giảm|tăng|còn|ít nhất|tối thiểu|không quá|hơn|\()?\s{0,2}",
    re.IGNORECASE,
)
_TAIL_CELL = re.compile(r"\s{0,2}(?:trở lên|trở xuống|\)|[.;,])?\s{0,2}", re.IGNORECASE)
_SUB = re.compile(r"\s{0,2}(?:[-+*•]|trong đó)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowNumber:
    """One number of a row: what it measures and what its column says of it."""

    quantity: Quantity
    column: Column
    indicator: str
    indicator_start: int
    scope: str | None


@dataclass(slots=True)
class TableRows:
    """The layouts of a document's tables by paragraph, its heading rows, and what rows hand on to those below them."""

    headings: set[int] = field(default_factory=set)
    layout: dict[int, Layout] = field(default_factory=dict)
    unit_above: dict[int, str] = field(default_factory=dict)
    parent: dict[int, str] = field(default_factory=dict)


def layouts(document: Document, year: int | None) -> TableRows:
    """The layout of every table, by the paragraphs of its data rows."""
    found = TableRows()
    previous: Layout | None = None
    for rows in _tables(document):
        cells = {n: cells_of(document, document.paragraphs[n]) for n in rows}
        caption = caption_unit(document, rows[0], cells[rows[0]])
        if len(cells[rows[0]]) == 1:
            rows = rows[1:]
        if not rows:
            continue
        heading = heading_rows([cells[n] for n in rows])
        top, below = [cells[n] for n in rows[:heading]], [cells[n] for n in rows[heading:]]
        layout = layout_of(top, year) if heading else None
        if layout is not None and names_indicators(layout, below):
            layout = place_layout(layout.columns, below) or layout
        if layout is None and heading and _sets_goals(document, rows[0]):
            layout = place_layout(columns_of(top, year), below)
        if layout is None and previous and max(len(cells[n]) for n in rows) == len(previous.columns):
            layout, heading = previous, 0
        if layout is not None and caption is not None and layout.unit is None:
            layout = replace(layout, caption_unit=caption)
        previous = layout
        if layout:
            found.headings.update(rows[:heading])
            _fill(found, layout, [(n, cells[n]) for n in rows[heading:]])
    return found


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
    unit = parent = ""
    for number, cells in rows:
        found.layout[number] = layout
        own = next((c.text for c in cells if c.column == layout.unit), "")
        if own and not _DITTO.fullmatch(own):
            unit = own
        found.unit_above[number] = unit if own else ""
        found.parent[number] = parent
        label = _label(layout, cells)
        if label is not None and not _SUB.match(label.text):
            parent = label.text


def _label(layout: Layout, cells: Sequence[Cell]) -> Cell | None:
    label = next((c for c in cells if c.column == layout.indicator and c.text), None)
    if label is not None and re.search(r"[^\W\d_]{2}", label.text):
        return label
    return next((c for c in cells if re.search(r"[^\W\d_]{3}", c.text) and c.column != layout.unit), None)


def row_numbers(document: Document, rows: TableRows, index: int, habit: NumberHabit) -> Iterator[RowNumber]:
    """The numbers of a data row, in order; nothing where the row has no indicator."""
    layout = rows.layout[index]
    cells = cells_of(document, document.paragraphs[index])
    label = _label(layout, cells)
    if label is None:
        return
    indicator = re.sub(r"^(?:[-+*•]|\(?\d{1,2}(?:\.\d{1,2}){0,2}[.)])\s{0,2}", "", label.text)
    bracket = unit_of(indicator)
    if bracket:
        indicator = IN_BRACKETS.sub("", indicator).strip()
    if _SUB.match(label.text) and rows.parent.get(index) and len(indicator.split()) < 4:
        indicator = f"{IN_BRACKETS.sub('', rows.parent[index]).strip()} - {indicator}"
    row_unit = written_unit(rows.unit_above[index]) if rows.unit_above.get(index) else None
    for cell in cells:
        if cell.column >= len(layout.columns) or cell is label or cell.column == layout.unit:
            continue
        column = layout.columns[cell.column]
        if column.role not in ("target", "result", "change"):
            continue
        quantity = _cell_quantity(
            document.paragraphs[index].text, cell, habit, row_unit or bracket or column.unit or layout.caption_unit
        )
        if quantity:
            scope = column.heading if layout.by_place else label.text if layout.place_rows else None
            named = IN_BRACKETS.sub("", column.heading) if layout.place_rows else indicator
            yield RowNumber(quantity, column, " ".join(named.split()), label.start, scope)


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
