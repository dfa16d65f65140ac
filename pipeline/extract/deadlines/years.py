"""Which year a document means where it prints none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from pipeline.models import Document
from pipeline.times.dates import find_times, year_for
from pipeline.times.meaning import TimeMention


@dataclass(frozen=True, slots=True)
class DocumentYears:
    """`issued` is the day of issue where all of it is known; `plan` the year or last year that the title or the period
    names; `usual` the year that the document speaks of most; `section` the year that each section's headings name;
    `earliest` the first day of the month of issue where that month is known."""

    issued: date | None
    issued_year: int | None
    plan: int | None
    usual: int | None
    section: tuple[int | None, ...]
    earliest: date | None = None

    @property
    def not_before(self) -> date | None:
        """The day of issue, or the first day of its month where only that is known."""
        return self.issued or self.earliest

    @property
    def present(self) -> int | None:
        """The year in which the document was made, as far as it can be told."""
        return self.issued_year or self.plan or self.usual

    def year_of(self, mention: TimeMention, earlier: int | None, section: int | None) -> int | None:
        """The year to read a mention in: named before it in the same paragraph, by its section, by the title, by the
        date of issue, by the document as a whole."""
        if earlier is not None and (self.issued_year is None or earlier >= self.issued_year):
            return earlier
        named = self.section[section] if section is not None and section < len(self.section) else None
        near = named or self.plan
        if near is not None and self.issued_year is not None and near < self.issued_year:
            near = None
        if near == self.issued_year and mention.span == "day":
            near = None
        if self.not_before is not None:
            return year_for(mention, self.not_before, None if self._prepares(mention, near) else near)
        return near or self.issued_year or self.usual

    def _prepares(self, mention: TimeMention, near: int | None) -> bool:
        """Whether a document of the first nine months prepares a plan for the next year, and the day of its own year
        is still to come: `xây dựng dự toán năm 2023`, of June 2022, says `20/7` of 2022."""
        issued = self.not_before
        if issued is None or near != issued.year + 1 or issued.month > _LAST_OF_PREPARING:
            return False
        here = mention.resolve(issued.year)
        return mention.span in {"day", "days", "month"} and here is not None and here.last > issued


_LAST_OF_PREPARING = 9


def document_years(document: Document) -> DocumentYears:
    """All that a document says about its years, in time linear in its length."""
    issued_on = document.header.issued_on or ""
    issued_year = int(issued_on[:4]) if issued_on[:4].isdecimal() else None
    named: list[int | None] = []
    index = {section.section_id: number for number, section in enumerate(document.sections)}
    for number, section in enumerate(document.sections):
        own = _one_year((section.heading or "")[:300])
        parent = index.get(section.parent_id) if section.parent_id else None
        named.append(own or (named[parent] if parent is not None and parent < number else None))
    return DocumentYears(
        issued=document.header.issued_on_date,
        issued_year=issued_year,
        plan=_plan_year(document),
        usual=_usual_year(document),
        section=tuple(named),
        earliest=_first_of_month(issued_on),
    )


def _first_of_month(issued_on: str) -> date | None:
    try:
        return date.fromisoformat(f"{issued_on[:7]}-01")
    except ValueError:
        return None


def _plan_year(document: Document) -> int | None:
    start, end = document.period_start, document.period_end
    if start and end and start.year == end.year:
        return start.year
    return _one_year((document.header.title or "")[:400])


def _one_year(words: str) -> int | None:
    """The year of `Kế hoạch năm 2021`; None where several are named, or only the date of another document is."""
    years = {m.year for m in find_times(words) if m.year and m.span in {"year", "part_of_year", "quarter", "half_year"}}
    return years.pop() if len(years) == 1 else None


def _usual_year(document: Document) -> int | None:
    """The year that a document names most, else the last year of the dates that it prints."""
    named: Counter[int] = Counter()
    dated: set[int] = set()
    for paragraph in document.paragraphs:
        for mention in find_times(paragraph.text):
            if mention.year and mention.span in {"year", "part_of_year"}:
                named[mention.year] += 1
            elif mention.year and mention.span == "day":
                dated.add(mention.year)
    if named:
        return max(named, key=lambda year: (named[year], year))
    return max(dated, default=None)
