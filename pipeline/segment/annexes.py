"""Annexes and attached documents: each begins a branch of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.models import ASIDE_ROLES, LineRole
from pipeline.segment.lines import Layout, TextLine
from pipeline.segment.rules import SectionRules
from pipeline.segment.wording import is_capitals

ATTACHED_LINES = 3
"""Lines after the signature from which on they are an attached document, even without a heading."""


@dataclass(frozen=True, slots=True)
class BranchSpan:
    """Lines `start` to `end` (exclusive) of a document; `marker_end` characters of the first line name the annex."""

    start: int
    end: int
    annex: bool
    marker_end: int = 0


def branches_of(
    lines: Sequence[TextLine], start: int, end: int, layout: Layout, attached: bool = False
) -> list[BranchSpan]:
    """The branches of a stretch of lines. `attached`: it follows the signature, so all of it is annexes."""
    begins = [(at, found) for at in range(start, end) if (found := _annex(lines, at, layout)) is not None]
    spans = []
    first = begins[0][0] if begins else end
    if first > start and (not attached or _matters(lines[start:first])):
        spans.append(BranchSpan(start, first, attached))
    for (at, marker_end), following in zip(begins, [*(b[0] for b in begins[1:]), end], strict=False):
        spans.append(BranchSpan(at, following, True, marker_end))
    return spans


def _matters(lines: Sequence[TextLine]) -> bool:
    return sum(li.role not in ASIDE_ROLES and bool(re.search(r"\w{2}", li.text)) for li in lines) >= ATTACHED_LINES


def _annex(lines: Sequence[TextLine], at: int, layout: Layout) -> int | None:
    """How many characters of a line name an annex; None where it begins none."""
    line = lines[at]
    if line.role in ASIDE_ROLES or line.role is LineRole.TABLE or len(line.text) > 200:
        return None
    for rule in SectionRules.load().annexes:
        match = rule.regex.match(line.text)
        if match is None:
            continue
        if rule.id == "appendix" and not line.first_of_page:
            return None
        stands_alone = len(line.text) < 30 or is_capitals(line.text) or line.centred
        before = lines[at - 1] if at else None
        fresh = line.first_of_page or layout.freshness(before, line, line.text[match.end() :]) >= 0.5
        if stands_alone and fresh and (line.first_of_page or is_capitals(match.group()) or line.centred):
            return match.end()
    return None
