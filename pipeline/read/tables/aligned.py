"""Tables without ruling lines: rows whose words stand in columns, with white between them from top to bottom.

Running text never has three columns with the same white gutters over four rows, with numbers that stand under each
other; lists, headers, signature blocks and contents with dots fail one of these. What is left out is only not a table:
its words stay on the page as lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.models import Box
from pipeline.read.layout.columns import Row, find_blocks
from pipeline.read.layout.order import PageShape, make_rows
from pipeline.read.token import Grid, GridCell, Token, box_of

# In heights of a row's words: the gap that parts two cells, the white between columns, the greatest gap between rows.
_CELL_GAP, _GUTTER, _ROW_GAP = 1.1, 0.35, 2.2
# The same between two numbers: running text never has one right beside another.
_NUMBER_GAP = 0.3
# The least rows and columns of a table, the share of its rows that fill most of its columns, its heading rows at most.
_FEWEST_ROWS, _FEWEST_COLUMNS, _FULL_SHARE, _HEADING_ROWS = 4, 3, 0.6, 3
# A column of numbers: this share of its filled cells; the share of all cells that are numbers.
_NUMBERS_SHARE, _NUMBERS_OF_ALL = 0.7, 0.25
# How far edges (or middles) that are in line may be from each other, in heights; the share of columns that are so.
_IN_LINE, _IN_LINE_SHARE = 0.8, 0.6
# A heading cell over more of the table than this is a line of text.
_WIDEST_HEADING = 0.7

_NUMBER = re.compile(r"[(<>≥≤~+–-]{0,2}\d[\d.,/]{0,18}(?:%|‰)?\)?")
_LEADERS = re.compile(r"[.…_]{4,}")


@dataclass(frozen=True, slots=True)
class _Part:
    """Words of a row with no wide gap between them."""

    tokens: tuple[Token, ...]
    box: Box

    @property
    def is_number(self) -> bool:
        return _NUMBER.fullmatch("".join(t.text for t in self.tokens)) is not None


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the page in parts."""

    parts: tuple[_Part, ...]
    box: Box
    height: float


def aligned_tables(tokens: Sequence[Token], shape: PageShape, ruled: Sequence[Grid]) -> tuple[Grid, ...]:
    """The tables of a page that have no ruling lines, from top to bottom."""
    outside = [t for t in tokens if not any(_inside(t, grid.box) for grid in ruled)]
    rows = make_rows(outside)
    lines = [_line(row) for row in rows]
    if sum(len(line.parts) >= _FEWEST_COLUMNS for line in lines) < _FEWEST_ROWS:
        return ()
    for block in find_blocks(rows, shape.width, shape.folded):
        for number in range(block.first, block.last + 1):
            lines[number] = _Line((), lines[number].box, lines[number].height)
    found: list[Grid] = []
    start = 0
    while start < len(lines):
        end = _run_end(lines, start)
        grid = _grid(lines, start, end) if end > start else None
        if grid is not None:
            found.append(grid)
        start = max(end, start + 1)
    return tuple(found)


def _inside(token: Token, box: Box) -> bool:
    middle = (token.box.y0 + token.box.y1) / 2
    return box.x0 <= token.middle <= box.x1 and box.y0 <= middle <= box.y1


def _line(row: Row) -> _Line:
    parts: list[list[Token]] = [[row.tokens[0]]]
    for before, token in pairwise(row.tokens):
        numbers = _NUMBER.fullmatch(before.text) and _NUMBER.fullmatch(token.text)
        if token.box.x0 - before.box.x1 > (_NUMBER_GAP if numbers else _CELL_GAP) * row.height:
            parts.append([])
        parts[-1].append(token)
    leaders = any(_LEADERS.search(token.text) for token in row.tokens)
    made = () if leaders else tuple(_Part(tuple(part), box_of(part)) for part in parts)
    return _Line(made, row.box, row.height)


def _run_end(lines: Sequence[_Line], start: int) -> int:
    """Where the rows end that go on in the same columns from one on; `start` where none do."""
    if len(lines[start].parts) < _FEWEST_COLUMNS:
        return start
    members, end = [lines[start]], start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.box.y0 - lines[number - 1].box.y1 > _ROW_GAP * line.height or not line.parts:
            break
        if len(line.parts) == 1:
            continue  # the second line of a cell, if rows of the table go on below it
        gutters = _columns([*members, line])
        most = max(len(member.parts) for member in (*members, line))
        if len(gutters) < max(_FEWEST_COLUMNS, _FULL_SHARE * most) or number - end > 2:
            break
        members.append(line)
        end = number + 1
    return end


def _columns(lines: Sequence[_Line]) -> list[tuple[float, float]]:
    """Where columns begin and end: what the parts of all rows cover together."""
    gap = _GUTTER * median(line.height for line in lines)
    covered: list[tuple[float, float]] = []
    for x0, x1 in sorted((part.box.x0, part.box.x1) for line in lines for part in line.parts):
        if covered and x0 - covered[-1][1] < gap:
            covered[-1] = (covered[-1][0], max(covered[-1][1], x1))
        else:
            covered.append((x0, x1))
    return covered


