"""What the columns of a table hold, by its heading rows (`rules/table_columns.toml`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pipeline.extract.table_cells import (
    IN_BRACKETS,
    PLACE,
    YEAR,
    Cell,
    bare_number,
    mostly_numbers,
    mostly_places,
    unit_of,
)
from pipeline.extract.units import Unit
from pipeline.rulebook import RuleFile, VerbatimRule, problems_with
from pipeline.times.periods import find_periods

ColumnRole = Literal["index", "indicator", "unit", "target", "result", "change", "other"]

MAX_HEADING_ROWS = 5
MAX_COLUMNS = 200
_COLUMN_NUMBERS = re.compile(r"\(?\d{1,2}\)?(?:\s?=\s?[\d()/*x+:-]{1,20})?|[A-D]")
_PLAN_WORDS = re.compile(r"(?:kế hoạch|chỉ tiêu|mục tiêu|giao|thực hiện|ước|năm|kh|th|nq|\W|\d)+", re.IGNORECASE)


class ColumnRule(VerbatimRule):
    """Headings of one kind of column."""

    role: ColumnRole


class ColumnRules(RuleFile):
    """`rules/table_columns.toml`."""

    file_name: ClassVar[str] = "table_columns.toml"

    column: tuple[ColumnRule, ...]

    def role_of(self, heading: str) -> ColumnRole | None:
        """The role of a column with that heading; None where no rule knows it."""
        words = " ".join(heading.split())[:200]
        return next((rule.role for rule in self.column if rule.regex.search(words)), None)

    def check_examples(self) -> list[str]:
        """Each example has the rule's role, no counter-example has."""
        return problems_with(self.column, lambda rule, text: self.role_of(text) == rule.role)


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


def heading_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top are heading: up to the first with a number in a column of its own."""
    for count, cells in enumerate(rows[: MAX_HEADING_ROWS + 1]):
        filled = [c for c in cells if c.text]
        if len(filled) > 2 and all(_COLUMN_NUMBERS.fullmatch(c.text) for c in filled):
            return count + 1
        numbers = [c for c in filled[1:] if bare_number(c.text)]
        if numbers and any(re.search(r"[^\W\d_]{3}", c.text) for c in filled):
            return count
    return 0


def columns_of(heading: Sequence[Sequence[Cell]], year: int | None) -> list[Column]:
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


def layout_of(heading: Sequence[Sequence[Cell]], year: int | None) -> Layout | None:
    """The layout of a table under heading rows; None where no column holds targets or results."""
    columns = columns_of(heading, year)
    if not columns:
        return None
    named = [n for n, c in enumerate(columns) if c.role == "indicator"]
    indicator = named[0] if named else 1 if columns[0].role == "index" else 0
    unit = next((n for n, c in enumerate(columns) if c.role == "unit"), None)
    columns = [
        Column(c.heading, "other", c.year, c.unit) if c.role == "indicator" and n != indicator else c
        for n, c in enumerate(columns)
    ]
    places = [n for n, c in enumerate(columns) if PLACE.match(c.heading)]
    by_place = len(places) > 1 and not any(c.role in ("target", "result") for c in columns)
    if by_place:
        columns = [Column(c.heading, "target", c.year, c.unit) if n in places else c for n, c in enumerate(columns)]
    if not any(c.role in ("target", "result") for c in columns):
        return None
    return Layout(tuple(columns), indicator, unit, by_place)


def _column(heading: str, year: int | None) -> Column:
    role = ColumnRules.load().role_of(heading)
    years = [int(y) for y in YEAR.findall(heading)]
    named = max(years) if years else None
    if role is None:
        role = "other"
        if named is not None and year is not None:
            role = "target" if named >= year else "result"
    return Column(heading, role, named, unit_of(heading))


def names_indicators(layout: Layout, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows are places and the columns of numbers say more than `Kế hoạch năm 2024`."""
    labels = [c.text for r in rows for c in r if c.column == layout.indicator]
    headings = [c.heading for c in layout.columns if c.role == "target"]
    return (
        layout.unit is None
        and not layout.by_place
        and mostly_places(labels)
        and all(len(_PLAN_WORDS.sub(" ", IN_BRACKETS.sub("", h)).split()) > 1 for h in headings)
    )


def place_layout(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Layout | None:
    """The layout of a table whose rows are places and whose columns are indicators."""
    label = next(
        (n for n in range(len(columns)) if mostly_places([c.text for r in rows for c in r if c.column == n])), None
    )
    if label is None:
        return None
    numeric = {n for n in range(len(columns)) if mostly_numbers([c.text for r in rows for c in r if c.column == n])}
    made = tuple(
        Column(c.heading, "target", c.year, c.unit) if n in numeric and n != label and c.role == "other" else c
        for n, c in enumerate(columns)
    )
    return Layout(made, label, None, place_rows=True) if any(c.role == "target" for c in made) else None


def column_days(column: Column) -> tuple[dt.date, dt.date] | None:
    """The period that a column's heading names."""
    named = [p for p in find_periods(column.heading) if not p.against]
    if named:
        return named[-1].first, named[-1].last
    return (dt.date(column.year, 1, 1), dt.date(column.year, 12, 31)) if column.year else None
