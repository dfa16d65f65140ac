"""Header and footer lines as the two columns that they were printed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rapidfuzz import fuzz

from pipeline.models import LineRole, RestoredPage
from pipeline.segment.fields import find_place_and_date, find_reference
from pipeline.segment.lines import TextLine
from pipeline.segment.rules import HeaderRules
from pipeline.vietnamese import fold, fold_in_place

CELL_LENGTH = 300
"""Characters of a line that are looked at: no header line is longer."""

MOTTO_LIKENESS = 82.0
"""Percent of likeness to a motto, without marks: what a scanner leaves of it is above, any other line below."""


_COLUMN = re.compile(r"\S(?:[^\t\s]|[^\S\t]{1,2}(?=\S))*")
_BLANK_AFTER = re.compile(r"(?:S[ốôồổ]|SỐ|So|[Nn]gày|[Tt]háng|[Nn]ăm)\s{0,2}[:.]?\s{0,2}\S{0,5}$")
_BLANK_BEFORE = re.compile(r"\S{0,5}\s?[/-]\s?[A-ZĐ]{1,6}|\S{0,3}\s?(?:tháng|năm)(?!\w)|\d{1,4}(?!\w)|[/-]\s?[A-ZĐ]")


def _columns(text: str) -> list[tuple[int, int]]:
    """The stretches between tabs, wide gaps and bars; a place left empty for number or date is no gap."""
    found: list[tuple[int, int]] = []
    for match in _COLUMN.finditer(text.replace(" | ", "\t\t\t")):
        start, end = match.span()
        if found and _BLANK_AFTER.search(text[: found[-1][1]][-16:]) and _BLANK_BEFORE.match(match.group()):
            start = found.pop()[0]
        found.append((start, end))
    return found


_JUNK = re.compile(r"[^\w(/\s]{1,3}\s{1,3}(?=\w)")
"""Specks that a scanner reads as quotation marks or dashes before a word."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line that stands in one column: `page.text[start:end]`."""

    line: int
    page: int
    start: int
    end: int
    text: str
    side: Literal["left", "right", "none"]
    motto: str | None = None  # the id of the motto that it is


def cells_of(line: TextLine, index: int, page: RestoredPage) -> Iterator[Cell]:
    """The line's cells: split at tabs and wide gaps, at the motto, at number, at place and date, at the subject."""
    side: Literal["left", "right", "none"] = "none"
    if line.role is LineRole.HEADER_LEFT:
        side = "left"
    elif line.role is LineRole.HEADER_RIGHT:
        side = "right"
    for first, last in _columns(line.text[:CELL_LENGTH]):
        whole = line.text[first:last]
        for start, end, motto in _split(whole, page, line.start + first):
            text = whole[start:end]
            junk = _JUNK.match(text)
            start, text = start + (junk.end() if junk else 0), text[junk.end() if junk else 0 :]
            at = line.start + first + start
            if text.strip(" *_-–.~'’|"):
                yield Cell(index, line.page, at, at + len(text), text, side, motto)


def _split(text: str, page: RestoredPage, offset: int) -> Iterator[tuple[int, int, str | None]]:
    motto = _motto(text)
    if motto:
        start, end, name = motto
        if text[:start].strip():
            yield 0, len(text[:start].rstrip()), None
        yield start, end, name
        if text[end:].strip():
            yield from ((end + a, end + b, m) for a, b, m in _split(text[end:], page, offset + end))
        return
    reference = find_reference(text, page, offset)
    if reference and reference.end < len(text) and text[reference.end :].strip():
        rest = text[reference.end :]
        indent = len(rest) - len(rest.lstrip())
        yield 0, reference.end, None
        at = reference.end + indent
        yield from ((at + a, at + b, m) for a, b, m in _split(text[at:], page, offset + at))
        return
    dated = find_place_and_date(text, page, offset)
    if dated and dated.place:
        above, below = text[: dated.start].strip(), text[dated.end :].strip()
        subject = any(rule.matches(below) for rule in HeaderRules.load().subjects)
        if above:
            yield 0, len(text[: dated.start].rstrip()), None
        if above or subject:
            yield dated.start, dated.end if subject else len(text), None
        if subject:
            yield text.index(below, dated.end), len(text), None
        if above or subject:
            return
    yield 0, len(text), None


_GOES_ON = re.compile(r",? (?=\w)|;")


def _is_in_a_sentence(text: str, start: int, end: int) -> bool:
    """Whether words name the country and are no motto: `trên lãnh thổ nước Cộng hòa xã hội chủ nghĩa Việt Nam;`."""
    before, after = text[:start].split(" ")[-2:], _GOES_ON.match(text, end)
    led = len(before) == 2 and before[0].islower() and not before[1]
    return led or (after is not None and (after.group() == ";" or text[after.end()].islower()))


@cache
def _mottos() -> tuple[tuple[str, str], ...]:
    return tuple((rule.id, fold(words)) for rule in HeaderRules.load().mottos for words in rule.words)


def _motto(text: str) -> tuple[int, int, str] | None:
    """Where a motto stands in a text, whatever a scanner made of it."""
    folded = fold_in_place(text)
    if len(folded) < 12:
        return None
    for name, words in _mottos():
        found = folded.find(words)
        if found >= 0:
            if _is_in_a_sentence(text, found, found + len(words)):
                continue
            return found, found + len(words), name
        if len(folded) < 0.8 * len(words) or name == "union":
            continue
        alignment = fuzz.partial_ratio_alignment(words, folded, score_cutoff=MOTTO_LIKENESS)
        if alignment is None:
            continue
        start, end = alignment.dest_start, alignment.dest_end
        while start > 0 and folded[start - 1] != " ":
            start -= 1
        while end < len(folded) and folded[end] != " ":
            end += 1
        return start, end, name
    return None
