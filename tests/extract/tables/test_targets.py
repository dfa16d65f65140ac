"""Targets in tables of indicators."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.extract.tables.headings import ColumnRules
from pipeline.models import Target
from tests.extract.plans import plan, targets

HEADING = "TT\tChỉ tiêu\tĐVT\tThực hiện 2020\tKế hoạch 2021\tSo sánh KH/TH (%)\tGhi chú"


def of_rows(*rows: str) -> list[Target]:
    return targets(plan(("Các chỉ tiêu chủ yếu", rows)))


def test_plan_columns_are_targets_and_result_columns_baselines() -> None:
    found = of_rows(
        HEADING,
        "1\tTổng sản lượng lương thực\tTấn\t12.400\t12.650\t102,0\t",
        "2\tTỷ lệ che phủ rừng\t%\t60,1\t≥ 60,5\t\t",
        "3\tXã duy trì phổ cập giáo dục\tXã\t14/14\t14/14\t100\t",
    )
    assert [(t.indicator, t.comparator, t.value, t.unit_text, t.baseline, t.total) for t in found] == [
        ("Tổng sản lượng lương thực", "=", 12650, "Tấn", 12400, None),
        ("Tỷ lệ che phủ rừng", ">=", 60.5, "%", 60.1, None),
        ("Xã duy trì phổ cập giáo dục", "=", 14, "Xã", 14, 14),
    ]
    assert [t.indicator_id for t in found] == ["grain_output", "forest_cover", "education_universalisation"]
    assert {t.period_end for t in found} == {dt.date(2021, 12, 31)}


def test_units_from_brackets_and_ditto_marks() -> None:
    found = of_rows(
        HEADING,
        "1\tThu ngân sách trên địa bàn\tTỷ đồng\t48,5\t52\t\t",
        '\t- Thu nội địa\t"\t40\t43\t\t',
        "2\tTrồng rừng tập trung (ha)\t\t50\t60\t\t",
    )
    assert [(t.value, t.unit_text) for t in found] == [(52, "Tỷ đồng"), (43, "Tỷ đồng"), (60, "ha")]


def test_places_share_out_a_target() -> None:
    found = of_rows("STT\tNội dung\tXã Đồng Mây\tXã Thanh Hạ\tTổng số", "1\tTrồng rừng tập trung (ha)\t50\t35,5\t85,5")
    assert [(t.value, t.scope, t.unit_text) for t in found] == [
        (50, "Xã Đồng Mây", "ha"),
        (35.5, "Xã Thanh Hạ", "ha"),
        (85.5, "Tổng số", "ha"),
    ]


def test_headings_in_two_rows_and_column_numbers() -> None:
    found = of_rows(
        "TT\tChỉ tiêu\tĐVT\tKế hoạch\t\tGhi chú",
        "\t\t\tNăm 2021\tNăm 2025\t",
        "1\t2\t3\t4\t5\t6",
        "1\tTỷ lệ hộ nghèo\t%\t4,5\t2,0\t",
    )
    assert [(t.value, t.period_end) for t in found] == [
        (4.5, dt.date(2021, 12, 31)),
        (2.0, dt.date(2025, 12, 31)),
    ]


def test_a_table_without_plan_columns_has_no_targets() -> None:
    assert of_rows("TT\tHọ và tên\tChức vụ", "1\tTrưởng thôn\t02") == []
    assert of_rows("TT\tChỉ tiêu\tĐVT\tThực hiện 2019\tThực hiện 2020", "1\tTỷ lệ hộ nghèo\t%\t5,2\t4,4") == []


def test_rule_file_holds_its_examples() -> None:
    assert ColumnRules.load().check_examples() == []


def test_rows_of_places_under_columns_of_indicators() -> None:
    found = of_rows(
        "TT\tĐơn vị\tThu ngân sách (triệu đồng)\tGiảm hộ nghèo (hộ)",
        "1\tXã Đồng Mây\t4.120\t6",
        "2\tThị trấn Thanh Hạ\t530\t35",
    )
    assert [(t.indicator, t.scope, t.value, t.unit_text) for t in found] == [
        ("Thu ngân sách", "Xã Đồng Mây", 4120, "triệu đồng"),
        ("Giảm hộ nghèo", "Xã Đồng Mây", 6, "hộ"),
        ("Thu ngân sách", "Thị trấn Thanh Hạ", 530, "triệu đồng"),
        ("Giảm hộ nghèo", "Thị trấn Thanh Hạ", 35, "hộ"),
    ]


def test_offices_with_a_state_so_far_and_a_goal_for_the_rest_of_the_year() -> None:
    found = of_rows(
        "Đơn vị\tKế hoạch vốn (tỷ đồng)\tĐã giải ngân đến 31/8/2021\tMục tiêu đến 31/12/2021",
        "Ban QLDA huyện Đồng Mây\t120,5\t41,2%\t95%",
        "UBND xã Thanh Hạ\t18\t37%\ttừ 90% trở lên",
    )
    assert [(t.indicator, t.comparator, t.value, t.baseline) for t in found] == [
        ("Ban QLDA huyện Đồng Mây", "=", 95, 41.2),
        ("UBND xã Thanh Hạ", ">=", 90, 37),
    ]


def test_a_heading_further_above_says_that_places_are_given_goals() -> None:
    document = plan(
        ("Chỉ tiêu giao các xã", ()),
        (
            "Phân bổ cho các xã",
            ("Xã\tCây phân tán (nghìn cây)\tTrong đó: cây ăn quả", "Xã Đồng Mây\t12\t4", "Xã Thanh Hạ\t9\t3"),
        ),
    )
    document = replace(
        document,
        sections=(document.sections[0], replace(document.sections[1], parent_id=document.sections[0].section_id)),
    )
    assert [(t.indicator, t.value, t.scope) for t in targets(document)] == [
        ("Cây phân tán", 12, "Xã Đồng Mây"),
        ("cây ăn quả", 4, "Xã Đồng Mây"),
        ("Cây phân tán", 9, "Xã Thanh Hạ"),
        ("cây ăn quả", 3, "Xã Thanh Hạ"),
    ]
