"""Log10 probabilities of syllables after their context, many at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.model_files import BACKOFF_STEP, BACKOFF_TOP, LOGP_STEP, ModelFiles
from pipeline.restore.ngrams import BITS
from pipeline.restore.static_table import StaticTable

UNKNOWN, BOUNDARY, NUMBER = 0, 1, 2
_WIDTH = np.uint64(BITS)
_MASK1 = np.uint64((1 << BITS) - 1)
_MASK2 = np.uint64((1 << (2 * BITS)) - 1)

Histories = NDArray[np.uint64]
Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


class LanguageModel:
    """A pruned 4-gram model with back-off. A history is its last three syllables packed into one number."""

    def __init__(self, files: ModelFiles) -> None:
        self.files = files
        self._unigrams = np.ascontiguousarray(files.unigrams)
        self._backoffs = np.ascontiguousarray(files.backoffs)
        self._two, self._three, self._four = files.tables
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
