"""Glued words split, and syllables that damage has cut joined, where spelling and context leave little doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np

from pipeline.restore.language_model import LEAD_IN, LanguageModel
from pipeline.restore.remembered import Remembered
from pipeline.restore.rewriting import Change
from pipeline.restore.syllables import mend_marks, place_tone, plain, split_tone
from pipeline.restore.words import lone_word
from pipeline.stretches import tally
from pipeline.vietnamese import is_syllable

_LONGEST = 30  # letters of a glued stretch that is looked at
_MOST_PARTS = 5
_ENOUGH = -3.6  # mean log10 probability of the parts, in their context
_ENOUGH_PLAIN = -2.4  # the same for parts without any mark, which may be a foreign word
_LETTERS = re.compile(r"[^\W\d_]+")
_AT_END = re.compile(r"[^\W\d_]+\Z")
_LONGEST_HALF = 6  # letters
_SHORT, _TWO, _ONE, _ASCII = 1, 2, 4, 8  # see `_kind`
_DIGIT_WORD = re.compile(r"(?<=\d)[^\W\d_]{2,8}(?!\w)")
_GLUED_SIGN = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,})(\.{1,3}|[,;:…])([^\W\d_]{2,})")
# Two words of which one is short, as halves of a syllable are; the second may be the first of the next two.
_CUT = re.compile(r"(?<![^\W\d_])(?=((?:[^\W\d_]{1,6} [^\W\d_]{1,2}|[^\W\d_] [^\W\d_]{3,6})(?![^\W\d_])))[^\W\d_]+")


class Words(Protocol):
    """What spacing asks of the restorer."""

    model: LanguageModel

    def number(self, word: str) -> int:
        """Vocabulary number of a lower-case word, 0 where unknown."""

    def is_known(self, word: str) -> bool:
        """Whether a lower-case word is in any of the word lists."""

    def commonness(self, word: str) -> float:
        """log10 frequency of a lower-case word."""


class Spacer:
    """Splits and joins words; remembers which stretches without blanks may hold several."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._glued = Remembered(self._may_hold_several)
        self._glued_words = Remembered(lambda word: _may_be_glued(word, words))
        self._wholes = Remembered(self._usual_whole)
        self._tails, self._heads = Remembered(_tail), Remembered(_head)
        self._edges = Remembered(lambda stretch: _kind(self._tails[stretch]) << 4 | _kind(self._heads[stretch]))

    def split_glued(self, text: str) -> Iterator[Change]:
        """Blanks between words that were run together: `xãtrên`, `mừngĐại`, `03dự`, `hội.Nâng`, `xã;tổ`.

        For text with its marks; where letters are damaged an odd word is no sign of two.
        """
        for stretch in [stretch for stretch in tally(text) if self._glued[stretch]]:
            for start in _places(text, stretch):
                yield from self._split_stretch(text, start, start + len(stretch))

    def _may_hold_several(self, stretch: str) -> bool:
        if word := lone_word(stretch):
            return self._glued_words[word]
        return (
            any(map(self._glued_words.__getitem__, _LETTERS.findall(stretch)))
            or _DIGIT_WORD.search(stretch) is not None
            or _GLUED_SIGN.search(stretch) is not None
        )

    def _split_stretch(self, text: str, start: int, end: int) -> Iterator[Change]:
        words = self._words
        for match in _LETTERS.finditer(text, start, end):
            if _may_be_glued(match.group(), words) and (parts := _split(text, match, words)):
                yield Change(match.start(), match.end(), " ".join(parts), "spacing", 0.95)
        for match in _DIGIT_WORD.finditer(text, start, end):
            word = match.group()
            if not word.isascii() and is_syllable(word) and words.commonness(plain(word)) > -4.5:
                yield Change(match.start(), match.start(), " ", "spacing", 0.97)
        for match in _GLUED_SIGN.finditer(text, start, end):
            yield from _after_sign(match, words)

    def join_cut(self, text: str) -> Iterator[Change]:
        """A syllable that a blank has cut in two (`củ a`, `Đạ i`), joined where the halves make no sense apart."""
        if not self._may_be_cut(text):
            return
        done = 0
        for match in _CUT.finditer(text):
            if match.start() < done or not (whole := self._wholes[match.group(1)]):
                continue
            left, right = _neighbour(text, match.start(), -1), _neighbour(text, match.end(1), 1)
            apart = [self._words.number(plain(half)) for half in match.group(1).split(" ")]
            together = [self._words.number(plain(whole))]
            if _score(self._words, left, together, right) - _score(self._words, left, apart, right) > 2.5:
                yield Change(match.start(), match.end(1), whole, "spacing", 0.95)
                done = match.end(1)

    def _may_be_cut(self, text: str) -> bool:
        """Whether two words side by side could be halves of a usual one, whatever stands between and around them."""
        stretches = text.split()
        edges = np.fromiter(map(self._edges.__getitem__, stretches), np.int64, len(stretches))
        tails, heads = edges[:-1] >> 4, edges[1:] & 15
        short = ((tails & _SHORT > 0) & (heads & _TWO > 0)) | ((tails & _ONE > 0) & (heads & _SHORT > 0))
        pairs = np.flatnonzero(short & (tails & heads & _ASCII == 0)).tolist()
        found = {(stretches[at], stretches[at + 1]) for at in pairs}
        return any(self._wholes[f"{self._tails[left]} {self._heads[right]}"] for left, right in found)

    def _usual_whole(self, halves: str) -> str | None:
        whole = _whole(*halves.split(" "))
        return None if whole is None or self._words.commonness(plain(whole)) < -4.5 else whole


