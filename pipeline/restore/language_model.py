"""Log10 probabilities of syllables after their context, many at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.model_files import BACKOFF_STEP, BACKOFF_TOP, LOGP_STEP, ModelFiles
from pipeline.restore.ngrams import BITS

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

    def backoff_weights(self, histories: Histories) -> tuple[Scores, Scores, Scores]:
        """Back-off weight of each history's last three, two and one syllables (0 where it has none)."""
        three = self._context(self._three, histories)
        two = self._context(self._two, histories & _MASK2)
        one = self._backoffs[(histories & _MASK1).astype(np.int64)]
        return three, two, one

    def _context(self, table, keys: Histories) -> Scores:  # type: ignore[no-untyped-def]
        weights = np.zeros(len(keys), dtype=np.float32)
        hits, (_, backoff) = table.find(keys)
        weights[hits] = self._backoff[backoff]
        return weights

    def score(self, histories: Histories, ids: Ids, owner: NDArray[np.intp]) -> Scores:
        """log10 p(ids[i] | histories[owner[i]])."""
        three, two, one = self.backoff_weights(histories)
        words = ids.astype(np.uint64)
        scores: Scores = self._unigrams[ids] + (three + two + one)[owner]
        after = histories[owner]
        self._refine(self._two, ((after & _MASK1) << _WIDTH) | words, (three + two)[owner], scores)
        self._refine(self._three, ((after & _MASK2) << _WIDTH) | words, three[owner], scores)
        self._refine(self._four, (after << _WIDTH) | words, None, scores)
        return scores

    def _refine(self, table, keys: Histories, weight: Scores | None, scores: Scores) -> None:  # type: ignore[no-untyped-def]
        hits, values = table.find(keys)
        found = self._logp[values[0]]
        scores[hits] = found if weight is None else found + weight[hits]
