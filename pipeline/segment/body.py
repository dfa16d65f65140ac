"""Paragraphs and sections of one branch of a document: its main text, or one annex."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from pipeline.models import ASIDE_ROLES, NOISE_ROLES, LineRole, ParagraphRole
from pipeline.segment.drafts import Branch, ParagraphDraft, SectionDraft
from pipeline.segment.headings import find_headings
from pipeline.segment.lines import Layout, TextLine
from pipeline.segment.markers import bullet_of, marker_of
from pipeline.segment.rules import HeaderRules, SectionRules
from pipeline.segment.tree import Accepted, Candidate, sections_of
from pipeline.segment.wording import begins_in_capitals, is_capitals

FRESH = 0.5
"""From this freshness on a line begins a paragraph."""

MARKED_AFTER_SENTENCE = 0.8
"""How fresh a marked line is at least that follows a full line with such a sign at its end."""

ENDS_SENTENCE = (".", "!", "?", ":", ";")

REPAIRED = 0.9
"""The highest confidence of a section whose marker had to be repaired."""

QUOTED_LINES = 400
"""Lines that quoted articles of an amending act may take."""

_NOTE = re.compile(r"[(\[]?\d{1,2}[)\].]?\s{1,3}(?=[A-ZÀ-ỸĐ])|[*†‡¹²³⁴-⁹]")
"""How a footnote begins."""


def read_branch(lines: Sequence[TextLine], layout: Layout, root: SectionDraft | None = None) -> Branch:
    """Joins the lines of a branch into paragraphs and finds its sections; `root` is the annex that holds them."""
    return _Reader(lines, layout, root).read()


class _Reader:
    def __init__(self, lines: Sequence[TextLine], layout: Layout, root: SectionDraft | None) -> None:
        self.lines, self.layout = lines, layout
        self.sections: list[SectionDraft] = [root] if root else []
        self.rooted = root is not None
        self.paragraphs: list[ParagraphDraft] = []
        self.numbered: int | None = 0 if root else None  # the section that a bullet or paragraph belongs to
        self.bullets: list[tuple[str, int]] = []  # open bullets: (id of the mark, section)
        self.before: TextLine | None = None
        self.last: ParagraphDraft | None = None  # the paragraph that text may go on in: no noise, no note
        self.last_note: ParagraphDraft | None = None
        self.quoted = _quoted_lines(lines)
        self.index_of: list[int] = []  # number among the accepted → index among the sections, bullets included
        self.numbers: dict[int, tuple[int, ...]] = {}
        self.bullet_counts: dict[int | None, int] = {}
        self.roman_kinds: set[str] = set()

    def read(self) -> Branch:
        freshness = self._freshness()
        accepted = sections_of(self._candidates(freshness))
        self.roman_kinds = _roman_kinds(accepted)
        first_lines = {taken.candidate.line: number for number, taken in enumerate(accepted)}
        for at, line in enumerate(self.lines):
            if line.role in NOISE_ROLES:
                self._alone(at, line, ParagraphRole.NOISE)
            elif line.role is LineRole.FOOTNOTE:
                self._note(line)
            elif line.role is LineRole.TABLE:
                self._row(at, line)
                self.before = line
            else:
                if at in first_lines:
                    self._numbered(at, line, accepted, first_lines[at])
                elif not self._bullet(at, line, freshness[at]):
                    self._plain(at, line, freshness[at])
                self.before = line
        find_headings(self.sections)
        return Branch(self.paragraphs, self.sections)

    def _freshness(self) -> list[float]:
        found, before, headed = [], None, False
        for line in self.lines:
            if line.role in ASIDE_ROLES or line.role is LineRole.TABLE:
                found.append(0.0)
                before = None if line.role is LineRole.TABLE else before
                continue
            marker = marker_of(line.text)
            bullet = bullet_of(line.text)
            skip = marker.end if marker else bullet[1] if bullet else 0
            rest = line.text[skip:]
            if marker and marker.lost_capitals:
                rest = rest[:1].upper() + rest[1:]
            freshness = self.layout.freshness(before, line, rest)
            begins = rest[:1].isupper() or rest[:1].isdigit()
            if marker and before is not None and before.text.endswith(ENDS_SENTENCE) and begins:
                freshness = max(freshness, MARKED_AFTER_SENTENCE)
            if marker and headed and begins and any(r.numbers == (1,) and not r.repaired for r in marker.readings):
                freshness = max(freshness, MARKED_AFTER_SENTENCE)  # the first clause of an article with a heading
            headed = marker is not None and any(r.kind == "article" for r in marker.readings)
            found.append(freshness)
            before = line
        return found

    def _candidates(self, freshness: list[float]) -> list[Candidate]:
        found, announced, anew = [], False, False
        addressees = HeaderRules.load().addressees[0]
        for at, line in enumerate(self.lines):
            if line.role in ASIDE_ROLES or line.role is LineRole.TABLE:
                continue
            anew = anew or addressees.matches(line.text)
            marker = None if self.quoted[at] else marker_of(line.text)
            if marker:
                rest = line.text[marker.end :]
                heading = bool(rest) and (is_capitals(rest) or line.bold or begins_in_capitals(rest))
                found.append(Candidate(at, marker, freshness[at], heading, announced, anew))
                anew = False
            announced = line.text.endswith(":")
        return found

    # ------------------------------------------------------------------------ sections

    def _numbered(self, at: int, line: TextLine, accepted: Sequence[Accepted], number: int) -> None:
        taken = accepted[number]
        root = 0 if self.rooted else None
        parent = self.index_of[taken.parent] if taken.parent is not None else root
        label = taken.reading.label or str(taken.reading.numbers[-1])
        if label == "1" and taken.reading.strong and taken.reading.kind in self.roman_kinds:
            label = "I"
        numbers = taken.reading.numbers
        if len(numbers) > 1 and parent is not None and self.numbers.get(parent) == numbers[:-1]:
            label = taken.reading.last
        marker = taken.candidate.marker
        confidence = max(0.3, 0.99 - 0.1 * max(0.0, taken.cost))
        if taken.reading.repaired:
            confidence = min(confidence, REPAIRED)
        index = self._open(
            parent, label, marker.printed, taken.reading.kind, line, marker.end, confidence, taken.reading.rule
        )
        self.index_of.append(index)
        self.numbers[index] = numbers
        self.numbered = index
        self.bullets = []
        self._start(at, line, marker.end, index)

    def _open(
        self, parent: int | None, label: str, marker: str, kind: str, line: TextLine, end: int, confidence: float,
        rule: str,
    ) -> int:  # fmt: skip
        level = 1 if parent is None else self.sections[parent].level + 1
        draft = SectionDraft(
            parent, label, marker, kind, level, line.page, line.start, line.start + max(end, len(marker)), confidence,
            rule,
        )  # fmt: skip
        if parent is not None:
            self.sections[parent].children += 1
        self.sections.append(draft)
        return len(self.sections) - 1

    def _bullet(self, at: int, line: TextLine, freshness: float) -> bool:
        found = bullet_of(line.text)
        if found is None:
            return False
        name, skip = found
        rest = line.text[skip:]
        known = any(name == open_name for open_name, _ in self.bullets)
        if freshness + (0.25 if known and not rest[:1].islower() else 0.0) < 0.45:
            return False
        parent, kept = self._bullet_parent(name)
        self.bullets = kept
        count = self.bullet_counts.get(parent, 0) + 1
        self.bullet_counts[parent] = count
        rule = f"{SectionRules.file_name}:{name}"
        index = self._open(
            parent, f"bullet{count}", line.text[:skip].strip(), "bullet", line, skip, 0.6 + 0.38 * freshness, rule
        )
        self.bullets.append((name, index))
        self._start(at, line, skip, index)
        return True

    def _bullet_parent(self, name: str) -> tuple[int | None, list[tuple[str, int]]]:
        """The section that a bullet stands under, and the bullets that stay open around it."""
        for depth, (open_name, _) in enumerate(self.bullets):
            if open_name == name:
                kept = self.bullets[:depth]
                return (kept[-1][1] if kept else self.numbered), kept
        announced = self.before is not None and self.before.text.endswith(":")
        if self.bullets and (name != "star" or announced):
            return self.bullets[-1][1], self.bullets[:]
        return self.numbered, []

    # ---------------------------------------------------------------------- paragraphs

    def _start(self, at: int, line: TextLine, skip: int, section: int | None) -> ParagraphDraft:
        draft = ParagraphDraft(section=section, centred=line.centred)
        draft.add(line, skip)
        self.last = draft
        self.paragraphs.append(draft)
        if section is not None:
            self.sections[section].paragraphs.append(draft)
        return draft

    def _owner(self) -> int | None:
        return self.bullets[-1][1] if self.bullets else self.numbered

    def _plain(self, at: int, line: TextLine, freshness: float) -> None:
        last = self.last
        open_paragraph = last is not None and last.role is ParagraphRole.BODY and last.table is None
        if last is not None and open_paragraph and freshness < FRESH and self.before is not None:
            if last.is_full:
                self._start(at, line, 0, last.section)
            else:
                last.add(line)
            return
        if last is not None and open_paragraph and not last.text and self.before is not None:
            last.add(line)  # the heading under `Chương I`
            return
        if self.bullets and not _ended(self.before):
            self._start(at, line, 0, self._owner())
            return
        if self.bullets:
            self.bullets = []  # a paragraph without a bullet ends the list
        self._start(at, line, 0, self.numbered)

    def _row(self, at: int, line: TextLine) -> None:
        begun = self._begun_row(line) if line.rest_of_row else None
        if begun is not None:
            begun.add_rest_of_row(line)
            return
        draft = ParagraphDraft(role=ParagraphRole.TABLE_ROW, section=self._owner())
        draft.add_row(line)
        draft.table = (line.page, line.table[1], line.table[2]) if line.table else None
        self.last = draft
        self.paragraphs.append(draft)
        if draft.section is not None:
            self.sections[draft.section].paragraphs.append(draft)

    def _begun_row(self, line: TextLine) -> ParagraphDraft | None:
        """The row that stands lowest on the page before, its rest too; None where it has other cells."""
        found: dict[int, ParagraphDraft] = {}
        for draft in reversed(self.paragraphs):
            if draft.pieces and max(piece.page for piece in draft.pieces) < line.page - 1:
                break
            if draft.table is not None:
                found |= {piece.offset: draft for piece in draft.pieces if piece.page == line.page - 1}
        row = found[max(found)] if found else None
        return row if row is not None and row.text.count("\t") == line.text.count("\t") else None

    def _note(self, line: TextLine) -> None:
        """A footnote is a paragraph of its own; its number opens no section, and the text goes on after it."""
        note = self.last_note
        if note is None or note.pieces[-1].page != line.page or _NOTE.match(line.text):
            note = self.last_note = ParagraphDraft(section=self._owner())
            self.paragraphs.append(note)
        note.add(line)

    def _alone(self, at: int, line: TextLine, role: ParagraphRole) -> None:
        draft = ParagraphDraft(role=role)
        draft.add(line)
        self.paragraphs.append(draft)


def _roman_kinds(accepted: Sequence[Accepted]) -> set[str]:
    """The kinds of sections that are numbered in Roman numerals somewhere: `Chương 1` before `Chương II`."""
    readings = (taken.reading for taken in accepted)
    return {reading.kind for reading in readings if reading.label and set(reading.label) <= set("IVXL")}


def _ended(line: TextLine | None) -> bool:
    return line is None or bool(re.search(r"[.;!?…/][”\"»)]?$", line.text[-4:]))


_OPENS_QUOTE = re.compile(r"[“\"«](?=\s?(?:Điều|Chương|Mục|Phần|\d{1,2}[.)]|[a-zđ]\)|[IVX]{1,4}\.))")
_CLOSES_QUOTE = re.compile(r"[”\"»][.;,]?\s*$")


def _quoted_lines(lines: Sequence[TextLine]) -> list[bool]:
    """Which lines begin inside quoted articles of an act that amends another."""
    quoted = [False] * len(lines)
    closing = [at for at, line in enumerate(lines) if _CLOSES_QUOTE.search(line.text[1:][-6:])]
    at = 0
    while at < len(lines):
        if _OPENS_QUOTE.match(lines[at].text):
            following = bisect_left(closing, at)
            end = closing[following] if following < len(closing) else len(lines)
            if end < at + QUOTED_LINES and end < len(lines):
                quoted[at : end + 1] = [True] * (end + 1 - at)
                at = end
        at += 1
    return quoted
