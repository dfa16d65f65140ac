"""Word documents by python-docx: paragraphs, list numbers, tables, pages at hard page breaks."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.exceptions import InvalidXmlError
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from pipeline.models import Failure, Line, LineRole, Page, Source, Table, TableCell
from pipeline.read.errors import ReadError, too_many_pages
from pipeline.read.formats.numbering import ListNumbers
from pipeline.settings import ReadSettings

_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Unpacked bytes of one part beyond which the file is taken for a bomb.
_LARGEST_PART = 200_000_000
# Bytes that text unpacks to for each that it was packed into; a bomb has a thousand.
_TIGHTEST_PACKING = 50
_MOST_COLUMNS = 63  # of a table, in Word
_DAMAGE = (
    *(OSError, RuntimeError, AttributeError, KeyError, ValueError, SyntaxError),
    *(zipfile.BadZipFile, zlib.error, PackageNotFoundError, InvalidXmlError),
)


def read_word(source: Source, settings: ReadSettings) -> Iterator[Page | Failure]:
    """The pages of a Word document, cut at hard page breaks, and a failure where they are too many.

    Raises ReadError: `unreadable`, `damaged_docx`, `too_large`, `empty_file`.
    """
    try:
        yield from _pages(_open(source), source, settings)
    except ReadError:
        raise
    except PermissionError as error:
        raise ReadError("unreadable", f"cannot be opened: {error}; check its permissions") from error
    except _DAMAGE as error:
        raise ReadError(
            "damaged_docx", f"is no sound Word document ({type(error).__name__}: {error}); open and save it again"
        ) from error


def _pages(document: Any, source: Source, settings: ReadSettings) -> Iterator[Page | Failure]:
    numbers = ListNumbers(document)
    writer = _Writer()
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            for position, text in enumerate(_paragraph_parts(block, numbers)):
                if position:
                    number += 1
                    yield writer.page(number)
                    if number == settings.max_pages:
                        yield too_many_pages(source, settings)
                        return
                    writer = _Writer()
                writer.paragraph(text, block)
        else:
            writer.table(block)
    if number == 0 and not writer.text.strip():
        raise ReadError("empty_file", "holds no text; if it shows a picture of a page, save that as PDF or PNG")
    yield writer.page(number + 1)


def _open(source: Source) -> Any:
    with zipfile.ZipFile(source.path) as archive:
        _refuse_bombs(archive.infolist())
    document = docx.Document(str(source.path))
    _narrow_cells(document)
    return document


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    """Raises ReadError `too_large` where a few bytes unpack to very many."""
    largest = max((part.file_size for part in parts), default=0)
    packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
    if largest > _LARGEST_PART:
        raise ReadError("too_large", f"a part of {largest} bytes once unpacked; split the document")
    if unpacked > _LARGEST_PART and unpacked > _TIGHTEST_PACKING * packed:
        raise ReadError("too_large", f"{unpacked} bytes once unpacked, of {packed} packed; split the document")


def _narrow_cells(document: Any) -> None:
    """Cells that claim more columns than a table can have would each be as many objects."""
    for tag in ("gridSpan", "gridBefore", "gridAfter"):
        for element in document.element.iter(f"{_NAMESPACE}{tag}"):
            value = element.get(f"{_NAMESPACE}val") or "1"
            columns = int(value) if value.isdecimal() and len(value) < 10 else _MOST_COLUMNS
            element.set(f"{_NAMESPACE}val", str(min(columns, _MOST_COLUMNS)))


def _paragraph_parts(paragraph: Paragraph, numbers: ListNumbers) -> list[str]:
    """The paragraph's text, cut at hard page breaks, its automatic number in front."""
    parts = [""]
    for element in paragraph._p.iter():
        tag = element.tag
        if tag == f"{_NAMESPACE}t":
            parts[-1] += element.text or ""
        elif tag in (f"{_NAMESPACE}tab", f"{_NAMESPACE}ptab"):
            # A tab inside the properties describes a stop, not a printed tab.
            if element.getparent().tag == f"{_NAMESPACE}r":
                parts[-1] += " "
        elif tag == f"{_NAMESPACE}noBreakHyphen":
            parts[-1] += "-"
        elif tag in (f"{_NAMESPACE}br", f"{_NAMESPACE}cr"):
            if element.get(f"{_NAMESPACE}type") == "page":
                parts.append("")
            else:
                parts[-1] += "\n"
    marker = numbers.marker_of(paragraph)
    if marker and any(part.strip() for part in parts):
        first = next(i for i, part in enumerate(parts) if part.strip())
        parts[first] = f"{marker} {parts[first].lstrip()}"
    if paragraph.paragraph_format.page_break_before:
        parts.insert(0, "")
    return parts


