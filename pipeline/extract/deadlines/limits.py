"""Time limits in the text of one paragraph: the grammar behind `deadlines.py`, on plain strings.

A printed time is a limit where the words before it say so (`trước`, `chậm nhất`, `đến hết`), or where it stands in a
sentence that tells somebody to do something (`trong tháng 6`, `vào dịp 19/5`). Dates of other documents, results of the
past and periods in the names of plans are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.extract.deadlines.judgement import COARSE, DAYS, is_open, is_to_come, judged, with_days
from pipeline.extract.deadlines.limit_clauses import with_clauses
from pipeline.extract.deadlines.parts import (
    Kind,
    Limit,
    Paragraph,
    is_striven_for,
    is_told,
    tells_to_do,
    tells_what_was,
)
from pipeline.extract.deadlines.phrases import LABEL, PROGRAMME, RULES
from pipeline.extract.deadlines.repeating import recurring, relative_limits
from pipeline.extract.deadlines.rules import REACH
from pipeline.extract.deadlines.times import PrintedTime, printed_times
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.quantities.clauses import sentences
from pipeline.extract.stretches import Spans, last_match, sentence_at, split_lines

_GOAL_HEADING = RULES.regex_of("goal_heading")
_REACHED = RULES.regex_of("reached")
_WILL_BRING = RULES.regex_of("will_bring")


def find_limits(paragraph: Paragraph) -> list[Limit]:
    """Every time limit of a paragraph, in order, with the clause that it stands in."""
    text = paragraph.text
    spans = [span for start, end in sentences(text) for span in split_lines(text, start, end)]
    limits = list(recurring(paragraph, spans))
    limits += _free(paragraph, limits, relative_limits(paragraph))
    limits += _dated(paragraph, spans, _taken(paragraph, limits))
    limits += _free(paragraph, limits, _undated(paragraph, spans))
    return list(with_clauses(text, spans, sorted(limits, key=lambda limit: limit.start)))


def _taken(paragraph: Paragraph, limits: list[Limit]) -> Spans:
    """Where no further limit may stand: citations, and the limits that are known."""
    return Spans([*paragraph.forbidden, *(stretch for limit in limits for stretch in limit.stretches)])


def _free(paragraph: Paragraph, limits: list[Limit], more: Iterable[Limit]) -> list[Limit]:
    """Those of more limits that overlap none of the known ones."""
    taken = _taken(paragraph, limits)
    return [limit for limit in more if not taken.touch(limit.start, limit.end)]


def _dated(paragraph: Paragraph, spans: list[tuple[int, int]], taken: Spans) -> Iterator[Limit]:
    text = paragraph.text
    last: tuple[PrintedTime, Limit] | None = None
    for time in printed_times(paragraph, taken):
        sentence = sentence_at(spans, time.start)
        before = text[max(sentence[0], time.start - REACH) : time.start]
        found = RULES.cue_before(before, time.mention.span, time.mention.part)
        limit = _by_label(paragraph, sentence, time)
        limit = limit or _of_heading(text, time) or _opens_its_item(paragraph, sentence, time)
        if limit is None and found is not None:
            cue, offset = found
            start = time.start - len(before) + offset
            limit = Limit(
                start, time.end, cue.kind, None, None, None, False, cue.confidence, f"deadlines.toml:{cue.id}"
            )
            limit = judged(paragraph, sentence, time, limit, weak=cue.strength == "weak")
        elif limit is None:
            limit = (
                _of_pair(text, last, time)
                or _until_its_end(paragraph, sentence, time)
                or _without_cue(paragraph, sentence, time)
            )
        if limit is not None and (dated := with_days(limit, time, paragraph.years)) is not None:
            last = (time, limit)
            yield dated


def _undated(paragraph: Paragraph, spans: list[tuple[int, int]]) -> Iterator[Limit]:
    """`xong trước khi bước vào năm học mới`: the event is named, its day is not."""
    text, end = paragraph.text, 0
    if paragraph.closed:
        return
    mentions = ((rule, match) for rule in RULES.undated for match in rule.regex.finditer(text))
    for rule, match in sorted(mentions, key=lambda found: found[1].start("limit")):
        start = match.start("limit")
        sentence = sentence_at(spans, start)
        if start < end or match.end() > sentence[1] or match.start() < sentence[0]:
            continue
        if is_told(text, sentence, start, match.end()) and not tells_what_was(text, sentence[0], start):
            end = match.end()
            yield Limit(start, end, rule.kind, None, None, None, False, rule.confidence, f"deadlines.toml:{rule.id}")


_AND = RULES.regex_of("and_another")


def _of_pair(text: str, last: tuple[PrintedTime, Limit] | None, time: PrintedTime) -> Limit | None:
    """The second time of `trước ngày 15/6 và ngày 15/12`."""
    if last is None or last[0].mention.span != time.mention.span or time.ranged:
        return None
    if time.start - last[0].end > REACH or not _AND.fullmatch(text, last[0].end, time.start):
        return None
    return replace(last[1], start=time.start, end=time.end, confidence=last[1].confidence - 0.08)


def _of_heading(text: str, time: PrintedTime) -> Limit | None:
    """A heading that sets the end of what stands below it: `1. Mục tiêu đến năm 2025`."""
    if time.start > REACH or text[time.end : time.end + 8].strip(" .:;"):
        return None
    words = _GOAL_HEADING.match(text, begin_of(text, 0, time.start), time.start)
    if words is None or words.end() != time.start:
        return None
    return Limit(words.start(), time.end, "by", None, None, None, False, 0.78, "deadlines.toml:goal_heading")


_COLON = re.compile(r"\s{0,3}:(?:\s|$)")
_ITEM_TIMES = frozenset(
    {"day", "days", "week", "month", "months", "quarter", "part_of_year", "half_year", "year", "years"}
)


def _opens_its_item(paragraph: Paragraph, sentence: tuple[int, int], time: PrintedTime) -> Limit | None:
    """`- Quý I: xây dựng kế hoạch`: a time as the label of what is to be done in it, behind it or in the list below."""
    text = paragraph.text
    heads_a_list = not text[time.end :].strip(" :")
    if paragraph.closed and not (paragraph.opening or heads_a_list):
        return None
    if time.mention.span not in _ITEM_TIMES or not _COLON.match(text, time.end):
        return None
    opening = text[begin_of(text, sentence[0], time.start) : time.start].lower().strip(" ,.~-–_")
    told = is_open(time, paragraph.years) or tells_to_do(text, time.end + 1, sentence[1])
    if time.mention.span in COARSE:
        told = time.mention.year is not None and tells_to_do(text, time.end + 1, sentence[1])
    undated = not told and paragraph.years.not_before is None and time.mention.span in DAYS
    if opening not in {"", "trong", "vào", "từ", "đợt"} or not (told or undated):
        return None
    kind: Kind = "on" if time.mention.span == "day" else "within"
    confidence = 0.6 if undated else 0.84
    return Limit(time.start, time.end, kind, None, None, None, False, confidence, "deadlines.toml:label")


def _until_its_end(paragraph: Paragraph, sentence: tuple[int, int], time: PrintedTime) -> Limit | None:
    """`hết tháng 01/2022 phải đạt 45% khối lượng`: the time itself says that it is a limit."""
    if time.mention.part != "hết":
        return None
    limit = Limit(time.start, time.end, "by", None, None, None, False, 0.84, "deadlines.toml:until_the_end_of")
    return judged(paragraph, sentence, time, limit, weak=False)


_LABEL_OF_AN_END = RULES.regex_of("label_of_an_end")


def _by_label(paragraph: Paragraph, sentence: tuple[int, int], time: PrintedTime) -> Limit | None:
    """`Thời gian thực hiện: quý I/2021`."""
    text = paragraph.text
    begin = max(sentence[0], time.start - REACH)
    label = last_match(LABEL, text, begin, time.start)
    if label is None or ":" in text[label.end() : time.start] or ";" in text[label.end() : time.start]:
        return None
    if RULES.is_blocked(text[label.end() : time.start]) and not time.ranged:
        return None
    found = RULES.cue_before(text[label.end() : time.start], time.mention.span, time.mention.part)
    plain_year = time.mention.span == "year" and not time.mention.part and not time.ranged
    if plain_year and found is None and PROGRAMME.search(text, label.end(), time.start):
        return None
    ends = _LABEL_OF_AN_END.search(label.group()) is not None
    kind: Kind = "by" if ends or time.mention.part == "cuối" else "within"
    if time.interval and time.interval.exact and not ends:
        kind = "on"
    if found and not time.ranged and found[0].strength == "strong":
        kind = found[0].kind
    start = label.start() if label.end() + 1 >= time.start - 12 else time.start
    return Limit(start, time.end, kind, None, None, None, False, 0.88, "deadlines.toml:label")


_AFTERWARDS = RULES.regex_of("afterwards")
"""What comes after a day is no limit (`hộ không bàn giao sau ngày 15/12`), unless it is forbidden from then on."""


def _without_cue(paragraph: Paragraph, sentence: tuple[int, int], time: PrintedTime) -> Limit | None:
    """`sửa chữa, làm mới cuối năm 2020 100% nhà ở`, `tổ chức từ ngày 5/3 đến ngày 10/3/2021`."""
    mention = time.mention
    text = paragraph.text
    striven = is_striven_for(text, sentence[0], time.start)
    year_end = mention.part == "cuối" and (mention.year is not None or striven)
    if after := _AFTERWARDS.search(text, max(sentence[0], time.start - 120), time.start):
        limit = Limit(after.start("after"), time.end, "by", None, None, None, False, 0.8, "deadlines.toml:until")
        return judged(paragraph, sentence, time, limit, weak=False) if after["ban"] else None
    ahead = is_to_come(time, paragraph.years)
    fitting = (
        r
        for r in RULES.bare
        if r.fits(mention.span, ranged=time.ranged, year_end=year_end, hour=mention.hour, ahead=ahead)
    )
    rule = next(fitting, None)
    if rule is None:
        return _year_with_result(paragraph, sentence, time)
    found = f"deadlines.toml:{rule.id}"
    limit = Limit(time.start, time.end, rule.kind, None, None, None, False, rule.confidence, found)
    return judged(paragraph, sentence, time, limit, weak=True)


_OPENS_A_CLAUSE = re.compile(r"(?:^|[,;:]|\s[-–+])\s{0,3}(?:[Rr]iêng\s)?$")


def _year_with_result(paragraph: Paragraph, sentence: tuple[int, int], time: PrintedTime) -> Limit | None:
    """A coming year that opens a clause with what it is to bring: `…, năm 2025 đạt trên 75%`."""
    text, present = paragraph.text, paragraph.years.present
    if time.mention.span not in COARSE or time.mention.part or present is None or time.interval is None:
        return None
    striven = time.mention.span == "year" and is_striven_for(text, sentence[0], time.start)
    far = min(sentence[1], time.end + REACH)
    promised = _WILL_BRING.match(text, time.end, far) is not None
    if time.interval.last.year < present + (not striven and not promised):
        return None
    if not striven and not _OPENS_A_CLAUSE.search(text[max(sentence[0], time.start - 12) : time.start]):
        return None
    if not promised and not _REACHED.match(text, time.end, far):
        return None
    limit = Limit(time.start, time.end, "within", None, None, None, False, 0.7, "deadlines.toml:reached")
    return judged(paragraph, sentence, time, limit, weak=True)
