"""Numbers near the border: classes of one indicator, conditions, places, names, money that is granted."""

from __future__ import annotations

import pytest

from pipeline.models import Target
from tests.extract.plans import goals, numbers, plan, targets
from tests.segment.composed import document_of


def told(*body: str, code: str = "TB") -> list[Target]:
    """The targets of paragraphs that hand out tasks."""
    return targets(plan(("Nhiệm vụ trọng tâm", body), code=code))


def test_classes_of_one_indicator() -> None:
    found = goals("- Kết quả rèn luyện: Tốt 80%, Khá 18%, Đạt 2%; Chưa đạt không quá 1%.")
    assert [(t.indicator, t.comparator, t.value) for t in found] == [
        ("Kết quả rèn luyện: Tốt", "=", 80),
        ("Kết quả rèn luyện: Khá", "=", 18),
        ("Kết quả rèn luyện: Đạt", "=", 2),
        ("Kết quả rèn luyện: Chưa đạt", "<=", 1),
    ]
    found = goals("Xếp loại hạnh kiểm: tốt 75%, khá 22%, trung bình 3%.")
    assert [(t.indicator, t.value) for t in found] == [
        ("Xếp loại hạnh kiểm: tốt", 75),
        ("Xếp loại hạnh kiểm: khá", 22),
        ("Xếp loại hạnh kiểm: trung bình", 3),
    ]


def test_a_result_among_goals_is_what_its_words_say() -> None:
    head = "KẾ HOẠCH\nThực hiện nhiệm vụ năm học 2020 - 2021\n\nI. MỤC TIÊU, CHỈ TIÊU\n1. Chất lượng giáo dục\n"
    found = targets(document_of(head + "- Kết quả học tập: Tốt 15%, Khá 40%.\n"))
    assert [(t.indicator, t.value) for t in found] == [("Kết quả học tập: Tốt", 15), ("Kết quả học tập: Khá", 40)]
    assert not targets(document_of(head + "- Kết quả thực hiện năm trước: trồng 42 ha rừng.\n"))


@pytest.mark.parametrize(
    "text",
    [
        "Thu hồi vốn của các công trình có tỷ lệ giải ngân dưới 45% trước ngày 30/9/2021.",
        "Kiểm điểm các xã có tỷ lệ thu quỹ dưới 50%.",
        "Cấp ủy phân công đảng viên phụ trách; đơn vị nào không đạt 85% kế hoạch thì không xét thi đua.",
        "Đồng ý chủ trương hỗ trợ 60 triệu đồng cho Hội thi tiếng hát công nhân.",
        "Công an xã duy trì tuần tra mỗi tuần 02 buổi.",
        "Ban quản lý 24 thôn duy trì Ngày thứ Bảy xanh.",
        "Phòng Kinh tế chuẩn bị báo cáo tiến độ kiểm đếm 120 thửa đất.",
    ],
)
def test_no_targets(text: str) -> None:
    assert not told(text)


@pytest.mark.parametrize(
    ("text", "comparator", "value"),
    [
        ("Tháo dỡ biển quảng cáo sai phép trên 6 tuyến phố.", "=", 6),
        ("Nâng cấp trên 6 tuyến đường.", ">", 6),
        ("Trên 6 tuyến đường được lắp đèn chiếu sáng.", ">", 6),
        ("Tỷ lệ bao phủ bảo hiểm y tế từ 96%.", ">=", 96),
        ("Phấn đấu các xã có tỷ lệ hộ nghèo dưới 5%.", "<", 5),
        ("Nâng tỷ lệ hộ dùng nước sạch từ 82% lên 90%.", "=", 90),
    ],
)
def test_comparators(text: str, comparator: str, value: float) -> None:
    assert [(t.comparator, t.value) for t in goals(text)] == [(comparator, value)]


def test_seasons_are_words() -> None:
    [target] = goals("100% số thôn có đường đi lại được 4 mùa.")
    assert (target.value, target.indicator) == (100, "số thôn có đường đi lại được 4 mùa")


def test_times_as_much() -> None:
    found = goals("Thu nhập bình quân đầu người đạt 60 triệu đồng/năm, gấp 1,4 lần năm 2015.")
    assert [(t.value, t.unit_text, t.indicator) for t in found] == [
        (60, "triệu đồng/năm", "Thu nhập bình quân đầu người"),
        (1.4, "lần", "Thu nhập bình quân đầu người"),
    ]


