"""Time limits in the text of one paragraph: the grammar behind `deadlines.py`, on plain strings.

A printed time is a limit where the words before it say so (`trước`, `chậm nhất`, `đến hết`), or where it stands in a
sentence that tells somebody to do something (`trong tháng 6`, `vào dịp 19/5`). Dates of other documents, results of the
past and periods in the names of plans are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.extract.clauses import sentences
from pipeline.extract.deadline_rules import REACH, DeadlineRules
from pipeline.extract.instructions import begin_of
from pipeline.extract.limit_parts import LEFT, RIGHT, Kind, Limit, Paragraph, clause_start, tells_to_do
from pipeline.extract.repeating import recurring, relative_limits
from pipeline.extract.stretches import Spans, nearer, sentence_at, split_lines
from pipeline.extract.years import DocumentYears
from pipeline.times.dates import Interval, TimeMention, find_times

_COARSE = frozenset({"year", "years"})


# ------------------------------------------------------------------------------------------------------- finding


def find_limits(paragraph: Paragraph) -> list[Limit]:
    """Every time limit of a paragraph, in order, with the clause that it stands in."""
    text = paragraph.text
    spans = [span for start, end in sentences(text) for span in split_lines(text, start, end)]
    repeated = list(recurring(paragraph, spans))
    taken = [*paragraph.forbidden, *((limit.start, limit.end) for limit in repeated)]
    taken += [limit.also for limit in repeated if limit.also]
    known = Spans(taken)
    relative = [limit for limit in relative_limits(paragraph) if not known.touch(limit.start, limit.end)]
    dated = list(_dated(paragraph, spans, Spans([*taken, *((limit.start, limit.end) for limit in relative)])))
    limits = sorted((*repeated, *relative, *dated), key=lambda limit: limit.start)
    return list(_with_clauses(text, spans, limits))


# ------------------------------------------------------------------------------------------------- days and spans


@dataclass(frozen=True, slots=True)
class _Time:
    """One mention, or two joined by `từ … đến …`."""

    start: int
    end: int
    mention: TimeMention
    interval: Interval | None
    ranged: bool


_JOINT = re.compile(r"\s{0,3}(?:đến|tới|-|–|cho đến)\s{0,3}(?:hết\s{1,3})?", re.IGNORECASE)
_FROM = re.compile(r"(?<!\w)(?:kể\s{1,3})?từ(?:\s{1,3}sau)?\s{0,3}$", re.IGNORECASE)


def _times(paragraph: Paragraph, taken: Spans) -> Iterator[_Time]:
    text = paragraph.text
    mentions = find_times(text)
    named: int | None = None
    day: date | None = paragraph.years.issued
    opened: int | None = None
    position = 0
    while position < len(mentions):
        mention = mentions[position] if opened is None else replace(mentions[position], start=opened)
        opened = None
        position += 1
        if taken.touch(mention.start, mention.end) or _is_said_again(text, mentions, position - 1):
            continue
        following = mentions[position] if position < len(mentions) else None
        if following is not None and _is_range(text, mention, following):
            position += 1
            joined = _join(paragraph, mention, following, named)
            if joined is not None:
                yield joined
            named = following.year or named
            continue
        base = day if mention.rule == "same_day" else paragraph.years.issued
        interval = mention.resolve(paragraph.years.year_of(mention, named, paragraph.section), base)
        if interval is not None and mention.span == "day":
            day = interval.first
        if mention.year and mention.span not in {"years"}:
            named = mention.year
        if (
            following is not None
            and interval is not None
            and _IN_BRACKETS.fullmatch(text, mention.end, following.start)
        ):
            exact = following.resolve(paragraph.years.year_of(following, named, paragraph.section))
            if exact is not None and mention.span in _VAGUE and interval.first <= exact.first <= interval.last:
                opened = mention.start
                continue
        begins = mention.span in {"days", "months"} and _FROM.search(text, max(0, mention.start - 12), mention.start)
        yield _Time(begins.start() if begins else mention.start, mention.end, mention, interval, bool(begins))


_SAID_AGAIN = re.compile(r"\s{0,2}\((?:tức )?(?:là )?(?:ngày )?")


def _is_said_again(text: str, mentions: list[TimeMention], position: int) -> bool:
    """Whether a day in brackets only says again which day the time before it is: `ngày mai (18/9)`."""
    mention = mentions[position]
    before = mentions[position - 1] if position else None
    if before is None or mention.span not in {"day", "lunar_day"} or before.span not in {"day", "near", "lunar_day"}:
        return False
    return (
        _SAID_AGAIN.fullmatch(text, before.end, mention.start) is not None
        and text[mention.end : mention.end + 1] == ")"
    )


_VAGUE = frozenset({"week", "month", "quarter", "near"})
_IN_BRACKETS = re.compile(r"\s{0,2}\((?:từ\s{1,2})?")
"""`tuần thứ 3 của tháng 7/2018 (16/7/2018 đến 20/7/2018)`: the brackets say exactly which days."""


def _is_range(text: str, left: TimeMention, right: TimeMention) -> bool:
    gap = text[left.end : right.start]
    if not _JOINT.fullmatch(gap):
        return False
    begins = _FROM.search(text, max(0, left.start - 12), left.start) is not None
    return begins or left.span == right.span


def _join(paragraph: Paragraph, left: TimeMention, right: TimeMention, named: int | None) -> _Time | None:
    year = right.year or paragraph.years.year_of(right, named, paragraph.section)
    last = right.resolve(year)
    if last is None:
        return None
    if left.span == "day_of_month":
        left = replace(left, span="day", numbers=(left.numbers[0], last.last.month))
    first = left.resolve(left.year or last.last.year)
    if first is not None and first.first > last.last:
        first = left.resolve(last.last.year - 1) if left.year is None else None
    match = _FROM.search(paragraph.text, max(0, left.start - 12), left.start)
    start = match.start() if match else left.start
    if first is None:
        return _Time(start, right.end, right, last, False)
    interval = Interval(first.first, last.last, inferred=right.year is None)
    return _Time(start, right.end, replace(right, start=start, part=None), interval, True)


def _dated(paragraph: Paragraph, spans: list[tuple[int, int]], taken: Spans) -> Iterator[Limit]:
    rules = DeadlineRules.load()
    text = paragraph.text
    last: tuple[_Time, Limit] | None = None
    for time in _times(paragraph, taken):
        sentence = sentence_at(spans, time.start)
        before = text[max(sentence[0], time.start - REACH) : time.start]
        found = rules.cue_before(before, time.mention.span, time.mention.part)
        limit = _by_label(paragraph, sentence, time)
        limit = limit or _of_heading(text, time) or _opens_its_item(paragraph, sentence, time)
        if limit is None and found is not None:
            cue, offset = found
            start = time.start - len(before) + offset
            limit = Limit(
                start, time.end, cue.kind, None, None, None, False, cue.confidence, f"deadlines.toml:{cue.id}"
            )
            limit = _judged(paragraph, sentence, time, limit, weak=cue.strength == "weak")
        elif limit is None:
            limit = (
                _of_pair(text, last, time)
                or _until_its_end(paragraph, sentence, time)
                or _without_cue(paragraph, sentence, time)
            )
        if limit is not None and (dated := _with_days(limit, time, paragraph.years)) is not None:
            last = (time, limit)
            yield dated


_AND = re.compile(r"(?:\s{0,3}\([^()\n]{0,60}\))?,?\s{1,3}(?:và|hoặc)\s{1,3}", re.IGNORECASE)


def _of_pair(text: str, last: tuple[_Time, Limit] | None, time: _Time) -> Limit | None:
    """The second time of `trước ngày 15/6 và ngày 15/12`."""
    if last is None or last[0].mention.span != time.mention.span or time.ranged:
        return None
    if time.start - last[0].end > REACH or not _AND.fullmatch(text, last[0].end, time.start):
        return None
    return replace(last[1], start=time.start, end=time.end, confidence=last[1].confidence - 0.08)


def _of_heading(text: str, time: _Time) -> Limit | None:
    """A heading that sets the end of what stands below it: `1. Mục tiêu đến năm 2025`."""
    if time.start > REACH or text[time.end : time.end + 8].strip(" .:;"):
        return None
    words = DeadlineRules.load().goal_heading_regex.match(text, begin_of(text, 0, time.start), time.start)
    if words is None or words.end() != time.start:
        return None
    return Limit(words.start(), time.end, "by", None, None, None, False, 0.78, "deadlines.toml:goal_heading")


_COLON = re.compile(r"\s{0,3}:\s")
_ITEM_TIMES = frozenset({"day", "days", "week", "month", "months", "quarter", "part_of_year", "half_year"})


def _opens_its_item(paragraph: Paragraph, sentence: tuple[int, int], time: _Time) -> Limit | None:
    """`- Quý I: xây dựng kế hoạch`: a time as the label of what is to be done in it."""
    text = paragraph.text
    if time.mention.span not in _ITEM_TIMES or not _COLON.match(text, time.end) or paragraph.closed:
        return None
    opening = text[begin_of(text, sentence[0], time.start) : time.start].lower().strip(" ,")
    told = _is_open(time, paragraph.years) or tells_to_do(text, time.end + 1, sentence[1])
    undated = not told and paragraph.years.not_before is None and time.mention.span in _DAYS
    if opening not in {"", "trong", "vào", "từ", "đợt"} or not (told or undated):
        return None
    kind: Kind = "on" if time.mention.span == "day" else "within"
    confidence = 0.6 if undated else 0.84
    return Limit(time.start, time.end, kind, None, None, None, False, confidence, "deadlines.toml:label")


def _until_its_end(paragraph: Paragraph, sentence: tuple[int, int], time: _Time) -> Limit | None:
    """`hết tháng 01/2022 phải đạt 45% khối lượng`: the time itself says that it is a limit."""
    if time.mention.part != "hết":
        return None
    limit = Limit(time.start, time.end, "by", None, None, None, False, 0.84, "deadlines.toml:until_the_end_of")
    return _judged(paragraph, sentence, time, limit, weak=False)


def _by_label(paragraph: Paragraph, sentence: tuple[int, int], time: _Time) -> Limit | None:
    """`Thời gian thực hiện: quý I/2021`."""
    rules, text = DeadlineRules.load(), paragraph.text
    begin = max(sentence[0], time.start - REACH)
    label = None
    for match in rules.label_regex.finditer(text, begin, time.start):
        label = match
    if label is None or ":" in text[label.end() : time.start] or ";" in text[label.end() : time.start]:
        return None
    if rules.is_blocked(text[label.end() : time.start]) and not time.ranged:
        return None
    found = rules.cue_before(text[label.end() : time.start], time.mention.span, time.mention.part)
    ends = re.search(r"^(?:hạn|thời hạn|tiến độ)|hoàn thành|gửi|nộp", label.group(), re.IGNORECASE) is not None
    kind: Kind = "by" if ends or time.mention.part == "cuối" else "within"
    if time.interval and time.interval.exact and not ends:
        kind = "on"
    if found and not time.ranged and found[0].strength == "strong":
        kind = found[0].kind
    start = label.start() if label.end() + 1 >= time.start - 12 else time.start
    return Limit(start, time.end, kind, None, None, None, False, 0.88, "deadlines.toml:label")


def _judged(paragraph: Paragraph, sentence: tuple[int, int], time: _Time, limit: Limit, *, weak: bool) -> Limit | None:
    """The limit, unless the words around it say that it is none."""
    rules, text = DeadlineRules.load(), paragraph.text
    left = text[max(sentence[0], limit.start - REACH) : limit.start]
    ahead = _is_to_come(time, paragraph.years)
    if rules.is_blocked(left, ahead=ahead) or rules.done_after_regex.match(
        text, time.end, min(len(text), time.end + 90)
    ):
        return None
    clause = clause_start(text, sentence[0], limit.start)
    if rules.done_before_regex.search(text, max(clause, limit.start - 120), limit.start) and weak:
        return None
    if (
        time.mention.span in _COARSE
        and not time.mention.part
        and not time.ranged
        and _names_a_plan(text, clause, limit, time)
    ):
        return None
    if time.mention.span == "years" and not _is_ahead(time, paragraph.years):
        return None
    if weak:
        if paragraph.closed or _is_purpose(text, sentence[0], limit.start, sentence[1]):
            return None
        if not tells_to_do(text, max(sentence[0], limit.start - 500), min(sentence[1], time.end + RIGHT)):
            if not ahead:
                return None
            limit = replace(limit, confidence=limit.confidence - 0.04)
        if time.mention.span == "year" and limit.kind == "within":
            limit = replace(limit, confidence=min(limit.confidence, 0.62))
    return limit


def _is_ahead(time: _Time, years: DocumentYears) -> bool:
    """A period that ends in the year of the document is what plans look back on."""
    if time.mention.name in {"nhiệm kỳ", "thời kỳ"}:
        return False
    return time.interval is None or years.present is None or time.interval.last.year > years.present


_PRECISE = frozenset({"day", "days", "week", "month", "months", "quarter", "near", "lunar_day"})


def _is_to_come(time: _Time, years: DocumentYears) -> bool:
    """Whether a day or month begins after the day of issue: what an order or plan names ahead is its schedule."""
    if years.not_before is None or time.interval is None or time.mention.span not in _PRECISE:
        return False
    return time.interval.first > years.not_before


_DAYS = frozenset({"day", "days"})


def _is_open(time: _Time, years: DocumentYears) -> bool:
    """Whether it is to come, or has begun when the document is issued and goes on after that day."""
    if time.ranged and time.interval is not None and years.not_before is not None:
        return time.interval.last > years.not_before
    return _is_to_come(time, years)


_PURPOSE = re.compile(r"\s{0,4}(?:để|nhằm|phát huy|thực hiện)\s", re.IGNORECASE)


def _is_purpose(text: str, start: int, position: int, end: int) -> bool:
    """Whether the time stands in the opening purpose of a sentence: `Để thực hiện … trong năm 2020, … yêu cầu …`."""
    match = _PURPOSE.match(text, start)
    if match is None:
        return False
    comma = text.find(", ", position, min(end, position + LEFT))
    return (
        comma > 0
        and re.search(r"(?<!\w)(?:yêu cầu|đề nghị|ban hành|xây dựng kế hoạch)\s", text[comma : min(end, comma + LEFT)])
        is not None
    )


_OWN_YEAR = (
    ":at_latest", ":before", ":completed_within", ":reached", ":term", ":until_the_end_of", ":within",
)  # fmt: skip
"""Ways whose year never belongs to the name of a plan."""


def _names_a_plan(text: str, clause: int, limit: Limit, time: _Time) -> bool:
    """Whether a year or period belongs to the name of a plan: `Chương trình … giai đoạn 2021 - 2025`."""
    if limit.rule.endswith(_OWN_YEAR) and time.mention.span == "year":
        return False
    words = text[clause : time.start]
    programmes = list(DeadlineRules.load().programme_regex.finditer(words))
    if not programmes:
        return False
    after = words[programmes[-1].end() :]
    return re.search(r"(?<!\w)(?:phấn đấu|hoàn thành|đạt|, )", after) is None or time.mention.span == "years"


_AFTERWARDS = re.compile(
    r"(?:(?<!\w)(?P<ban>(?:kiên quyết|tuyệt đối) không|không (?:được|để|cho)|nghiêm cấm)\s[^.;:,]{3,90}?)?"
    r"(?<!\w)(?P<after>sau)\s{1,3}$",
    re.IGNORECASE,
)
"""What comes after a day is no limit (`hộ không bàn giao sau ngày 15/12`), unless it is forbidden from then on."""


def _without_cue(paragraph: Paragraph, sentence: tuple[int, int], time: _Time) -> Limit | None:
    """`sửa chữa, làm mới cuối năm 2020 100% nhà ở`, `tổ chức từ ngày 5/3 đến ngày 10/3/2021`."""
    mention = time.mention
    year_end = mention.part == "cuối" and mention.year is not None
    rules = DeadlineRules.load().bare
    if after := _AFTERWARDS.search(paragraph.text, max(sentence[0], time.start - 120), time.start):
        limit = Limit(after.start("after"), time.end, "by", None, None, None, False, 0.8, "deadlines.toml:until")
        return _judged(paragraph, sentence, time, limit, weak=False) if after["ban"] else None
    ahead = _is_to_come(time, paragraph.years)
    fitting = (
        r for r in rules if r.fits(mention.span, ranged=time.ranged, year_end=year_end, hour=mention.hour, ahead=ahead)
    )
    rule = next(fitting, None)
    if rule is None:
        return _year_with_result(paragraph, sentence, time)
    found = f"deadlines.toml:{rule.id}"
    limit = Limit(time.start, time.end, rule.kind, None, None, None, False, rule.confidence, found)
    return _judged(paragraph, sentence, time, limit, weak=True)


_OPENS_A_CLAUSE = re.compile(r"(?:^|[,;:]|\s[-–+])\s{0,3}$")


def _year_with_result(paragraph: Paragraph, sentence: tuple[int, int], time: _Time) -> Limit | None:
    """A coming year that opens a clause with what it is to bring: `…, năm 2025 đạt trên 75%`."""
    text, present = paragraph.text, paragraph.years.present
    rules, before = DeadlineRules.load(), text[max(sentence[0], time.start - 16) : time.start]
    if time.mention.span not in _COARSE or time.mention.part or present is None or time.interval is None:
        return None
    striven = time.mention.span == "year" and rules.striven_regex.search(before) is not None
    if time.interval.last.year < present + (not striven):
        return None
    if not striven and not _OPENS_A_CLAUSE.search(text[max(sentence[0], time.start - 6) : time.start]):
        return None
    if not rules.reached_regex.match(text, time.end, min(sentence[1], time.end + REACH)):
        return None
    limit = Limit(time.start, time.end, "within", None, None, None, False, 0.7, "deadlines.toml:reached")
    return _judged(paragraph, sentence, time, limit, weak=True)


def _with_days(limit: Limit, time: _Time, years: DocumentYears) -> Limit | None:
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
    if kind == "on" and not interval.exact:
        kind = "by" if time.mention.part == "cuối" else "within"
    if kind == "within" and time.mention.part == "cuối" and time.mention.span in {"year", "quarter"}:
        kind = "by"
    due_start = interval.first if kind in {"within", "on"} else None
    due_end = interval.first if kind == "before" and time.mention.part != "cuối" else interval.last
    if limit.rule.endswith((":start", ":from")):
        due_end_or_none = None
        return replace(
            limit, kind="within", due_start=interval.first, due_end=due_end_or_none, inferred=interval.inferred
        )
    confidence = limit.confidence - 0.08 * interval.inferred - 0.12 * interval.rough
    return replace(
        limit, kind=kind, due_start=due_start, due_end=due_end, inferred=interval.inferred, confidence=confidence
    )


_ANNIVERSARY = timedelta(days=3 * 366)
"""Longer from day to day is an anniversary: `(19/5/1890 - 19/5/2025)`."""

_JUST_OVER = timedelta(days=31)
"""A schedule that is issued late lists periods that have just ended."""


def _is_past(interval: Interval, years: DocumentYears) -> bool:
    if years.not_before is not None:
        return interval.last < years.not_before
    return years.issued_year is not None and interval.last.year < years.issued_year


# ------------------------------------------------------------------------------------------- the clause of a limit


def _with_clauses(text: str, spans: list[tuple[int, int]], limits: list[Limit]) -> Iterator[Limit]:
    """Each limit with the clause that holds its task; two limits share none of it."""
    for number, limit in enumerate(limits):
        sentence = sentence_at(spans, limit.start)
        low, high = limit.low, limit.high
        left = max(clause_start(text, sentence[0], low), sentence[0])
        far = max(high, min(sentence[1], high + 2 * RIGHT))
        right = text.find(";", high, far)
        right = far if right < 0 else right
        if number and limits[number - 1].high > left:
            left = min(_between(text, limits[number - 1], limit), low)
        if number + 1 < len(limits) and limits[number + 1].low < right:
            right = max(_between(text, limit, limits[number + 1]), high)
        left = nearer(text, left, low, LEFT, from_left=True)
        right = nearer(text, high, right, RIGHT, from_left=False)
        begin = begin_of(text, left, low) if left == sentence[0] else left
        start = begin + len(text[begin:right]) - len(text[begin:right].lstrip(" ,;:.-–+*•\n"))
        end = max(high, start + len(text[start:right].rstrip(" ,;:./\n")))
        yield replace(limit, quote_start=min(start, low), quote_end=end)


def _between(text: str, first: Limit, second: Limit) -> int:
    """Where the clause of one limit ends and that of the next begins: at the comma right behind the first, whose task
    then stands before it, else at the last one between them."""
    if text[first.high : first.high + 2].lstrip()[:1] == ",":
        return first.high
    comma = text.rfind(", ", first.high, max(first.high, second.low))
    return comma if comma >= 0 else first.high
