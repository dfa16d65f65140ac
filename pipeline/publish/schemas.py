"""The schemas of all published tables: the contract with analysts, as data.

Every field carries `description` (and `unit` where it has one) in its metadata, every schema `schema_version`.
`docs/data-dictionary.md` is generated from here. Columns are added, never renamed; a rename raises the version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

SCHEMA_VERSION = "1"

STRINGS = pa.list_(pa.string())
BOX = pa.list_(pa.float32(), 4)
MOMENT = pa.timestamp("us", tz="UTC")
SIGNATURES = pa.list_(pa.struct([("signer", pa.string()), ("signed_at", MOMENT), ("text", pa.string())]))


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `required` columns hold no null; in all others null means that the document does not say."""

    name: str
    type: Any
    description: str
    unit: str | None = None
    required: bool = False

    def field(self) -> Any:
        """The same as a pyarrow field with its metadata."""
        metadata = {"description": self.description} | ({"unit": self.unit} if self.unit else {})
        return pa.field(self.name, self.type, nullable=not self.required, metadata=metadata)


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: what a row is, its columns, its key, and the columns that name rows of other tables.

    `references` maps a column (a list of ids too) to `table.column`. `per_document` tables hold rows that one
    document alone decides; the others are made over the whole archive or say how a run went.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    per_document: bool = True
    arrow: Any = field(init=False, repr=False, compare=False)  # the pyarrow schema

    def __post_init__(self) -> None:
        """Makes the pyarrow schema, which is asked for many times a document."""
        metadata = {"schema_version": SCHEMA_VERSION, "table": self.name, "description": f"One row is {self.row}."}
        object.__setattr__(self, "arrow", pa.schema([c.field() for c in self.columns], metadata=metadata))


def _required(name: str, kind: Any, description: str, unit: str | None = None) -> Column:
    return Column(name, kind, description, unit, required=True)


_TEXT, _DATE, _INT, _FLOAT, _BOOL = pa.string(), pa.date32(), pa.int32(), pa.float64(), pa.bool_()
_POINTS = "points (1/72 inch)"
_OFFSET = "characters (Unicode code points) from the start of the page's text"

_DOCUMENT = _required("document_id", _TEXT, "The document, as in documents")
_PAGE = _required("page", _INT, "Page number in the file, from 1")
_BOX = Column("bbox", BOX, "Box on the page: x0, y0, x1, y1 from its top left corner; null for plain text", _POINTS)
_CONFIDENCE = _required("confidence", _FLOAT, "How sure the row is, 0 to 1: of the rows with 0.9 nine in ten are right")
_RULE = _required("rule", _TEXT, "The rule that made the row, as file:id of the folder rules; empty where no rule did")

_PLACE = (
    _DOCUMENT,
    Column("section_id", _TEXT, "The section that owns the words, as in sections; null outside any section"),
    _PAGE,
    _required("span_start", _INT, "Where the words begin in the page's text", _OFFSET),
    _required("span_end", _INT, "Where the words end in the page's text, exclusive", _OFFSET),
    _BOX,
    _required("quote", _TEXT, "The words as restored; they may run on over the page's end"),
    _required("quote_raw", _TEXT, "The words as read from the page, before restoration"),
    _CONFIDENCE,
    _RULE,
)
_PLACE_REFERENCES = (("document_id", "documents.document_id"), ("section_id", "sections.section_id"))

