"""When a target holds: the times that its paragraph names, near the number or far from it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from pipeline.extract.context import Context
from pipeline.extract.quantities.clauses import Clause
from pipeline.extract.targets.facts import Days, DocumentFacts
from pipeline.times.periods import Period, find_periods

_COMPARED_WITH = re.compile(r"(?<!\w)(?:so|bằng|gấp|cùng kỳ|vượt)(?: [^\W\d]{1,9}){0,5} $", re.IGNORECASE)
"""`so với ước thực hiện năm 2004`"""
_REACH = 48
_OF_NUMBER = re.compile(r"\s?\(?(?:(?:của|vào|trong|cuối|đầu|thực hiện)\s){0,2}")
"""What may part a number from its own year: `5,2% năm 2023`."""
_LIST_REACH = 2_000
_MANY = 24


class Times:
    """The times of one paragraph, those left out that others are only compared with or that belong to a baseline.

    `baselines` are the ends of the numbers from which others start.
    """

    def __init__(self, text: str, year: int | None, baselines: Iterable[int] = ()) -> None:
        taken = {match.end() for end in baselines if (match := _OF_NUMBER.match(text, end))}
        self._text = text
        self._periods = [
            p
            for p in find_periods(text, year)
            if not p.against
            and p.start not in taken
            and not _COMPARED_WITH.search(text, max(0, p.start - _REACH), p.start)
        ]
        self._starts = [p.start for p in self._periods]

    def between(self, start: int, end: int) -> list[Period]:
        """Those that begin in `text[start:end]`, at most the last few."""
        last = bisect_left(self._starts, end)
        return self._periods[max(bisect_left(self._starts, start), last - _MANY) : last]

    def _first(self, start: int, end: int) -> Period | None:
        """The first that begins in `text[start:end]`."""
        index = bisect_left(self._starts, start)
        return self._periods[index] if index < len(self._periods) and self._starts[index] < end else None

    def _own(self, clause: Clause) -> Period | None:
        """The one right behind a number: `5,2% năm 2023`."""
        gap = _OF_NUMBER.match(self._text, clause.quantity.end)
        return self._first(gap.end(), gap.end() + 1) if gap else None

    def weight(self, clause: Clause, facts: DocumentFacts, *, reports: bool) -> float:
        """Past years speak against a target, years to come for it; in what reports, the year itself is past too."""
        first = facts.year if reports else facts.goal_year
        if first is None:
            return 0.0
        start = clause.quantity.start
        own = self._own(clause)
        near = [own] if own else self.between(max(clause.before_start, clause.sentence_start), start)
        near = near or self.between(start, clause.after_end) or self.between(clause.sentence_start, start)
        if not near:
            return 0.0
        latest = max(p.last.year for p in near)
        if latest < first:
            return -3.5
        if latest > first:
            return 2.0 if reports else 1.0
        return -1.5 if reports else 0.4

    def of(self, clause: Clause, facts: DocumentFacts, context: Context) -> Days | None:
        """The time a target holds for: named beside it, earlier in its sentence, by its list, its section, the
        document."""
        text, quantity, begin = self._text, clause.quantity, clause.sentence_start
        own = self._own(clause)
        if own:
            return own.first, own.last
        opening = max(text.rfind(";", max(begin, quantity.start - 800), quantity.start), begin)
        closing = text.find(";", quantity.end, clause.after_end)
        before = self.between(opening, quantity.start)
        after = self._first(quantity.end, closing if closing >= 0 else clause.after_end)
        if not before and after is None and opening > begin:
            first = text.find(";", begin, min(quantity.start, begin + _LIST_REACH))
            before = self.between(begin, text.find(":", begin, first)) if first >= 0 else []
        if before and (before[-1].start >= clause.before_start or after is None):
            return before[-1].first, before[-1].last
        if after is not None:
            return after.first, after.last
        section = context.paragraph.section
        return (
            facts.own_list_period[context.index]
            or (facts.section_period[section] if section is not None else None)
            or facts.list_period[context.index]
            or facts.period
        )
