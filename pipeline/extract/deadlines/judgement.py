"""What the words around a printed time say about its being a limit, and the days that it then means."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipeline.extract.deadlines.parts import (
    LEFT,
    Limit,
    Paragraph,
    clause_start,
    is_striven_for,
    is_task,
    is_told,
    tells_what_was,
)
from pipeline.extract.deadlines.phrases import PROGRAMME, RULES
from pipeline.extract.deadlines.rules import REACH
from pipeline.extract.deadlines.times import PrintedTime
from pipeline.extract.deadlines.years import DocumentYears
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.stretches import last_match
from pipeline.times.meaning import Interval

_DONE_AFTER = RULES.regex_of("done_after")
_FORECAST = RULES.regex_of("forecast")
_RECKONED = RULES.regex_of("reckoned")
_CLOSING = RULES.regex_of("closing")
_FINISHES = RULES.regex_of("finishes")
COARSE = frozenset({"year", "years"})


def judged(
    paragraph: Paragraph, sentence: tuple[int, int], time: PrintedTime, limit: Limit, *, weak: bool
) -> Limit | None:
    """The limit, unless the words around it say that it is none."""
    text = paragraph.text
    left = text[max(sentence[0], limit.start - REACH) : limit.start]
    ahead = is_to_come(time, paragraph.years)
    if _is_forecast(text, sentence[0], limit.start) or (weak and _CLOSING.match(text, sentence[0], limit.start)):
        return None
    finishes = ahead and _FINISHES.search(text, max(sentence[0], limit.start - 90), time.start) is not None
    if RULES.is_blocked(left, ahead=ahead or _is_later_year(time, paragraph.years), finishes=finishes):
        return None
    striven = is_striven_for(text, sentence[0], limit.start)
    after = None if striven else _DONE_AFTER.match(text, time.end, min(len(text), time.end + 90))
    if after and not (after["state"] and _is_later_year(time, paragraph.years)):
        return None
    clause = clause_start(text, sentence[0], limit.start)
    if (
        weak
        and tells_what_was(text, clause, limit.start)
        and not (finishes and is_task(text, begin_of(text, clause, limit.start), limit.start))
    ):
        return None
    if (
        time.mention.span in COARSE
        and not time.mention.part
        and not time.ranged
        and _names_a_plan(text, clause, limit, time)
    ):
        return None
    until_its_end = limit.rule.endswith(":until_the_end_of")
    if time.mention.span == "years" and not until_its_end and not _is_ahead(time, paragraph.years):
        return None
    if time.ranged and _is_over(time, paragraph.years) and _RECKONED.search(text, clause, limit.start):
        return None
    if weak:
        if paragraph.closed or _is_purpose(text, sentence[0], limit.start, sentence[1]):
            return None
        if not is_told(text, sentence, limit.start, time.end):
            if not ahead:
                return None
            limit = replace(limit, confidence=limit.confidence - 0.04)
        if time.mention.span == "year" and limit.kind == "within":
            limit = replace(limit, confidence=min(limit.confidence, 0.62))
    return limit


def _is_over(time: PrintedTime, years: DocumentYears) -> bool:
    return time.interval is not None and _is_past(time.interval, years)


def _is_forecast(text: str, start: int, position: int) -> bool:
    return _FORECAST.match(text, begin_of(text, start, position)) is not None


def _is_later_year(time: PrintedTime, years: DocumentYears) -> bool:
    if time.mention.span != "year" or time.interval is None or years.present is None:
        return False
    return time.interval.last.year > years.present


def _is_ahead(time: PrintedTime, years: DocumentYears) -> bool:
    """A period that ends in the year of the document is what plans look back on."""
    if time.mention.name in {"nhiệm kỳ", "thời kỳ"}:
        return False
    return time.interval is None or years.present is None or time.interval.last.year > years.present


_PRECISE = frozenset(
    {"day", "days", "week", "month", "months", "quarter", "part_of_year", "half_year", "near", "lunar_day"}
)


def is_to_come(time: PrintedTime, years: DocumentYears) -> bool:
    """Whether a day or month begins after the day of issue, or after its year where only that is known: what an order
    or plan names ahead is its schedule."""
    if time.interval is None or time.mention.span not in _PRECISE:
        return False
    if years.not_before is None:
        return years.issued_year is not None and time.interval.first.year > years.issued_year
    return time.interval.first > years.not_before


DAYS = frozenset({"day", "days"})


def is_open(time: PrintedTime, years: DocumentYears) -> bool:
    """Whether it is to come, or has begun when the document is issued and goes on after that day."""
    if time.ranged and time.interval is not None and years.not_before is not None:
        return time.interval.last > years.not_before
    return is_to_come(time, years)


_PURPOSE = RULES.regex_of("purpose")
_ORDER_AFTER_PURPOSE = RULES.regex_of("order_after_purpose")
_OWN_OF_A_PLAN = RULES.regex_of("own_of_a_plan")


def _is_purpose(text: str, start: int, position: int, end: int) -> bool:
    """Whether the time stands in the opening purpose of a sentence: `Để thực hiện … trong năm 2020, … yêu cầu …`."""
    match = _PURPOSE.match(text, start)
    if match is None:
        return False
    comma = text.find(", ", position, min(end, position + LEFT))
    return comma > 0 and _ORDER_AFTER_PURPOSE.search(text, comma, min(end, comma + LEFT)) is not None


_OWN_YEAR = (
    ":at_latest", ":before", ":completed_within", ":reached", ":review_in", ":term", ":until_the_end_of",
    ":within",
)  # fmt: skip
"""Ways whose year never belongs to the name of a plan."""


def _names_a_plan(text: str, clause: int, limit: Limit, time: PrintedTime) -> bool:
    """Whether a year or period belongs to the name of a plan: `Chương trình … giai đoạn 2021 - 2025`."""
    if limit.rule.endswith(_OWN_YEAR) and time.mention.span == "year":
        return False
    words = text[clause : time.start]
    programme = last_match(PROGRAMME, words, 0, len(words))
    if programme is None:
        return False
    after = words[programme.end() :]
    return _OWN_OF_A_PLAN.search(after) is None or time.mention.span == "years"


def with_days(limit: Limit, time: PrintedTime, years: DocumentYears) -> Limit | None:
    """The limit with its days; None where it lies before the document."""
    interval = time.interval
    if time.ranged and interval is not None and interval.last - interval.first > _ANNIVERSARY:
        return None
    if interval is None:
        missing = time.mention.year is None and time.mention.span != "day_of_month"
        return replace(limit, confidence=limit.confidence * 0.6) if missing and limit.confidence > 0.8 else None
    if _is_past(interval, years):
        if not time.ranged or years.not_before is None or years.not_before - interval.last > _JUST_OVER:
            return None
        limit = replace(limit, confidence=min(limit.confidence, 0.62))
    kind = limit.kind
    if time.ranged and kind in {"by", "on"}:
        kind = "within"
    if (
        kind == "within"
        and interval.exact
        and not time.ranged
        and limit.rule.endswith((":within", ":completed_within"))
    ):
        kind = "on"
    if limit.rule.endswith(":on_an_occasion") and _is_year_end(interval):
        kind = "by"
    if kind == "on" and not interval.exact:
        kind = "by" if time.mention.part == "cuối" else "within"
    if kind == "within" and time.mention.part == "cuối" and time.mention.span in {"year", "quarter"}:
        kind = "by"
    due_start = interval.first if kind in {"within", "on"} else None
    due_end = interval.first if kind == "before" and time.mention.part != "cuối" else interval.last
    if limit.rule.endswith(":start") and time.mention.hour:  # when a meeting begins
        return replace(limit, kind="on", due_start=interval.first, due_end=interval.last, inferred=interval.inferred)
    if limit.rule.endswith((":start", ":from")):
        due_end_or_none = None
        return replace(
            limit, kind="within", due_start=interval.first, due_end=due_end_or_none, inferred=interval.inferred
        )
    confidence = limit.confidence - 0.08 * interval.inferred - 0.12 * interval.rough
    return replace(
        limit, kind=kind, due_start=due_start, due_end=due_end, inferred=interval.inferred, confidence=confidence
    )


def _is_year_end(interval: Interval) -> bool:
    """A level `vào ngày 31/12` is what has to be reached by then."""
    return interval.exact and (interval.last.month, interval.last.day) == (12, 31)


_ANNIVERSARY = timedelta(days=3 * 366)
"""Longer from day to day is an anniversary: `(19/5/1890 - 19/5/2025)`."""

_JUST_OVER = timedelta(days=31)
"""A schedule that is issued late lists periods that have just ended."""


def _is_past(interval: Interval, years: DocumentYears) -> bool:
    if years.not_before is not None:
        return interval.last < years.not_before
    return years.issued_year is not None and interval.last.year < years.issued_year
