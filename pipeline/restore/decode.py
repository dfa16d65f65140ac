"""The best sequence of syllables for a lattice of candidates: a search that grows finer, over many sentences at once.

All pairs of neighbours are weighed by what the language model knows of two syllables, and those that no good path goes
through are dropped. What is left is weighed by three syllables and thinned again, then by four (coarse-to-fine search;
Charniak and others, 2006). The model is asked for all places of all sentences at once, which is what makes it fast.
Before the last round the costs of what is left may be changed: what is dear to ask is asked only where it matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.choices import Floats, Ids, Lattice, begins_of, ranges
from pipeline.restore.language_model import HIGHEST, LEAD_IN, Known, LanguageModel

_LN10 = np.float32(np.log(10.0))
_MARGINS = (8.0, 6.0)  # natural logarithms: how much worse the best path through two, and three, syllables may be
_MOST = 200_000  # pairs of neighbours weighed at once


@dataclass(frozen=True)
class _Steps:
    """One to three candidates in a row, by the place of the last one: in the order of places, then of sentences.

    Those that may stand before step `n`, a candidate earlier, are `many[n]` from `first[n]` on.
    """

    ends: Ids  # of each place, behind its last step
    sentence: Ids
    last: NDArray[np.bool_]  # whether the sentence ends there
    candidate: Ids  # the last one's row in the lattice
    cost: Floats  # of the last candidate
    known: Known
    first: Ids
    many: Ids


class _Links(NamedTuple):
    """Two steps that follow each other, in the order of the second; `ends` as in `_Steps`."""

    before: Ids
    after: Ids
    ends: Ids
    weight: Floats
    known: Known


class Search:
    """Finds the best candidate of each place of a lattice. Sentences start afresh. Time is linear in places."""

    def __init__(self, model: LanguageModel, lattice: Lattice) -> None:
        """Weighs up to three syllables in a row."""
        self._model = model
        self._lattice = lattice
        self._parts = [(part, self._coarse(part)) for part in _parts(lattice)]

    def _coarse(self, part: Ids) -> _Steps:
        steps = _candidates(self._model, self._lattice, self._lattice.begins[part], self._lattice.lengths[part])
        for length, margin in enumerate(_MARGINS, start=2):
            links = _links(self._model, steps, length)
            steps = _kept(steps, links, np.float32(margin), len(part))
        return steps

    def open(self) -> NDArray[np.bool_]:
        """The places in which more than one candidate is left."""
        left = np.zeros(len(self._lattice.ids), dtype=np.int64)
        for _, steps in self._parts:
            left[steps.candidate[steps.ends[0] :]] = 1
        found: NDArray[np.bool_] = np.add.reduceat(left, self._lattice.starts) > 1
        return found

    def best(self) -> Ids:
        """Index of the chosen candidate of each place, by the costs that the lattice has now."""
        chosen = np.zeros(len(self._lattice.sizes), dtype=np.int64)
        begins, lengths = self._lattice.begins, self._lattice.lengths
        for part, steps in self._parts:
            inside = slice(steps.ends[0], None)  # what stands before the sentences costs nothing
            steps.cost[inside] = self._lattice.costs[steps.candidate[inside]]
            links = _links(self._model, steps, HIGHEST)
            chosen[ranges(begins[part], lengths[part])] = _paths(steps, links, lengths[part].tolist())
        return chosen - self._lattice.starts


def _parts(lattice: Lattice) -> Iterator[Ids]:
    """Sentences that are not empty, longest first, as many at a time as memory bears."""
    pairs = np.cumsum(np.append(0, lattice.sizes * np.append(0, lattice.sizes[:-1])))
    ends = np.cumsum(lattice.lengths)
    order = np.argsort(-lattice.lengths, kind="stable")[: np.count_nonzero(lattice.lengths)]
    before = np.cumsum((pairs[ends] - pairs[ends - lattice.lengths])[order]) // _MOST
    yield from (part for part in np.split(order, np.flatnonzero(np.diff(before)) + 1) if len(part))


def _candidates(model: LanguageModel, lattice: Lattice, begins: Ids, lengths: Ids) -> _Steps:
    """Sentences come longest first, so those that reach a place are the first ones."""
    lead_in = len(LEAD_IN)
    reaches = np.searchsorted(-lengths, -np.arange(1 - lead_in, lengths[0] + 1), side="right")
    reaches[:lead_in] = len(lengths)
    depth = np.repeat(np.arange(len(reaches)), reaches) - lead_in
    sentence = np.arange(reaches.sum()) - np.repeat(begins_of(reaches), reaches)
    place = begins[sentence] + np.maximum(depth, 0)
    sizes = np.where(depth < 0, 1, lattice.sizes[place])
    starts = begins_of(sizes)
    # what is before it stands as far back as the place before had sentences
    before = np.arange(len(sizes)) - np.repeat(np.concatenate([[0], reaches[:-1]]), reaches)
    many = np.where(depth > -lead_in, sizes[before], 0)
    last = depth + 1 == lengths[sentence]
    flat = ranges(lattice.starts[place], sizes)
    outside = np.repeat(depth, sizes) < 0
    number, cost = lattice.ids[flat], np.where(outside, np.float32(0.0), lattice.costs[flat])
    number[: lead_in * len(lengths)] = np.repeat(LEAD_IN, len(lengths))
    return _Steps(
        np.cumsum(sizes)[np.cumsum(reaches) - 1],
        np.repeat(sentence, sizes),
        np.repeat(last, sizes),
        flat,
        cost,
        model.words(number),
        np.repeat(starts[before], sizes),
        np.repeat(many, sizes),
    )


def _links(model: LanguageModel, steps: _Steps, length: int) -> _Links:
    """All that follow each other, weighed by n-grams of that length."""
    after = np.repeat(np.arange(len(steps.many)), steps.many)
    before = ranges(steps.first, steps.many)
    known = model.longer(length, steps.known, before, steps.known, after)
    weight = _LN10 * known.scores - steps.cost[after]
    return _Links(before, after, np.cumsum(steps.many)[steps.ends - 1], weight, known)


def _forward(steps: _Steps, links: _Links) -> Floats:
    """The worth of the best path up to each step."""
    worth = np.full(len(steps.many), -np.inf, dtype=np.float32)
    worth[: steps.ends[0]] = 0.0
    reached = np.flatnonzero(steps.many)
    starts = begins_of(steps.many)[reached]
    ends = np.searchsorted(reached, steps.ends)
    for place in range(1, len(steps.ends)):
        begin, end = links.ends[place - 1], links.ends[place]
        here = slice(ends[place - 1], ends[place])
        ways = worth.take(links.before[begin:end]) + links.weight[begin:end]
        worth[reached[here]] = np.maximum.reduceat(ways, starts[here] - begin)
    return worth


def _backward(steps: _Steps, links: _Links) -> Floats:
    """The worth of the best path behind each step."""
    worth = np.where(steps.last, np.float32(0.0), np.float32(-np.inf))
    for place in range(len(steps.ends) - 1, 0, -1):
        here = slice(links.ends[place - 1], links.ends[place])
        np.maximum.at(worth, links.before[here], worth.take(links.after[here]) + links.weight[here])
    return worth


def _kept(steps: _Steps, links: _Links, margin: np.float32, sentences: int) -> _Steps:
    """The links whose best path is at most so much worse than the sentence's, as steps that are longer by one."""
    forward, backward = _forward(steps, links), _backward(steps, links)
    best = np.full(sentences, -np.inf, dtype=np.float32)
    np.maximum.at(best, steps.sentence[steps.last], forward[steps.last])
    sentence = steps.sentence.take(links.after)
    through = forward.take(links.before) + links.weight + backward.take(links.after)
    kept = np.flatnonzero(through >= (best - margin).take(sentence))
    before, after = links.before.take(kept), links.after.take(kept)
    many = np.bincount(after, minlength=len(steps.many))
    first = begins_of(many)
    return _Steps(
        np.searchsorted(kept, links.ends[1:]),
        sentence.take(kept),
        steps.last.take(after),
        steps.candidate.take(after),
        steps.cost.take(after),
        links.known.at(kept),
        first.take(before),
        many.take(before),
    )


def _paths(steps: _Steps, links: _Links, lengths: Sequence[int]) -> list[int]:
    """The candidates of the best path of each sentence, one after the other; of equal ones the first."""
    forward = _forward(steps, links)
    best = np.flatnonzero(forward.take(links.before) + links.weight == forward.take(links.after))[::-1]
    came = np.full(len(steps.many), -1)
    came[links.after[best]] = links.before[best]
    last = np.flatnonzero(steps.last)
    order = np.lexsort((-forward[last], steps.sentence[last]))
    ends = last[order[np.searchsorted(steps.sentence[last][order], np.arange(len(lengths)))]]
    back, candidate = came.tolist(), steps.candidate.tolist()
    paths: list[int] = []
    for step, length in zip(ends.tolist(), lengths, strict=True):
        path = []
        for _ in range(length):
            path.append(candidate[step])
            step = back[step]
        paths += path[::-1]
    return paths
