"""Targets in tables of indicators: a heading row names years and units, a row names the indicator, cells hold numbers.

`layouts` reads the headings of all tables of a document once (`rules/table_columns.toml`); `row_numbers` reads one row
by the layout of its table.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Literal

from pipeline.extract.cues import TargetCues
from pipeline.extract.numbers import NumberHabit, find_numbers
from pipeline.extract.quantities import Quantity
from pipeline.extract.units import Unit, UnitRules
from pipeline.models import Document, Paragraph, ParagraphRole
from pipeline.rulebook import Rule, RuleFile
from pipeline.times.periods import find_periods

ColumnRole = Literal["index", "indicator", "unit", "target", "result", "change", "other"]

MAX_HEADING_ROWS = 5
MAX_COLUMNS = 200
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COLUMN_NUMBERS = re.compile(r"\(?\d{1,2}\)?(?:\s?=\s?[\d()/*x+:-]{1,20})?|[A-D]")
_IN_BRACKETS = re.compile(r"\(\s?(?:đvt\s?:?\s?)?(?P<unit>[^()]{1,40})\)\s{0,3}$", re.IGNORECASE)
_DITTO = re.compile(r'["”“\'’〃-]{1,4}|nt|-nt-|//', re.IGNORECASE)
_INDEX_CELL = re.compile(r"\(?(?:[IVX]{1,5}|\d{1,3}(?:\.\d{1,3}){0,3}|[a-zđA-Z])\)?[.)]?|[-+*•]")
_COMPARATOR_CELL = re.compile(
    r"\s{0,2}(?:[<>≥≤~≈]=?|trên|dưới|từ|khoảng|đạt|giảm|tăng|còn|ít nhất|tối thiểu|không quá|hơn|\()?\s{0,2}",
    re.IGNORECASE,
)
_TAIL_CELL = re.compile(r"\s{0,2}(?:trở lên|trở xuống|\)|[.;,])?\s{0,2}", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tp\.?|tt\.?|thôn|bản|"
    r"toàn (?:huyện|tỉnh|xã)|tổng (?:số|cộng))(?!\w)",
    re.IGNORECASE,
)
_CAPTION_UNIT = re.compile(
    r"\(?\s?(?:đvt|đ\.v\.t|đơn vị(?: tính)?|đv tính)\s?:\s?(?P<unit>[^():;\t]{1,40})\)?[\s.]{0,3}$", re.IGNORECASE
)
_PLAN_WORDS = re.compile(r"(?:kế hoạch|chỉ tiêu|mục tiêu|giao|thực hiện|ước|năm|kh|th|nq|\W|\d)+", re.IGNORECASE)
_SUB = re.compile(r"\s{0,2}(?:[-+*•]|trong đó)", re.IGNORECASE)


class ColumnRule(Rule):
    """Headings of one kind of column."""

    role: ColumnRole
    pattern: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, whatever the case."""
        return re.compile(self.pattern, re.IGNORECASE)


class ColumnRules(RuleFile):
    """`rules/table_columns.toml`."""

    file_name: ClassVar[str] = "table_columns.toml"

    column: tuple[ColumnRule, ...]

    def role_of(self, heading: str) -> ColumnRole | None:
        """The role of a column with that heading; None where no rule knows it."""
        words = " ".join(heading.split())[:200]
        return next((rule.role for rule in self.column if rule.compiled.search(words)), None)

    def check_examples(self) -> list[str]:
        """Each example has the rule's role, no counter-example has."""
        problems = []
        for rule in self.column:
            for wanted, examples in ((True, rule.examples), (False, rule.counter_examples)):
                for example in examples:
                    if (self.role_of(example) == rule.role) != wanted:
                        verb = "does not match" if wanted else "matches"
                        problems.append(f"{self.file_name}: rule {rule.id!r} {verb} {example!r}")
        return problems


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its whole heading, what it holds, the year and unit that the heading names."""

    heading: str
    role: ColumnRole
    year: int | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A table of indicators. `by_place` is true where its number columns are places that share out one target,
    `place_rows` where its rows are places and its columns indicators. `caption_unit` is the one that stands over it."""

    columns: tuple[Column, ...]
    indicator: int
    unit: int | None
    by_place: bool = False
    place_rows: bool = False
    caption_unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """`text[start:end]` of its row, over `span` columns from `column` on."""

    column: int
    start: int
    end: int
    text: str
    span: int = 1


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


