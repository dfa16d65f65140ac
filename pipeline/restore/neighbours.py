"""What the neighbours on both sides say about a word that lost its marks: a small neural voice beside the n-grams.

Each place is seen as its letters without marks (a key), the pair it makes with the key before it, and its case. Two
layers look six places to the left and to the right; what comes out is compared with a vector of each word that the key
may be. It needs no search: the neighbours count without their marks. How often a word is written with a capital is a
voice of its own: small, and worth most for names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.vietnamese import strip_marks

NEAR, FAR = (-2, -1, 0, 1, 2, 3), (-3, 0, 3)  # places that the first and the second layer look at
WEIGHT, CASE_WEIGHT = 0.3, 0.4  # of the two voices beside the n-grams, chosen on held-out text
SPECIALS = 3  # unknown word, boundary and number are keys of their own
BOUNDARY = 1
SMALL, CAPITAL, CAPITALS = 0, 1, 2
CASES = 3

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]


class Weights(NamedTuple):
    """The voice as it lies on disk. Tables have a row for each key, pair, case and vocabulary word."""

    key: Floats
    pair: Floats  # row 0 is any pair that is not among `pairs`
    case: Floats
    word: Floats
    bias: Floats  # by word and case
    near: Floats
    near_bias: Floats
    far: Floats
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


def beside(rows: Floats, places: Sequence[int]) -> Floats:
    """Rows (… × length × width) with those around each of them side by side; beyond the ends there is nothing."""
    length, reach = rows.shape[-2], max(map(abs, places))
    padding = [(0, 0)] * (rows.ndim - 2) + [(reach, reach), (0, 0)]
    padded = np.pad(rows, padding)
    parts = [padded[..., reach + place : reach + place + length, :] for place in places]
    joined: Floats = np.concatenate(parts, axis=-1)
    return joined


class Heard(NamedTuple):
    """One place of running text: the number of its key, its case, and whether the case says something, which it does
    where the place does not begin a sentence."""

    key: int
    case: int
    inside: bool


EDGE = Heard(BOUNDARY, SMALL, False)


class Neighbours:
    """The voice, ready to be asked."""

    def __init__(self, weights: Weights, vocabulary: Sequence[str]) -> None:
        self._weights = weights
        self.key_of, self._numbers = key_numbers(vocabulary)

    def key(self, word: str) -> int:
        """The number of a word's letters without marks, 0 where no word of the vocabulary has them."""
        return self._numbers.get(strip_marks(word.lower()), 0)

    def costs(self, text: Sequence[Heard], choices: dict[int, Ids]) -> dict[int, Floats]:
        """What each choice costs (natural logarithms) against others with its letters, at those places of the text."""
        if not choices:
            return {}
        w = self._weights
        keys, cases, inside = (np.array(column, dtype=np.int64) for column in zip(*text, strict=True))
        at = np.array(list(choices))
        sizes = np.array([len(words) for words in choices.values()])
        words = np.concatenate(list(choices.values()))
        owner = np.repeat(np.arange(len(at)), sizes)
        case = cases[at][owner]
        scores = WEIGHT * (
            np.einsum("ij,ij->i", w.word[words], self._out(keys, cases)[at][owner]) + w.bias[words, case]
        )
        scores += CASE_WEIGHT * w.usual_case[words, case] * inside[at][owner]
        _, alike = np.unique(owner * len(self._numbers) * 2 + self.key_of[words], return_inverse=True)
        best = np.full(len(words), -np.inf)
        np.maximum.at(best, alike, scores)
        costs = (best[alike] - scores).astype(np.float32)
        return dict(zip(choices, np.split(costs, np.cumsum(sizes)[:-1]), strict=True))

    def _out(self, keys: Ids, cases: Ids) -> Floats:
        w = self._weights
        rows = w.key[keys] + w.pair[pair_numbers(keys, w.pairs)] + w.case[cases]
        near = np.maximum(beside(rows, NEAR) @ w.near + w.near_bias, 0)
        far = np.maximum(beside(near, FAR) @ w.far + w.far_bias, 0)
        out: Floats = np.concatenate([far, near], axis=-1) @ w.out + w.out_bias
        return out
