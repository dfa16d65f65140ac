"""Rows that a page break splits, from the printed page to the published cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.models import Document, DocumentResult, Extraction, Page, ParagraphRole, RestoredPage, Source
from pipeline.publish.tables import tables_of
from pipeline.read import read_source
from pipeline.segment import segment
from pipeline.settings import ReadSettings
from tests.read.printed import A4, print_lines

EDGES = (60, 100, 330, 430, 540)
HEADING = ["TT", "Nhiệm vụ", "Chủ trì", "Kết quả"]
FIRST = [HEADING, ["1", "Rà soát hộ nghèo", "Phòng Nội vụ", "Báo cáo"], ["2", "Xây dựng kế hoạch trồng", "Trạm", "12"]]
REST = ["", "cây phân tán trên các thôn", "Khuyến nông", ""]
LAST = ["3", "Sửa đường thôn", "Thôn Hạ", "7"]


def print_table(canvas: Canvas, top: float, rows: Sequence[Sequence[str]]) -> None:
    for index, row in enumerate(rows):
        y = top + 20 * index
        print_lines(canvas, [(left + 3, y + 14, text) for left, text in zip(EDGES, row, strict=False) if text], 9)
    for index in range(len(rows) + 1):
        canvas.line(EDGES[0], A4[1] - top - 20 * index, EDGES[-1], A4[1] - top - 20 * index)
    for edge in EDGES:
        canvas.line(edge, A4[1] - top, edge, A4[1] - top - 20 * len(rows))


@pytest.fixture
def printed(
    tmp_path: Path, canvas: Callable[..., Canvas], source_of: Callable[[Path], Source], settings: ReadSettings
) -> Callable[..., tuple[Source, tuple[Page, ...]]]:
    def make(*tables: Sequence[Sequence[str]]) -> tuple[Source, tuple[Page, ...]]:
        drawn = canvas(tmp_path / "bang.pdf")
        for rows in tables:
            print_table(drawn, 100 if rows is not tables[0] else 500, rows)
            drawn.showPage()
        drawn.save()
        source = source_of(tmp_path / "bang.pdf")
        return source, read_source(source, settings).pages

    return make


def document_of(source: Source, pages: Sequence[Page]) -> Document:
    (document,) = segment(source, [RestoredPage(page, page.text_raw) for page in pages])
    return document


@pytest.mark.parametrize("heading", [[], [HEADING]])
def test_a_split_row_is_one_row(
    printed: Callable[..., tuple[Source, tuple[Page, ...]]], heading: list[list[str]]
) -> None:
    source, pages = printed(FIRST, [*heading, REST, LAST])
    assert pages[1].tables[0].continues
    assert pages[1].tables[0].split_row == len(heading)
    document = document_of(source, pages)
    rows = [p for p in document.paragraphs if p.role is ParagraphRole.TABLE_ROW]
    joined = next(p for p in rows if p.text.startswith("2\t"))
    assert joined.text == "2\tXây dựng kế hoạch trồng cây phân tán trên các thôn\tTrạm Khuyến nông\t12"
    assert len(rows) == 4 + len(heading)
    for word in joined.text.split():
        at = joined.text.index(word)
        page, start, end = joined.locate(at, at + len(word))
        assert pages[page - 1].text_raw[start:end] == word
    cells = tables_of(DocumentResult(source, ((document, Extraction()),)), "run", "1")["table_cells"].to_pylist()
    (cell,) = (c for c in cells if c["text"].startswith("Xây dựng"))
    assert cell["text"] == cell["text_raw"] == "Xây dựng kế hoạch trồng cây phân tán trên các thôn"
    assert cell["page"] == 1
    assert cell["rest_bbox"][1] < cell["bbox"][1]
    assert not any(c["text"].startswith("cây phân tán") for c in cells)
    (number,) = (c for c in cells if c["text"] == "12")
    assert number["rest_bbox"] is not None
    assert [c["header"] for c in cells if c["page"] == 2] == [True] * 4 * len(heading) + [False] * 4


@pytest.mark.parametrize(
    "row",
    [
        ["3", "cây phân tán", "Thôn Hạ", ""],  # a number of its own
        ["", "Trong đó: cây lấy gỗ", "Thôn Hạ", ""],  # begins anew
        ["", "cây lấy gỗ", "", "9"],  # a second number
        ["", "- cây lấy gỗ", "Thôn Hạ", ""],  # an item
    ],
)
def test_a_row_of_its_own_stays(printed: Callable[..., tuple[Source, tuple[Page, ...]]], row: list[str]) -> None:
    source, pages = printed(FIRST, [row, LAST])
    assert pages[1].tables[0].continues
    assert pages[1].tables[0].split_row is None
    assert len([p for p in document_of(source, pages).paragraphs if p.role is ParagraphRole.TABLE_ROW]) == 5


def test_rows_of_this_look_on_the_same_page_split_none(printed: Callable[..., tuple[Source, tuple[Page, ...]]]) -> None:
    _, pages = printed([*FIRST[:2], ["", "hộ cận nghèo", "Thôn", "4"], FIRST[2]], [REST, LAST])
    assert pages[1].tables[0].split_row is None


def test_a_row_over_three_pages_is_one_row(printed: Callable[..., tuple[Source, tuple[Page, ...]]]) -> None:
    source, pages = printed(FIRST, [HEADING, REST], [HEADING, ["", "và cơ quan", "huyện", ""], LAST])
    assert [page.tables[0].split_row for page in pages] == [None, 1, 1]
    document = document_of(source, pages)
    rows = [p for p in document.paragraphs if p.role is ParagraphRole.TABLE_ROW]
    joined = next(p for p in rows if p.text.startswith("2\t"))
    task = "Xây dựng kế hoạch trồng cây phân tán trên các thôn và cơ quan"
    assert joined.text == f"2\t{task}\tTrạm Khuyến nông huyện\t12"
    assert len(rows) == 6
    assert {piece.page for piece in joined.pieces} == {1, 2, 3}
    cells = tables_of(DocumentResult(source, ((document, Extraction()),)), "run", "1")["table_cells"].to_pylist()
    assert [c["page"] for c in cells if c["text"] == c["text_raw"] == task] == [1]
    assert not any(c["text"] in ("và cơ quan", REST[1]) for c in cells)
