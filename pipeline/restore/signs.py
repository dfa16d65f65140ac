"""Signs that a reader took for others, told by the signs that they belong with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.restore.evidence import Evidence
from pipeline.restore.rewriting import Change
from pipeline.vietnamese import is_syllable

_QUOTE = re.compile(r"[\"“”]")
_BEFORE_QUOTED = " \n\t([/-"
_BEHIND_QUOTED = " \n\t)].,;:?!/-"
_LONGEST_QUOTED = 400
_SECOND = {'"': '"', "“": "”"}  # what the mark behind looks like, by the mark before

_STOP = re.compile(r"\. ([^\W\d_]{2,7})(?![^\W_])")
_DOUBT = 0.8  # cost of taking a word for misread, above which the reader was sure of its stop

_HEAD = re.compile(r"^[ \t]{0,8}Nơi nhận[ \t]{0,2}[:.;]?[ \t]{0,4}$", re.MULTILINE)
_ENTRY = re.compile(r"[ \t]{0,8}[-–—~][ \t]{0,2}[^\W_]")
_MOST_LINES = 40
_FEWEST_ENDS = 2  # entries that end in a semicolon


def mend_signs(text: str, seen: Evidence) -> Iterator[Change]:
    """The changes on a page that a machine read, each of one sign into another."""
    yield from _marks_behind_quoted(text)
    yield from _stops_inside_sentences(text, seen)
    for head in _HEAD.finditer(text):
        yield from _ends_of_entries(text, head.end() + 1)


def _marks_behind_quoted(text: str) -> Iterator[Change]:
    """Quotation marks that differ from those before the words quoted: `"Không đạt”`."""
    before = None
    for match in _QUOTE.finditer(text):
        at = match.start()
        opens = text[at - 1 : at] in _BEFORE_QUOTED if at else True
        closes = text[at + 1 : at + 2] in _BEHIND_QUOTED
        if opens and not closes:
            before = match
        elif before is not None and closes and not opens and at - before.start() < _LONGEST_QUOTED:
            meant = _SECOND.get(before.group())
            if meant and meant != match.group():
                yield Change(at, at + 1, meant, "marker", 0.85)
            before = None
        else:
            before = None


def _stops_inside_sentences(text: str, seen: Evidence) -> Iterator[Change]:
    """Full stops before words in small letters, of which the reader was not sure: `các huyện. thành phố`."""
    for match in _STOP.finditer(text):
        at, behind = match.start(), match[1]
        before = re.split(r"[\s(]", text[max(0, at - 8) : at])[-1]
        small = before.islower() and behind.islower() and len(before) > 1
        if small and is_syllable(before) and is_syllable(behind) and seen.at(at - 1, at + 1).cost < _DOUBT:
            yield Change(at, at + 1, ",", "marker", 0.75)


def _ends_of_entries(text: str, start: int) -> Iterator[Change]:
    """Colons that end entries of the recipients, where a semicolon stands: nothing belongs to them below."""
    lines: list[tuple[int, str]] = []
    for line in text[start:].split("\n")[:_MOST_LINES]:
        lines.append((start, line))
        start += len(line) + 1
    last = max((place for place, (_, line) in enumerate(lines) if _ENTRY.match(line)), default=0)
    lines = lines[: last + 1]
    if sum(line.rstrip().endswith(";") for _, line in lines) < _FEWEST_ENDS:
        return
    for (begin, line), (_, below) in pairwise(lines):
        entry = line.rstrip()
        if entry.endswith(":") and _ENTRY.match(below) and len(entry) > 3:
            yield Change(begin + len(entry) - 1, begin + len(entry), ";", "marker", 0.85)
