"""Stretches of a text: overlaps, the pieces of a sentence, and where a long clause may be cut."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

_PIECE = re.compile(r"(?:[^\n\t.]|\.(?![A-ZĐÀ-Ỹ][a-zà-ỹ]))+")
"""A sentence is cut at line feeds and tabs, and at a full stop with no blank behind it (`… 2020.Tổ chức …`)."""


def split_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _PIECE.finditer(text, start, end):
        if match.end() > match.start():
            yield match.span()


class Spans:
    """Stretches of a text, asked for overlaps in logarithmic time."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def touch(self, start: int, end: int) -> bool:
        """Whether one of them overlaps `[start, end)`."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start


def sentence_at(spans: list[tuple[int, int]], position: int) -> tuple[int, int]:
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle][1] <= position:
            low = middle + 1
        else:
            high = middle
    return spans[low] if low < len(spans) else (position, position)


def last_match(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The last place in `text[start:end]` where a pattern is found, of those that do not overlap."""
    last = None
    for match in pattern.finditer(text, start, end):
        last = match
    return last


def nearer(text: str, start: int, end: int, reach: int, *, from_left: bool) -> int:
    """One end of a clause: cut at a comma (or blank) where the clause is longer than `reach`."""
    if end - start <= reach:
        return start if from_left else end
    if from_left:
        comma = text.find(", ", end - reach, end)
        return comma + 2 if comma >= 0 else text.find(" ", end - reach, end) + 1 or end - reach
    comma = text.rfind(", ", start, start + reach)
    return comma if comma >= 0 else max(text.rfind(" ", start, start + reach), start)
