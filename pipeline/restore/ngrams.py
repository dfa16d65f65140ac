"""Counts n-grams of syllables and turns them into a pruned, smoothed language model (interpolated Kneser-Ney).

Sources: Kneser and Ney 1995; modified discounts of Chen and Goodman 1998; pruning by weighted difference, Seymore and
Rosenfeld 1996. An n-gram is packed into one unsigned 64-bit number, 15 bits a syllable, the last one lowest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 15
BOUNDARY = 1
_DAMPED = 0.3  # power of the counts when n-grams are weighed: text that repeats itself must not crowd out the rest
Packed = NDArray[np.uint64]
Floats = NDArray[np.float32]


@dataclass
class Order:
    """The n-grams of one length: sorted keys, log10 probability of the last syllable, log10 back-off weight."""

    keys: Packed
    logp: Floats
    backoff: Floats


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


def _tail(keys: Packed, order: int) -> Packed:
    return keys & np.uint64((1 << (BITS * (order - 1))) - 1)


def _discounts(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    n1, n2, n3, n4 = (max(1, int(np.count_nonzero(counts == n))) for n in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    found = [0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
    clipped: NDArray[np.float64] = np.clip(np.array(found), 0.0, np.array([0.0, 0.95, 1.7, 2.5]))
    return clipped


def _find(keys: Packed, wanted: Packed) -> NDArray[np.intp]:
    """Index of each wanted key; all must be there."""
    return np.searchsorted(keys, wanted)


def estimate(
    ids: NDArray[np.int32], vocabulary: int, highest: int, keep: dict[int, int], cutoff: dict[int, int]
) -> list[Order]:
    """Orders 1 to `highest`. `keep` bounds the n-grams of an order, `cutoff` drops rarer ones before that."""
    raw: dict[int, tuple[Packed, NDArray[np.int64]]] = {}
    for order in range(1, highest + 1):
        keys, counts = np.unique(pack(ids, order), return_counts=True)
        raw[order] = keys, counts
        print(f"order {order}: {len(keys):,} different", flush=True)
    probability: dict[int, NDArray[np.float64]] = {}
    spread: dict[int, NDArray[np.float64]] = {}  # per context (n-gram of the order below): weight of the lower order
    used: dict[int, NDArray[np.int64]] = {}
    for order in range(1, highest + 1):
        keys, counts = raw[order]
        if order < highest:
            tails, extensions = np.unique(_tail(raw[order + 1][0], order + 1), return_counts=True)
            kept = np.zeros(len(keys), dtype=np.int64)
            kept[_find(keys, tails)] = extensions
            begins = (keys >> np.uint64(BITS * (order - 1))) == BOUNDARY if order > 1 else np.zeros(len(keys), bool)
            used[order] = np.where(begins | (kept == 0), counts, kept)
        else:
            used[order] = counts
        c = used[order]
        d = _discounts(c)[np.minimum(c, 3)]
        if order == 1:
            total = c.sum()
            probability[1] = (c - d) / total + d.sum() / total / vocabulary
            continue
        context = keys >> np.uint64(BITS)
        heads, inverse = np.unique(context, return_inverse=True)
        total = np.bincount(inverse, weights=c)
        weight = np.bincount(inverse, weights=d) / total
        lower = probability[order - 1][_find(raw[order - 1][0], _tail(keys, order))]
        probability[order] = (c - d) / total[inverse] + weight[inverse] * lower
        places = _find(raw[order - 1][0], heads)
        here = np.ones(len(raw[order - 1][0]))
        here[places] = weight
        spread[order - 1] = here
        del context, heads, inverse, total, lower
    chosen = _prune(raw, probability, spread, highest, keep, cutoff)
    return _renormalise(raw, probability, chosen, highest)


def _prune(
    raw: dict[int, tuple[Packed, NDArray[np.int64]]],
    probability: dict[int, NDArray[np.float64]],
    spread: dict[int, NDArray[np.float64]],
    highest: int,
    keep: dict[int, int],
    cutoff: dict[int, int],
) -> dict[int, NDArray[np.bool_]]:
    chosen: dict[int, NDArray[np.bool_]] = {1: np.ones(len(raw[1][0]), dtype=bool)}
    needed: Packed | None = None
    for order in range(highest, 1, -1):
        keys, counts = raw[order]
        lower = probability[order - 1][_find(raw[order - 1][0], _tail(keys, order))]
        weight = spread[order - 1][_find(raw[order - 1][0], keys >> np.uint64(BITS))]
        gain = counts**_DAMPED * np.abs(np.log(probability[order]) - np.log(lower * weight))
        gain[counts < cutoff[order]] = -1.0
        must = np.zeros(len(keys), dtype=bool)
        if needed is not None:
            must[_find(keys, needed)] = True
        left = max(0, keep[order] - int(must.sum()))
        gain[must] = -1.0
        pick = must.copy()
        if left < len(keys):
            edge = np.partition(gain, len(keys) - left)[len(keys) - left] if left else np.inf
            pick |= (gain >= max(edge, 0.0)) & (gain >= 0)
        else:
            pick |= gain >= 0
        chosen[order] = pick
        needed = np.unique(keys[pick] >> np.uint64(BITS)) if order > 2 else None
        print(f"order {order}: keeps {int(pick.sum()):,} ({int(must.sum()):,} as contexts)", flush=True)
    return chosen


def _renormalise(
    raw: dict[int, tuple[Packed, NDArray[np.int64]]],
    probability: dict[int, NDArray[np.float64]],
    chosen: dict[int, NDArray[np.bool_]],
    highest: int,
) -> list[Order]:
    """Back-off weights that make the kept probabilities of each context sum to one."""
    orders: list[Order] = []
    keys = {n: raw[n][0][chosen[n]] for n in chosen}
    probs = {n: probability[n][chosen[n]] for n in chosen}
    lower_full: dict[int, NDArray[np.float64]] = {}
    for order in range(1, highest + 1):
        backoff = np.ones(len(keys[order]))
        if order < highest:
            above = keys[order + 1]
            heads, inverse = np.unique(above >> np.uint64(BITS), return_inverse=True)
            inside = np.bincount(inverse, weights=probs[order + 1])
            tails = _tail(above, order + 1)
            at = np.minimum(np.searchsorted(keys[order], tails), len(keys[order]) - 1)
            present = keys[order][at] == tails
            # where the shorter n-gram was pruned away its full probability is the nearest there is
            below = np.where(present, probs[order][at], probability[order][_find(raw[order][0], tails)])
            outside = np.bincount(inverse, weights=below)
            backoff[_find(keys[order], heads)] = np.clip((1 - inside) / np.maximum(1e-6, 1 - outside), 1e-4, 5.0)
        lower_full[order] = backoff
        orders.append(
            Order(keys[order], np.log10(probs[order]).astype(np.float32), np.log10(backoff).astype(np.float32))
        )
    return orders
