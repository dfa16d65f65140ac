"""What is worked out once for a whole document: how it writes numbers, which of its parts set goals, of which year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.extract.context import Context
from pipeline.extract.quantities.numbers import NumberHabit, number_habit
from pipeline.extract.targets.cues import TargetCues
from pipeline.models import Document, Section
from pipeline.times.periods import find_periods

Days = tuple[dt.date, dt.date]

_HEADING_REACH = 220
_LEAD_REACH = 400
_RUN_IN = 60
_NAME_REACH = 160
_IN_A_NAME = re.compile(
    r"(?<!\w)(?:Chương trình|Nghị quyết|Quyết định|Đề án|Luật|Chỉ thị|Kết luận|Chiến lược|Quy hoạch|Nghị định|số \d)"
    r"[^,;:.]{1,150}$"
)
_NAMED_RESULT = re.compile(
    r"\W{0,4}kết quả (?!thực hiện|đạt được|công tác|triển khai|chủ yếu|lãnh đạo|năm|nổi bật|bước đầu|cụ thể|như|đã)\w",
    re.IGNORECASE,
)
"""`Kết quả học tập: Tốt 15%` among goals names what is to be reached."""
_REPORTS = re.compile(
    r"\W{0,4}báo cáo(?: \w{1,10}){0,3} (?:tình hình|kết quả|đánh giá|tổng kết|sơ kết)(?!\w)", re.IGNORECASE
)
GOALS = 1.5
"""Weight of a heading from which on its section says what shall be."""
_BULLET = re.compile(r"\s{0,4}[-–—+*•]\s?|\s{0,4}\(?\d{1,2}[.)\]/-]|\s{0,4}[a-zđ][).,]\s")


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """`year` is that of issue, `goal_year` the first of those that the document plans for. `heading_weight[n]` speaks
    for (above 0) or against goals in section n, `section_period[n]` is the time that its headings name, `lead[p]`
    the words that lead in the list to which paragraph p belongs (none below a heading that says more), `list_period[p]`
    the time that these name, and `own_list_period[p]` the same where they stand in the paragraph's own section: nearer
    than its heading. `plans` is true where the title or some heading names goals, `headed` where something above the
    body says what document it is."""

    habit: NumberHabit
    year: int | None
    goal_year: int | None
    document_weight: float
    heading_weight: tuple[float, ...]
    section_period: tuple[Days | None, ...]
    lead: tuple[str, ...]
    own_list_period: tuple[Days | None, ...]
    list_period: tuple[Days | None, ...]
    period: Days | None
    plans: bool = True
    headed: bool = True


def facts_of(context: Context) -> DocumentFacts:
    """The facts of the paragraph's document, worked out at the first call for it."""
    facts = context.memo.get("facts")
    if not isinstance(facts, DocumentFacts):
        facts = context.memo["facts"] = document_facts(context.document)
    return facts


def document_facts(document: Document) -> DocumentFacts:
    """All facts of a document, in time linear in its length."""
    cues, header = TargetCues.load(), document.header
    parents = parents_of(document.sections)
    speaks: list[bool] = []
    clear: list[float] = []
    weights: list[float] = []
    periods: list[Days | None] = []
    year = _year(document)
    period = _period(document, year)
    for section, parent in zip(document.sections, parents, strict=True):
        heading = _heading(section)
        among_goals = parent is not None and clear[parent] >= GOALS
        named = among_goals and _NAMED_RESULT.match(heading)
        weight = 0.0 if named else cues.weight("heading", heading) + cues.weight("heading_start", heading)
        speaks.append(bool(weight))
        clear.append(weight if weight or parent is None else clear[parent])
        weights.append(clear[-1] or cues.weight("topic", heading) or (weights[parent] if parent is not None else 0.0))
        own = _named(heading, year)
        periods.append(own if own or parent is None else periods[parent])
    leads = _leads(document, parents, speaks)
    kind = cues.exact("document", header.document_type_code or _first_words(document))
    named_by = {lead.words: _named(lead.words, year) for lead in leads}
    return DocumentFacts(
        habit=number_habit("\n".join(p.text for p in document.paragraphs)),
        year=year,
        goal_year=_goal_year(year, period),
        document_weight=kind.weight if kind else 0.0,
        heading_weight=tuple(weights),
        section_period=tuple(periods),
        lead=tuple(lead.words if lead.heard else "" for lead in leads),
        own_list_period=tuple(named_by[lead.words] if lead.own else None for lead in leads),
        list_period=tuple(named_by[lead.words] for lead in leads),
        period=period,
        plans=any(weight >= GOALS for weight in weights) or cues.weight("heading", header.title or "") > 0,
        headed=any((header.document_type, header.reference_number, header.issuer)),
    )


