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
