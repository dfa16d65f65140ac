"""What is a time limit on a task, what is none, and which days it means."""

from __future__ import annotations

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines.limits import find_limits
from pipeline.extract.deadlines.parts import Limit, Paragraph
from pipeline.extract.deadlines.rules import DeadlineRules
from pipeline.extract.deadlines.years import DocumentYears
from tests.extract.growth import assert_linear, muddle

D = dt.date
ISSUED = D(2020, 3, 2)
YEARS = DocumentYears(issued=ISSUED, issued_year=2020, plan=None, usual=2020, section=())
UNDATED = DocumentYears(issued=None, issued_year=None, plan=None, usual=2020, section=())


def limits(text: str, years: DocumentYears = YEARS, **more: object) -> list[Limit]:
    return find_limits(Paragraph(text, years, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("Các xã hoàn thành rà soát trước ngày 30/11/2020.", "before", None, D(2020, 11, 30)),
        ("Gửi báo cáo về Phòng Nội vụ chậm nhất ngày 15 tháng 6 năm 2020.", "by", None, D(2020, 6, 15)),
        ("Thời gian thi đua: Từ ngày phát động đến hết ngày 31 tháng 12 năm 2020.", "by", None, D(2020, 12, 31)),
        ("Phấn đấu đến cuối năm 2020 đạt trên 80% gia đình văn hóa.", "by", None, D(2020, 12, 31)),
        ("Phấn đấu có 03 khu dân cư hoàn thành 6 tháng đầu năm 2020.", "by", None, D(2020, 6, 30)),
        ("Tổ chức khánh thành nhà văn hóa trong tháng 6/2020.", "within", D(2020, 6, 1), D(2020, 6, 30)),
        ("Tổ chức ra quân từ ngày 05/4 đến ngày 20/4/2020.", "within", D(2020, 4, 5), D(2020, 4, 20)),
        ("Tổ chức sơ kết phong trào vào dịp 19/5/2020.", "on", D(2020, 5, 19), D(2020, 5, 19)),
        ("Tổ chức lễ phát động nhân dịp Quốc khánh 02/9.", "on", D(2020, 9, 2), D(2020, 9, 2)),
        ("xét, đề nghị khen thưởng vào cuối năm.", "by", None, D(2020, 12, 31)),
        (
            "Phấn đấu xã Đồng Mây đạt chuẩn nông thôn mới giai đoạn 2020 - 2021.",
            "within",
            D(2020, 1, 1),
            D(2021, 12, 31),
        ),
        ("Xây dựng kế hoạch trong thời hạn 10 ngày kể từ ngày ký.", "within", ISSUED, D(2020, 3, 12)),
        ("Tiến độ: Quý IV/2020.", "by", None, D(2020, 12, 31)),
        ("Thời gian hoàn thành: 30/9/2020.", "by", None, D(2020, 9, 30)),
        ("Rà soát hộ nghèo, hoàn thành trong quý II năm 2020.", "within", D(2020, 4, 1), D(2020, 6, 30)),
        ("Nâng tỷ lệ hồ sơ trực tuyến lên 60% vào cuối năm 2020.", "by", None, D(2020, 12, 31)),
        ("Giảm 37 hộ nghèo trong năm 2020.", "within", D(2020, 1, 1), D(2020, 12, 31)),
        ("Quán triệt trong sinh hoạt chi bộ tháng 5/2020.", "within", D(2020, 5, 1), D(2020, 5, 31)),
        ("Gieo mạ từ 10/3 đến 25/3.", "within", D(2020, 3, 10), D(2020, 3, 25)),
        ("Cải tạo chè, gieo mạ từ ngày 10/02/2020 đến ngày 20/02/2020.", "within", D(2020, 2, 10), D(2020, 2, 20)),
        ("Làm đường bê tông trong tháng 10 và tháng 11.", "within", D(2020, 10, 1), D(2020, 11, 30)),
        ("Mục tiêu đến năm 2025", "by", None, D(2025, 12, 31)),
        ("Tỷ lệ hồ sơ trực tuyến tăng dần, năm 2021 đạt trên 75%.", "within", D(2021, 1, 1), D(2021, 12, 31)),
        ("Phấn đấu năm 2020 giảm 2% hộ nghèo.", "within", D(2020, 1, 1), D(2020, 12, 31)),
        ("Thành lập tổ công tác trong tuần đầu tháng 4/2020.", "within", D(2020, 4, 1), D(2020, 4, 7)),
        ("Năm 2021: cứng hoá 12 km đường thôn.", "within", D(2021, 1, 1), D(2021, 12, 31)),
        ("Bàn giao 02 km mặt bằng trước ngày 15/9/2020.", "before", None, D(2020, 9, 15)),
        ("Hội nghị bắt đầu từ 14 giờ 00 phút ngày 12/6/2020.", "on", D(2020, 6, 12), D(2020, 6, 12)),
        ("Nạo vét kênh mương xong trước 20-4.", "before", None, D(2020, 4, 20)),
        ("Thời gian: Vào lúc 08 giờ 00 phút, ngày 09/4/2020 (sáng Thứ Năm).", "on", D(2020, 4, 9), D(2020, 4, 9)),
        ("Tổ chức sơ kết Đề án vào năm 2025.", "within", D(2025, 1, 1), D(2025, 12, 31)),
        ("Đến hết nhiệm kỳ 2020 - 2025, kết nạp 120 đảng viên.", "by", None, D(2025, 12, 31)),
        ("Phấn đấu năm 2020 toàn ngành có thêm 18 trường đạt chuẩn.", "within", D(2020, 1, 1), D(2020, 12, 31)),
    ],
)
def test_limits(text: str, kind: str, start: dt.date | None, end: dt.date) -> None:
    (found,) = limits(text)
    assert (found.kind, found.due_start, found.due_end) == (kind, start, end)


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2019, phong trào thi đua đã có bước chuyển biến tích cực.",
        "Đến cuối năm 2019 đã có 12 xã đạt chuẩn.",
        "Tính đến ngày 30/6/2020 toàn huyện có 05 hợp tác xã.",
        "Hoàn thành các chỉ tiêu phát triển kinh tế - xã hội năm 2020.",
        "Tiếp tục thực hiện các phong trào thi đua giai đoạn 2016 - 2020.",
        "Tổ chức thành công Đại hội Đảng bộ huyện nhiệm kỳ 2020 - 2025.",
        "Thực hiện Chương trình phát triển du lịch đến năm 2030.",
        "Tuyên truyền kỷ niệm 50 năm ngày thành lập huyện.",
        "Quyết định này có hiệu lực thi hành kể từ ngày ký.",
        "Tăng diện tích cây hàng năm, nâng cao hiệu quả kế hoạch hàng năm.",
        "Thực hiện quyết toán thuế hàng năm với cơ quan thuế.",
        "Thực hiện theo hướng dẫn hằng năm của Sở Giáo dục và Đào tạo.",
        "Duy trì chế độ báo cáo định kỳ theo quy định.",
        "Duy trì nâng cao chất lượng tại 14/14 xã trước đây.",
        "Hoàn thành trước ngày 31/02/2019.",
        "Bước vào năm 2021, tổ chức đời sống nhân dân còn khó khăn.",
        "Vay trung và dài hạn năm 2021, tổ chức trả nợ.",
        "Phối hợp tổ chức kỷ niệm ngày chiến thắng (07/5/1954 - 07/5/2020).",
        "Năm 2021, tổ chức các hội thi.",
        "Năm 2021: 12 xã, 45 thôn.",
        "Theo Đài Khí tượng dự báo, từ nay đến cuối tháng 4/2020 nắng nóng gay gắt.",
        "Trung tâm báo cáo kết quả tiếp nhận hồ sơ từ ngày 15/02 đến ngày 28/02/2020.",
        "Định hướng đến năm 2030 của ngành, thực hiện Chiến lược biển",
        "Triển khai Chương trình giảm nghèo bền vững đến năm 2025.",
    ],
)
def test_what_is_no_limit(text: str) -> None:
    assert limits(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Các trường vận động để đến hết học kỳ I có 100% học sinh tham gia bảo hiểm y tế.", "by"),
        ("Các trường duy trì sĩ số trên 99% trong suốt năm học 2019 - 2020.", "within"),
        ("Hoàn thành xây dựng 03 trường đạt chuẩn trước khi kết thúc năm học.", "before"),
        ("Trình Hội đồng nhân dân huyện trước kỳ họp cuối năm.", "before"),
        ("Duy trì 04 chốt kiểm dịch đến khi công bố hết dịch.", "by"),
        ("Khôi phục cấp điện cho 80% phụ tải trong 24 giờ.", "within"),
    ],
)
def test_limits_whose_days_the_document_does_not_print(text: str, kind: str) -> None:
    (found,) = limits(text)
    assert (found.kind, found.due_start, found.due_end) == (kind, None, None)


