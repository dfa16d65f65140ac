from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK

from pipeline.models import LineRole, Source
from pipeline.read import ReadError, read_source
from pipeline.read.formats.numbering import render_number
from pipeline.settings import ReadSettings

MakeSource = Callable[[Path], Source]


def test_paragraphs_lists_tables_and_page_breaks(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    document = docx.Document()
    document.add_paragraph("Thực hiện kế hoạch trồng cây:")
    document.add_paragraph("Thôn Thượng trồng 500 cây", style="List Number")
    document.add_paragraph("Thôn Hạ trồng 300 cây", style="List Number")
    document.add_paragraph("Chăm sóc sau khi trồng", style="List Bullet")
    table = document.add_table(rows=3, cols=2, style="Table Grid")
    for row, texts in zip(table.rows, [("Thôn", "Số cây"), ("Thượng", "500"), ("Hạ", "300")], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Trang thứ hai.")
    path = tmp_path / "ke-hoach.docx"
    document.save(str(path))
    first, second = read_source(source_of(path), settings).pages
    lines = [first.text_raw[line.start : line.end] for line in first.lines]
    assert lines[:4] == [
        "Thực hiện kế hoạch trồng cây:",
        "1. Thôn Thượng trồng 500 cây",
        "2. Thôn Hạ trồng 300 cây",
        "- Chăm sóc sau khi trồng",
    ]
    assert lines[4:7] == ["Thôn\tSố cây", "Thượng\t500", "Hạ\t300"]
    assert first.lines[5].role is LineRole.TABLE
    (cells,) = (t.cells for t in first.tables)
    assert [first.text_raw[c.start : c.end] for c in cells if c.column == 1] == ["Số cây", "500", "300"]
    assert second.text_raw.strip() == "Trang thứ hai."


def test_merged_cells_span(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Chỉ tiêu"
    table.cell(0, 2).text = "Năm"
    for column, text in enumerate(("a", "b", "c")):
        table.cell(1, column).text = text
    path = tmp_path / "gop.docx"
    document.save(str(path))
    (page,) = read_source(source_of(path), settings).pages
    assert page.text_raw.strip() == "Chỉ tiêu\tNăm\na\tb\tc"
    spans = [(c.row, c.column, c.column_span) for c in page.tables[0].cells]
    assert spans == [(0, 0, 2), (0, 2, 1), (1, 0, 1), (1, 1, 1), (1, 2, 1)]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (4, "upperRoman", "IV"),
        (9, "lowerRoman", "ix"),
        (3, "lowerLetter", "c"),
        (27, "upperLetter", "AA"),
        (7, "decimal", "7"),
        (7, "decimalZero", "07"),
    ],
)
def test_list_numbers(value: int, form: str, text: str) -> None:
    assert render_number(value, form) == text


def test_an_empty_document_says_so(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    path = tmp_path / "rong.docx"
    docx.Document().save(str(path))
    with pytest.raises(ReadError) as caught:
        read_source(source_of(path), settings)
    assert caught.value.code == "empty_file"


def test_a_damaged_document_says_so(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    path = tmp_path / "hong.docx"
    path.write_bytes(b"PK\x03\x04 junk")
    with pytest.raises(ReadError) as caught:
        read_source(source_of(path), settings)
    assert caught.value.code == "damaged_docx"
