"""What the columns of a table hold, by its heading rows (`rules/table_columns.toml`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Literal

from pipeline.extract.quantities.comparators import ComparatorRules
from pipeline.extract.quantities.units import Unit
from pipeline.extract.tables.cells import (
    IN_BRACKETS,
    YEAR,
    Cell,
    bare_number,
    heads_places,
    is_place,
    mostly_numbers,
    mostly_places,
    unit_of,
    written_unit,
)
from pipeline.models import Comparator
from pipeline.rulebook import RuleFile, VerbatimRule, problems_with
from pipeline.times.periods import find_periods

ColumnRole = Literal["index", "indicator", "unit", "target", "result", "change", "growth", "other"]

MAX_HEADING_ROWS = 5
MAX_COLUMNS = 200
_COLUMN_NUMBERS = re.compile(r"\(?\d{1,2}\)?(?:\s?=\s?[\d()/*x+:-]{1,20})?|[A-D]")
_PLAN_WORDS = re.compile(
    r"(?<!\w)(?:chỉ tiêu giao|(?:tỉnh|huyện|xã|tw|trung ương) giao|kế hoạch|chỉ tiêu|mục tiêu|phấn đấu|dự kiến|giao|"
    r"thực hiện|ước|năm|tháng|quý|đến|hết|cuối|đầu|kh|ct|th|ưth|nq|trong đó|\d{1,4})(?!\w)|[^\w%‰/]",
    re.IGNORECASE,
)
_IN_WHICH = re.compile(r"^(?:trong đó|riêng|bao gồm)\s?:?\s(?=\S)", re.IGNORECASE)
_SO_FAR = re.compile(r"(?:đến|tính đến|hết)(?: hết)?(?: ngày| tháng)? \d{1,2}(?:[/-]\d{1,2})?[/-]20\d\d", re.IGNORECASE)
_STILL = re.compile(r"mục tiêu|phấn đấu|dự kiến", re.IGNORECASE)
_LAST_YEAR = re.compile(r"\s(?:(?:trong|đến|cuối) )?(?:năm )?(?:19|20)\d\d$", re.IGNORECASE)
_SHARED_OUT = re.compile(
    r"(?:trong đó|chia (?:ra|theo|cho)|phân (?:theo|bổ|cho)|giao (?:cho )?(?:các|từng))", re.IGNORECASE
)
_CARRIED_OUT = re.compile(
    r"đạt|hoàn thành|(?<!\w)(?:th|thực hiện)(?: năm)?(?: \d{4})?\s?(?:/|so với)\s?(?:kh|kế hoạch|ct|chỉ tiêu)",
    re.IGNORECASE,
)
_PART_OF_YEAR = re.compile(
    r"(?:quý (?:IV|I{1,3}|[1-4])|tháng \d{1,2}|(?:6|sáu) tháng (?:đầu|cuối)(?: năm)?|cả năm)(?:[/ ](?:năm )?20\d\d)?",
    re.IGNORECASE,
)


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
    """One column: its whole heading and its cells from above, what it holds, the year, unit and place that it names."""

    heading: str
    role: ColumnRole
    year: int | None = None
    unit: Unit | None = None
    parts: tuple[str, ...] = ()
    place: str | None = None

    @property
    def measure(self) -> str:
        """What the heading says but for plan, year and unit: `Trồng rừng` of `Trồng rừng (ha) KH 2012`."""
        bare = (_IN_WHICH.sub("", _without_limit(IN_BRACKETS.sub("", part).strip())[0]) for part in self.parts)
        return " ".join(" ".join(part for part in bare if _PLAN_WORDS.sub("", part).strip("/")).split())

    @property
    def comparator(self) -> Comparator:
        """How the heading bounds its numbers: `Số vụ năm 2013 không vượt quá`."""
        return _without_limit(IN_BRACKETS.sub("", self.heading).strip())[1]


@dataclass(frozen=True)
class Layout:
    """A table of indicators. `place_rows` is true where its rows are places and its columns indicators. `caption_unit`
    is the one that stands over it."""

    columns: tuple[Column, ...]
    indicator: int
    unit: int | None
    place_rows: bool = False
    caption_unit: Unit | None = None

    @cached_property
    def unlike(self) -> bool:
        """Whether goals stand in columns of unlike units in a table of indicators, and results in none."""
        units = {c.unit.dimension if c.unit else None for c in self.columns if c.role == "target"}
        return len(units) > 1 and not self.place_rows and all(c.role != "result" for c in self.columns)


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
    return _without_old_plans(_without_passing_year([_column(tuple(w), year) for w in words], year))


def layout_of(heading: Sequence[Sequence[Cell]], rows: Sequence[Sequence[Cell]], year: int | None) -> Layout | None:
    """The layout of a table under heading rows; None where no column holds targets or results."""
    columns = columns_of(heading, year)
    if not columns:
        return None
    named = [n for n, c in enumerate(columns) if c.role == "indicator"]
    indicator = named[0] if named else 1 if columns[0].role == "index" else 0
    unit = next((n for n, c in enumerate(columns) if c.role == "unit" and not _holds_places(n, rows)), None)
    columns = [
        replace(c, role="other") if c.role == "indicator" and n != indicator else c for n, c in enumerate(columns)
    ]
    places = [n for n, c in enumerate(columns) if c.place]
    if len(places) > 1 and not any(c.role in ("target", "result") for c in columns):
        columns = [replace(c, role="target") if n in places else c for n, c in enumerate(columns)]
    if not any(c.role in ("target", "result") for c in columns):
        return None
    if any(c.role == "target" for c in columns):
        columns = [replace(c, role="target") if c.role == "other" and _is_share(c) else c for c in columns]
    return Layout(tuple(columns), indicator, unit)


def _is_share(column: Column) -> bool:
    """Whether a column holds the part of a target that falls to a place or to a part of the year."""
    last = column.parts[-1] if column.parts else ""
    return _PART_OF_YEAR.fullmatch(last) is not None or (column.place is not None and column.place in last)


def _column(parts: tuple[str, ...], year: int | None) -> Column:
    heading = " ".join(parts)
    role = ColumnRules.load().role_of(" ".join(IN_BRACKETS.sub("", p) if unit_of(p) else p for p in parts))
    years = [int(y) for y in YEAR.findall(heading)]
    named = max(years) if years else None
    if role is None:
        role = "other"
        if named is not None and year is not None:
            role = "target" if named >= year else "result"
    units = (unit_of(part) for part in reversed(parts))
    return Column(heading, role, named, next((u for u in units if u), None), parts, _place_of(parts))


def _place_of(parts: Sequence[str]) -> str | None:
    """The place that a column is for: by its name, or whatever stands under `Chia ra các xã`."""
    named = next((part for part in reversed(parts) if is_place(part)), None)
    if named or len(parts) < 2:
        return named
    above = any(_SHARED_OUT.match(p) and re.search(r"xã|huyện|đơn vị|địa phương|thôn|phường", p) for p in parts[:-1])
    own = parts[-1]
    return own if above and own[:1].isupper() and ColumnRules.load().role_of(own) is None else None


def _without_limit(words: str) -> tuple[str, Comparator]:
    """A heading without the year and the comparator that it ends with, and the comparator."""
    found = ComparatorRules.load().before(words, len(words))
    words = words[: found[1]].rstrip() if found else words
    return _LAST_YEAR.sub("", words) or words, found[0].comparator if found else "="


def _without_passing_year(columns: list[Column], year: int | None) -> list[Column]:
    """The columns, that of the year of issue a result beside a later one that alone is bounded: `Số vụ năm 2012 | Số
    vụ năm 2013 không vượt quá`."""
    bounded = [c for c in columns if c.comparator != "=" and c.year and year and c.year > year]
    rules = ColumnRules.load()
    return [
        replace(c, role="result")
        if bounded and c.year == year and c.comparator == "=" and rules.role_of(c.heading) is None
        else c
        for c in columns
    ]


def _without_old_plans(columns: list[Column]) -> list[Column]:
    """The columns, a plan no target where the table also says what came of it: `KH 2023 | TH 2023 | KH 2024`. What came
    of it up to some day leaves the goal for the rest of the year: `Đã giải ngân đến 25/9/2024 | Mục tiêu năm 2024`."""
    done = {c.year for c in columns if c.role == "result"}
    so_far = {c.year for c in columns if c.role == "result" and _SO_FAR.search(c.heading)}
    later = any(c.role == "target" and c.year not in done for c in columns)
    judged = any(c.role == "change" and _CARRIED_OUT.search(c.heading) for c in columns)
    old = done if later or judged else done - {None}
    return [
        replace(c, role="other")
        if c.role == "target" and c.year in old and not (c.year in so_far and _STILL.match(c.heading) and not judged)
        else c
        for c in columns
    ]


def _holds_places(column: int, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a column of units by its heading (`Đơn vị`) holds the names of places or offices."""
    texts = [c.text for r in rows for c in r if c.column == column and c.text]
    return sum(1 for t in texts if written_unit(t) is None and (is_place(t) or t.istitle())) * 2 > len(texts) > 0


