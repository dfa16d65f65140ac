"""Columns of a table without ruling lines that the reading of the whole page lost: lone figures far from all words.

Their ink still stands beside the table, one mark or two in most rows, at one place.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.tables.cells import ink_lines
from pipeline.read.token import Grid, GridCell

# In heights of small letters: how far from the table such a column stands at most, and how wide it is.
_REACH, _WIDEST = 7.0, 4.5
# The share of the rows that have ink there.
_FILLED = 0.6


def with_lost_columns(grid: Grid, cleaned: Cleaned) -> Grid:
    """The table with the narrow columns of ink right beside it, cells without words yet."""
    for left in (True, False):
        column = _column_beside(grid, cleaned, left=left)
        if column is not None:
            grid = _widened(grid, column, left=left)
    return grid


def _rows(grid: Grid) -> dict[int, Box]:
    return {cell.row: cell.box for cell in grid.cells if cell.row_span == 1}


def _column_beside(grid: Grid, cleaned: Cleaned, *, left: bool) -> Box | None:
    """The box of a column at one side; None where there is none."""
    reach = _REACH * cleaned.letter
    x0, x1 = (max(0.0, grid.box.x0 - reach), grid.box.x0) if left else (grid.box.x1, grid.box.x1 + reach)
    rows = _rows(grid)
    ink = [ink_lines(cleaned, Box(x0, row.y0, x1, row.y1)) for row in rows.values()]
    marks = [lines[0].box for lines in ink if len(lines) == 1]
    if len(marks) < _FILLED * len(rows) or len(marks) < 0.9 * sum(map(bool, ink)):
        return None
    around = Box.around(marks)
    if around is None or around.x1 - around.x0 > _WIDEST * cleaned.letter:
        return None
    margin = 0.6 * cleaned.letter
    outer = max(0.0, around.x0 - margin) if left else around.x1 + margin
    return Box(min(outer, x1), grid.box.y0, max(outer, x0), grid.box.y1)


def _widened(grid: Grid, column: Box, *, left: bool) -> Grid:
    count = max(cell.column + cell.column_span for cell in grid.cells)
    moved = tuple(replace(cell, column=cell.column + left) for cell in grid.cells)
    x0, x1 = (column.x0, grid.box.x0) if left else (grid.box.x1, column.x1)
    number = 0 if left else count
    added = (GridCell(row, number, 1, 1, Box(x0, box.y0, x1, box.y1)) for row, box in _rows(grid).items())
    cells = tuple(sorted((*moved, *added), key=lambda cell: (cell.row, cell.column)))
    outer = Box.around((grid.box, *(cell.box for cell in cells)))
    return Grid(cells, outer or grid.box)
