"""Tables of targets as offices of different places print them."""

from __future__ import annotations

import datetime as dt

from pipeline.models import Target
from tests.extract.plans import plan, targets


def of_rows(*rows: str, heading: str = "Các chỉ tiêu chủ yếu", year: int = 2024) -> list[Target]:
    return targets(plan((heading, rows), issued_on=f"{year}-01-05", year=year))


def short(found: list[Target]) -> list[tuple[str, float, str | None]]:
    return [(t.indicator, t.value, t.unit_text) for t in found]


def test_results_plan_and_comparison() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tTH 2023\tKH 2024\t% so sánh",
        "1\tTổng diện tích gieo trồng\tHa\t1.204,5\t1.250\t103,8",
        "2\tTỷ lệ hộ nghèo\t%\t6,2\t4,8\t",
    )
    assert short(found) == [("Tổng diện tích gieo trồng", 1250, "Ha"), ("Tỷ lệ hộ nghèo", 4.8, "%")]
    assert [t.baseline for t in found] == [1204.5, 6.2]


def test_communes_as_columns() -> None:
    found = of_rows(
        "STT\tChỉ tiêu\tĐVT\tToàn huyện\tXã Đồng Mây\tXã Suối Nắng",
        "1\tTrồng rừng tập trung\tha\t120\t70\t50",
    )
    assert [(t.value, t.scope) for t in found] == [(120, "Toàn huyện"), (70, "Xã Đồng Mây"), (50, "Xã Suối Nắng")]


def test_years_as_columns() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐơn vị tính\tNăm 2024\tNăm 2025\tNăm 2026",
        "1\tSản lượng thủy sản\tTấn\t310\t325\t340",
    )
    assert [(t.value, t.period_end) for t in found] == [
        (310, dt.date(2024, 12, 31)),
        (325, dt.date(2025, 12, 31)),
        (340, dt.date(2026, 12, 31)),
    ]


def test_bare_years_as_columns() -> None:
    found = of_rows("TT\tChỉ tiêu\tĐVT\t2023\t2024\t2025", "1\tĐàn bò\tcon\t900\t950\t1.010")
    assert [(t.value, t.baseline) for t in found] == [(950, 900), (1010, 900)]


def test_two_line_heading_over_years() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tThực hiện\t\tKế hoạch\t",
        "\t\t\tNăm 2022\tNăm 2023\tNăm 2024\tNăm 2025",
        "1\tTỷ lệ che phủ rừng\t%\t60,1\t60,4\t60,8\t61,2",
    )
    assert [(t.value, t.period_end.year if t.period_end else None) for t in found] == [(60.8, 2024), (61.2, 2025)]


def test_unit_in_the_caption() -> None:
    found = of_rows(
        "ĐVT: triệu đồng",
        "TT\tNội dung\tThực hiện năm 2023\tDự toán năm 2024",
        "1\tThu ngân sách trên địa bàn\t4.120\t4.530",
    )
    assert short(found) == [("Thu ngân sách trên địa bàn", 4530, "triệu đồng")]


def test_unit_in_the_caption_in_brackets() -> None:
    found = of_rows(
        "(Đơn vị tính: Tỷ đồng)",
        "TT\tChỉ tiêu\tKế hoạch năm 2024",
        "1\tTổng vốn đầu tư toàn xã hội\t310,5",
    )
    assert short(found) == [("Tổng vốn đầu tư toàn xã hội", 310.5, "Tỷ đồng")]


def test_sub_rows_after_in_which() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tKế hoạch 2024",
        "1\tTổng đàn gia súc\tcon\t5.400",
        "\tTrong đó:\t\t",
        "\t- Đàn trâu\tcon\t1.200",
        "\t- Đàn bò\tcon\t2.700",
    )
    assert [t.value for t in found] == [5400, 1200, 2700]
    assert found[1].indicator.startswith("Tổng đàn gia súc")


def test_dashes_and_blank_cells_are_no_numbers() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tTH 2023\tKH 2024\tGhi chú",
        "1\tXã đạt chuẩn nông thôn mới\txã\t-\t1\t",
        "2\tThôn văn hóa\tthôn\t8\t-\t",
        "3\tTrường đạt chuẩn quốc gia\ttrường\t2\t\tchưa giao",
    )
    assert short(found) == [("Xã đạt chuẩn nông thôn mới", 1, "xã")]
    assert found[0].baseline is None


