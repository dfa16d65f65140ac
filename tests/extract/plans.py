"""Small documents for the tests of targets: sections in order, each with its paragraphs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from pipeline.extract.context import Context
from pipeline.extract.quantities.finding import Quantity, find_quantities
from pipeline.extract.targets.finding import FoundNumber, find_targets
from pipeline.models import (
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


def plan(
    *parts: tuple[str, Sequence[str]],
    code: str = "KH",
    issued_on: str = "2021-01-05",
    year: int | None = 2021,
    role: ParagraphRole = ParagraphRole.BODY,
) -> Document:
    """A document whose sections have a heading and paragraphs; a paragraph with tabs is a row of a table."""
    paragraphs: list[Paragraph] = []
    sections: list[Section] = []
    lines: list[Line] = []
    text = ""
    for number, (heading, body) in enumerate(parts, 1):
        sections.append(
            Section(f"d.s{number}", None, str(number), f"{number}.", "decimal", 1, heading, "", 1, len(text), len(text))
        )
        for words in body:
            own = ParagraphRole.TABLE_ROW if "\t" in words else role
            paragraphs.append(Paragraph(words, (Piece(0, 1, len(text), len(words)),), own, number - 1))
            lines.append(Line(len(text), len(text) + len(words), None, 1.0))
            text += words + "\n"
    source = Source(Path("d.txt"), "d.txt", "0" * 64, MediaType.TEXT, len(text))
    page = RestoredPage(Page(1, text, "plain", tuple(lines)), text)
    header = Header(document_type_code=code, issued_on=issued_on)
    start = dt.date(year, 1, 1) if year else None
    end = dt.date(year, 12, 31) if year else None
    return Document("d", source, (page,), header, Footer(), tuple(paragraphs), tuple(sections), start, end)


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
