"""Pages made from text, as a reader and the restorer would hand them on."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.models import Document, Line, LineRole, MediaType, Page, RestoredPage, Source
from pipeline.segment import segment


def page_of(text: str, number: int = 1, roles: dict[int, LineRole] | None = None) -> RestoredPage:
    """A page of plain text; `roles` gives lines (by their number) another role than body."""
    lines, start = [], 0
    for index, line in enumerate(text.split("\n")):
        role = (roles or {}).get(index, LineRole.BODY)
        lines.append(Line(start, start + len(line), None, 1.0, role))
        start += len(line) + 1
    return RestoredPage(Page(number, text, "plain", tuple(lines)), text)


def source_of(text: str) -> Source:
    data = text.encode()
    return Source(Path("van-ban.txt"), "van-ban.txt", hashlib.sha256(data).hexdigest(), MediaType.TEXT, len(data))


def documents_of(*texts: str) -> tuple[Document, ...]:
    """The documents of a file with one page a text."""
    pages = [page_of(text, number) for number, text in enumerate(texts, 1)]
    return segment(source_of("\f".join(texts)), pages)


def document_of(*texts: str) -> Document:
    documents = documents_of(*texts)
    assert len(documents) == 1
    return documents[0]


def paths_of(document: Document, bullets: bool = False) -> list[str]:
    return [s.path for s in document.sections if bullets or s.kind != "bullet"]