def test_what_is_printed_and_issued_counts() -> None:
    found = told("Xây dựng 5 phóng sự, in 12.000 tờ rơi.", "Cấp 1.200 giấy chứng nhận quyền sử dụng đất lần đầu.")
    assert [(t.value, t.unit_text) for t in found] == [(5, "phóng sự"), (12000, "tờ rơi"), (1200, "giấy chứng nhận")]


def test_an_invitation_that_shares_out_work() -> None:
    work = "Phòng Kinh tế đề xuất phương án để bàn giao ít nhất 1,8 km mặt bằng trước ngày 15/9/2021."
    found = targets(plan(("Phân công chuẩn bị:", [work]), code="GM"))
    assert [(t.comparator, t.value) for t in found] == [(">=", 1.8)]
    assert not targets(plan(("Thành phần:", ["Mời 45 đại biểu của 12 xã."]), code="GM"))


def test_petitions_and_sources_of_money_set_no_targets() -> None:
    assert not targets(plan(("Kiến nghị", ["Đề nghị tỉnh bố trí vốn sửa chữa 03 tuyến đường."]), code="BC"))
    assert not targets(plan(("Tổng vốn đầu tư", ["Tổng vốn đầu tư: 850 tỷ đồng, nhân dân đóng góp 40%."]), code="TTr"))
    assert targets(plan(("Chỉ tiêu", ["Tổng vốn đầu tư toàn xã hội đạt 850 tỷ đồng."])))


def test_agreed_results() -> None:
    text = "Nhất trí với đánh giá của Ủy ban nhân dân xã về kết quả năm 2020: giá trị sản xuất đạt 120 tỷ đồng."
    assert not targets(plan(("", [text]), code="NQ"))


def test_no_indicator_without_a_letter_and_doubt_without_a_unit() -> None:
    found = numbers(plan(("Chỉ tiêu", ["| 142 | 79,5 | 6", "Số điểm của trường đạt 82."])))
    assert all(any(c.isalpha() for c in n.target.indicator) for n in found if n.target)
    assert all(n.target.evidence.confidence < 0.9 for n in found if n.target and n.target.unit_text is None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ngân sách huyện hỗ trợ 40% giá giống cho vùng khô hạn, 100% cho 6 xã vùng cao.",
        "Cấm người qua cầu khi nước ngập trên 45 cm.",
        "Phấn đấu không còn thôn dưới 8 tiêu chí.",
        "Kính đề nghị Sở cấp bổ sung 4.000 lít hóa chất.",
        "(5 huyện còn lại giao tại văn bản riêng)",
        "Đơn vị từ 85 điểm trở lên xếp loại tốt.",
        "Bón cho mỗi ha 6 - 8 tấn phân chuồng, 150 kg đạm.",
        "Phê duyệt dự án đầu tư xây dựng Nhà văn hóa, diện tích đất 3.100 m2.",
    ],
)
def test_what_is_paid_limited_asked_or_remarked_is_no_target(sentence: str) -> None:
    assert targets(plan(("II. Nội dung", [sentence]))) == []


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Phát 12.000 tờ rơi, treo 45 pa nô.", [("=", 12000), ("=", 45)]),
        ("Cấp 2.600 thẻ bảo hiểm y tế cho hộ cận nghèo.", [("=", 2600)]),
        ("90% đoàn viên thanh niên trở lên được học tập nghị quyết.", [(">=", 90)]),
        ("Kết nạp 300 đoàn viên mới trở lên.", [(">=", 300)]),
        ("Phấn đấu không để phát sinh quá 03 điểm ùn tắc.", [("<=", 3)]),
        ("Phấn đấu thu ngân sách 1 tỷ 250 triệu đồng.", [("=", 1.25)]),
        ("Qua rà soát, còn 21 hộ chưa có nhà vệ sinh; yêu cầu các xã hỗ trợ xây 21 nhà vệ sinh.", [("=", 21)]),
        ("Riêng 4 xã vùng hạ Tân Phú, Đồng Mây, Long Hạ đạt trên 82%.", [(">", 82)]),
    ],
)
def test_what_is_handed_out_or_to_be_reached_is(sentence: str, wanted: list[tuple[str, float]]) -> None:
    found = targets(plan(("II. Chỉ tiêu, nhiệm vụ", [sentence])))
    assert [(t.comparator, t.value) for t in found] == wanted
