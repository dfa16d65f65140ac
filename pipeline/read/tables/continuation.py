"""What several pages show together: tables that go on over a page break, and lines that stand on top of every page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from rapidfuzz import fuzz

from pipeline.models import ASIDE_ROLES, Line, LineRole, Page, Table
from pipeline.read.tables.headings import mark_headings
from pipeline.read.tables.over_pages import weigh_over_pages
from pipeline.read.tables.split_rows import find_split_row
from pipeline.vietnamese import fold

# How far the columns of a table may be off on the next page, as a share of the page's width.
_SAME_PLACE = 0.03
# How alike two heading rows are at least (0 to 100), and how many rows a heading has at most.
_SAME_HEADING, _HEADING_ROWS = 85.0, 3
# A running header stands within this share of the page's height, and has this many letters at least.
_TOP, _FEWEST_LETTERS = 0.12, 6


def join_pages(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with running headers, tables that go on, their repeated heading rows and split rows marked, and the
    numbers of such tables held against each other."""
    out: list[Page] = []
    heading: list[str] = []
    for page in map(mark_headings, mark_running_headers(pages)):
        if page.tables and out and out[-1].number == page.number - 1 and _goes_on(out[-1], page):
            heading = heading or _row_texts(out[-1], out[-1].tables[-1])
            table = _continued(page, page.tables[0], heading)
            table = replace(table, split_row=find_split_row(out[-1], page, table))
            page = replace(page, tables=(table, *page.tables[1:]))
        # The heading of the table that may go on: its own first rows, or those that it repeats.
        if not (len(page.tables) == 1 and page.tables[0].continues):
            heading = _row_texts(page, page.tables[-1]) if page.tables else []
        out.append(page)
    return weigh_over_pages(out)


def _goes_on(before: Page, page: Page) -> bool:
    """Whether the last table of one page and the first of the next are one."""
    if not before.tables:
        return False
    last = next((line for line in reversed(before.lines) if line.role not in ASIDE_ROLES), None)
    first = next((line for line in page.lines if line.role not in ASIDE_ROLES), None)
    if last is None or first is None or not (last.role is first.role is LineRole.TABLE):
        return False
    above, below = before.tables[-1], page.tables[0]
    one, other = _columns(above), _columns(below)
    if len(one) != len(other) or len(one) < 2:
        return False
    width = page.width or max((x for x in other if x is not None), default=1.0)
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return all(abs(a - b) <= _SAME_PLACE * width for a, b in pairs)


def _columns(table: Table) -> list[float | None]:
    """Where the columns begin, in points from the left side of the table; None where the page tells no places."""
    count = max((cell.column + cell.column_span for cell in table.cells), default=0)
    left = min((cell.box.x0 for cell in table.cells if cell.box), default=0.0)
    columns: list[float | None] = []
    for number in range(count):
        begins = [cell.box.x0 - left for cell in table.cells if cell.column == number and cell.box]
        columns.append(median(begins) if begins else None)
    return columns


def _row_texts(page: Page, table: Table) -> list[str]:
    """The first rows of a table, folded."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.row < _HEADING_ROWS:
            rows.setdefault(cell.row, []).append(page.text_raw[cell.start : cell.end])
    return [fold(" ".join(rows[row])) for row in sorted(rows)]


def _continued(page: Page, table: Table, heading: Sequence[str]) -> Table:
    """The table as one that goes on; of its rows only those that repeat the heading are marked as such."""
    repeated = 0
    for mine, theirs in zip(_row_texts(page, table), heading, strict=False):
        if not mine or fuzz.ratio(mine, theirs) < _SAME_HEADING or (mine.replace(" ", "").isdigit() and not repeated):
            break
        repeated += 1
    # Where nothing is repeated the first row is one of data, whatever it looks like.
    cells = tuple(replace(cell, header=cell.row < repeated or (cell.header and repeated > 0)) for cell in table.cells)
    return replace(table, cells=cells, continues=True)


# ---------------------------------------------------------------------------------------- running headers


def mark_running_headers(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with the lines marked that stand in the top margin of two pages that follow each other."""
    tops = [_top_lines(page) for page in pages]
    out = []
    for index, page in enumerate(pages):
        beside = {text for other in (index - 1, index + 1) if 0 <= other < len(pages) for text in tops[other]}
        repeated = {place for text, place in tops[index].items() if text in beside}
        if repeated:
            lines = tuple(
                replace(line, role=LineRole.RUNNING_HEADER) if place in repeated else line
                for place, line in enumerate(page.lines)
            )
            page = replace(page, lines=lines)
        out.append(page)
    return tuple(out)


def _top_lines(page: Page) -> dict[str, int]:
    """The first lines of a page that could be running headers, folded and without numbers, and their places."""
    found: dict[str, int] = {}
    for place, line in enumerate(page.lines[:3]):
        if line.role is LineRole.PAGE_NUMBER:
            continue
        text = re.sub(r"[\d\W]+", " ", fold(page.text_raw[line.start : line.end])).strip()
        if not _in_margin(line, page) or line.role is not LineRole.BODY or len(text) < _FEWEST_LETTERS:
            break
        found[text] = place
    return found


def _in_margin(line: Line, page: Page) -> bool:
    return line.box is not None and page.height is not None and line.box.y1 < _TOP * page.height
