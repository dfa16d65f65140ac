"""Limits that repeat (`hằng quý`, `định kỳ`), and those counted from an event (`trong 10 ngày kể từ ngày ký`)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.extract.deadlines.parts import (
    RIGHT,
    Limit,
    Paragraph,
    clause_start,
    is_told,
    tells_to_do,
    tells_what_was,
)
from pipeline.extract.deadlines.phrases import LABEL, RULES
from pipeline.extract.deadlines.recurrences import (
    MAX_COUNT,
    RecurrenceMention,
    RelativeMention,
    find_recurrences,
    find_relatives,
)
from pipeline.extract.deadlines.rules import REACH
from pipeline.extract.deadlines.years import DocumentYears
from pipeline.extract.directives.actors import begins_actor
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.directives.phrases import RULES as TASKS
from pipeline.extract.stretches import Spans, sentence_at
from pipeline.times.dates import find_times
from pipeline.times.meaning import Interval, TimeMention

_PLAIN = frozenset({"every_unit", "end_of_the_year"})
_OPEN = frozenset({"every_unit", "periodic_count", "times_in_a_unit", "unit_in_times"})
"""Forms that name no day; the others are limits also where no verb of a task is known."""

_PERIODIC = RULES.regex_of("periodic")
_REGULAR_NOUN = RULES.regex_of("regular_noun")
_REGULAR_VERB = RULES.regex_of("regular_verb")
_REGULAR_END = RULES.regex_of("regular_end")
_FALLS_ON = RULES.regex_of("falls_on")
_LISTED = RULES.regex_of("in_a_list")
_WITH_DAYS = (":every_unit", ":periodic_count", ":unit_in_times")
"""Ways to repeat behind which the days may be printed on which it falls."""
_CALENDAR = frozenset({"day_of_the_year", "day_of_the_month", "month_of_the_year"})
_OPENS_A_DAY = RULES.regex_of("opens_a_day")
_BRACKETS = RULES.regex_of("days_in_brackets")
_RANGE = RULES.regex_of("range_of_days")
_NAME_GAP = re.compile(r"[\s,(]{0,3}")
_RATE = RULES.regex_of("rate")
_ONE_IN_EACH = RULES.regex_of("one_in_each")
_AT_LEAST = RULES.regex_of("at_least")
_FAR = 320
"""Characters between a repetition and the day that it names: `hằng năm, … trước ngày 30/11`."""


def recurring(paragraph: Paragraph, spans: list[tuple[int, int]]) -> Iterator[Limit]:
    """Every limit that repeats, with the day that its clause names for it."""
    text, forbidden = paragraph.text, Spans(paragraph.forbidden)
    times = [time for time in find_times(text) if not forbidden.touch(time.start, time.end)]
    last: Limit | None = None
    for limit in sorted(_repetitions(paragraph, spans, times), key=lambda limit: limit.start):
        if last is not None and limit.start < last.high:
            continue
        if last is not None and limit.rule.endswith(":every_unit") and _LISTED.fullmatch(text, last.high, limit.start):
            last = replace(last, also=(last.also[0] if last.also else limit.start, limit.end))
            continue
        if (
            last is not None
            and last.rule.endswith(":every_unit")
            and _OPENS_A_DAY.fullmatch(text, last.high, limit.start)
        ):
            last = replace(last, also=(limit.start, limit.end), recurrence=limit.recurrence)
            continue
        if last is not None:
            yield last
        last = _with_its_day(text, limit, times, sentence_at(spans, limit.start))
    if last is not None:
        yield last


def _repetitions(paragraph: Paragraph, spans: list[tuple[int, int]], times: list[TimeMention]) -> Iterator[Limit]:
    text, forbidden = paragraph.text, Spans(paragraph.forbidden)
    for start, end, rrule, rule, confidence in _printed(text, spans, times):
        sentence = sentence_at(spans, start)
        clause = clause_start(text, sentence[0], start)
        if forbidden.touch(start, end) or paragraph.closed:
            continue
        cue = RULES.cue_before(text[max(sentence[0], start - REACH) : start], "day", None)
        strong = cue is not None and cue[0].strength == "strong"
        if not strong and tells_what_was(text, clause, start):
            continue
        names_a_day = rule.startswith("time_words.toml:") and rule.rpartition(":")[2] not in _PLAIN | _OPEN
        wanted = _AT_LEAST.search(text, max(sentence[0], start - 16), start) is not None
        if names_a_day or wanted or is_told(text, sentence, start, end):
            begin = max(sentence[0], start - REACH) + cue[1] if cue and strong else start
            yield Limit(begin, end, "recurring", None, None, rrule, False, confidence, rule)


def _printed(
    text: str, spans: list[tuple[int, int]], times: list[TimeMention]
) -> list[tuple[int, int, str | None, str, float]]:
    """(start, end, RRULE, rule, confidence) of the repetitions that may be limits."""
    found: list[tuple[int, int, str | None, str, float]] = []
    ends = [time.end for time in times]
    for repeated in find_recurrences(text):
        plain = repeated.rule in _PLAIN
        several = repeated.rule == "every_unit" and "," in text[repeated.start : repeated.end]
        periodic = text[repeated.start : repeated.start + 4].lower() == "định"
        named = _named_day(text, times, ends, repeated.start)
        if text[repeated.start : repeated.end].lower() == "mỗi ngày":
            continue  # how much a day
        if plain and not periodic and not several and named is None:
            listed = found and _LISTED.fullmatch(text, found[-1][1], repeated.start)
            if not listed and not _is_adverb(text, spans, repeated.start, repeated.end):
                continue
        start, rrule = (repeated.start, repeated.rrule) if named is None else (named.start, repeated.rrule)
        if named is None and repeated.rule in _CALENDAR:
            start, rrule = _with_first_day(text, times, ends, repeated)
        if named is not None and named.span == "memorial" and rrule == "FREQ=YEARLY":
            rrule = f"FREQ=YEARLY;BYMONTH={named.numbers[1]};BYMONTHDAY={named.numbers[0]}"
        confidence = 0.9 if not plain or periodic or named is not None else 0.74
        found.append((start, repeated.end, rrule, f"time_words.toml:{repeated.rule}", confidence))
    known = Spans((start, end) for start, end, *_ in found)
    for match in _PERIODIC.finditer(text):
        if not known.touch(match.start(), match.end()) and TASKS.verb.match(text, match.end()):
            found.append((match.start(), match.end(), None, "deadlines.toml:periodic", 0.82))
    return found


def _named_day(text: str, times: list[TimeMention], ends: list[int], position: int) -> TimeMention | None:
    """The named day right before a repetition: `Ngày Chuyển đổi số quốc gia 10/10 hằng năm`."""
    before = bisect_right(ends, position) - 1
    for number in (before, before + 1):
        if 0 <= number < len(times) and times[number].span in {"memorial", "lunar"} and times[number].year is None:
            time = times[number]
            if time.start < position and (time.end >= position or _NAME_GAP.fullmatch(text, time.end, position)):
                return time
    return None


def _with_first_day(
    text: str, times: list[TimeMention], ends: list[int], repeated: RecurrenceMention
) -> tuple[int, str | None]:
    """Where `từ ngày 01/12 đến ngày 15/12 hằng năm` begins, of which the repetition is the end, and its RRULE; None
    where no single rule says `ngày 30/6 và ngày 15/12 hằng năm`."""
    position = repeated.start
    before = bisect_right(ends, position) - 1
    if before >= 0 and times[before].year is None and times[before].span in {"day", "day_of_month", "month"}:
        first = times[before]
        if gap := _RANGE.fullmatch(text, first.end, position):
            return first.start, _of_both(first, repeated.rrule) if "và" in gap.group() else repeated.rrule
    after = times[before + 1] if before + 1 < len(times) else None
    inside = after is not None and after.year is None and after.start < position
    return after.start if after is not None and inside else position, repeated.rrule


def _of_both(first: TimeMention, rrule: str | None) -> str | None:
    """One rule for the same day of two months."""
    second = re.fullmatch(r"FREQ=YEARLY;BYMONTH=(\d+);BYMONTHDAY=(\d+)", rrule or "")
    if second is None or first.span != "day" or first.numbers[0] != int(second[2]):
        return None
    return f"FREQ=YEARLY;BYMONTH={first.numbers[1]},{second[1]};BYMONTHDAY={second[2]}"


def _with_its_day(text: str, limit: Limit, times: list[TimeMention], sentence: tuple[int, int]) -> Limit:
    """`Hằng năm, trước ngày 15 tháng 12, báo cáo …`: a day without a year behind a repetition belongs to it."""
    falls = _falls_on(text, limit, times)
    if falls is not None:
        return falls
    if not limit.rule.endswith(_WITH_DAYS) or limit.recurrence is None:
        return limit
    listed = _BRACKETS.match(text, limit.end, sentence[1])
    if listed is not None and any(time.year for time in _between(times, limit.end, listed.end())):
        listed = None
    if listed is not None:
        limit = replace(limit, also=(limit.end, listed.end()))
        inside = _between(times, limit.end, listed.end())
        repeated = find_recurrences(listed.group())
        if len(repeated) == 1 and repeated[0].rule not in _PLAIN | _OPEN:
            return replace(limit, recurrence=repeated[0].rrule)
        if len(inside) == 1 and inside[0].span in _DAY_OF:
            frequency, rule = _DAY_OF[inside[0].span](inside[0])
            if (limit.recurrence or "").startswith(frequency):
                return replace(limit, recurrence=f"{limit.recurrence};{rule}", confidence=0.85)
        return limit
    far = min(sentence[1], limit.end + _FAR)
    stop = text.find(";", limit.end, far)
    first = bisect_left(times, limit.end, key=lambda time: time.start)
    time = times[first] if first < len(times) else None
    if time is None or time.year is not None or time.end > (far if stop < 0 else stop):
        return limit
    day = _DAY_OF[time.span](time) if time.span in _DAY_OF else None
    cue = RULES.cue_before(text[max(limit.end, time.start - REACH) : time.start], "day", None)
    if day is None or cue is None or not (limit.recurrence or "").startswith(day[0]):
        return limit
    if find_recurrences(text[time.start : time.end + 30]):
        return limit
    start = max(limit.end, time.start - REACH) + cue[1]
    return replace(limit, also=(start, time.end), recurrence=f"{limit.recurrence};{day[1]}", confidence=0.85)


def _falls_on(text: str, limit: Limit, times: list[TimeMention]) -> Limit | None:
    """`mỗi tháng 1 lần vào ngày 20`, `sáu tháng một lần vào tuần cuối tháng 6 và tháng 12`: the times
    without a year that stand right behind a repetition say when it falls."""
    first = bisect_left(times, limit.end, key=lambda time: time.start)
    days: list[TimeMention] = []
    end = limit.end
    for time in times[first : first + 4]:
        gap = _FALLS_ON if not days else _LISTED
        if time.year is not None or time.span not in _DAY_OF or not gap.fullmatch(text, end, time.start):
            break
        days.append(time)
        end = time.end
    if not days or limit.rule.endswith(":periodic") or find_recurrences(text[days[0].start : end + 30]):
        return None
    rules = set(map(_day_of, days))
    rrule = limit.recurrence
    if len(rules) == 1 and (rrule or "").startswith((frequency := next(iter(rules)))[0]):
        rrule = f"{rrule};{frequency[1]}"
    elif all(time.span in {"month", "quarter"} for time in days):
        rrule = f"FREQ=YEARLY;{','.join(rule for _, rule in map(_day_of, days)).replace(',BYMONTH=', ',')}"
    return replace(limit, also=(limit.end, end), recurrence=rrule, confidence=0.85)


def _between(times: list[TimeMention], start: int, end: int) -> list[TimeMention]:
    first = bisect_left(times, start, key=lambda time: time.start)
    return times[first : bisect_left(times, end, key=lambda time: time.start)]


def _day_of(time: TimeMention) -> tuple[str, str]:
    return _DAY_OF[time.span](time)


def _months_of(quarters: tuple[int, ...]) -> range:
    """The months of a quarter, or from the first of two to the last."""
    return range(3 * quarters[0] - 2, 3 * quarters[-1] + 1)


_DAY_OF: dict[str, Callable[[TimeMention], tuple[str, str]]] = {
    "day": lambda time: ("FREQ=YEARLY", f"BYMONTH={time.numbers[1]};BYMONTHDAY={time.numbers[0]}"),
    "memorial": lambda time: ("FREQ=YEARLY", f"BYMONTH={time.numbers[1]};BYMONTHDAY={time.numbers[0]}"),
    "month": lambda time: ("FREQ=YEARLY", f"BYMONTH={time.numbers[0]}"),
    "quarter": lambda time: ("FREQ=YEARLY", f"BYMONTH={','.join(map(str, _months_of(time.numbers)))}"),
    "day_of_month": lambda time: ("FREQ=MONTHLY", f"BYMONTHDAY={time.numbers[0]}"),
}


def relative_limits(paragraph: Paragraph) -> Iterator[Limit]:
    """Times counted from an event; days only where that event is the issue of this document."""
    text, forbidden = paragraph.text, Spans(paragraph.forbidden)
    for mention in find_relatives(text):
        if RULES.is_blocked(text[max(0, mention.start - REACH) : mention.start], ahead=True):
            continue
        if forbidden.touch(mention.start, mention.end):
            continue
        is_validity = mention.unit == "năm" or "tính đến" in text[mention.end : mention.end + 40]
        if is_validity and not mention.stated_base:
            continue
        days = mention.resolve(paragraph.years.issued) or _from_printed_day(text, mention, paragraph.years)
        if days is None and _EXPLAINS.search(text, max(0, mention.start - 2), mention.start):
            continue
        confidence = (
            0.9
            if mention.own_issue or days
            else (0.6 if mention.rule == "time_after" else 0.8)
            if mention.stated_base
            else 0.6
        )
        yield Limit(
            mention.start, mention.end, mention.kind,
            days.first if days and mention.kind == "within" else None, days.last if days else None,
            None, False, confidence, f"time_words.toml:{mention.rule}",
        )  # fmt: skip


_EXPLAINS = RULES.regex_of("explains")
_IN_BRACKETS = RULES.regex_of("in_brackets")


def _from_printed_day(text: str, mention: RelativeMention, years: DocumentYears) -> Interval | None:
    """The days of `trong 10 ngày kể từ ngày 01/6/2023`, and of `chậm nhất 03 ngày sau ngày bầu cử (26/5/2021)`."""
    if mention.base_start is None:
        return None
    end = min(len(text), mention.end + 14)
    day = next((t for t in find_times(text[mention.base_start : end]) if t.span == "day"), None)
    if day is None:
        return None
    named = day.resolve(years.year_of(day, None, None))
    before = text[mention.base_start : mention.base_start + day.start]
    if named is None or "\n" in before:
        return None
    if _IN_BRACKETS.fullmatch(before):
        return Interval(named.first, named.last)
    counted = (
        _COUNTED_FROM.fullmatch(before) is not None and mention.side == "after" and mention.unit not in {"giờ", "phút"}
    )
    if not counted or not 0 < mention.count <= MAX_COUNT:
        return None
    return Interval(named.first, mention.after(named.first))


_COUNTED_FROM = RULES.regex_of("counted_from")


def _is_adverb(text: str, spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether `hàng năm` says how often something is done, and is no part of a name (`cây hàng năm`)."""
    if _REGULAR_NOUN.search(text, max(0, start - 70), start):
        return False
    if any(label.end() >= start - 2 for label in LABEL.finditer(text, max(0, start - REACH), start)):
        return True
    sentence = sentence_at(spans, start)
    begin = max(begin_of(text, sentence[0], sentence[1]), clause_start(text, sentence[0], start))
    follows = end + len(text[end : end + 4]) - len(text[end : end + 4].lstrip(" ,"))
    if text[start : start + 3].lower() == "mỗi" and (
        _RATE.search(text, max(begin, start - 90), start) or _ONE_IN_EACH.match(text, end)
    ):
        return True
    if not text[begin:start].strip(" ,;:.-–+*•") or text[max(0, start - 2) : start] == ", ":
        return tells_to_do(text, end, min(sentence[1], end + RIGHT))
    if TASKS.verb.match(text, follows) or begins_actor(text, follows) or text[follows : follows + 4].lower() == "mỗi ":
        return True
    if _REGULAR_END.match(text, end, min(len(text), sentence[1])) is None:
        return False
    return _REGULAR_VERB.search(text, max(begin, start - 120), start) is not None