def _grid(lines: Sequence[_Line], start: int, end: int) -> Grid | None:
    """The table of a run of rows; None where it is none."""
    rows = [line for line in lines[start:end] if len(line.parts) > 1]
    columns = _columns(rows)
    edges = _edges(columns, rows[0].height)
    if not _is_table(rows, edges):
        return None
    # A cell's further lines belong to the row that is nearest.
    spans = [[row.box.y0, row.box.y1] for row in rows]
    for line in lines[start:end]:
        if len(line.parts) == 1:
            if _column_of(line.parts[0], edges) is None:
                return None
            middle = (line.box.y0 + line.box.y1) / 2
            nearest = min(spans, key=lambda span: max(span[0] - middle, middle - span[1]))
            nearest[0], nearest[1] = min(nearest[0], line.box.y0), max(nearest[1], line.box.y1)
    headings = _headings(lines, start, edges)
    spans = [[line.box.y0, line.box.y1] for line, _ in headings] + spans
    heights = _between([(top, bottom) for top, bottom in spans], 0.2 * rows[0].height)
    cells = []
    for number, (_, merged) in enumerate(headings):
        for column, count in merged:
            cells.append(_cell(number, column, count, edges, heights))
    for number in range(len(headings), len(spans)):
        cells += [_cell(number, column, 1, edges, heights) for column in range(len(edges) - 1)]
    return Grid(tuple(cells), Box(edges[0], heights[0], edges[-1], heights[-1]))


def _cell(row: int, column: int, count: int, edges: Sequence[float], heights: Sequence[float]) -> GridCell:
    return GridCell(row, column, 1, count, Box(edges[column], heights[row], edges[column + count], heights[row + 1]))


def _between(spans: Sequence[tuple[float, float]], margin: float) -> list[float]:
    """The middles of the white between spans, and the outer ends."""
    inner = [(before[1] + after[0]) / 2 for before, after in pairwise(spans)]
    return [spans[0][0] - margin, *inner, spans[-1][1] + margin]


def _edges(columns: Sequence[tuple[float, float]], height: float) -> list[float]:
    return _between(columns, 0.5 * height)


def _column_of(part: _Part, edges: Sequence[float]) -> int | None:
    """The column that holds all of a part; None where it crosses an edge."""
    return next((n for n, (x0, x1) in enumerate(pairwise(edges)) if x0 <= part.box.x0 and part.box.x1 <= x1), None)


def _is_table(rows: Sequence[_Line], edges: Sequence[float]) -> bool:
    """Whether rows fill their columns, some with numbers that stand under each other."""
    count = len(edges) - 1
    if len(rows) < _FEWEST_ROWS or count < _FEWEST_COLUMNS:
        return False
    full = sum(len(row.parts) > count / 2 and len(row.parts) >= _FEWEST_COLUMNS for row in rows)
    if full < _FULL_SHARE * len(rows):
        return False
    columns: list[list[_Part]] = [[] for _ in range(count)]
    for row in rows:
        for part in row.parts:
            column = _column_of(part, edges)
            if column is None:
                return False
            columns[column].append(part)
    everything = [part for column in columns for part in column]
    if sum(part.is_number for part in everything) < _NUMBERS_OF_ALL * len(everything):
        return False
    of_numbers = [c for c in columns[1:] if len(c) >= _FEWEST_ROWS and _share_of_numbers(c) >= _NUMBERS_SHARE]
    height = median(row.height for row in rows)
    in_line = [_is_in_line(column, height) for column in columns if len(column) > 1]
    return bool(of_numbers) and sum(in_line) >= _IN_LINE_SHARE * len(in_line)


def _share_of_numbers(column: Sequence[_Part]) -> float:
    return sum(part.is_number for part in column) / len(column)


def _is_in_line(column: Sequence[_Part], height: float) -> bool:
    """Whether most parts of a column begin, end or have their middle at one place."""
    for places in (
        [p.box.x0 for p in column],
        [p.box.x1 for p in column],
        [(p.box.x0 + p.box.x1) / 2 for p in column],
    ):
        middle = median(places)
        if sum(abs(place - middle) <= _IN_LINE * height for place in places) >= _NUMBERS_SHARE * len(places):
            return True
    return False


def _headings(lines: Sequence[_Line], start: int, edges: Sequence[float]) -> list[tuple[_Line, list[tuple[int, int]]]]:
    """The heading rows right above a table, from top to bottom, each with its cells: first column, columns."""
    found: list[tuple[_Line, list[tuple[int, int]]]] = []
    below = lines[start]
    for line in reversed(lines[max(0, start - _HEADING_ROWS) : start]):
        cells = _heading_cells(line, edges)
        if cells is None or below.box.y0 - line.box.y1 > _ROW_GAP * line.height:
            break
        found.insert(0, (line, cells))
        below = line
    return found


def _heading_cells(line: _Line, edges: Sequence[float]) -> list[tuple[int, int]] | None:
    """The cells of a heading row; None where its parts do not stand over the columns."""
    if len(line.parts) < 2:
        return None
    width = edges[-1] - edges[0]
    cells: list[tuple[int, int]] = []
    at = 0
    for part in line.parts:
        if part.box.x1 - part.box.x0 > _WIDEST_HEADING * width:
            return None
        covered = [n for n, (x0, x1) in enumerate(pairwise(edges)) if _covers(part.box, x0, x1)]
        if not covered or covered[0] < at:
            return None
        cells += [(column, 1) for column in range(at, covered[0])]
        cells.append((covered[0], covered[-1] - covered[0] + 1))
        at = covered[-1] + 1
    return [*cells, *((column, 1) for column in range(at, len(edges) - 1))]


def _covers(box: Box, x0: float, x1: float) -> bool:
    common = min(box.x1, x1) - max(box.x0, x0)
    return common > 0.35 * min(box.x1 - box.x0, x1 - x0)
