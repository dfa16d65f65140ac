from __future__ import annotations

from dataclasses import replace

from pipeline.models import Box, LineRole, Page
from pipeline.read.assemble import PageFacts, assemble_page
from pipeline.read.tables.continuation import join_pages
from pipeline.read.token import Grid, GridCell, PlacedLine, Token

HEADING = ["TT", "Chỉ tiêu", "Kế hoạch"]
COLUMNS = (60.0, 100.0, 300.0, 500.0)


def text_line(text: str, top: float, role: LineRole = LineRole.BODY) -> PlacedLine:
    words = tuple(Token(w, Box(60 + 40 * n, top, 95 + 40 * n, top + 12)) for n, w in enumerate(text.split()))
    return PlacedLine((words,), role)


def page_of(
    number: int,
    rows: list[list[str]],
    above: tuple[PlacedLine, ...] = (),
    below: tuple[PlacedLine, ...] = (),
    columns: tuple[float, ...] = COLUMNS,
) -> Page:
    cells: list[GridCell] = []
    lines = []
    for index, row in enumerate(rows):
        top = 120.0 + 20 * index
        placed = [
            GridCell(index, n, 1, 1, Box(columns[n], top, columns[n + 1], top + 20)) for n in range(len(columns) - 1)
        ]
        cells += placed
        content = tuple(
            tuple(Token(w, Box(c.box.x0 + 2, top, c.box.x0 + 20, top + 12)) for w in text.split())
            for c, text in zip(placed, row, strict=True)
        )
        lines.append(PlacedLine(content, LineRole.TABLE, table=0, grid_cells=tuple(placed)))
    grids = [Grid(tuple(cells), Box(columns[0], 120, columns[-1], 120 + 20 * len(rows)))] if rows else []
    return assemble_page(PageFacts(number, "text_layer", 595, 842), [*above, *lines, *below], grids)


FIRST = page_of(1, [HEADING, ["1", "Trồng cây", "1.250"]], above=(text_line("Các chỉ tiêu của xã", 90),))


def test_a_table_goes_on_and_its_repeated_heading_is_one() -> None:
    number = text_line("2", 30, LineRole.PAGE_NUMBER)
    second = page_of(2, [HEADING, ["2", "Hộ nghèo", "12"]], above=(number,))
    third = page_of(3, [HEADING, ["3", "Nhà ở", "7"]])
    one, two, three = join_pages([FIRST, second, third])
    assert not one.tables[0].continues
    for page in (two, three):
        assert page.tables[0].continues
        assert [cell.header for cell in page.tables[0].cells] == [True] * 3 + [False] * 3


def test_a_table_without_repeated_heading_goes_on_too() -> None:
    second = page_of(2, [["2", "Hộ nghèo", "12"], ["3", "Nhà ở", "7"]], below=(text_line("Giao các thôn", 300),))
    _, two = join_pages([FIRST, second])
    assert two.tables[0].continues
    assert not any(cell.header for cell in two.tables[0].cells)


def test_other_columns_or_text_between_make_another_table() -> None:
    rows = [["2", "Hộ nghèo", "12"], ["3", "Nhà ở", "7"]]
    elsewhere = page_of(2, rows, columns=(60.0, 200.0, 250.0, 500.0))
    assert not join_pages([FIRST, elsewhere])[1].tables[0].continues
    after_text = page_of(2, rows, above=(text_line("Phụ lục của kế hoạch", 90),))
    assert not join_pages([FIRST, after_text])[1].tables[0].continues
    later = replace(page_of(2, rows), number=3)
    assert not join_pages([FIRST, later])[1].tables[0].continues


def test_pages_without_tables_or_lines_stay() -> None:
    empty = page_of(2, [])
    assert join_pages([FIRST, empty, page_of(3, [["2", "Hộ nghèo", "12"]] * 2)])[1:2] == (empty,)
    assert join_pages([]) == ()


def test_the_same_line_on_top_of_two_pages_is_a_running_header() -> None:
    pages = [
        page_of(
            n, [], above=(text_line(f"Kế hoạch của xã Đồng Mây, trang {n}", 40), text_line(f"Nội dung {n}{n}", 200))
        )
        for n in (1, 2, 3)
    ]
    for page in join_pages(pages):
        assert [line.role for line in page.lines] == [LineRole.RUNNING_HEADER, LineRole.BODY]


def test_a_line_that_no_other_page_has_is_body() -> None:
    pages = [
        page_of(1, [], above=(text_line("Giao các thôn tổ chức", 40),)),
        page_of(2, [], above=(text_line("thực hiện và báo cáo", 40),)),
    ]
    assert join_pages(pages) == tuple(pages)
