"""Numbers that only say more of what another number counts."""

from __future__ import annotations

import pytest

from pipeline.extract.targets.restrictions import own_numbers
from tests.extract.plans import goals, quantities


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Hỗ trợ 14 tàu có công suất từ 400 CV trở lên.", [14]),
        ("Bảo đảm 100% tàu cá từ 15 mét trở lên lắp thiết bị.", [100]),
        ("Mua 72 máy tính cho 36 tổ công nghệ số.", [72]),
        ("Phê duyệt phương án bồi thường của 83 hộ còn lại.", []),
        ("Tổ chức quan trắc tại 15 điểm, tần suất tối thiểu 04 lần mỗi năm.", [15, 4]),
        ("Đạt 85% tại 6 xã vùng cao.", [85]),
        ("Giao khu vực biển cho ít nhất 12 tổ chức.", [12]),
        ("Mở 24 lớp dạy bơi cho 600 em.", [24, 600]),
        ("Có 100% số xã đạt từ 15 tiêu chí trở lên.", [100, 15]),
        ("Phủ sóng 4G tới 100% thôn có điện.", [100]),
        ("Tỷ lệ trẻ được tiêm chủng đầy đủ 8 loại vắc xin đạt 95%.", [95]),
        ("Công nhận 02 xã đạt 100% tiêu chí.", [2, 100]),
        ("Học sinh học 2 buổi/ngày đạt 96%.", [96]),
        ("Đặt 45 thùng rác 120 lít dọc trục đường.", [45]),
        ("Thành lập 01 đội xung kích 85 người.", [1]),
        ("Tập huấn 05 lớp cho 300 người.", [5, 300]),
        ("Thời gian lưu trú đạt 2,1 ngày/khách, thực hiện trong 5 ngày.", [2.1]),
    ],
)
def test_own_numbers(text: str, own: list[float]) -> None:
    assert [q.value for q in own_numbers(text, quantities(text))] == own


def test_the_limit_stays_in_the_words_of_the_other_number() -> None:
    (target,) = goals("Bảo đảm 100% tàu cá từ 15 mét trở lên duy trì hoạt động thiết bị giám sát hành trình.")
    assert target.indicator == "tàu cá từ 15 mét trở lên duy trì hoạt động thiết bị giám sát hành trình"
    assert (target.comparator, target.value) == ("=", 100)


def test_who_a_rate_of_money_is_for() -> None:
    found = goals("Hỗ trợ mức 60 triệu đồng/nhà đối với nhà làm mới và 30 triệu đồng/nhà đối với nhà sửa chữa.")
    assert [t.indicator for t in found] == ["Hỗ trợ mức đối với nhà làm mới", "Hỗ trợ mức đối với nhà sửa chữa"]
