"""Learns the voice of the neighbours from running text: stochastic gradients (Adam) in plain NumPy.

The same text gives the same weights on the same machine. Chunks of text are drawn in random but fixed order; a word is
learnt against the other words that its letters without marks may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.neighbours import (
    CASES,
    FAR,
    NEAR,
    SPECIALS,
    Floats,
    Ids,
    Weights,
    beside,
    key_numbers,
    packed_pairs,
    pair_numbers,
)

WIDTH, HIDDEN, OUT = 64, 128, 64
PAIRS = 32_767
_SAMPLE = 8  # pairs are counted at every such place
_CHUNK, _BATCH = 64, 96  # words a chunk, chunks a step
_EDGE = 3  # words at the ends of a chunk that lack neighbours: not learnt
_RATE, _WARM_UP, _LAST = 4e-3, 300, 0.03
_SMALLEST = 1e-3  # gradients of a score below this are nothing
_DECAY1, _DECAY2, _TINY = 0.9, 0.98, 1e-8


@dataclass(frozen=True)
class Text:
    """Running text as vocabulary numbers, and the case of each word."""

    ids: NDArray[np.int32]
    cases: NDArray[np.uint8]


@dataclass(frozen=True)
class Rivals:
    """For each key the words that it may be, one after the other: `words[first[k] : first[k] + many[k]]`."""

    words: Ids
    first: Ids
    many: Ids

    @classmethod
    def of(cls, choices: Mapping[int, Sequence[int]], keys: int) -> Rivals:
        """From the words of each key."""
        many = np.array([len(choices.get(key, ())) for key in range(keys)], dtype=np.int64)
        words = [word for key in range(keys) for word in choices.get(key, ())]
        return cls(np.array(words, dtype=np.int64), np.cumsum(many) - many, many)


class _Adam:
    """The parameters and their running moments; tables are moved only in the rows that were used."""

    def __init__(self, parameters: dict[str, Floats]) -> None:
        self.parameters = parameters
        self._first = {name: np.zeros_like(p) for name, p in parameters.items()}
        self._second = {name: np.zeros_like(p) for name, p in parameters.items()}
        self._step = 0

    def begin(self, rate: float) -> None:
        self._step += 1
        self._rate = np.float32(rate * np.sqrt(1 - _DECAY2**self._step) / (1 - _DECAY1**self._step))

    def move(self, name: str, gradient: Floats, rows: Ids | slice = slice(None)) -> None:
        first = self._first[name][rows] * np.float32(_DECAY1) + gradient * np.float32(1 - _DECAY1)
        second = self._second[name][rows] * np.float32(_DECAY2) + gradient * gradient * np.float32(1 - _DECAY2)
        self._first[name][rows], self._second[name][rows] = first, second
        self.parameters[name][rows] -= self._rate * first / (np.sqrt(second) + np.float32(_TINY))

    def move_rows(self, name: str, rows: Ids, gradients: Floats) -> None:
        """Rows may come more than once."""
        order = np.argsort(rows, kind="stable")
        used, starts = np.unique(rows[order], return_index=True)
        self.move(name, np.add.reduceat(gradients[order], starts, axis=0), used)


def learn(text: Text, vocabulary: Sequence[str], choices: Mapping[int, Sequence[int]], words: int) -> Weights:
    """The weights after so many words of text. `choices` are the words that each key may be."""
    key_of = key_numbers(vocabulary)[0]
    keys = key_of[text.ids]
    found, counts = np.unique(packed_pairs(keys)[::_SAMPLE], return_counts=True)
    pairs = np.sort(found[np.argsort(-counts, kind="stable")[:PAIRS]])
    rivals = Rivals.of(choices, int(key_of.max()) + 1)
    rng = np.random.default_rng(1)
    adam = _Adam(_begin(rng, len(rivals.many), len(pairs) + 1, len(vocabulary)))
    starts = rng.permutation(np.arange(0, max(1, len(keys) - _CHUNK), _CHUNK))
    steps = max(1, min(words // _CHUNK, len(starts)) // _BATCH)
    right = _is_choice(text.ids, keys, rivals)
    for step in range(steps):
        at = starts[step * _BATCH : (step + 1) * _BATCH, None] + np.arange(min(_CHUNK, len(keys)))
        adam.begin(_RATE * min(1.0, (step + 1) / _WARM_UP) * max(_LAST, 1 - step / steps))
        near = np.array([pair_numbers(chunk, pairs) for chunk in keys[at]])
        loss = _learn_batch(adam, keys[at], near, text.cases[at], text.ids[at], right[at], rivals)
        if step % 200 == 199:
            print(f"step {step + 1} of {steps}: loss {loss:.4f}", flush=True)
    return Weights(**adam.parameters, pairs=pairs, usual_case=_usual_case(text, len(vocabulary)))


def _begin(rng: np.random.Generator, keys: int, pairs: int, words: int) -> dict[str, Floats]:
    def normal(spread: float, *shape: int) -> Floats:
        return (rng.standard_normal(shape, dtype=np.float32) * spread).astype(np.float32)

    def layer(inside: int, outside: int) -> Floats:
        return rng.uniform(-1, 1, (inside, outside)).astype(np.float32) / np.float32(np.sqrt(inside))

    return {
        "key": normal(0.3, keys, WIDTH), "pair": normal(0.05, pairs, WIDTH), "case": normal(0.3, CASES, WIDTH),
        "word": normal(0.2, words, OUT), "bias": np.zeros((words, CASES), np.float32),
        "near": layer(WIDTH * len(NEAR), HIDDEN), "near_bias": np.zeros(HIDDEN, np.float32),
        "far": layer(HIDDEN * len(FAR), HIDDEN), "far_bias": np.zeros(HIDDEN, np.float32),
        "out": layer(2 * HIDDEN, OUT), "out_bias": np.zeros(OUT, np.float32),
    }  # fmt: skip


def _is_choice(ids: NDArray[np.int32], keys: Ids, rivals: Rivals) -> NDArray[np.bool_]:
    """Whether each word of the text is among several words that its key may be."""
    chosen = np.zeros(int(ids.max()) + 1, dtype=bool)
    chosen[rivals.words[rivals.words < len(chosen)]] = True
    found: NDArray[np.bool_] = chosen[ids] & (rivals.many[keys] > 1) & (ids >= SPECIALS)
    return found


def _learn_batch(
    adam: _Adam,
    keys: Ids,
    pairs: Ids,
    cases: NDArray[np.uint8],
    ids: NDArray[np.int32],
    right: NDArray[np.bool_],
    rivals: Rivals,
) -> float:
    """One step; the mean loss of its words. All arrays are chunks × places."""
    p = adam.parameters
    rows = p["key"][keys] + p["pair"][pairs] + p["case"][cases]
    around = beside(rows, NEAR)
    near = np.maximum(around @ p["near"] + p["near_bias"], 0)
    wide = beside(near, FAR)
    far = np.maximum(wide @ p["far"] + p["far_bias"], 0)
    both = np.concatenate([far, near], axis=-1)
    learnt = right.copy()
    learnt[:, :_EDGE] = learnt[:, -_EDGE:] = False
    if not learnt.any():
        return 0.0
    inputs = both[learnt]
    seen = inputs @ p["out"] + p["out_bias"]
    key, case, meant = keys[learnt], cases[learnt].astype(np.int64), ids[learnt]
    many = rivals.many[key]
    owner = np.repeat(np.arange(len(key)), many)
    starts = np.cumsum(many) - many
    words = rivals.words[rivals.first[key][owner] + np.arange(len(owner)) - starts[owner]]
    vectors = p["word"][words]
    scores = np.einsum("ij,ij->i", vectors, seen[owner]) + p["bias"][words, case[owner]]
    scores -= np.maximum.reduceat(scores, starts)[owner]
    share = np.exp(scores)
    share /= np.add.reduceat(share, starts)[owner]
    is_meant = words == meant[owner]
    loss = float(-np.log(np.maximum(share[is_meant], 1e-9)).mean())
    slope = share - is_meant
    alive = np.abs(slope) > _SMALLEST
    slope, words, owner, vectors = (
        (slope[alive] / len(key)).astype(np.float32),
        words[alive],
        owner[alive],
        vectors[alive],
    )

    back_seen = np.zeros_like(seen)
    if len(owner):
        used, first = np.unique(owner, return_index=True)
        back_seen[used] = np.add.reduceat(slope[:, None] * vectors, first, axis=0)
        adam.move_rows("word", words, slope[:, None] * seen[owner])
        flat = np.zeros((len(words), CASES), dtype=np.float32)
        flat[np.arange(len(words)), case[owner]] = slope
        adam.move_rows("bias", words, flat)
    back_both = np.zeros_like(both)
    back_both[learnt] = back_seen @ p["out"].T
    back_far = back_both[..., :HIDDEN] * (far > 0)
    back_near = back_both[..., HIDDEN:] + _together(back_far @ p["far"].T, FAR, HIDDEN)
    back_near *= near > 0
    back_rows = _together(back_near @ p["near"].T, NEAR, WIDTH).reshape(-1, WIDTH)

    adam.move("out", inputs.T @ back_seen)
    adam.move("out_bias", back_seen.sum(axis=0))
    for name, inside, back in (("far", wide, back_far), ("near", around, back_near)):
        flat_back = back.reshape(-1, HIDDEN)
        adam.move(name, inside.reshape(len(flat_back), -1).T @ flat_back)
        adam.move(f"{name}_bias", flat_back.sum(axis=0))
    for name, which in (("key", keys), ("pair", pairs), ("case", cases)):
        adam.move_rows(name, which.reshape(-1).astype(np.int64), back_rows)
    return loss


def _together(back: Floats, places: Sequence[int], width: int) -> Floats:
    """The gradient of rows, from that of `beside` of them."""
    length, reach = back.shape[-2], max(map(abs, places))
    total = np.zeros((*back.shape[:-2], length + 2 * reach, width), dtype=np.float32)
    for number, place in enumerate(places):
        total[..., reach + place : reach + place + length, :] += back[..., number * width : (number + 1) * width]
    return total[..., reach : reach + length, :]


def _usual_case(text: Text, words: int) -> Floats:
    """How often each word has each case where it does not begin a sentence, in natural logarithms, made even."""
    inside = np.concatenate([[False], text.ids[:-1] != 1])
    place = text.ids[inside].astype(np.int64) * CASES + text.cases[inside]
    counts = np.bincount(place, minlength=words * CASES).reshape(words, CASES).astype(np.float64)
    shares = counts.sum(axis=0) / counts.sum()
    even = (counts + 2 * shares) / (counts.sum(axis=1, keepdims=True) + 2)
    logarithms: Floats = np.log(np.maximum(even, 1e-4)).astype(np.float32)
    return logarithms
