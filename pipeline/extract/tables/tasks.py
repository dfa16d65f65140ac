"""Tables that hand out tasks or times: which column holds the task, who leads, who cooperates, and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.extract.directives.rules import DirectiveRules
from pipeline.extract.tables.cells import Cell, cells_of
from pipeline.models import Document, Paragraph, ParagraphRole, TableCell

_MAX_HEADING = 90
_HEADING_ROWS = 3
"""A heading that names no task is one only among the first rows of its table."""

_NUMBERED = re.compile(r"\(?\d{1,3}[.)]?")
_DIGITS = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}")


@dataclass(frozen=True, slots=True)
class TaskColumns:
    """The numbers of the columns of a table of tasks, None where it has none such; `width` counts all its columns and
    `time_heading` is the heading over the times."""

    task: int | None
    lead: int | None
    cooperate: int | None
    time: int | None
    width: int
    time_heading: str = ""
    remarks: int | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row of such a table: its cells by column, and the texts of tasks that the rows above hand down to it or that
    the rows below share its time with."""

    columns: TaskColumns
    cells: tuple[Cell, ...]
    task_above: str = ""
    tasks_below: tuple[str, ...] = ()

    def at(self, column: int | None) -> Cell | None:
        """The cell that covers a column; None where there is none, or nothing in it."""
        if column is None:
            return None
        return next((c for c in self.cells if c.column <= column < c.column + c.span and c.text), None)

    def tells(self) -> tuple[Cell, ...]:
        """The cells that say what is to be done: that of the task, else all words but times, remarks and helpers."""
        task = self.at(self.columns.task)
        if self.columns.task is not None:
            return (task,) if task is not None else ()
        others = {self.columns.time, self.columns.cooperate, self.columns.remarks}
        return tuple(c for c in self.cells if c.column not in others and sum(map(str.isalpha, c.text)) > 1)


def columns_of(cells: tuple[Cell, ...], above: Mapping[str, int] | None = None) -> tuple[dict[str, int], str]:
    """The columns that a heading row names by what they hold, with those that the heading row above it names, and the
    heading over its times; none where it is no heading."""
    found: dict[str, int] = dict(above or {})
    heading = ""
    if any(len(c.text) > _MAX_HEADING for c in cells):
        return {}, ""
    for cell in cells:
        name = next((rule.column for rule in DirectiveRules.load().column if rule.regex.match(cell.text)), None)
        if name is not None and not (name == "time" and _DIGITS.search(cell.text)):
            if name == "time" and "time" not in found:
                heading = cell.text
            found.setdefault(name, cell.column)
    return found, heading


def rows_by_paragraph(document: Document) -> dict[int, TaskRow]:
    """Each row of a table of tasks, by the number of its paragraph.

    A heading holds for the rows after it, also on later pages, until rows of another width or running text come.
    """
    reader = _Reader(document)
    for index, paragraph in enumerate(document.paragraphs):
        if paragraph.role is ParagraphRole.TABLE_ROW:
            reader.row(index, paragraph)
        elif paragraph.role is not ParagraphRole.NOISE:
            reader.end()
    return reader.found


@dataclass(slots=True)
class _Reader:
    """Reads the rows of a document in order; `place` is the table of a page that it reads, `seen` counts its rows."""

    document: Document
    found: dict[int, TaskRow] = field(default_factory=dict)
    columns: TaskColumns | None = None
    named: dict[str, int] = field(default_factory=dict)
    place: tuple[int, int] | None = None
    seen: int = 0
    task: str = ""

    def end(self) -> None:
        """Running text: what comes after it has a heading of its own."""
        self.columns, self.place, self.seen, self.named = None, None, 0, {}

    def row(self, index: int, paragraph: Paragraph) -> None:
        """One row, as a heading or under one."""
        place = paragraph.table[:2] if paragraph.table else None
        cells = tuple(cells_of(self.document, paragraph))
        if place != self.place:
            self.place, self.seen, self.task = place, 0, ""
            if self.columns is not None and self._width(paragraph, cells) != self.columns.width:
                self.columns = None
        self.seen += 1
        if self._heads(paragraph, cells):
            return
        self.named = {}
        columns = self.columns
        if columns is None or (place is None and len(cells) != columns.width):
            self.columns = None
            return
        row = TaskRow(columns, cells, self.task, tuple(self._below(index, paragraph, columns)))
        self.task = "; ".join(c.text for c in row.tells()) or self.task
        self.found[index] = row

    def _heads(self, paragraph: Paragraph, cells: tuple[Cell, ...]) -> bool:
        found, heading = columns_of(cells, self.named)
        filled = [c for c in cells if c.text]
        timed = (
            "time" in found
            and "papers" not in found
            and self.seen <= _HEADING_ROWS
            and len(filled) > 1
            and not any(_NUMBERED.fullmatch(c.text) for c in filled)
        )
        if found == self.named or not (timed or ("task" in found and len(found) > 1)):
            return False
        old = self.columns.time_heading if self.named and self.columns else ""
        time = found.get("time") if "papers" not in found else None
        self.columns = TaskColumns(
            found.get("task"), found.get("lead"), found.get("cooperate"), time, self._width(paragraph, cells),
            heading or old, found.get("remarks"),
        )  # fmt: skip
        self.named, self.task = found, ""
        return True

    def _width(self, paragraph: Paragraph, cells: tuple[Cell, ...]) -> int:
        whole = _cells_of_table(self.document, paragraph)
        return max((c.column + c.column_span for c in whole), default=len(cells))

    def _below(self, index: int, paragraph: Paragraph, columns: TaskColumns) -> Iterator[str]:
        """What the rows below say whose time is the one printed in this row, over several of them."""
        if paragraph.table is None or columns.time is None:
            return
        page, table, row = paragraph.table
        whole = _cells_of_table(self.document, paragraph)
        span = next((c.row_span for c in whole if c.row == row and c.column == columns.time), 1)
        for following in self.document.paragraphs[index + 1 : index + span]:
            if following.table is None or following.table[:2] != (page, table) or following.table[2] >= row + span:
                return
            below = TaskRow(columns, tuple(cells_of(self.document, following)))
            yield from (c.text for c in below.tells())


def _cells_of_table(document: Document, paragraph: Paragraph) -> tuple[TableCell, ...]:
    if paragraph.table is None:
        return ()
    page, index, _ = paragraph.table
    tables = next((p.page.tables for p in document.pages if p.number == page), ())
    return tables[index].cells if index < len(tables) else ()
