"""Finds times as Vietnamese documents print them, and the year that is meant where none is printed.

`find_times` finds every printed time in a text, in order and without overlaps, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache

from pipeline.times.meaning import TimeMention
from pipeline.times.words import COUNTS, Form, LunarDay, MemorialDay, MemorialDays, TimeWords, windows

_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

_Reader = Callable[[re.Match[str]], TimeMention]


@cache
def _form_finders() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    return tuple((form.regex, _reader_of_form(form)) for form in TimeWords.load().form)


@cache
def _name_finders() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    days = MemorialDays.load()
    solar = [(day.regex, _reader_of_day(day)) for day in days.day]
    return (*solar, *((day.regex, _reader_of_lunar_day(day)) for day in days.lunar_day))


def _reader_of_form(form: Form) -> Callable[[re.Match[str]], TimeMention]:
    names = {
        "day": ("day", "month"), "days": ("day", "day2", "month"), "day_of_month": ("day",), "month": ("month",),
        "months": ("month", "month2"), "quarter": ("quarter", "quarter2"), "part_of_year": ("count",),
        "half_year": (), "year": (), "years": ("year2",), "week": ("week", "week2", "month"), "near": (),
        "lunar_day": ("day",),
    }[form.span]  # fmt: skip

    def read(match: re.Match[str]) -> TimeMention:
        groups = match.groupdict()
        numbers = tuple(count_of(groups[name]) for name in names if groups.get(name))
        if groups.get("near_weekday"):
            numbers = (_weekday_of(groups["near_weekday"]),)
        return TimeMention(
            start=match.start(),
            end=match.end(),
            span=form.span,
            rule=form.id,
            year=int(groups["year"]) if groups.get("year") else None,
            numbers=numbers,
            part=_plain(groups.get("part")),
            name=_plain(groups.get("name") or groups.get("unit")),
        )

    return read


def _reader_of_day(day: MemorialDay) -> Callable[[re.Match[str]], TimeMention]:
    return lambda match: TimeMention(match.start(), match.end(), "memorial", day.id, None, (day.day, day.month))


def _reader_of_lunar_day(day: LunarDay) -> Callable[[re.Match[str]], TimeMention]:
    return lambda match: TimeMention(match.start(), match.end(), "lunar", day.id, None)


def _weekday_of(words: str) -> int:
    """0 for `thứ hai`, … 6 for `chủ nhật`."""
    return _WEEK.index(TimeWords.load().weekdays[" ".join(words.lower().split())])


def _plain(words: str | None) -> str | None:
    return " ".join(words.lower().split()) if words else None


def count_of(words: str) -> int:
    """6 for `06`, `sáu` and the quarter `vi`…: digits, words, the Roman numeral of a quarter or `đầu tiên`; 0 where
    it is none."""
    lower = " ".join(words.lower().split())
    if lower.isdecimal():
        return int(lower)
    if lower.startswith("đầu"):
        return 1
    return _QUARTERS.get(lower) or COUNTS.get(lower, 0)


def find_times(text: str) -> list[TimeMention]:
    """Every printed time, in order; of those that overlap the earliest, then the longest.

    A name with its date (`Quốc khánh 02/9/2020`, `Tết Nguyên đán Tân Sửu năm 2021`) is one mention, and so is a day
    with its hour (`8 giờ 30 phút sáng thứ Tư, ngày 12/7/2023`).
    """
    return list(_find_times(text) if len(text) <= _REMEMBERED else _find_times.__wrapped__(text))


_REMEMBERED = 20_000
"""Characters of the longest paragraph whose times are kept for the next one who asks."""


@lru_cache(maxsize=1024)
def _find_times(text: str) -> tuple[TimeMention, ...]:
    found: list[TimeMention] = []
    for anchors, finders in (
        (TimeWords.load().anchor_regex, _form_finders()),
        (MemorialDays.load().anchor_regex, _name_finders()),
    ):
        for start, end in windows(anchors, text):
            found += [read(match) for regex, read in finders for match in regex.finditer(text, start, end)]
    found.sort(key=lambda m: (m.start, -m.end))
    apart: list[TimeMention] = []
    for mention in found:
        if not apart or mention.start >= apart[-1].end:
            apart.append(mention)
    joined = list(_with_near_years(text, list(_joined(text, apart))))
    ends = [0, *(mention.end for mention in joined)]
    return tuple(_with_hour(text, mention, end) for mention, end in zip(joined, ends, strict=False))


_NEAR_YEARS = {"nay": 0, "này": 0, "tới": 1, "sau": 1}


def _with_near_years(text: str, mentions: list[TimeMention]) -> Iterator[TimeMention]:
    """`ngày 10 tháng 02 năm sau` is one mention."""
    waiting: TimeMention | None = None
    for mention in mentions:
        if waiting is not None:
            year = mention.span == "near" and mention.name == "năm" and mention.part in _NEAR_YEARS
            if year and waiting.year is None and not text[waiting.end : mention.start].strip(" ,"):
                waiting = replace(waiting, end=mention.end, ahead=_NEAR_YEARS[mention.part or ""])
                continue
            yield waiting
        waiting = mention
    if waiting is not None:
        yield waiting


_WITH_HOURS = frozenset({"day", "near", "lunar_day", "lunar"})
_HOUR = re.compile(
    r"(?<![\w.,/])(?:(?:\d{1,2}\s?(?:giờ|h|g|:)\s?(?:\d{2}(?:\s?(?:phút|ph|'))?)?(?!\d)|giờ hành chính)?"
    r"\s{0,2}(?:(?:buổi\s)?(?:sáng|chiều|tối|trưa|đêm)(?!\w))?)"
    r"\s{0,2},?\s{0,2}(?:\(?(?:thứ\s(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\snhật)\)?,?\s{0,2})?(?:ngày\s{1,2})?$",
    re.IGNORECASE,
)
_HOUR_REACH = 48


def _with_hour(text: str, mention: TimeMention, free: int) -> TimeMention:
    """The mention with the hour, part of the day or weekday that is printed before it, from `free` on."""
    low = max(free, mention.start - _HOUR_REACH)
    before = _HOUR.search(text, low, mention.start) if mention.span in _WITH_HOURS else None
    if before is None or not before.group().strip(" ,()"):
        return mention
    start = before.start() + len(before.group()) - len(before.group().lstrip(" ,"))
    return replace(mention, start=start, hour=True)


_YEAR_AFTER_NAME = re.compile(r"[\s,(“\"'-]{0,4}", re.IGNORECASE)
_ANNIVERSARY_GAP = re.compile(r"[\s,:(–-]{0,4}(?:ngày\s{1,3})?", re.IGNORECASE)


def _joined(text: str, mentions: list[TimeMention]) -> Iterator[TimeMention]:
    """Named days take the date or year that is printed after them."""
    waiting: TimeMention | None = None
    for mention in mentions:
        if waiting is None:
            if mention.span in {"memorial", "lunar"}:
                waiting = _with_its_year(text, mention)
            else:
                yield mention
            continue
        gap = text[waiting.end : mention.start]
        joined = _with_date(waiting, mention, gap)
        if joined is not None:
            waiting = None
            yield joined
            continue
        yield waiting
        waiting = _with_its_year(text, mention) if mention.span in {"memorial", "lunar"} else None
        if waiting is None:
            yield mention
    if waiting is not None:
        yield waiting


def _with_date(name: TimeMention, then: TimeMention, gap: str) -> TimeMention | None:
    if then.span == "day" and _ANNIVERSARY_GAP.fullmatch(gap):
        if name.span == "memorial" and then.numbers != name.numbers:
            return None
        return replace(then, start=name.start, rule=name.rule)
    if then.span == "year" and then.part is None and _YEAR_AFTER_NAME.fullmatch(gap):
        return replace(name, end=then.end, year=name.year or then.year)
    return None


_NEARBY = 16


_BARE_YEAR = re.compile(r"\s{1,3}((?:19|20)\d\d)(?!\d|[.,/%-]\d|\s?%)")


def _with_its_year(text: str, mention: TimeMention) -> TimeMention:
    """`Tết Dương lịch 2016`, `Tết Nguyên đán Tân Sửu`: the number or the name of the year stands behind the day; a name
    tells the year where one of the last sixty is meant."""
    words = TimeWords.load()
    bare = _BARE_YEAR.match(text, mention.end)
    if bare is not None:
        return replace(mention, end=bare.end(), year=int(bare[1]))
    match = words.lunar_year.search(text, mention.end, mention.end + _NEARBY + 8)
    if mention.span != "lunar" or match is None or match.start() - mention.end > _NEARBY - 12:
        return mention
    stem, branch = words.stems.index(match["stem"].lower()), words.branches.index(match["branch"].lower())
    years = [year for year in range(1995, 2051) if (year - 4) % 10 == stem and (year - 4) % 12 == branch]
    return replace(mention, end=match.end(), year=years[0] if len(years) == 1 else mention.year)


# ---------------------------------------------------------------------------------------------- the year that is meant


def year_for(mention: TimeMention, issued: date | None, year: int | None) -> int | None:
    """The year to read a mention in that prints none.

    `year` is what the context names (a plan's year, the year of the sentence before); it counts most. Else the first
    time after the day of issue is meant: an order of 28/12/2019 that says `trước ngày 25/3` means 2020.
    """
    if year is not None:
        return year
    if issued is None:
        return None
    month = mention.month
    if mention.span == "months" and mention.numbers[0] > mention.numbers[-1]:  # over the turn of the year
        return issued.year + (issued.month > mention.numbers[-1])
    if mention.span in {"lunar", "lunar_day"} or (month is not None and month < issued.month):
        there = mention.resolve(issued.year)
        if there is not None and (issued - there.last).days > 45:
            return issued.year + 1
    return issued.year
