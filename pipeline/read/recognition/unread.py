"""The ink of a page that no word of its reading covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.models import Box
from pipeline.read.pictures.picture import Pixels, as_pixels

# Boxes of connected pieces of ink (x0, y0, x1, y1), one a row, in pixels.
Marks = npt.NDArray[np.int32]

# How far out of its box a word's ink may reach, in heights of small letters.
_MARGIN = 0.25
# The same: how wide and high ink is that may be a letter, the fewest marks that may be a word, the least seal.
_LETTER, _FEWEST, _SEAL = (0.12, 0.45), 4, 5.0


def ink_level(grey: Pixels) -> float:
    """The grey that parts the ink of a page from its paper. A piece of a page may have no ink to tell it by."""
    return float(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[0])


def ink_marks(grey: Pixels, level: float, shrunk: int = 1) -> Marks:
    """The marks on a picture that are no brighter than `level`; `shrunk` says how many times smaller it was made."""
    if not grey.size:
        return np.zeros((0, 4), dtype=np.int32)
    ink = cv2.threshold(grey, level, 255, cv2.THRESH_BINARY_INV)[1]
    found = cv2.connectedComponentsWithStats(as_pixels(ink), connectivity=8)[2][1:].astype(np.int32) * shrunk
    return np.concatenate([found[:, :2], found[:, :2] + found[:, 2:4]], axis=1)


def outside(marks: Marks, boxes: Iterable[Box], letter: float) -> Marks:
    """The marks whose middles lie in none of the boxes; `letter` is the height of small letters."""
    sides = np.array(list(boxes), dtype=np.float64).reshape(-1, 4)
    sides += np.array([-1, -1, 1, 1]) * _MARGIN * letter
    x, y = ((marks[:, side] + marks[:, side + 2]) / 2 for side in (0, 1))
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    free = np.ones(len(marks), dtype=bool)
    starts, ends = np.searchsorted(x, sides[:, 0], "left"), np.searchsorted(x, sides[:, 2], "right")
    for (_, top, _, bottom), start, end in zip(sides.tolist(), starts.tolist(), ends.tolist(), strict=True):
        within = y[start:end]
        free[start:end] &= (within < top) | (within > bottom)
    kept: Marks = marks[np.sort(order[free])]
    return kept


def shows_unread(grey: Pixels, level: float, words: Sequence[Box], letter: float) -> bool:
    """Whether a picture shows marks like letters, as many as a word has, that no word covers; or a seal."""
    marks = ink_marks(grey, level)
    sides = (marks[:, 2:] - marks[:, :2]) / letter
    letters = marks[(sides >= _LETTER).all(axis=1)]
    return len(outside(letters, words, letter)) >= _FEWEST or bool((sides >= _SEAL).all(axis=1).any())
