"""Chooses the n-grams that a small model keeps: those that tell words apart which are alike without their marks.

The idea is the weighted difference of Seymore and Rosenfeld (1996), but an n-gram is worth what it changes in the share
of each of its words among the words that its letters may be. What it changes in the probability itself counts, too: it
is of use where other words are in question, as on pages that were misread, and where words side by side are doubtful
together (`Nhà Trắng`, `Nha Trang`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.choices import Floats, Ids, ranges
from pipeline.restore.ngrams import BITS, Estimate, Order, Packed, find, renormalise, tail
from pipeline.restore.train_neighbours import Rivals

_DAMPED = 0.3  # power of the counts when n-grams are weighed: text that repeats itself must not crowd out the rest
_PLAIN = 1.0  # weight of the change of the probability itself
_BLOCK = 300_000  # n-grams weighed at once
_CERTAIN = 50.0  # natural logarithm of a share against rivals where there are none
_LEAST = 1e-30
_UNSEEN = -16.0  # natural logarithm of the probability of a word that was never counted
_B, _MASK = np.uint64(BITS), np.uint64((1 << BITS) - 1)
Chosen = dict[int, NDArray[np.bool_]]


def prune(
    full: Estimate, keep: Mapping[int, int], cutoff: Mapping[int, int], rivals: Rivals, key_of: Ids
) -> list[Order]:
    """The model with at most `keep` n-grams of an order, those that come less than `cutoff` times left out before.

    An n-gram that is the beginning of a longer one is always kept. `key_of` is the key of each vocabulary word.
    """
    told = _Told(full, len(key_of))
    chosen: Chosen = {1: np.ones(len(full.keys[1]), dtype=bool)}
    must = np.zeros(len(full.keys[full.highest]), dtype=bool)
    for order in range(full.highest, 1, -1):
        places = np.flatnonzero((full.counts[order] >= cutoff[order]) & ~must)
        best = places[_largest(_gains(full, told, order, places, rivals, key_of), keep[order] - int(must.sum()))]
        print(f"order {order}: keeps {len(best):,} and {int(must.sum()):,} as contexts", flush=True)
        chosen[order] = must
        chosen[order][best] = True
        must = np.zeros(len(full.keys[order - 1]), dtype=bool)
        must[find(full.keys[order - 1], full.keys[order][chosen[order]] >> _B)] = True
    return renormalise(full, dict(sorted(chosen.items())))


def _largest(gains: Floats, many: int) -> NDArray[np.intp]:
    """Places of the largest gains; of equal ones the first."""
    return np.argsort(-gains, kind="stable")[: max(0, many)]


def _log(values: NDArray[np.float64]) -> Floats:
    """Natural logarithms of probabilities; of little text some are nothing."""
    logs: Floats = np.log(np.maximum(values, _LEAST)).astype(np.float32)
    return logs


class _Told:
    """Natural logarithms of what the whole model says."""

    def __init__(self, full: Estimate, words: int) -> None:
        self.keys = full.keys
        self.logs = {order: _log(values) for order, values in full.probability.items()}
        self._backoffs = {order: _log(values) for order, values in full.spread.items()}
        self._words = np.full(words, _UNSEEN, dtype=np.float32)
        self._words[full.keys[1].astype(np.int64)] = self.logs[1]

    def of(self, order: int, keys: Packed) -> Floats:
        """How probable the last syllable of n-grams is behind the others, whether they were counted or not."""
        if order == 1:
            return self._words[keys.astype(np.int64)]
        at, seen = self._places(order, keys)
        told = self.logs[order][at]
        unseen = np.flatnonzero(~seen)
        before, known = self._places(order - 1, keys[unseen] >> _B)
        told[unseen] = self._backoffs[order - 1][before] * known + self.of(order - 1, tail(keys[unseen], order))
        return told

    def since(self, place: int, order: int, keys: Packed) -> Floats:
        """How probable all syllables of n-grams are from that place on, the first being 1."""
        parts = [self.of(size, keys >> np.uint64(BITS * (order - size))) for size in range(place, order + 1)]
        total: Floats = np.sum(parts, axis=0, dtype=np.float32)
        return total

    def _places(self, order: int, keys: Packed) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        at = np.minimum(np.searchsorted(self.keys[order], keys), len(self.keys[order]) - 1)
        return at, self.keys[order][at] == keys


def _gains(full: Estimate, told: _Told, order: int, places: Ids, rivals: Rivals, key_of: Ids) -> Floats:
    """What each n-gram in these places is worth."""
    change: Floats = (told.logs[order] - _log(full.shorter(order)))[places]
    gains: Floats = np.abs(change) * np.float32(_PLAIN)
    for begin in range(0, len(places), _BLOCK):
        here = slice(begin, begin + _BLOCK)
        keys = full.keys[order][places[here]]
        for place in range(1, order + 1):
            lead = _lead(told, order, place, keys, rivals, key_of)
            gains[here] += np.abs(_log_share(lead) - _log_share(lead - change[here]))
    gains *= full.counts[order][places].astype(np.float32) ** np.float32(_DAMPED)
    return gains


def _log_share(lead: Floats) -> Floats:
    """The share of one against its rivals, both in natural logarithms, from how far it is before all of them."""
    share: Floats = -np.logaddexp(np.float32(0), -lead)
    return share


def _lead(told: _Told, order: int, place: int, keys: Packed, rivals: Rivals, key_of: Ids) -> Floats:
    """How far each n-gram is before all those together that have another word of the same letters in that place."""
    shift = np.uint64(BITS * (order - place))
    words = ((keys >> shift) & _MASK).astype(np.int64)
    many = rivals.many[key_of[words]]
    owner = np.repeat(np.arange(len(keys)), many)
    others = rivals.words[ranges(rivals.first[key_of[words]], many)]
    rival = others != words[owner]
    owner, others = owner[rival], others[rival]
    lead = np.full(len(keys), _CERTAIN, dtype=np.float32)
    if len(owner):
        contested, starts = np.unique(owner, return_index=True)
        changed = (keys[owner] & ~(_MASK << shift)) | (others.astype(np.uint64) << shift)
        against = _together(told.since(place, order, changed), starts)
        lead[contested] = told.since(place, order, keys[contested]) - against
    return lead


def _together(logs: Floats, starts: Ids) -> Floats:
    """The logarithm of the sum of each group of probabilities, given as logarithms and where the groups begin."""
    largest = np.maximum.reduceat(logs, starts)
    sizes = np.diff(np.append(starts, len(logs)))
    sums: Floats = largest + np.log(np.add.reduceat(np.exp(logs - np.repeat(largest, sizes)), starts))
    return sums
