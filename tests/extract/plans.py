"""Small documents for the tests of extraction: a plan of sections with their paragraphs, a tree of orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.extract.context import Context
from pipeline.extract.deadlines.finding import find_deadlines
from pipeline.extract.directives.finding import find_directives
from pipeline.extract.quantities.finding import Quantity, find_quantities
from pipeline.extract.targets.finding import FoundNumber, find_targets
from pipeline.models import (
    Deadline,
    Directive,
    Document,
    Footer,
    Header,
    Line,
    MediaType,
    Page,
    Paragraph,
    ParagraphRole,
    Piece,
    RestoredPage,
    Section,
    Source,
    Target,
)


@dataclass
class Sheet:
    """A plain text of one page that grows by a paragraph a line."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    text: str = ""

    def add(self, words: str, role: ParagraphRole = ParagraphRole.BODY, section: int | None = None) -> None:
        """One more paragraph; `section` is the number of the one that owns it."""
        self.paragraphs.append(Paragraph(words, (Piece(0, 1, len(self.text), len(words)),), role, section))
        self.text += words + "\n"

    def document(
        self, header: Header | None = None, start: dt.date | None = None, end: dt.date | None = None
    ) -> Document:
        """The finished document, and the first and last day of its period."""
        source = Source(Path("d.txt"), "d.txt", "0" * 64, MediaType.TEXT, len(self.text))
        spans = [(piece.offset, piece.offset + piece.length) for p in self.paragraphs for piece in p.pieces]
        page = RestoredPage(Page(1, self.text, "plain", tuple(Line(a, b, None, 1.0) for a, b in spans)), self.text)
        paragraphs, sections = tuple(self.paragraphs), tuple(self.sections)
        return Document("d", source, (page,), header or Header(), Footer(), paragraphs, sections, start, end)


def plan(
    *parts: tuple[str, Sequence[str]],
    code: str = "KH",
    issued_on: str = "2021-01-05",
    year: int | None = 2021,
    role: ParagraphRole = ParagraphRole.BODY,
) -> Document:
    """A document whose sections have a heading and paragraphs; a paragraph with tabs is a row of a table."""
    sheet = Sheet()
    for number, (heading, body) in enumerate(parts, 1):
        at = len(sheet.text)
        sheet.sections.append(
            Section(f"d.s{number}", None, str(number), f"{number}.", "decimal", 1, heading, "", 1, at, at)
        )
        for words in body:
            sheet.add(words, ParagraphRole.TABLE_ROW if "\t" in words else role, number - 1)
    start = dt.date(year, 1, 1) if year else None
    end = dt.date(year, 12, 31) if year else None
    return sheet.document(Header(document_type_code=code, issued_on=issued_on), start, end)


def tree(parts: Sequence[tuple[str, str, int, str]], header: Header | None = None) -> Document:
    """(marker, kind, level, text) of each part; level 0 is text before, -1 after the sections, `table` a row."""
    sheet = Sheet()
    sections = sheet.sections
    open_sections: list[int] = []
    for marker, kind, level, text in parts:
        owner, offset = None, len(sheet.text)
        role = {0: ParagraphRole.PREAMBLE, -1: ParagraphRole.CLOSING}.get(level, ParagraphRole.BODY)
        if level > 0 and kind != "table":
            open_sections = [n for n in open_sections if sections[n].level < level]
            parent = sections[open_sections[-1]] if open_sections else None
            is_heading = not text.endswith((".", ";"))
            path = f"{parent.path}.{marker}" if parent else marker
            sections.append(
                Section(f"s{len(sections)}", parent.section_id if parent else None, path, marker, kind, level,
                        text if is_heading else None, "" if is_heading else text, 1, offset, offset + len(text))
            )  # fmt: skip
            open_sections.append(len(sections) - 1)
            role = ParagraphRole.HEADING if is_heading else ParagraphRole.BODY
        if level > 0:
            owner = open_sections[-1] if open_sections else None
        if kind == "table":
            role = ParagraphRole.TABLE_ROW
        sheet.add(text, role, owner)
    return sheet.document(header)


def directives_of(doc: Document) -> list[Directive]:
    memo: dict[str, object] = {}
    return [d for n in range(len(doc.paragraphs)) for _, _, d in find_directives(Context(doc, n, (), memo))]


def deadlines_of(doc: Document) -> list[Deadline]:
    memo: dict[str, object] = {}
    return [d for n in range(len(doc.paragraphs)) for _, _, d in find_deadlines(Context(doc, n, (), memo))]


def numbers(document: Document) -> list[FoundNumber]:
    """What the rules make of each quantity of a document."""
    memo: dict[str, object] = {}
    found: list[FoundNumber] = []
    for index in range(len(document.paragraphs)):
        context = Context(document, index, (), memo)
        found.extend(find_targets(context, find_quantities(context)))
    return found


def targets(document: Document) -> list[Target]:
    """The targets of a document."""
    return [n.target for n in numbers(document) if n.target is not None]


def goals(*body: str, heading: str = "Chỉ tiêu chủ yếu", **options: object) -> list[Target]:
    """The targets of paragraphs under a heading that sets goals."""
    return targets(plan((heading, body), **options))  # type: ignore[arg-type]


def quantities(text: str, *before: str) -> list[Quantity]:
    """The quantities of one paragraph; `before` are paragraphs that show the document's habits."""
    document = plan(("Chỉ tiêu", (*before, text)))
    return find_quantities(Context(document, len(before)))
