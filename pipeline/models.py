"""The frozen dataclasses that stages hand on.

Two texts run side by side through the whole pipeline: `text_raw`, the characters as they were read, and `text`,
the characters after restoration. Every offset names which of the two it counts in, and `Alignment` leads from one
to the other, so that any row can be traced to the raw characters and the box on the page.

Units: boxes are in points (1/72 inch) from the top left corner of the page as a reader sees it (after rotation);
confidences run from 0 to 1; page numbers start at 1; offsets count Unicode code points, end exclusive.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeVar

# --------------------------------------------------------------------------------------------- discover


class MediaType(StrEnum):
    """What a file is by its content, never by its name."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    TEXT = "text/plain"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: where it lies, and what it holds."""

    path: Path
    relative_path: str
    sha256: str
    media_type: MediaType
    size: int


@dataclass(frozen=True, slots=True)
class Failure:
    """One file (page is None) or one page that could not be done, and why."""

    source_path: str
    source_sha256: str | None
    page: int | None
    stage: str
    code: str
    message: str
    attempts: int = 1


# ------------------------------------------------------------------------------------------------- read


class Box(NamedTuple):
    """A rectangle in points from the top left of the page: x0 < x1, y0 < y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box | None:
        """The smallest box that holds all of them; None where there are none."""
        present = list(boxes)
        if not present:
            return None
        if len(present) == 1:
            return present[0]
        lefts, tops, rights, bottoms = zip(*present, strict=True)
        return cls(min(lefts), min(tops), max(rights), max(bottoms))


class Spanned(Protocol):
    """Whatever stands at `[start:end]` of a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word: `text_raw[start:end]` of its page.

    `alternatives` are other readings of the same image, best first, with their confidence.
    """

    start: int
    end: int
    box: Box | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


class LineRole(StrEnum):
    """What a printed line is in the layout of the page."""

    BODY = "body"
    HEADER_LEFT = "header_left"  # issuing body and its superior; number and symbol under them
    HEADER_RIGHT = "header_right"  # national or Party motto; place and date under it
    TABLE = "table"  # one row of a table, its cells separated by a tab
    FOOTNOTE = "footnote"
    RECIPIENTS = "recipients"  # the left column at the end, from `Nơi nhận:` on
    SIGNATURE = "signature"  # the right column at the end: authority, title, name
    PAGE_NUMBER = "page_number"
    RUNNING_HEADER = "running_header"
    STAMP = "stamp"  # urgency, secrecy, incoming mail, seal: not part of any sentence


NOISE_ROLES = frozenset({LineRole.PAGE_NUMBER, LineRole.STAMP, LineRole.RUNNING_HEADER})
"""Lines that belong to no text."""

ASIDE_ROLES = NOISE_ROLES | {LineRole.FOOTNOTE}
"""Lines over which the text goes on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line in reading order: `text_raw[start:end]` of its page, without the line feed."""

    start: int
    end: int
    box: Box | None
    confidence: float
    role: LineRole = LineRole.BODY
    centred: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell; its words are `text_raw[start:end]` of the page (line feeds inside it read as spaces)."""

    row: int
    column: int
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    box: Box | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page. `continues` is true where its first rows go on from the previous page's last table.

    `split_row` is its row that is the rest of that table's last row, which the page break split.
    """

    cells: tuple[TableCell, ...]
    box: Box | None = None
    continues: bool = False
    split_row: int | None = None

    @property
    def last_row(self) -> int:
        """The number of the row that stands lowest."""
        return max((cell.row for cell in self.cells), default=0)


@dataclass(frozen=True, slots=True)
class DigitalSignature:
    """What the visible stamp of an electronic signature says."""

    signer: str | None
    signed_at: dt.datetime | None
    text: str


_Stands = TypeVar("_Stands", bound=Spanned)


def touching(spans: Sequence[_Stands], start: int, end: int) -> Sequence[_Stands]:
    """Those of some spans, in order and apart, that overlap `[start, end)`."""
    first = bisect_right(spans, start, key=lambda s: s.end)
    return spans[first : bisect_left(spans, end, lo=first, key=lambda s: s.start)]


ReadMethod = Literal["text_layer", "ocr", "plain"]
LayerDecision = Literal["believed", "repaired", "rejected", "none"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read. `width` and `height` are in points; both None for plain text.

    `layer_decision` says what became of a PDF's own text layer, `layer_score` how Vietnamese that layer looked
    (0 to 1). `encodings` are spans of `text_raw` (start, end, encoding of `rules/encodings.toml`) whose font names
    a legacy encoding; `capitals` spans set in a font that shows their small letters as capitals.
    """

    number: int
    text_raw: str
    method: ReadMethod
    lines: tuple[Line, ...]
    words: tuple[Word, ...] = ()
    tables: tuple[Table, ...] = ()
    width: float | None = None
    height: float | None = None
    rotation: int = 0
    ocr_confidence: float | None = None
    layer_decision: LayerDecision = "none"
    layer_score: float | None = None
    signatures: tuple[DigitalSignature, ...] = ()
    encodings: tuple[tuple[int, int, str], ...] = ()
    capitals: tuple[tuple[int, int], ...] = ()

    def box_of(self, start: int, end: int) -> Box | None:
        """The box around the words that touch `text_raw[start:end]`; the lines' where no word has a box."""
        word_box = Box.around(w.box for w in touching(self.words, start, end) if w.box)
        if word_box:
            return word_box
        return Box.around(li.box for li in touching(self.lines, start, end) if li.box)


