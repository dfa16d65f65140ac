"""Numbers as Vietnamese documents print them: `13.455,5`, `41.2`, `01`, `14/14`, `1 - 2`, `một đến hai`.

Which of `.` and `,` parts decimals is the habit of the document: `NumberHabit` is what its numbers show, and
`parse_number` reads one literal by it. Where neither shows, the Vietnamese standard holds (comma for decimals, dot
for thousands) and the reading is marked as doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_DIGITS = 18
"""Longer runs of digits are account numbers and rubbish, never a quantity."""


@dataclass(frozen=True, slots=True)
class NumberHabit:
    """How a document writes numbers; None where it never shows.

    `grouping` is the mark between thousands, `decimal` the mark before decimals.
    """

    decimal: str | None = None
    grouping: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """`text[start:end]` read as a number. `upper` is the end of a range, `total` the 14 of `12/14`.

    `doubtful` is true where another reading of the marks is as good.
    """

    start: int
    end: int
    value: float
    upper: float | None = None
    total: float | None = None
    doubtful: bool = False
    in_words: bool = False


_GROUPS_OF_DOT = re.compile(r"(?<![\d.,/])\d{1,3}(?:\.\d{3}){2,6}(?![\d.]*\d)")
_GROUPS_OF_COMMA = re.compile(r"(?<![\d.,/])\d{1,3}(?:,\d{3}){2,6}(?![\d,]*\d)")
_BOTH_MARKS = re.compile(r"(?<![\d.,/])\d{1,3}(?:([.,])\d{3}){1,6}([.,])\d{1,4}(?![\d.,]*\d)")
_MEASURE = r"\s?(?:%|‰|km|ha\b|m[23²³]?\b|kg|tấn|tạ|triệu|tỷ|tỉ|nghìn|đồng|lần|điểm)"
_DECIMAL_COMMA = re.compile(r"(?<![\d.,/])\d{1,4},\d{1,2}" + _MEASURE, re.IGNORECASE)
_DECIMAL_DOT = re.compile(r"(?<![\d.,/])\d{1,4}\.\d{1,2}" + _MEASURE, re.IGNORECASE)


def number_habit(text: str) -> NumberHabit:
    """What the numbers of a whole document say about its marks; the majority where they disagree."""
    comma = len(_DECIMAL_COMMA.findall(text))
    dot = len(_DECIMAL_DOT.findall(text))
    groups_dot, groups_comma = len(_GROUPS_OF_DOT.findall(text)), len(_GROUPS_OF_COMMA.findall(text))
    for group, decimal in _BOTH_MARKS.findall(text):
        if group != decimal:
            comma += decimal == ","
            dot += decimal == "."
            groups_dot += group == "."
            groups_comma += group == ","
    return NumberHabit(
        decimal="," if comma > dot else "." if dot > comma else None,
        grouping="." if groups_dot > groups_comma else "," if groups_comma > groups_dot else None,
    )


def parse_number(literal: str, habit: NumberHabit, *, countable: bool = False) -> tuple[float, bool] | None:
    """(value, doubtful) of digits with `.` and `,`; None where they are no number (`1.2.3`).

    `countable` says that a counted noun follows: three digits after a mark are then thousands, for there is no
    part of a household.
    """
    if sum(c.isdigit() for c in literal) > MAX_DIGITS or not literal.isascii():
        return None
    marks = [c for c in literal if c in ".,"]
    if not marks:
        return float(literal), False
    parts = re.split(r"[.,]", literal)
    grouped = len(parts[0]) <= 3 and parts[0].lstrip("0") != ""
    if len(set(marks)) == 2:
        if marks[-1] in marks[:-1] or not grouped or any(len(p) != 3 for p in parts[1:-1]):
            return None
        return float("".join(parts[:-1]) + "." + parts[-1]), False
    if len(marks) > 1:
        if not grouped or any(len(p) != 3 for p in parts[1:]):
            return None
        return float("".join(parts)), False
    whole, tail = parts
    if len(tail) != 3 or not grouped:
        return float(f"{whole}.{tail}"), False
    thousands = float(whole + tail)
    decimal = float(f"{whole}.{tail}")
    if countable:
        return thousands, False
    mark = marks[0]
    if mark == ".":
        if habit.grouping == ",":
            return decimal, habit.decimal != "."
        return thousands, habit.decimal == "." and habit.grouping is None
    if habit.grouping == "," or (habit.decimal == "." and habit.grouping is None):
        return thousands, habit.grouping != ","
    return decimal, habit.decimal != ","


_LITERAL = r"\d{1,18}(?:[.,]\d{1,6}){0,6}"
_NUMBER = re.compile(
    rf"(?<![\w/])(?<!\d[.,])(?P<first>{_LITERAL})"
    rf"(?:\s?/\s?(?P<total>{_LITERAL}))?"
    rf"(?:\s{{0,2}}(?:[-–—÷~]|đến|tới)\s{{0,2}}(?P<upper>{_LITERAL}))?"
    r"(?!\d)"
)

_DIGIT_WORDS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_SCALE_WORDS = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000}
_FIRST_WORDS = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười"
_MORE_WORDS = _FIRST_WORDS + "|mốt|tư|lăm|nhăm|mươi|chục|trăm|linh|lẻ|nghìn|ngàn|triệu|tỷ|tỉ|rưỡi"
_WORDS = rf"(?:{_FIRST_WORDS})(?: (?:{_MORE_WORDS})(?!\w)){{0,12}}"
_IN_WORDS = re.compile(
    rf"(?<!\w)(?P<first>{_WORDS})(?!\w)(?:\s{{0,2}}(?:[-–—]|đến|tới)\s{{0,2}}(?P<upper>{_WORDS})(?!\w))?",
    re.IGNORECASE,
)


def find_numbers(text: str, habit: NumberHabit) -> Iterator[Number]:
    """Numbers in digits, in order: with their range or total, in linear time. Dates are found too, as what they look
    like; to leave them out is the caller's."""
    position = 0
    while match := _NUMBER.search(text, position):
        position = match.end()
        literal = match["first"]
        first = parse_number(literal, habit)
        if first is None:
            continue
        value, doubtful = first
        end = match.end("first")
        total = upper = None
        if match["total"]:
            whole = parse_number(match["total"], habit)
            if whole is None:
                continue
            total, end = whole[0], match.end("total")
        if match["upper"]:
            last = parse_number(match["upper"], habit)
            if total is None and last is not None and last[0] > value:
                upper, end = last[0], match.end("upper")
                doubtful = doubtful or last[1]
            else:
                position = end
        yield Number(match.start(), end, value, upper, total, doubtful)