@dataclass(slots=True)
class _Writer:
    """Collects one page."""

    text: str = ""
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def line(self, text: str, role: LineRole = LineRole.BODY, centred: bool = False, bold: bool = False) -> int:
        """Adds a line; returns where it starts."""
        if self.lines:
            self.text += "\n"
        start = len(self.text)
        self.text += text
        self.lines.append(Line(start, len(self.text), None, 1.0, role, centred, bold))
        return start

    def paragraph(self, text: str, paragraph: Paragraph) -> None:
        centred = paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER
        runs = [run for run in paragraph.runs if run.text.strip()]
        bold = bool(runs) and all(run.bold for run in runs)
        for line in text.split("\n"):
            self.line(line.rstrip(), centred=centred, bold=bold)

    def table(self, table: WordTable) -> None:
        """A table with two columns or more and real rows; the two-column header of a letter becomes its lines."""
        rows = _cells(table)
        if is_layout_table(table, len(rows)):
            for row in rows:
                for cell in row:
                    for line in cell.text.split("\n"):
                        self.line(line)
            return
        cells = []
        for number, row in enumerate(rows):
            texts = [" ".join(cell.text.split()) for cell in row]
            header = _is_heading(table.rows[number])
            start = self.line("\t".join(texts), LineRole.TABLE, bold=header)
            for cell, text in zip(row, texts, strict=True):
                end = start + len(text)
                cells.append(TableCell(number, cell.column, start, end, cell.row_span, cell.column_span, header))
                start = end + 1
        self.tables.append(Table(tuple(cells)))

    def page(self, number: int) -> Page:
        """The page so far."""
        return Page(number, self.text, "plain", tuple(self.lines), tables=tuple(self.tables))


@dataclass(slots=True)
class _Cell:
    """One cell of a Word table, at its first row and column."""

    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


def _cells(table: WordTable) -> list[list[_Cell]]:
    """The cells of each row; one that spans rows or columns stands where it begins."""
    # Holds the elements too: lxml gives a freed one's id to the next.
    seen: dict[int, tuple[object, _Cell, int]] = {}
    rows = []
    for number, row in enumerate(table.rows):
        cells: list[_Cell] = []
        column = row.grid_cols_before
        for word_cell in row.cells:
            known = seen.get(id(word_cell._tc))
            if known is None:
                cells.append(_Cell(column, word_cell.text))
                seen[id(word_cell._tc)] = (word_cell._tc, cells[-1], number)
            else:
                _, cell, first = known
                cell.row_span = number - first + 1
                cell.column_span = max(cell.column_span, column - cell.column + 1)
            column += 1
        rows.append(cells)
    return rows


def _is_heading(row: Any) -> bool:
    """Whether Word repeats the row on every page, or all its words are bold."""
    properties = row._tr.trPr
    if properties is not None and properties.find(f"{_NAMESPACE}tblHeader") is not None:
        return True
    runs = [run for cell in row.cells for paragraph in cell.paragraphs for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)


def is_layout_table(table: WordTable, rows: int) -> bool:
    """Whether a table only puts columns side by side (header, signature): few cells, and no borders drawn."""
    if len(table.columns) < 2 or rows == 1:
        return True
    bordered = "Grid" in (table.style.name if table.style else "") or bool(
        table._tbl.findall(f".//{_NAMESPACE}tblBorders") or table._tbl.findall(f".//{_NAMESPACE}tcBorders")
    )
    return len(table.columns) <= 3 and rows <= 6 and not bordered
