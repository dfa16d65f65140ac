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


def test_a_bar_at_one_end_alone_parts_an_empty_cell() -> None:
    rows = rows_of(
        TITLE
        + "TT | Chỉ tiêu | ĐVT | TH năm 2020 | KH năm 2021\n"
        + "I | NÔNG NGHIỆP | | |\n"
        + "1 | Lúa mùa: - Diện tích | ha | 410 | 425\n"
        + " | - Năng suất | tạ/ha | 52 | 53\n"
    )
    assert rows[1:] == [
        ["I", "NÔNG NGHIỆP", "", "", ""],
        ["1", "Lúa mùa: - Diện tích", "ha", "410", "425"],
        ["", "- Năng suất", "tạ/ha", "52", "53"],
    ]


def test_headings_of_two_rows_say_what_was_and_what_shall_be() -> None:
    document = document_of(
        TITLE
        + "TT | Đơn vị | Hội viên mới (người) | | Tăng trưởng Quỹ (triệu đồng)\n"
        + " | | TH 2020 | CT 2021 | CT 2021\n"
        + "1 | Xã Đồng Mây | 42 | 55 | 120\n"
        + "2 | Xã Thanh Hạ | 18 | 20 | 90\n"
        + " | Tổng 02 xã | 60 | 75 | 210\n"
    )
    found = [(t.indicator, t.scope, t.value, t.unit_text, t.baseline) for t in targets(document)]
    assert found[:3] == [
        ("Hội viên mới", "Xã Đồng Mây", 55, "người", 42),
        ("Tăng trưởng Quỹ", "Xã Đồng Mây", 120, "triệu đồng", None),
        ("Hội viên mới", "Xã Thanh Hạ", 20, "người", 18),
    ]
    assert found[4:] == [
        ("Hội viên mới", "Tổng 02 xã", 75, "người", 60),
        ("Tăng trưởng Quỹ", "Tổng 02 xã", 210, "triệu đồng", None),
    ]


def test_units_of_cells_that_no_rule_knows_and_so_many_of_one() -> None:
    document = document_of(
        TITLE
        + "TT | Chỉ tiêu | ĐVT | KH năm 2021\n"
        + "1 | Sản xuất cây giống | 1.000 cây | 80\n"
        + "2 | Thu nhập bình quân | tr.đ/người/tháng | 5,5\n"
        + "3 | Nuôi tằm | nong | 40\n"
    )
    found = [(t.unit_text, t.value, t.normalized_value) for t in targets(document)]
    assert found == [("1.000 cây", 80, 80_000), ("tr.đ/người/tháng", 5.5, 5_500_000), ("nong", 40, None)]
