"""Misprints in text that is Vietnamese already: single words that their sentence makes all but impossible.

A word is put right only where another reading of it, which the damage could explain, is by far more likely in its
place: the four probabilities that depend on the word are compared for each reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.candidates import Found, Offers
from pipeline.restore.choices import Ids, begins_of
from pipeline.restore.language_model import LEAD_IN, Known, LanguageModel

_UNLIKELY = -3.3  # log10 probability below which a word is looked at
_UNLIKELY_READ = -1.5  # the same for a doubtful word, and for the word after it
_REACH = 4  # probabilities that depend on a word: its own and those of the three after it
_UNLIKELY_BOTH = -5.0  # log10 probability below which two doubtful words side by side are looked at together
_CHEAPEST = 10  # readings of each of the two
# The other readings of words, given by their sentences and places, with the costs (natural logarithms) of the damage.
Readings = Callable[[Ids, Ids], Offers]


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


class Running(NamedTuple):
    """The words of all sentences one after the other, with padding before each."""

    ids: Ids
    sentence: Ids  # -1 for padding
    place: Ids
    open: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]

    @classmethod
    def of(
        cls, numbers: Ids, lengths: Ids, may_change: NDArray[np.bool_], doubtful: NDArray[np.bool_] | None = None
    ) -> Running:
        """From the vocabulary numbers of all words, the lengths of the sentences, and what `Place` says of each."""
        padding, begins = len(LEAD_IN), begins_of(lengths)
        sentence = np.repeat(np.arange(len(lengths)), lengths)
        at = np.arange(len(numbers)) + padding * (sentence + 1)
        size = len(numbers) + padding * len(lengths)
        text = cls(np.zeros(size, np.int64), np.full(size, -1), *(np.zeros(size, kind) for kind in (int, bool, bool)))
        text.ids[begins + padding * np.arange(1, len(lengths) + 1) - 1] = LEAD_IN[-1]
        text.ids[at], text.sentence[at], text.open[at] = numbers, sentence, may_change
        text.place[at] = np.arange(len(numbers)) - np.repeat(begins, lengths)
        if doubtful is not None:
            text.doubtful[at] = doubtful
        return text


def find_suspects(
    model: LanguageModel,
    flat: Running,
    readings: Readings,
    least: float,
    unlikely: float = _UNLIKELY,
) -> list[Finding]:
    """Words whose best other reading beats them by more than `least`.

    Words as likely as `unlikely` (log10) are passed over; a doubtful word only if the word after it is likely, too.
    """
    if not len(flat.ids):
        return []
    text = model.text(flat.ids)
    logp = text[-1].scores
    after = np.append(logp[1:], 0.0)
    suspects = np.flatnonzero(
        flat.open & ((logp < unlikely) | (flat.doubtful & (np.minimum(logp, after) < _UNLIKELY_READ)))
    )
    found: list[Finding] = []
    for begin in range(0, len(suspects), 2048):
        found += _compare(model, flat, text, suspects[begin : begin + 2048], readings, least)
    return found


def find_pairs(model: LanguageModel, flat: Running, readings: Readings, least: float) -> list[Finding]:
    """Two doubtful words side by side whose best other readings together beat both by more than `least`.

    Where both are wrong neither is likelier beside the other as it stands. The margin is that of both.
    """
    if not len(flat.ids):
        return []
    text = model.text(flat.ids)
    logp = text[-1].scores
    wrong = flat.open & flat.doubtful
    together = flat.sentence[:-1] == flat.sentence[1:]
    first = np.flatnonzero(wrong[:-1] & wrong[1:] & together & (logp[:-1] + logp[1:] < _UNLIKELY_BOTH))
    places = np.unique([first, first + 1])
    offers = readings(flat.sentence[places], flat.place[places])
    ends = np.cumsum(offers.sizes)
    cheapest = {
        at: _cheapest(Found(offers.ids[begin:end], offers.costs[begin:end]))
        for at, begin, end in zip(places.tolist(), (ends - offers.sizes).tolist(), ends.tolist(), strict=True)
    }
    rows = [
        (at, one, two, float(cost_of_one + cost_of_two))
        for at in first.tolist()
        for one, cost_of_one in zip(*cheapest[at], strict=True)
        for two, cost_of_two in zip(*cheapest[at + 1], strict=True)
    ]
    if not rows:
        return []
    at, one, two, cost = (np.array(column) for column in zip(*rows, strict=True))
    known = np.flatnonzero(model.are_pairs(one, two))
    at, one, two = at[known], one[known], two[known]
    gains = _gains_of_pairs(model, flat, text, at, one, two) - cost[known] / np.log(10.0)
    findings: list[Finding] = []
    taken: set[int] = set()
    for row in np.argsort(-gains, kind="stable"):
        if gains[row] > least and taken.isdisjoint((at[row], at[row] + 1)):
            taken.update((at[row], at[row] + 1))
            sentence, place, gain = int(flat.sentence[at[row]]), int(flat.place[at[row]]), float(gains[row])
            findings.append(Finding(sentence, place, int(one[row]), gain))
            findings.append(Finding(sentence, place + 1, int(two[row]), gain))
    return findings


def _cheapest(offer: Found) -> Found:
    order = np.argsort(offer.costs, kind="stable")[:_CHEAPEST]
    return Found(offer.ids[order], offer.costs[order])


def _gains_of_pairs(
    model: LanguageModel,
    flat: Running,
    text: Sequence[Known],
    at: NDArray[np.int64],
    one: NDArray[np.int64],
    two: NDArray[np.int64],
) -> NDArray[np.float64]:
    """How much likelier (log10) the sentence is with each two words at `at` and behind it."""
    gains = np.zeros(len(at))
    rows, before = text, at - 1
    for ahead in range(_REACH + 1):
        place = np.minimum(at + ahead, len(flat.ids) - 1)
        inside = flat.sentence[place] == flat.sentence[at]
        new = [model.words(one)] if not ahead else [model.words(two)] if ahead == 1 else _at(text[: ahead - 1], place)
        rows, before = model.behind(rows, before, new), np.arange(len(at))
        gains += np.where(inside, rows[-1].scores - text[-1].scores[place], 0.0)
    return gains


def _at(text: Sequence[Known], places: NDArray[np.int64]) -> list[Known]:
    return [known.at(places) for known in text]


def _compare(
    model: LanguageModel,
    flat: Running,
    text: Sequence[Known],
    suspects: NDArray[np.intp],
    readings: Readings,
    least: float,
) -> list[Finding]:
    offers = readings(flat.sentence[suspects], flat.place[suspects])
    owner, number = np.repeat(np.arange(len(suspects)), offers.sizes), offers.ids
    if not len(number):
        return []
    gain = (-offers.costs / np.log(10.0)).astype(np.float32)
    logp = text[-1].scores
    inside, logp_ahead = _ahead(flat, logp, suspects)
    to_beat = least + np.cumsum(logp_ahead[::-1], axis=0)[::-1]
    rows, before, new = text, suspects[owner] - 1, [model.words(number)]
    for ahead in range(_REACH):
        # no probability is above one: what is too far behind to catch up is let go
        hopeful = np.flatnonzero(gain > to_beat[ahead, owner])
        if not ahead:
            before, new = before[hopeful], _at(new, hopeful)
            new.append(model.longer(2, text[0], before, new[0], np.arange(len(hopeful))))
            if least > 0:  # a reading that goes with neither neighbour will not win
                beside = _with_a_neighbour(model, flat.ids, before + 1, number[hopeful], new[1].found)
                hopeful, before, new = hopeful[beside], before[beside], _at(new, beside)
        owner, number, gain = owner[hopeful], number[hopeful], gain[hopeful]
        place = np.minimum(suspects[owner] + ahead, len(flat.ids) - 1)
        if ahead:
            before, new = hopeful, _at(text[:ahead], place)
        rows = model.behind(rows, before, new)
        gain += np.where(inside[ahead, owner], rows[-1].scores - logp[place], np.float32(0.0))
    return _best(flat, suspects, owner, number, gain, least)


def _with_a_neighbour(
    model: LanguageModel,
    ids: NDArray[np.int64],
    places: NDArray[np.intp],
    words: NDArray[np.int64],
    behind: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Which of the words, each in its place, the model knows behind the word before it (as `behind` says) or before the
    one behind it."""
    known = behind.copy()
    rest = np.flatnonzero(~known)
    known[rest] = model.are_pairs(words[rest], ids[np.minimum(places[rest] + 1, len(ids) - 1)])
    return np.flatnonzero(known)


def _ahead(
    flat: Running, logp: NDArray[np.float32], suspects: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """For a suspect's own place and the three after it: whether it is in the sentence, and its log10 probability."""
    places = suspects + np.arange(_REACH)[:, None]
    last = len(flat.ids) - 1
    within = np.minimum(places, last)
    inside = np.logical_and.accumulate((places <= last) & (flat.sentence[within] == flat.sentence[suspects]), axis=0)
    return inside, np.where(inside, logp[within], 0.0).astype(np.float32)


def _best(
    flat: Running,
    suspects: NDArray[np.intp],
    owner: NDArray[np.intp],
    number: NDArray[np.int64],
    gain: NDArray[np.float32],
    least: float,
) -> list[Finding]:
    """The first of the best readings of each suspect, where it gains enough."""
    order = np.lexsort((-gain, owner))
    order = order[np.concatenate([[True], np.diff(owner[order]) > 0])[: len(order)]]
    return [
        Finding(int(flat.sentence[at]), int(flat.place[at]), int(n), float(g))
        for at, n, g in zip(suspects[owner[order]], number[order], gain[order], strict=True)
        if g > least
    ]