def layouts(document: Document, year: int | None) -> TableRows:
    """The layout of every table, by the paragraphs of its data rows."""
    found = TableRows()
    previous: Layout | None = None
    for rows in _tables(document):
        cells = {n: cells_of(document, document.paragraphs[n]) for n in rows}
        caption = _caption_unit(document, rows[0], cells[rows[0]])
        if len(cells[rows[0]]) == 1:
            rows = rows[1:]
        if not rows:
            continue
        heading = _heading_rows([cells[n] for n in rows])
        top, below = [cells[n] for n in rows[:heading]], [cells[n] for n in rows[heading:]]
        layout = _layout(top, year) if heading else None
        if layout is not None and _names_indicators(layout, below):
            layout = _place_rows(layout.columns, below) or layout
        if layout is None and heading and _sets_goals(document, rows[0]):
            layout = _place_rows(_columns(top, year), below)
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


def _heading_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top are heading: up to the first with a number in a column of its own."""
    for count, cells in enumerate(rows[: MAX_HEADING_ROWS + 1]):
        filled = [c for c in cells if c.text]
        if len(filled) > 2 and all(_COLUMN_NUMBERS.fullmatch(c.text) for c in filled):
            return count + 1
        numbers = [c for c in filled[1:] if _bare_number(c.text)]
        if numbers and any(re.search(r"[^\W\d_]{3}", c.text) for c in filled):
            return count
    return 0


def _bare_number(text: str) -> bool:
    return bool(re.fullmatch(r"[<>≥≤~ ]{0,3}\d[\d.,/ –-]{0,24}(?:%|‰)?", text)) and not _YEAR.fullmatch(text)


def _caption_unit(document: Document, first: int, cells: Sequence[Cell]) -> Unit | None:
    """The unit that a line right above a table, or its first row, gives for all of it: `ĐVT: triệu đồng`."""
    own = cells[0].text if len(cells) == 1 else ""
    before = [p.text for p in document.paragraphs[max(0, first - 2) : first] if "\t" not in p.text]
    for words in (own, *reversed(before)):
        match = _CAPTION_UNIT.search(words[-120:])
        if match:
            return written_unit(match["unit"])
    return None


def _names_indicators(layout: Layout, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows are places and the columns of numbers say more than `Kế hoạch năm 2024`."""
    labels = [c.text for r in rows for c in r if c.column == layout.indicator]
    headings = [c.heading for c in layout.columns if c.role == "target"]
    return (
        layout.unit is None
        and not layout.by_place
        and _mostly_places(labels)
        and all(len(_PLAN_WORDS.sub(" ", _IN_BRACKETS.sub("", h)).split()) > 1 for h in headings)
    )


def _sets_goals(document: Document, first: int) -> bool:
    """Whether the words before a table, its section's heading or the document's title hand out targets."""
    section = document.section_of(document.paragraphs[first])
    heading = section.heading if section else None
    before = next((p.text for p in reversed(document.paragraphs[max(0, first - 3) : first]) if "\t" not in p.text), "")
    return TargetCues.load().weight("heading", f"{document.header.title or ''} {heading or ''} {before[-240:]}") > 0