def test_roman_groups_and_column_letters() -> None:
    found = of_rows(
        "STT\tTên chỉ tiêu\tĐơn vị\tƯớc TH 2023\tMục tiêu 2024\tSo sánh (%)",
        "A\tB\tC\t1\t2\t3=2/1",
        "I\tKINH TẾ\t\t\t\t",
        "1\tGiá trị sản xuất nông nghiệp\ttỷ đồng\t210\t225\t107,1",
        "II\tXÃ HỘI\t\t\t\t",
        "1\tLao động được giải quyết việc làm\tngười\t400\t≥ 420\t105",
    )
    assert [(t.indicator, t.comparator, t.value, t.baseline) for t in found] == [
        ("Giá trị sản xuất nông nghiệp", "=", 225, 210),
        ("Lao động được giải quyết việc làm", ">=", 420, 400),
    ]


def test_assigned_figures_by_office_and_unit() -> None:
    found = of_rows(
        "TT\tĐịa phương\tSố hộ nghèo giảm trong năm 2024 (hộ)\tTỷ lệ giảm (%)",
        "1\tXã Đồng Mây\t12\t1,5",
        "2\tXã Sơn Hạ\t9\t1,2",
        heading="Giao chỉ tiêu giảm nghèo năm 2024",
    )
    assert [(t.scope, t.value, t.unit_text) for t in found] == [
        ("Xã Đồng Mây", 12, "hộ"),
        ("Xã Đồng Mây", 1.5, "%"),
        ("Xã Sơn Hạ", 9, "hộ"),
        ("Xã Sơn Hạ", 1.2, "%"),
    ]


def test_ranges_and_bounds_in_cells() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tChỉ tiêu giao năm 2024",
        "1\tTỷ lệ tăng trưởng\t%\t7,5 - 8",
        "2\tTỷ lệ tham gia bảo hiểm y tế\t%\ttrên 95",
        "3\tTỷ suất sinh thô\t‰\t< 14,5",
    )
    assert [(t.comparator, t.value, t.value_upper, t.unit_text) for t in found] == [
        ("between", 7.5, 8, "%"),
        (">", 95, None, "%"),
        ("<", 14.5, None, "‰"),
    ]


def test_places_under_indicators_with_a_second_heading_row() -> None:
    found = of_rows(
        "STT\tXã, thị trấn\tTrồng rừng (ha)\t\tGiảm hộ nghèo (hộ)\t\tTăng trưởng dư nợ (triệu đồng)",
        "\t\tTH 2023\tKH 2024\tTH 2023\tCT 2024\tCT 2024",
        "1\tXã Đồng Mây\t12\t30\t4\t5\t250",
        "\tTổng 02 xã\t20\t45\t9\t9\t400",
    )
    assert [(t.scope, t.indicator, t.value, t.unit_text, t.baseline) for t in found] == [
        ("Xã Đồng Mây", "Trồng rừng", 30, "ha", 12),
        ("Xã Đồng Mây", "Giảm hộ nghèo", 5, "hộ", 4),
        ("Xã Đồng Mây", "Tăng trưởng dư nợ", 250, "triệu đồng", None),
        ("Tổng 02 xã", "Trồng rừng", 45, "ha", 20),
        ("Tổng 02 xã", "Giảm hộ nghèo", 9, "hộ", 9),
        ("Tổng 02 xã", "Tăng trưởng dư nợ", 400, "triệu đồng", None),
    ]


def test_places_by_the_heading_of_their_column() -> None:
    found = of_rows(
        "STT\tTên xã\tDân số\tTỷ lệ bao phủ BHYT (%)\tCán bộ phụ trách",
        "1\tĐồng Mây\t5.120\t95,5\tTrần Văn Ất",
        "2\tSuối Nắng\t4.310\t96\tLê Thị Bính",
        heading="Giao chỉ tiêu bảo hiểm y tế năm 2024",
    )
    assert [(t.scope, t.value, t.unit_text) for t in found] == [("Đồng Mây", 95.5, "%"), ("Suối Nắng", 96, "%")]


def test_shares_of_places_and_quarters_beside_the_whole() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tKế hoạch 2024\tTrong đó\t",
        "\t\t\t\tXã Đồng Mây\tXã Suối Nắng",
        "1\tTrồng cây phân tán\t1.000 cây\t50\t30\t20",
    )
    assert [(t.scope, t.value, t.normalized_value) for t in found] == [
        (None, 50, 50000),
        ("Xã Đồng Mây", 30, 30000),
        ("Xã Suối Nắng", 20, 20000),
    ]
    found = of_rows("TT\tChỉ tiêu\tĐVT\tKế hoạch 2024\tQuý I\tQuý II", "1\tKết nạp đảng viên\tĐ/viên\t40\t10\t30")
    assert [(t.value, t.unit_text, t.period_end) for t in found] == [
        (40, "Đ/viên", dt.date(2024, 12, 31)),
        (10, "Đ/viên", dt.date(2024, 3, 31)),
        (30, "Đ/viên", dt.date(2024, 6, 30)),
    ]


