"""How a page's text looks, which decides what may be changed in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.restore.words import word_counts


class State(StrEnum):
    """How a page's text looks; it decides what may be changed."""

    GOOD = "good"  # Vietnamese with its marks: only strong evidence changes a word
    STRIPPED = "stripped"  # Vietnamese without any marks
    DAMAGED = "damaged"  # Vietnamese read by a model that does not know its letters
    FOREIGN = "foreign"  # another language, or too little to tell: stays


@dataclass(frozen=True)
class Look:
    """What the words of a text show: how many there are, and the shares of them."""

    words: int
    marked: float  # with a letter beyond ASCII
    spelled: float  # whose letters without marks are a syllable's
    spelled_small: float  # the same of the words that begin with a small letter: names may be foreign


def look(text: str, is_spelled: Callable[[str], bool]) -> Look:
    """What kind of words the text holds; `is_spelled` tells whether a word's letters without marks are a syllable's."""
    total = marked = small = spelled = spelled_small = 0
    for word, times in word_counts(text).items():
        if word.isascii() and len(word) <= 3 and word.isupper():
            continue
        total += times
        marked += 0 if word.isascii() else times
        right = times if is_spelled(word) else 0
        spelled += right
        if word[0].islower():
            small += times
            spelled_small += right
    share = 1 / max(1, total)
    return Look(total, marked * share, spelled * share, spelled_small / small if small else spelled * share)


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
