"""What is kept tells apart words that are alike without marks, and what is kept can be looked up."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipeline.restore.ngrams import BITS, BOUNDARY, Estimate, estimate
from pipeline.restore.pruning import prune
from pipeline.restore.train_neighbours import Rivals

_WORDS = 13
_KEY_OF = np.array([0, 1, 2, 3, 3, *range(4, 12)])  # words 3 and 4 have the same letters
_RIVALS = Rivals.of({3: [3, 4], **{key: [key + 1] for key in range(4, 12)}}, 12)


def _pack(*words: int) -> int:
    return sum(word << (BITS * place) for place, word in enumerate(reversed(words)))


def _phrases(*phrases: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """The phrases as sentences, each as often, in mixed order."""
    order = np.random.default_rng(1).permutation(np.repeat(np.arange(len(phrases)), 40))
    return np.array([BOUNDARY, *(word for n in order for word in (*phrases[n], BOUNDARY))], dtype=np.int32)


def _random(highest: int) -> Estimate:
    ids = np.random.default_rng(3).integers(3, _WORDS, 3000).astype(np.int32)
    ids[::9] = BOUNDARY
    return estimate(ids, _WORDS, highest)


@pytest.mark.parametrize("telling", [((5, 3), (6, 4)), ((3, 5), (4, 6))])
def test_pairs_that_tell_rivals_apart_are_kept(telling: tuple[tuple[int, ...], ...]) -> None:
    full = estimate(_phrases(*telling, (7, 8), (9, 10), (11, 12)), _WORDS, 2)
    kept = prune(full, {2: 4}, {2: 1}, _RIVALS, _KEY_OF)[1].keys.tolist()
    assert {_pack(*pair) for pair in telling} <= set(kept)
    assert all({3, 4} & {pair >> BITS, pair & ((1 << BITS) - 1)} for pair in kept)


def test_the_beginnings_of_what_is_kept_are_kept() -> None:
    orders = prune(_random(4), {2: 60, 3: 40, 4: 30}, {2: 1, 3: 1, 4: 1}, _RIVALS, _KEY_OF)
    assert [len(order.keys) for order in orders[1:]] == [60, 40, 30]
    for shorter, longer in itertools.pairwise(orders[1:]):
        assert np.isin(longer.keys >> np.uint64(BITS), shorter.keys).all()


def test_rare_ones_are_left_out() -> None:
    full = _random(3)
    orders = prune(full, {2: 10**6, 3: 10**6}, {2: 1, 3: 2}, _RIVALS, _KEY_OF)
    assert (orders[2].keys == full.keys[3][full.counts[3] >= 2]).all()


def test_probabilities_behind_a_context_sum_to_one() -> None:
    full = _random(2)
    words, pairs = prune(full, {2: 50}, {2: 1}, _RIVALS, _KEY_OF)
    share = np.zeros(_WORDS)
    share[words.keys.astype(np.int64)] = 10.0**words.logp
    for word, backoff in zip(words.keys.tolist(), words.backoff.tolist(), strict=True):
        behind = share * 10**backoff
        inside = pairs.keys >> np.uint64(BITS) == word
        behind[(pairs.keys[inside] & np.uint64((1 << BITS) - 1)).astype(np.int64)] = 10.0 ** pairs.logp[inside]
        assert behind.sum() == pytest.approx(1, abs=0.03)
