"""Log10 probabilities of syllables after their context, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.model_files import ModelFiles, Ngrams
from pipeline.restore.ngrams import BITS

UNKNOWN, BOUNDARY, NUMBER = 0, 1, 2
HIGHEST = 4  # syllables of the longest n-grams
LEAD_IN = (UNKNOWN, UNKNOWN, BOUNDARY)  # what stands before a sentence, so that its first word has three before it
_WIDTH = np.uint64(BITS)
_MASK = np.uint64((1 << BITS) - 1)

Keys = NDArray[np.uint64]
Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


class Known(NamedTuple):
    """What is known of syllables in a row, for each row: as many of them as the n-grams asked for are long."""

    keys: Keys  # the syllables packed into one number, the last one lowest
    scores: Scores  # log10 probability of the last one behind the others
    backoffs: Scores  # log10 of what a longer n-gram must pay that is not known; 0 where these are not known
    found: NDArray[np.bool_]  # whether they are known in a row

    def at(self, rows: Ids) -> Known:
        """Those rows of it."""
        return Known(self.keys.take(rows), self.scores.take(rows), self.backoffs.take(rows), self.found.take(rows))


class LanguageModel:
    """A pruned 4-gram model with back-off."""

    def __init__(self, files: ModelFiles | Ngrams) -> None:
        self._unigrams = np.ascontiguousarray(files.unigrams)
        self._backoffs = np.ascontiguousarray(files.backoffs)
        self._tables = dict(enumerate(files.tables, start=2))
        self._levels = {order: np.ascontiguousarray(levels.T) for order, levels in enumerate(files.levels, start=2)}

    def words(self, ids: Ids) -> Known:
        """What is known of single syllables."""
        keys = ids.astype(np.uint64)
        return Known(keys, self._unigrams.take(ids), self._backoffs.take(ids), np.ones(len(ids), dtype=np.bool_))

    def longer(self, length: int, known: Known, before: Ids, others: Known, after: Ids) -> Known:
        """What is known of rows of `length` syllables, two to four.

        Each is made of two rows that are one shorter and overlap: `before` of `known`, and behind it `after` of
        `others`.
        """
        keys = (known.keys.take(before) << _WIDTH) | (others.keys.take(after) & _MASK)
        scores: Scores = known.backoffs.take(before) + others.scores.take(after)
        backoffs = np.zeros(len(keys), dtype=np.float32)
        found = np.zeros(len(keys), dtype=np.bool_)
        # no n-gram is kept without its context, so only those of known contexts are looked up
        rows = np.flatnonzero(known.found.take(before))
        hits, values = self._tables[length].find(keys if len(rows) == len(keys) else keys.take(rows))
        rows = rows.take(hits)
        levels = self._levels[length]
        scores[rows] = levels[0].take(values)
        found[rows] = True
        if length < HIGHEST:
            backoffs[rows] = levels[1].take(values)
        return Known(keys, scores, backoffs, found)

    def text(self, ids: Ids) -> tuple[Known, ...]:
        """What is known of each syllable of a text alone, with the one before it, with two and with three.

        What stands before the first is not known.
        """
        places = np.arange(len(ids))
        rows = [self.words(ids)]
        for length in range(2, HIGHEST + 1):
            rows.append(self.longer(length, rows[-1], np.maximum(places - 1, 0), rows[-1], places))
        return tuple(rows)

    def behind(self, rows: Sequence[Known], before: Ids, shorter: Sequence[Known]) -> tuple[Known, ...]:
        """The same of one more syllable behind each of `before` of such rows.

        `shorter` is what is known of it already: alone, and with those before it that are always the same.
        """
        found = list(shorter)
        places = np.arange(len(before))
        for length in range(len(found) + 1, HIGHEST + 1):
            found.append(self.longer(length, rows[length - 2], before, found[-1], places))
        return tuple(found)

    def are_pairs(self, first: Ids, second: Ids) -> NDArray[np.bool_]:
        """Whether each first word is known with the second behind it."""
        known = np.zeros(len(first), dtype=np.bool_)
        known[self._tables[2].find((first.astype(np.uint64) << _WIDTH) | second.astype(np.uint64))[0]] = True
        return known
