"""Learns the voice of the neighbours from running text: stochastic gradients (Adam) in plain NumPy.

The same text gives the same weights on the same machine with one thread of linear algebra. Chunks of text are drawn in
random but fixed order, again and again; a word is learnt against the other words that its letters without marks may be.
The rate of learning stays the same until near the end, so that a longer training begins like a shorter one.

At last the voice learns beside the n-grams that it will stand beside: only what they do not know already (a product of
experts; Hinton, 2002). N-grams know the text they were counted in by heart, so each part of the text (a fold) is gone
through beside n-grams counted in the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.adam import Adam
from pipeline.restore.choices import Floats, Ids, begins_of, ranges
from pipeline.restore.language_model import BOUNDARY, HIGHEST, LanguageModel
from pipeline.restore.neighbours import (
    CASE_WEIGHT,
    CASES,
    FAR,
    MARGIN,
    NEAR,
    SPECIALS,
    Weights,
    key_numbers,
    layer,
    mean_around,
    packed_pairs,
    pair_numbers,
    side_by_side,
    with_margins,
)

WIDTH, HIDDEN, OUT = 64, 256, 64
PAIRS = 65_535
_SAMPLE = 8  # pairs are counted at every such place
_CHUNK, _BATCH = 128, 48  # words a chunk, chunks a step
# How often files whose names begin so are gone through in a turn, and of how many chunks one is taken (law repeats
# itself): in the first turn, and later.
_FIRST, _LATER = {"legal": (1, 3)}, {"legal": (1, 6), "admin": (2, 1)}
_UNSEEN = 0.15  # so many pairs are taken for rare ones after the first turn, lest text is learnt by heart
_TURNS = 3  # little text is not gone through more often
_RATE, _WARM_UP = 3e-3, 300
_FALL, _LAST = 0.2, 0.02  # in this last part of the steps the rate falls to so much of it
FOLDS, _STRETCH = 4, 65_536  # words in a row that belong to one fold
# How many more steps (as a share) the voice learns beside the n-grams, and how many pairs are taken for rare ones then.
# It does so twice from the same beginning; the mean of both is better than either (Wortsman and others, 2022).
_ENDINGS = ((0.922, 0.15), (0.5633, 0.5))
_BESIDE_RATE, _BESIDE_WARM_UP = 1.2e-3, 30
_WEIGHT_BESIDE = np.float32(0.4)  # of the voice; as it learns a little by heart, less is best where the text is new
_SMALLEST = 3e-3  # gradients of a score below this are nothing


@dataclass(frozen=True)
class Text:
    """Running text as vocabulary numbers, the case of each word, and of each file its name and where it ends."""

    ids: NDArray[np.int32]
    cases: NDArray[np.uint8]
    files: Sequence[tuple[str, int]] = ()

    def fold_of(self, places: Ids) -> Ids:
        """Which fold places of the text belong to."""
        stretch = min(_STRETCH, -(-len(self.ids) // FOLDS))
        return places // stretch % FOLDS


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
        return cls(np.array(words, dtype=np.int64), begins_of(many), many)


class Learner:
    """The weights so far, and the text that they are learnt from. `choices` are the words that each key may be."""

    def __init__(self, text: Text, vocabulary: Sequence[str], choices: Mapping[int, Sequence[int]]) -> None:
        self._text = text
        key_of = key_numbers(vocabulary)[0]
        keys = key_of[text.ids]
        found, counts = np.unique(packed_pairs(keys)[::_SAMPLE], return_counts=True)
        self._pairs = np.sort(found[np.argsort(-counts, kind="stable")[:PAIRS]])
        self._near = pair_numbers(keys, self._pairs).astype(np.uint16)
        self._keys = keys.astype(np.uint16)
        self._rivals = Rivals.of(choices, int(key_of.max()) + 1)
        self._right = _is_choice(text.ids, self._keys, self._rivals)
        self._usual_case = _usual_case(text, len(vocabulary))
        self.adam = Adam(_begin(np.random.default_rng(1), len(key_of), len(self._pairs) + 1, len(vocabulary)))

    def batches(self) -> Iterator[tuple[int, Ids]]:
        """For each step, without end: which turn through the text it is of, and where its chunks begin."""
        for turn in count():
            rng = np.random.default_rng([1, turn])
            starts = rng.permutation(self._starts(turn, int(rng.integers(_CHUNK))))
            for begin in range(0, max(1, len(starts) - _BATCH + 1), _BATCH):
                yield turn, starts[begin : begin + _BATCH]

    def batches_of_folds(self, steps: int) -> Iterator[tuple[int, Ids, int]]:
        """The same from that step on, each batch of one fold, which is the third."""
        waiting = [np.zeros(0, dtype=np.int64)] * FOLDS
        for turn, starts in islice(self.batches(), steps, None):
            folds = self._text.fold_of(starts)
            whole = folds == self._text.fold_of(starts + _CHUNK)
            for fold in range(FOLDS):
                waiting[fold] = np.concatenate([waiting[fold], starts[whole & (folds == fold)]])
                if len(waiting[fold]) >= _BATCH:
                    yield turn, waiting[fold][:_BATCH], fold
                    waiting[fold] = waiting[fold][_BATCH:]

    def _starts(self, turn: int, shift: int) -> Ids:
        parts: list[Ids] = []
        begin = 0
        for name, end in self._text.files or (("", len(self._keys)),):
            often, sparse = (_LATER if turn else _FIRST).get(name.split("_")[0], (1, 1))
            for time in range(often):
                part = np.arange(begin + shift + time * _CHUNK // often, end - _CHUNK, _CHUNK)
                parts.append(part[turn % sparse :: sparse])
            begin = end
        starts = np.concatenate(parts)
        return starts if len(starts) else np.zeros(1, dtype=np.int64)

    def learn(
        self, turn: int, starts: Ids, rate: float, beside: LanguageModel | None = None, unseen: float = _UNSEEN
    ) -> float:
        """One step over the chunks that begin there; the mean loss of its words, with what n-grams say beside."""
        at = starts[:, None] + np.arange(min(_CHUNK, len(self._keys)))
        pairs = self._near[at].astype(np.int64)
        if turn or beside:
            pairs[np.random.default_rng([2, self.adam.steps]).random(pairs.shape) < unseen] = 0
        batch = _Batch(
            self._keys[at].astype(np.int64),
            pairs,
            self._text.cases[at].astype(np.int64),
            self._text.ids[at],
            self._right[at],
        )
        self.adam.begin(rate)
        others = Others(beside, self._usual_case) if beside else None
        return _learn_batch(self.adam, batch, self._rivals, others)

    def weights(self) -> Weights:
        """The voice as far as it is learnt."""
        learnt = self.adam.parameters | {"key": self.adam.parameters["key"][: len(self._rivals.many)]}
        return Weights(**learnt, pairs=self._pairs, usual_case=self._usual_case)


def learn(
    text: Text,
    vocabulary: Sequence[str],
    choices: Mapping[int, Sequence[int]],
    words: int,
    beside: Sequence[LanguageModel] = (),
) -> Weights:
    """The weights after so many words of text. `choices` are the words that each key may be.

    `beside` are the n-grams of each fold, counted in the other folds; without them the voice learns alone.
    """
    learner = Learner(text, vocabulary, choices)
    steps = max(1, min(words, _TURNS * len(text.ids)) // (_CHUNK * _BATCH))
    for step, (turn, starts) in enumerate(islice(learner.batches(), steps)):
        _report(step, steps, learner.learn(turn, starts, rate_at(step, steps)))
    if not beside:
        return learner.weights()
    begun, endings = learner.adam, []
    for share, unseen in _ENDINGS:
        learner.adam, last = deepcopy(begun), int(share * steps)
        for step, (turn, starts, fold) in enumerate(islice(learner.batches_of_folds(steps), last)):
            _report(step, last, learner.learn(turn, starts, last_rate_at(step, last), beside[fold], unseen))
        endings.append(learner.weights())
    return mean_of(endings)


def mean_of(voices: Sequence[Weights]) -> Weights:
    """The mean of weights that were learnt from the same beginning."""
    means = {name: np.mean([getattr(voice, name) for voice in voices], axis=0) for name in Weights._fields}
    return Weights(**means | {"pairs": voices[0].pairs})


def _report(step: int, steps: int, loss: float) -> None:
    if step % 200 == 199:
        print(f"step {step + 1} of {steps}: loss {loss:.4f}", flush=True)


def rate_at(step: int, steps: int) -> float:
    """The rate of learning: it rises for a while, stays, and falls near the end."""
    left = (steps - step) / (_FALL * steps)
    return _RATE * min(1.0, (step + 1) / _WARM_UP) * min(1.0, _LAST + (1 - _LAST) * left)


def last_rate_at(step: int, steps: int) -> float:
    """The rate of learning beside the n-grams: it rises at once and falls to the end."""
    return _BESIDE_RATE * min(1.0, (step + 1) / _BESIDE_WARM_UP) * max(_LAST, (steps - step) / steps)


class Others(NamedTuple):
    """What speaks beside the voice: n-grams, and how often each word has each case."""

    ngrams: LanguageModel
    usual_case: Floats

    def say(self, ids: Ids, cases: Ids, places: Ids, owner: Ids, words: Ids) -> Floats:
        """Natural logarithms of how likely words are in places of a text (its vocabulary numbers and cases), the words
        around them being as they are: `words[i]` in `places[owner[i]]`.

        There must be HIGHEST - 1 words before and behind each.
        """
        rows = ids[(places[:, None] + np.arange(1 - HIGHEST, HIGHEST))][owner]
        rows[:, HIGHEST - 1] = words
        scores = self.ngrams.text(rows.reshape(-1))[-1].scores.reshape(rows.shape)
        said = np.log(10) * scores[:, HIGHEST - 1 :].sum(axis=1)
        inside = ids[places - 1] != BOUNDARY
        together: Floats = said + CASE_WEIGHT * self.usual_case[words, cases[places][owner]] * inside[owner]
        return together


@dataclass(frozen=True)
class _Batch:
    """Arrays of chunks × places: keys, numbers of pairs, cases, vocabulary numbers, and whether they are learnt."""

    keys: Ids
    pairs: Ids
    cases: Ids
    ids: NDArray[np.int32]
    right: NDArray[np.bool_]


def _begin(rng: np.random.Generator, keys: int, pairs: int, words: int) -> dict[str, Floats]:
    def normal(spread: float, *shape: int) -> Floats:
        return (rng.standard_normal(shape, dtype=np.float32) * spread).astype(np.float32)

    def weights(inside: int, outside: int) -> Floats:
        return rng.uniform(-1, 1, (inside, outside)).astype(np.float32) / np.float32(np.sqrt(inside))

    return {
        "key": normal(0.3, keys, WIDTH), "pair": normal(0.05, pairs, WIDTH), "case": normal(0.3, CASES, WIDTH),
        "word": normal(0.2, words, OUT), "bias": np.zeros((words, CASES), np.float32),
        "near": weights(WIDTH * len(NEAR), HIDDEN), "near_bias": np.zeros(HIDDEN, np.float32),
        "far": weights(HIDDEN * len(FAR) + WIDTH, HIDDEN), "far_bias": np.zeros(HIDDEN, np.float32),
        "out": weights(2 * HIDDEN, OUT), "out_bias": np.zeros(OUT, np.float32),
    }  # fmt: skip


def _is_choice(ids: NDArray[np.int32], keys: NDArray[np.uint16], rivals: Rivals) -> NDArray[np.bool_]:
    """Whether each word of the text is among several words that its key may be."""
    chosen = np.zeros(int(ids.max()) + 1, dtype=bool)
    chosen[rivals.words[rivals.words < len(chosen)]] = True
    found: NDArray[np.bool_] = chosen[ids] & (rivals.many[keys] > 1) & (ids >= SPECIALS)
    return found


def _learn_batch(adam: Adam, batch: _Batch, rivals: Rivals, others: Others | None = None) -> float:
    """One step; the mean loss of its words. Rows of all chunks lie one after the other, with margins between them."""
    p = adam.parameters
    chunks, length = batch.keys.shape
    real = (np.arange(chunks)[:, None] * (length + 2 * MARGIN) + MARGIN + np.arange(length)).reshape(-1)
    rows = p["key"][batch.keys] + p["pair"][batch.pairs] + p["case"][batch.cases]
    near_in = side_by_side(with_margins(rows).reshape(-1, WIDTH), real, NEAR)
    near = np.zeros((chunks * (length + 2 * MARGIN), HIDDEN), dtype=np.float32)
    near[real] = layer(near_in, p["near"], p["near_bias"])
    learnt = batch.right.copy()
    learnt[:, :MARGIN] = learnt[:, -MARGIN:] = False
    places = np.flatnonzero(learnt)
    if not len(places):
        return 0.0
    at = real[places]
    far_in = np.concatenate([side_by_side(near, at, FAR), mean_around(rows).reshape(-1, WIDTH)[places]], axis=1)
    far = layer(far_in, p["far"], p["far_bias"])
    both = np.concatenate([far, near[at]], axis=1)
    seen = both @ p["out"] + p["out_bias"]
    loss, used, back_seen = _learn_words(adam, seen, batch, places, rivals, others)
    if not len(used):
        return loss

    # from here on only places that have something to learn, and those that they look at
    at, places, far_in = at[used], places[used], far_in[used]
    back_both: Floats = back_seen @ p["out"].T
    back_far = back_both[:, :HIDDEN].copy()
    back_far *= far[used] > 0
    back_far_in = back_far @ p["far"].T
    back_near, near_at = _together(back_far_in, at, FAR, near.shape)
    back_near[at] += back_both[:, HIDDEN:]
    row_of = np.full(len(near), -1)
    row_of[real] = np.arange(len(real))
    near_at = near_at[row_of[near_at] >= 0]
    back_near = back_near[near_at]
    back_near *= near[near_at] > 0
    back_rows = _together(back_near @ p["near"].T, near_at, NEAR, (len(near), WIDTH))[0][real]
    back_mean = np.zeros_like(rows)
    back_mean.reshape(-1, WIDTH)[places] = back_far_in[:, HIDDEN * len(FAR) :]
    back_rows += mean_around(back_mean).reshape(-1, WIDTH)

    for name, inside, back in (
        ("out", both[used], back_seen),
        ("far", far_in, back_far),
        ("near", near_in[row_of[near_at]], back_near),
    ):
        adam.move(name, inside.T @ back)
        adam.move(f"{name}_bias", back.sum(axis=0))
    for name, which in (("key", batch.keys), ("pair", batch.pairs), ("case", batch.cases)):
        adam.move_rows(name, which.reshape(-1), back_rows)
    return loss


def _learn_words(
    adam: Adam, seen: Floats, batch: _Batch, places: Ids, rivals: Rivals, others: Others | None
) -> tuple[float, Ids, Floats]:
    """Learns the vectors of the words themselves. The mean loss, which rows of `seen` had something to learn, and the
    gradients of those."""
    p = adam.parameters
    key, case, meant = (array.reshape(-1)[places] for array in (batch.keys, batch.cases, batch.ids))
    many = rivals.many[key]
    owner = np.repeat(np.arange(len(key)), many)
    starts = begins_of(many)
    words = rivals.words[ranges(rivals.first[key], many)]
    vectors = p["word"][words]
    scores = np.einsum("ij,ij->i", vectors, seen[owner]) + p["bias"][words, case[owner]]
    weight = np.float32(1)
    if others:
        weight = _WEIGHT_BESIDE
        scores = weight * scores + others.say(
            batch.ids.reshape(-1).astype(np.int64), batch.cases.reshape(-1), places, owner, words
        )
    scores -= np.maximum.reduceat(scores, starts)[owner]
    share = np.exp(scores)
    share /= np.add.reduceat(share, starts)[owner]
    is_meant = words == meant[owner]
    loss = float(-np.log(np.maximum(share[is_meant], 1e-9)).mean())
    slope = (weight * (share - is_meant) / len(key)).astype(np.float32)
    alive = np.abs(share - is_meant) > _SMALLEST
    slope, words, owner, vectors = slope[alive], words[alive], owner[alive], vectors[alive]
    used, first = np.unique(owner, return_index=True)
    if not len(used):
        return loss, used, seen[:0]
    back_seen: Floats = np.add.reduceat(slope[:, None] * vectors, first, axis=0)
    adam.move_rows("word", words, slope[:, None] * seen[owner])
    flat = np.zeros((len(words), CASES), dtype=np.float32)
    flat[np.arange(len(words)), case[owner]] = slope
    adam.move_rows("bias", words, flat)
    return loss, used, back_seen


def _together(back: Floats, at: Ids, places: Sequence[int], shape: tuple[int, ...]) -> tuple[Floats, Ids]:
    """The gradient of all rows, from that of `side_by_side` of those at `at`, and which rows have one."""
    total = np.zeros(shape, dtype=np.float32)
    touched = np.zeros(len(total), dtype=bool)
    for number, place in enumerate(places):
        total[at + place] += back[:, number * shape[1] : (number + 1) * shape[1]]
        touched[at + place] = True
    return total, np.flatnonzero(touched)


def _usual_case(text: Text, words: int) -> Floats:
    """How often each word has each case where it does not begin a sentence, in natural logarithms, made even."""
    inside = np.concatenate([[False], text.ids[:-1] != 1])
    place = text.ids[inside].astype(np.int64) * CASES + text.cases[inside]
    counts = np.bincount(place, minlength=words * CASES).reshape(words, CASES).astype(np.float64)
    shares = counts.sum(axis=0) / counts.sum()
    even = (counts + 2 * shares) / (counts.sum(axis=1, keepdims=True) + 2)
    logarithms: Floats = np.log(np.maximum(even, 1e-4)).astype(np.float32)
    return logarithms
