"""Ink that no word covers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Box
from pipeline.read.recognition.unread import Marks, ink_level, ink_marks, outside

_SIDE = st.integers(0, 60)
_BOXES = st.lists(st.builds(lambda x, y, w, h: Box(x, y, x + w + 1, y + h + 1), _SIDE, _SIDE, _SIDE, _SIDE), max_size=8)


def test_each_piece_of_ink_is_a_mark() -> None:
    page = np.full((60, 80), 230, np.uint8)
    page[10:20, 5:12] = 20
    page[40:50, 60:70] = 40
    level = ink_level(page)
    assert 40 <= level < 230
    assert sorted(ink_marks(page, level).tolist()) == [[5, 10, 12, 20], [60, 40, 70, 50]]
    assert sorted(ink_marks(page[::2, ::2], level, 2).tolist()) == [[6, 10, 12, 20], [60, 40, 70, 50]]


def test_paper_without_ink_shows_no_marks_at_the_level_of_its_page() -> None:
    noise = np.random.default_rng(3).normal(235, 6, (200, 200)).clip(0, 255).astype(np.uint8)
    page = noise.copy()
    page[50:150:20, 20:180] = 30
    assert len(ink_marks(noise, ink_level(page))) == 0
    assert len(ink_marks(noise[:0], 128)) == 0


@given(_BOXES, _BOXES)
def test_marks_outside_are_those_whose_middle_no_box_holds(marks: list[Box], boxes: list[Box]) -> None:
    rows: Marks = np.array([list(map(int, mark)) for mark in marks], dtype=np.int32).reshape(-1, 4)
    expected = []
    for x0, y0, x1, y1 in rows.tolist():
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if not any(b.x0 - 1 <= x <= b.x1 + 1 and b.y0 - 1 <= y <= b.y1 + 1 for b in boxes):
            expected.append([x0, y0, x1, y1])
    assert outside(rows, boxes, 4.0).tolist() == expected
