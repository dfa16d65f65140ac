"""What a document says elsewhere: a word that was read well on other lines outweighs a bad reading on this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.language_model import NUMBER

_UNSEEN = 0.5  # times that a pair which the document lacks is taken to have come
_ALONE = 0.5  # weight of a word that comes elsewhere beside other words
_MOST = 3.0  # natural logarithm: no memory outweighs more


class Memory:
    """How often each word, and each pair of neighbours, comes in a document; words by their vocabulary numbers."""

    def __init__(self, sentences: Sequence[Sequence[int]]) -> None:
        self._sentences = sentences
        self._words: Counter[int] = Counter()
        self._pairs: Counter[tuple[int, int]] = Counter()
        for numbers in sentences:
            self._words.update(numbers)
            self._pairs.update(pairwise(numbers))

    def gains(self, sentence: int, place: int, others: NDArray[np.int64]) -> NDArray[np.float32]:
        """How much more the rest of the document speaks for each of `others` in that place than for the word that
        stands there, in natural logarithms; never less than nothing."""
        numbers = self._sentences[sentence]
        standing = numbers[place]
        left = numbers[place - 1] if place else 0
        right = numbers[place + 1] if place + 1 < len(numbers) else 0
        own = (left > NUMBER) + (right > NUMBER)
        pairs = self._beside(left, standing, right) - own + _UNSEEN
        words = self._words[standing]
        gains = [
            np.log((beside + _UNSEEN) / pairs) + _ALONE * np.log((1 + self._words[other]) / words)
            if (beside := self._beside(left, other, right)) or self._words[other] > words
            else 0.0
            for other in others.tolist()
        ]
        return np.clip(np.array(gains, dtype=np.float32), 0.0, _MOST)

    def _beside(self, left: int, word: int, right: int) -> int:
        """How often a word comes behind the one or before the other."""
        behind = self._pairs[left, word] if left > NUMBER else 0
        return behind + (self._pairs[word, right] if right > NUMBER else 0)
