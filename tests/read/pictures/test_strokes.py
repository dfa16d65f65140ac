from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.models import Box
from pipeline.read.pictures.strokes import decimal_marks, look, marks_in
from pipeline.read.recognition.blanks import looks
from pipeline.read.token import Token
from tests.read.printed import FONT_FILE

HEIGHT = 40


def printed(words: list[tuple[str, int, float]], width: int = 900) -> tuple[np.ndarray, list[Token]]:
    """Words at (text, left, size factor) on one line, and their tokens."""
    image = Image.new("L", (width, 120), 255)
    draw = ImageDraw.Draw(image)
    tokens = []
    for text, left, factor in words:
        font = ImageFont.truetype(str(FONT_FILE), round(HEIGHT * factor))
        draw.text((left, 80), text, font=font, fill=0, anchor="ls")
        x0, y0, x1, y1 = draw.textbbox((left, 80), text, font=font, anchor="ls")
        tokens.append(Token(text, Box(x0, y0, x1, y1), 0.6))
    return np.asarray(image, dtype=np.uint8), tokens


def test_a_printed_number_looks_like_its_symbol() -> None:
    grey, tokens = printed([("Số:", 20, 1), ("95/BC-UBND", 120, 1)])
    assert looks(tokens, grey) == {1: "print"}


def test_number_and_symbol_may_be_two_words_or_one_with_their_introduction() -> None:
    grey, tokens = printed([("Số:", 20, 1), ("95", 120, 1), ("/BC-UBND", 185, 1)])
    assert looks(tokens, grey) == {1: "print"}
    grey, tokens = printed([("Số:95/BC-UBND", 20, 1)])
    assert looks(tokens, grey) == {0: "print"}


def test_larger_figures_before_a_printed_symbol_are_a_pen_s() -> None:
    grey, tokens = printed([("Số:", 20, 1), ("95", 120, 1.4), ("/BC-UBND", 220, 1)])
    assert looks(tokens, grey) == {1: "pen"}


def test_day_and_month_are_measured_by_the_year() -> None:
    words = [("ngày", 20, 1.0), ("18", 140, 1.5), ("tháng", 240, 1.0), ("6", 380, 1.0), ("năm", 430, 1.0)]
    grey, tokens = printed([*words, ("2023", 540, 1.0)])
    assert looks(tokens, grey) == {1: "pen", 3: "print", 5: "print"}


def test_a_figure_that_was_not_read_makes_the_day_unknown() -> None:
    grey, tokens = printed(
        [("ngày", 20, 1), ("18", 140, 1), ("tháng", 240, 1), ("6", 380, 1), ("năm", 430, 1), ("2023", 540, 1)]
    )
    tokens[1] = Token("8", tokens[1].box, 0.95)
    assert looks(tokens, grey)[1] == "unknown"


def test_lines_without_blanks_have_no_looks() -> None:
    grey, tokens = printed([("ỦY", 20, 1), ("BAN", 120, 1)])
    assert looks(tokens, grey) == {}
    assert looks([], grey) == {}


def test_no_ink_is_unknown() -> None:
    empty = np.full((50, 50), 255, np.uint8)
    assert marks_in(empty, Box(0, 0, 50, 50)) == []
    assert look([], []) == "unknown"


@pytest.mark.parametrize(("text", "marks"), [("45,2", {2: ","}), ("12.345", {2: "."}), ("789", {})])
def test_decimal_marks_are_seen(text: str, marks: dict[int, str]) -> None:
    grey, _ = printed([(text, 10, 1)], width=200)
    assert decimal_marks(grey) == (sum(c.isdigit() for c in text), marks)