def find_numbers_in_words(text: str) -> Iterator[Number]:
    """Numbers in words: `hai mươi lăm`, `một đến hai`. Single words that mean other things too (`năm`, `một` as an
    article) are left to the caller, who sees what stands around them."""
    for match in _IN_WORDS.finditer(text):
        value = number_of_words(match["first"])
        if value is None:
            continue
        upper = number_of_words(match["upper"]) if match["upper"] else None
        if upper is not None and upper > value:
            yield Number(match.start(), match.end(), value, upper, in_words=True)
        else:
            yield Number(match.start(), match.end("first"), value, in_words=True)


def number_of_words(words: str) -> float | None:
    """25.0 for `hai mươi lăm`, 2.5e6 for `hai triệu rưỡi`; None where the words make no number."""
    total = 0.0
    block = 0.0
    digit: float | None = None
    last_scale = 1.0
    for word in words.lower().split():
        if word in _DIGIT_WORDS:
            if digit is not None:
                return None
            digit = float(_DIGIT_WORDS[word])
        elif word == "mười":
            block, digit, last_scale = block + 10, None, 10
        elif word in ("mươi", "chục"):
            if digit is None:
                return None
            block, digit, last_scale = block + digit * 10, None, 10
        elif word == "trăm":
            if digit is None:
                return None
            block, digit, last_scale = block + digit * 100, None, 100
        elif word in ("linh", "lẻ"):
            continue
        elif word == "rưỡi":
            total += last_scale / 2
        elif word in _SCALE_WORDS:
            scale = _SCALE_WORDS[word]
            block, digit = block + (digit or 0), None
            total, block, last_scale = total + (block or 1) * scale, 0, scale
        else:
            return None
    return total + block + (digit or 0)
