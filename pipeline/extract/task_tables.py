"""Tables that hand out tasks: which column holds the task, who leads, who cooperates, and by when."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.directive_rules import DirectiveRules
from pipeline.models import Document, ParagraphRole

_MAX_HEADING = 90


@dataclass(frozen=True, slots=True)
class TaskColumns:
    """The numbers of the columns of a table of tasks; None where it has none such."""

    task: int
    lead: int | None
    cooperate: int | None
    time: int | None
    width: int


def columns_of(row: str) -> TaskColumns | None:
    """The columns that a heading row (cells parted by tabs) names; None where it heads no table of tasks."""
    cells = row.split("\t")
    found: dict[str, int] = {}
    for number, cell in enumerate(cells):
        words = cell.strip()
        name = next((rule.column for rule in DirectiveRules.load().column if rule.regex.match(words)), None)
        if name is not None and len(words) <= _MAX_HEADING:
            found.setdefault(name, number)
    if "task" not in found or len(found) < 2:
        return None
    return TaskColumns(found["task"], found.get("lead"), found.get("cooperate"), found.get("time"), len(cells))


def cell_spans(row: str) -> list[tuple[int, int]]:
    """(start, end) of each cell of a row."""
    spans, start = [], 0
    for cell in row.split("\t"):
        spans.append((start, start + len(cell)))
        start += len(cell) + 1
    return spans


def columns_by_paragraph(document: Document) -> dict[int, TaskColumns]:
    """For each row of a table of tasks, by the number of its paragraph: the columns that its heading named.

    A heading holds for the rows after it, also on later pages, until rows of another width or running text come.
    """
    found: dict[int, TaskColumns] = {}
    current: TaskColumns | None = None
    for index, paragraph in enumerate(document.paragraphs):
        if paragraph.role is ParagraphRole.NOISE:
            continue
        if paragraph.role is not ParagraphRole.TABLE_ROW:
            current = None
            continue
        heading = columns_of(paragraph.text)
        if heading is not None:
            current = heading
        elif current is not None and paragraph.text.count("\t") + 1 == current.width:
            found[index] = current
    return found
