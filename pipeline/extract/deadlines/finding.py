"""Time limits on tasks: the spaCy component `chithi_deadlines`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.context import Context, add_found, context_of
from pipeline.extract.deadlines.limits import find_limits
from pipeline.extract.deadlines.parts import Limit, Paragraph
from pipeline.extract.deadlines.phrases import RULES
from pipeline.extract.deadlines.timetables import limits_of_cell
from pipeline.extract.deadlines.years import DocumentYears, document_years
from pipeline.extract.directives.actors import is_person_in_charge, tidy
from pipeline.extract.directives.finding import tasks_of
from pipeline.extract.directives.governors import TOLD_ROLES
from pipeline.extract.doubt import UNSURE, as_read
from pipeline.extract.tables.tasks import TaskRow
from pipeline.models import Deadline, ParagraphRole


def years_of(context: Context) -> DocumentYears:
    """The years of the paragraph's document, worked out at the first call for it."""
    years = context.memo.get("years")
    if not isinstance(years, DocumentYears):
        years = context.memo["years"] = document_years(context.document)
    return years


def find_deadlines(context: Context) -> list[tuple[int, int, Deadline]]:
    """(start, end, deadline) of every time limit of one paragraph."""
    paragraph, tasks = context.paragraph, tasks_of(context)
    if paragraph.role is ParagraphRole.TABLE_ROW:
        row = tasks.rows.get(context.index)
        return _of_row(context, row) if row is not None and not tasks.results[context.index] else []
    if paragraph.role not in TOLD_ROLES or tasks.results[context.index]:
        return []
    limits = find_limits(
        Paragraph(
            paragraph.text,
            years_of(context),
            paragraph.section,
            tuple(_forbidden(context)),
            closed=paragraph.role is ParagraphRole.PREAMBLE
            or (paragraph.role is ParagraphRole.HEADING and not _is_sentence(paragraph.text)),
            opening=paragraph.role is ParagraphRole.PREAMBLE,
        )
    )
    return [(li.quote_start, li.quote_end, _deadline(context, li)) for li in limits]


_LONG_HEADING = 120


def _is_sentence(heading: str) -> bool:
    """Whether a numbered part of one paragraph, which stands as a heading, is a sentence and no title."""
    return len(heading) > _LONG_HEADING or heading.rstrip(" /").endswith((".", ";"))


_DATE_OF_A_DOCUMENT = RULES.regex_of("date_of_a_document")


def _forbidden(context: Context) -> Iterator[tuple[int, int]]:
    """Spans of citations, and dates that stand behind a reference number."""
    for citation in context.citations:
        yield citation.start, citation.end
    for match in _DATE_OF_A_DOCUMENT.finditer(context.paragraph.text):
        yield match.span()


def _deadline(context: Context, limit: Limit) -> Deadline:
    actor = None
    for instruction in tasks_of(context).instructions[context.index]:
        inside = instruction.start <= limit.start < max(instruction.end, instruction.start + 1)
        if inside or (actor is None and limit.start <= instruction.start < limit.quote_end):
            actor = instruction.actor
    text = context.paragraph.text
    edges = [limit.quote_start, *(edge for stretch in limit.stretches for edge in stretch), limit.quote_end]
    task = tidy(" ".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)))
    if actor and task.startswith(actor):
        task = tidy(task[len(actor) :])
    return Deadline(
        deadline_id="",
        evidence=context.evidence(limit.quote_start, limit.quote_end, round(_trusted(context, limit), 3), limit.rule),
        kind=limit.kind,
        due_start=limit.due_start,
        due_end=limit.due_end,
        recurrence=limit.recurrence,
        task=task or None,
        actor=actor,
        inferred=limit.inferred,
    )


_FIGURES = re.compile(r"\d\S{0,12}|(?<!\w)[IVX]{1,4}(?!\w)\S{0,8}")
# `quý II//2018` may have been III: a scanner takes a stroke for a slash.
_STROKE_AS_SLASH = re.compile(r"(?<!\w)I{1,3}\s?[/⁄∕]{2}")


def _trusted(context: Context, limit: Limit) -> float:
    """The confidence of a limit, lowered where its figures were read with doubt."""
    text = context.paragraph.text
    confidence = limit.confidence
    if _STROKE_AS_SLASH.search(text, limit.start, limit.end):
        confidence = min(confidence, UNSURE)
    for figures in _FIGURES.finditer(text, limit.start, limit.end):
        confidence = min(confidence, as_read(context, *figures.span(), limit.confidence))
    return confidence


def _of_row(context: Context, row: TaskRow) -> list[tuple[int, int, Deadline]]:
    """The limits of a row of a table of tasks or times, from its column of times."""
    cell, told = row.at(row.columns.time), row.tells()
    if cell is None:
        return []
    limits = limits_of_cell(cell.text, row.columns.time_heading, years_of(context), context.paragraph.section)
    own = [c.text for c in told] or [row.task_above]
    task = "; ".join(dict.fromkeys(tidy(words) for words in (*own, *row.tasks_below)))
    if not limits or len(task) < 4:
        return []
    lead = row.at(row.columns.lead) if row.columns.task is not None else None
    led = tidy(lead.text) if lead is not None else None
    used = (cell, *told)
    quote_start, quote_end = min(c.start for c in used), max(c.end for c in used)
    found = []
    for limit in limits:
        deadline = _deadline(
            context, replace(limit, start=cell.start, end=cell.end, quote_start=quote_start, quote_end=quote_end)
        )
        actor = led if led and is_person_in_charge(led) else deadline.actor
        found.append((quote_start, quote_end, replace(deadline, task=task, actor=actor)))
    return found


@Language.component("chithi_deadlines")
def deadlines(doc: Doc) -> Doc:
    """Puts every time limit of the paragraph under `doc.spans["deadlines"]`."""
    for start, end, deadline in find_deadlines(context_of(doc)):
        add_found(doc, "deadlines", start, end, deadline)
    return doc
