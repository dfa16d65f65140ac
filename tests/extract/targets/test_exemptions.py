"""Numbers that nobody has to reach: rows of tables without cells, sizes, shares that are paid."""

from __future__ import annotations

import pytest

from tests.extract.plans import goals, targets
from tests.segment.composed import document_of


@pytest.mark.parametrize(
    "text",
    [
        "Tốc độ tăng giá trị sản xuất % 6.8 7 7.5",
        "Thu ngân sách trên địa bàn hưởng 100% 483000",
        "Mặt đường rộng có chiều rộng tối thiểu 3,5 m.",
        "Hỗ trợ tối đa 70% tổng giá trị công trình.",
        "Số lượng Phó Chủ tịch Hội: 02 người.",
        "Qua khảo sát, gần 70% số ý kiến cho rằng mức thu phù hợp.",
    ],
)
def test_numbers_that_nobody_reaches(text: str) -> None:
    assert not goals(f"- {text}")


def test_a_row_of_numbers_ends_where_words_follow() -> None:
    assert [t.value for t in goals("- Năm 2025 có 100% số xã đạt chuẩn.")] == [100]
    assert [t.value for t in goals("- Trồng 52 ha ngô, 18 ha lạc.")] == [52, 18]


def test_a_passage_without_a_head_needs_more() -> None:
    told = "Đợt phát hành đầu tiên sẽ thực hiện ở 3 huyện có đàn gia cầm lớn của vùng Đồng Mây."
    assert not targets(document_of(told))
    assert [t.value for t in targets(document_of("Phấn đấu đến năm 2030 có 95% số hộ dùng nước sạch."))] == [95]


def test_a_year_behind_millions_is_no_unit() -> None:
    found = goals("- Nâng thu nhập bình quân của một lao động từ 7 triệu năm 2015 lên 14 triệu vào năm 2021.")
    assert [(t.value, t.baseline, t.direction) for t in found] == [(14, 7, "increase")]


def test_columns_of_unlike_units_without_a_result_are_doubted() -> None:
    rows = ("Chỉ tiêu\tMục tiêu về giá trị (tỷ đồng)\tMục tiêu giải ngân (%)", "Ban quản lý dự án\t940,2\t95")
    assert max(t.evidence.confidence for t in goals(*rows)) < 0.9
    rows = ("Chỉ tiêu\tĐơn vị tính\tThực hiện năm 2020\tKế hoạch năm 2021", "Trồng rừng\tha\t40\t52")
    assert [(t.value, t.evidence.confidence >= 0.9) for t in goals(*rows)] == [(52, True)]


def test_codes_and_figures_of_speech_are_no_quantities() -> None:
    assert not goals("- Số doanh nghiệp được cấp giấy chứng nhận 0203 Lao động của doanh nghiệp 0204 Doanh thu")
    assert not goals("- Phấn đấu đạt mục tiêu tăng trưởng “2 con số” gắn với ổn định kinh tế vĩ mô.")


def test_an_order_ends_what_was_told_before() -> None:
    text = "Trên cơ sở những mặt đã làm được, cần tiếp tục vận động các hộ, đến năm 2021 dự kiến khoảng 85 hợp tác xã."
    assert [t.value for t in goals(f"- {text}")] == [85]
