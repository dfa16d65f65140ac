"""Rows of points to fill in that the reader took for words: its picture has nothing as tall as a letter."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.glyphs import marks_of
from pipeline.read.token import Token

# A word less sure than this may be none; a letter or a figure is at least so tall, in heights of a small letter.
_DOUBTFUL, _LETTER = 0.6, 0.6


def without_leaders(tokens: Sequence[Token], cleaned: Cleaned) -> list[Token]:
    """The words that have letters or figures to show."""
    return [token for token in tokens if token.confidence >= _DOUBTFUL or _shows_letters(token, cleaned)]


def _shows_letters(token: Token, cleaned: Cleaned) -> bool:
    if not any(c.isalnum() for c in token.text):
        return True
    piece, _ = cleaned.piece(token.box, 0.0, 0.2)
    marks = marks_of(piece)
    return not marks or max(mark.y1 - mark.y0 for mark in marks) >= _LETTER * cleaned.letter
