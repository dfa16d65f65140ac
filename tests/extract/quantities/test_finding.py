"""Which numbers count or measure something, and in which unit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.quantities.comparators import ComparatorRules
from pipeline.extract.quantities.finding import comparator_of
from pipeline.extract.quantities.units import UnitRules
from tests.extract.plans import quantities


@pytest.mark.parametrize(
    ("text", "unit", "canonical", "normalized", "value"),
    [
        ("đạt 50,2 tỷ đồng.", "tỷ đồng", "billion VND", "VND", 50_200_000_000),
        ("đạt 58 triệu đồng/người/năm", "triệu đồng/người/năm", "million VND/person/year", "VND/person/year", 58e6),
        ("năng suất 52 tạ/ha", "tạ/ha", "quintal/ha", "t/ha", 5.2),
        ("diện tích 340 ha", "ha", "ha", "ha", 340),
        ("dài 41.2km", "km", "km", "km", 41.2),
        ("giảm 0,15‰", "‰", "‰", "%", 0.015),
        ("tăng 2,5 điểm phần trăm", "điểm phần trăm", "percentage point", "percentage point", 2.5),
        ("có 14/14 xã, thị trấn.", "xã, thị trấn", "commune", "commune", 14),
        ("đạt 8,5 bác sĩ/vạn dân", "bác sĩ/vạn dân", "doctor/10000 person", "doctor/person", 0.00085),
        ("có 05 (năm) mô hình", "mô hình", "model", "model", 5),
        ("trồng 1,2 triệu cây xanh", "triệu cây xanh", "million tree", "tree", 1_200_000),
    ],
)
def test_units(text: str, unit: str, canonical: str, normalized: str, value: float) -> None:
    (quantity,) = quantities(text)
    assert quantity.unit is not None
    assert (quantity.unit.text, quantity.unit.canonical, quantity.unit.normalized) == (unit, canonical, normalized)
    assert quantity.value * quantity.unit.factor == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "trước ngày 30/11/2020 và đến tháng 6/2021",
        "Đại hội Đảng bộ huyện lần thứ 26, nhiệm kỳ 2020 - 2025",
        "theo Điều 5, khoản 2 và Phụ lục 1",
        "dịch vụ công trực tuyến mức độ 3, 4",
        "trên tuyến quốc lộ 12 qua thôn 3",
        "Quý 2/2021, năm học 2020-2021",
        "điện thoại 0912 345 678",
        "họp lúc 14 giờ 30, thứ hai",
        "Nghị quyết Trung ương 6 khóa 12",
        "3.1. Tiếp tục quán triệt",
        "(2) Làm đường",
    ],
)
def test_numbers_that_only_name(text: str) -> None:
    assert quantities(text) == []


def test_both_ends_of_a_range_may_carry_the_unit() -> None:
    (quantity,) = quantities("đạt từ 9,5% đến 10,5%/năm")
    assert (quantity.value, quantity.upper) == (9.5, 10.5)


def test_words_count_only_where_they_count() -> None:
    assert [q.value for q in quantities("mỗi thôn có ít nhất một mô hình")] == [1]
    assert quantities("thành lập một ban chỉ đạo trong năm, một số xã") == []


def test_a_torn_decimal_is_doubtful() -> None:
    (quantity,) = quantities("việc làm cho khoảng 1, 6 triệu lao động")
    assert (quantity.value, quantity.doubtful) == (1.6, True)


def test_the_habit_of_the_document_decides() -> None:
    assert quantities("trồng 1,250 ha", "đạt 4.5% và 3.2 tấn")[0].value == 1250
    assert quantities("trồng 1,250 ha", "đạt 4,5% và 3,2 tấn")[0].value == 1.25


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("đạt trên 89% gia đình", ">"),
        ("có ít nhất 05 xã", ">="),
        ("giảm 4% trở lên", ">="),
        ("giảm còn dưới 4,5%", "<"),
        ("không quá 1,2%", "<="),
        ("khoảng 25 tỷ đồng", "~"),
        ("1 - 2 xóm", "between"),
        ("đạt 60%", "="),
    ],
)
def test_comparators(text: str, comparator: str) -> None:
    (quantity,) = quantities(text)
    assert comparator_of(text, quantity)[0] == comparator


def test_rule_files_hold_their_examples() -> None:
    assert UnitRules.load().check_examples() == []
    assert ComparatorRules.load().check_examples() == []
    assert len(UnitRules.load().unit) >= 80


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for quantity in quantities(text):
        assert 0 <= quantity.start <= quantity.number_start < quantity.number_end <= quantity.end <= len(text)
