"""What a document says elsewhere: a word that is plain on other lines outweighs a doubtful one on this line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.choices import Ids, ranges
from pipeline.restore.language_model import NUMBER

_UNSEEN = 0.5  # times that a pair which the document lacks is taken to have come
_ALONE = 0.5  # weight of a word that comes elsewhere beside other words
_MOST = 3.0  # natural logarithm: no memory outweighs more


class Memory:
    """How often each word, and each pair of neighbours, comes in a document; words by their vocabulary numbers."""

    def __init__(self, numbers: Ids, lengths: Ids) -> None:
        """From the words of all sentences, one after the other, and how many each sentence has."""
        self._begins = np.cumsum(lengths + 1) - lengths  # nothing (0) stands around each sentence
        inside = ranges(self._begins, lengths)
        self._flat = np.zeros(len(numbers) + len(lengths) + 1, dtype=np.int64)
        self._flat[inside] = numbers
        self._words = np.bincount(numbers, minlength=1)
        joined = inside[np.flatnonzero(np.diff(inside) == 1)]
        pairs = (self._flat[joined] << 32) | self._flat[joined + 1]
        self._pairs, self._times = np.unique(np.append(pairs, -1), return_counts=True)  # never empty

    def gains(self, sentence: Ids, place: Ids, sizes: Ids, others: Ids) -> NDArray[np.float32]:
        """How much more the rest of the document speaks, in each place of its sentence, for each of the so many
        `others` there than for the word that stands there, in natural logarithms; never less than nothing."""
        gains = np.zeros(len(others), dtype=np.float32)
        times = np.where(others < len(self._words), self._words[np.minimum(others, len(self._words) - 1)], 0)
        known = np.flatnonzero(times)
        at = np.repeat(self._begins[sentence] + place, sizes)[known]
        left, standing, right, other = self._flat[at - 1], self._flat[at], self._flat[at + 1], others[known]
        own = (left > NUMBER).astype(np.int64) + (right > NUMBER)
        beside, usual = self._beside(left, other, right), self._words[standing]
        found = np.log((beside + _UNSEEN) / (self._beside(left, standing, right) - own + _UNSEEN))
        found += _ALONE * np.log((1 + times[known]) / usual)
        gains[known] = np.where((beside > 0) | (times[known] > usual), found, 0).clip(0, _MOST)
        return gains

    def _beside(self, left: Ids, word: Ids, right: Ids) -> Ids:
        """How often each word comes behind the one or before the other."""
        return self._together(left, word) * (left > NUMBER) + self._together(word, right) * (right > NUMBER)

    def _together(self, first: Ids, second: Ids) -> Ids:
        packed = (first << 32) | second
        at = np.minimum(np.searchsorted(self._pairs, packed), len(self._pairs) - 1)
        return np.where(self._pairs[at] == packed, self._times[at], 0)
