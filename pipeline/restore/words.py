"""Cuts text into the words that the language model sees, and puts restored words back in the case of the old ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, compress
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from pipeline.restore.choices import Ids
from pipeline.restore.language_model import BOUNDARY, NUMBER
from pipeline.restore.remembered import Remembered
from pipeline.vietnamese import is_bare_syllable, is_syllable, strip_marks

WORD = -1  # the kind of a slot whose word may be looked at
_LETTERS = re.compile(r"[^\W\d_]+")
_ALPHANUMERIC = re.compile(r"[^\W_]+")
_OPENING = "\"'“”‘’«([{<-–—*•·+…_~=,.;:!?/\\|"
_CLOSING = "\"'“”‘’»)]}>-–—*•·+…_~=,.;:!?/\\|"
_SIGNS = _OPENING + _CLOSING
_ENDS = frozenset(".;:!?")
_JUNK = frozenset("&@¢£¥€§®©°!|'’‘`{}[]()<>*%#$^~")
_LIKE_LETTERS = frozenset("013456")
_ROMAN = re.compile(r"[IVXLC]{1,6}")
_CODE = re.compile(r"[A-ZĐƯÐ]{1,14}[a-zđư]{0,3}(?:[-–/&][A-ZĐƯÐ]{1,14}[a-zđư]{0,3}){1,4}")
# Figures that no unit follows so: `ô`, `ổ` and the like were printed, or `á`, `ấ`.
_FIGURE_FOR_VOWEL = frozenset(("6n", "6ng", "6i", "6t", "6c", "6p", "4p", "4nh", "4y"))
_JOINED_NAMES = re.compile(r"[A-ZĐÐ][a-zđ]+(?:-[A-ZĐÐ][a-zđ]+)+")  # `Quoc-Cong`, which look like a code
SUREST = 0.998  # no change is surer
# Figures, signs and one word that they touch: `3.Trách`, `ngày13`, `200....của`, `7%/năm`.
_TOUCHING = re.compile(r"(?P<before>[\d.,;:…/()%\-]*)(?P<word>[^\W\d_]{2,7})(?P<after>[\d.,;:…/()\-]*)")
_UNITS = frozenset(("m2", "m3", "km2", "cm2", "dm3", "cm3", "mm2", "co2", "h2", "o2", "m²", "m³", "km²", "cm²"))


class Slot(NamedTuple):
    """`text[start:end]`; `kind` is WORD, or the number of a special token of the language model."""

    start: int
    end: int
    kind: int


# A slot of a stretch without blanks: start and end counted from the stretch's, kind, and word, empty where it is none.
_Piece = tuple[int, int, int, str]


class Cut(NamedTuple):
    """The slots of a text in order, as columns; `words` are empty where a slot holds none."""

    starts: Ids
    ends: Ids
    kinds: Ids
    words: list[str]


def cut(text: str, damaged: bool = False) -> Cut:
    """Words, numbers and sentence boundaries in order.

    `damaged` lets a word hold the digits and signs that bad reading puts in the place of letters.
    """
    stretches = text.split()
    begins = _begins(text)
    found = list(map((_damaged_pieces if damaged else _pieces).__getitem__, stretches))
    if damaged:
        for at in compress(range(len(stretches)), map(_hooks.__getitem__, stretches)):
            stretch, behind = stretches[at], int(begins[at]) + len(stretches[at]) + 1
            if text[behind : behind + 1].islower():
                found[at] = ((0, len(stretch), WORD, stretch),)
    pieces = list(chain.from_iterable(found))
    shift = np.repeat(begins, np.fromiter(map(len, found), np.int64, len(found)))
    starts, ends, kinds = (np.fromiter(map(column, pieces), np.int64, len(pieces)) for column in _COLUMNS)
    return Cut(starts + shift, ends + shift, kinds, list(map(_WORD_OF, pieces)))


def _begins(text: str) -> Ids:
    """Where each stretch without blanks begins."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    blank = _BLANK.take(np.minimum(codes, len(_BLANK) - 1))
    before = np.concatenate([[True], blank[:-1]]) if len(blank) else blank
    begins: Ids = np.flatnonzero(before & ~blank)
    return begins