def names_indicators(layout: Layout, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows are places and the columns of numbers say more than `Kế hoạch năm 2024`."""
    targets = [c for c in layout.columns if c.role == "target"]
    return (
        layout.unit is None
        and not any(c.place for c in targets)
        and _label_of_places(layout.columns, rows) is not None
        and all(len(c.measure.split()) > 1 for c in targets)
    )


def place_layout(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], year: int | None) -> Layout | None:
    """The layout of a table whose rows are places and whose columns are indicators."""
    label = _label_of_places(columns, rows)
    if label is None:
        return None
    numeric = {n for n in range(len(columns)) if mostly_numbers([c.text for r in rows for c in r if c.column == n])}
    made = [_measured(c, year) if n in numeric and n != label else c for n, c in enumerate(columns)]
    said = any(c.role == "result" or (len(c.parts) > 1 and c.role == "target") for c in made)
    if not said:
        made = [
            replace(c, role="target") if n in numeric and n != label and c.role == "other" and _is_goal(c) else c
            for n, c in enumerate(made)
        ]
    return Layout(tuple(made), label, None, place_rows=True) if any(c.role == "target" for c in made) else None


def _is_goal(column: Column) -> bool:
    return ColumnRules.load().role_of(column.heading) in (None, "indicator", "growth")


def _measured(column: Column, year: int | None) -> Column:
    """A column of an indicator: its lowest heading says whether it is planned, and growth is what is measured."""
    if len(column.parts) > 1 and column.role in ("change", "growth", "target", "result"):
        role = _column(column.parts[-1:], year).role
        if role in ("target", "result", "change"):
            return replace(column, role=role)
    return replace(column, role="other") if column.role == "growth" else column


def _label_of_places(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> int | None:
    texts = [[c.text for r in rows for c in r if c.column == n] for n in range(len(columns))]
    named = next((n for n, own in enumerate(texts) if mostly_places(own)), None)
    if named is not None:
        return named
    return next(
        (
            n
            for n, own in enumerate(texts)
            if heads_places(columns[n].heading)
            and not mostly_numbers(own)
            and all(t[:1].isupper() and len(t.split()) < 8 and written_unit(t) is None for t in own if t)
        ),
        None,
    )


def column_days(column: Column, year: int | None) -> tuple[dt.date, dt.date] | None:
    """The period that a column's heading names; `year` is the one of a quarter without one."""
    heading = column.heading
    if not column.year and year and column.parts and _PART_OF_YEAR.fullmatch(column.parts[-1]):
        heading = f"{column.parts[-1]} năm {year}"
    named = [p for p in find_periods(heading, column.year or year) if not p.against]
    if named:
        return named[-1].first, named[-1].last
    return (dt.date(column.year, 1, 1), dt.date(column.year, 12, 31)) if column.year else None
