"""Log10 probabilities of syllables after their context, many at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.model_files import BACKOFF_STEP, BACKOFF_TOP, LOGP_STEP, ModelFiles
from pipeline.restore.ngrams import BITS
from pipeline.restore.static_table import StaticTable

UNKNOWN, BOUNDARY, NUMBER = 0, 1, 2
HIGHEST = 4  # syllables of the longest n-grams
_WIDTH = np.uint64(BITS)
_MASK1 = np.uint64((1 << BITS) - 1)
_MASK2 = np.uint64((1 << (2 * BITS)) - 1)

Histories = NDArray[np.uint64]
Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


class Known(NamedTuple):
    """What is known of syllables in a row, for each row: as many of them as the n-grams asked for are long."""

    keys: Histories  # the syllables packed into one number, the last one lowest
    scores: Scores  # log10 probability of the last one behind the others
    backoffs: Scores  # log10 of what a longer n-gram must pay that is not known; 0 where these are not known
    found: NDArray[np.bool_]  # whether they are known in a row

    def at(self, rows: Ids) -> Known:
        """Those rows of it."""
        return Known(self.keys.take(rows), self.scores.take(rows), self.backoffs.take(rows), self.found.take(rows))


class LanguageModel:
    """A pruned 4-gram model with back-off. A history is its last three syllables packed into one number."""

    def __init__(self, files: ModelFiles) -> None:
        self.files = files
        self._unigrams = np.ascontiguousarray(files.unigrams)
        self._backoffs = np.ascontiguousarray(files.backoffs)
        self._two, self._three, self._four = files.tables
        self._tables = dict(enumerate(files.tables, start=2))
        self._logp = (-np.arange(256) * LOGP_STEP).astype(np.float32)
        self._backoff = (BACKOFF_TOP - np.arange(256) * BACKOFF_STEP).astype(np.float32)

    @staticmethod
    def start() -> np.uint64:
        """The history at the beginning of a sentence."""
        return np.uint64(BOUNDARY)

    @staticmethod
    def extend(histories: Histories, ids: Ids) -> Histories:
        """Histories after one more syllable; a sentence boundary forgets what was before it."""
        longer: Histories = ((histories & _MASK2) << _WIDTH) | ids.astype(np.uint64)
        return np.where(ids == BOUNDARY, np.uint64(BOUNDARY), longer)

    def words(self, ids: Ids) -> Known:
        """What is known of single syllables."""
        keys = ids.astype(np.uint64)
        return Known(keys, self._unigrams.take(ids), self._backoffs.take(ids), np.ones(len(ids), dtype=np.bool_))

    def longer(self, length: int, known: Known, before: Ids, others: Known, after: Ids) -> Known:
        """What is known of rows of `length` syllables, two to four.

        Each is made of two rows that are one shorter and overlap: `before` of `known`, and behind it `after` of
        `others`.
        """
        keys = (known.keys.take(before) << _WIDTH) | (others.keys.take(after) & _MASK1)
        scores: Scores = known.backoffs.take(before) + others.scores.take(after)
        backoffs = np.zeros(len(keys), dtype=np.float32)
        found = np.zeros(len(keys), dtype=np.bool_)
        # no n-gram is kept without its context, so only those of known contexts are looked up
        rows = np.flatnonzero(known.found.take(before))
        hits, values = self._tables[length].find(keys if len(rows) == len(keys) else keys.take(rows))
        rows = rows.take(hits)
        scores[rows] = self._logp.take(values[0])
        found[rows] = True
        if length < HIGHEST:
            backoffs[rows] = self._backoff.take(values[1])
        return Known(keys, scores, backoffs, found)

    def score(self, histories: Histories, ids: Ids, owner: NDArray[np.intp]) -> Scores:
        """log10 p(ids[i] | histories[owner[i]])."""
        three, has_three = self._context(self._three, histories)
        two, has_two = self._context(self._two, histories & _MASK2)
        one = self._backoffs[(histories & _MASK1).astype(np.int64)]
        words = ids.astype(np.uint64)
        scores: Scores = self._unigrams[ids] + (three + two + one)[owner]
        hits, values = self._two.find(((histories & _MASK1) << _WIDTH)[owner] | words)
        scores[hits] = self._logp[values[0]] + (three + two)[owner[hits]]
        # no n-gram is kept without its context, so only those of known contexts are looked up
        rows = np.flatnonzero(has_two[owner])
        hits, values = self._three.find(((histories & _MASK2) << _WIDTH)[owner[rows]] | words[rows])
        scores[rows[hits]] = self._logp[values[0]] + three[owner[rows[hits]]]
        rows = np.flatnonzero(has_three[owner])
        hits, values = self._four.find((histories << _WIDTH)[owner[rows]] | words[rows])
        scores[rows[hits]] = self._logp[values[0]]
        return scores

    def are_pairs(self, first: Ids, second: Ids) -> NDArray[np.bool_]:
        """Whether each first word is known with the second behind it."""
        known = np.zeros(len(first), dtype=np.bool_)
        known[self._two.find((first.astype(np.uint64) << _WIDTH) | second.astype(np.uint64))[0]] = True
        return known

    def _context(self, table: StaticTable, keys: Histories) -> tuple[Scores, NDArray[np.bool_]]:
        """The back-off weight of each context, 0 where it is not known, and whether it is."""
        weights = np.zeros(len(keys), dtype=np.float32)
        known = np.zeros(len(keys), dtype=np.bool_)
        hits, (_, backoff) = table.find(keys)
        weights[hits] = self._backoff[backoff]
        known[hits] = True
        return weights, known
