"""Offices in a signature that a rubber stamp, a seal or a pen runs into: read in narrow slices.

`PHÓ GIÁM ĐỐC` stamped half over a printed `GIÁM ĐỐC` is no line for a reader of pages. Slices as high as one line,
moved down in small steps, hit each of the two once; what several slices say in one place is believed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipeline.models import Box
from pipeline.read.layout.rules import LayoutRules
from pipeline.read.pictures.picture import Pixels
from pipeline.read.recognition.second import Reading, SecondReader
from pipeline.read.token import Token
from pipeline.vietnamese import fold

# How high the slices are, how far apart, and how far down offices stand, in heights of a small letter.
_HEIGHTS, _STEP, _DEPTH = (2.0, 2.4), 0.5, 8.0
# Percent of likeness from which on a slice shows an office, and how many slices must show it in one place.
_ALIKE, _SIGHTINGS = 83.0, 2
# Steps over which the slices of one line reach at most.
_ONE_LINE = 5
# What is read before an office tells whose it is: `PHÓ`, or the authority that a pen may have written (`LT`, `K1`).
_DEPUTY, _FOR_HEAD, _BY_ORDER = "pho", re.compile(r"[kl][t1il7]$|^t$"), re.compile(r"t[l1i]$")
# How far the middle of an office may be off the axis, in heights of a letter: `PHÓ` and a blank shift it by 2.
_OFF_AXIS = 1.1
# Confidence of what is put together from slices.
_CONFIDENCE = 0.7


@dataclass(frozen=True, slots=True)
class _Sighting:
    """An office in one slice: which one, how far down the slice begins (in steps), where, and what stands before it."""

    step: int
    office: str
    x0: float
    x1: float
    before: str


def read_offices(reader: SecondReader, piece: Pixels, letter: float, axis: float | None) -> list[list[Token]]:
    """The lines of office at the top of a picture of a signature, in capitals, with boxes in its pixels.

    `letter` is the height of small letters, `axis` where the lines of the signature have their middle, if that is
    known. An office with marks before it that nobody can read is left out, unless the same office stands above it (then
    it is its deputy's), or it has its own middle on the axis (then the marks are a seal's).
    """
    seen: list[_Sighting] = []
    for height in _HEIGHTS:
        for step in range(min(int(_DEPTH / _STEP), int((piece.shape[0] / letter - height) / _STEP) + 1)):
            top = round(step * _STEP * letter)
            words = reader.read(piece[top : top + round(height * letter)], 1.0)
            sighting = _office_in(words, step)
            seen += [sighting] if sighting is not None else []
    return _lines(seen, letter, axis)


def _office_in(words: Sequence[Reading], step: int) -> _Sighting | None:
    """The office that a slice shows, if it shows one."""
    letters, places = [], []
    for word in words:
        bare = re.sub(r"[^a-z0-9]", "", fold(word.text))
        width = (word.x1 - word.x0) / max(1, len(bare))
        letters.append(bare)
        places += [word.x0 + width * n for n in range(len(bare))]
    text = "".join(letters)
    best: tuple[float, int, _Sighting] | None = None
    for phrase in _phrases():
        if len(text) < len(phrase) - 1:
            continue
        found = fuzz.partial_ratio_alignment(phrase.replace(" ", ""), text, score_cutoff=_ALIKE)
        if found is None or (best is not None and (found.score, len(phrase)) <= best[:2]):
            continue
        start, end = found.dest_start, max(found.dest_end, found.dest_start + 1)
        before = text[max(0, start - 4) : start]
        sighting = _Sighting(step, phrase, places[start], places[end - 1], before)
        best = (found.score, len(phrase), sighting)
    return best[2] if best is not None else None


@lru_cache(maxsize=1)
def _phrases() -> dict[str, str]:
    """Offices without marks, and as they are printed."""
    rules = LayoutRules.load().of_role("office")
    return {fold(phrase): phrase.upper() for rule in rules for phrase in rule.phrases}


def _lines(seen: Sequence[_Sighting], letter: float, axis: float | None) -> list[list[Token]]:
    places: list[list[_Sighting]] = []
    for sighting in sorted(seen, key=lambda s: (s.office, s.step)):
        if places and places[-1][-1].office == sighting.office and sighting.step - places[-1][-1].step <= 1:
            places[-1].append(sighting)
        else:
            places.append([sighting])
    places = [part for place in places for part in _one_line_each(place)]
    kept: list[list[_Sighting]] = []
    for place in sorted(places, key=lambda p: p[0].step):
        repeated = any(other[0].office == place[0].office for other in kept)
        if len(place) >= _SIGHTINGS or repeated:
            kept.append(place)
    lines = []
    for number, place in enumerate(kept):
        repeated = any(other[0].office == place[0].office for other in kept[:number])
        prefix = _prefix(place, repeated)
        below = any(s.step > place[-1].step + 1 for s in seen)
        if prefix is None and (number + 1 < len(kept) or (not below and _is_centred(place, letter, axis))):
            prefix = ""
        if prefix is not None:
            lines.append(_line(place, prefix, letter))
    return lines


def _one_line_each(place: list[_Sighting]) -> list[list[_Sighting]]:
    """A place that reaches further than slices of one line do holds two lines that touch."""
    first, last = place[0].step, place[-1].step
    if last - first < _ONE_LINE:
        return [place]
    upper = [s for s in place if s.step <= (first + last) / 2]
    return [upper, place[len(upper) :]]


def _is_centred(place: Sequence[_Sighting], letter: float, axis: float | None) -> bool:
    middle = median((s.x0 + s.x1) / 2 for s in place)
    return axis is not None and abs(middle - axis) < _OFF_AXIS * letter


def _prefix(place: Sequence[_Sighting], repeated: bool) -> str | None:
    """What stands before an office; None where it cannot be told."""
    if repeated or any(_is_deputy(s.before) for s in place):
        return "PHÓ "
    return Counter(_authority(s.before) for s in place).most_common(1)[0][0]


def _is_deputy(before: str) -> bool:
    return len(before) >= 2 and OSA.distance(before[-3:], _DEPUTY) <= 1


def _authority(before: str) -> str | None:
    """`KT. `, `TL. `, nothing, or None for marks without meaning."""
    if not before:
        return ""
    if _FOR_HEAD.search(before):
        return "KT. "
    return "TL. " if _BY_ORDER.search(before) else None


def _line(place: Sequence[_Sighting], prefix: str, letter: float) -> list[Token]:
    words = (prefix + _phrases()[place[0].office]).split()
    step = sum(s.step for s in place) / len(place)
    top = (step * _STEP + 0.3) * letter
    x0, x1 = min(s.x0 for s in place), max(s.x1 for s in place)
    width = max(1.0, (x1 - x0) / len(words))
    box = Box(x0, top, x0 + width, top + 1.5 * letter)
    return [
        Token(word, box._replace(x0=x0 + n * width, x1=x0 + (n + 1) * width), _CONFIDENCE)
        for n, word in enumerate(words)
    ]
