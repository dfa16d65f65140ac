"""Whether the first words of a section are its heading or its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import ParagraphRole
from pipeline.segment.drafts import SectionDraft
from pipeline.segment.wording import is_capitals
from pipeline.vietnamese import fold

_ALWAYS_HEADED = {"part", "chapter", "division", "annex"}
_INSTRUCTS = re.compile(r"(?:de nghi|giao|yeu cau|kinh de nghi|cac|so|ubnd|uy ban nhan dan|phong|ban)(?!\w)")
_HEADED = {"capital_letter", "roman", "decimal", "article", "letter", "decimal_parenthesis", "bullet", "parentheses"}


def find_headings(sections: Sequence[SectionDraft]) -> None:
    """Makes the first words of each section its heading, where they are one."""
    sure: dict[tuple[int | None, str], list[bool]] = {}
    doubtful = []
    for section in sections:
        verdict = _is_heading(section)
        if verdict is None:
            doubtful.append(section)
            continue
        if _is_followed(section):
            sure.setdefault((section.parent, section.kind), []).append(verdict)
        if verdict:
            _make_heading(section)
    for section in doubtful:  # a short sentence with a full stop is a heading where its neighbours have one
        votes = sure.get((section.parent, section.kind), [])
        if votes and sum(votes) * 2 > len(votes):
            _make_heading(section)


def _is_followed(section: SectionDraft) -> bool:
    return len(section.paragraphs) > 1 or section.children > 0


def _make_heading(section: SectionDraft) -> None:
    heading = section.paragraphs.pop(0)
    heading.role = ParagraphRole.HEADING
    section.heading = heading


def _is_heading(section: SectionDraft) -> bool | None:
    """Whether the first words of a section are its heading; None where its neighbours must tell."""
    if not section.paragraphs or section.paragraphs[0].role is not ParagraphRole.BODY:
        return False
    first = section.paragraphs[0]
    text = first.text.strip()
    if section.kind in _ALWAYS_HEADED:
        return len(text) <= 300 and (is_capitals(text) or first.centred or first.bold or len(text) <= 160)
    if not text or not _is_followed(section) or len(text) > 220 or section.kind not in _HEADED:
        return False
    if is_capitals(text):
        return True
    ending = text[-1]
    if ending == ":":
        if _INSTRUCTS.match(fold(text)):
            return False
        return True if len(text) <= 60 else None
    if ending in ";,":
        return False
    if ending in ".!?":
        single = not re.search(r"[.!?]\s", text[:-1])
        if not single or len(text) > 170 or text.endswith("/."):
            return False
        if first.bold and section.kind != "bullet":
            return True
        return None if section.kind != "bullet" else False
    return len(text) <= 180
