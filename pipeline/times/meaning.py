"""What a printed time means: the days of `cuối quý II`, `6 tháng đầu năm`, `mùng 5 Tết`, `tuần này`.

What a time means may hang on a year that is not printed: `TimeMention.resolve` takes the year of the context and says
whether it needed it. A date that no calendar has (`31/02/2020`) resolves to None.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.times.words import UNITS, MemorialDays

FIRST_YEAR, LAST_YEAR = 1930, 2099
"""Years outside are misread digits: Party and state of today begin with the first, plans end before the last."""


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
    `hour` is true where an hour or a part of the day is printed before it, which belongs to it. `ahead` counts the
    years from that of issue where `năm nay` or `năm sau` is printed behind it.
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
    ahead: int | None = None

    def resolve(self, year: int | None = None, issued: date | None = None) -> Interval | None:
        """The days that are meant; `year` stands in where none is printed, `issued` is the day that `tuần này` counts
        from.

        None where a year or that day is missing, or the calendar has no such day.
        """
        if self.span == "near":
            return _near(self, issued) if issued else None
        used = self.year or (issued.year + self.ahead if issued and self.ahead is not None else year)
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
    """Weeks of seven days from the first of the month: the second is the 8th to the 14th, the fifth what is left."""
    first, last, month = mention.numbers[0], mention.numbers[-2], mention.numbers[-1]
    end = month_end(year, month)
    return Interval(date(year, month, 7 * first - 6), end.replace(day=min(7 * last, end.day)), rough=True)


DAY_WORDS = frozenset({"ngày", "sáng", "trưa", "chiều", "tối", "đêm"})
"""Units of `ngày mai`, `chiều mai`."""


def _near(mention: TimeMention, issued: date) -> Interval | None:
    """`tuần này`, `thứ sáu tuần sau`, `tháng tới`, `ngày mai`, from the day of issue."""
    ahead = mention.part in {"tới", "sau", "mai"}
    if mention.name in DAY_WORDS:
        day = issued + timedelta(days=ahead)
        return Interval(day, day, inferred=True)
    if mention.name == "tuần":
        monday = issued + timedelta(days=7 * ahead - issued.weekday())
        if mention.numbers:
            day = monday + timedelta(days=mention.numbers[0])
            return Interval(day, day, inferred=True)
        return Interval(monday, monday + timedelta(days=6), inferred=True)
    length = UNITS[mention.name or "năm"].months
    first = issued.year * 12 + (issued.month - 1) // length * length + length * ahead
    year, month = divmod(first, 12)
    return replace(_months(year, month + 1, month + length, None), inferred=True)


def _month(mention: TimeMention, year: int) -> Interval:
    return _months(year, mention.numbers[0], mention.numbers[0], mention.part)


def _several_months(mention: TimeMention, year: int) -> Interval:
    """The year is that of the last month: `tháng 11, 12 và tháng 01` begins in the year before."""
    first, last = mention.numbers
    return Interval(date(year - (first > last), first, 1), month_end(year, last))


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
