"""The schema of `rules/time_words.toml` and `rules/memorial_days.toml`, and how their patterns become regexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from pipeline.rulebook import PatternRule, RuleFile, any_of, check_pattern, problems_of, spaced

COUNTS = {
    "một": 1, "nhất": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười hai": 12, "mười lăm": 15, "hai mươi": 20, "ba mươi": 30, "bốn mươi": 40, "bốn lăm": 45,
    "bốn mươi lăm": 45, "sáu mươi": 60, "chín mươi": 90,
}  # fmt: skip
"""Counts of days and months that documents spell out."""


class Unit(NamedTuple):
    """A unit of time: `step` times an RFC 5545 frequency; `months` is 0 where it is no whole months."""

    frequency: str
    step: int = 1
    months: int = 0


UNITS = {
    "phút": Unit("MINUTELY"), "giờ": Unit("HOURLY"), "ngày": Unit("DAILY"), "tuần": Unit("WEEKLY"),
    "tháng": Unit("MONTHLY", 1, 1), "quý": Unit("MONTHLY", 3, 3), "quí": Unit("MONTHLY", 3, 3),
    "năm": Unit("YEARLY", 1, 12),
}  # fmt: skip
_COUNT_WORDS = "|".join(sorted(COUNTS.keys() - {"nhất", "tư"}, key=lambda words: (-len(words), words)))


def _length(units: str, working: str) -> str:
    """A length of time, of which the longer counts where two are printed; `working` is `?` where any days may be."""
    count = rf"\d{{{{1,3}}}}(?:,\d)?|½|1/2|nửa|{_COUNT_WORDS}"
    return (
        rf"(?<![\d.,/-])(?:\d{{{{1,3}}}}~(?:[-–—]|đến)~)?(?P<count{{n}}>{count})(?!\d)~(?:\([^()\n]{{{{1,30}}}}\)~)?"
        rf"(?P<unit{{n}}>{units})(?!\w)(?P<working{{n}}> làm việc){working}"
    )


_MACROS = {
    "day": r"(?<!\d)(?P<day{n}>0?[1-9]|[12]\d|3[01])(?!\d)",
    "month": r"(?<!\d)(?P<month{n}>1[0-2]|0?[1-9])(?!\d)",
    "year": r"(?<!\d)(?P<year{n}>(?:19|20)\d\d)(?!\d)",
    "quarter": r"(?P<quarter{n}>IV|III|II|I|[1-4])(?![\w%])",
    "count": rf"(?<![\d.,/-])(?P<count{{n}}>\d{{{{1,3}}}}|{_COUNT_WORDS})(?!\d)",
    "unit": r"(?P<unit{n}>phút|giờ|ngày|tuần|tháng|qu[ýí]|năm)",
    "length": _length("phút|giờ|ngày|tuần|tháng|qu[ýí]|năm", "?"),
    "short": _length("phút|giờ|ngày|tuần", "?"),
    "days": _length("ngày|tuần", "?"),
    "working_days": _length("giờ|ngày", ""),
    "event": (
        r"(?P<base{n}>(?:(?:kể |tính )?(?:từ|sau) (?:ngày|khi|thời điểm|lúc|giờ)|(?:kể|tính) từ (?!nay)"
        r"|(?<!năm\s)sau (?!(?:đây|này|đó|năm|tháng|quý)(?!\w))(?=[^\W\d]))[^,;.\n]{{0,80}})"
    ),
    "every": r"(?P<every{n}>hàng|hằng|hăng|mỗi)",
    "weekday": r"(?P<weekday{n}>thứ~(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ~nhật)",
}
_MACRO = re.compile("@(" + "|".join(sorted(_MACROS, key=len, reverse=True)) + r")(\d?)")


def to_regex(pattern: str) -> re.Pattern[str]:
    """The regex of a pattern with the shorthand of times.

    Raises re.error where the pattern is wrong.
    """
    return re.compile(TimePattern.source(pattern), re.IGNORECASE)


BEFORE, AFTER = 60, 100
"""Characters around an anchor in which a time that holds it lies."""


def windows(anchors: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text around its anchors, in order and apart: only there need times be looked for."""
    start = end = 0
    for match in anchors.finditer(text):
        if match.start() - BEFORE > end:
            if end:
                yield start, min(end, len(text))
            start = max(0, match.start() - BEFORE)
        end = match.end() + AFTER
    if end:
        yield start, min(end, len(text))


class TimePattern(PatternRule):
    """A pattern of times, with `@day`, `@month`, … for their numbers and words."""

    @classmethod
    def source(cls, pattern: str) -> str:
        """The regular expression, its shorthand written out as groups."""
        with_groups = _MACRO.sub(lambda m: _MACROS[m[1]].format(n=m[2]), pattern)
        return r"(?<!\w)" + spaced(with_groups)


