"""Counts n-grams of syllables and turns them into a smoothed language model (interpolated Kneser-Ney).

Sources: Kneser and Ney 1995; modified discounts of Chen and Goodman 1998. An n-gram is packed into one unsigned 64-bit
number, 15 bits a syllable, the last one lowest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 15
BOUNDARY = 1
_B = np.uint64(BITS)
Packed = NDArray[np.uint64]
Floats = NDArray[np.float32]


@dataclass
class Order:
    """The n-grams of one length: sorted keys, log10 probability of the last syllable, log10 back-off weight."""

    keys: Packed
    logp: Floats
    backoff: Floats


@dataclass(frozen=True)
class Estimate:
    """All n-grams that were counted, by their length, and what they say before any is left out."""

    keys: dict[int, Packed]  # sorted
    counts: dict[int, NDArray[np.int64]]
    probability: dict[int, NDArray[np.float64]]  # of the last syllable behind the others
    spread: dict[int, NDArray[np.float64]]  # of all but the longest, as contexts: weight of the lower order

    @property
    def highest(self) -> int:
        """Syllables of the longest n-grams."""
        return max(self.keys)

    def shorter(self, order: int) -> NDArray[np.float64]:
        """What the order below says of each n-gram's last syllable."""
        below = self.probability[order - 1][find(self.keys[order - 1], tail(self.keys[order], order))]
        found: NDArray[np.float64] = below * self.spread[order - 1][find(self.keys[order - 1], self.keys[order] >> _B)]
        return found


def pack(ids: NDArray[np.int32], order: int) -> Packed:
    """All n-grams of that order with no sentence boundary but in the first place."""
    size = len(ids) - order + 1
    keys = np.zeros(size, dtype=np.uint64)
    good = np.ones(size, dtype=bool)
    for place in range(order):
        part = ids[place : place + size]
        keys = (keys << np.uint64(BITS)) | part.astype(np.uint64)
        if place and order > 1:
            good &= (part != BOUNDARY) | ((place == order - 1) & (order == 2))
        good &= part != 0
    return keys[good]


def tail(keys: Packed, order: int) -> Packed:
    """The n-grams without their first syllable."""
    return keys & np.uint64((1 << (BITS * (order - 1))) - 1)


def _discounts(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    n1, n2, n3, n4 = (max(1, int(np.count_nonzero(counts == n))) for n in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    found = [0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
    clipped: NDArray[np.float64] = np.clip(np.array(found), 0.0, np.array([0.0, 0.95, 1.7, 2.5]))
    return clipped


def find(keys: Packed, wanted: Packed) -> NDArray[np.intp]:
    """Index of each wanted key among sorted ones; all must be there."""
    return np.searchsorted(keys, wanted)


def estimate(ids: NDArray[np.int32], vocabulary: int, highest: int) -> Estimate:
    """Orders 1 to `highest`."""
    keys: dict[int, Packed] = {}
    counts: dict[int, NDArray[np.int64]] = {}
    for order in range(1, highest + 1):
        keys[order], counts[order] = np.unique(pack(ids, order), return_counts=True)
        print(f"order {order}: {len(keys[order]):,} different", flush=True)
    probability: dict[int, NDArray[np.float64]] = {}
    spread: dict[int, NDArray[np.float64]] = {}
    for order in range(1, highest + 1):
        c = _continuations(keys, counts, order) if order < highest else counts[order]
        d = _discounts(c)[np.minimum(c, 3)]
        if order == 1:
            probability[1] = (c - d) / c.sum() + d.sum() / c.sum() / vocabulary
            continue
        heads, inverse = np.unique(keys[order] >> _B, return_inverse=True)
        total = np.bincount(inverse, weights=c)
        weight = np.bincount(inverse, weights=d) / total
        lower = probability[order - 1][find(keys[order - 1], tail(keys[order], order))]
        probability[order] = (c - d) / total[inverse] + weight[inverse] * lower
        spread[order - 1] = np.ones(len(keys[order - 1]))
        spread[order - 1][find(keys[order - 1], heads)] = weight
    return Estimate(keys, counts, probability, spread)


def _continuations(keys: dict[int, Packed], counts: dict[int, NDArray[np.int64]], order: int) -> NDArray[np.int64]:
    """Behind how many different syllables each n-gram comes; how often it comes, where none can stand before it."""
    tails, extensions = np.unique(tail(keys[order + 1], order + 1), return_counts=True)
    found = np.zeros(len(keys[order]), dtype=np.int64)
    found[find(keys[order], tails)] = extensions
    begins = (keys[order] >> np.uint64(BITS * (order - 1)) == BOUNDARY) & (order > 1)
    used: NDArray[np.int64] = np.where(begins | (found == 0), counts[order], found)
    return used


def renormalise(full: Estimate, chosen: dict[int, NDArray[np.bool_]]) -> list[Order]:
    """The n-grams that are chosen, with back-off weights that make the probabilities of each context sum to one."""
    orders: list[Order] = []
    keys = {n: full.keys[n][chosen[n]] for n in chosen}
    probs = {n: full.probability[n][chosen[n]] for n in chosen}
    for order in range(1, full.highest + 1):
        backoff = np.ones(len(keys[order]))
        if order < full.highest:
            above = keys[order + 1]
            heads, inverse = np.unique(above >> _B, return_inverse=True)
            inside = np.bincount(inverse, weights=probs[order + 1])
            # where the shorter n-gram was pruned away its full probability is the nearest there is
            below = full.probability[order][find(full.keys[order], tail(above, order + 1))]
            outside = np.bincount(inverse, weights=below)
            backoff[find(keys[order], heads)] = np.clip((1 - inside) / np.maximum(1e-6, 1 - outside), 1e-4, 5.0)
        orders.append(
            Order(keys[order], np.log10(probs[order]).astype(np.float32), np.log10(backoff).astype(np.float32))
        )
    return orders
