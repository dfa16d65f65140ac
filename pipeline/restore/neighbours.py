"""What the neighbours on both sides say about a word that lost its marks: a small neural voice beside the n-grams.

Each place is seen as its letters without marks (a key), the pair it makes with the key before it, and its case. Two
layers look six and seven places to the left and to the right, and a mean over the words around tells what the text is
about; what comes out is compared with a vector of each word that the key may be. It needs no search: the neighbours
count without their marks. How often a word is written with a capital is a voice of its own: small, and worth most for
names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.choices import Floats, Ids
from pipeline.vietnamese import strip_marks

NEAR, FAR = (-2, -1, 0, 1, 2, 3), (-4, 0, 4)  # places that the first and the second layer look at
MARGIN = 4  # rows of nothing before and behind, so that these places are always there
AROUND = 24  # places on each side whose mean tells what the text is about
WEIGHT, CASE_WEIGHT = 0.35, 0.4  # of the two voices beside the n-grams, chosen on held-out text
SPECIALS = 3  # unknown word, boundary and number are keys of their own
BOUNDARY = 1
_BLOCK = 2048  # places worked on at once: more would need more memory, and be no faster
SMALL, CAPITAL, CAPITALS = 0, 1, 2
CASES = 3


class Weights(NamedTuple):
    """The voice as it lies on disk. Tables have a row for each key, pair, case and vocabulary word."""

    key: Floats
    pair: Floats  # row 0 is any pair that is not among `pairs`
    case: Floats
    word: Floats
    bias: Floats  # by word and case
    near: Floats
    near_bias: Floats
    far: Floats  # of what the first layer says at FAR, then of the mean around
    far_bias: Floats
    out: Floats
    out_bias: Floats
    pairs: NDArray[np.uint32]  # sorted; see `pair_numbers`
    usual_case: Floats  # natural logarithm of how often each word has each case inside sentences


def key_numbers(vocabulary: Sequence[str]) -> tuple[Ids, dict[str, int]]:
    """The key of each vocabulary word, and the number of each key by its letters."""
    numbers: dict[str, int] = {}
    keys = [
        place if place < SPECIALS else SPECIALS + numbers.setdefault(strip_marks(word), len(numbers))
        for place, word in enumerate(vocabulary)
    ]
    return np.array(keys, dtype=np.int64), {letters: SPECIALS + n for letters, n in numbers.items()}


def case_of(word: str) -> int:
    """SMALL, CAPITAL or CAPITALS."""
    if not word[0].isupper():
        return SMALL
    return CAPITALS if len(word) > 1 and word.isupper() else CAPITAL


def packed_pairs(keys: Ids) -> NDArray[np.uint32]:
    """Each place's key with the one before it, as one number."""
    before = np.concatenate([[1], keys[:-1]]) if len(keys) else keys
    packed: NDArray[np.uint32] = ((before << 16) | keys).astype(np.uint32)
    return packed


def pair_numbers(keys: Ids, pairs: NDArray[np.uint32]) -> Ids:
    """The row of each place's pair, 0 where it is none of `pairs`."""
    packed = packed_pairs(keys)
    at = np.minimum(np.searchsorted(pairs, packed), len(pairs) - 1)
    found: Ids = np.where(pairs[at] == packed, at + 1, 0)
    return found


def with_margins(rows: Floats) -> Floats:
    """Rows (… × length × width) with MARGIN rows of nothing at both ends."""
    return np.pad(rows, [(0, 0)] * (rows.ndim - 2) + [(MARGIN, MARGIN), (0, 0)])


def side_by_side(rows: Floats, at: Ids, places: Sequence[int]) -> Floats:
    """Beside each row of `at` those at these places around it. Rows beyond the ends are there already, as margins."""
    joined: Floats = rows.take(at[:, None] + np.array(places), axis=0).reshape(len(at), len(places) * rows.shape[1])
    return joined


