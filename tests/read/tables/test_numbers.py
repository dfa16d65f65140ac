"""Numbers of tables held against the page's own figures and against their column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.models import Box, LineRole
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.glyphs import figures_of, learn
from pipeline.read.tables.numbers import check_numbers
from pipeline.read.token import GridCell, PlacedLine, Token
from tests.read.printed import FONT_FILE

WIDE, TALL = 190, 60
PRINTED = (
    ("12,5", "1.240", "55,7%", "7"),
    ("30,8", "13.068", "4,6%", "3"),
    ("46,0", "27.915", "0,9%", "4"),
    ("79,2", "6.485", "8,1%", "15"),
    ("55,3", "84.665", "10,2%", "20"),
    ("61,4", "70.391", "3,7%", "18"),
)


def picture(rows: Sequence[Sequence[str]]) -> Cleaned:
    """The cells side by side, without rules, small letters 22 pixels high."""
    image = Image.new("L", (WIDE * len(rows[0]), TALL * len(rows)), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT_FILE), 40)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            draw.text((column * WIDE + 14, number * TALL + 6), text, font=font, fill=0)
    return Cleaned(np.asarray(image, dtype=np.uint8).copy(), np.eye(3), letter=22.0)


def read(
    printed: Sequence[Sequence[str]], wrongly: dict[tuple[int, int], str], confidence: float = 0.94
) -> list[list[Token]]:
    """The cells after the check, where some were read wrongly."""
    lines = []
    for number, row in enumerate(printed):
        boxes = [Box(c * WIDE, number * TALL, (c + 1) * WIDE, (number + 1) * TALL) for c in range(len(row))]
        texts = [wrongly.get((number, column), text) for column, text in enumerate(row)]
        cells = tuple((Token(text, box, confidence),) for text, box in zip(texts, boxes, strict=True))
        grid = tuple(GridCell(number, column, 1, 1, box) for column, box in enumerate(boxes))
        lines.append(PlacedLine(cells, LineRole.TABLE, table=0, grid_cells=grid))
    return [[cell[0] for cell in line.cells] for line in check_numbers(lines, picture(printed))]


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ((4, 0), "59,3"),  # another figure
        ((1, 1), "3.068"),  # a lost figure
        ((4, 0), "553"),  # a lost comma
        ((0, 3), "vị"),  # a word for a figure
        ((2, 1), "27,915"),  # a comma for the point of thousands
    ],
)
def test_what_the_figures_show_wins(place: tuple[int, int], wrong: str) -> None:
    cell = read(PRINTED, {place: wrong})[place[0]][place[1]]
    assert cell.text == PRINTED[place[0]][place[1]]
    assert wrong in dict(cell.alternatives)
    assert cell.confidence < 0.94


def test_right_readings_stay_and_are_believed() -> None:
    found = read(PRINTED, {})
    assert [[cell.text for cell in row] for row in found] == [list(row) for row in PRINTED]
    assert all(cell.confidence >= 0.9 for row in found for cell in row)


def test_permille_is_told_from_percent() -> None:
    rows = [(row[0], row[2].replace("%", "‰")) for row in PRINTED]
    found = read(rows, {(n, 1): row[1].replace("‰", "%") for n, row in enumerate(rows)})
    assert [row[1].text for row in found] == [row[1] for row in rows]


def test_words_of_a_column_of_words_stay() -> None:
    rows = [(row[0], word) for row, word in zip(PRINTED, ("Tổ", "Ấp", "Bò", "Lúa", "Rừng", "Chợ"), strict=True)]
    assert [row[1].text for row in read(rows, {})] == [row[1] for row in rows]


def test_without_models_nothing_changes() -> None:
    lone = read([("12,5", "Chợ")], {(0, 0): "72,5"})
    assert [cell.text for cell in lone[0]] == ["72,5", "Chợ"]


def test_a_wrong_sample_does_not_spoil_its_model() -> None:
    cells = picture(PRINTED)
    samples = []
    for number, row in enumerate(PRINTED):
        piece = cells.grey[number * TALL : (number + 1) * TALL, WIDE : 2 * WIDE]
        samples.append((row[1], figures_of(piece, signed=False)))
    wrong = (samples[0][0].replace("1", "7"), samples[0][1])
    models = learn([wrong, *samples[1:]])
    match = models.read(samples[1][1])
    assert match is not None
    assert match.text == PRINTED[1][1]


def test_empty_pieces_show_no_figures() -> None:
    blank = np.full((40, 80), 255, dtype=np.uint8)
    assert figures_of(blank, signed=False).shapes == ()
    assert figures_of(blank[:2, :2], signed=True).shapes == ()