def _place_rows(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Layout | None:
    """The layout of a table whose rows are places and whose columns are indicators."""
    label = next(
        (n for n in range(len(columns)) if _mostly_places([c.text for r in rows for c in r if c.column == n])), None
    )
    if label is None:
        return None
    numeric = {n for n in range(len(columns)) if _mostly_numbers([c.text for r in rows for c in r if c.column == n])}
    made = tuple(
        Column(c.heading, "target", c.year, c.unit) if n in numeric and n != label and c.role == "other" else c
        for n, c in enumerate(columns)
    )
    return Layout(made, label, None, place_rows=True) if any(c.role == "target" for c in made) else None


def _mostly_places(texts: Sequence[str]) -> bool:
    filled = [t for t in texts if t]
    return bool(filled) and 2 * sum(bool(_PLACE.match(t)) for t in filled) > len(filled)


def _mostly_numbers(texts: Sequence[str]) -> bool:
    filled = [t for t in texts if t]
    return bool(filled) and 2 * sum(_bare_number(t) for t in filled) > len(filled)


def _columns(heading: Sequence[Sequence[Cell]], year: int | None) -> list[Column]:
    """The columns under heading rows; none where the table is too narrow or too wide for one."""
    width = max((c.column + c.span for cells in heading for c in cells), default=0)
    if not 2 <= width <= MAX_COLUMNS:
        return []
    words: list[list[str]] = [[] for _ in range(width)]
    for row, cells in enumerate(heading):
        if all(_COLUMN_NUMBERS.fullmatch(c.text) for c in cells if c.text):
            continue
        above = ""
        for cell in sorted(cells, key=lambda c: c.column):
            above = cell.text or (above if row == 0 and len(heading) > 1 else "")
            for column in range(cell.column, cell.column + cell.span):
                if above:
                    words[column].append(above)
    return [_column(" ".join(w), year) for w in words]


def _layout(heading: Sequence[Sequence[Cell]], year: int | None) -> Layout | None:
    columns = _columns(heading, year)
    if not columns:
        return None
    named = [n for n, c in enumerate(columns) if c.role == "indicator"]
    indicator = named[0] if named else 1 if columns[0].role == "index" else 0
    unit = next((n for n, c in enumerate(columns) if c.role == "unit"), None)
    columns = [
        Column(c.heading, "other", c.year, c.unit) if c.role == "indicator" and n != indicator else c
        for n, c in enumerate(columns)
    ]
    places = [n for n, c in enumerate(columns) if _PLACE.match(c.heading)]
    by_place = len(places) > 1 and not any(c.role in ("target", "result") for c in columns)
    if by_place:
        columns = [Column(c.heading, "target", c.year, c.unit) if n in places else c for n, c in enumerate(columns)]
    if not any(c.role in ("target", "result") for c in columns):
        return None
    return Layout(tuple(columns), indicator, unit, by_place)


def _column(heading: str, year: int | None) -> Column:
    role = ColumnRules.load().role_of(heading)
    years = [int(y) for y in _YEAR.findall(heading)]
    named = max(years) if years else None
    if role is None:
        role = "other"
        if named is not None and year is not None:
            role = "target" if named >= year else "result"
    return Column(heading, role, named, unit_of(heading))


def unit_of(words: str) -> Unit | None:
    """The unit in brackets at the end of a heading or an indicator, or the unit that the words are."""
    bracket = _IN_BRACKETS.search(words)
    return written_unit(bracket["unit"]) if bracket else None


def written_unit(words: str) -> Unit | None:
    """The unit that a cell or bracket holds."""
    words = " ".join(words.split())
    unit = UnitRules.load().after(words, 0)
    return unit if unit and unit.end >= len(words) - 1 and unit.rule else None


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
        indicator = _IN_BRACKETS.sub("", indicator).strip()
    if _SUB.match(label.text) and rows.parent.get(index) and len(indicator.split()) < 4:
        indicator = f"{_IN_BRACKETS.sub('', rows.parent[index]).strip()} - {indicator}"
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
            named = _IN_BRACKETS.sub("", column.heading) if layout.place_rows else indicator
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


def column_days(column: Column) -> tuple[dt.date, dt.date] | None:
    """The period that a column's heading names."""
    named = [p for p in find_periods(column.heading) if not p.against]
    if named:
        return named[-1].first, named[-1].last
    return (dt.date(column.year, 1, 1), dt.date(column.year, 12, 31)) if column.year else None
