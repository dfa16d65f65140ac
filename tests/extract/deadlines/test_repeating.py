"""Limits that repeat, that count from an event, or that name an event and no day."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.extract.deadlines.limits import find_limits
from pipeline.extract.deadlines.parts import Limit, Paragraph
from pipeline.extract.deadlines.years import DocumentYears

D = dt.date
YEARS = DocumentYears(issued=D(2024, 5, 10), issued_year=2024, plan=2024, usual=2024, section=())


def limits(text: str) -> list[Limit]:
    return find_limits(Paragraph(text, YEARS))


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (
            "Trong thời hạn không quá 0,5 ngày làm việc, kể từ khi nhận hồ sơ, công chức chuyển hồ sơ.",
            "within",
            "Trong thời hạn không quá 0,5 ngày làm việc, kể từ khi nhận hồ sơ",
        ),
        (
            "Trong thời hạn không quá, 35 ngày, Sở Xây dựng thẩm định xong.",
            "within",
            "Trong thời hạn không quá, 35 ngày",
        ),
        ("Phải báo về Ban Chỉ huy trong vòng 10 phút qua số điện thoại trực.", "within", "trong vòng 10 phút"),
        (
            "Hồ sơ chưa đúng thì kê khai lại, thời hạn kê khai lại là năm ngày, kể từ ngày nhận được yêu cầu.",
            "within",
            "thời hạn kê khai lại là năm ngày, kể từ ngày nhận được yêu cầu",
        ),
        (
            "c) 15 ngày kể từ ngày nhận đủ hồ sơ đối với dự án nhóm C",
            "within",
            "15 ngày kể từ ngày nhận đủ hồ sơ đối với dự án nhóm C",
        ),
        ("Không quá 20 ngày làm việc đối với dự án nhóm B.", "within", "Không quá 20 ngày làm việc"),
        (
            "Trả kết quả chậm nhất 02 ngày sau khi nước rút.",
            "by",
            "chậm nhất 02 ngày sau khi nước rút",
        ),
        (
            "Kết luận kiểm tra ban hành trong 10 ngày kể từ ngày kết thúc kiểm tra.",
            "within",
            "trong 10 ngày kể từ ngày kết thúc kiểm tra",
        ),
        ("Các xã lập danh sách trong 07 ngày kể từ ngày nhận được Công văn này.", "within", None),
        ("Sửa chữa phòng học xong trước khi bước vào năm học mới.", "before", "trước khi bước vào năm học mới"),
        ("Tu bổ đê điều, dự trữ vật tư trước mùa mưa bão.", "before", "trước mùa mưa bão"),
        ("Chuyển đổi cây trồng ngay trong vụ Hè Thu.", "within", "ngay trong vụ Hè Thu"),
    ],
)
def test_a_limit_whose_day_is_not_known(text: str, kind: str, words: str | None) -> None:
    (found,) = limits(text)
    assert (found.kind, found.due_start, found.due_end) == (kind, None, None)
    assert words is None or text[found.start : found.end] == words


def test_a_part_of_a_day_from_the_issue_ends_on_the_next() -> None:
    (found,) = limits("Các xã gửi danh sách trong thời hạn 1,5 ngày kể từ ngày ký.")
    assert (found.due_start, found.due_end) == (D(2024, 5, 10), D(2024, 5, 12))


@pytest.mark.parametrize(
    "text",
    [
        "Thời hạn hợp đồng là 12 tháng.",
        "Thời hạn sử dụng giấy phép là 05 năm.",
        "Trường hợp quá thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản.",
        "Hội nghị kéo dài không quá 3 ngày.",
        "Kiểm tra hồ sơ trước khi trình ký.",
        "Trường học tổ chức dạy học 2 buổi/ngày.",
        "Không để dồn thanh toán vào cuối năm.",
        "Trên đây là báo cáo kết quả hoạt động thực hiện trong tuần 2 tháng 6.",
    ],
)
def test_what_sets_no_limit(text: str) -> None:
    assert limits(text) == []


@pytest.mark.parametrize(
    ("text", "rrule"),
    [
        ("Cứ 30 phút một lần báo cáo mực nước.", "FREQ=MINUTELY;INTERVAL=30"),
        ("Theo dõi, đôn đốc, 6 tháng sơ kết, cuối năm tổng kết.", "FREQ=MONTHLY;INTERVAL=6"),
        ("Chi cục 7 ngày ra thông báo sâu bệnh một lần.", "FREQ=DAILY;INTERVAL=7"),
        ("Chi bộ mỗi quý sinh hoạt chuyên đề một lần.", "FREQ=MONTHLY;INTERVAL=3"),
        ("Công khai thu, chi mỗi học kỳ một lần.", None),
        ("Báo cáo Ban Chỉ huy trước 15 giờ 30 hằng ngày.", "FREQ=DAILY;BYHOUR=15;BYMINUTE=30"),
        ("Lấy mẫu nước tại các trạm, ít nhất 1 lần/năm.", "FREQ=YEARLY"),
        ("Phối hợp tuyên truyền mỗi tuần một thôn.", "FREQ=WEEKLY"),
        (
            "Hàng quí, chậm nhất đến ngày 20 của tháng đầu quí sau, gửi báo cáo.",
            "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=20",
        ),
    ],
)
def test_more_repetitions(text: str, rrule: str | None) -> None:
    (found,) = limits(text)
    assert (found.kind, found.recurrence) == ("recurring", rrule)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("Thực hiện trong tuần thứ 05 của tháng 6.", "within", D(2024, 6, 29), D(2024, 6, 30)),
        ("Trong năm, phấn đấu 100% chi bộ đạt yêu cầu.", "within", D(2024, 1, 1), D(2024, 12, 31)),
        ("Phấn đấu cuối năm tỷ lệ hộ nghèo chỉ còn 2,85%.", "by", None, D(2024, 12, 31)),
        ("Tổ chức tập huấn vào chiều thứ Năm 10/10.", "on", D(2024, 10, 10), D(2024, 10, 10)),
        ("Tặng quà nhân dịp 79 năm Ngày Thương binh - Liệt sĩ 27/7.", "on", D(2024, 7, 27), D(2024, 7, 27)),
        ("Giảm dư nợ còn dưới 5 tỷ đồng vào ngày 31 tháng 12 năm 2024.", "by", None, D(2024, 12, 31)),
        ("Giải ngân đạt 95% đến hết thời gian chỉnh lý ngân sách (31/01/2025).", "by", None, D(2025, 1, 31)),
        ("Hoàn thành mặt bằng 12 dự án đang vướng trong quý IV/2024.", "within", D(2024, 10, 1), D(2024, 12, 31)),
        ("Phân loại xong toàn bộ hồ sơ tồn đọng trước ngày 25/8/2024.", "before", None, D(2024, 8, 25)),
        ("Trả ít nhất 50% trước khai giảng năm học 2024 - 2025 (ngày 05/9/2024).", "before", None, D(2024, 9, 5)),
    ],
)
def test_more_days(text: str, kind: str, start: dt.date | None, end: dt.date) -> None:
    (found,) = limits(text)
    assert (found.kind, found.due_start, found.due_end) == (kind, start, end)
