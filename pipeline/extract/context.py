"""What a component of the spaCy pipeline may know beside the words of its paragraph."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from spacy.tokens import Doc, Span

from pipeline.models import Citation, Document, Evidence, Paragraph, Section


@dataclass(frozen=True, slots=True)
class LocatedCitation:
    """A citation with its place: `document.paragraphs[paragraph].text[start:end]`."""

    paragraph: int
    start: int
    end: int
    citation: Citation


def read_confidence(document: Document, paragraph: Paragraph, start: int, end: int, around: int = 0) -> float | None:
    """How surely the words behind `paragraph.text[start:end]` were read; see `Context.read_confidence`."""
    number, span_start, span_end = paragraph.locate(start, end)
    page = document.page(number)
    raw_start, raw_end = page.alignment.to_raw(span_start, span_end)
    raw_start, raw_end = raw_start - around, raw_end + around
    words = page.page.words
    first = bisect_right(words, raw_start, key=lambda w: w.end)
    sure: float | None = None
    for word in islice(words, first, None):
        if word.start >= raw_end:
            break
        sure = min(1.0 if sure is None else sure, 0.0 if word.alternatives else word.confidence)
    return sure


@dataclass(frozen=True, slots=True)
class Context:
    """One paragraph in its document. `citations` are those of this paragraph, in order.

    `memo` is shared by all paragraphs of one document: what is worked out once for the whole of it.
    """

    document: Document
    index: int
    citations: tuple[LocatedCitation, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def paragraph(self) -> Paragraph:
        """The paragraph itself."""
        return self.document.paragraphs[self.index]

    @property
    def section(self) -> Section | None:
        """The section that owns the paragraph."""
        return self.document.section_of(self.paragraph)

    def read_confidence(self, start: int, end: int, around: int = 0) -> float | None:
        """How surely the page's words behind `text[start:end]` were read, 0 where two readings of one differ.

        `around` takes in so many characters of the page on both sides.
        None where the page knows no words. A line break inside the stretch leaves only its part on the first page.
        """
        return read_confidence(self.document, self.paragraph, start, end, around)

    def evidence(self, start: int, end: int, confidence: float, rule: str) -> Evidence:
        """The evidence columns of `text[start:end]`."""
        return self.document.evidence(self.paragraph, start, end, confidence, rule)


def context_of(doc: Doc) -> Context:
    """The context that `extract` put on the Doc.

    Raises ValueError for a Doc that came from elsewhere.
    """
    context = doc._.context
    if not isinstance(context, Context):
        raise ValueError("this Doc has no context: make it with pipeline.extract.language.make_doc")
    return context


def add_found(doc: Doc, key: str, start: int, end: int, value: Any) -> None:
    """Put a result on the Doc: a Span under `doc.spans[key]` whose `span._.found` is the dataclass.

    spaCy keeps extension values by the characters of a span alone, so that two results of one stretch would
    overwrite each other: the values are kept in the Doc's user data, by label and id of the span.
    """
    values = doc.user_data.setdefault(f"found {key}", [])
    span = doc.char_span(start, end, alignment_mode="expand", label=key, span_id=str(len(values)))
    if span is None:
        return
    values.append(value)
    if key in doc.spans:
        doc.spans[key].append(span)
    else:
        doc.spans[key] = [span]


def _found(span: Span) -> Any:
    values = span.doc.user_data.get(f"found {span.label_}", ())
    return values[int(span.id_)] if span.id_.isdigit() and int(span.id_) < len(values) else None


if not Doc.has_extension("context"):
    Doc.set_extension("context", default=None)
if not Span.has_extension("found"):
    Span.set_extension("found", getter=_found)
