"""What is worked out once for a whole document: how it writes numbers, which of its parts set goals, of which year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.extract.context import Context
from pipeline.extract.cues import TargetCues
from pipeline.extract.numbers import NumberHabit, number_habit
from pipeline.extract.periods import find_periods
from pipeline.models import Document, Section

Days = tuple[dt.date, dt.date]

_HEADING_REACH = 220
_LEAD_REACH = 400
_RUN_IN = 60
_BULLET = re.compile(r"\s{0,4}[-–—+*•]\s?|\s{0,4}\(?\d{1,2}[.)\]/-]|\s{0,4}[a-zđ][).,]\s")


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """`year` is that of issue, `goal_year` the first of those that the document plans for. `heading_weight[n]` speaks
    for (above 0) or against goals in section n, `section_period[n]` is the time that its headings name, `lead[p]`
    the words that lead in the list to which paragraph p belongs."""

    habit: NumberHabit
    year: int | None
    goal_year: int | None
    document_weight: float
    heading_weight: tuple[float, ...]
    section_period: tuple[Days | None, ...]
    lead: tuple[str, ...]
    period: Days | None


def facts_of(context: Context) -> DocumentFacts:
    """The facts of the paragraph's document, worked out at the first call for it."""
    facts = context.memo.get("facts")
    if not isinstance(facts, DocumentFacts):
        facts = context.memo["facts"] = document_facts(context.document)
    return facts


def document_facts(document: Document) -> DocumentFacts:
    """All facts of a document, in time linear in its length."""
    cues = TargetCues.load()
    parents = _parents(document.sections)
    clear: list[float] = []
    weights: list[float] = []
    periods: list[Days | None] = []
    year = _year(document)
    period = _period(document, year)
    for section, parent in zip(document.sections, parents, strict=True):
        heading = _heading(section)
        weight = cues.weight("heading", heading) + cues.weight("heading_start", heading)
        clear.append(weight if weight or parent is None else clear[parent])
        weights.append(clear[-1] or cues.weight("topic", heading) or (weights[parent] if parent is not None else 0.0))
        named = [p for p in find_periods(heading, year) if not p.against]
        own = (named[-1].first, named[-1].last) if named else None
        periods.append(own if own or parent is None else periods[parent])
    return DocumentFacts(
        habit=number_habit("\n".join(p.text for p in document.paragraphs)),
        year=year,
        goal_year=max((y for y in (year, period[0].year if period else None) if y is not None), default=None),
        document_weight=cues.exact_weight("document", document.header.document_type_code),
        heading_weight=tuple(weights),
        section_period=tuple(periods),
        lead=_leads(document, parents),
        period=period,
    )


def _heading(section: Section) -> str:
    """The heading where it is one: an item whose whole sentence was taken for a heading says nothing of its parts."""
    heading = section.heading or _run_in(section.text)
    if heading.rstrip().endswith((".", ";")) and (len(heading) > 140 or any(c.isdigit() for c in heading)):
        return ""
    return heading[:_HEADING_REACH]


def _run_in(text: str) -> str:
    """`Hạn chế: còn 19 thôn …`: the first words of a section that a colon parts from the rest."""
    words, colon, _ = text[:_RUN_IN].partition(":")
    return words if colon and not any(mark in words for mark in ".;,") else ""


def _parents(sections: tuple[Section, ...]) -> list[int | None]:
    index = {s.section_id: n for n, s in enumerate(sections)}
    parents: list[int | None] = []
    for n, section in enumerate(sections):
        parent = index.get(section.parent_id) if section.parent_id else None
        parents.append(parent if parent is not None and parent < n else None)
    return parents


def _year(document: Document) -> int | None:
    issued = document.header.issued_on
    if issued and issued[:4].isdigit():
        return int(issued[:4])
    if document.period_start:
        return document.period_start.year
    return None


def _period(document: Document, year: int | None) -> Days | None:
    if document.period_start and document.period_end:
        return document.period_start, document.period_end
    named = [p for p in find_periods(document.header.title or "", year) if not p.against]
    return (named[-1].first, named[-1].last) if named else None


def _leads(document: Document, parents: list[int | None]) -> tuple[str, ...]:
    """For each paragraph the clause before the nearest `:` that opens a list around it."""
    opened: dict[int | None, str] = {}
    inherited: dict[int, str] = {}
    leads = []
    for paragraph in document.paragraphs:
        section = paragraph.section
        if section is not None and section not in inherited:
            parent = parents[section]
            above = inherited.get(parent, "") if parent is not None else ""
            inherited[section] = opened.get(parent, "") or above
        own = opened.get(section, "")
        leads.append(
            own if own and _BULLET.match(paragraph.text) else inherited.get(section, "") if section is not None else ""
        )
        text = paragraph.text.rstrip()
        if text.endswith(":"):
            opened[section] = text[-_LEAD_REACH:].rpartition(". ")[2]
        elif not _BULLET.match(text):
            opened.pop(section, None)
    return tuple(leads)
