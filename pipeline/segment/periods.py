"""The time that a document is about, from its title: `năm 2020`, `giai đoạn 2021 - 2025`, `6 tháng cuối năm 2020`."""

from __future__ import annotations

import datetime as dt
import re

from pipeline.vietnamese import fold_in_place

_YEAR = r"(19[5-9]\d|20\d\d)"
_SPAN = re.compile(
    rf"(?:giai doan|nhiem ky|thoi ky|tu nam|cac nam|trong nam|nam)\s{{0,2}}{_YEAR}"
    rf"\s{{0,2}}(?:[-–—]|den nam|den)\s{{0,2}}{_YEAR}"
)
_SCHOOL_YEAR = re.compile(rf"nam hoc\s{{0,2}}{_YEAR}\s{{0,2}}[-–—]\s{{0,2}}{_YEAR}")
_MONTHS = re.compile(rf"(\d{{1,2}})\s{{0,2}}thang\s{{0,2}}(dau|cuoi)\s{{0,2}}nam(?:\s{{0,2}}{_YEAR})?")
_QUARTER = re.compile(rf"quy\s{{0,2}}(iv|iii|ii|i|[1-4])(?:\s{{0,2}}(?:nam\s{{0,2}}|[/-]\s?)?{_YEAR})")
_MONTH = re.compile(rf"thang\s{{0,2}}(\d{{1,2}})\s{{0,2}}(?:nam\s{{0,2}}|[/-]\s?){_YEAR}")
_ONE_YEAR = re.compile(rf"nam\s{{0,2}}{_YEAR}(?!\s{{0,2}}(?:[-–—]|den)\s{{0,2}}\d)")
_CITED_DATE = re.compile(r"ngay\s{0,2}\d{1,2}\s{0,2}(?:thang\s{0,2}\d{1,2}\s{0,2}nam\s{0,2}|[/.-]\d{1,2}[/.-])\d{4}")
_PLANS = re.compile(r"nhiem vu|phuong huong|ke hoach|chuong trinh|muc tieu|giai phap")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

Period = tuple[dt.date, dt.date]


def period_of(title: str) -> Period | None:
    """First and last day of the time that a title names; the last one named, which is the plan where a title names
    what was done and what is to be done."""
    folded = fold_in_place(title)
    folded = _CITED_DATE.sub(lambda m: " " * len(m.group()), folded)
    found: list[tuple[int, int, Period]] = []
    for match in _SCHOOL_YEAR.finditer(folded):
        found.append((*match.span(), (dt.date(int(match[1]), 9, 1), dt.date(int(match[2]), 8, 31))))
    for match in _SPAN.finditer(folded):
        first, last = int(match[1]), int(match[2])
        if first <= last <= first + 60:
            found.append((*match.span(), (dt.date(first, 1, 1), dt.date(last, 12, 31))))
    for match in _MONTHS.finditer(folded):
        year = match[3] or _last_year(folded)
        period = _part_of_year(int(year), int(match[1]), match[2]) if year else None
        if period:
            found.append((*match.span(), period))
    for match in _QUARTER.finditer(folded):
        quarter = _QUARTERS[match[1]]
        found.append((*match.span(), _months(int(match[2]), quarter * 3 - 2, quarter * 3)))
    for match in _MONTH.finditer(folded):
        if 1 <= int(match[1]) <= 12:
            found.append((*match.span(), _months(int(match[2]), int(match[1]), int(match[1]))))
    for match in _ONE_YEAR.finditer(folded):
        if not any(start <= match.start() and match.end() <= end for start, end, _ in found):
            found.append((*match.span(), (dt.date(int(match[1]), 1, 1), dt.date(int(match[1]), 12, 31))))
    if not found:
        return None
    found.sort()
    plans = [match.start() for match in _PLANS.finditer(folded)]
    after_plan = [f for f in found if plans and f[0] > plans[-1]]
    return (after_plan or found)[-1][2]


def _last_year(folded: str) -> str | None:
    years = re.findall(_YEAR, folded)
    return years[-1] if years else None


def _part_of_year(year: int, months: int, which: str) -> Period | None:
    if not 1 <= months <= 12:
        return None
    return _months(year, 1, months) if which == "dau" else _months(year, 13 - months, 12)


def _months(year: int, first: int, last: int) -> Period:
    after = dt.date(year + 1, 1, 1) if last == 12 else dt.date(year, last + 1, 1)
    return dt.date(year, first, 1), after - dt.timedelta(days=1)