def _tail(stretch: str) -> str:
    """The letters that a stretch without blanks ends in; of more than a half has, some."""
    found = _AT_END.search(stretch[-_LONGEST_HALF - 1 :])
    return found.group() if found else ""


def _head(stretch: str) -> str:
    """Those that it begins with."""
    found = _LETTERS.match(stretch[: _LONGEST_HALF + 1])
    return found.group() if found else ""


def _kind(letters: str) -> int:
    """How long a half of a word is, as far as it matters, and whether it is in ASCII letters."""
    if not 0 < len(letters) <= _LONGEST_HALF:
        return 0
    return _SHORT | _TWO * (len(letters) <= 2) | _ONE * (len(letters) == 1) | _ASCII * letters.isascii()


def _places(text: str, stretch: str) -> Iterator[int]:
    """Where a stretch without blanks begins."""
    at = text.find(stretch)
    while at >= 0:
        end = at + len(stretch)
        if not text[at - 1 : at].strip() and not text[end : end + 1].strip():
            yield at
        at = text.find(stretch, at + 1)


def _after_sign(match: re.Match[str], words: Words) -> Iterator[Change]:
    before, sign, after = match.groups()
    if not (words.number(plain(before)) and words.number(plain(after)) and is_syllable(before) and is_syllable(after)):
        return
    if before[-1].isupper() or (sign[0] == "." and not (after[0].isupper() and after[1:].islower())):
        return
    if before.isascii() and after.isascii():
        return
    yield Change(match.start(3), match.start(3), " ", "spacing", 0.97)


def _may_be_glued(word: str, words: Words) -> bool:
    """Whether a word is no word, and could be several whatever stands beside it."""
    if not 4 <= len(word) <= _LONGEST or is_syllable(word):
        return False
    lower = plain(word)
    # a word list learnt from printed text holds glued words too; only its foreign words are a sign
    if words.number(lower) or (word.isascii() and words.is_known(lower)) or mend_marks(word) is not None:
        return False
    if word.isascii() and not _has_hump(word) and (len(word) < 6 or word[0].isupper()):
        return False
    return not (word.isupper() and len(word) < 6)


def _split(text: str, match: re.Match[str], words: Words) -> list[str] | None:
    word = match.group()
    humps = _has_hump(word)
    ascii_only = word.isascii() and not humps
    left, right = _neighbour(text, match.start(), -1), _neighbour(text, match.end(), 1)
    best: tuple[float, list[str]] | None = None
    for parts in _ways(word):
        ids = [words.number(plain(part)) for part in parts]
        if not all(ids) or any(words.commonness(plain(part)) < -5.0 for part in parts):
            continue
        score = _score(words, left, ids, right)
        bonus = 1.0 if humps and not any(_has_hump(part) for part in parts) else 0.0
        total = score / (len(ids) + 1) + bonus
        if best is None or total > best[0]:
            best = total, list(parts)
    capital = word[0].isupper() and not humps and not word.isupper()  # often a foreign name
    enough = _ENOUGH_PLAIN if ascii_only or capital else _ENOUGH
    return best[1] if best is not None and best[0] > enough else None


def _has_hump(word: str) -> bool:
    return any(a.islower() and b.isupper() for a, b in pairwise(word))


def _neighbour(text: str, at: int, step: int) -> str | None:
    """The word next to a place on its line; None where a sign or nothing stands there."""
    if step < 0:
        found = re.search(r"([^\W\d_]+)[ \n]{1,3}$", text[max(0, at - 24) : at])
    else:
        found = re.match(r"[ \n]{1,3}([^\W\d_]+)", text[at : at + 24])
    return plain(found.group(1)) if found else None


def _score(words: Words, left: str | None, ids: Sequence[int], right: str | None) -> float:
    """Sum of the log10 probabilities of the parts and of the word after them."""
    before = [*LEAD_IN, *([words.number(left)] if left else [])]
    after = [words.number(right)] if right else []
    text = words.model.text(np.array([*before, *ids, *after]))
    return float(text[-1].scores[len(before) :].sum(dtype=np.float64))


@lru_cache(maxsize=4096)
def _ways(word: str) -> tuple[tuple[str, ...], ...]:
    """All ways to cut a word into two to five syllables of two letters and more."""
    ends: list[list[tuple[str, ...]]] = [[] for _ in range(len(word) + 1)]
    ends[0] = [()]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 7), end):
            part = word[start:end]
            if ends[start] and (len(part) > 1 or part.lower() in _SINGLE) and is_syllable(part):
                ends[end] += [(*way, part) for way in ends[start] if len(way) < _MOST_PARTS]
        del ends[end][200:]
    return tuple(way for way in ends[len(word)] if len(way) > 1)


_SINGLE = frozenset("yàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹăâêôơưếềệểễấầậẩẫốồộổỗớờợởỡứừựửữ")


def _whole(one: str, two: str) -> str | None:
    """The syllable that two pieces make, None where they make none or are as likely to be two words."""
    if len(one) + len(two) > 7 or (one.isascii() and two.isascii()) or (len(two) > 2 and len(one) > 1):
        return None
    if two != two.lower() or (len(one) > 2 and len(two) > 1 and is_syllable(two) and is_syllable(one)):
        return None
    return _joined(one, two)


def _joined(one: str, two: str) -> str | None:
    base, tones = split_tone(one + two)
    if len(tones) > 1:
        return None
    whole = place_tone(base, tones)
    return whole if is_syllable(whole) else None
