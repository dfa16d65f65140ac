"""The printed times of a paragraph that may be limits: single ones, and two that are joined by `từ … đến …`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.extract.deadlines.parts import Paragraph
from pipeline.extract.deadlines.phrases import RULES
from pipeline.extract.stretches import Spans
from pipeline.times.dates import find_times
from pipeline.times.meaning import DAY_WORDS, Interval, TimeMention


@dataclass(frozen=True, slots=True)
class PrintedTime:
    """One mention, or two joined by `từ … đến …`."""

    start: int
    end: int
    mention: TimeMention
    interval: Interval | None
    ranged: bool


_JOINT = RULES.regex_of("range_joint")
_FROM = RULES.regex_of("range_start")


def printed_times(paragraph: Paragraph, taken: Spans) -> Iterator[PrintedTime]:
    text = paragraph.text
    mentions = find_times(text)
    named: int | None = None
    day: date | None = paragraph.years.issued
    opened: int | None = None
    position = 0
    while position < len(mentions):
        mention = mentions[position] if opened is None else replace(mentions[position], start=opened)
        opened = None
        position += 1
        if taken.touch(mention.start, mention.end) or _is_said_again(text, mentions, position - 1):
            continue
        following = mentions[position] if position < len(mentions) else None
        if following is not None and _is_range(text, mention, following):
            position += 1
            joined = _join(paragraph, mention, following, named)
            if joined is not None:
                yield joined
            named = following.year or named
            continue
        if following is not None and _names_its_day(text, mention, following):
            opened = mention.start
            continue
        base = day if mention.rule == "same_day" else paragraph.years.issued
        interval = mention.resolve(paragraph.years.year_of(mention, named, paragraph.section), base)
        if interval is not None and mention.span == "day":
            day = interval.first
        if mention.year and mention.span not in {"years"}:
            named = mention.year
        if (
            following is not None
            and interval is not None
            and _IN_BRACKETS.fullmatch(text, mention.end, following.start)
            and not _is_said_again(text, mentions, position)
        ):
            exact = following.resolve(paragraph.years.year_of(following, named, paragraph.section))
            if exact is not None and mention.span in _VAGUE and interval.first <= exact.first <= interval.last:
                opened = mention.start
                continue
        begins = mention.span in {"days", "months"} and _FROM.search(text, max(0, mention.start - 12), mention.start)
        yield PrintedTime(begins.start() if begins else mention.start, mention.end, mention, interval, bool(begins))


_DATE_OF_A_NEAR_DAY = RULES.regex_of("date_of_a_near_day")
_SAID_AGAIN = RULES.regex_of("said_again")


def _is_said_again(text: str, mentions: list[TimeMention], position: int) -> bool:
    """Whether a day in brackets only says again which day the time before it is: `mùng 2 Tết (ngày 30/01/2025)`."""
    mention = mentions[position]
    before = mentions[position - 1] if position else None
    if before is None or mention.span not in {"day", "lunar_day"} or before.span not in {"day", "lunar_day"}:
        return False
    return (
        _SAID_AGAIN.fullmatch(text, before.end, mention.start) is not None
        and text[mention.end : mention.end + 1] == ")"
    )


def _names_its_day(text: str, near: TimeMention, then: TimeMention) -> bool:
    """Whether the date of a near day stands behind it: `chiều mai, 27/10/2020`, `ngày mai (18/9)`."""
    if near.span != "near" or near.name not in DAY_WORDS or then.span != "day":
        return False
    return _DATE_OF_A_NEAR_DAY.fullmatch(text, near.end, then.start) is not None


_VAGUE = frozenset({"week", "month", "quarter", "near"})
_IN_BRACKETS = RULES.regex_of("opens_brackets")
"""`tuần thứ 3 của tháng 7/2018 (16/7/2018 đến 20/7/2018)`: the brackets say exactly which days."""


def _is_range(text: str, left: TimeMention, right: TimeMention) -> bool:
    gap = text[left.end : right.start]
    if not _JOINT.fullmatch(gap):
        return False
    begins = _FROM.search(text, max(0, left.start - 12), left.start) is not None
    return begins or left.span == right.span


def _join(paragraph: Paragraph, left: TimeMention, right: TimeMention, named: int | None) -> PrintedTime | None:
    year = right.year or paragraph.years.year_of(right, named, paragraph.section)
    last = right.resolve(year)
    if last is None:
        return None
    if left.span == "day_of_month":
        left = replace(left, span="day", numbers=(left.numbers[0], last.last.month))
    first = left.resolve(left.year or last.last.year)
    if first is not None and first.first > last.last:
        first = left.resolve(last.last.year - 1) if left.year is None else None
    match = _FROM.search(paragraph.text, max(0, left.start - 12), left.start)
    start = match.start() if match else left.start
    if first is None:
        return PrintedTime(start, right.end, right, last, False)
    interval = Interval(first.first, last.last, inferred=right.year is None)
    return PrintedTime(start, right.end, replace(right, start=start, part=None), interval, True)