def test_parts_say_what_they_are_of() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tTH 2023\tKH 2024\tSo sánh (%)",
        "1\tLúa mùa: - Diện tích\tha\t465\t480\t103",
        "\t- Năng suất\ttạ/ha\t41,5\t43\t104",
        "2\tRau màu\t\t\t\t",
        "2.1\tDiện tích\tha\t90\t95\t105",
        "3\tTỷ lệ hộ nghèo\t%\t5\t4\t",
        "3.1\tTrong đó: hộ dân tộc thiểu số\t%\t9\t8\t",
    )
    assert [(t.indicator, t.value) for t in found] == [
        ("Lúa mùa - Diện tích", 480),
        ("Lúa mùa - Năng suất", 43),
        ("Rau màu - Diện tích", 95),
        ("Tỷ lệ hộ nghèo", 4),
        ("Tỷ lệ hộ nghèo - hộ dân tộc thiểu số", 8),
    ]


def test_a_place_in_a_part_of_an_indicator() -> None:
    found = of_rows("TT\tChỉ tiêu\tĐVT\tKH 2024", "1\tTrồng rừng tập trung\tha\t90", "\tTrong đó: Xã Đồng Mây\tha\t40")
    assert [(t.indicator, t.scope, t.value) for t in found] == [
        ("Trồng rừng tập trung", None, 90),
        ("Trồng rừng tập trung", "Xã Đồng Mây", 40),
    ]


def test_plans_of_which_the_outcome_is_told_are_no_targets() -> None:
    rows = ("1\tTrồng rừng\tha\t50\t55\t110\t60",)
    found = of_rows("TT\tChỉ tiêu\tĐVT\tKH 2023\tTH 2023\tTH/KH (%)\tKH 2024", *rows)
    assert [(t.value, t.baseline) for t in found] == [(60, 55)]
    assert not of_rows("TT\tChỉ tiêu\tĐVT\tKế hoạch\tThực hiện\tĐạt tỷ lệ (%)", "1\tTrồng rừng\tha\t50\t55\t110")
    assert not of_rows("TT\tNội dung\tĐVT\tĐơn giá năm 2024\tKinh phí năm 2024", "1\tCây giống\tcây\t500\t90")


def test_stages_on_the_way_to_a_goal() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tTH 2020\tMục tiêu đến 2025\tLộ trình thực hiện\t\tCơ quan theo dõi",
        "\t\t\t\t\t2024\t2025\t",
        "(1)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)\t(8)",
        "1\tTỷ lệ đô thị hóa\t%\t18\t≥ 25\t24\t25\tPhòng Kinh tế",
    )
    assert [(t.comparator, t.value, t.baseline) for t in found] == [(">=", 25, 18), ("=", 24, 18), ("=", 25, 18)]


def test_a_heading_that_bounds_its_numbers() -> None:
    found = of_rows(
        "TT\tHuyện\tSố vụ cháy năm 2024 (vụ)\tSố vụ cháy năm 2025 không vượt quá (vụ)\tTỷ lệ giảm (%)",
        "1\tHuyện Suối Cát\t14\t12\t14,3",
        "2\tHuyện Đồng Lau\t9\t7\t22,2",
    )
    assert [(t.indicator, t.comparator, t.value, t.baseline) for t in found] == [
        ("Số vụ cháy", "<=", 12, 14),
        ("Số vụ cháy", "<=", 7, 9),
    ]


def test_a_share_beside_plan_and_result_is_none() -> None:
    found = of_rows(
        "TT\tĐịa phương\tKế hoạch năm 2024 (giấy)\tThực hiện đến 31/7/2024 (giấy)\tTỷ lệ (%)",
        "1\tXã Suối Cát\t1.200\t600\t50,0",
        "2\tXã Đồng Lau\t900\t300\t33,3",
    )
    assert not {600, 300, 50, 33.3} & {t.value for t in found}


def test_a_dash_is_no_number() -> None:
    found = of_rows(
        "TT\tTrường\tLớp 1 (lớp)\tLớp 6 (lớp)",
        "1\tTrường Tiểu học Suối Cát\t12\t-",
        "2\tTrường Tiểu học Đồng Lau\t9\t-",
        "3\tTrường THCS Suối Cát\t-\t5",
        heading="Chỉ tiêu tuyển sinh",
    )
    assert [t.value for t in found] == [12, 9, 5]
