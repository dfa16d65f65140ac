"""`d` and `đ` told apart by the page's own letters.

A reader that knows Vietnamese takes `d)` for `đ)` in three of ten, as more words begin with `đ`; the other way round it
does not happen. The letters that begin longer words, of which it is sure, are the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.glyphs import Shape, marks_of, unit
from pipeline.read.token import PlacedLine, Token
from pipeline.vietnamese import is_syllable

_AROUND = "().,;:"
# Less sure words that begin with `đ` may begin with `d`; surer ones of so many letters show what the letters look like.
_DOUBTFUL, _SURE, _SAMPLE_LETTERS = 0.9, 0.93, 3
_FEWEST_SAMPLES, _MOST_SAMPLES = 3, 12
# How tall the letter is, in heights of a small letter, and the part of its height that stands above its bowl.
_TALL, _ABOVE_BOWL = (1.15, 2.2), 0.42
_HEIGHT, _WIDTH = 24, 16  # of a shape, in pixels
# Likeness to the page's `đ` less that to its `d`: of 2,000 printed `đ` 7 were below, of 700 `d` 620.
_NO_BAR = -0.02
_CHANGED = 0.8  # confidence of a letter so changed


def with_seen_bars(lines: Sequence[PlacedLine], cleaned: Cleaned) -> list[PlacedLine]:
    """The lines that are no rows of tables with list letters as their bars show them; a doubtful word has the other
    reading beside it."""
    tokens = [token for line in lines if line.table is None for token in line.tokens]
    if not any(_may_lack_its_bar(token) for token in tokens):
        return list(lines)
    with_bar, without = (_model(tokens, letter, cleaned) for letter in "đd")
    if with_bar is None or without is None:
        return list(lines)
    less = with_bar - without

    def seen(token: Token) -> Token:
        if not _may_lack_its_bar(token):
            return token
        shape = _shape(token, cleaned)
        return token if shape is None or float(shape @ less) >= _NO_BAR else _without_bar(token)

    return [line if line.table is not None else replace(line, cells=(tuple(map(seen, line.tokens)),)) for line in lines]


def _may_lack_its_bar(token: Token) -> bool:
    core = token.text.strip(_AROUND)
    if core == "đ":
        return core != token.text
    return core[:1] == "đ" and token.confidence < _DOUBTFUL and is_syllable("d" + core[1:])


def _without_bar(token: Token) -> Token:
    other = token.text.replace("đ", "d", 1)
    if token.text.strip(_AROUND) == "đ":
        return replace(
            token, text=other, confidence=min(token.confidence, _CHANGED), alternatives=((token.text, 1 - _CHANGED),)
        )
    return replace(token, alternatives=((other, token.confidence), *token.alternatives))


def _model(tokens: Sequence[Token], letter: str, cleaned: Cleaned) -> Shape | None:
    """The usual shape of the letter at the beginning of words; None where too few are seen."""
    sure = [
        token
        for token in tokens
        if token.text[0] == letter and len(token.text) >= _SAMPLE_LETTERS and token.confidence >= _SURE
    ]
    shapes = [shape for token in sure[:_MOST_SAMPLES] if (shape := _shape(token, cleaned)) is not None]
    return unit(np.mean(shapes, axis=0)) if len(shapes) >= _FEWEST_SAMPLES else None


def _shape(token: Token, cleaned: Cleaned) -> Shape | None:
    """The upper part of a word's first letter as a vector of length 1; None where that is no tall letter."""
    piece, _ = cleaned.piece(token.box, 0.2, 0.2)
    first = next((mark for mark in marks_of(piece) if _height(mark) >= 0.8 * cleaned.letter), None)
    if first is None or not _TALL[0] <= _height(first) / cleaned.letter <= _TALL[1]:
        return None
    left, top, height = int(first.x0), int(first.y0), int(_height(first))
    grey = piece[top : top + height, left : left + int(0.8 * height)]
    if grey.shape[1] < 0.5 * height:
        return None
    scaled = 255 - cv2.resize(grey, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
    return unit(cv2.GaussianBlur(scaled[: int(_ABOVE_BOWL * _HEIGHT)], (0, 0), 0.7).ravel())


def _height(mark: Box) -> float:
    return mark.y1 - mark.y0
