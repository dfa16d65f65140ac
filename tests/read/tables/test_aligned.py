"""Tables without ruling lines, found by their columns; and what must not be taken for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.models import Box, LineRole, Source
from pipeline.read import read_source
from pipeline.read.assemble import PageFacts, assemble_page
from pipeline.read.layout.order import PageShape, lay_out
from pipeline.read.tables.aligned import aligned_tables
from pipeline.read.token import Grid, Token
from pipeline.settings import ReadSettings
from tests.read.printed import print_lines

SHAPE = PageShape(595.0, 842.0)
LEFT = (60.0, 90.0, 300.0, 380.0, 460.0)
TABLE = (
    ("TT", "Đơn vị", "Hộ nghèo", "Kinh phí", "Tỷ lệ"),
    ("1", "Xã Đồng Mây", "15", "1.204,5", "12,5%"),
    ("2", "Xã Suối Nắng", "27", "845,0", "8,1%"),
    ("3", "Xã Tân Hưng", "108", "3.310,2", "30,8%"),
    ("4", "Xã Bãi Lộng", "", "77,9", "4,6%"),
    ("5", "Xã Sơn Hạ", "9", "612,4", "10,2%"),
    ("", "Tổng cộng", "159", "6.050,0", ""),
)
PROSE = (
    "Thực hiện Kế hoạch số 12/KH-UBND ngày 15 tháng 3 năm 2024, xã Đồng Mây đã trồng 1.250 cây",
    "xanh trong 4 thôn, đạt 95% kế hoạch, tăng 12,5% so với năm 2023; tỷ lệ hộ nghèo còn 3,5% và",
    "có 27 hộ được vay vốn với tổng số tiền 845 triệu đồng. Các thôn báo cáo kết quả trước ngày 30",
    "tháng 11 năm 2024 về Văn phòng Ủy ban nhân dân xã để tổng hợp, báo cáo huyện trong tháng 12.",
    "Năm 2025 phấn đấu trồng 1.400 cây xanh, giảm còn 20 hộ nghèo, thu ngân sách đạt 900 triệu.",
)


def words(text: str, left: float, top: float, gap: float = 3.0) -> list[Token]:
    """The words of a line, five points a letter and ten high."""
    tokens = []
    for word in text.split():
        tokens.append(Token(word, Box(left, top, left + 5.0 * len(word), top + 10.0)))
        left += 5.0 * len(word) + gap
    return tokens


def printed(rows: Sequence[Sequence[str]], top: float = 200.0, left: Sequence[float] = LEFT) -> list[Token]:
    return [
        token
        for number, row in enumerate(rows)
        for text, x in zip(row, left, strict=False)
        for token in words(text, x, top + 18.0 * number)
    ]


def cells(tokens: Sequence[Token], grids: Sequence[Grid]) -> list[list[list[str]]]:
    page = assemble_page(PageFacts(1, "text_layer"), lay_out(tokens, SHAPE, grids), grids)
    found = []
    for table in page.tables:
        rows: dict[int, list[str]] = {}
        for cell in table.cells:
            rows.setdefault(cell.row, []).append(page.text_raw[cell.start : cell.end])
        found.append([rows[row] for row in sorted(rows)])
    return found


def test_a_table_between_prose() -> None:
    above = [t for n, line in enumerate(PROSE) for t in words(line, 60.0, 60.0 + 14.0 * n)]
    below = [t for n, line in enumerate(PROSE) for t in words(line, 60.0, 360.0 + 14.0 * n)]
    tokens = [*above, *printed(TABLE), *below]
    found = cells(tokens, aligned_tables(tokens, SHAPE, ()))
    assert found == [[list(row) for row in TABLE]]


def test_a_heading_cell_over_two_columns() -> None:
    tokens = [*words("Kết quả thực hiện", 320.0, 182.0), *words("Nơi làm", 90.0, 182.0), *printed(TABLE)]
    (grid,) = aligned_tables(tokens, SHAPE, ())
    over = next(cell for cell in grid.cells if cell.row == 0 and cell.column_span > 1)
    assert (over.column, over.column_span) == (2, 2)
    assert len({cell.row for cell in grid.cells}) == len(TABLE) + 1


def test_the_second_line_of_a_cell_stays_in_its_row() -> None:
    rows = [list(row) for row in TABLE]
    tokens = [t for n, row in enumerate(rows) for t in printed([row], 200.0 + 30.0 * n)]
    tokens += words("(xã biên giới)", 90.0, 200.0 + 30.0 * 3 + 11.0)
    found = cells(tokens, aligned_tables(tokens, SHAPE, ()))
    assert found[0][3][1] == "Xã Tân Hưng (xã biên giới)"
    assert len(found[0]) == len(TABLE)


@pytest.mark.parametrize("gap", [3.0, 9.0, 10.5])
def test_prose_is_no_table_however_widely_it_is_set(gap: float) -> None:
    tokens = [t for n, line in enumerate(PROSE) for t in words(line, 60.0, 60.0 + 14.0 * n, gap)]
    assert aligned_tables(tokens, SHAPE, ()) == ()


def test_prose_with_wide_gaps_is_no_table() -> None:
    tokens = [t for n, line in enumerate(PROSE) for t in words(line, 60.0, 60.0 + 14.0 * n, 14.0)]
    assert aligned_tables(tokens, SHAPE, ()) == ()


@pytest.mark.parametrize(
    "rows",
    [
        # recipients beside a signature
        [("Nơi nhận:", "", "TM. ỦY BAN NHÂN DÂN"), ("- Như trên;", "", "CHỦ TỊCH"), ("- Lưu: VT.", "", "")],
        # three who sign side by side
        [("Người lập", "Kế toán", "Thủ trưởng")] * 2 + [("Đỗ Văn A", "Lê Thị B", "Vũ Văn C")] * 3,
        # contents
        [(f"{n}.", "Đặt vấn đề", "........................", str(n)) for n in range(1, 8)],
        # two columns only
        [("Xã Đồng Mây", "", str(n)) for n in range(8)],
        # too few rows
        TABLE[1:4],
    ],
)
def test_what_is_no_table(rows: Sequence[Sequence[str]]) -> None:
    assert aligned_tables(printed(rows), SHAPE, ()) == ()


def test_what_stands_in_a_ruled_table_is_not_looked_at() -> None:
    tokens = printed(TABLE)
    assert aligned_tables(tokens, SHAPE, [Grid((), Box(0, 0, 595, 842))]) == ()
    assert aligned_tables((), SHAPE, ()) == ()


def test_a_pdf_without_rules(
    tmp_path: Path, canvas: Callable[..., Canvas], source_of: Callable[[Path], Source], settings: ReadSettings
) -> None:
    drawn = canvas(tmp_path / "bang.pdf")
    lines = [(60.0, 80.0 + 16 * n, text) for n, text in enumerate(PROSE)]
    lines += [
        (x, 220.0 + 18 * n, text) for n, row in enumerate(TABLE) for x, text in zip(LEFT, row, strict=True) if text
    ]
    print_lines(drawn, lines)
    drawn.showPage()
    drawn.save()
    (page,) = read_source(source_of(tmp_path / "bang.pdf"), settings).pages
    (table,) = page.tables
    texts = [page.text_raw[cell.start : cell.end] for cell in table.cells]
    assert texts == [text for row in TABLE for text in row]
    assert sum(line.role is LineRole.TABLE for line in page.lines) == len(TABLE)
