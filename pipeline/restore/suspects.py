"""Misprints in text that is Vietnamese already: single words that their sentence makes all but impossible.

A word is put right only where another reading of it, which the damage could explain, is by far more likely in its
place: the four probabilities that depend on the word are compared for each reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.candidates import Found
from pipeline.restore.language_model import BOUNDARY, LanguageModel
from pipeline.restore.ngrams import BITS

_UNLIKELY = -3.3  # log10 probability below which a word is looked at
_UNLIKELY_READ = -2.8  # the same for a doubtful word, and for the word after it
_PADDING = (0, 0, BOUNDARY)
_REACH = 4  # probabilities that depend on a word: its own and those of the three after it
_WIDTH = np.uint64(BITS)
# The other readings of words, each given by its sentence and place, with the costs (natural logarithms) of the damage.
Readings = Callable[[Sequence[tuple[int, int]]], list[Found]]


class Place(NamedTuple):
    """A word of a sentence: its vocabulary number, and whether it may be changed."""

    number: int
    open: bool
    doubtful: bool = False  # read by a machine: looked at where the word after it is unlikely, too


class Finding(NamedTuple):
    """Word `place` of sentence `sentence` should be vocabulary word `number`; `margin` is how much likelier, in log10,
    after the cost of the damage."""

    sentence: int
    place: int
    number: int
    margin: float


class _Flat(NamedTuple):
    ids: NDArray[np.int64]
    sentence: NDArray[np.int64]  # -1 for padding
    place: NDArray[np.int64]
    open: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]


def find_suspects(
    model: LanguageModel,
    sentences: Sequence[Sequence[Place]],
    readings: Readings,
    least: float,
    unlikely: float = _UNLIKELY,
) -> list[Finding]:
    """Words whose best other reading beats them by more than `least`.

    Words as likely as `unlikely` (log10) are passed over; a doubtful word only if the word after it is likely, too.
    """
    flat = _flatten(sentences)
    if not len(flat.ids):
        return []
    logp = _score_at(model, flat.ids, np.arange(len(flat.ids)))
    after = np.append(logp[1:], 0.0)
    suspects = np.flatnonzero(
        flat.open & ((logp < unlikely) | (flat.doubtful & (np.minimum(logp, after) < _UNLIKELY_READ)))
    )
    found: list[Finding] = []
    for begin in range(0, len(suspects), 2048):
        found += _compare(model, flat, logp, suspects[begin : begin + 2048], readings, least)
    return found


def _flatten(sentences: Sequence[Sequence[Place]]) -> _Flat:
    ids: list[int] = []
    sentence: list[int] = []
    index: list[int] = []
    may: list[bool] = []
    doubtful: list[bool] = []
    for number, places in enumerate(sentences):
        ids += _PADDING
        sentence += (-1, -1, -1)
        index += (0, 0, 0)
        may += (False, False, False)
        doubtful += (False, False, False)
        ids += [p.number for p in places]
        sentence += [number] * len(places)
        index += range(len(places))
        may += [p.open for p in places]
        doubtful += [p.doubtful for p in places]
    return _Flat(
        np.array(ids, dtype=np.int64),
        np.array(sentence),
        np.array(index),
        np.array(may, dtype=bool),
        np.array(doubtful, dtype=bool),
    )


def _score_at(model: LanguageModel, ids: NDArray[np.int64], places: NDArray[np.intp]) -> NDArray[np.float32]:
    """log10 probability of the words at those places after the three before them."""
    unsigned = ids.astype(np.uint64)
    history = np.zeros(len(places), dtype=np.uint64)
    for back in (3, 2, 1):
        before = np.where(places >= back, unsigned[np.maximum(places - back, 0)], np.uint64(0))
        history = (history << _WIDTH) | before
    return model.score(history, ids[places], np.arange(len(places)))


def _compare(
    model: LanguageModel,
    flat: _Flat,
    logp: NDArray[np.float32],
    suspects: NDArray[np.intp],
    readings: Readings,
    least: float,
) -> list[Finding]:
    offers = readings([(int(flat.sentence[at]), int(flat.place[at])) for at in suspects])
    sizes = np.array([len(offer.ids) for offer in offers])
    if not sizes.sum():
        return []
    owner = np.repeat(np.arange(len(suspects)), sizes)
    number = np.concatenate([offer.ids for offer in offers])
    gain = -np.concatenate([offer.costs for offer in offers]) / np.float32(np.log(10.0))
    at = suspects[owner]
    last = len(flat.ids) - 1
    inside = np.ones(len(at), dtype=bool)
    for ahead in range(_REACH):
        place = np.minimum(at + ahead, last)
        inside &= (at + ahead <= last) & (flat.sentence[place] == flat.sentence[at])
        history = np.zeros(len(at), dtype=np.uint64)
        for back in (3, 2, 1):
            source = np.maximum(place - back, 0)
            word = np.where(ahead == back, number, flat.ids[source])
            history = (history << _WIDTH) | word.astype(np.uint64)
        target = number if ahead == 0 else flat.ids[place]
        scores = model.score(history, target, np.arange(len(at)))
        gain += np.where(inside, scores - logp[place], 0.0).astype(np.float32)
    found = []
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for row, (begin, end) in enumerate(pairwise(starts)):
        if begin == end:
            continue
        best = int(begin + gain[begin:end].argmax())
        if gain[best] > least:
            where = suspects[row]
            found.append(
                Finding(int(flat.sentence[where]), int(flat.place[where]), int(number[best]), float(gain[best]))
            )
    return found