DOCUMENTS = TableSchema(
    "documents",
    "a document",
    (
        _required("document_id", _TEXT, "Stable id: the same file gives the same id on every run and machine"),
        _required("source_path", _TEXT, "Path of the file inside the input folder (of copies: the first by name)"),
        _required("source_paths", STRINGS, "Every path that holds this same content"),
        _required("source_missing", _BOOL, "Whether the file has left the input folder (kept with --keep-missing)"),
        _required("source_sha256", _TEXT, "SHA-256 of the file's content"),
        _required("media_type", _TEXT, "Media type by content, not by name"),
        _required("page_count", _INT, "Pages of the document", "pages"),
        _required("first_page", _INT, "Number of its first page in the file"),
        _required("read_method", _TEXT, "How the pages were read: text_layer, ocr, mixed or plain"),
        Column("document_type", _TEXT, "Type as named in full: Chỉ thị, Quyết định, Kế hoạch"),
        Column("document_type_code", _TEXT, "Abbreviation of the type: CT, QĐ, KH"),
        Column("reference_number", _TEXT, "Number and symbol: 23-CT/TU; /CT-UBND where the number is blank"),
        Column("issued_on", _TEXT, "Date of issue as exact as printed: 2020-12-15, 2020-01 or 2020"),
        Column("issued_on_date", _DATE, "Date of issue where day, month and year are printed"),
        Column("issued_at", _TEXT, "Place of issue, as printed before the date"),
        Column("issuer", _TEXT, "Body that issued the document"),
        Column("issuer_superior", _TEXT, "Body that stands above the issuer in the header"),
        Column("issuer_level", _TEXT, "Level of the issuer: central, province, district or commune"),
        Column("province", _TEXT, "Province of the issuer"),
        Column("title", _TEXT, "What the document is about"),
        Column("signer", _TEXT, "Name of the person who signed"),
        Column("signer_title", _TEXT, "Office of the person who signed"),
        Column("signing_authority", _TEXT, "In whose name was signed, from the outside in: TM, KT, TL, TUQ, Q"),
        _required("recipients", STRINGS, "Lines of Nơi nhận"),
        _required("addressees", STRINGS, "Whom the document speaks to (Kính gửi)"),
        Column("period_start", _DATE, "First day of the time its targets hold for"),
        Column("period_end", _DATE, "Last day of that time"),
        _required("text_quality", _FLOAT, "How good the restored text is, 0 to 1, the mean over its characters"),
        _required("confidence", _FLOAT, "How sure the values of the header are, 0 to 1"),
        _required("inferred", STRINGS, "Columns whose value came from elsewhere than its printed place"),
        _required("run_id", _TEXT, "The run that made the rows, as in runs"),
        _required("pipeline_version", _TEXT, "Version of code, rules and model that made the rows"),
    ),
    key=("document_id",),
)

PAGES = TableSchema(
    "pages",
    "a page",
    (
        _DOCUMENT,
        _PAGE,
        Column("width", _FLOAT, "Width as a reader sees the page; null for plain text", _POINTS),
        Column("height", _FLOAT, "Height as a reader sees the page; null for plain text", _POINTS),
        _required("method", _TEXT, "How the page was read: text_layer, ocr or plain"),
        Column("ocr_confidence", _FLOAT, "What OCR says of its own reading, 0 to 1; null where there was none"),
        _required("text_raw", _TEXT, "The text as read; a line feed between printed lines, a tab between cells"),
        _required("text", _TEXT, "The text after restoration; spans of all tables count in it"),
        _required("rotation", _INT, "How far the page was turned clockwise to be read", "degrees"),
        _required("layer_decision", _TEXT, "What became of a PDF's own text layer: believed, repaired, rejected, none"),
        Column("layer_score", _FLOAT, "How Vietnamese that layer is, 0 to 1; null where there is none"),
        _required("text_quality", _FLOAT, "How good the restored text is, 0 to 1"),
        _required("signatures", SIGNATURES, "What the visible stamps of electronic signatures say"),
    ),
    key=("document_id", "page"),
    references=(("document_id", "documents.document_id"),),
)

TABLE_CELLS = TableSchema(
    "table_cells",
    "one cell of a table, ruled or set in columns",
    (
        _required("table_id", _TEXT, "The table: stable id, one for each table of a page"),
        _DOCUMENT,
        _PAGE,
        _required("row", _INT, "Row in the table, from 0"),
        _required("column", _INT, "Column in the table, from 0"),
        _required("row_span", _INT, "Rows that the cell covers"),
        _required("column_span", _INT, "Columns that the cell covers"),
        _required("text", _TEXT, "Words of the cell as restored, line feeds as blanks"),
        _required("text_raw", _TEXT, "Words of the cell as read"),
        _required("header", _BOOL, "Whether the cell is a heading"),
        _required("continues", _BOOL, "Whether the table goes on from the last table of the page before"),
        _required("span_start", _INT, "Where the words begin in the page's text", _OFFSET),
        _required("span_end", _INT, "Where the words end in the page's text, exclusive", _OFFSET),
        _BOX,
        Column("rest_bbox", BOX, "Box on the next page of the rest of a cell that page breaks split", _POINTS),
        _CONFIDENCE,
    ),
    key=("table_id", "row", "column"),
    references=(("document_id", "documents.document_id"),),
)