def _first_words(document: Document) -> str | None:
    """The code of a report without a header that can be read: its text begins with what it is."""
    first = next((p.text for p in document.paragraphs if p.text.strip()), "")
    return "BC" if _REPORTS.match(first) else None


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


def parents_of(sections: Sequence[Section]) -> list[int | None]:
    """For each section the number of the one around it; none where that comes later, which only a broken tree has."""
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
    titled = [p for p in find_periods(document.header.title or "", year) if not p.against]
    planned = [p for p in titled if not p.outlook]
    if planned and len(planned) < len(titled):
        return planned[-1].first, planned[-1].last
    if document.period_start and document.period_end:
        return document.period_start, document.period_end
    return (titled[-1].first, titled[-1].last) if titled else None


def _goal_year(year: int | None, period: Days | None) -> int | None:
    """A plan of December is for the year to come; what looks further ahead has goals for the years between too."""
    if year is None or period is None:
        return period[0].year if period else year
    return max(year, min(period[0].year, year + 1))


def _named(words: str, year: int | None) -> Days | None:
    """The time that a heading or a lead names: not that of a document's name, nor an outlook beside the plan's own."""
    named = [p for p in find_periods(words, year) if not p.against]
    named = [p for p in named if not _IN_A_NAME.search(words, max(0, p.start - _NAME_REACH), p.start)]
    chosen = [p for p in named if not p.outlook] or named
    return (chosen[-1].first, chosen[-1].last) if chosen else None


class _Lead(NamedTuple):
    """Words that lead in a list: whether the section of the list's items holds them, and whether they still tell what
    its numbers are: below a heading that says so itself (`Điều 1. Thông qua đánh giá kết quả … sau:`, then `II. CHỈ
    TIÊU NĂM 2016`) they do not."""

    words: str
    own: bool = False
    heard: bool = True


def _leads(document: Document, parents: list[int | None], speaks: Sequence[bool]) -> tuple[_Lead, ...]:
    """For each paragraph the clause before the nearest `:` that opens a list around it. `speaks[n]` is true where the
    heading of section n tells goals or results itself."""
    opened: dict[int | None, str] = {}
    inherited: dict[int, _Lead] = {}
    leads = []
    for paragraph in document.paragraphs:
        section = paragraph.section
        if section is not None and section not in inherited:
            parent = parents[section]
            above = inherited.get(parent, _Lead("")) if parent is not None else _Lead("")
            nearest = _Lead(opened[parent]) if opened.get(parent) else above
            inherited[section] = nearest._replace(heard=nearest.heard and not speaks[section])
        own = opened.get(section, "")
        if own and _BULLET.match(paragraph.text):
            leads.append(_Lead(own, own=True))
        else:
            leads.append(inherited[section] if section is not None else _Lead(""))
        text = paragraph.text.rstrip()
        if text.endswith(":"):
            opened[section] = text[-_LEAD_REACH:].rpartition(". ")[2]
        elif not _BULLET.match(text):
            opened.pop(section, None)
    return tuple(leads)
