"""Who is told to do what, by which words, and who is meant where nobody is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from pipeline.extract.directives.actors import (
    begins_actor,
    canonical,
    canonical_list,
    is_person_in_charge,
    split_actors,
)
from pipeline.extract.directives.instructions import Governor, Instruction, read_text
from pipeline.extract.directives.rules import DirectiveRules
from pipeline.models import (
    Header,
    ParagraphRole,
)
from tests.extract.growth import assert_linear, muddle
from tests.extract.plans import deadlines_of, directives_of, tree

# ---------------------------------------------------------------------------------------------------------- actors


@pytest.mark.parametrize(
    ("printed", "full"),
    [
        ("UBND các xã", "Ủy ban nhân dân các xã"),
        ("Uỷ ban nhân dân các xã", "Ủy ban nhân dân các xã"),
        ("Phòng TN&MT huyện", "Phòng Tài nguyên và Môi trường huyện"),
        ("Phòng Nội vụ (Cơ quan thường trực Hội đồng Thi đua)", "Phòng Nội vụ"),
        ("các cơ quan, đơn vị có liên quan", "Các cơ quan, đơn vị"),
        ("đ/c Bí thư Đảng ủy", "Bí thư Đảng ủy"),
    ],
)
def test_full_wording(printed: str, full: str) -> None:
    assert canonical(printed) == full


@pytest.mark.parametrize(
    ("phrase", "parts"),
    [
        ("Sở Kế hoạch và Đầu tư, UBND các xã", ("Sở Kế hoạch và Đầu tư", "UBND các xã")),
        ("Sở Kế hoạch và Đầu tư và Sở Tài chính", ("Sở Kế hoạch và Đầu tư", "Sở Tài chính")),
        ("các sở, ban, ngành và địa phương", ("các sở, ban, ngành và địa phương",)),
        (
            "Phòng Nội vụ (Thường trực Hội đồng, Ban Chỉ đạo), các xã",
            ("Phòng Nội vụ (Thường trực Hội đồng, Ban Chỉ đạo)", "các xã"),
        ),
    ],
)
def test_lists_of_actors(phrase: str, parts: tuple[str, ...]) -> None:
    assert split_actors(phrase) == parts


def test_one_actor_has_one_wording() -> None:
    assert canonical_list("UBND các xã, Phòng GD&ĐT") == canonical_list(
        "Ủy ban nhân dân các xã và Phòng Giáo dục và Đào tạo"
    )


@pytest.mark.parametrize(
    "text", ["Bộ tiêu chí quốc gia", "Hội nghị tổng kết", "Phòng, chống dịch", "các biện pháp", "Ban hành kế hoạch"]
)
def test_what_names_nobody(text: str) -> None:
    assert not begins_actor(text)
    assert not is_person_in_charge(text)


# ------------------------------------------------------------------------------------------------------- sentences


def one(text: str, governor: Governor | None = None) -> Instruction:
    (found,) = read_text(text, governor)
    return found


@pytest.mark.parametrize(
    ("text", "actor", "modality", "role"),
    [
        ("Giao Phòng Nội vụ chủ trì hướng dẫn các xã.", "Phòng Nội vụ", "assign", "lead"),
        ("Giao Phòng Nội vụ tham mưu UBND huyện khen thưởng.", "Phòng Nội vụ", "assign", "advise"),
        (
            "Căn cứ Chỉ thị này, yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện.",
            "các cơ quan, đơn vị",
            "require",
            "lead",
        ),
        (
            "Đề nghị Ủy ban Mặt trận Tổ quốc huyện tăng cường giám sát.",
            "Ủy ban Mặt trận Tổ quốc huyện",
            "request",
            "requested",
        ),
        ("Kiến nghị Sở Tài chính xem xét, bố trí kinh phí.", "Sở Tài chính", "propose", "requested"),
        ("Phòng Y tế có trách nhiệm kiểm tra các cơ sở.", "Phòng Y tế", "assign", "lead"),
        ("Phòng Y tế là cơ quan thường trực, tham mưu kiểm tra các xã.", "Phòng Y tế", "assign", "lead"),
        ("Trung tâm Văn hóa mở chuyên mục; mỗi xã có một tổ truyền thông.", "Trung tâm Văn hóa", "assign", "lead"),
        ("Chủ tịch UBND xã tiếp công dân định kỳ hằng tuần.", "Chủ tịch UBND xã", "assign", "lead"),
        ("Đảng ủy xã lãnh đạo thực hiện Nghị quyết.", "Đảng ủy xã", "assign", "lead"),
        ("Các chi bộ 6 tháng một lần báo cáo Đảng ủy.", "Các chi bộ", "assign", "lead"),
        ("3. Sở Công Thương: Theo chức năng, có trách nhiệm hướng dẫn.", "Sở Công Thương", "assign", "lead"),
        ("Các xã, thị trấn tập trung phát triển kinh tế.", "Các xã, thị trấn", "assign", "lead"),
        ("Trong quá trình thực hiện, các đơn vị báo cáo về Phòng Nội vụ.", "các đơn vị", "assign", "lead"),
    ],
)
def test_who_is_told(text: str, actor: str, modality: str, role: str) -> None:
    found = one(text)
    assert (found.actor, found.modality, found.role) == (actor, modality, role)


def test_lead_and_those_who_cooperate() -> None:
    text = "Phòng Kinh tế chủ trì, phối hợp với Phòng Tài chính - Kế hoạch, UBND các xã xây dựng kế hoạch."
    found = one(text)
    assert (found.actor, found.role) == ("Phòng Kinh tế", "lead")
    assert found.co_actors == ("Phòng Tài chính - Kế hoạch", "UBND các xã")
    assert text[found.action_start :].startswith("chủ trì, phối hợp")


def test_verbs_inside_a_name_do_not_end_it() -> None:
    text = "Hội đồng thi đua, khen thưởng huyện tham mưu tổ chức hội nghị."
    assert one(text).actor == "Hội đồng thi đua, khen thưởng huyện"
    assert one("Ban chỉ đạo giảm nghèo xã Đồng Mây rà soát hộ nghèo.").actor == "Ban chỉ đạo giảm nghèo xã Đồng Mây"


def test_a_decision_is_carried_out_by_all_whom_it_names() -> None:
    text = "Chánh Văn phòng, Giám đốc các Sở: Nội vụ, Tài chính; Chủ tịch UBND các xã chịu trách nhiệm thi hành./."
    found = one(text)
    assert found.actor is not None
    assert found.actor.startswith("Chánh Văn phòng")
    assert found.actor.endswith("Chủ tịch UBND các xã")


@pytest.mark.parametrize(
    "text",
    [
        "Các địa phương đã tổ chức nhiều hoạt động phong phú.",
        "Đáp ứng yêu cầu nhiệm vụ trong tình hình mới.",
        "Lãnh đạo các sở, ngành: Sở Tài chính, Sở Nội vụ.",
        "Theo yêu cầu của các cơ quan chức năng.",
        "Nâng cao đời sống nhân dân.",
        "Học viên vắng mặt không lý do sẽ bị xử lý theo quy định.",
        "Kết thúc 14 tuần học: học viên có 1 tuần nghỉ để ôn tập.",
        "Cơ quan, tổ chức được thành lập hợp pháp được mời người nước ngoài;",
        "Ngày 09/01/2025, Hiệp hội Chè tỉnh có Công văn số 28/HHC đề nghị gia hạn thời gian tổ chức Đại hội.",
        "Sở Khoa học: Có 12 máy tính và 5 máy in, đã nối mạng.",
        "",
    ],
)
def test_nobody_is_told(text: str) -> None:
    assert read_text(text) == []


def test_every_way_finds_its_examples() -> None:
    above = {"governed": Governor("UBND các xã", "assign", "lead")}
    ways = {way.id: way for way in DirectiveRules.load().way}
    assert all("\t" in example for example in ways.pop("task_table").examples)  # a row says nothing without its table
    for way in ways.values():
        assert [one(example, above.get(way.id)).rule for example in way.examples] == [way.id] * len(way.examples)


def test_who_was_named_is_meant_by_the_next_sentence() -> None:
    first, second = read_text("Phòng Y tế chủ trì kiểm tra các cơ sở. Đồng thời, hướng dẫn người dân phòng bệnh.")
    assert second.actor == first.actor == "Phòng Y tế"
    assert second.confidence < first.confidence


def test_a_semicolon_parts_the_tasks_of_two() -> None:
    found = read_text("Phòng Y tế chủ trì kiểm tra; UBND các xã bố trí lực lượng.")
    assert [i.actor for i in found] == ["Phòng Y tế", "UBND các xã"]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Tổng phụ trách Đội phối hợp với Đoàn Thanh niên xã tổ chức các trò chơi.", "Tổng phụ trách Đội"),
        ("Phó Hiệu trưởng phụ trách chuyên môn: xây dựng thời khóa biểu.", "Phó Hiệu trưởng phụ trách chuyên môn"),
        ("Giáo viên chủ nhiệm lập danh sách học sinh.", "Giáo viên chủ nhiệm"),
        ("Các tổ chuyên môn sinh hoạt 02 lần/tháng.", "Các tổ chuyên môn"),
        ("Nhân viên thư viện sắp xếp tài liệu.", "Nhân viên thư viện"),
        ("Liên đội tổ chức phong trào kế hoạch nhỏ.", "Liên đội"),
        ("Nhà trường tổ chức khai giảng.", "Nhà trường"),
        ("Điện lực Mường Tò bảo đảm cung cấp điện.", "Điện lực Mường Tò"),
        ("Các khối thi đua đăng ký thi đua.", "Các khối thi đua"),
        ("Trưởng các thôn thông báo cho nhân dân.", "Trưởng các thôn"),
        ("Đại biểu vắng mặt phải báo cáo Chủ tịch.", "Đại biểu vắng mặt"),
        ("Tháng 02: Phòng Y tế kiểm tra các cơ sở.", "Phòng Y tế"),
        ("Người ra quyết định kiểm tra có trách nhiệm công khai kết luận.", "Người ra quyết định kiểm tra"),
        ("Ngoài nội dung tại khoản 1, Ủy ban nhân dân xã có trách nhiệm lập hồ sơ.", "Ủy ban nhân dân xã"),
        ("Các tổ chức kinh tế tập thể phát huy nội lực.", "Các tổ chức kinh tế tập thể"),
        ("Đề nghị quận, huyện, thị xã vận động các hộ tham gia.", "quận, huyện, thị xã"),
        ("Phòng Nội vụ kính trình Chủ tịch xem xét.", "Phòng Nội vụ"),
        ("Chủ các phương tiện kiểm tra bình chữa cháy.", "Chủ các phương tiện"),
        ("Chi cục An toàn vệ sinh thực phẩm phối hợp với Công an huyện kiểm tra.", "Chi cục An toàn vệ sinh thực phẩm"),
        ("Các cơ sở khám chữa bệnh thực hiện nghiêm quy chế.", "Các cơ sở khám chữa bệnh"),
        ("Các công ty kinh doanh thuốc thực hiện niêm yết giá.", "Các công ty kinh doanh thuốc"),
        ("Đ/c Trưởng phòng Nghiệp vụ tổng hợp báo cáo.", "Đ/c Trưởng phòng Nghiệp vụ"),
        ("UBND các huyện: Khe Sâu, Đồng Mây chủ động phòng bệnh.", "UBND các huyện: Khe Sâu, Đồng Mây"),
        ("Các trường phổ thông cho học sinh nghỉ học.", "Các trường phổ thông"),
        (
            "Giao Giám đốc các Sở: Công Thương, Giao thông vận tải, Xây dựng; Chủ tịch UBND các xã chịu trách nhiệm về "
            "nội dung công khai.",
            "Giám đốc các Sở: Công Thương, Giao thông vận tải, Xây dựng; Chủ tịch UBND các xã",
        ),
        (
            "Đề nghị các tổ chức hội: Hội Nông dân, Hội Phụ nữ phối hợp vận động hội viên.",
            "các tổ chức hội: Hội Nông dân, Hội Phụ nữ",
        ),
    ],
)
def test_those_who_are_told(text: str, actor: str) -> None:
    assert one(text).actor == actor


def test_those_with_whom_somebody_works_end_at_the_verb() -> None:
    found = one("Giao Ban Chỉ đạo phối hợp với trưởng thôn, tổ trưởng dân phố, Quỹ bảo lãnh tín dụng tổ chức họp dân.")
    assert found.co_actors == ("trưởng thôn", "tổ trưởng dân phố", "Quỹ bảo lãnh tín dụng")
    found = one(
        "Giao Phòng Y tế phối hợp với Chủ tịch UBND các xã; thủ trưởng các ngành có liên quan hướng dẫn người dân."
    )
    assert found.co_actors == ("Chủ tịch UBND các xã", "thủ trưởng các ngành có liên quan")
    found = one("Phòng Y tế kết hợp với Ban Chỉ đạo “Đổi mới phong cách, thái độ phục vụ” tiến hành kiểm tra.")
    assert found.co_actors == ("Ban Chỉ đạo “Đổi mới phong cách, thái độ phục vụ",)


def test_two_are_told_in_one_sentence() -> None:
    found = read_text("Đề nghị UBND huyện phê duyệt Đề án và giao Phòng Tài chính cân đối vốn.")
    assert [(i.actor, i.modality) for i in found] == [("UBND huyện", "request"), ("Phòng Tài chính", "assign")]


def test_a_dated_task_means_the_governor() -> None:
    text = "Năm 2021: Nạo vét 12 km kênh."
    (found,) = read_text(text, Governor("UBND các xã", "require", "lead"))
    assert (found.actor, text[found.action_start : found.end]) == ("UBND các xã", "Nạo vét 12 km kênh")


def test_a_bullet_that_names_nobody_means_its_governor() -> None:
    found = one("- Rà soát hộ nghèo trên địa bàn.", Governor("UBND các xã", "require", "lead"))
    assert (found.actor, found.modality) == ("UBND các xã", "require")
    assert read_text("- Kết quả khả quan.", Governor("UBND các xã", "require", "lead")) == []


# ------------------------------------------------------------------------------------------------------- documents


def test_a_heading_that_names_an_office_rules_its_bullets() -> None:
    doc = tree(
        [
            ("III", "roman", 1, "TỔ CHỨC THỰC HIỆN"),
            ("1", "decimal", 2, "Phòng Nội vụ"),
            ("-", "bullet", 3, "Hướng dẫn các xã thực hiện."),
            ("-", "bullet", 3, "Tổng hợp, báo cáo UBND huyện trước ngày 15/12/2020."),
            ("2", "decimal", 2, "Đề nghị Ủy ban MTTQ và các đoàn thể huyện:"),
            ("-", "bullet", 3, "Tăng cường giám sát."),
        ]
    )
    found = directives_of(doc)
    assert [(d.actor, d.modality) for d in found] == [
        ("Phòng Nội vụ", "assign"),
        ("Phòng Nội vụ", "assign"),
        ("Ủy ban MTTQ và các đoàn thể huyện", "request"),
    ]
    assert found[2].actor_id == "Ủy ban Mặt trận Tổ quốc; Các đoàn thể huyện"
    assert found[0].evidence.rule == "directives.toml:governed"
    (deadline,) = deadlines_of(doc)
    assert (deadline.actor, deadline.task) == ("Phòng Nội vụ", "Tổng hợp, báo cáo UBND huyện")


@pytest.mark.parametrize("heading", ["Trách nhiệm của Bộ Ngoại giao", "Các Sở: Kế hoạch và Đầu tư, Xây dựng, Y tế:"])
def test_a_heading_with_words_like_verbs_still_names_somebody(heading: str) -> None:
    doc = tree([("48", "dieu", 1, heading), ("1", "decimal", 2, "1.51 Kiểm soát việc cấp thị thực.")])
    (found,) = directives_of(doc)
    assert found.actor is not None
    assert found.actor in heading


def test_rights_and_bare_duties_lead_in_and_tell_nothing_themselves() -> None:
    doc = tree(
        [
            ("1", "decimal", 1, "Cơ quan, tổ chức, cá nhân mời, bảo lãnh có các quyền sau đây:"),
            ("a", "letter", 2, "Mời người thân vào thăm;"),
            ("2", "decimal", 1, "Cơ quan, tổ chức, cá nhân mời, bảo lãnh có các trách nhiệm sau đây:"),
            ("a", "letter", 2, "Hướng dẫn người được mời chấp hành pháp luật."),
        ]
    )
    assert [d.actor for d in directives_of(doc)] == ["Cơ quan, tổ chức, cá nhân mời, bảo lãnh"]


def test_two_lines_joined_by_the_reader_are_nobodys_name() -> None:
    doc = tree(
        [("1", "decimal", 1, "CÁC LỚP K13 (Năm thứ 2) 1. Nội dung"), ("-", "bullet", 2, "Kiểm tra kết quả học tập.")]
    )
    assert directives_of(doc) == []


def test_the_sentence_before_the_list_rules_all_of_it_with_less_certainty() -> None:
    doc = tree(
        [
            ("", "", 0, "Ủy ban nhân dân huyện yêu cầu UBND các xã thực hiện một số nội dung sau:"),
            ("1", "decimal", 1, "Rà soát hộ nghèo trên địa bàn xã."),
            ("2", "decimal", 1, "Phòng Y tế chủ trì kiểm tra."),
        ]
    )
    first, second = directives_of(doc)
    assert (first.actor, first.modality) == ("UBND các xã", "require")
    assert second.actor == "Phòng Y tế"
    assert first.evidence.confidence < second.evidence.confidence


def test_parts_that_tell_results_order_nothing() -> None:
    doc = tree(
        [
            ("I", "roman", 1, "ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN"),
            ("1", "decimal", 2, "Các xã tổ chức tốt phong trào, hoàn thành trước ngày 30/6/2020."),
            ("II", "roman", 1, "NHIỆM VỤ TRỌNG TÂM"),
            ("1", "decimal", 2, "Các xã tổ chức rà soát, hoàn thành trước ngày 30/6/2021."),
        ]
    )
    assert len(directives_of(doc)) == 1
    assert [str(d.due_end) for d in deadlines_of(doc)] == ["2021-06-30"]


def test_a_table_of_tasks_hands_them_out() -> None:
    doc = tree(
        [
            ("", "table", 1, "TT\tNội dung công việc\tĐơn vị chủ trì\tĐơn vị phối hợp\tThời gian hoàn thành"),
            ("", "table", 1, "1\tXây dựng kế hoạch\tPhòng Nội vụ\tCác phòng, ban, UBND các xã\tTrước ngày 30/4/2020"),
            ("", "table", 1, "2\tBáo cáo kết quả\tUBND các xã\t\tHằng quý"),
        ],
        Header(issued_on="2020-03-02"),
    )
    first, second = directives_of(doc)
    assert (first.actor, first.action) == ("Phòng Nội vụ", "Xây dựng kế hoạch")
    assert first.co_actors == ("Các phòng, ban", "UBND các xã")
    assert second.actor_id == "Ủy ban nhân dân các xã"
    one, two = deadlines_of(doc)
    assert (one.kind, str(one.due_end), one.task, one.actor) == (
        "before",
        "2020-04-30",
        "Xây dựng kế hoạch",
        "Phòng Nội vụ",
    )
    assert (two.kind, two.recurrence) == ("recurring", "FREQ=MONTHLY;INTERVAL=3")


@pytest.mark.parametrize(
    ("verb", "modality", "role"), [("yêu cầu", "require", "lead"), ("đề nghị", "request", "requested")]
)
def test_a_letter_that_names_nobody_means_those_it_is_written_to(verb: str, modality: str, role: str) -> None:
    header = Header(issuer="Ủy ban nhân dân huyện", addressees=("UBND các xã", "Phòng Y tế"))
    doc = tree(
        [("", "", 0, f"Ủy ban nhân dân huyện {verb}:"), ("1", "decimal", 1, "Tu sửa, nạo vét hồ đập, kiểm tra cống.")],
        header,
    )
    (found,) = directives_of(doc)
    assert (found.actor_id, found.modality, found.role) == ("Ủy ban nhân dân các xã; Phòng Y tế", modality, role)


def test_a_sentence_that_orders_before_it_leads_in_a_list_is_a_task() -> None:
    text = "Ủy ban nhân dân huyện chỉ đạo các ngành tập trung thực hiện đạt các chỉ tiêu sau:"
    doc = tree([("1", "decimal", 1, text), ("a", "letter", 2, "Nạo vét 75 công trình.")])
    assert [found.actor for found in directives_of(doc)] == ["Ủy ban nhân dân huyện"] * 2


def test_where_a_directive_was_read_can_be_found_again() -> None:
    doc = tree([("1", "decimal", 1, "Phòng Y tế chủ trì kiểm tra các cơ sở.")])
    (found,) = directives_of(doc)
    evidence = found.evidence
    assert doc.pages[0].text[evidence.span_start : evidence.span_end] == evidence.quote
    assert evidence.section_id == "s0"


WORDS = (
    "Giao yêu cầu Đề nghị Phòng Nội vụ UBND các xã chủ trì phối hợp với tham mưu : ; . , ( ) - \n đã tổ "
    "chức thực hiện một số nhiệm vụ sau: Trong quá trình có trách nhiệm"
)


@given(muddle(WORDS))
def test_strange_text_never_breaks_it(text: str) -> None:
    for found in read_text(text, Governor("UBND các xã", "assign", "lead")):
        assert 0 <= found.start <= found.action_start <= found.end <= len(text)
        assert 0 < found.confidence < 1
    canonical_list(text)


@pytest.mark.parametrize(
    ("unit", "count"), [("Phòng Y tế chủ trì; ", 200), ("Giao ", 2_000), ("các xã, ", 1_000), ("(", 5_000)]
)
@pytest.mark.parametrize("work", [read_text, split_actors])
def test_long_text_takes_linear_time(work: Callable[[str], object], unit: str, count: int) -> None:
    assert_linear(work, unit, count)


def test_what_a_council_resolves_orders_nobody() -> None:
    text = "Hội đồng nhân dân tỉnh thống nhất các giải pháp do Ủy ban nhân dân tỉnh trình; nhấn mạnh một số nội dung:"
    assert read_text(text) == []


def test_the_part_of_a_name_is_no_verb() -> None:
    found = one("Phòng Lao động phối hợp với Trung tâm Giáo dục thường xuyên tổ chức phiên giao dịch việc làm.")
    assert found.co_actors == ("Trung tâm Giáo dục thường xuyên",)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Các chủ hồ chứa báo cáo mực nước.", "Các chủ hồ chứa"),
        ("Công an tỉnh, Bộ đội Biên phòng tỉnh sẵn sàng lực lượng.", "Công an tỉnh, Bộ đội Biên phòng tỉnh"),
        ("Sáu tháng một lần, Ủy ban nhân dân các xã tự kiểm tra.", "Ủy ban nhân dân các xã"),
        ("Ủy ban nhân dân tỉnh mời các sở, ngành cùng tham dự Hội nghị.", "các sở, ngành"),
        ("Các doanh nghiệp được cấp phép phải lắp đặt trạm cân.", "Các doanh nghiệp"),
    ],
)
def test_actors_and_verbs_of_many_offices(text: str, actor: str) -> None:
    (found,) = read_text(text)
    assert found.actor == actor


def test_what_is_done_to_somebody_is_no_order() -> None:
    assert read_text("Các hộ nghèo được xem xét hỗ trợ.") == []


def test_the_verb_that_opens_a_list_is_the_modality_of_its_items() -> None:
    doc = tree(
        [
            ("", "", 0, "Để khắc phục hạn chế nêu trên, Ban Thường vụ Tỉnh ủy yêu cầu:"),
            ("1", "decimal", 1, "Các cấp ủy quán triệt Chỉ thị này."),
        ]
    )
    assert [d.modality for d in directives_of(doc)] == ["require"]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Thủy lợi: Ban Thủy lợi xã tu sửa cống xong trước ngày 05/3.", "Ban Thủy lợi xã"),
        ("Ban Giám đốc: Phó Giám đốc Kỹ thuật trực tiếp chỉ đạo việc trực.", "Phó Giám đốc Kỹ thuật"),
        ("Hằng năm, hai bên tổ chức giao ban.", "hai bên"),
        ("Hàng tháng, chậm nhất ngày 10 của tháng sau Cục Thuế tỉnh phải báo cáo số nợ.", "Cục Thuế tỉnh"),
        ("Người tiếp nhận bản kê khai phải lập giấy biên nhận.", "Người tiếp nhận bản kê khai"),
        ("Cá nhân có trách nhiệm tự bảo quản thẻ.", "Cá nhân"),
        ("Sở Y tế: Ngoại kiểm nước của 100% trạm cấp nước.", "Sở Y tế"),
        ("Ban cán sự đảng Ủy ban nhân dân tỉnh lãnh đạo xây dựng đề án.", "Ban cán sự đảng Ủy ban nhân dân tỉnh"),
        (
            "Các huyện ủy, thành ủy, đảng ủy trực thuộc xây dựng chương trình.",
            "Các huyện ủy, thành ủy, đảng ủy trực thuộc",
        ),
        ("Tổ Công nghệ thông tin nâng cấp phần mềm.", "Tổ Công nghệ thông tin"),
        ("Phòng Tài chính kế toán giải trình với cơ quan bảo hiểm xã hội.", "Phòng Tài chính kế toán"),
        ("UBND các xã, trong phạm vi nhiệm vụ của mình, có trách nhiệm kiểm tra.", "UBND các xã"),
        ("Giao phòng Kế hoạch hướng dẫn các xã.", "phòng Kế hoạch"),
        ("Giao Giám đốc các Sở: Nội vụ, Tài chính chịu trách nhiệm công khai.", "Giám đốc các Sở: Nội vụ, Tài chính"),
    ],
)
def test_where_the_name_begins_and_ends(text: str, actor: str) -> None:
    (found,) = read_text(text)
    assert found.actor == actor


@pytest.mark.parametrize(
    "text",
    [
        "Chánh Thanh tra huyện có quyền yêu cầu cung cấp tài liệu.",
        "Người được giao nhiệm vụ phải là công chức.",
        "Trường Tiểu học Khe Mây được thành lập năm 1978, là đơn vị sự nghiệp bảo đảm một phần chi phí.",
        "Ủy ban nhân dân huyện Mường Tò thông báo để các đơn vị biết, thực hiện./.",
        "Phòng Đào tạo: điểm trung bình của sinh viên học kỳ I đạt 7,2.",
        "Hội đồng nhân dân xã thống nhất đánh giá kết quả năm qua.",
    ],
)
def test_powers_facts_and_notices_order_nothing(text: str) -> None:
    assert read_text(text) == []


def test_those_who_cooperate_are_those_of_the_first_task() -> None:
    text = "Phòng Y tế bảo đảm kinh phí; phối hợp với Công an huyện kiểm tra."
    assert one(text).co_actors == ()
    assert one("Phòng Y tế phối hợp với Viễn thông huyện nâng cấp phần mềm.").co_actors == ("Viễn thông huyện",)


def test_an_order_may_be_a_heading() -> None:
    doc = tree(
        [
            ("3", "decimal", 1, "Đề nghị các chủ đầu tư"),
            ("3.1", "decimal", 2, "Lập tiến độ chi tiết từng dự án."),
            ("3.2", "decimal", 2, "Đối với 15 công trình đã quá hạn, nộp hồ sơ quyết toán."),
            ("4", "decimal", 1, "UBND HUYỆN KHE MÂY"),
            ("-", "bullet", 2, "Khi phát hiện cháy phải huy động lực lượng dập tắt."),
        ]
    )
    assert [(d.actor, d.modality, d.role) for d in directives_of(doc)] == [
        ("các chủ đầu tư", "request", "requested"),
        ("các chủ đầu tư", "request", "requested"),
        ("UBND HUYỆN KHE MÂY", "assign", "lead"),
    ]


def test_an_article_names_those_whose_duties_it_lists() -> None:
    doc = tree(
        [
            ("Điều 9", "article", 1, "Trách nhiệm của người đứng đầu cơ quan, đơn vị trong việc kê khai"),
            ("1", "decimal", 2, "Gương mẫu thực hiện việc kê khai."),
            ("Điều 10", "article", 1, "Trách nhiệm của Văn thư"),
            ("2", "decimal", 2, "Văn thư cơ quan có trách nhiệm"),
            ("a", "letter", 3, "Bảo quản an toàn con dấu."),
            ("3", "decimal", 2, "Người nộp thuế có các quyền sau:"),
            ("a", "letter", 3, "Khiếu nại kết luận của cơ quan kiểm tra."),
        ]
    )
    assert [d.actor for d in directives_of(doc)] == ["người đứng đầu cơ quan, đơn vị", "Văn thư cơ quan"]


def test_the_verb_of_the_opening_holds_under_headings_that_only_name_somebody() -> None:
    doc = tree(
        [
            ("", "", 0, "Để chủ động ứng phó, Chủ tịch Ủy ban nhân dân tỉnh yêu cầu:"),
            ("1", "decimal", 1, "Chủ tịch UBND các xã"),
            ("a", "letter", 2, "Sơ tán các hộ vùng trũng."),
        ]
    )
    assert [(d.actor, d.modality) for d in directives_of(doc)] == [("Chủ tịch UBND các xã", "require")]


def test_a_title_over_tasks_is_none() -> None:
    doc = tree(
        [
            ("2", "decimal", 1, "Ban Thường vụ Huyện ủy"),
            ("2.1", "decimal", 2, "Kiểm tra chuyên đề"),
            ("-", "bullet", 3, "Kiểm tra 07 chi bộ trong tháng 9."),
        ]
    )
    assert [d.action for d in directives_of(doc)] == ["Kiểm tra 07 chi bộ trong tháng 9"]


def test_figures_to_be_reached_are_no_tasks() -> None:
    doc = tree(
        [
            ("II", "roman", 1, "CHỈ TIÊU GIAO CÁC ĐƠN VỊ"),
            ("1", "decimal", 2, "Trạm Khuyến nông"),
            ("-", "bullet", 3, "Tổ chức 31 lớp tập huấn."),
            ("III", "roman", 1, "NHIỆM VỤ"),
            ("1", "decimal", 2, "Trạm Khuyến nông"),
            ("-", "bullet", 3, "Tổ chức 02 lớp tập huấn."),
        ]
    )
    assert [d.action for d in directives_of(doc)] == ["Tổ chức 02 lớp tập huấn"]


def test_minutes_order_in_their_conclusions_only() -> None:
    doc = tree(
        [
            ("II", "roman", 1, "Nội dung"),
            ("1", "decimal", 2, "Phòng Kế hoạch tổng hợp báo cáo hoạt động 9 tháng:"),
            ("-", "bullet", 3, "Xét nghiệm 340 mẫu, vượt kế hoạch."),
            ("III", "roman", 1, "Kết luận của Giám đốc"),
            ("1", "decimal", 2, "Khoa Dược kiểm kê thuốc ngay trong tháng này."),
        ],
        Header(document_type="Biên bản"),
    )
    assert [d.actor for d in directives_of(doc)] == ["Khoa Dược"]


def test_services_listed_behind_an_order_are_no_tasks() -> None:
    doc = tree(
        [
            ("4", "decimal", 1, "Giao Văn phòng Ủy ban nhân dân tỉnh cập nhật các thủ tục lên Cơ sở dữ liệu quốc gia."),
            ("", "table", 1, "Cấp lại chứng chỉ hành nghề"),
        ]
    )
    listed = replace(doc.paragraphs[1], role=ParagraphRole.BODY)
    (found,) = directives_of(replace(doc, paragraphs=(doc.paragraphs[0], listed)))
    assert found.actor == "Văn phòng Ủy ban nhân dân tỉnh"