SECTIONS = TableSchema(
    "sections",
    "a numbered, lettered or bulleted part",
    (
        _required("section_id", _TEXT, "Stable id of the section"),
        _DOCUMENT,
        Column("parent_id", _TEXT, "The section that holds this one; null at the top"),
        _required("path", _TEXT, "Markers from the outside in, without punctuation: II.2.b"),
        _required("marker", _TEXT, "The marker as printed: 1-, (2), a,"),
        _required("kind", _TEXT, "Form of the marker: roman, decimal, letter, article, bullet and others"),
        _required("level", _INT, "Depth, 1 at the top"),
        Column("heading", _TEXT, "Heading; null where the text begins at once"),
        _required("text", _TEXT, "Own text, without the heading and without the text of sections inside"),
        _PAGE,
        _required("span_start", _INT, "Where the section begins in the page's text", _OFFSET),
        _required("span_end", _INT, "Where its part on that page ends, exclusive", _OFFSET),
        _BOX,
        _required("quote", _TEXT, "The words of that span as restored"),
        _required("quote_raw", _TEXT, "The words of that span as read"),
        _CONFIDENCE,
        _RULE,
    ),
    key=("section_id",),
    references=(("document_id", "documents.document_id"), ("parent_id", "sections.section_id")),
)

TARGETS = TableSchema(
    "targets",
    "one number that somebody must reach",
    (
        _required("target_id", _TEXT, "Stable id of the target"),
        *_PLACE,
        _required("indicator", _TEXT, "What is counted, as printed"),
        Column("indicator_id", _TEXT, "One id for the same indicator in any document; null where it is not known"),
        _required("comparator", _TEXT, "=, >, >=, <, <=, ~ (about) or between"),
        Column("direction", _TEXT, "increase, decrease or maintain; null where nothing is said"),
        _required("value", _FLOAT, "The number, in the unit of the column unit"),
        Column("value_upper", _FLOAT, "Upper end of a range, in the same unit"),
        _required("value_text", _TEXT, "The number as printed"),
        Column("unit_text", _TEXT, "The unit as printed"),
        Column("unit", _TEXT, "The unit in one wording"),
        Column("normalized_value", _FLOAT, "The number in the base unit: 50,2 tỷ đồng → 50200000000"),
        Column("normalized_unit", _TEXT, "The base unit: VND, m², kg"),
        Column("baseline", _FLOAT, "Where the number stands today, in the same unit"),
        Column("total", _FLOAT, "The whole that the number is a part of"),
        Column("scope", _TEXT, "Who or where it holds for"),
        Column("period_start", _DATE, "First day of the time it holds for"),
        Column("period_end", _DATE, "Last day of that time"),
        Column("deadline_id", _TEXT, "The time limit, as in deadlines"),
    ),
    key=("target_id",),
    references=(*_PLACE_REFERENCES, ("deadline_id", "deadlines.deadline_id")),
)

PERCENTAGES = TableSchema(
    "percentages",
    "one percent, permille or percentage point of the text",
    (
        _required("percentage_id", _TEXT, "Stable id of the percentage"),
        *_PLACE,
        _required("value", _FLOAT, "The number, in the unit of the column unit"),
        Column("value_upper", _FLOAT, "Upper end of a range"),
        _required("unit", _TEXT, "percent, permille or percentage_point"),
        _required("role", _TEXT, "What the number is: target, result, baseline, change or other"),
        Column("subject", _TEXT, "What it is a share of"),
        Column("target_id", _TEXT, "The target that it belongs to, as in targets"),
    ),
    key=("percentage_id",),
    references=(*_PLACE_REFERENCES, ("target_id", "targets.target_id")),
)

