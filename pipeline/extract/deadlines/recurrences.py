"""Repetitions (`hàng quý`, `trước ngày 25 hằng tháng`) as RFC 5545 rules, and times counted from an event
(`trong 10 ngày kể từ ngày ký`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal, TypeVar

from pipeline.models import Spanned
from pipeline.times.dates import count_of
from pipeline.times.meaning import Interval, month_end
from pipeline.times.words import UNITS, Recurrence, TimeWords, windows

_DAYS = {"MINUTELY": 1 / 1440, "HOURLY": 1 / 24, "DAILY": 1.0, "WEEKLY": 7.0, "MONTHLY": 30.4, "YEARLY": 365.2}
_COUNTED_UNIT = re.compile(
    r"(?:(\d{1,2})\s{0,3})?(?<!\w)(ngày|tuần|tháng|quý|quí|năm)(?!\w)",
    re.IGNORECASE,
)
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDINALS = {"đầu": 1, "tiên": 1, "nhất": 1, "1": 1, "hai": 2, "ba": 3, "tư": 4, "2": 2, "3": 3, "4": 4}
MAX_COUNT = 400
"""A longer count of days, months or years is a misread number."""


@dataclass(frozen=True, slots=True)
class RecurrenceMention:
    """`text[start:end]` as a repetition; `rrule` is None where the document names no interval."""

    start: int
    end: int
    rule: str
    rrule: str | None


@dataclass(frozen=True, slots=True)
class RelativeMention:
    """`text[start:end]` as a time counted from an event. `own_issue`: that event is the issue of the document.

    `base_start` is where the text says from when the time counts.
    """

    start: int
    end: int
    rule: str
    kind: Literal["by", "before", "within"]
    side: Literal["after", "before"]
    count: float
    unit: str
    working_days: bool
    own_issue: bool
    base_start: int | None

    @property
    def stated_base(self) -> bool:
        """Whether the text says from when the time counts."""
        return self.base_start is not None

    def resolve(self, issued: date | None) -> Interval | None:
        """The days from the issue of the document to the limit; None where they count from another event, or the day
        of issue is not known. The day of the event itself is not counted (Civil Code 2015, article 147)."""
        if issued is None or not self.own_issue or self.side != "after" or not 0 < self.count <= MAX_COUNT:
            return None
        return Interval(issued, self.after(issued))

    def after(self, day: date) -> date:
        """The last day of the time that counts from a day; a part of a day is the whole."""
        return add_time(day, ceil(self.count), self.unit, working_days=self.working_days)


def add_time(day: date, count: int, unit: str, *, working_days: bool = False) -> date:
    """`count` units after a day. Working days leave out Saturdays and Sundays, not public holidays."""
    if unit in _IN_A_DAY:
        return day + timedelta(days=ceil(count / _IN_A_DAY[unit]))
    if unit == "ngày" and working_days:
        day -= timedelta(days=max(0, day.weekday() - 4))  # from a weekend time counts as from its Friday
        weeks, rest = divmod(count, 5)
        return day + timedelta(weeks=weeks, days=rest + 2 * (day.weekday() + rest > 4))
    if unit in {"ngày", "tuần"}:
        return day + timedelta(days=count * (7 if unit == "tuần" else 1))
    return _add_months(day, count * UNITS[unit].months)


_IN_A_DAY = {"phút": 24 * 60, "giờ": 24}


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last (Civil Code 2015, article 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(day.replace(day=1, month=month + 1, year=year) + timedelta(days=day.day - 1), month_end(year, month + 1))


_S = TypeVar("_S", bound=Spanned)


def apart(mentions: Iterable[_S]) -> list[_S]:
    """Of mentions that overlap the earliest, then the longest, in order."""
    kept: list[_S] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def find_recurrences(text: str) -> list[RecurrenceMention]:
    """Every printed repetition, in order, without overlaps."""
    words, found = TimeWords.load(), []
    for start, end in windows(words.anchor_regex, text):
        for rule in words.recurrence:
            for match in rule.regex.finditer(text, start, end):
                rrule = _rrule(rule, match)
                if rrule is not None:
                    found.append(RecurrenceMention(match.start(), match.end(), rule.id, rrule or None))
    return apart(found)


def _rrule(rule: Recurrence, match: re.Match[str]) -> str | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    fields: dict[str, str | int] = {}
    for name in ("weekday", "weekday2"):
        if name in groups:
            fields[name] = _weekday(groups[name])
    if "hour" in groups:
        minute = f";BYMINUTE={int(groups['minute'])}" if "minute" in groups else ""
        return f"{rule.rrule};BYHOUR={int(groups['hour']) % 24}{minute}"
    if "list" in groups:
        fields["list"] = _listed(groups["list"])
    if "{weekdays}" in rule.rrule:
        first, last = (_WEEK.index(str(fields[name])) for name in ("weekday", "weekday2"))
        fields["weekdays"] = ",".join(_WEEK[first : last + 1]) or f"{_WEEK[first]},{_WEEK[last]}"
    for name in ("day", "day2", "month"):
        if name in groups:
            fields[name] = count_of(groups[name])
    if "quarter" in groups:
        last = 3 * count_of(groups["quarter"])
        fields["quarter"] = f"{last - 2},{last - 1},{last}"
    if "week" in groups:
        weeks = (_ORDINALS[groups[name].lower().split()[-1]] for name in ("week", "week2") if name in groups)
        fields["weeks"] = ",".join(f"{week}{fields['weekday']}" for week in weeks)
    if "unit" in groups:
        frequency = _frequency(rule.id, groups, match.group())
        if frequency is None:
            return None
        fields["freq"], fields["interval"] = frequency
    if not fields and "{" in rule.rrule:
        return None
    return re.sub(r";INTERVAL=1(?!\d)", "", rule.rrule.format(**fields))


_LISTED_WEEKDAY = re.compile(r"(?<!\w)(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7]|chủ\s{0,3}nhật)(?!\w)", re.IGNORECASE)


def _weekday(words: str) -> str:
    """`TU` for `thứ Ba`."""
    plain = " ".join(words.lower().split())
    return TimeWords.load().weekdays[plain if plain.startswith(("thứ", "chủ")) else f"thứ {plain}"]


def _listed(words: str) -> str:
    """`MO,WE` for `thứ Hai, thứ Tư`, `5,15,25` for `5, 15 và 25`, `1,6` for `01 và tháng 6`."""
    named = any(word in words.lower() for word in ("thứ", "chủ"))
    days = [_weekday(match.group()) for match in _LISTED_WEEKDAY.finditer(words)] if named else []
    return ",".join(dict.fromkeys(days or (str(int(number)) for number in re.findall(r"\d{1,2}", words))))


def _frequency(rule: str, groups: dict[str, str], words: str) -> tuple[str, int] | None:
    """The frequency and interval of a repetition; the finest where several are listed (`hàng quý, 6 tháng, năm`)."""
    freq, step, _ = UNITS[groups["unit"].lower()]
    if rule in {"last_working_day", "first_days_of_a_unit", "half_years_and_year_ends"}:
        count = groups.get("count", "1") if rule == "half_years_and_year_ends" else "1"
        return freq, step * count_of(count)
    if rule == "times_in_a_unit":
        return _divided(freq, step * count_of(groups.get("count2", "1")), count_of(groups["count"]))
    if rule.startswith("unit_in_times"):
        interval = step * (count_of(groups.get("count", "1")) or 1)
        return _divided(freq, interval, count_of(groups.get("times", "1")) or 1)
    listed = [
        (*UNITS[unit.lower()][:2], count_of(count) if count else 1) for count, unit in _COUNTED_UNIT.findall(words)
    ]
    if "count" in groups and not groups["count"].isdecimal():
        listed.append((freq, step, count_of(groups["count"])))
    choices = [(f, s * n) for f, s, n in listed if n] or [(freq, step)]
    return min(choices, key=lambda c: _DAYS[c[0]] * c[1])


def _divided(freq: str, interval: int, times: int) -> tuple[str, int] | None:
    """`2 lần/năm` is every six months; None where the calendar has no such even step."""
    if times <= 1:
        return (freq, interval) if times == 1 else None
    finer = {"YEARLY": ("MONTHLY", 12), "WEEKLY": ("DAILY", 7), "MONTHLY": ("WEEKLY", 4)}.get(freq)
    if finer is None or interval * finer[1] % times:
        return freq, interval
    return finer[0], interval * finer[1] // times


_HALF = frozenset({"½", "1/2", "nửa"})


def _length_of(words: str) -> float:
    """2.5 for `2,5`, a half for `nửa`."""
    if words.lower() in _HALF:
        return 0.5
    return float(words.replace(",", ".")) if "," in words else count_of(words)


def find_relatives(text: str) -> list[RelativeMention]:
    """Every time counted from an event, in order, without overlaps."""
    words = TimeWords.load()
    found = []
    for rule in words.relative:
        for match in filter(rule.stands, rule.regex.finditer(text)):
            base = match.groupdict().get("base")
            own = words.own_issue_regex.match(base) if base else None
            found.append(
                RelativeMention(
                    start=match.start(),
                    end=match.end() if own is None else match.start("base") + own.end(),
                    rule=rule.id,
                    kind=rule.kind,
                    side=rule.side,
                    count=_length_of(match["count"]),
                    unit=match["unit"].lower(),
                    working_days=bool(match["working"]),
                    own_issue=own is not None,
                    base_start=match.start("base") if base is not None else None,
                )
            )
    return apart(found)