@dataclass(frozen=True, slots=True)
class Share:
    """Every `count`-th page from page `first` on, counted from 0: nobody need know how many pages a file has."""

    first: int
    count: int


WHOLE = Share(0, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """All pages that could be read, and a failure for each that could not."""

    pages: tuple[Page, ...]
    failures: tuple[Failure, ...] = ()


# ---------------------------------------------------------------------------------------------- restore


class Edit(NamedTuple):
    """`text_raw[raw_start:raw_end]` became `text[start:end]`."""

    raw_start: int
    raw_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where each stretch of restored text came from: edits in order; all between them is the same in both."""

    edits: tuple[Edit, ...] = ()

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw span behind `text[start:end]`; a span that cuts an edit takes the whole of it."""
        after = bisect_right(self.edits, start, key=lambda e: e.end)
        touched = self.edits[after : bisect_left(self.edits, end, lo=after, key=lambda e: e.start)]
        shift = self.edits[after - 1].raw_end - self.edits[after - 1].end if after else 0
        return _carry(start, end, [(e.start, e.end, e.raw_start, e.raw_end) for e in touched], shift)

    def from_raw(self, raw_start: int, raw_end: int) -> tuple[int, int]:
        """The restored span of `text_raw[raw_start:raw_end]`; a span that cuts an edit takes the whole of it."""
        after = bisect_right(self.edits, raw_start, key=lambda e: e.raw_end)
        touched = self.edits[after : bisect_left(self.edits, raw_end, lo=after, key=lambda e: e.raw_start)]
        shift = self.edits[after - 1].end - self.edits[after - 1].raw_end if after else 0
        return _carry(raw_start, raw_end, [(e.raw_start, e.raw_end, e.start, e.end) for e in touched], shift)


def _carry(start: int, end: int, touched: Sequence[tuple[int, int, int, int]], shift: int) -> tuple[int, int]:
    """`touched` are (here_start, here_end, there_start, there_end); `shift` holds before the first of them."""
    if not touched:
        return start + shift, end + shift
    first, last = touched[0], touched[-1]
    left = first[2] if start >= first[0] else first[2] - (first[0] - start)
    right = last[3] if end <= last[1] else last[3] + (end - last[1])
    return left, right


CorrectionKind = Literal["encoding", "spacing", "tone", "letter", "marker"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One change: `text[start:end]` now reads `after` where the page read `before`."""

    start: int
    end: int
    before: str
    after: str
    kind: CorrectionKind
    confidence: float


@dataclass(frozen=True, slots=True)
class RestoredPage:
    """A page with its restored text. Line feeds stand where `page.lines` end: line n of `text` is `page.lines[n]`,
    unless restoration joined or dropped lines, which `alignment` tells."""

    page: Page
    text: str
    alignment: Alignment = field(default_factory=Alignment)
    corrections: tuple[Correction, ...] = ()
    quality: float = 1.0

    @property
    def number(self) -> int:
        """The page number, from 1."""
        return self.page.number

    def raw_of(self, start: int, end: int) -> str:
        """The characters as read behind `text[start:end]`."""
        raw_start, raw_end = self.alignment.to_raw(start, end)
        return self.page.text_raw[raw_start:raw_end]

    def box_of(self, start: int, end: int) -> Box | None:
        """The box on the page of `text[start:end]`; None for plain text."""
        return self.page.box_of(*self.alignment.to_raw(start, end))


# ---------------------------------------------------------------------------------------------- segment


class Piece(NamedTuple):
    """`paragraph.text[start:start+length]` stands at `page.text[offset:offset+length]` of page `page`."""

    start: int
    page: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Where it ends in the paragraph."""
        return self.start + self.length


class ParagraphRole(StrEnum):
    """Where a paragraph stands in the document."""

    HEADER = "header"  # issuing body, motto, number, place and date, type, title, addressees
    LEGAL_BASIS = "legal_basis"  # the `Căn cứ …` lines before the first section
    PREAMBLE = "preamble"  # running text before the first section
    HEADING = "heading"
    BODY = "body"
    TABLE_ROW = "table_row"  # the cells of one row, separated by tabs
    CLOSING = "closing"  # running text after the last section
    RECIPIENTS = "recipients"
    SIGNATURE = "signature"
    NOISE = "noise"  # page numbers, stamps, running headers


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text whose printed lines are joined (over page breaks too), with the way back to the page.

    `section` is the index of the section that owns it in `Document.sections`; None outside any section.
    """

    text: str
    pieces: tuple[Piece, ...]
    role: ParagraphRole
    section: int | None = None
    table: tuple[int, int, int] | None = None  # (page, index in page.tables, row) for a table row

    def locate(self, start: int, end: int) -> tuple[int, int, int]:
        """(page, span_start, span_end) of `text[start:end]`, on the page where it begins."""
        touched = touching(self.pieces, start, end)
        if not touched:
            piece = self.pieces[max(0, bisect_right(self.pieces, start, key=lambda p: p.start) - 1)]
            at = piece.offset + min(max(0, start - piece.start), piece.length)
            return piece.page, at, at
        first = touched[0]
        same_page = [p for p in touched if p.page == first.page]
        last = same_page[-1]
        span_start = first.offset + max(0, start - first.start)
        span_end = last.offset + min(last.length, end - last.start)
        return first.page, span_start, span_end


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered, lettered or bulleted part. `text` is its own text, without its heading and its children's.

    `path` joins the markers from the outside in, without their punctuation (`II.2.b`); a bullet's last part is
    `bullet1`, `bullet2`, …, an annex is `phuluc1`, a document that follows the signature `kemtheo1`; above their
    sections no marker stands (`II.2.b` again), and `parent_id` leads to them. `kind` names the form of
    the marker (`roman`, `decimal`, `letter`, `article`, `bullet`, …).
    """

    section_id: str
    parent_id: str | None
    path: str
    marker: str
    kind: str
    level: int
    heading: str | None
    text: str
    page: int
    span_start: int
    span_end: int
    confidence: float = 1.0
    rule: str = ""


IssuerLevel = Literal["central", "province", "district", "commune"]


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the body. Every value is None where the document does not say."""

    document_type: str | None = None
    document_type_code: str | None = None
    reference_number: str | None = None
    issued_on: str | None = None  # as exact as printed: `2020-12-15`, `2020-01`, `2020`
    issued_at: str | None = None
    issuer: str | None = None
    issuer_superior: str | None = None
    issuer_level: IssuerLevel | None = None
    title: str | None = None
    addressees: tuple[str, ...] = ()
    province: str | None = None
    confidence: float = 1.0
    inferred: tuple[str, ...] = ()  # names of the fields that came from elsewhere than their printed place

    @property
    def issued_on_date(self) -> dt.date | None:
        """The date where day, month and year are all printed."""
        if self.issued_on is None or len(self.issued_on) != 10:
            return None
        return dt.date.fromisoformat(self.issued_on)


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands below the body."""

    signer: str | None = None
    signer_title: str | None = None
    signing_authority: tuple[str, ...] = ()  # from the outside in: ("TM", "KT")
    recipients: tuple[str, ...] = ()
    confidence: float = 1.0  # that signer and office are read and right


@dataclass(frozen=True, slots=True)
class Document:
    """One document: a file, or a part of one that holds several. `period_*` is the time its targets hold for."""

    document_id: str
    source: Source
    pages: tuple[RestoredPage, ...]
    header: Header
    footer: Footer
    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    period_start: dt.date | None = None
    period_end: dt.date | None = None

    def page(self, number: int) -> RestoredPage:
        """The page with that number (numbers are those of the file).

        Raises KeyError where the document has no such page.
        """
        at = bisect_left(self.pages, number, key=lambda page: page.number)
        if at == len(self.pages) or self.pages[at].number != number:
            raise KeyError(number)
        return self.pages[at]

    def section_of(self, paragraph: Paragraph) -> Section | None:
        """The section that owns a paragraph; None outside any section."""
        return None if paragraph.section is None else self.sections[paragraph.section]

    def evidence(self, paragraph: Paragraph, start: int, end: int, confidence: float, rule: str) -> Evidence:
        """Where `paragraph.text[start:end]` was read, as the columns that every extracted row carries."""
        number, span_start, span_end = paragraph.locate(start, end)
        page = self.page(number)
        section = self.section_of(paragraph)
        return Evidence(
            document_id=self.document_id,
            section_id=section.section_id if section else None,
            page=number,
            span_start=span_start,
            span_end=span_end,
            box=page.box_of(span_start, span_end),
            quote=paragraph.text[start:end],
            quote_raw=page.raw_of(span_start, span_end),
            confidence=confidence,
            rule=rule,
        )


# ---------------------------------------------------------------------------------------------- extract


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an extracted row came from. `rule` is `file:id` of the rule in `rules/` that made it.

    `quote` may run over a page break; span, box and `quote_raw` then cover its part on the first page.
    """

    document_id: str
    section_id: str | None
    page: int
    span_start: int
    span_end: int
    box: Box | None
    quote: str
    quote_raw: str
    confidence: float
    rule: str


Comparator = Literal["=", ">", ">=", "<", "<=", "~", "between"]
Direction = Literal["increase", "decrease", "maintain"]


@dataclass(frozen=True, slots=True)
class Target:
    """One number that somebody must reach."""

    target_id: str
    evidence: Evidence
    indicator: str
    indicator_id: str | None
    comparator: Comparator
    direction: Direction | None
    value: float
    value_upper: float | None
    value_text: str
    unit_text: str | None
    unit: str | None
    normalized_value: float | None
    normalized_unit: str | None
    baseline: float | None = None
    total: float | None = None
    scope: str | None = None
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    deadline_id: str | None = None


@dataclass(frozen=True, slots=True)
class Percentage:
    """One percent, permille or percentage point of the text."""

    percentage_id: str
    evidence: Evidence
    value: float
    value_upper: float | None
    unit: Literal["percent", "permille", "percentage_point"]
    role: Literal["target", "result", "baseline", "change", "other"]
    subject: str | None
    target_id: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One time limit. Dates are inclusive; with `before`, `due_end` is the day that is named."""

    deadline_id: str
    evidence: Evidence
    kind: Literal["by", "before", "on", "within", "recurring"]
    due_start: dt.date | None
    due_end: dt.date | None
    recurrence: str | None
    task: str | None
    actor: str | None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """One instruction to somebody."""

    directive_id: str
    evidence: Evidence
    actor: str | None
    actor_id: str | None  # the actor in its full, canonical wording
    co_actors: tuple[str, ...]
    role: Literal["lead", "cooperate", "advise", "requested"]
    modality: Literal["assign", "require", "request", "propose"]
    action: str
    deadline_ids: tuple[str, ...] = ()
    target_ids: tuple[str, ...] = ()


Relation = Literal["legal_basis", "implements", "amends", "replaces", "repeals", "mentions"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention of another document."""

    citation_id: str
    evidence: Evidence
    document_type: str | None
    reference_number: str | None
    issued_on: str | None  # as exact as printed, like Header.issued_on
    issuer: str | None
    title: str | None
    relation: Relation
    short_form: bool = False
    provision: str | None = None  # `khoản 2 Điều 5`
    term: str | None = None  # `khóa XII`, `nhiệm kỳ 2020 - 2025` of a Party or council document
    named: bool = False  # prints no number: a law by name, a congress's resolution, `Chỉ thị nêu trên`
    change: Relation | None = None  # what another document that the text names does to this one: `amends`, …
    changed_by: str | None = None  # reference number, else name, of that other document


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was found in one document."""

    targets: tuple[Target, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    directives: tuple[Directive, ...] = ()
    citations: tuple[Citation, ...] = ()
    named_citations: tuple[Citation, ...] = ()  # mentions without a number


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """All that the per-document stages yield for one source: one or more documents, and the pages that failed."""

    source: Source
    documents: tuple[tuple[Document, Extraction], ...]
    failures: tuple[Failure, ...] = ()
