"""Times as Vietnamese documents print them, and the days that they mean.

`find_times` finds every printed time in a text, in order and without overlaps, in linear time. What a time means may
hang on a year that is not printed: `TimeMention.resolve` takes the year of the context and says whether it needed it.
A date that no calendar has (`31/02/2020`) is found and resolves to None.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache

from pipeline.times.words import COUNTS, Form, LunarDay, MemorialDay, MemorialDays, TimeWords, windows

FIRST_YEAR, LAST_YEAR = 1930, 2099
"""Years outside are misread digits: Party and state of today begin with the first, plans end before the last."""

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class Interval:
    """Days, both inclusive. `inferred` is true where the year is not printed. `exact` is true for a single day,
    `rough` where words like `đầu quý` only hint at the days."""

    first: date
    last: date
    inferred: bool = False
    rough: bool = False

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class TimeMention:
    """`text[start:end]` as one printed time.

    `span` names its form: `day`, `month`, `quarter`, `year`, `years`, `part_of_year`, `memorial`, …; `rule` is the id
    of the rule in `rules/`; `part` is `đầu`, `giữa`, `cuối` or `hết` where printed. `year` is the printed year, None
    where there is none. `name` is the word before two years (`giai đoạn`, `nhiệm kỳ`), or the unit of `tuần này`.
    `hour` is true where an hour or a part of the day is printed before it, which belongs to it.
    """

    start: int
    end: int
    span: str
    rule: str
    year: int | None
    numbers: tuple[int, ...] = ()
    part: str | None = None
    name: str | None = None
    hour: bool = False

    def resolve(self, year: int | None = None, issued: date | None = None) -> Interval | None:
        """The days that are meant; `year` stands in where none is printed, `issued` is the day that `tuần này` counts
        from.

        None where a year or that day is missing, or the calendar has no such day.
        """
        if self.span == "near":
            return _near(self, issued) if issued else None
        used = self.year or year
        if used is None or not FIRST_YEAR <= used <= LAST_YEAR:
            return None
        try:
            found = _RESOLVERS[self.span](self, used)
        except ValueError:
            return None
        if found is None or found.first > found.last:
            return None
        return replace(found, inferred=self.year is None)

    @property
    def month(self) -> int | None:
        """The month in which it ends, where the form names one: tells which year is meant without one."""
        if self.span in {"day", "days", "week", "month", "months", "memorial"}:
            return self.numbers[-1]
        if self.span == "quarter":
            return self.numbers[-1] * 3
        if self.span == "part_of_year" and self.part == "đầu":
            return self.numbers[0]
        return None


# ------------------------------------------------------------------------------------------------------- meanings


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(year: int, first: int, last: int, part: str | None) -> Interval:
    """Whole months, or the third of them that `part` names (months) or ten days of one month."""
    whole = Interval(date(year, first, 1), month_end(year, last))
    if part is None or part == "hết":
        return whole
    if first == last:
        edges = {
            "đầu": (1, 10), "thượng tuần": (1, 10), "giữa": (11, 20), "trung tuần": (11, 20),
            "nửa đầu": (1, 15),
        }  # fmt: skip
        if part in edges:
            low, high = edges[part]
            return Interval(date(year, first, low), date(year, first, high), rough=True)
        return Interval(date(year, first, 16 if part == "nửa cuối" else 21), whole.last, rough=part != "cuối")
    third = max(1, (last - first + 1) // 3)
    if part == "đầu":
        return Interval(whole.first, month_end(year, first + third - 1), rough=True)
    if part == "giữa":
        return Interval(date(year, first + third, 1), month_end(year, last - third), rough=True)
    return Interval(date(year, last - third + 1, 1), whole.last)


def _day(mention: TimeMention, year: int) -> Interval:
    day = date(year, mention.numbers[1], mention.numbers[0])
    return Interval(day, day)


def _days(mention: TimeMention, year: int) -> Interval:
    first, last, month = mention.numbers
    return Interval(date(year, month, first), date(year, month, last))


def _week(mention: TimeMention, year: int) -> Interval:
    """Weeks of seven days from the first of the month: the second is the 8th to the 14th."""
    first, last, month = mention.numbers[0], mention.numbers[-2], mention.numbers[-1]
    return Interval(date(year, month, 7 * first - 6), date(year, month, 7 * last), rough=True)


def _near(mention: TimeMention, issued: date) -> Interval | None:
    """`tuần này`, `tháng tới`, `ngày mai`, from the day of issue."""
    ahead = mention.part in {"tới", "sau", "mai"}
    if mention.name == "ngày":
        day = issued + timedelta(days=ahead)
        return Interval(day, day, inferred=True)
    if mention.name == "tuần":
        monday = issued + timedelta(days=7 * ahead - issued.weekday())
        return Interval(monday, monday + timedelta(days=6), inferred=True)
    length = {"tháng": 1, "quý": 3, "năm": 12}[mention.name or "năm"]
    first = issued.year * 12 + (issued.month - 1) // length * length + length * ahead
    year, month = divmod(first, 12)
    return replace(_months(year, month + 1, month + length, None), inferred=True)


def _month(mention: TimeMention, year: int) -> Interval:
    return _months(year, mention.numbers[0], mention.numbers[0], mention.part)


def _several_months(mention: TimeMention, year: int) -> Interval:
    return _months(year, mention.numbers[0], mention.numbers[1], None)


def _quarter(mention: TimeMention, year: int) -> Interval:
    first, last = mention.numbers[0], mention.numbers[-1]
    return _months(year, 3 * first - 2, 3 * last, mention.part)


def _part_of_year(mention: TimeMention, year: int) -> Interval | None:
    count = mention.numbers[0]
    if not 1 <= count <= 11:
        return None
    return _months(year, 1, count, None) if mention.part == "đầu" else _months(year, 13 - count, 12, None)


def _half_year(mention: TimeMention, year: int) -> Interval:
    return _months(year, 1, 6, None) if mention.part == "đầu" else _months(year, 7, 12, None)


def _year(mention: TimeMention, year: int) -> Interval:
    if mention.part == "cuối":
        return Interval(date(year, 12, 1), date(year, 12, 31))
    if mention.part == "giữa":
        return Interval(date(year, 6, 1), date(year, 6, 30), rough=True)
    return _months(year, 1, 12, mention.part)


def _years(mention: TimeMention, year: int) -> Interval:
    last = mention.numbers[0]
    if not FIRST_YEAR <= last <= LAST_YEAR:
        raise ValueError(last)
    if mention.name == "năm học":  # Education calendar decisions: first day of school to the end of the second term
        return Interval(date(year, 9, 5), date(last, 5, 31), rough=True)
    return Interval(date(year, 1, 1), date(last, 12, 31))


def _lunar(mention: TimeMention, year: int) -> Interval | None:
    day = MemorialDays.load().lunar(mention.rule).by_year.get(year)
    return Interval(day, day) if day else None


def _lunar_day(mention: TimeMention, year: int) -> Interval | None:
    """A day of the first lunar month of a year, or of the month before it."""
    days, number = MemorialDays.load(), mention.numbers[0]
    new_year = days.lunar("tet").by_year.get(year)
    if new_year is None or number > 30:
        return None
    if mention.rule == "day_of_the_first_lunar_month":
        day = new_year + timedelta(days=number - 1)
    else:
        first = max((d for d in days.lunar("last_lunar_month").dates if d < new_year), default=None)
        day = first + timedelta(days=number - 1) if first else new_year
        if day >= new_year:
            return None
    return Interval(day, day)


_RESOLVERS: dict[str, Callable[[TimeMention, int], Interval | None]] = {
    "day": _day,
    "memorial": _day,
    "days": _days,
    "month": _month,
    "months": _several_months,
    "quarter": _quarter,
    "part_of_year": _part_of_year,
    "half_year": _half_year,
    "year": _year,
    "years": _years,
    "lunar": _lunar,
    "lunar_day": _lunar_day,
    "week": _week,
    "day_of_month": lambda mention, year: None,
}


# -------------------------------------------------------------------------------------------------------- finding


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


def _plain(words: str | None) -> str | None:
    return " ".join(words.lower().split()) if words else None


def count_of(words: str) -> int:
    """6 for `06`, `sáu` and the quarter `vi`…: digits, words or the Roman numeral of a quarter; 0 where it is none."""
    lower = " ".join(words.lower().split())
    if lower.isdecimal():
        return int(lower)
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
    joined = list(_joined(text, apart))
    ends = [0, *(mention.end for mention in joined)]
    return tuple(_with_hour(text, mention, end) for mention, end in zip(joined, ends, strict=False))


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
                waiting = _with_lunar_year(text, mention)
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
        waiting = _with_lunar_year(text, mention) if mention.span in {"memorial", "lunar"} else None
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


def _with_lunar_year(text: str, mention: TimeMention) -> TimeMention:
    """`Tết Nguyên đán Tân Sửu`: the name of the year tells the year where one of the last sixty is meant."""
    words = TimeWords.load()
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
    if mention.span in {"lunar", "lunar_day"} or (month is not None and month < issued.month):
        there = mention.resolve(issued.year)
        if there is not None and (issued - there.last).days > 45:
            return issued.year + 1
    return issued.year
