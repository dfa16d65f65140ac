"""What a document says elsewhere: a word that is plain on other lines outweighs a doubtful one on this line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.language_model import NUMBER

_UNSEEN = 0.5  # times that a pair which the document lacks is taken to have come
_ALONE = 0.5  # weight of a word that comes elsewhere beside other words
_MOST = 3.0  # natural logarithm: no memory outweighs more

Ids = NDArray[np.int64]


class Memory:
    """How often each word, and each pair of neighbours, comes in a document; words by their vocabulary numbers."""

    def __init__(self, sentences: Sequence[Sequence[int]]) -> None:
        lengths = np.array([len(numbers) for numbers in sentences], dtype=np.int64)
        self._begins = np.cumsum(lengths + 1) - lengths  # nothing (0) stands around each sentence
        self._flat = np.zeros(int(lengths.sum()) + len(lengths) + 1, dtype=np.int64)
        inside = np.zeros(len(self._flat), dtype=bool)
        for begin, numbers in zip(self._begins.tolist(), sentences, strict=True):
            self._flat[begin : begin + len(numbers)] = numbers
            inside[begin : begin + len(numbers)] = True
        self._words = np.bincount(self._flat[inside], minlength=1)
        pairs = ((self._flat[:-1] << 32) | self._flat[1:])[inside[:-1] & inside[1:]]
        self._pairs, self._times = np.unique(np.append(pairs, -1), return_counts=True)  # never empty

    def gains(self, places: Sequence[tuple[int, int]], others: Sequence[Ids]) -> list[NDArray[np.float32]]:
        """How much more the rest of the document speaks, in each place (a sentence and a word of it), for each of its
        `others` than for the word that stands there, in natural logarithms; never less than nothing."""
        if not places:
            return []
        sizes = np.array([len(ids) for ids in others])
        every = np.concatenate(others)
        gains = np.zeros(len(every), dtype=np.float32)
        times = np.where(every < len(self._words), self._words[np.minimum(every, len(self._words) - 1)], 0)
        known = np.flatnonzero(times)
        sentence, word = np.array(places, dtype=np.int64).T
        at = (self._begins[sentence] + word)[np.repeat(np.arange(len(sizes)), sizes)[known]]
        left, standing, right, other = self._flat[at - 1], self._flat[at], self._flat[at + 1], every[known]
        own = (left > NUMBER).astype(np.int64) + (right > NUMBER)
        beside, usual = self._beside(left, other, right), self._words[standing]
        found = np.log((beside + _UNSEEN) / (self._beside(left, standing, right) - own + _UNSEEN))
        found += _ALONE * np.log((1 + times[known]) / usual)
        gains[known] = np.where((beside > 0) | (times[known] > usual), found, 0).clip(0, _MOST)
        return np.split(gains, np.cumsum(sizes)[:-1])

    def _beside(self, left: Ids, word: Ids, right: Ids) -> Ids:
        """How often each word comes behind the one or before the other."""
        return self._together(left, word) * (left > NUMBER) + self._together(word, right) * (right > NUMBER)

    def _together(self, first: Ids, second: Ids) -> Ids:
        packed = (first << 32) | second
        at = np.minimum(np.searchsorted(self._pairs, packed), len(self._pairs) - 1)
        return np.where(self._pairs[at] == packed, self._times[at], 0)
