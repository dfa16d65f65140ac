"""Whether two titles are of one document."""

from __future__ import annotations

import re

import polars as pl
from rapidfuzz import fuzz

from pipeline.vietnamese import fold

SHORTEST_TITLE = 20  # letters that a title must have to say which document is meant
_ALIKE, _DIFFERENT = 92, 80
_NUMBERS = re.compile(r"\d+")
_LEAD = re.compile(r"^(?:ve viec|v/v|ve) ")


def title_key(title: str) -> str:
    """A title for comparison: without marks, capitals, quotation marks and the words that lead it in."""
    return _LEAD.sub("", fold(title).strip(" “”\"'.,"))


def same_title(a: str, b: str) -> int:
    """1: two titles (without marks) are one; -1: they are two; 0: nothing can be said.

    The longer counts as far as the shorter goes. Plans of two years differ in one digit: other numbers, other document.
    """
    length = min(len(a), len(b))
    if length < SHORTEST_TITLE:
        return 0
    if a[:length] == b[:length]:
        return 1
    likeness = fuzz.ratio(a[:length], b[:length])
    if likeness < _DIFFERENT or not _same_numbers(a[:length], b[:length]):
        return -1
    return 1 if likeness >= _ALIKE else 0


def _same_numbers(a: str, b: str) -> bool:
    """Whether two texts name the same numbers; the last may be cut off."""
    one, two = _NUMBERS.findall(a), _NUMBERS.findall(b)
    for x, y in zip(one[:-1], two[:-1], strict=False):
        if x != y:
            return False
    last = list(zip(one, two, strict=False))[-1:]
    return abs(len(one) - len(two)) <= 1 and all(x.startswith(y) or y.startswith(x) for x, y in last)


def agreement(pairs: pl.DataFrame, left: str, right: str) -> pl.Series:
    """`same_title` of two columns of title keys, pair by pair."""
    distinct = pairs.select(left, right).unique()
    verdicts = [same_title(a, b) for a, b in distinct.iter_rows()]
    answers = distinct.with_columns(pl.Series("agreement", verdicts, dtype=pl.Int8))
    return pairs.select(left, right).join(answers, on=[left, right], how="left", maintain_order="left")["agreement"]