_COLUMNS: tuple[Callable[[_Piece], int], ...] = (itemgetter(0), itemgetter(1), itemgetter(2))
_WORD_OF: Callable[[_Piece], str] = itemgetter(3)
_BLANK = np.array([chr(code).isspace() for code in range(0x3002)])  # none is beyond


def _ends_in_hook(chunk: str) -> bool:
    """Whether the sign at the end is a hook or a horn where no sentence ends: `tu?` for `tứ`, `cht:` for `chủ`."""
    letters = chunk[:-1]
    return letters.isalpha() and (chunk[-1] == "?" or (chunk[-1] == ":" and not is_syllable(strip_marks(letters))))


def words_of(chunk: str) -> tuple[str, ...]:
    """The words of two letters and more in an undamaged stretch without blanks."""
    return tuple(word for _, _, _, word in _pieces[chunk] if len(word) > 1)


def lone_word(chunk: str) -> str:
    """The one word of letters alone that a stretch without blanks is but for signs around it; empty if it is not so."""
    if chunk.isalpha():
        return chunk
    word = chunk.strip(_SIGNS)
    return word if word.isalpha() else ""


def _cut_chunk(chunk: str, damaged: bool) -> Iterator[Slot]:
    if chunk.isalpha():
        yield Slot(0, len(chunk), NUMBER if _ROMAN.fullmatch(chunk) else WORD)
        return
    core = chunk.strip(_SIGNS)
    if _ROMAN.fullmatch(core) or (_CODE.fullmatch(core) and not _is_joined_name(core)):
        start = chunk.index(core)
        yield Slot(start, start + len(core), NUMBER)
        if chunk[-1] in _ENDS:
            yield Slot(len(chunk), len(chunk), BOUNDARY)
        return
    if damaged and (span := damaged_word(chunk)) is not None:
        yield Slot(span[0], span[1], WORD)
        if span[1] < len(chunk) and chunk[-1] in _ENDS and span[1] < len(chunk):
            yield Slot(len(chunk), len(chunk), BOUNDARY)
        return
    digits = any(c.isdigit() for c in chunk)
    if digits:
        yield from _slots_of_figures(chunk)
    else:
        end = 0
        for match in _LETTERS.finditer(chunk):
            if any(c in _ENDS for c in chunk[end : match.start()]):
                yield Slot(match.start(), match.start(), BOUNDARY)
            yield Slot(match.start(), match.end(), WORD)
            end = match.end()
    if chunk[-1] in _ENDS or (len(chunk) > 1 and chunk[-2] in _ENDS):
        yield Slot(len(chunk), len(chunk), BOUNDARY)


def _is_joined_name(core: str) -> bool:
    """Whether words joined by hyphens are syllables that begin with capitals: `Anh-An` for `Anh-Ấn`, not `TTr-STC`."""
    return _JOINED_NAMES.fullmatch(core) is not None and all(map(is_bare_syllable, core.split("-")))


def _pieces_of(chunk: str) -> tuple[_Piece, ...]:
    """Of an undamaged stretch."""
    word = lone_word(chunk)
    start = chunk.index(word)
    if not word or (word[0] in "IVXLC" and _ROMAN.fullmatch(word)) or not _ENDS.isdisjoint(chunk[:start]):
        return _pieces_by_kind(chunk, False)
    piece = (start, start + len(word), WORD, word)
    if _ENDS.isdisjoint(chunk[-2:]):
        return (piece,)
    return piece, (len(chunk), len(chunk), BOUNDARY, "")


def _pieces_by_kind(chunk: str, damaged: bool) -> tuple[_Piece, ...]:
    return tuple(
        (start, end, kind, chunk[start:end] if kind == WORD else "") for start, end, kind in _cut_chunk(chunk, damaged)
    )


# The same stretches come again and again.
_pieces = Remembered(_pieces_of)
_damaged_pieces = Remembered(lambda chunk: _pieces_by_kind(chunk, True))
_hooks = Remembered(_ends_in_hook)


def _is_rate(chunk: str) -> bool:
    """Whether words and units are set against each other, and no figure is among them: `đồng/m2`, `m3/ha/năm`."""
    parts = chunk.strip(_SIGNS).split("/")
    return len(parts) > 1 and all(part.isalpha() or part.lower() in _UNITS for part in parts)


