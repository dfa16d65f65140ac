"""Document → what it orders: targets, percentages, deadlines, directives and citations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.tokens import Doc

from pipeline.extract.assemble import Gathered, assemble
from pipeline.extract.citations.finding import find_citations
from pipeline.extract.context import Context, LocatedCitation
from pipeline.extract.language import language, make_doc
from pipeline.models import Document, Extraction

__all__ = ["extract", "extract_many", "read_paragraphs"]


def extract(document: Document) -> Extraction:
    """All that is ordered, measured or cited in one document. Keeps no state; the same document gives the same ids."""
    citations = tuple(find_citations(document))
    gathered = Gathered()
    for index, doc in read_paragraphs(document, citations):
        gathered.add(index, doc)
    return assemble(document, citations, gathered)


def read_paragraphs(document: Document, citations: Iterable[LocatedCitation]) -> Iterator[tuple[int, Doc]]:
    """The number of each paragraph with what the components found in it."""
    docs = ((make_doc(context), context.index) for context in _contexts(document, citations))
    for doc, index in language().pipe(docs, as_tuples=True):
        yield index, doc


def extract_many(documents: Iterable[Document]) -> Iterator[Extraction]:
    """One extraction for each document, in order, one document in memory at a time."""
    return map(extract, documents)


def _contexts(document: Document, citations: Iterable[LocatedCitation]) -> Iterator[Context]:
    by_paragraph: dict[int, list[LocatedCitation]] = {}
    for citation in citations:
        by_paragraph.setdefault(citation.paragraph, []).append(citation)
    memo: dict[str, Any] = {}
    for index, paragraph in enumerate(document.paragraphs):
        if paragraph.text.strip():
            mine = sorted(by_paragraph.get(index, ()), key=lambda c: (c.start, c.end))
            yield Context(document, index, tuple(mine), memo)
