"""Paragraphs and sections while their lines are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.models import Paragraph, ParagraphRole, Piece, touching
from pipeline.segment.lines import TextLine

LONGEST_PARAGRAPH = 10_000
"""Characters; people write paragraphs of up to about 1 500."""

LAST_QUARTER = LONGEST_PARAGRAPH // 4
"""Characters at the end of a full part in which it is cut where a sentence ends."""


@dataclass(slots=True)
class ParagraphDraft:
    """A paragraph while its lines are joined."""

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    role: ParagraphRole = ParagraphRole.BODY
    section: int | None = None
    bold: bool = True
    centred: bool = False
    table: tuple[int, int, int] | None = None

    def add(self, line: TextLine, skip: int = 0) -> None:
        """Joins a line, from its character `skip` on; runs of blanks become one, numbers cut by a hyphen are whole."""
        parts, length = [self.text], len(self.text)
        for number, match in enumerate(re.finditer(r"\S+(?: \S+)*", line.as_read[skip:])):
            words = match.group()
            if length and not (number == 0 and _is_cut(self.text, words)):
                parts.append(" ")
                length += 1
            self.pieces.append(Piece(length, line.page, line.start + skip + match.start(), len(words)))
            parts.append(words)
            length += len(words)
        self.text = "".join(parts)
        self.bold = self.bold and line.bold

    def add_row(self, line: TextLine) -> None:
        """Takes a table row as it is, tabs and all."""
        self.pieces.append(Piece(0, line.page, line.start, len(line.text)))
        self.text = line.as_read

    def add_rest_of_row(self, line: TextLine) -> None:
        """Joins the rest of a row that a page break split, cell by cell."""
        cells = list(zip(_cells(self.text), _cells(line.as_read), strict=True))
        text, pieces = "", []
        for number, ((start, first), (rest_start, rest)) in enumerate(cells):
            text += "\t" if number else ""
            pieces += [
                Piece(len(text) + max(p.start, start) - start, p.page, p.offset + max(0, start - p.start), length)
                for p in self.pieces
                if (length := min(p.start + p.length, start + len(first)) - max(p.start, start)) > 0
            ]
            text += first + (" " if first and rest else "")
            if rest:
                pieces.append(Piece(len(text), line.page, line.start + rest_start, len(rest)))
            text += rest
        self.text, self.pieces = text, pieces

    @property
    def is_full(self) -> bool:
        """Whether no person writes a paragraph as long as this."""
        return len(self.text) >= LONGEST_PARAGRAPH

    def finished(self) -> Iterator[Paragraph]:
        """The paragraph. One that is longer than LONGEST_PARAGRAPH comes in parts, a row of a table as running text, so
        that what later stages do takes time in proportion to its length."""
        if len(self.text) <= LONGEST_PARAGRAPH:
            yield Paragraph(self.text, tuple(self.pieces), self.role, self.section, self.table)
            return
        role = ParagraphRole.BODY if self.role is ParagraphRole.TABLE_ROW else self.role
        for start, end in _parts(self.text):
            inside = touching(self.pieces, start, end)
            yield Paragraph(self.text[start:end], tuple(_cut(p, start, end) for p in inside), role, self.section)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a long text begin and end: after a sentence or a clause, else at a blank, else anywhere."""
    start = 0
    while len(text) - start > LONGEST_PARAGRAPH:
        full = start + LONGEST_PARAGRAPH
        found = ((text.rfind(mark, full - LAST_QUARTER, full), len(mark) - 1) for mark in (". ", "; ", "\t", " "))
        end, kept = next(((at, kept) for at, kept in found if at >= 0), (full - 1, 0))
        yield start, end + kept
        start = end + kept + 1
    yield start, len(text)


def _cut(piece: Piece, start: int, end: int) -> Piece:
    """The part of a piece that stands in `[start:end]`, counted from there."""
    first = max(piece.start, start)
    return Piece(first - start, piece.page, piece.offset + first - piece.start, min(piece.end, end) - first)


def _cells(row: str) -> list[tuple[int, str]]:
    """The cells of a row and where they begin."""
    cells, start = [], 0
    for cell in row.split("\t"):
        cells.append((start, cell))
        start += len(cell) + 1
    return cells


@dataclass(slots=True)
class SectionDraft:
    """A section while its text is collected; `parent` is an index in the list of drafts."""

    parent: int | None
    label: str
    marker: str
    kind: str
    level: int
    page: int
    start: int
    end: int
    confidence: float
    rule: str
    paragraphs: list[ParagraphDraft] = field(default_factory=list)
    children: int = 0
    heading: ParagraphDraft | None = None


@dataclass(slots=True)
class Branch:
    """Paragraphs and sections of one branch, in order."""

    paragraphs: list[ParagraphDraft]
    sections: list[SectionDraft]


_CUT = re.compile(r"[\wĐ]-$")
_CUT_AFTER = re.compile(r"[A-ZĐÐ0-9]")


def _is_cut(before: str, after: str) -> bool:
    """`890-` and `QĐ/TU`, `TT-` and `BYT`, `xã/` and `phường` are one word."""
    if before.endswith("/") and not before.endswith("./") and len(before) > 1 and before[-2].isalnum():
        return after[0].isalnum()
    return bool(_CUT.search(before[-2:]) and _CUT_AFTER.match(after))
