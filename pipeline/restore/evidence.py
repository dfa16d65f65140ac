"""What the reading of the image says about each word: how sure the reader was, and what else it read there.

A word read with a confidence of 0.5 is wrong every second time, one with 0.96 once in 250 (printed pages,
damaged and read). The cost of taking it for misread is the logarithm of these odds.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from pipeline.models import Alignment, Page

# Confidence of a word, and the cost (natural logarithm) of taking it for misread. The odds measured, made flatter,
# because on a worse scan than those printed the sure words are wrong more often, and lower, because another reading
# must beat the word by a margin besides.
_CONFIDENCE = (0.30, 0.60, 0.75, 0.84, 0.90, 0.94, 0.96, 0.97)
_COST = (-1.35, -1.05, -0.75, -0.45, -0.05, 0.55, 1.15, 1.95)
_UNKNOWN_COST = 1.45  # where the reader does not say how sure it was


class Seen(NamedTuple):
    """Cost of taking a word for misread, and the other readings of its image, best first."""

    cost: float
    alternatives: tuple[str, ...]


class Evidence:
    """The words of one page as the reader saw them, found by their place in the text so far restored."""

    def __init__(self, page: Page, alignment: Alignment) -> None:
        self._words = sorted((word for word in page.words if word.end > word.start), key=lambda word: word.start)
        self._starts = [word.start for word in self._words]
        confidences = [word.confidence for word in self._words]
        self._costs: list[float] = np.interp(confidences, _CONFIDENCE, _COST).tolist()
        self._alignment = alignment

    def at(self, start: int, end: int) -> Seen:
        """What was seen at `text[start:end]`; the least sure of the words that it touches."""
        raw_start, raw_end = self._alignment.to_raw(start, end)
        first = max(0, bisect_right(self._starts, raw_start) - 1)
        last = bisect_right(self._starts, max(raw_start, raw_end - 1))
        words = self._words
        touched = [at for at in range(first, last) if words[at].end > raw_start and words[at].start < raw_end]
        if not touched:
            return Seen(_UNKNOWN_COST, ())
        others = tuple(text for text, _ in words[touched[0]].alternatives) if len(touched) == 1 else ()
        return Seen(min(self._costs[at] for at in touched), others)
