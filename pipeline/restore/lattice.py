"""How a text looks to the restorer: the words, numbers and signs of all pages, in sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from pipeline.restore.choices import Ids, begins_of, ranges
from pipeline.restore.language_model import BOUNDARY
from pipeline.restore.words import WORD, Cut, Slot, cut

_LONGEST_SENTENCE = 200
_STARTS_ITEM = re.compile(
    r"\s*(?:[-–—+*•]|\(?\d{1,3}[.)\]/-]|\(?[IVXLC]{1,6}[.)\]-]|[a-zđA-ZĐ][.,)\]]|Điều|Chương|Mục|Kính gửi|Căn cứ)\s"
)


class Sentences(NamedTuple):
    """The slots of all pages but their boundaries, as columns, in sentences that the language model reads in one go.

    `words` are empty where a slot holds none.
    """

    lengths: Ids  # slots of each sentence
    pages: Ids
    starts: Ids
    ends: Ids
    kinds: Ids
    words: list[str]

    @property
    def begins(self) -> Ids:
        """The first place of each sentence."""
        return begins_of(self.lengths)

    def slot(self, place: int) -> Slot:
        """The slot in that place."""
        return Slot(int(self.starts[place]), int(self.ends[place]), int(self.kinds[place]))

    def only(self, chosen: Ids) -> Sentences:
        """Those sentences."""
        lengths = self.lengths[chosen]
        rows = ranges(self.begins[chosen], lengths)
        words = list(map(self.words.__getitem__, rows.tolist()))
        return Sentences(lengths, self.pages[rows], self.starts[rows], self.ends[rows], self.kinds[rows], words)

    def items(self) -> Iterator[list[tuple[int, Slot]]]:
        """Of each sentence the page and slot of each place."""
        slots = map(Slot, self.starts.tolist(), self.ends.tolist(), self.kinds.tolist())
        items = list(zip(self.pages.tolist(), slots, strict=True))
        for begin, end in pairwise([0, *np.cumsum(self.lengths).tolist()]):
            yield items[begin:end]


def sentences(texts: Sequence[str], damaged: Sequence[bool]) -> Sentences:
    """The sentences of all pages; one may go on over a page break."""
    lengths: list[int] = []
    cuts: list[Cut] = []
    current = 0  # places of the sentence that goes on
    for text, is_damaged in zip(texts, damaged, strict=True):
        found = cut(text, is_damaged)
        size = len(found.words)
        boundaries = np.flatnonzero(found.kinds == BOUNDARY).tolist()
        stops = {*boundaries, *np.searchsorted(found.starts, _breaks(text)).tolist()}  # slots before which one ends
        signs = frozenset(boundaries)
        begin = 0
        for stop in (*sorted(stops), size):
            more = stop - begin
            while current + more > _LONGEST_SENTENCE:
                lengths.append(_LONGEST_SENTENCE)
                current, more = 0, current + more - _LONGEST_SENTENCE
            current += more
            if current and (stop < size or stop in stops):
                lengths.append(current)
                current = 0
            begin = stop + (stop in signs)
        cuts.append(found)
    if current:
        lengths.append(current)
    return _joined(lengths, cuts)


def _joined(lengths: list[int], cuts: Sequence[Cut]) -> Sentences:
    none = np.zeros(0, dtype=np.int64)
    starts, ends, kinds = (np.concatenate([none, *(found[column] for found in cuts)]) for column in range(3))
    pages = np.repeat(np.arange(len(cuts)), [len(found.words) for found in cuts])
    words = list(chain.from_iterable(found.words for found in cuts))
    kept = np.flatnonzero(kinds != BOUNDARY)
    if len(kept) < len(words):
        words = list(map(words.__getitem__, kept.tolist()))
    return Sentences(np.array(lengths, dtype=np.int64), pages[kept], starts[kept], ends[kept], kinds[kept], words)


def cut_glued(found: Sentences, cut_at: Callable[[int, str], int]) -> Sentences:
    """Makes two slots of each word that `cut_at`, asked with its page and letters, cuts in two; 0 leaves it whole."""
    cuts = [
        cut_at(page, word) if kind == WORD else 0
        for page, kind, word in zip(found.pages.tolist(), found.kinds.tolist(), found.words, strict=True)
    ]
    if not any(cuts):
        return found
    at = np.array(cuts, dtype=np.int64)
    twice = np.flatnonzero(at)
    times = np.where(at > 0, 2, 1)
    firsts = begins_of(times)[twice]  # the first halves
    pages, starts, ends, kinds = (
        np.repeat(column, times) for column in (found.pages, found.starts, found.ends, found.kinds)
    )
    ends[firsts] = starts[firsts + 1] = starts[firsts] + at[twice]
    halves = ((word[:end], word[end:]) if end else (word,) for word, end in zip(found.words, cuts, strict=True))
    sentence = np.repeat(np.arange(len(found.lengths)), found.lengths)
    lengths = np.bincount(sentence, weights=times, minlength=len(found.lengths)).astype(np.int64)
    return Sentences(lengths, pages, starts, ends, kinds, list(chain.from_iterable(halves)))


def _breaks(text: str) -> list[int]:
    """Offsets before which a sentence ends although no sign says so: cells, items, and lines that stop short."""
    found = [i for i, c in enumerate(text) if c == "\t"] if "\t" in text else []
    lines = text.split("\n")
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if not lengths:
        return found
    full = lengths[int(len(lengths) * 0.9)] if len(lengths) > 4 else 60
    at = 0
    before = ""
    for line in lines:
        if line.strip():
            short = len(before.rstrip()) < 0.6 * full
            if before and (short or _STARTS_ITEM.match(line)):
                found.append(at)
            before = line
        at += len(line) + 1
    return sorted(found)
