"""Which time a phrase names: `năm 2021`, `giai đoạn 2021 - 2025`, `6 tháng đầu năm`, `quý I/2021`, `tháng 6/2021`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.times.dates import find_times

_YEARLY = frozenset({"year", "years", "part_of_year", "half_year"})
"""Forms that are a period also where no year is printed; `tháng 6` alone is none."""
_SPANS = _YEARLY | {"month", "months", "quarter"}
_AGAINST = re.compile(r"(?:so với|bằng|cùng kỳ)(?: (?:cuối|cả|thực hiện))?\s{1,2}$", re.IGNORECASE)
_OUTLOOK = re.compile(r"(?:tầm nhìn|định hướng)(?: đến| tới)?\s{1,2}$", re.IGNORECASE)
_PLANS = re.compile(r"nhiệm vụ|phương hướng|kế hoạch|chương trình|mục tiêu|giải pháp", re.IGNORECASE)
_REACH = 24
_LONGEST = 60
"""Years; two that lie further apart are an anniversary or misread."""


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
    """Periods in order; `year` is the one that `6 tháng đầu năm` means where no year is printed.

    `cuối năm 2024` and `hết quý I/2024` name the whole of the year and the quarter: what is to be reached by then.
    """
    for mention in find_times(text):
        if mention.span not in _SPANS or (mention.year is None and mention.span not in _YEARLY):
            continue
        whole = mention.span in {"year", "quarter", "month"}
        days = replace(mention, part=None if whole else mention.part).resolve(year)
        if days is None or days.last.year - days.first.year > _LONGEST or (whole and mention.year is None):
            continue
        against = _AGAINST.search(text, max(0, mention.start - _REACH), mention.start) is not None
        outlook = _OUTLOOK.search(text, max(0, mention.start - _REACH), mention.start) is not None
        yield Period(mention.start, mention.end, days.first, days.last, against, outlook)


def period_of_title(title: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of the time that a title names; the last one named, which is the plan where a title names
    what was done and what is to be done."""
    years = [mention.year for mention in find_times(title) if mention.year]
    found = list(find_periods(title, years[-1] if years else None))
    plans = [match.start() for match in _PLANS.finditer(title)]
    after_plan = [period for period in found if plans and period.start > plans[-1]]
    last = (after_plan or found)[-1:]
    return (last[0].first, last[0].last) if last else None
