"""How a page's text looks, which decides what may be changed in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from pipeline.restore.remembered import Remembered
from pipeline.restore.syllables import plain
from pipeline.restore.words import words_of
from pipeline.stretches import tally


class State(StrEnum):
    """How a page's text looks; it decides what may be changed."""

    GOOD = "good"  # Vietnamese with its marks: only strong evidence changes a word
    STRIPPED = "stripped"  # Vietnamese without any marks
    DAMAGED = "damaged"  # Vietnamese read by a model that does not know its letters
    FOREIGN = "foreign"  # another language, or too little to tell: stays


@dataclass(frozen=True)
class Look:
    """What the words of a text show. `words` leaves out short initials, which say nothing about marks; the shares are
    of those."""

    every: int  # words of two letters and more
    strange: int  # those that no list knows
    words: int
    marked: float  # with a letter beyond ASCII
    spelled: float  # whose letters without marks are a syllable's
    spelled_small: float  # the same of the words that begin with a small letter: names may be foreign


class _Shown(NamedTuple):
    """How many words of a stretch without blanks are as `Look` says."""

    every: int
    strange: int
    words: int
    marked: int
    spelled: int
    small: int
    spelled_small: int


class Looker:
    """Looks at texts; remembers what it saw in each stretch without blanks."""

    def __init__(self, is_spelled: Callable[[str], bool], is_known: Callable[[str], bool]) -> None:
        """`is_spelled`: whether a word's letters without marks are a syllable's; `is_known`: whether a lower-case word
        is in any of the word lists."""
        self._is_spelled = is_spelled
        self._is_known = is_known
        self._kinds: dict[_Shown, int] = {}
        self._shown = Remembered(self._kind_of)
        self._shown_by_word = Remembered(self._shown_by_one)
        self.look = lru_cache(maxsize=16)(self._look)

    def _look(self, text: str) -> Look:
        found = tally(text)
        kinds = np.fromiter(map(self._shown.__getitem__, found), np.int64, len(found))
        times = np.bincount(kinds, np.fromiter(found.values(), np.int64, len(found)), minlength=len(self._kinds))
        sums = times.astype(np.int64) @ np.array(list(self._kinds), dtype=np.int64).reshape(-1, len(_Shown._fields))
        every, strange, words, marked, spelled, small, spelled_small = sums.tolist()
        share = 1 / max(1, words)
        spelled_share = spelled * share
        return Look(
            every, strange, words, marked * share, spelled_share, spelled_small / small if small else spelled_share
        )

    def _kind_of(self, stretch: str) -> int:
        found = [self._shown_by_word[word] for word in words_of(stretch)]
        shown = found[0] if len(found) == 1 else _Shown(*map(sum, zip(_NOTHING, *found, strict=True)))
        return self._kinds.setdefault(shown, len(self._kinds))

    def _shown_by_one(self, word: str) -> _Shown:
        strange = not self._is_known(plain(word))
        if word.isascii() and len(word) <= 3 and word.isupper():
            return _Shown(1, strange, 0, 0, 0, 0, 0)
        right, small = self._is_spelled(word), word[0].islower()
        return _Shown(1, strange, 1, not word.isascii(), right, small, small and right)


_NOTHING = _Shown(0, 0, 0, 0, 0, 0, 0)


def state_of(look: Look) -> State:
    """What may be done to a page. Vietnamese prose has marks on seven to nine words of ten, English on none; of what an
    English reader makes of Vietnamese, more than a tenth has some."""
    if look.words < 3:
        return State.GOOD if look.marked else State.FOREIGN
    if look.marked >= 0.45:
        return State.GOOD
    if look.spelled < 0.55:
        return State.FOREIGN
    if look.marked <= 0.02 and look.spelled_small >= 0.9:
        return State.STRIPPED
    return State.DAMAGED
