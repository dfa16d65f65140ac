"""Which time a phrase names: `năm 2021`, `giai đoạn 2021 - 2025`, `6 tháng đầu năm`, `quý I/2021`, `tháng 6/2021`."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

_YEAR = r"(?:19|20)\d\d"
_PERIOD = re.compile(
    rf"(?<!\w)(?:"
    rf"(?:giai đoạn|nhiệm kỳ|khóa|thời kỳ|trong các năm|các năm)?\s?(?P<first>{_YEAR})"
    rf"\s?[-–—]\s?(?:năm )?(?P<last>{_YEAR})"
    rf"|(?P<half>(?:0?6|sáu) tháng (?P<which>đầu|cuối)) năm(?: (?P<half_year>{_YEAR}))?"
    rf"|quý (?P<quarter>IV|I{{1,3}}|[1-4])(?:\s?/\s?|,? năm |-)(?P<quarter_year>{_YEAR})"
    rf"|tháng (?P<month>1[0-2]|0?[1-9])(?:\s?/\s?|,? năm |-)(?P<month_year>{_YEAR})"
    rf"|(?P<upto>đến |tới |hết |cuối )?(?:hết |cuối )?(?:năm|năm học) (?P<year>{_YEAR})"
    rf"(?:\s?[-–—]\s?(?P<school>{_YEAR}))?"
    rf"|(?:đến|tới|trước) (?P<bare>{_YEAR})(?![\d.,/])"
    rf")(?!\w)",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"(?:so với|bằng|cùng kỳ)(?: (?:cuối|cả|thực hiện))?\s{1,2}$", re.IGNORECASE)
_DAY = re.compile(r"(?:ngày|mùng|mồng) \d{1,2},? {1,2}$", re.IGNORECASE)
"""`ngày 20 tháng 12 năm 2024` is a day, no period."""
_OUTLOOK = re.compile(r"(?:tầm nhìn|định hướng)(?: đến| tới)?\s{1,2}$", re.IGNORECASE)
_MAYBE = re.compile(rf"{_YEAR}|tháng (?:đầu|cuối) năm", re.IGNORECASE)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}


@dataclass(frozen=True, slots=True)
class Period:
    """`text[start:end]` names the days from `first` to `last`, inclusive.

    `against` is true where it is only what something is compared with (`so với năm 2020`), `outlook` where a plan only
    looks that far ahead (`định hướng đến năm 2030`).
    """

    start: int
    end: int
    first: dt.date
    last: dt.date
    against: bool = False
    outlook: bool = False


def find_periods(text: str, year: int | None = None) -> Iterator[Period]:
    """Periods in order; `year` is the one that `6 tháng đầu năm` means where no year is printed."""
    if not _MAYBE.search(text):
        return
    for match in _PERIOD.finditer(text):
        if match["month"] and _DAY.search(text, max(0, match.start() - 12), match.start()):
            continue
        span = _days(match, year)
        if span is None or span[0] > span[1]:
            continue
        against = _AGAINST.search(text, max(0, match.start() - 24), match.start()) is not None
        outlook = _OUTLOOK.search(text, max(0, match.start() - 24), match.start()) is not None
        yield Period(match.start(), match.end(), *span, against, outlook)


def _days(match: re.Match[str], year: int | None) -> tuple[dt.date, dt.date] | None:
    if match["first"]:
        return dt.date(int(match["first"]), 1, 1), dt.date(int(match["last"]), 12, 31)
    if match["half"]:
        half_year = int(match["half_year"]) if match["half_year"] else year
        if half_year is None:
            return None
        first = match["which"].lower() == "đầu"
        return (
            (dt.date(half_year, 1, 1), dt.date(half_year, 6, 30))
            if first
            else (dt.date(half_year, 7, 1), dt.date(half_year, 12, 31))
        )
    if match["quarter"]:
        quarter = _QUARTERS.get(match["quarter"].upper()) or int(match["quarter"])
        return _months(int(match["quarter_year"]), quarter * 3 - 2, quarter * 3)
    if match["month"]:
        return _months(int(match["month_year"]), int(match["month"]), int(match["month"]))
    named = int(match["year"] or match["bare"])
    if match["school"]:
        last = int(match["school"])
        if last == named + 1 and "học" in match.group(0).lower():
            return dt.date(named, 9, 1), dt.date(last, 8, 31)
        return dt.date(named, 1, 1), dt.date(last, 12, 31)
    return dt.date(named, 1, 1), dt.date(named, 12, 31)


def _months(year: int, first: int, last: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
