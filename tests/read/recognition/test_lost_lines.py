from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.lost_lines import with_lost_lines
from pipeline.read.token import Grid, Token
from tests.read.printed import FONT_FILE

LETTER = 22.0


def page_with(lines: list[tuple[int, int, str]]) -> tuple[np.ndarray, list[list[Token]]]:
    """Lines at (left, foot) on a page, and their words."""
    image = Image.new("L", (1500, 700), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT_FILE), 40)
    found = []
    for row, (left, foot, text) in enumerate(lines):
        tokens, x = [], float(left)
        for word in text.split():
            draw.text((x, foot), word, font=font, fill=0, anchor="ls")
            tokens.append(Token(word, Box(*draw.textbbox((x, foot), word, font=font, anchor="ls")), 0.96, row=row))
            x += draw.textlength(f"{word} ", font=font)
        found.append(tokens)
    return np.asarray(image, dtype=np.uint8).copy(), found


HEADER = [(60, 100, "SỞ NÔNG NGHIỆP"), (640, 140, "Lam Giang, ngày 09 tháng 01 năm 2023"), (60, 300, "Kính gửi các xã")]


def lost(grey: np.ndarray, tokens: list[Token], language: str = "vie", tables: tuple[Grid, ...] = ()) -> list[Token]:
    cleaned = Cleaned(grey, np.eye(3), letter=LETTER, tables=tables)
    return with_lost_lines(tokens, cleaned, language)[len(tokens) :]


def test_a_line_that_was_left_out_is_read_as_a_row_of_its_own() -> None:
    grey, rows = page_with(HEADER)
    known = [*rows[0], *rows[2]]
    found = lost(grey, known)
    assert " ".join(t.text for t in found) == HEADER[1][2]
    assert len({t.row for t in found} & {t.row for t in known}) == 0
    for word, printed in zip(found, rows[1], strict=True):
        assert word.box.x0 == pytest.approx(printed.box.x0, abs=14)
        assert abs(word.box.y0 - min(t.box.y0 for t in rows[1])) < 12


def test_where_all_lines_were_read_nothing_is_added() -> None:
    grey, rows = page_with(HEADER)
    everything = [token for row in rows for token in row]
    assert lost(grey, everything) == []
    assert lost(grey, []) == []
    assert lost(grey, [*rows[0], *rows[2]], "no-such-language") == []


def test_letters_inside_a_seal_or_a_table_are_left_alone() -> None:
    grey, rows = page_with(HEADER)
    known = [*rows[0], *rows[2]]
    around = Box(600, 80, 1480, 180)
    assert lost(grey, known, tables=(Grid((), around),)) == []
    cv2.ellipse(grey, (1040, 125), (430, 110), 0, 0, 360, (0.0,), 5)
    assert lost(grey, known) == []


def test_scrawls_are_no_line() -> None:
    grey, rows = page_with([HEADER[0], (800, 300, "xq§zw ¥kjh ®rtv zz¬wq")])
    assert lost(grey, rows[0]) == []