def _slots_of_rate(chunk: str) -> Iterator[Slot]:
    """The words among units; letters so short that they may be a unit (`ha`, `kg`) are none."""
    for match in _ALPHANUMERIC.finditer(chunk):
        is_word = match[0].isalpha() and len(match[0]) > 2
        yield Slot(match.start(), match.end(), WORD if is_word else NUMBER)


def _begins_item(match: re.Match[str]) -> bool:
    """Whether a capital word follows the number of a list: `1.Về`. Other words of two letters may be units."""
    return match["before"][-1:] in {".", ")"} and match["word"][0].isupper() and is_bare_syllable(match["word"])


def _slots_of_figures(chunk: str) -> Iterator[Slot]:
    """One number, and a word that touches it where a blank was lost."""
    if _is_rate(chunk):
        yield from _slots_of_rate(chunk)
        return
    match = _TOUCHING.fullmatch(chunk)
    if match is None or not match["word"][1:].islower() or not (len(match["word"]) > 2 or _begins_item(match)):
        yield Slot(0, len(chunk), NUMBER)
        return
    start, end = match.span("word")
    if any(c.isdigit() for c in match["before"]):
        yield Slot(0, start, NUMBER)
    if start and chunk[start - 1] in _ENDS:
        yield Slot(start, start, BOUNDARY)
    yield Slot(start, end, WORD)
    if any(c in _ENDS for c in match["after"][:1]):
        yield Slot(end, end, BOUNDARY)
    if any(c.isdigit() for c in match["after"]):
        yield Slot(end, len(chunk), NUMBER)


def damaged_word(chunk: str) -> tuple[int, int] | None:
    """The part of a chunk that is one word with wrong characters in it; None where it is no such thing."""
    start, end = 0, len(chunk)
    while start < end and chunk[start] in _OPENING:
        start += 1
    while end > start and chunk[end - 1] in _CLOSING:
        end -= 1
    if end < len(chunk) and end > start and chunk[end] in "'’" and not any(c in _OPENING for c in chunk[:start]):
        end += 1  # the horn of `ơ` or `ư`
    core = chunk[start:end]
    if not core or len(core) > 12:
        return None
    letters = sum(c.isalpha() for c in core)
    if letters == len(core):
        return start, end
    if not all(c.isalpha() or c in _JUNK or c in _LIKE_LETTERS for c in core):
        return None
    letters += core.count("¢")
    digits = sum(c in _LIKE_LETTERS for c in core)
    if not digits:
        return (start, end) if letters or core in {"&", "¢", "¥", "@"} else None
    if digits > 1 or letters < 1 or any(c.isupper() for c in core[1:]) or core.lower() in _UNITS:
        return None
    if core[0].isdigit() and core[0] != "1" and core not in _FIGURE_FOR_VOWEL:
        return None
    return start, end


def in_case_of_letters(word: str, model: str) -> str:
    """A lower-case word with each letter in the case of the letter in its place: `uy` like `UB`. Lengths must be equal.

    Raises ValueError where they are not.
    """
    if model.islower() and len(word) == len(model):
        return word
    return "".join(c.upper() if m.isupper() else c for c, m in zip(word, model, strict=True))


def in_case_of(word: str, model: str, among_capitals: bool = True) -> str:
    """A lower-case word in the case of another: `ủy` like `Uy` is `Ủy`.

    In a short word a mark can make a letter look large (`BO` for `Bộ`): it is in capitals only among capitals.
    """
    letters = [c for c in model if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    doubtful = len(letters) == 2 or (len(letters) == 3 and capitals == 2)
    if len(letters) > 1 and capitals > len(letters) * 0.6 and (among_capitals or not doubtful):
        return word.upper()
    if letters and letters[0].isupper() and model[0] == letters[0]:
        if letters[0] == "I" and len(letters) > 1 and word[0] == "l":
            return word  # `Ia`, `Iàm`: a small l that was taken for a capital I
        return word[:1].upper() + word[1:]
    return word


def among_capitals(text: str, slot: Slot) -> bool:
    """Whether a word stands beside words of capitals; alone, `BO` may be `Bộ`, whose small letter was read as large."""
    near = f"{text[max(0, slot.start - 12) : slot.start]} {text[slot.end : slot.end + 12]}"
    letters = [c for c in near if c.isalpha()]
    return sum(c.isupper() for c in letters) * 2 > len(letters) or not letters