DEADLINES = TableSchema(
    "deadlines",
    "one time limit",
    (
        _required("deadline_id", _TEXT, "Stable id of the time limit"),
        *_PLACE,
        _required("kind", _TEXT, "by, before, on, within or recurring"),
        Column("due_start", _DATE, "First day, inclusive"),
        Column("due_end", _DATE, "Last day, inclusive; with before the day that is named"),
        Column("recurrence", _TEXT, "When it comes again, as an RRULE of RFC 5545"),
        Column("task", _TEXT, "What is to be done"),
        Column("actor", _TEXT, "Who is to do it"),
        _required("inferred", _BOOL, "Whether a part of the date came from context"),
    ),
    key=("deadline_id",),
    references=_PLACE_REFERENCES,
)

DIRECTIVES = TableSchema(
    "directives",
    "one instruction to somebody",
    (
        _required("directive_id", _TEXT, "Stable id of the instruction"),
        *_PLACE,
        Column("actor", _TEXT, "Who is told, as printed"),
        Column("actor_id", _TEXT, "The same in one full wording"),
        _required("co_actors", STRINGS, "Who works with the actor"),
        _required("role", _TEXT, "lead, cooperate, advise or requested"),
        _required("modality", _TEXT, "assign, require, request or propose"),
        _required("action", _TEXT, "What is to be done"),
        _required("deadline_ids", STRINGS, "Time limits of the instruction, as in deadlines"),
        _required("target_ids", STRINGS, "Targets of the instruction, as in targets"),
    ),
    key=("directive_id",),
    references=(
        *_PLACE_REFERENCES,
        ("deadline_ids", "deadlines.deadline_id"),
        ("target_ids", "targets.target_id"),
    ),
)

_CITATION_COLUMNS = (
    _required("citation_id", _TEXT, "Stable id of the mention"),
    *_PLACE,
    Column("document_type", _TEXT, "Type of the cited document"),
    Column("reference_number", _TEXT, "Number and symbol of the cited document"),
    Column("issued_on", _TEXT, "Its date of issue as exact as printed: 2020-12-15, 2020-01 or 2020"),
    Column("issuer", _TEXT, "Body that issued it"),
    Column("title", _TEXT, "What it is about"),
    _required("relation", _TEXT, "legal_basis, implements, amends, replaces, repeals or mentions"),
    _required("short_form", _BOOL, "Whether number or date came from an earlier mention"),
    Column("provision", _TEXT, "The part that is cited: khoản 2 Điều 5"),
    Column("term", _TEXT, "Term of office that tells the document from others: khóa XII, nhiệm kỳ 2020 - 2025"),
    Column("change", _TEXT, "What another document that the text names does to this one: amends, replaces, repeals"),
    Column("changed_by", _TEXT, "Reference number, else name, of that other document"),
    Column("instrument_id", _TEXT, "The document of the world that is meant, as in instruments"),
)

CITATIONS = TableSchema(
    "citations",
    "one mention of another document by its number",
    _CITATION_COLUMNS,
    key=("citation_id",),
    references=(*_PLACE_REFERENCES, ("instrument_id", "instruments.instrument_id")),
)

NAMED_CITATIONS = TableSchema(
    "named_citations",
    "one mention of another document without a number (Luật Đất đai năm 2013)",
    _CITATION_COLUMNS,
    key=("citation_id",),
    references=(*_PLACE_REFERENCES, ("instrument_id", "instruments.instrument_id")),
)

CORRECTIONS = TableSchema(
    "corrections",
    "one change that restoration made",
    (
        _DOCUMENT,
        _PAGE,
        _required("span_start", _INT, "Where the new words begin in the page's text", _OFFSET),
        _required("span_end", _INT, "Where the new words end in the page's text, exclusive", _OFFSET),
        _required("before", _TEXT, "The words as read"),
        _required("after", _TEXT, "The words as restored"),
        _required("kind", _TEXT, "encoding, spacing, tone, letter or marker"),
        _CONFIDENCE,
    ),
    references=(("document_id", "documents.document_id"),),
)

