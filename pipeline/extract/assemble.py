"""From what the components found to an `Extraction`: order, ids, and what belongs together.

Ids are `{document_id}.t1` (targets), `.p1` (percentages), `.d1` (deadlines), `.a1` (directives), `.c1` (citations),
counted in document order, so that the same file always has the same ids.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from spacy.tokens import Doc

from pipeline.extract.context import LocatedCitation
from pipeline.models import Citation, Deadline, Directive, Document, Extraction, Percentage, Target
from pipeline.times.periods import find_periods

_NEAR = 200
"""Characters around a target in which a period is its own."""
_CLAUSE_MARKS = ";\n\t"
_SENTENCE_MARKS = (". ", "? ", "! ")


@dataclass(slots=True)
class Found:
    """One result with its place in its paragraph, and the id that it gets."""

    paragraph: int
    start: int
    end: int
    value: Any
    id: str = ""


@dataclass(slots=True)
class Gathered:
    """All results of one document, by kind."""

    targets: list[Found] = field(default_factory=list)
    percentages: list[Found] = field(default_factory=list)
    deadlines: list[Found] = field(default_factory=list)
    directives: list[Found] = field(default_factory=list)

    def add(self, index: int, doc: Doc) -> None:
        """Takes the finished spans of a paragraph."""
        for key in ("targets", "percentages", "deadlines", "directives"):
            into: list[Found] = getattr(self, key)
            into.extend(Found(index, s.start_char, s.end_char, s._.found) for s in doc.spans.get(key, ()))


def assemble(document: Document, citations: Sequence[LocatedCitation], gathered: Gathered) -> Extraction:
    """The extraction of a document: ids given, targets and deadlines linked, directives told of both."""
    name = document.document_id
    targets = _numbered(gathered.targets, f"{name}.t")
    percentages = _numbered(gathered.percentages, f"{name}.p")
    deadlines = _numbered(gathered.deadlines, f"{name}.d")
    directives = _numbered(gathered.directives, f"{name}.a")
    in_order = sorted(citations, key=lambda c: (c.paragraph, c.start, c.end))
    texts = [p.text for p in document.paragraphs]
    deadline_ids = _deadline_of(texts, targets, deadlines)
    limits = {d.id: d for d in deadlines}
    limit_places, target_places = _places(deadlines), _places(targets)
    by_place = {(t.paragraph, t.start): t.id for t in targets}
    return Extraction(
        targets=tuple(_target(t, limits.get(deadline_ids.get(t.id, "")), texts[t.paragraph]) for t in targets),
        percentages=tuple(_percentage(p, by_place.get((p.paragraph, p.start))) for p in percentages),
        deadlines=tuple(_deadline(d) for d in deadlines),
        directives=tuple(
            _directive(d, _inside(d, deadlines, limit_places), _inside(d, targets, target_places)) for d in directives
        ),
        citations=tuple(_citation(c.citation, f"{name}.c{n}") for n, c in enumerate(in_order, 1)),
    )


def _numbered(found: Iterable[Found], prefix: str) -> list[Found]:
    in_order = sorted(found, key=lambda f: (f.paragraph, f.start, f.end))
    for number, item in enumerate(in_order, 1):
        item.id = f"{prefix}{number}"
    return in_order


def _target(found: Found, limit: Found | None, text: str) -> Target:
    target: Target = found.value
    if limit is None:
        return replace(target, target_id=found.id)
    target = _until(target, limit.value, text[max(0, found.start - _NEAR) : found.end + _NEAR])
    return replace(target, target_id=found.id, deadline_id=limit.id)


def _until(target: Target, deadline: Deadline, around: str) -> Target:
    """A target holds until its time limit, unless its own words name its period."""
    last = deadline.due_end
    if last is None or deadline.kind == "recurring" or deadline.inferred:
        return target
    year = target.period_start.year if target.period_start else None
    if any((p.first, p.last) == (target.period_start, target.period_end) for p in find_periods(around, year)):
        return target
    first = deadline.due_start or target.period_start
    return replace(target, period_start=first if first and first <= last else None, period_end=last)


def _percentage(found: Found, target_id: str | None) -> Percentage:
    percentage: Percentage = found.value
    return replace(percentage, percentage_id=found.id, target_id=target_id)


def _deadline(found: Found) -> Deadline:
    deadline: Deadline = found.value
    return replace(deadline, deadline_id=found.id)


def _directive(found: Found, deadline_ids: tuple[str, ...], target_ids: tuple[str, ...]) -> Directive:
    directive: Directive = found.value
    return replace(directive, directive_id=found.id, deadline_ids=deadline_ids, target_ids=target_ids)


def _citation(citation: Citation, citation_id: str) -> Citation:
    return replace(citation, citation_id=citation_id)


def _places(found: Iterable[Found]) -> list[tuple[int, int]]:
    return [(f.paragraph, f.start) for f in found]


def _inside(directive: Found, others: Sequence[Found], places: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The ids of what begins within the words of a directive; `places` are those of `others`, in order."""
    first = bisect_left(places, (directive.paragraph, directive.start))
    last = bisect_left(places, (directive.paragraph, directive.end))
    return tuple(o.id for o in others[first:last])


def _deadline_of(texts: Sequence[str], targets: Sequence[Found], deadlines: Sequence[Found]) -> dict[str, str]:
    """For each target the deadline in its clause: the nearest one that no `;` or full stop parts from it."""
    linked: dict[str, str] = {}
    by_paragraph: dict[int, list[Found]] = {}
    for deadline in deadlines:
        by_paragraph.setdefault(deadline.paragraph, []).append(deadline)
    for target in targets:
        near = by_paragraph.get(target.paragraph, [])
        at = bisect_left(near, target.start, key=lambda d: d.start)
        best: tuple[int, str] | None = None
        for deadline in near[max(0, at - 1) : at + 1]:
            between = texts[target.paragraph][min(deadline.end, target.end) : max(deadline.start, target.start)]
            if any(mark in between for mark in _CLAUSE_MARKS) or any(mark in between for mark in _SENTENCE_MARKS):
                continue
            if best is None or len(between) < best[0]:
                best = (len(between), deadline.id)
        if best:
            linked[target.id] = best[1]
    return linked