def layer(inputs: Floats, weights: Floats, bias: Floats) -> Floats:
    """What a layer makes of each row; nothing is below zero."""
    made: Floats = inputs @ weights
    made += bias
    return np.maximum(made, 0, out=made)


def mean_around(rows: Floats) -> Floats:
    """The mean of rows (… × length × width) up to AROUND places away; beyond the ends there is nothing."""
    length = rows.shape[-2]
    sums = np.zeros((*rows.shape[:-2], length + 2 * AROUND + 1, rows.shape[-1]), dtype=np.float32)
    np.cumsum(rows, axis=-2, out=sums[..., AROUND + 1 : AROUND + 1 + length, :])
    sums[..., AROUND + 1 + length :, :] = sums[..., AROUND + length : AROUND + length + 1, :]
    total: Floats = sums[..., 2 * AROUND + 1 :, :] - sums[..., : -2 * AROUND - 1, :]
    total *= np.float32(1 / (2 * AROUND + 1))
    return total


class Script(NamedTuple):
    """Running text as the voice sees it, place by place."""

    keys: Ids
    cases: Ids
    inside: NDArray[np.bool_]  # whether the case says something, which it does where no sentence begins


class Neighbours:
    """The voice, ready to be asked."""

    def __init__(self, weights: Weights, vocabulary: Sequence[str]) -> None:
        self._weights = weights
        self.key_of, self._numbers = key_numbers(vocabulary)

    def key(self, word: str) -> int:
        """The number of a word's letters without marks, 0 where no word of the vocabulary has them."""
        return self._numbers.get(strip_marks(word.lower()), 0)

    def costs(self, text: Script, at: Ids, sizes: Ids, words: Ids) -> Floats:
        """What choices cost (natural logarithms) against others with their letters in the same place of the text.

        There are `sizes[i]` of them in place `at[i]`; `words` are all, place by place.
        """
        w = self._weights
        owner = np.repeat(np.arange(len(at)), sizes)
        case = text.cases[at][owner]
        near, around = self._near(text.keys, text.cases)
        scores = np.zeros(len(words), dtype=np.float32)
        ends = np.cumsum(sizes)
        for begin in range(0, len(at), _BLOCK):
            here = slice(begin, begin + _BLOCK)
            out = self._out(near, around, at[here])
            rows = slice(ends[begin] - sizes[begin], ends[here][-1])
            vectors = w.word.take(words[rows], axis=0)
            scores[rows] = np.einsum("ij,ij->i", vectors, out.take(owner[rows] - begin, axis=0))
        scores = WEIGHT * (scores + w.bias[words, case])
        scores += CASE_WEIGHT * w.usual_case[words, case] * text.inside[at][owner]
        _, alike = np.unique(owner * len(self._numbers) * 2 + self.key_of[words], return_inverse=True)
        best = np.full(len(words), -np.inf, dtype=np.float32)
        np.maximum.at(best, alike, scores)
        costs: Floats = best[alike] - scores
        return costs

    def _near(self, keys: Ids, cases: Ids) -> tuple[Floats, Floats]:
        """What the first layer makes of each place, with margins, and the mean around each."""
        w = self._weights
        rows = w.key[keys] + w.pair[pair_numbers(keys, w.pairs)] + w.case[cases]
        seen = with_margins(rows)
        near = np.zeros((len(seen), len(w.near_bias)), dtype=np.float32)
        for begin in range(MARGIN, MARGIN + len(keys), _BLOCK):
            places = np.arange(begin, min(begin + _BLOCK, MARGIN + len(keys)))
            near[places] = layer(side_by_side(seen, places, NEAR), w.near, w.near_bias)
        return near, mean_around(rows)

    def _out(self, near: Floats, around: Floats, at: Ids) -> Floats:
        w = self._weights
        inside = np.concatenate([side_by_side(near, at + MARGIN, FAR), around[at]], axis=1)
        out: Floats = np.concatenate([layer(inside, w.far, w.far_bias), near[at + MARGIN]], axis=1) @ w.out
        out += w.out_bias
        return out