INSTRUMENTS = TableSchema(
    "instruments",
    "one document of the world, cited or ingested",
    (
        _required("instrument_id", _TEXT, "Stable id of the instrument"),
        Column("document_type", _TEXT, "Type as named in full"),
        Column("reference_number", _TEXT, "Number and symbol"),
        Column("issued_on", _TEXT, "Date of issue as exact as known: 2020-12-15, 2020-01 or 2020"),
        Column("issuer", _TEXT, "Body that issued it"),
        Column("title", _TEXT, "What it is about"),
        Column("document_id", _TEXT, "The ingested document, as in documents; null until it is ingested"),
        _required("citation_count", _INT, "Mentions in all documents", "mentions"),
        Column("province", _TEXT, "Province of the issuer; null for the central level and where unknown"),
        Column("term", _TEXT, "Term of office that tells it from others: khóa XII"),
        _required("ambiguous_with", STRINGS, "Instruments that it may be one with, as in instruments"),
    ),
    key=("instrument_id",),
    references=(("document_id", "documents.document_id"), ("ambiguous_with", "instruments.instrument_id")),
    per_document=False,
)

LINKS = TableSchema(
    "links",
    "one edge from a document to an instrument",
    (
        _required("source_document_id", _TEXT, "The document that cites, as in documents"),
        _required("instrument_id", _TEXT, "The instrument that is cited, as in instruments"),
        Column("target_document_id", _TEXT, "The ingested document that is cited; null until it is ingested"),
        _required("relation", _TEXT, "legal_basis, implements, amends, replaces, repeals or mentions"),
        _required("mentions", _INT, "How often", "mentions"),
        _required("method", _TEXT, "How the two were matched: exact, date_and_number or fuzzy"),
        _required("score", _FLOAT, "How sure the match is, 0 to 1"),
        _required("ambiguous_with", STRINGS, "Other instruments that it could be"),
    ),
    references=(
        ("source_document_id", "documents.document_id"),
        ("target_document_id", "documents.document_id"),
        ("instrument_id", "instruments.instrument_id"),
        ("ambiguous_with", "instruments.instrument_id"),
    ),
    per_document=False,
)

FAILURES = TableSchema(
    "failures",
    "one file or page that could not be done",
    (
        _required("source_path", _TEXT, "Path of the file inside the input folder"),
        Column("source_sha256", _TEXT, "SHA-256 of its content; null where it could not be read"),
        Column("page", _INT, "The page; null where the whole file failed"),
        _required("stage", _TEXT, "Where it failed: discover, read, restore, segment, extract or run"),
        _required("code", _TEXT, "Stable code of the reason"),
        _required("message", _TEXT, "The reason in words"),
        _required("attempts", _INT, "How often it was tried", "runs"),
        _required("run_id", _TEXT, "The run that tried last, as in runs"),
    ),
    per_document=False,
)

RUNS = TableSchema(
    "runs",
    "one run",
    (
        _required("run_id", _TEXT, "The run"),
        _required("started_at", MOMENT, "When it began"),
        _required("ended_at", MOMENT, "When its tables were ready to be published"),
        _required("files", _INT, "Files that the input folder held", "files"),
        _required("done", _INT, "Files done without a fault in this run", "files"),
        _required("partial", _INT, "Files of which some pages failed in this run", "files"),
        _required("failed", _INT, "Files that failed in this run", "files"),
        _required("unchanged", _INT, "Files that an earlier run had done", "files"),
        _required("waiting", _INT, "Files left for the next run because they still change", "files"),
        _required("removed", _INT, "Files that were gone", "files"),
        _required("pages", _INT, "Pages of the files worked on in this run", "pages"),
        _required("versions", _TEXT, "Versions of pipeline, stages and programs, as JSON"),
        _required("settings", _TEXT, "Settings of the run, as JSON"),
    ),
    key=("run_id",),
    per_document=False,
)

TABLES: dict[str, TableSchema] = {
    table.name: table
    for table in (
        DOCUMENTS,
        PAGES,
        TABLE_CELLS,
        SECTIONS,
        TARGETS,
        PERCENTAGES,
        DEADLINES,
        DIRECTIVES,
        CITATIONS,
        NAMED_CITATIONS,
        INSTRUMENTS,
        LINKS,
        CORRECTIONS,
        FAILURES,
        RUNS,
    )
}
PER_DOCUMENT: tuple[str, ...] = tuple(name for name, table in TABLES.items() if table.per_document)

# Changes with every change of a column; snapshots of another digest are brought to these columns when taken over.
SCHEMA_DIGEST = hashlib.sha256(
    "\n".join(t.arrow.to_string(show_field_metadata=True) for t in TABLES.values()).encode()
).hexdigest()[:12]
