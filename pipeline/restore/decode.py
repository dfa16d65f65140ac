"""The best sequence of syllables for a lattice of candidates: a search that grows finer, over many sentences at once.

All pairs of neighbours are weighed by what the language model knows of two syllables, and those that no good path goes
through are dropped. What is left is weighed by three syllables and thinned again, then by four (coarse-to-fine search;
Charniak and others, 2006). The model is asked for all places of all sentences at once, which is what makes it fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.language_model import BOUNDARY, HIGHEST, Known, LanguageModel

_LN10 = np.float32(np.log(10.0))
_MARGINS = (8.0, 6.0)  # natural logarithms: how much worse the best path through two, and three, syllables may be
_MOST = 200_000  # pairs of neighbours weighed at once
_LEAD_IN = (0, 0, BOUNDARY)  # what stands before a sentence

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


class Choice(NamedTuple):
    """One place of a sentence: what may stand there (vocabulary numbers) and what each costs (natural logarithms)."""

    ids: Ids
    costs: Floats


@dataclass(frozen=True)
class _Steps:
    """One to three candidates in a row, by the place of the last one: in the order of places, then of sentences.

    Those that may stand before step `n`, a candidate earlier, are `many[n]` from `first[n]` on.
    """

    ends: Ids  # of each place, behind its last step
    sentence: Ids
    last: NDArray[np.bool_]  # whether the sentence ends there
    candidate: Ids  # index of the last candidate among its choices
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


def decode(model: LanguageModel, sentences: Sequence[Sequence[Choice]], weight: float = 1.0) -> list[list[int]]:
    """Index of the chosen candidate of each place of each sentence.

    `weight` multiplies the language model. Sentences start afresh. Time is linear in places.
    """
    chosen: list[list[int]] = [[] for _ in sentences]
    scale = np.float32(weight) * _LN10
    for part in _parts(sentences):
        for index, path in zip(part, _best_paths(model, [sentences[i] for i in part], scale), strict=True):
            chosen[index] = path
    return chosen


def _parts(sentences: Sequence[Sequence[Choice]]) -> Iterator[list[int]]:
    """Sentences that are not empty, longest first, as many at a time as memory bears."""
    part: list[int] = []
    pairs = 0
    for index in sorted(range(len(sentences)), key=lambda i: (-len(sentences[i]), i)):
        before = 1
        for choice in sentences[index]:
            pairs += before * len(choice.ids)
            before = len(choice.ids)
        if sentences[index]:
            part.append(index)
        if part and pairs > _MOST:
            yield part
            part, pairs = [], 0
    if part:
        yield part


def _best_paths(model: LanguageModel, sentences: Sequence[Sequence[Choice]], scale: np.float32) -> list[list[int]]:
    steps = _candidates(model, sentences)
    for length, margin in enumerate(_MARGINS, start=2):
        links = _links(model, steps, length, scale)
        steps = _kept(steps, links, np.float32(margin), len(sentences))
    links = _links(model, steps, HIGHEST, scale)
    return _paths(steps, links, [len(sentence) for sentence in sentences])


def _candidates(model: LanguageModel, sentences: Sequence[Sequence[Choice]]) -> _Steps:
    """Sentences come longest first, so those that reach a place are the first ones."""
    nothing = np.zeros(1, dtype=np.float32)
    rows = [[Choice(np.array([number]), nothing)] * len(sentences) for number in _LEAD_IN]
    reach = len(sentences)
    for place in range(len(sentences[0])):
        while len(sentences[reach - 1]) <= place:
            reach -= 1
        rows.append([sentence[place] for sentence in sentences[:reach]])
    choices = [choice for row in rows for choice in row]
    sizes = np.array([len(choice.ids) for choice in choices])
    reaches = np.array([len(row) for row in rows])
    group_ends, starts = np.cumsum(reaches), np.cumsum(sizes) - sizes
    sentence = np.arange(len(choices)) - np.repeat(group_ends - reaches, reaches)
    # the choices before those of a sentence stand as far back as the place before had sentences
    before = np.arange(len(choices)) - np.repeat(np.concatenate([[0], reaches[:-1]]), reaches)
    many = sizes[before]
    many[: reaches[0]] = 0
    last = sentence >= np.repeat(np.append(reaches[1:], 0), reaches)
    return _Steps(
        np.cumsum(sizes)[group_ends - 1],
        np.repeat(sentence, sizes),
        np.repeat(last, sizes),
        np.arange(sizes.sum()) - np.repeat(starts, sizes),
        np.concatenate([choice.costs for choice in choices]),
        model.words(np.concatenate([choice.ids for choice in choices])),
        np.repeat(starts[before], sizes),
        np.repeat(many, sizes),
    )


def _links(model: LanguageModel, steps: _Steps, length: int, scale: np.float32) -> _Links:
    """All that follow each other, weighed by n-grams of that length."""
    after = np.repeat(np.arange(len(steps.many)), steps.many)
    ends = np.cumsum(steps.many)
    before = np.arange(len(after)) + np.repeat(steps.first - ends + steps.many, steps.many)
    known = model.longer(length, steps.known, before, steps.known, after)
    weight = scale * known.scores - steps.cost[after]
    return _Links(before, after, ends[steps.ends - 1], weight, known)


def _forward(steps: _Steps, links: _Links) -> Floats:
    """The worth of the best path up to each step."""
    worth = np.full(len(steps.many), -np.inf, dtype=np.float32)
    worth[: steps.ends[0]] = 0.0
    reached = np.flatnonzero(steps.many)
    starts = (np.cumsum(steps.many) - steps.many)[reached]
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
    first = np.cumsum(many) - many
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


def _paths(steps: _Steps, links: _Links, lengths: Sequence[int]) -> list[list[int]]:
    """The candidates of the best path of each sentence; of equal ones the first."""
    forward = _forward(steps, links)
    best = np.flatnonzero(forward.take(links.before) + links.weight == forward.take(links.after))[::-1]
    came = np.full(len(steps.many), -1)
    came[links.after[best]] = links.before[best]
    last = np.flatnonzero(steps.last)
    order = np.lexsort((-forward[last], steps.sentence[last]))
    ends = last[order[np.searchsorted(steps.sentence[last][order], np.arange(len(lengths)))]]
    back, candidate = came.tolist(), steps.candidate.tolist()
    paths = []
    for step, length in zip(ends.tolist(), lengths, strict=True):
        path = []
        for _ in range(length):
            path.append(candidate[step])
            step = back[step]
        paths.append(path[::-1])
    return paths
