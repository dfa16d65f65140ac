"""Blanks that the reader lost before points to fill in (`số ... ngày`) and before brackets; the picture has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import Pixels
from pipeline.read.token import PlacedLine, Token

_PARTS = re.compile(r"([^.]{0,40}[^\W_])(\.{2,40}[^\w\s]{0,3}|\)[^\w\s]{0,2})")
# The width of a blank, in heights of a small letter. On printed and damaged pages gaps before points are at most .41,
# those before brackets, which a figure with a narrow foot makes wider, .5; blanks are from .52 on. What is wider still
# leads to a speck.
_BLANK = {".": 0.45, ")": 0.6}
_WIDEST = 1.6


def with_lost_blanks(lines: Sequence[PlacedLine], cleaned: Cleaned) -> list[PlacedLine]:
    """The lines that are no rows of tables with such words in two."""
    return [line if line.table is not None else _line(line, cleaned) for line in lines]


def _line(line: PlacedLine, cleaned: Cleaned) -> PlacedLine:
    tokens = [part for token in line.tokens for part in _parts(token, cleaned)]
    return line if len(tokens) == len(line.tokens) else replace(line, cells=(tuple(tokens),))


def _parts(token: Token, cleaned: Cleaned) -> Iterator[Token]:
    match = _PARTS.fullmatch(token.text)
    gap = None
    if match is not None:
        piece, (left, _) = cleaned.piece(token.box, 0.1, 0.1)
        gap = _widest_gap(piece, len(match[2]))
    if match is None or gap is None or not _BLANK[match[2][0]] <= (gap[1] - gap[0]) / cleaned.letter <= _WIDEST:
        yield token
        return
    x0, y0, x1, y1 = token.box
    yield replace(token, text=match[1], box=Box(x0, y0, left + gap[0], y1), alternatives=())
    yield replace(token, text=match[2], box=Box(left + gap[1], y0, x1, y1), alternatives=())


def _widest_gap(piece: Pixels, behind: int) -> tuple[int, int] | None:
    """The columns of the widest gap between pieces of ink, with so many pieces `behind` it or one less, or None."""
    if min(piece.shape, default=0) < 3:
        return None
    ink = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    columns = np.flatnonzero(ink.any(axis=0))
    ends = np.flatnonzero(np.diff(columns) > 1)
    if not len(ends):
        return None
    widest = int(np.argmax(np.diff(columns)[ends]))
    if not max(1, behind - 1) <= len(ends) - widest <= behind:
        return None
    return int(columns[ends[widest]]) + 1, int(columns[ends[widest] + 1])
