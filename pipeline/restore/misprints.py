"""What else typed words may be, at what cost against no misprint; worked out for many new words at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.restore.candidates import NOTHING, CandidateFinder, Found, Offers
from pipeline.restore.language_model import UNKNOWN
from pipeline.restore.model_files import ModelFiles
from pipeline.restore.syllables import bare, plain
from pipeline.vietnamese import strip_marks

_COST = np.float32(2.5)  # natural logarithms: of a misprint where no reading by machine explains it
_OTHER_LETTER_COST = np.float32(4.0)  # more for another letter, not only another tone
_FARTHEST = 10.0  # no misprint of typing costs more than this, and
_NONE = re.compile(".*[fjwz].*|.{9,}")  # a word like this is foreign
_MOST = 100_000  # words that are remembered


class Misprints:
    """Remembers what was worked out for each word."""

    def __init__(self, files: ModelFiles, finder: CandidateFinder) -> None:
        self._ids = files.ids
        # two words with the same number here are alike but for their marks
        self._numbers: dict[str, int] = {}
        self._bare = np.array([self._numbers.setdefault(strip_marks(w), len(self._numbers)) for w in files.vocabulary])
        self._finder = finder.nearer(_FARTHEST)
        self._found: dict[str, Found] = {}

    def of(self, words: Sequence[str]) -> list[Found]:
        """Other words for each one, which is in lower case."""
        if len(self._found) > _MOST:
            self._found.clear()
        new = sorted(set(words) - self._found.keys())
        if new:
            self._found.update(dict.fromkeys(new, NOTHING))
            self._work_out([word for word in new if not _NONE.fullmatch(word)])
        return list(map(self._found.__getitem__, words))

    def _work_out(self, words: list[str]) -> None:
        offers = Offers.joined(self._finder.find(words))
        owner = np.repeat(np.arange(len(words)), offers.sizes)
        numbers = np.array([self._ids.get(plain(word), UNKNOWN) for word in words], dtype=np.int64)
        alike = np.array([self._numbers.get(bare(word), -1) for word in words], dtype=np.int64)
        itself = offers.ids == numbers[owner]
        own = np.zeros(len(words), dtype=np.float32)
        own[owner[itself]] = offers.costs[itself]
        others = np.flatnonzero(~itself)
        owner, ids = owner[others], offers.ids[others]
        costs = offers.costs[others] - own[owner]
        costs += np.where(self._bare[ids] == alike[owner], np.float32(0.0), _OTHER_LETTER_COST)
        costs = np.maximum(costs + _COST, np.float32(0.0))
        ends = np.cumsum(np.bincount(owner, minlength=len(words))).tolist()
        for word, begin, end in zip(words, [0, *ends], ends, strict=False):
            self._found[word] = Found(ids[begin:end], costs[begin:end])
