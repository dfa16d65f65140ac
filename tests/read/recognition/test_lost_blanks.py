"""Blanks before points to be filled in: the reader joins them, the picture shows them."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.lost_blanks import with_lost_blanks
from pipeline.read.token import PlacedLine, Token

LETTER = 20.0


def page(gap: int, points: int = 3) -> tuple[Cleaned, Token]:
    """Three letters (blocks) and so many points, `gap` pixels behind them."""
    grey = np.full((80, 300), 255, np.uint8)
    for place in range(3):
        cv2.rectangle(grey, (20 + 18 * place, 30), (32 + 18 * place, 50), (0.0,), -1)
    left = 68 + gap
    for place in range(points):
        cv2.rectangle(grey, (left + 9 * place, 46), (left + 4 + 9 * place, 50), (0.0,), -1)
    box = Box(20, 30, left + 9 * points, 51)
    return Cleaned(grey, np.eye(3), letter=LETTER), Token("năm" + "." * points, box, 0.8)


@pytest.mark.parametrize(("gap", "words"), [(12, ["năm", "..."]), (5, ["năm..."]), (60, ["năm..."])])
def test_a_blank_is_where_the_picture_has_one(gap: int, words: list[str]) -> None:
    cleaned, token = page(gap)
    line = PlacedLine(((token,),))
    tokens = with_lost_blanks([line], cleaned)[0].tokens
    assert [t.text for t in tokens] == words
    assert tokens[0].box.x0 == token.box.x0
    assert tokens[-1].box.x1 == token.box.x1
    assert all(a.box.x1 < b.box.x0 for a, b in itertools.pairwise(tokens))


def test_a_line_without_such_words_is_the_same() -> None:
    cleaned, _ = page(12)
    line = PlacedLine(((Token("xã", Box(20, 30, 50, 51)), Token("...", Box(80, 46, 110, 51))),))
    assert with_lost_blanks([line], cleaned)[0] is line


def test_a_box_outside_the_picture_does_no_harm() -> None:
    cleaned, token = page(12)
    line = PlacedLine(((Token(token.text, Box(900, 900, 901, 901)),),))
    assert with_lost_blanks([line], cleaned)[0] is line