class Form(TimePattern):
    """One printed form of a point or span of time; `span` names the reading of its groups in `meaning.py`."""

    span: Literal[
        "day", "days", "day_of_month", "week", "month", "months", "quarter", "part_of_year", "half_year",
        "year", "years", "near", "lunar_day",
    ]  # fmt: skip

    @model_validator(mode="after")
    def _has_its_groups(self) -> Self:
        missing = set(GROUPS_OF[self.span]) - set(self.regex.groupindex)
        if missing:
            raise ValueError(f"the pattern of a {self.span!r} must print {', '.join(sorted(f'@{m}' for m in missing))}")
        return self


GROUPS_OF: dict[str, tuple[str, ...]] = {
    "day": ("day", "month"), "days": ("day", "day2", "month"), "day_of_month": ("day",), "week": ("week", "month"),
    "month": ("month",), "months": ("month", "month2"), "quarter": ("quarter",), "part_of_year": ("count", "part"),
    "half_year": ("part",), "year": (), "years": ("year", "year2"), "near": ("unit", "part"), "lunar_day": ("day",),
}  # fmt: skip
"""The groups that a form of each span must have, for its meaning is made of them."""


class Recurrence(TimePattern):
    """One printed form of a repetition, and the RFC 5545 rule that its groups fill."""

    rrule: str


class Relative(TimePattern):
    """A time counted from an event. `behind`: words that must stand before it in the last 80 characters."""

    kind: Literal["by", "before", "within"]
    behind: str = ""
    side: Literal["after", "before"] = Field(alias="from")

    @field_validator("behind")
    @classmethod
    def _behind_compiles(cls, value: str) -> str:
        check_pattern(PatternRule.source(value))
        return value

    @cached_property
    def _behind(self) -> re.Pattern[str]:
        return re.compile(PatternRule.source(self.behind), re.IGNORECASE)

    def stands(self, match: re.Match[str]) -> bool:
        """Whether the words that the rule asks for stand before its match."""
        start = match.start()
        return not self.behind or self._behind.search(match.string, max(0, start - 80), start) is not None

    def matches(self, text: str) -> bool:
        """Whether the rule finds a time in an example."""
        return any(self.stands(match) for match in self.regex.finditer(text))


class TimeWords(RuleFile):
    """All of `time_words.toml`."""

    file_name: ClassVar[str] = "time_words.toml"

    weekdays: dict[str, str]
    stems: tuple[str, ...]
    branches: tuple[str, ...]
    own_issue: str
    anchors: str
    form: tuple[Form, ...]
    recurrence: tuple[Recurrence, ...]
    relative: tuple[Relative, ...]

    @cached_property
    def anchor_regex(self) -> re.Pattern[str]:
        """What every form and repetition holds."""
        return re.compile(spaced(self.anchors), re.IGNORECASE)

    @cached_property
    def own_issue_regex(self) -> re.Pattern[str]:
        """Words that count from the issue of the document itself."""
        return to_regex(self.own_issue)

    @cached_property
    def lunar_year(self) -> re.Pattern[str]:
        """The name of a lunar year: `Tân Sửu`."""
        return to_regex(f"(?P<stem>{'|'.join(self.stems)}) (?P<branch>{'|'.join(self.branches)})")

    def check_examples(self) -> list[str]:
        """Forms that do not find their examples, or find their counter-examples."""
        return _problems((*self.form, *self.recurrence, *self.relative), self.anchor_regex)


class MemorialDay(TimePattern):
    """A day of the solar calendar with a name."""

    name: str
    day: int = Field(ge=1, le=31)
    month: int = Field(ge=1, le=12)


class LunarDay(TimePattern):
    """A day of the lunar calendar: its solar date in each year."""

    name: str
    dates: tuple[date, ...]

    @field_validator("dates", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [date.fromisoformat(item) if isinstance(item, str) else item for item in value]

    @cached_property
    def by_year(self) -> dict[int, date]:
        """The solar date of the day in a solar year."""
        return {day.year: day for day in self.dates}


class MemorialDays(RuleFile):
    """All of `memorial_days.toml`."""

    file_name: ClassVar[str] = "memorial_days.toml"

    anchors: tuple[str, ...]
    day: tuple[MemorialDay, ...]
    lunar_day: tuple[LunarDay, ...]

    def lunar(self, day_id: str) -> LunarDay:
        """The lunar day of that id.

        Raises KeyError where there is none.
        """
        return self._lunar_by_id[day_id]

    @cached_property
    def _lunar_by_id(self) -> dict[str, LunarDay]:
        return {day.id: day for day in self.lunar_day}

    @cached_property
    def anchor_regex(self) -> re.Pattern[str]:
        """What every name holds."""
        return re.compile(any_of(self.anchors), re.IGNORECASE)

    def check_examples(self) -> list[str]:
        """Days whose names are not found, or found where they do not stand."""
        return _problems((*self.day, *self.lunar_day), self.anchor_regex)


def _problems(rules: tuple[TimePattern, ...], anchors: re.Pattern[str]) -> list[str]:
    """Rules that do not behave as their examples say, and examples that hold no anchor."""
    far = [f"{r.id}: no anchor in {t!r}" for r in rules for t in r.examples if not anchors.search(t)]
    return problems_of(rules) + far
