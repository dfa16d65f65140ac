"""Which known words a damaged word may be: a search in a trie of all words by the costs of the channel.

Many words are searched at once, a level of the trie at a time, in NumPy; results are remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.channel import Channel
from pipeline.restore.choices import ranges
from pipeline.restore.model_files import Candidates

_AT_ONCE = 64  # words searched together
_LONGEST = 12  # characters of a damaged word; a longer one has no candidates


class Found(NamedTuple):
    """Vocabulary numbers of possible words and their channel costs (natural logarithms), cheapest first."""

    ids: NDArray[np.int64]
    costs: NDArray[np.float32]


class Offers(NamedTuple):
    """What was found for many words, one after the other; `sizes[i]` candidates of word `i`."""

    sizes: NDArray[np.int64]
    ids: NDArray[np.int64]
    costs: NDArray[np.float32]

    @classmethod
    def joined(cls, found: Sequence[Found]) -> Offers:
        """From what was found for each word."""
        sizes = np.array([len(offer.ids) for offer in found], dtype=np.int64)
        ids, costs = zip(NOTHING, *found, strict=True)
        return cls(sizes, np.concatenate(ids), np.concatenate(costs))


@dataclass(frozen=True)
class Trie:
    """The words letter by letter: children of node `n` are `first[n]` up to `first[n] + many[n]`."""

    letter: NDArray[np.int64]
    first: NDArray[np.int64]
    many: NDArray[np.int64]
    word: NDArray[np.int64]  # vocabulary number of the word that ends here, or -1

    @classmethod
    def build(cls, words: Sequence[str], numbers: Sequence[int], codes: dict[str, int]) -> Trie:
        """Breadth first, so that the children of a node lie side by side."""
        level = [(word, number) for word, number in sorted(zip(words, numbers, strict=True))]
        letter, first, many, word = [0], [0], [0], [-1]
        queue: list[tuple[int, int, list[tuple[str, int]]]] = [(0, 0, level)]
        for node, depth, inside in queue:
            groups: dict[str, list[tuple[str, int]]] = {}
            for item in inside:
                if len(item[0]) == depth:
                    word[node] = item[1]
                else:
                    groups.setdefault(item[0][depth], []).append(item)
            first[node], many[node] = len(letter), len(groups)
            for c, members in groups.items():
                queue.append((len(letter), depth + 1, members))
                letter.append(codes.get(c, 0))
                first.append(0)
                many.append(0)
                word.append(-1)
        return cls(*(np.array(column, dtype=np.int64) for column in (letter, first, many, word)))


class CandidateFinder:
    """Candidates of damaged words under one channel. `margin` is how much dearer than the cheapest a word may be.

    `prepared` holds what an earlier finder of the same words found: those are not searched again.
    """

    def __init__(
        self,
        channel: Channel,
        words: Sequence[str],
        numbers: Sequence[int],
        prior: NDArray[np.float32],
        margin: float,
        most: int,
        prepared: Mapping[str, Found] | None = None,
    ) -> None:
        self._least = channel.one.min(axis=0)
        self.channel = channel = _relative(channel)
        self.margin = margin
        self.most = most
        self._prior = prior
        self._usual = float(prior[np.array(numbers)].min()) if len(numbers) else 0.0
        self._trie = Trie.build(words, numbers, channel.letter_codes())
        self._characters = channel.character_codes()
        self._pairs = channel.pair_codes()
        self._memory: dict[str, Found] = {}
        self._prepared: Mapping[str, Found] = prepared or {}
        self._farthest: float | None = None

    def least(self, word: str) -> float:
        """What the characters of a word cost at least, whatever was printed; costs found are without it."""
        return float(self._least[[self._characters.get(c, 0) for c in word]].sum())

    def nearer(self, farthest: float) -> CandidateFinder:
        """A finder of the same words that finds none dearer than that, the sooner."""
        other = copy(self)
        other._memory = {}
        other._farthest = farthest
        return other

    def find(self, words: Sequence[str]) -> list[Found]:
        """Candidates of each word (lower case)."""
        if len(self._memory) > 200_000:
            self._memory.clear()
        unknown = {word for word in words if word not in self._memory}
        prepared = {word for word in unknown if word in self._prepared}
        self._memory.update((word, self._prepared[word]) for word in prepared)
        missing = sorted(unknown - prepared, key=len)
        # words of several lengths together need fewer steps, which are wider: worth it where few words are near enough
        for _, group in groupby(missing, len if self._farthest is None else bool):
            alike = list(group)
            for begin in range(0, len(alike), _AT_ONCE):
                part = alike[begin : begin + _AT_ONCE]
                self._memory.update(zip(part, self._search_twice(part), strict=True))
        return [self._memory[word] for word in words]

    def _search_twice(self, words: Sequence[str]) -> list[Found]:
        """First near by, which is fast; then farther for the words that found nothing well inside the bound."""
        found = [NOTHING] * len(words)
        fit = [i for i, word in enumerate(words) if 0 < len(word) <= _LONGEST]
        if self._farthest is not None:
            self._fill(found, words, fit, [self._farthest for _ in fit])
            return found
        near = {i: self.margin + 1.0 + 0.5 * len(words[i]) for i in fit}
        self._fill(found, words, fit, list(near.values()))
        again = [i for i in fit if not len(found[i].ids) or found[i].costs.min() + self.margin * 0.7 > near[i]]
        self._fill(found, words, again, [7.5 + 1.5 * len(words[i]) for i in again])
        return found

    def _fill(self, found: list[Found], words: Sequence[str], which: Sequence[int], limits: Sequence[float]) -> None:
        """Puts in what is found for those words within their limits."""
        if which:
            for i, better in zip(which, self._search([words[i] for i in which], limits), strict=True):
                found[i] = better

    def _search(self, words: list[str], limits: Sequence[float]) -> list[Found]:
        channel, trie = self.channel, self._trie
        lengths = np.array([len(word) for word in words])
        longest = int(lengths.max())
        beyond = np.arange(longest)[:, None] >= lengths  # places behind the ends of shorter words
        read = np.array([[self._characters.get(c, 0) for c in word.ljust(longest)] for word in words])
        pair = np.array([[self._pairs.get(word[i : i + 2], 0) for i in range(longest)] for word in words])
        # of each place in the words read, a row: what it costs in each word as each printed letter; the same of two
        letters = len(channel.one)
        extra = np.where(beyond, np.float32(np.inf), channel.extra[read.T])
        ones = np.ascontiguousarray(channel.one[:, read.T].transpose(1, 2, 0))
        twos = np.ascontiguousarray(channel.two[:, pair.T[:-1]].transpose(1, 2, 0))
        ones[beyond], twos[beyond[1:]] = np.inf, np.inf
        ones, twos = ones.reshape(longest, -1), twos.reshape(longest - 1, len(words) * letters)
        owner = np.arange(len(words))
        node = np.zeros(len(words), dtype=np.int64)
        rows = np.zeros((longest + 1, len(words)), dtype=np.float32)
        np.cumsum(extra, axis=0, out=rows[1:])
        bound = np.array(limits, dtype=np.float32)
        ends: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]] = []
        while len(owner):
            repeat = trie.many.take(node)
            parent = np.repeat(np.arange(len(node)), repeat)
            node = ranges(trie.first.take(node), repeat)
            owner = owner.take(parent)
            before = rows.take(parent, axis=1)
            letter = trie.letter.take(node)
            kind = owner * letters + letter
            rows = before + channel.none.take(letter)
            np.minimum(rows[1:], before[:-1] + ones.take(kind, axis=1), out=rows[1:])
            np.minimum(rows[2:], before[:-2] + twos.take(kind, axis=1), out=rows[2:])
            for j in range(longest):
                np.minimum(rows[j + 1], rows[j] + extra[j].take(owner), out=rows[j + 1])
            alive = np.flatnonzero(rows.min(axis=0) <= bound.take(owner))
            owner, node, rows = owner.take(alive), node.take(alive), rows.take(alive, axis=1)
            done = np.flatnonzero(trie.word.take(node) >= 0)
            if len(done):
                at = owner[done]
                finals = rows[lengths[at], done]
                fits = finals <= bound[at]
                finals, at, number = finals[fits], at[fits], trie.word[node[done]][fits]
                ends.append((at, number, finals))
                # a rare word that fits well must not hide a usual one that fits less well
                np.minimum.at(bound, at, finals + self._prior[number] - self._usual + self.margin)
        if not ends:
            return [NOTHING] * len(words)
        at, number, cost = (np.concatenate(column) for column in zip(*ends, strict=True))
        return [self._best(number[at == i], cost[at == i]) for i in range(len(words))]

    def _best(self, numbers: NDArray[np.int64], costs: NDArray[np.float32]) -> Found:
        if not len(numbers):
            return NOTHING
        order = np.argsort(costs + self._prior[numbers], kind="stable")[: self.most]
        return Found(numbers[order], costs[order])


def _relative(channel: Channel) -> Channel:
    """The same costs less what each read character costs at least.

    That part is the same for every candidate of a word; without it a word of rare characters (capitals, `é`) costs no
    more than another, and one bound fits all.
    """
    least = channel.one.min(axis=0)
    codes = channel.character_codes()
    pairs = np.array([0.0, *(least[codes.get(p[0], 0)] + least[codes.get(p[1], 0)] for p in channel.pairs)])
    return replace(
        channel,
        one=channel.one - least,
        two=np.maximum(channel.two - pairs, 0.0).astype(np.float32),
        extra=np.maximum(channel.extra - least, 0.0),
    )


class Prepared(Mapping[str, Found]):
    """Candidates that came with the model."""

    def __init__(self, packed: Candidates) -> None:
        self._packed = packed
        self._places = {word: place for place, word in enumerate(packed.words)}
        self._starts = np.concatenate([[0], np.cumsum(packed.counts)]).astype(np.int64)

    def __getitem__(self, word: str) -> Found:
        place = self._places[word]
        part = slice(self._starts[place], self._starts[place + 1])
        return Found(self._packed.ids[part].astype(np.int64), self._packed.costs[part].astype(np.float32))

    def __contains__(self, word: object) -> bool:
        return word in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def pack(words: Sequence[str], found: Sequence[Found]) -> Candidates:
    """The candidates of those words, to be kept with the model."""
    counts = np.array([len(f.ids) for f in found], dtype=np.uint8)
    ids = np.concatenate([f.ids for f in found]).astype(np.uint16)
    return Candidates(tuple(words), counts, ids, np.concatenate([f.costs for f in found]).astype(np.float16))


NOTHING = Found(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
