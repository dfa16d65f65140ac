"""Numbers of a table held against each other: counts, sums, shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.models import Box, LineRole
from pipeline.read.recognition.number_evidence import weigh_numbers
from pipeline.read.token import GridCell, PlacedLine, Token

Misread = Mapping[tuple[int, int], tuple[str, float, tuple[str, ...]]]  # row, column: text, confidence, others

ADDING = (
    ("TT", "Đơn vị", "Hộ nghèo", "Kinh phí"),
    ("1", "Xã Đồng Mây", "15", "1.204,5"),
    ("2", "Xã Suối Nắng", "27", "845,0"),
    ("3", "Xã Tân Hưng", "108", "3.310,2"),
    ("4", "Xã Bãi Lộng", "46", "77,9"),
    ("5", "Xã Sơn Hạ", "9", "612,4"),
    ("", "Tổng cộng", "205", "6.050,0"),
)
SHARES = (
    ("Nội dung", "Kế hoạch", "Thực hiện", "Tỷ lệ (%)"),
    ("Trồng rừng", "320", "304", "95,0"),
    ("Đàn bò", "1.250", "1.321", "105,7"),
    ("Nước sạch", "84", "63", "75,0"),
    ("Lao động mới", "610", "598", "98,0"),
    ("Thu ngân sách", "4.300", "4.128", "96,0"),
    ("Nhà ở", "37", "25", "67,6"),
)
MANY_WRONG = {(2, 2): ("21", 0.94, ()), (3, 2): ("103", 0.94, ())}


def weigh(rows: Sequence[Sequence[str]], misread: Misread) -> list[list[Token]]:
    """The cells after weighing, with those misread that are named. An empty cell has no words."""
    lines = []
    for number, row in enumerate(rows):
        cells, grid = [], []
        for column, printed in enumerate(row):
            text, confidence, others = misread.get((number, column), (printed, 0.9, ()))
            box = Box(column * 50, number * 20, column * 50 + 50, number * 20 + 20)
            tokens = (Token(text, box, confidence, alternatives=tuple((t, 0.5) for t in others)),) if text else ()
            cells.append(tokens)
            grid.append(GridCell(number, column, 1, 1, box))
        lines.append(PlacedLine(tuple(cells), LineRole.TABLE, table=0, grid_cells=tuple(grid)))
    return [[cell[0] if cell else Token("", Box(0, 0, 1, 1)) for cell in line.cells] for line in weigh_numbers(lines)]


def texts(cells: Sequence[Sequence[Token]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in cells]


def test_numbers_that_add_up_are_believed() -> None:
    found = weigh(ADDING, {(2, 2): ("27", 0.4, ("21",))})
    assert texts(found) == [list(row) for row in ADDING]
    assert all(found[row][2].confidence >= 0.94 for row in range(1, 7))


def test_the_reading_that_makes_a_sum_hold_is_chosen() -> None:
    found = weigh(ADDING, {(3, 2): ("103", 0.8, ("168", "108"))})
    assert texts(found) == [list(row) for row in ADDING]
    assert "103" in dict(found[3][2].alternatives)
    assert found[3][2].confidence == 0.8


def test_a_doubtful_number_one_figure_away_from_what_the_sum_asks_for_is_that() -> None:
    found = weigh(ADDING, {(3, 3): ("3.31,2", 0.2, ())})
    assert found[3][3].text == "3.310,2"
    assert "3.31,2" in dict(found[3][3].alternatives)


def test_a_sum_above_its_parts() -> None:
    rows = (ADDING[0], ("", "Toàn huyện", *ADDING[6][2:]), *ADDING[1:6])
    assert weigh(rows, {(4, 2): ("103", 0.8, ("108",))})[4][2].text == "108"


def test_a_heading_of_years_is_no_part_of_the_sum() -> None:
    rows = (ADDING[0], ("", "", "2023", "2024"), *ADDING[1:])
    assert weigh(rows, {(4, 2): ("103", 0.8, ("108",))})[4][2].text == "108"


def test_where_nothing_makes_a_sum_hold_its_least_sure_numbers_are_doubted() -> None:
    found = weigh(ADDING, {**MANY_WRONG, (4, 2): ("16", 0.8, ())})
    assert [row[2].text for row in found[1:5]] == ["15", "21", "103", "16"]
    assert [row[2].confidence < 0.5 for row in found[1:5]] == [False, False, False, True]


def test_a_document_that_adds_up_wrongly_is_left_alone() -> None:
    rows = (*ADDING[:6], ("", "Tổng cộng", "206", "6.051,0"))
    found = weigh(rows, {})
    assert texts(found) == [list(row) for row in rows]
    assert all(cell.confidence >= 0.9 for row in found for cell in row)


def test_row_numbers_follow_each_other() -> None:
    found = weigh(ADDING, {(3, 0): ("8", 0.48, ())})
    assert [row[0].text for row in found[1:6]] == ["1", "2", "3", "4", "5"]
    assert "8" in dict(found[3][0].alternatives)
    assert weigh(ADDING, {(5, 0): ("6", 0.48, ())})[5][0].text == "5"
    assert weigh(ADDING, {(1, 0): ("7", 0.48, ())})[1][0].text == "1"
    # Both readings see it: the document's own error.
    assert weigh(ADDING, {(3, 0): ("8", 0.94, ())})[3][0].text == "8"


def test_years_in_a_column_are_no_row_numbers() -> None:
    rows = tuple((str(year), "Xã Đồng Mây") for year in (2020, 2021, 2022, 2023, 2025, 2025))
    assert texts(weigh(rows, {})) == [list(row) for row in rows]


def test_a_share_is_part_over_whole() -> None:
    assert texts(weigh(SHARES, {(2, 3): ("165,7", 0.8, ("105,7",))})) == [list(row) for row in SHARES]
    assert texts(weigh(SHARES, {(4, 2): ("593", 0.8, ("598",))})) == [list(row) for row in SHARES]
    wrong = weigh(SHARES, {(2, 3): ("165,7", 0.8, ())})[2][3]
    assert (wrong.text, wrong.confidence < 0.5) == ("165,7", True)


def test_columns_that_add_up_in_every_row() -> None:
    rows = tuple((f"Xã {n}", str(40 + 7 * n), str(31 + 5 * n), str(71 + 12 * n)) for n in range(1, 8))
    found = weigh(rows, {(3, 1): ("63", 0.75, ("68",))})
    assert texts(found) == [list(row) for row in rows]
    assert found[0][3].confidence >= 0.94


def test_a_number_that_stands_elsewhere_on_the_page() -> None:
    rows = (*ADDING, ("", "Ghi chú", "", "70.464"))
    found = weigh((*rows, ("", "Trong đó", "", "70.464")), {(8, 3): ("76.464", 0.48, ("70.464",))})
    assert found[8][3].text == "70.464"
