"""Numbers in running text held against the page's own figures: a second reading that shares no error with tesseract.

It costs next to nothing, so every number is read by it. Where the figures of a word cannot be told apart, or the page
shows one of them too seldom to know it, it says nothing; then tesseract must read the word again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from statistics import median
from typing import Literal

import numpy as np

from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import Pixels
from pipeline.read.pictures.strokes import decimal_marks
from pipeline.read.recognition.glyphs import Figures, Models, Shape, learn, marks_of, shape_of, single_figures
from pipeline.read.token import Token

Verdict = Literal["same", "other", "unknown"]

# The figures of a word with the marks between them, after brackets and quotes; what follows may be letters.
_FIGURES = re.compile(r"[(\[“\"']{0,3}(\d(?:[\d.,/–-]{0,30}\d)?)")
_DECIMAL = re.compile(r"\d{1,12}(?:[.,]\d{1,12}){0,5}")
_LAST_NINE = re.compile(r"(\(?\d[\d.,]{0,9})9([%‰]?)([).,;:]{0,3})")
# Characters that stand as high as figures.
_HIGH = "()[]/|"
# A mark is as high as figures from this share of the highest; brackets are higher than figures.
_AS_HIGH = 0.62
# Paper around a word that belongs to its picture, in heights of a small letter.
_MARGIN = 0.12
# From this confidence a word shows what its figures look like.
_SURE = 0.85


class SeenFigures:
    """The figures of one page, as its sure numbers in running text show them."""

    def __init__(self, tokens: Iterable[Token], cleaned: Cleaned) -> None:
        self._cleaned = cleaned
        self._known: dict[Token, list[Shape]] = {}
        sure = (token for token in tokens if token.confidence >= _SURE)
        seen = ((token.text, self._shapes(token)) for token in sure)
        self._models: Models = learn((_core(text), Figures(tuple(shapes), {}, "")) for text, shapes in seen if shapes)

    def verdict(self, token: Token) -> Verdict:
        """Whether the picture of a word shows the figures that were read, and the marks between them."""
        shapes = self._shapes(token)
        read = [c for c in _core(token.text) if c.isdigit()]
        if not shapes or not set(read) <= set(self._models.labels):
            return "unknown"
        if any(self._models.likeliest(shape) != figure for figure, shape in zip(read, shapes, strict=True)):
            return "other"
        return "same" if self._shows_marks(token) else "other"

    def ring_for_nine(self, token: Token) -> str | None:
        """The number with a sign whose first ring was read as its last 9, `61%` for `619%` and `619`; None for any
        other."""
        match = _LAST_NINE.fullmatch(token.text)
        if match is None or self.verdict(token) != "other":
            return None
        text = f"{match[1]}{match[2] or '%'}{match[3]}"
        return text if self.verdict(replace(token, text=text)) == "same" else None

    def _shows_marks(self, token: Token) -> bool:
        """Whether the points and commas of a number alone are those of its picture, as far as these can be told."""
        core = _core(token.text)
        if not _DECIMAL.fullmatch(core) or any(c.isalpha() or c in "(/" for c in token.text):
            return True
        count, marks = decimal_marks(self._picture(token))
        figures = sum(c.isdigit() for c in core)
        if count < figures or count > figures + 1:
            return True
        parts = re.split("([.,])", core)
        ends = np.cumsum([len(part) for part in parts[::2]])
        read = {int(end): mark for end, mark in zip(ends, parts[1::2], strict=False)}
        return all(read.get(at) == mark for at, mark in marks.items() if 0 < at < figures)

    def _picture(self, token: Token) -> Pixels:
        return self._cleaned.piece(token.box, _MARGIN, _MARGIN)[0]

    def _shapes(self, token: Token) -> list[Shape]:
        """The shapes of a word's figures, from left to right; none where marks and characters do not match."""
        if token not in self._known:
            self._known[token] = self._find_shapes(token)
        return self._known[token]

    def _find_shapes(self, token: Token) -> list[Shape]:
        match = _FIGURES.match(token.text)
        piece = self._picture(token)
        marks = marks_of(piece) if match and piece.size else []
        if match is None or not marks:
            return []
        highest = max(mark.y1 - mark.y0 for mark in marks)
        high = [mark for mark in marks if mark.y1 - mark.y0 >= _AS_HIGH * highest]
        before = [c for c in match[0] if c.isdigit() or c in _HIGH]
        after = token.text[match.end() :]
        open_ended = any(c.isalnum() or c in "%‰" for c in after)  # letters and signs are marks of any number
        wanted = len(before) + (0 if open_ended else sum(c in _HIGH for c in after))
        if open_ended or len(high) < wanted:
            height = median(mark.y1 - mark.y0 for mark in high[: len(before)])
            high = [figure for mark in high for figure in single_figures(mark, height)]
        if len(high) < wanted or (len(high) > wanted and not open_ended):
            return []
        return [shape_of(piece, mark) for c, mark in zip(before, high, strict=False) if c.isdigit()]


def _core(text: str) -> str:
    match = _FIGURES.match(text)
    return match[1] if match else ""
