"""Paragraphs and sections while their lines are joined."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.models import ParagraphRole, Piece
from pipeline.segment.lines import TextLine


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
        for number, match in enumerate(re.finditer(r"\S+(?: \S+)*", line.as_read[skip:])):
            if self.text and not (number == 0 and _is_cut(self.text, match.group())):
                self.text += " "
            offset = line.start + skip + match.start()
            self.pieces.append(Piece(len(self.text), line.page, offset, len(match.group())))
            self.text += match.group()
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
