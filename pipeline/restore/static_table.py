"""An immutable map from 64-bit keys to small values, in three to five bytes an entry, looked up many keys at a time.

The keys are not stored: three slots, chosen by hashing, combine by exclusive or to the key's fingerprint (a xor filter;
Graf and Lemire, 2020). A key that was never put in is taken for one that was in one case of 65 536. The arrays can be
memory-mapped, so worker processes share them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FACTOR = 1.23
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_LOW32 = np.uint64(0xFFFFFFFF)
_S16, _S27, _S31, _S32, _S33 = (np.uint64(n) for n in (16, 27, 31, 32, 33))

Keys = NDArray[np.uint64]
Slots = NDArray[np.int64]


def _mix(keys: Keys) -> Keys:
    mixed = keys ^ (keys >> _S33)
    mixed *= _M1
    mixed ^= mixed >> _S27
    mixed *= _M2
    mixed ^= mixed >> _S31
    return mixed


@dataclass(frozen=True)
class StaticTable:
    """`fingerprints` tell whether a key is in; each of `values` is one byte per key."""

    fingerprints: NDArray[np.uint16]
    values: tuple[NDArray[np.uint8], ...]

    @classmethod
    def build(cls, keys: Keys, *values: NDArray[np.uint8]) -> StaticTable:
        """From distinct keys and their values, each of the keys' length. The same input gives the same table."""
        third = max(8, int(len(keys) * _FACTOR / 3) + 11)
        while True:
            slots = np.stack(_slots(keys, third))
            order = _peel(slots, third * 3)
            if order is not None:
                break
            third += max(1, third // 100)
        mixed = _mix(keys)
        prints = np.zeros(third * 3, dtype=np.uint16)
        columns = [np.zeros(third * 3, dtype=np.uint8) for _ in values]
        wanted = (mixed & np.uint64(0xFFFF)).astype(np.uint16)
        for indices, free in reversed(order):
            a, b, c = slots[:, indices]
            prints[free] = 0
            prints[free] = wanted[indices] ^ prints[a] ^ prints[b] ^ prints[c]
            for column, value in zip(columns, values, strict=True):
                column[free] = 0
                column[free] = value[indices] ^ column[a] ^ column[b] ^ column[c]
        return cls(prints, tuple(columns))

    def find(self, keys: Keys) -> tuple[NDArray[np.intp], tuple[NDArray[np.uint8], ...]]:
        """Indices of the keys that are in, and the values of those."""
        third = len(self.fingerprints) // 3
        mixed = _mix(keys)
        a, b, c = _slots_of_mixed(mixed, third)
        stored = self.fingerprints
        print_of = stored.take(a)
        print_of ^= stored.take(b)
        print_of ^= stored.take(c)
        hits = np.flatnonzero(print_of == mixed.astype(np.uint16))
        a, b, c = a[hits], b[hits], c[hits]
        return hits, tuple(v.take(a) ^ v.take(b) ^ v.take(c) for v in self.values)


def _slots(keys: Keys, third: int) -> tuple[Slots, Slots, Slots]:
    return _slots_of_mixed(_mix(keys), third)


def _slots_of_mixed(mixed: Keys, third: int) -> tuple[Slots, Slots, Slots]:
    size = np.uint64(third)
    second = mixed * _GOLDEN
    a = ((mixed >> _S32) * size) >> _S32
    b = ((second >> _S32) * size) >> _S32
    c = (((second ^ (mixed >> _S16)) & _LOW32) * size) >> _S32
    return a.view(np.int64), (b + size).view(np.int64), (c + size + size).view(np.int64)


def _peel(slots: Slots, size: int) -> list[tuple[NDArray[np.intp], Slots]] | None:
    """Rounds of (keys, the slot that only each of them still uses); None where the keys do not come apart."""
    count = np.bincount(slots.ravel(), minlength=size).astype(np.int32)
    owner = np.zeros(size, dtype=np.int64)
    indices = np.arange(slots.shape[1], dtype=np.int64)
    for row in slots:
        np.bitwise_xor.at(owner, row, indices)
    rounds = []
    left = slots.shape[1]
    single = np.flatnonzero(count == 1)
    while left:
        if not len(single):
            return None
        keys, first = np.unique(owner[single], return_index=True)
        rounds.append((keys, single[first]))
        left -= len(keys)
        touched = []
        for row in slots:
            places = row[keys]
            np.subtract.at(count, places, 1)
            np.bitwise_xor.at(owner, places, keys)
            touched.append(places)
        near = np.unique(np.concatenate(touched))
        single = near[count[near] == 1]
    return rounds
