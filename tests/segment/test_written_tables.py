"""Tables that plain text draws with bars or tabs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import ParagraphRole
from tests.extract.plans import targets
from tests.segment.composed import document_of

TITLE = "KẾ HOẠCH\nGiao chỉ tiêu phát triển kinh tế - xã hội năm 2021\n\n1. Chỉ tiêu giao cho từng đơn vị:\n\n"


def rows_of(text: str) -> list[list[str]]:
    found = [p.text for p in document_of(text).paragraphs if p.role is ParagraphRole.TABLE_ROW]
    return [[cell.strip() for cell in row.split("\t")] for row in found]


def test_bars_part_the_cells_of_a_row() -> None:
    document = document_of(
        TITLE
        + "TT | Đơn vị | Trồng rừng (ha) | Tỷ lệ hộ dùng nước sạch (%)\n"
        + "1 | Xã Đồng Mây | 42 | 91,5\n"
        + "2 | Xã Thanh Hạ | 18 | 88,0\n"
    )
    found = targets(document)
    assert [(t.indicator, t.scope, t.value, t.unit_text) for t in found] == [
        ("Trồng rừng", "Xã Đồng Mây", 42, "ha"),
        ("Tỷ lệ hộ dùng nước sạch", "Xã Đồng Mây", 91.5, "%"),
        ("Trồng rừng", "Xã Thanh Hạ", 18, "ha"),
        ("Tỷ lệ hộ dùng nước sạch", "Xã Thanh Hạ", 88, "%"),
    ]
    text = document.pages[0].text
    assert {t.value_text for t in found} == {"42", "91,5", "18", "88,0"}
    assert all(t.value_text in text[t.evidence.span_start : t.evidence.span_end] for t in found)


def test_outer_bars_and_lines_between_rows() -> None:
    rows = rows_of(TITLE + "| Chỉ tiêu | ĐVT | Kế hoạch |\n|---|:---:|---|\n| Xã đạt chuẩn | xã | 12 |\n")
    assert rows == [["Chỉ tiêu", "ĐVT", "Kế hoạch"], ["Xã đạt chuẩn", "xã", "12"]]


def test_tabs_part_the_cells_of_a_row() -> None:
    rows = rows_of(TITLE + "TT\tChỉ tiêu\tĐVT\tKế hoạch\n1\tTrồng rừng\tha\t50\n")
    assert rows == [["TT", "Chỉ tiêu", "ĐVT", "Kế hoạch"], ["1", "Trồng rừng", "ha", "50"]]


def test_two_columns_and_single_lines_are_no_table() -> None:
    assert not rows_of("UBND HUYỆN | CỘNG HÒA\nSố: 1/KH | Đồng Mây, ngày 02/01/2021\n\nKẾ HOẠCH\n")
    assert not rows_of(TITLE + "- Nông nghiệp | lâm nghiệp | thủy sản đạt 12 tỷ đồng.\n")


@given(st.text(alphabet="|\t -+a1\n", max_size=200))
def test_any_drawing_is_taken(text: str) -> None:
    document_of(text)


def test_empty_cells_keep_their_columns() -> None:
    rows = rows_of(
        TITLE
        + "TT | Chỉ tiêu | ĐVT | Kế hoạch | Ghi chú\n"
        + " | | | Năm 2021 |\n"
        + "I | KINH TẾ\n"
        + "1 | Trồng rừng | ha | 50 |\n"
        + " | Tổng cộng | | 50 |\n"
    )
    assert [row[3:4] for row in rows] == [["Kế hoạch"], ["Năm 2021"], [], ["50"], ["50"]]


def test_rows_of_tabs_keep_empty_cells_at_both_ends() -> None:
    rows = rows_of(
        TITLE
        + "TT\tChỉ tiêu\tĐVT\tKế hoạch\tGhi chú\n1\tLúa mùa\tha\t50\t\n\t- Năng suất\ttạ/ha\t41\n2\tĐàn bò\t\t9\tmới\n"
    )
    assert [row[3] for row in rows] == ["Kế hoạch", "50", "41", "9"]


def test_what_follows_a_table_is_none_of_its_rows() -> None:
    rows = rows_of(TITLE + "TT\tChỉ tiêu\tĐVT\tKế hoạch\n1\tTrồng rừng\tha\t50\nNơi nhận:\tTM. ỦY BAN NHÂN DÂN\n")
    assert len(rows) == 2