def test_times_without_a_cue_follow_their_rules() -> None:
    for rule in DeadlineRules.load().bare:
        for example in rule.examples:
            assert [limit.rule for limit in limits(example)] == [f"deadlines.toml:{rule.id}"]
        for counter_example in rule.counter_examples:
            assert f"deadlines.toml:{rule.id}" not in [limit.rule for limit in limits(counter_example)]


def test_a_dated_line_of_the_opening_is_a_limit() -> None:
    text = "Tháng 4: Phòng Y tế kiểm tra an toàn thực phẩm.\nTháng 5: Phòng Nội vụ kiểm tra công vụ."
    found = limits(text, closed=True, opening=True)
    assert [(limit.kind, limit.due_end) for limit in found] == [("within", D(2020, 4, 30)), ("within", D(2020, 5, 31))]
    assert limits(text, closed=True) == []


def test_the_date_of_another_document_is_no_limit() -> None:
    text = "Thực hiện Kế hoạch số 12/KH-UBND đến ngày 05/4/2020 của UBND huyện, hoàn thành trước ngày 30/6/2020."
    start = text.index("Kế hoạch")
    found = limits(
        text,
        forbidden=(
            (
                start,
                text.index(" của"),
            ),
        ),
    )
    assert [limit.due_end for limit in found] == [D(2020, 6, 30)]


