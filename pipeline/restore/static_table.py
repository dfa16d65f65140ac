"""An immutable map from 64-bit keys to small values, in three to four bytes an entry, looked up many keys at a time.

The keys are not stored: three slots, chosen by hashing, combine by exclusive or to the key's fingerprint (a binary fuse
filter; Graf and Lemire, 2022). The three lie in segments that follow each other, which needs fewer slots than three
anywhere, and touches less memory. A key that was never put in is taken for one that was in one case of 65 536. The
arrays can be memory-mapped, so worker processes share them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_LONGEST = 18  # a segment has at most 2 to the power of this slots
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S18, _S27, _S31, _S32, _S33 = (np.uint64(n) for n in (18, 27, 31, 32, 33))

Keys = NDArray[np.uint64]
_Number = TypeVar("_Number", np.uint8, np.uint16)
Places = NDArray[np.int64]


def _mix(keys: Keys) -> Keys:
    mixed = keys ^ (keys >> _S33)
    mixed *= _M1
    mixed ^= mixed >> _S27
    mixed *= _M2
    mixed ^= mixed >> _S31
    return mixed


@dataclass(frozen=True)
class StaticTable:
    """`slots` (segments × slots of one) tell whether a key is in; `values` is one byte a slot, flat."""

    slots: NDArray[np.uint16]
    values: NDArray[np.uint8]

    @classmethod
    def build(cls, keys: Keys, values: NDArray[np.uint8]) -> StaticTable:
        """From distinct keys and the value of each. The same input gives the same table."""
        mixed = _mix(keys)
        segments, length = _shape(len(keys))
        while (order := _peel(places := np.stack(_places(mixed, segments, length)), segments * length)) is None:
            segments += 1 + segments // 100
        slots = _combined(_fingerprints(mixed), places, order, segments * length)
        return cls(slots.reshape(segments, length), _combined(values, places, order, segments * length))

    def find(self, keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
        """Indices of the keys that are in, and the values of those."""
        mixed = _mix(keys)
        a, b, c = _places(mixed, *self.slots.shape)
        stored = self.slots.reshape(-1)
        found = stored.take(a)
        found ^= stored.take(b)
        found ^= stored.take(c)
        hits = np.flatnonzero(found == _fingerprints(mixed))
        return hits, self.values.take(a[hits]) ^ self.values.take(b[hits]) ^ self.values.take(c[hits])


def _combined(
    wanted: NDArray[_Number], places: Places, order: list[tuple[NDArray[np.intp], Places]], size: int
) -> NDArray[_Number]:
    """Slots of which the three of each key combine to what is wanted for it."""
    slots = np.zeros(size, dtype=wanted.dtype)
    for indices, free in reversed(order):
        a, b, c = places[:, indices]
        slots[free] = 0
        slots[free] = wanted[indices] ^ slots[a] ^ slots[b] ^ slots[c]
    return slots


def _shape(keys: int) -> tuple[int, int]:
    """How many segments there are, and how many slots each has, by the authors' formulas."""
    size = log(max(keys, 2))
    length = 1 << min(_LONGEST, int(size / log(3.33) + 2.25))
    slots = keys * max(1.125, 0.875 + 0.25 * log(1e6) / size)
    return max(3, ceil(slots / length)), length


def _fingerprints(mixed: Keys) -> NDArray[np.uint16]:
    return (mixed ^ (mixed >> _S32)).astype(np.uint16)


def _places(mixed: Keys, segments: int, length: int) -> tuple[Places, Places, Places]:
    """One slot in each of three segments that follow each other."""
    size, inside = np.uint64((segments - 2) * length), np.uint64(length - 1)
    first = ((mixed >> _S32) * size) >> _S32
    second = (first + np.uint64(length)) ^ ((mixed >> _S18) & inside)
    third = (first + np.uint64(2 * length)) ^ (mixed & inside)
    return first.view(np.int64), second.view(np.int64), third.view(np.int64)


def _peel(places: Places, size: int) -> list[tuple[NDArray[np.intp], Places]] | None:
    """Rounds of (keys, the slot that only each of them still uses); None where the keys do not come apart."""
    count = np.bincount(places.ravel(), minlength=size).astype(np.int32)
    owner = np.zeros(size, dtype=np.int64)
    indices = np.arange(places.shape[1], dtype=np.int64)
    for row in places:
        np.bitwise_xor.at(owner, row, indices)
    rounds = []
    left = places.shape[1]
    single = np.flatnonzero(count == 1)
    while left:
        if not len(single):
            return None
        keys, first = np.unique(owner[single], return_index=True)
        rounds.append((keys, single[first]))
        left -= len(keys)
        touched = []
        for row in places:
            here = row[keys]
            np.subtract.at(count, here, 1)
            np.bitwise_xor.at(owner, here, keys)
            touched.append(here)
        near = np.unique(np.concatenate(touched))
        single = near[count[near] == 1]
    return rounds
