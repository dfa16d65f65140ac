"""The times in a cell of a timetable: `20 – 21/11/2017`, `Sáng 15/3`, `Trước ngày 30/6; quý IV/2024`."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.extract.deadlines.limits import find_limits
from pipeline.extract.deadlines.parts import Limit, Paragraph
from pipeline.extract.deadlines.phrases import RULES
from pipeline.extract.deadlines.years import DocumentYears

_ENDS = RULES.regex_of("heading_of_an_end")
_STRETCH = RULES.regex_of("heading_of_a_stretch")

_LABEL, _LABEL_OF_AN_END = "Thời gian thực hiện: ", "Thời hạn hoàn thành: "
_DONE = RULES.regex_of("done_already")
_DASH = re.compile(r"[—―−~‐‑]")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
_TWO_DAYS = re.compile(r"(?<![\d/.])(\d{1,2})\s?,\s?(?=\d{1,2}\s?/\s?\d)")
_BREAK = RULES.regex_of("break")

_TWO_DATES = re.compile(r"^(\d{1,2}/\d{1,2}/\d{4})\s(\d{1,2}/\d{1,2}/\d{4})$")
_BLURRED = 0.6
"""Two dates with nothing between them are a stretch whose dash the reader lost, or two days: the first is likelier."""

_TIGHT = re.compile(r"(?<=/\d{4})\s?[-–]\s?(?=\d)")
_BARE_DAY = re.compile(
    r"(?<!ngày )(?<!ngày)(?<![\d/.])(?P<day>(?:\d{1,2}\s?[-–]\s?)?\d{1,2}/\d{1,2})(?![\d/])", re.IGNORECASE
)
_PARTS = re.compile(r"\s{0,3};\s{0,3}|\s(?:và|,)\s(?=(?:tháng|quý|trước|ngày)\s)", re.IGNORECASE)


def limits_of_cell(text: str, heading: str, years: DocumentYears, section: int | None) -> list[Limit]:
    """The limits that a cell under a heading of times prints, each once; morning and afternoon of a day are one.

    The positions of the limits are none of the cell's.
    """
    if _DONE.match(text):
        return []
    words, blurred = _TWO_DATES.subn(r"\1 – \2", _spelled(text))
    ends = _ENDS.search(heading) is not None
    label = _LABEL_OF_AN_END if ends and not _STRETCH.search(heading) else _LABEL
    found: dict[tuple[object, ...], Limit] = {}
    for part in _PARTS.split(words):
        for limit in find_limits(Paragraph(label + part, years, section)):
            sure = min(limit.confidence, _BLURRED) if blurred else limit.confidence
            limit = replace(limit, confidence=sure)
            if ends and limit.kind == "on":
                limit = replace(limit, kind="by", due_start=None)
            found.setdefault((limit.kind, limit.due_start, limit.due_end, limit.recurrence), limit)
    return list(found.values())


def _spelled(text: str) -> str:
    """The cell as running text would print it: `ngày` before a bare day and month, one kind of dash, `8h30`."""
    words = _TIGHT.sub(" – ", _DASH.sub("–", _BREAK.sub("", " ".join(text.split()))))
    words = _TWO_DAYS.sub(r"\1 và ", _CLOCK.sub(r"\1h\2", words))
    return _BARE_DAY.sub(r"ngày \g<day>", words)