@pytest.mark.parametrize(
    ("text", "rrule"),
    [
        ("Các xã phát động phong trào ngày thứ bảy hàng tuần tổng vệ sinh.", "FREQ=WEEKLY;BYDAY=SA"),
        ("Báo cáo kết quả về Văn phòng trước ngày 25 hàng tháng.", "FREQ=MONTHLY;BYMONTHDAY=25"),
        ("Tiếp công dân định kỳ vào ngày 10 và ngày 25 hằng tháng.", "FREQ=MONTHLY;BYMONTHDAY=10,25"),
        ("Tiếp công dân từ thứ hai đến thứ sáu hằng tuần.", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("Tiếp công dân vào sáng thứ tư hằng tuần.", "FREQ=WEEKLY;BYDAY=WE"),
        ("Tiếp công dân ít nhất 01 ngày trong một tuần.", "FREQ=WEEKLY"),
        ("Duy trì tuần tra chung mỗi tháng hai lần.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Duy trì tuần tra mỗi tuần 03 buổi.", "FREQ=WEEKLY"),
        ("Các tổ chuyên môn sinh hoạt 02 lần/tháng.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Phát bản tin cảnh báo hàng ngày vào 6 giờ và 18 giờ.", "FREQ=DAILY"),
        ("Định kỳ nửa tháng báo cáo Thường trực Đảng ủy.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Ra quân tổng vệ sinh vào tuần thứ 2 hằng tháng.", "FREQ=MONTHLY"),
        ("Phấn đấu khối lượng thực hiện tăng 15% mỗi tháng.", "FREQ=MONTHLY"),
        ("Hằng năm, trước ngày 15 tháng 12, báo cáo kết quả.", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15"),
        ("Chủ trì, hằng năm tham mưu sơ kết trước ngày 30 tháng 11.", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30"),
        ("Định kỳ hằng tháng (trước ngày 22), hằng quý báo cáo kết quả.", "FREQ=MONTHLY;BYMONTHDAY=22"),
        ("Định kỳ 6 tháng (trước ngày 15/6), một năm (trước ngày 15/12) báo cáo.", "FREQ=MONTHLY;INTERVAL=6"),
        (
            "Định kỳ hằng quý (trước ngày 20 của tháng cuối quý) báo cáo kết quả.",
            "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20",
        ),
        ("Đánh giá, xếp loại từ ngày 01/12 đến ngày 15/12 hằng năm.", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15"),
        ("Báo cáo trước ngày 15/6 và ngày 15/12 hằng năm.", "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=15"),
        ("Báo cáo trước ngày 30/6 và ngày 15/12 hằng năm.", None),
        ("Công bố kết quả trong quý I hằng năm.", "FREQ=YEARLY;BYMONTH=1,2,3"),
        ("Mở đợt cao điểm dịp Ngày Chuyển đổi số quốc gia 10/10 hằng năm.", "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=10"),
        ("định kỳ hàng quý, 6 tháng và cuối năm tiến hành sơ kết.", "FREQ=MONTHLY;INTERVAL=3"),
        ("Phấn đấu mỗi năm mỗi xã thành lập mới một doanh nghiệp.", "FREQ=YEARLY"),
        ("Hằng năm, các xã rà soát hộ nghèo trên địa bàn.", "FREQ=YEARLY"),
        ("báo cáo kịp thời cho UBND tỉnh hằng tháng, quý, 6 tháng, năm (Sở Tài chính tổng hợp).", "FREQ=MONTHLY"),
        ("Theo dõi, đôn đốc; định kỳ tổng hợp, báo cáo Ủy ban nhân dân huyện.", None),
        ("Tiêm bổ sung vào các ngày 5, 15 và 25 hằng tháng.", "FREQ=MONTHLY;BYMONTHDAY=5,15,25"),
        ("Trực giải quyết hồ sơ các ngày thứ 2, thứ 4 và thứ 6 hằng tuần.", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("Họp giao ban chiều thứ Hai tuần thứ hai và tuần thứ tư hằng tháng.", "FREQ=MONTHLY;BYDAY=2MO,4MO"),
        ("Tổng hợp báo cáo vào ngày làm việc cuối cùng của tháng.", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("Tự kiểm tra sáu tháng một lần vào tuần cuối tháng 6 và tháng 12.", "FREQ=YEARLY;BYMONTH=6,12"),
        ("Duy trì giao ban mỗi tháng 1 lần vào ngày 20.", "FREQ=MONTHLY;BYMONTHDAY=20"),
        ("Báo cáo tiến độ nửa tháng một lần.", "FREQ=WEEKLY;INTERVAL=2"),
    ],
)
def test_repetitions(text: str, rrule: str | None) -> None:
    (found,) = limits(text)
    assert (found.kind, found.recurrence) == ("recurring", rrule)
    if rrule:
        rrulestr(rrule, dtstart=dt.datetime(2020, 1, 1))


def test_the_quote_is_the_clause_with_its_task() -> None:
    text = "1- Các xã rà soát hộ nghèo; tổng hợp danh sách gửi Phòng Lao động trước ngày 30/6/2020; tổ chức tập huấn."
    (found,) = limits(text)
    assert text[found.quote_start : found.quote_end] == "tổng hợp danh sách gửi Phòng Lao động trước ngày 30/6/2020"


def test_two_limits_of_a_sentence_have_a_quote_each() -> None:
    text = "Hoàn thành đề án trước ngày 30/6/2020, tổ chức thực hiện xong trước ngày 31/12/2020."
    first, second = limits(text)
    assert (first.due_end, second.due_end) == (D(2020, 6, 30), D(2020, 12, 31))
    assert first.quote_end <= second.quote_start


def test_the_second_of_a_pair_is_the_same_kind_of_limit() -> None:
    found = limits("Gửi báo cáo trước ngày 20/6 (6 tháng) và 20/12 (cả năm).")
    assert [(limit.kind, limit.due_end) for limit in found] == [
        ("before", D(2020, 6, 20)),
        ("before", D(2020, 12, 20)),
    ]


def test_the_name_of_a_report_is_no_time_before_an_event() -> None:
    found = limits("Gửi báo cáo 6 tháng trước ngày 15/6 và báo cáo năm trước ngày 15/12.")
    assert [limit.due_end for limit in found] == [D(2020, 6, 15), D(2020, 12, 15)]


def test_a_year_of_which_only_the_month_is_known_looks_ahead() -> None:
    years = DocumentYears(None, 2020, None, 2020, (), earliest=D(2020, 11, 1))
    (found,) = limits("Gửi báo cáo trước ngày 25/3.", years)
    assert found.due_end == D(2021, 3, 25)
    assert limits("Gửi báo cáo trước ngày 22/1/2020.", years) == []


def test_a_year_from_the_context_is_marked_and_less_sure() -> None:
    (printed,) = limits("Hoàn thành trước ngày 30/11/2020.")
    (inferred,) = limits("Hoàn thành trước ngày 30/11.")
    assert (printed.due_end, printed.inferred) == (inferred.due_end, False)
    assert inferred.inferred
    assert inferred.confidence < printed.confidence


def test_the_year_named_before_in_the_paragraph_counts_most() -> None:
    found = limits("Xây dựng kế hoạch thực hiện trong năm 2021. Gửi về Phòng Nội vụ trước ngày 25/3.")
    assert found[-1].due_end == D(2021, 3, 25)


def test_a_plan_for_the_next_year_dates_its_tasks_there() -> None:
    years = DocumentYears(issued=D(2020, 12, 28), issued_year=2020, plan=2021, usual=2021, section=())
    (found,) = limits("Gửi báo cáo trước ngày 15/12.", years)
    assert found.due_end == D(2021, 12, 15)


def test_a_limit_from_an_unknown_event_has_no_days() -> None:
    (found,) = limits("Thông báo cho các hộ 01 tháng trước khi thu hồi đất.")
    assert (found.kind, found.due_end) == ("before", None)


def test_without_a_date_of_issue_a_relative_limit_has_no_days() -> None:
    (found,) = limits("Xây dựng kế hoạch trong vòng 10 ngày kể từ ngày ký.", UNDATED)
    assert (found.kind, found.due_end) == ("within", None)


def test_where_only_the_year_is_known_the_next_one_is_to_come() -> None:
    years = DocumentYears(issued=None, issued_year=2017, plan=None, usual=2017, section=())
    (found,) = limits("Chấm khóa luận từ tuần thứ 3, 4 của tháng 7/2018 (16/7/2018 đến 28/7/2018).", years)
    assert (found.due_start, found.due_end) == (D(2018, 7, 16), D(2018, 7, 28))
    (found,) = limits("Cán bộ tham dự lớp học đăng ký trước ngày 08/ 12 /2017.", years)
    assert found.due_end == D(2017, 12, 8)


def test_a_heading_that_is_a_time_dates_the_list_below() -> None:
    (found,) = limits("Từ 07/5/2020 đến 07/7/2020:", closed=True)
    assert (found.kind, found.due_start, found.due_end) == ("within", D(2020, 5, 7), D(2020, 7, 7))
    assert limits("Từ 07/5/2019 đến 07/7/2019: kết quả", closed=True) == []


def test_the_purpose_that_opens_a_sentence_sets_no_limit() -> None:
    text = "Để đẩy mạnh phong trào trong năm 2020, Ban Thường vụ yêu cầu các xã thực hiện các nội dung sau:"
    assert limits(text) == []


WORDS = (
    "hoàn thành trước ngày 30/11/2020 đến hết trong tháng 6 quý I năm 2020 cuối định kỳ hàng tháng ; . , "
    ": ( ) \n \t tổ chức Thời gian từ kể ngày ký 10 31/02/2020 giai đoạn 2016 - 2025"
)


@given(muddle(WORDS, 70), st.sampled_from([YEARS, UNDATED]))
def test_strange_text_never_breaks_it(text: str, years: DocumentYears) -> None:
    for found in limits(text, years):
        assert 0 <= found.quote_start <= found.start < found.end <= found.quote_end <= len(text)
        assert 0 < found.confidence < 1
        assert found.due_start is None or found.due_end is None or found.due_start <= found.due_end
        assert found.recurrence is None or rrulestr(found.recurrence, dtstart=dt.datetime(2020, 1, 1))


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("trước ngày 30/11/2020, ", 100),
        ("hàng tháng ", 100),
        ("x", 20_000),
        ("đến hết ", 1_000),
        ("hằng năm, trước ngày 15/12, ", 100),
        ("ngày 10 và ngày 25 hằng tháng, ", 100),
        ("định kỳ 6 tháng (trước ngày 15/6), ", 100),
        ("tổ chức ", 2_000),
        ("Mục tiêu chung ", 1_000),
        ("giảm, ", 2_000),
        ("và 20/12 ", 300),
        ("từ 25/01 đến 05/02 ", 200),
    ],
)
def test_long_text_takes_linear_time(unit: str, count: int) -> None:
    assert_linear(limits, unit, count)


@pytest.mark.parametrize(
    ("text", "kind", "last"),
    [
        ("Nộp báo cáo trước ngày 10 tháng 02 năm sau.", "before", D(2021, 2, 10)),
        ("Sơ tán dân xong trước 18h00 chiều mai, 03/3/2020.", "before", D(2020, 3, 3)),
        ("Báo cáo kết quả chậm nhất thứ Sáu tuần này.", "by", D(2020, 3, 6)),
        ("Sửa chữa xong trước ngày khai giảng 05/9/2020.", "before", D(2020, 9, 5)),
        ("Tổ chức thi từ 05 đến 17/5/2020.", "within", D(2020, 5, 17)),
        ("Gieo sạ tập trung từ ngày 20/5 - 05/6.", "within", D(2020, 6, 5)),
        ("Tập huấn vào các ngày 12, 13 và 14/3/2020.", "within", D(2020, 3, 14)),
        ("Gửi báo cáo chậm nhất 7 ngày làm việc sau đại hội.", "by", None),
        ("Gửi giấy mời trước mỗi buổi làm việc ít nhất 03 ngày.", "before", None),
        ("Các xã đăng ký hạn đến 10/4, ký giao ước thi đua.", "by", D(2020, 4, 10)),
        ("Sắp xếp lịch học trong vòng 3 — 4 tuần đầu.", "within", None),
        ("Tổ chức tập huấn 10 — 12/5/2020.", "within", D(2020, 5, 12)),
        ("Gửi báo cáo trước ngày 15/10⁄2020.", "before", D(2020, 10, 15)),
        ("Hoàn tất chi trả trước lễ 30-4.", "before", D(2020, 4, 30)),
        ("Bàn giao nhà trước Tết Dương lịch 2021.", "before", D(2021, 1, 1)),
        ("Thời gian: 02 ngày, từ ngày 15 đến ngày 16/11/2020.", "within", D(2020, 11, 16)),
        ("Thời gian, địa điểm: 8 giờ ngày 20/10/2020, tại Hội trường.", "on", D(2020, 10, 20)),
        ("Tổ chức tuyên truyền 02 đợt trong quý II và quý III năm 2020.", "within", D(2020, 9, 30)),
        ("Giảm tỷ lệ sinh con thứ ba; đến năm 2025 còn 1,1%.", "by", D(2025, 12, 31)),
        ("Số hóa hồ sơ còn hiệu lực, hoàn thành trước ngày 30/11/2020.", "before", D(2020, 11, 30)),
        ("Các khối thi đua ký giao ước trước ngày 28/4/2020.", "before", D(2020, 4, 28)),
        ("Phát sóng chuyên mục trong các tháng 11, 12 và tháng 01.", "within", D(2021, 1, 31)),
        ("Chấm khóa luận từ tuần thứ 3, 4 của tháng 7/2020 (16/7/2020 đến 28/7/2020).", "within", D(2020, 7, 28)),
        ("Xây dựng kế hoạch thực hiện chỉ tiêu giảm tỷ lệ hộ nghèo đến năm 2025.", "by", D(2025, 12, 31)),
    ],
)
def test_more_ways_to_print_a_limit(text: str, kind: str, last: dt.date | None) -> None:
    (found,) = limits(text)
    assert (found.kind, found.due_end) == (kind, last)


@pytest.mark.parametrize(
    "text",
    [
        "Dự báo đến 7 giờ ngày 28/10 bão đi vào đất liền.",
        "Các trường hợp vi phạm trước ngày 01/7/2020 được xem xét xử lý.",
        "Số dư tạm ứng đến ngày 31/12/2020 được chuyển sang năm sau.",
        "Hội nghị kéo dài không quá 03 ngày.",
        "Đến năm 2019 còn 12 hộ chưa di dời.",
        "Gửi báo cáo trước ngày 15/1 0/2020.",
    ],
)
def test_forecasts_and_states_of_things_are_no_limits(text: str) -> None:
    assert limits(text) == []
