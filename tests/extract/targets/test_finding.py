"""Which numbers somebody must reach, and what is known of them."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import extract
from pipeline.extract.quantities.wording_rules import WordingRules
from pipeline.extract.targets.cues import TargetCues
from pipeline.models import ParagraphRole
from tests.extract.plans import goals, numbers, plan, targets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tổng sản lượng lương thực đạt 9.455,5 tấn.", [("Tổng sản lượng lương thực", "=", 9455.5, "tấn")]),
        ("Diện tích trồng mía: 140 ha.", [("Diện tích trồng mía", "=", 140, "ha")]),
        ("Giảm tỷ lệ hộ nghèo 3% trở lên.", [("Giảm tỷ lệ hộ nghèo", ">=", 3, "%")]),
        (
            "Diện tích lúa 85ha, năng suất 5,2 tấn/ha, sản lượng 442 tấn.",
            [("Diện tích lúa", "=", 85, "ha"), ("năng suất", "=", 5.2, "tấn/ha"), ("sản lượng", "=", 442, "tấn")],
        ),
        (
            "Phấn đấu đạt trên 89% gia đình văn hóa, trên 97% thôn văn hóa, trên 50% cơ quan, đơn vị văn hóa.",
            [
                ("gia đình văn hóa", ">", 89, "%"),
                ("thôn văn hóa", ">", 97, "%"),
                ("cơ quan, đơn vị văn hóa", ">", 50, "%"),
            ],
        ),
        (
            "Hoàn thành 31,2km đường giao thông nông thôn, 8,8km kênh mương nội đồng.",
            [("đường giao thông nông thôn", "=", 31.2, "km"), ("kênh mương nội đồng", "=", 8.8, "km")],
        ),
        (
            "100% cán bộ, công chức được tập huấn; ít nhất 90% hồ sơ giải quyết đúng hạn.",
            [("cán bộ, công chức được tập huấn", "=", 100, "%"), ("hồ sơ giải quyết đúng hạn", ">=", 90, "%")],
        ),
        ("Tổng đàn trâu, bò 12.500 con.", [("Tổng đàn trâu, bò", "=", 12500, "con")]),
    ],
)
def test_what_is_measured_and_how_much(text: str, expected: list[tuple[str, str, float, str]]) -> None:
    assert [(t.indicator, t.comparator, t.value, t.unit_text) for t in goals(text)] == expected


def test_a_range_in_words_for_each_commune() -> None:
    (target,) = goals("Phấn đấu mỗi năm mỗi xã thành lập mới một đến hai doanh nghiệp.")
    assert (target.comparator, target.value, target.value_upper) == ("between", 1, 2)
    assert (target.scope, target.direction) == ("mỗi xã", "increase")
    assert target.indicator_id == "enterprises_new"


def test_the_way_from_and_to_in_brackets() -> None:
    (target,) = goals("Giảm tỷ lệ trẻ em dưới 5 tuổi SDD: 0,2% (từ 12,18% xuống 11,98%).")
    assert (target.value, target.direction, target.baseline) == (0.2, "decrease", 12.18)
    assert target.indicator_id == "child_malnutrition_underweight"


def test_the_way_from_and_to_in_the_sentence() -> None:
    (target,) = goals("Tỷ lệ hộ nghèo giảm từ 5,2% năm 2020 xuống còn 3,9% năm 2021.")
    assert (target.indicator, target.value, target.baseline, target.direction) == (
        "Tỷ lệ hộ nghèo",
        3.9,
        5.2,
        "decrease",
    )


def test_so_many_of_so_many() -> None:
    (target,) = goals("Duy trì phổ cập giáo dục 12/12 xã, thị trấn.")
    assert (target.value, target.total, target.direction) == (12, 12, "maintain")


def test_a_list_shares_verb_but_not_comparator() -> None:
    first, second = goals("Phấn đấu có thêm ít nhất 05 xã đạt chuẩn nông thôn mới, 02 xã đạt chuẩn nâng cao.")
    assert (first.comparator, first.direction) == (">=", "increase")
    assert (second.comparator, second.direction) == ("=", "increase")


def test_named_places_are_the_scope() -> None:
    (target,) = goals("Phấn đấu các xã Đồng Mây, Thanh Hạ đạt tối thiểu 18/20 tiêu chí.")
    assert target.scope == "các xã Đồng Mây, Thanh Hạ"
    assert (target.comparator, target.value, target.total) == (">=", 18, 20)


@pytest.mark.parametrize(
    ("text", "heading", "last"),
    [
        ("Tỷ lệ hộ nghèo đến năm 2025 còn 2%.", "Chỉ tiêu", dt.date(2025, 12, 31)),
        ("Tỷ lệ hộ nghèo còn 2%.", "Mục tiêu giai đoạn 2021 - 2025", dt.date(2025, 12, 31)),
        ("Tỷ lệ hộ nghèo còn 2%.", "Chỉ tiêu", dt.date(2021, 12, 31)),
        ("Phấn đấu 6 tháng đầu năm có 10 khu dân cư kiểu mẫu.", "Chỉ tiêu", dt.date(2021, 6, 30)),
    ],
)
def test_the_period_comes_from_the_nearest_that_names_one(text: str, heading: str, last: dt.date) -> None:
    (target,) = goals(text, heading=heading)
    assert target.period_end == last


def test_a_list_takes_over_what_leads_it_in() -> None:
    found = goals("Phấn đấu đến năm 2025:", "- 95% dân số tham gia bảo hiểm y tế;", heading="Nội dung chung")
    assert [(t.value, t.period_end) for t in found] == [(95, dt.date(2025, 12, 31))]


@pytest.mark.parametrize(
    "text",
    [
        "Trong năm qua, toàn huyện đã trồng được 120 ha rừng.",
        "Các hoạt động kỷ niệm 50 năm thực hiện Di chúc và 520 năm thành lập tỉnh.",
        "Tổ công tác gồm 05 thành viên, làm việc trong thời hạn 10 ngày.",
        "Hội đồng nhân dân khóa 19 tại kỳ họp thứ 11 đã thông qua 02 nghị quyết.",
        "Phạt tiền từ 2.000.000 đồng đến 5.000.000 đồng đối với hành vi vi phạm.",
        "Tổ chức sơ kết vào dịp 19/5/2021, 05 năm chia tách đơn vị hành chính.",
        "Hồ sơ gồm 02 bộ, nộp trước ngày 15/3/2021.",
    ],
)
def test_numbers_that_nobody_must_reach(text: str) -> None:
    assert goals(text, heading="Thông tin chung") == []


def test_reported_results_are_no_targets_but_next_years_goals_are() -> None:
    report = plan(
        ("Kết quả thực hiện năm 2020", ["Tổng sản lượng lương thực đạt 8.120 tấn, tăng 4% so với năm 2019."]),
        ("Phương hướng, nhiệm vụ năm 2021", ["Tổng sản lượng lương thực đạt 8.400 tấn."]),
        code="BC",
        issued_on="2020-12-20",
    )
    assert [t.value for t in targets(report)] == [8400]


def test_what_a_target_grows_by_is_a_doubtful_target_beside_it() -> None:
    found = numbers(plan(("Chỉ tiêu", ["Thu ngân sách đạt 120 tỷ đồng, tăng 8% so với năm 2020."])))
    assert [(n.quantity.value, n.role.part, n.target is not None) for n in found] == [
        (120, "target", True),
        (8, "growth", True),
    ]
    level, growth = (n.target.evidence.confidence for n in found if n.target)
    assert growth < min(level, 0.8)


@pytest.mark.parametrize("role", [ParagraphRole.HEADER, ParagraphRole.LEGAL_BASIS, ParagraphRole.RECIPIENTS])
def test_only_the_body_sets_targets(role: ParagraphRole) -> None:
    assert goals("Phấn đấu đạt 95% hộ dùng nước sạch.", role=role) == []


def test_extraction_numbers_and_links() -> None:
    document = plan(("Chỉ tiêu", ["Phấn đấu xã Đồng Mây hoàn thành 20/20 tiêu chí trước ngày 30/11/2021."]))
    extraction = extract(document)
    (target,) = extraction.targets
    (deadline,) = extraction.deadlines
    assert target.target_id == "d.t1"
    assert target.deadline_id == deadline.deadline_id == "d.d1"
    assert extraction == extract(document)
    page = document.pages[0]
    evidence = target.evidence
    assert page.text[evidence.span_start : evidence.span_end] == evidence.quote


def test_rule_files_hold_their_examples() -> None:
    assert TargetCues.load().check_examples() == []
    assert WordingRules.load().check_examples() == []


PIECES = [
    "phấn đấu",
    "đạt",
    "12%",
    "từ",
    "xuống",
    "3,5",
    "tỷ đồng",
    "(",
    ")",
    ";",
    ",",
    ".",
    "xã",
    "năm 2021",
    "và",
    "\t",
    "100%",
    "-",
    "trong đó",
    ":",
]


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    for target in goals(text):
        assert 0 < target.evidence.confidence <= 1
        assert target.value_upper is None or target.value_upper > target.value


@pytest.mark.parametrize("words", ["đạt 5% ", "từ 5% xuống 3%, ", "(" * 3 + "12 xã; ", "phấn đấu năm 2021: "])
def test_time_is_linear(words: str) -> None:
    start = time.monotonic()
    goals(words * 400)
    once = time.monotonic() - start
    start = time.monotonic()
    goals(words * 4000)
    assert time.monotonic() - start < 40 * max(once, 0.05)


@pytest.mark.shared
def test_sample_targets(shared: Path) -> None:
    from pipeline.discover import discover
    from pipeline.read import read_source
    from pipeline.restore import restore_pages
    from pipeline.segment import segment
    from pipeline.settings import Settings

    settings_ = Settings()
    with (shared / "gold" / "targets.tsv").open(encoding="utf-8") as file:
        gold = list(csv.DictReader(file, delimiter="\t"))
    wanted = {(row["doc"], float(row["value"]), row["comparator"]) for row in gold}
    found = set()
    for source in discover(shared / "seeds", settings_).sources:
        pages = restore_pages(read_source(source, settings_.read).pages, settings_.restore)
        for document in segment(source, pages):
            found |= {(source.relative_path[:3], t.value, t.comparator) for t in extract(document).targets}
    assert len(wanted & found) >= 0.95 * len(wanted)
    assert len(wanted & found) >= 0.95 * len(found)


def test_a_heading_outweighs_the_name_of_a_plan_in_the_words_above() -> None:
    lead = "Thực hiện Chương trình giảm nghèo giai đoạn 2021 - 2025, các xã thực hiện tốt nội dung sau:"
    document = plan(("Chỉ tiêu", [lead, "- Phấn đấu tỷ lệ hộ nghèo còn 2%."]), ("Chỉ tiêu năm 2022", ["Trồng 12 ha."]))
    assert [t.period_end for t in targets(document)] == [dt.date(2021, 12, 31), dt.date(2022, 12, 31)]


def test_an_outlook_is_not_the_period_of_a_plan() -> None:
    (target,) = goals("Trồng mới 50 ha rừng.", heading="Mục tiêu giai đoạn 2021 - 2023, định hướng đến năm 2030")
    assert target.period_end == dt.date(2023, 12, 31)


def test_a_target_holds_until_its_time_limit() -> None:
    document = plan(("Chỉ tiêu", ["Hoàn thành 12 km đường trước ngày 30/6/2021; trồng mới 50 ha rừng."]))
    assert [t.period_end for t in extract(document).targets] == [dt.date(2021, 6, 30), dt.date(2021, 12, 31)]


def test_what_only_grounds_a_goal_is_none() -> None:
    assert (
        goals("Năm 2021 tổng sản phẩm tăng 7,35%, là cơ sở để phấn đấu cao hơn trong năm 2022.", heading="Nội dung")
        == []
    )


def test_costs_are_no_targets() -> None:
    text = "Xây dựng 03 công trình cấp nước, tổng mức đầu tư 11,4 tỷ đồng, kinh phí năm đầu 5 tỷ đồng."
    assert [t.value for t in goals(text)] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "Hỗ trợ học viên 150.000 đồng/người/ngày.",
        "Lượng giống gieo 80 - 100 kg/ha.",
        "Khu đất có diện tích 4,85 ha.",
        "Khi mưa trên 200 mm, lượng nước về hồ tăng.",
        "Chi bộ có dưới 9 đảng viên thì bầu bí thư.",
        "Đơn vị giải ngân dưới 60% bị cắt giảm vốn.",
        "Thực hiện 03 nhiệm vụ trọng tâm và 5 nhóm giải pháp.",
    ],
)
def test_rules_prices_and_conditions_set_no_target(text: str) -> None:
    assert [t for t in goals(text) if t.evidence.confidence >= 0.7] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Thu đạt 120 tỷ đồng, tăng 8% so với ước thực hiện năm 2020, chiếm 60% tổng thu.", [120, 8, 60]),
        ("Số doanh nghiệp thành lập mới đạt 900 doanh nghiệp.", [900]),
        ("100% ổ dịch được phát hiện, xử lý.", [100]),
        ("Chuẩn bị 50 tấn lúa giống, 200 bao tải, 60 biển báo.", [50, 200, 60]),
        ("Kích hoạt tài khoản cho tối thiểu 60% công dân đã được cấp căn cước.", [60]),
        ("Dịch vụ đạt 35% (năm 2020 tương ứng là 25%, 42%, 33%).", [35]),
    ],
)
def test_what_goes_on_behind_a_target(text: str, values: list[float]) -> None:
    assert [t.value for t in goals(text)] == values


def test_words_of_a_share_go_on_behind_a_bracket() -> None:
    first, _ = goals("100% trạm y tế (156/156 trạm) bố trí điểm tiêm chủng cố định.")
    assert first.indicator == "trạm y tế bố trí điểm tiêm chủng cố định"


def test_dates_before_a_number_do_not_name_it() -> None:
    found = goals("Mục tiêu giải ngân: đến 31/3 đạt trên 20%, đến 30/6 đạt trên 50%.")
    assert [t.indicator for t in found] == ["giải ngân", "giải ngân"]


def test_the_year_behind_a_number_is_its_own() -> None:
    (target,) = goals("Giảm tỷ lệ hộ nghèo từ 6,2% năm 2020 xuống còn 5,2% năm 2022.")
    assert (target.baseline, target.period_start) == (6.2, dt.date(2022, 1, 1))


def test_words_before_a_colon_say_which_way() -> None:
    (target,) = goals("Kéo giảm tai nạn giao thông trên cả 3 tiêu chí: số vụ, số người chết, bị thương từ 5 - 10%.")
    assert (target.direction, target.value, target.value_upper) == ("decrease", 5, 10)
    (kept,) = goals("9/9 thôn giữ vững danh hiệu thôn văn hóa.")
    assert (kept.direction, kept.total) == ("maintain", 9)


def test_a_heading_below_words_about_results_sets_goals_itself() -> None:
    document = plan(
        ("Thông qua", ["Nhất trí với đánh giá kết quả năm 2020 và nhiệm vụ năm 2021, với các nội dung sau:"]),
        ("Chỉ tiêu chủ yếu năm 2021", ["- Tổng diện tích gieo trồng 1.020 ha; trồng mới 32 ha rừng."]),
        ("Tồn tại", ["- Diện tích rau màu 15 ha."]),
    )
    below = [dataclasses.replace(s, parent_id=document.sections[0].section_id) for s in document.sections[1:]]
    document = dataclasses.replace(document, sections=(document.sections[0], *below))
    assert [t.value for t in targets(document)] == [1020, 32]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Duy trì 18 câu lạc bộ hiện có.", [18]),
        ("Bảo vệ 1.250 ha rừng hiện còn.", [1250]),
        ("Giảm số xã có tỷ lệ tiêm phòng dưới 50% từ 9 xã xuống không quá 2 xã.", [2]),
        ("Đến hết tháng 9/2021 giải ngân đạt 70% kế hoạch.", [70]),
        ("Vận động nguồn lực trị giá 1,5 tỷ đồng.", [1.5]),
        ("Xây dựng điểm 03 mô hình phân loại rác.", [3]),
    ],
)
def test_words_that_tell_goals_from_what_is_there(text: str, expected: list[float]) -> None:
    assert [t.value for t in targets(plan(("Mục tiêu cụ thể", [text])))] == expected


def test_a_year_gone_by_behind_a_comma_is_the_baseline() -> None:
    found = targets(
        plan(("Mục tiêu cụ thể", ["Thu nhập bình quân đầu người 24,5 triệu đồng/năm, năm 2019 là 21 triệu đồng/năm."]))
    )
    assert [(t.value, t.baseline) for t in found] == [(24.5, 21)]


def test_what_a_plan_is_compared_with_is_no_goal() -> None:
    text = "Các sản phẩm tăng cao hơn kế hoạch đề ra là xi măng tăng 23,6%, thép cán tăng 16,1% so với cùng kỳ."
    assert targets(plan(("Sản xuất công nghiệp", [text]))) == []
