"""Columns beside a table whose ink the reading of the whole page did not turn into words."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.tables.lost_columns import with_lost_columns
from pipeline.read.token import Grid, GridCell
from tests.read.printed import FONT_FILE

ROWS, TALL, LEFT, RIGHT = 6, 60, 300, 700


def page(marks: list[tuple[int, str]]) -> Cleaned:
    """A page with each of the marks, at its left edge, in every row."""
    image = Image.new("L", (1000, ROWS * TALL), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT_FILE), 40)
    for row in range(ROWS):
        for left, text in marks:
            draw.text((left, row * TALL + 6), text.format(row + 1), font=font, fill=0)
    return Cleaned(np.asarray(image, dtype=np.uint8).copy(), np.eye(3), letter=22.0)


def grid() -> Grid:
    middle = (LEFT + RIGHT) / 2
    cells = [
        GridCell(row, column, 1, 1, Box(x0, row * TALL, x1, row * TALL + TALL))
        for row in range(ROWS)
        for column, (x0, x1) in enumerate(((LEFT, middle), (middle, RIGHT)))
    ]
    return Grid(tuple(cells), Box(LEFT, 0, RIGHT, ROWS * TALL))


def test_row_numbers_at_the_left_become_a_column() -> None:
    found = with_lost_columns(grid(), page([(240, "{}"), (320, "Xã")]))
    assert {cell.column for cell in found.cells} == {0, 1, 2}
    first = [cell for cell in found.cells if cell.column == 0]
    assert len(first) == ROWS
    assert all(220 <= cell.box.x0 < 245 and cell.box.x1 == LEFT for cell in first)
    assert found.box.x0 < 245


def test_a_last_column_at_the_right() -> None:
    found = with_lost_columns(grid(), page([(320, "Xã"), (740, "{}")]))
    assert max(cell.column for cell in found.cells) == 2
    assert min(cell.column for cell in found.cells) == 0


def test_nothing_beside_the_table_adds_nothing() -> None:
    assert with_lost_columns(grid(), page([(320, "Xã")])) == grid()


def test_text_beside_the_table_is_no_column_of_it() -> None:
    assert with_lost_columns(grid(), page([(150, "hộ nghèo"), (320, "Xã")])) == grid()
