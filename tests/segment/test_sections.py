"""The section tree, whatever the numbering."""

from __future__ import annotations

import pytest

from pipeline.models import LineRole
from pipeline.segment import segment
from tests.segment.composed import document_of, page_of, paths_of, source_of


def body(*lines: str) -> str:
    return "KẾ HOẠCH\nPhát triển kinh tế xã Đồng Mây\n\n" + "\n\n".join(lines)


def test_counters_that_run_on_across_parents() -> None:
    document = document_of(
        body(
            "1. Mục tiêu",
            "Phát huy sức mạnh của toàn xã.",
            "2. Chỉ tiêu",
            "a, Chỉ tiêu kinh tế.",
            "1. Thu ngân sách: 5,2 tỷ đồng.",
            "2. Diện tích ngô: 120 ha.",
            "b, Chỉ tiêu xã hội.",
            "3. Giảm tỷ lệ hộ nghèo 3%.",
            "4. Giảm tỷ suất sinh 0,1‰.",
            "c, Chỉ tiêu môi trường.",
            "5. Tỷ lệ che phủ rừng 61%.",
            "3. Nội dung",
            "3.1. Tiếp tục quán triệt Kế hoạch.",
            "3.2. Nâng cao vai trò của thôn.",
        )
    )
    assert paths_of(document) == [
        "1",
        "2",
        "2.a",
        "2.a.1",
        "2.a.2",
        "2.b",
        "2.b.3",
        "2.b.4",
        "2.c",
        "2.c.5",
        "3",
        "3.1",
        "3.2",
    ]


@pytest.mark.parametrize(
    ("lines", "paths"),
    [
        (["I. MỤC ĐÍCH", "1. Nâng cao nhận thức.", "2. Đổi mới.", "II. NHIỆM VỤ", "1. Giao Phòng Nội vụ."], ["I", "I.1", "I.2", "II", "II.1"]),  # noqa: E501
        (["1- Các thôn lập kế hoạch.", "2- Tập trung vào:", "(1) - Làm đường;", "(2) - Giảm nghèo;", "3- Khen thưởng."], ["1", "2", "2.1", "2.2", "3"]),  # noqa: E501
        (["A. KẾT QUẢ", "I- Kinh tế", "1. Trồng trọt", "a) Lúa đạt 20 ha.", "b) Ngô đạt 10 ha.", "II- Xã hội", "B. NHIỆM VỤ", "I- Kinh tế"], ["A", "A.I", "A.I.1", "A.I.1.a", "A.I.1.b", "A.II", "B", "B.I"]),  # noqa: E501
        (["Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Phạm vi", "1. Quy chế này quy định.", "Chương II", "TỔ CHỨC", "Điều 2. Trách nhiệm", "a) Của xã;", "b) Của thôn."], ["I", "I.1", "I.1.1", "II", "II.2", "II.2.a", "II.2.b"]),  # noqa: E501
        (["Phần thứ nhất", "ĐÁNH GIÁ", "I- Ưu điểm", "Phần thứ hai", "NHIỆM VỤ", "I- Kinh tế"], ["I", "I.I", "II", "II.I"]),  # noqa: E501
        (["a) Giao Phòng Y tế.", "b) Giao Phòng Nội vụ.", "c) Giao Công an.", "d) Giao Quân sự.", "đ) Giao các xã.", "e) Giao Văn phòng."], ["a", "b", "c", "d", "đ", "e"]),  # noqa: E501
    ],
)  # fmt: skip
def test_forms_of_numbering(lines: list[str], paths: list[str]) -> None:
    assert paths_of(document_of(body(*lines))) == paths


def test_damaged_markers_are_repaired_by_their_sequence() -> None:
    document = document_of(
        body(
            "|. ĐÁNH GIÁ KẾT QUẢ",
            "1. Các thôn đã thực hiện tốt.",
            "I1. MỘT SỐ GIẢI PHÁP",
            "1. Tiếp tục lãnh đạo.",
            "2. Tuyên truyền.",
            "Ill. TỔ CHỨC THỰC HIỆN",
        )
    )
    assert paths_of(document) == ["I", "I.1", "II", "II.1", "II.2", "III"]
    repaired = next(s for s in document.sections if s.path == "II")
    assert repaired.marker == "I1."
    assert repaired.confidence < 0.95


def test_a_damaged_token_between_two_neighbours_is_the_missing_marker() -> None:
    lines = ["1. Giao Phòng Nội vụ.", "2. Giao Phòng Y tế.", "§. Giao Phòng Tư pháp.", "4. Giao Công an huyện."]
    assert paths_of(document_of(body(*lines))) == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("markers", "paths"),
    [
        ("1. a) b) ©) d) 2. a) b) ©)", "1 1.a 1.b 1.c 1.d 2 2.a 2.b 2.c"),
        ("1. a) b) e) d) đ) e) ø) h)", "1 1.a 1.b 1.c 1.d 1.đ 1.e 1.g 1.h"),
        ("1. a) b) c) d) e) g)", "1 1.a 1.b 1.c 1.d 1.e 1.g"),
        ("I. 1. II. 1. HI. 1. 2. IV.", "I I.1 II II.1 III III.1 III.2 IV"),
        ("I. II. IH. 1. 2. IV.", "I II III III.1 III.2 IV"),
        ("a) b) c) 1. 2. d)", "a b c c.1 c.2 d"),
    ],
)
def test_misread_letters_and_numerals_are_what_the_count_says(markers: str, paths: str) -> None:
    lines = [f"{marker} Giao thôn thứ {at} làm đường." for at, marker in enumerate(markers.split())]
    assert paths_of(document_of(body(*lines))) == paths.split()


def test_a_gap_without_evidence_stays_a_gap() -> None:
    lines = ["1. Giao Phòng Nội vụ.", "2. Giao Phòng Y tế.", "4. Giao Công an huyện.", "5. Giao các xã."]
    assert paths_of(document_of(body(*lines))) == ["1", "2", "4", "5"]


def test_wrapped_numbers_are_no_sections() -> None:
    document = document_of(
        "KẾ HOẠCH\nPhát triển kinh tế xã Đồng Mây\n\n"
        "1. Thực hiện Kế hoạch 5 năm của huyện Thanh Sơn Hạ theo Nghị quyết (2016 -\n"
        "2020) theo hướng dẫn của cấp trên, phấn đấu các thôn đạt tối thiểu mười tám trên\n"
        "18/20 tiêu chí nông thôn mới theo quy định tại khoản 2 Điều 4 và tại khoản\n"
        "2. Điều này áp dụng cho các thôn, bản của xã theo quy định tại\n"
        "Điều 5 của Luật Tổ chức chính quyền địa phương.\n"
        "2. Tăng cường công tác tuyên truyền."
    )
    assert paths_of(document) == ["1", "2"]
    assert "2020) theo hướng dẫn" in document.sections[0].text
    assert "Điều 5 của Luật" in document.sections[0].text


def test_quoted_articles_of_an_amending_act_are_text() -> None:
    document = document_of(
        body(
            "Điều 1. Sửa đổi, bổ sung một số điều như sau:",
            "1. Sửa đổi Điều 7 như sau:",
            "“Điều 7. Thẩm quyền",
            "1. Ủy ban nhân dân xã quyết định.",
            "2. Thôn báo cáo.”",
            "2. Bãi bỏ Điều 9.",
            "Điều 2. Hiệu lực thi hành.",
        )
    )
    assert paths_of(document) == ["1", "1.1", "1.2", "2"]


def test_bullets_nest_and_belong_to_their_section() -> None:
    document = document_of(
        body(
            "1. Giao Phòng Nội vụ:",
            "- Rà soát đội ngũ, gồm:",
            "+ Cấp huyện;",
            "+ Cấp xã;",
            "- Báo cáo kết quả.",
            "2. Các xã thực hiện.",
        )
    )
    assert paths_of(document, bullets=True) == [
        "1",
        "1.bullet1",
        "1.bullet1.bullet1",
        "1.bullet1.bullet2",
        "1.bullet2",
        "2",
    ]


def test_headings_and_text() -> None:
    document = document_of(
        body(
            "I. NHIỆM VỤ",
            "1. Phát triển nông nghiệp",
            "Các thôn mở rộng diện tích ngô lên 120 ha.",
            "2. Giảm nghèo bền vững.",
            "Phấn đấu giảm tỷ lệ hộ nghèo còn dưới 4%.",
            "3. Thu ngân sách đạt 5 tỷ đồng, tăng 3% so với năm trước; chi đúng quy định.",
        )
    )
    found = {s.path: s for s in document.sections}
    assert found["I"].heading == "NHIỆM VỤ"
    assert found["I.1"].heading == "Phát triển nông nghiệp"
    assert found["I.1"].text == "Các thôn mở rộng diện tích ngô lên 120 ha."
    assert found["I.2"].heading == "Giảm nghèo bền vững."
    assert found["I.3"].heading is None
    assert found["I.3"].text.startswith("Thu ngân sách")


def test_sections_run_over_pages_and_cut_numbers_are_whole() -> None:
    first = body(
        "1. Thực hiện nghiêm các quy định về trách nhiệm nêu gương, Quy định số 890-",
    )
    second = "2\nQĐ/TU của Tỉnh ủy về trách nhiệm nêu gương.\n\n2. Khen thưởng kịp thời."
    document = document_of(first, second)
    assert paths_of(document) == ["1", "2"]
    assert "Quy định số 890-QĐ/TU của Tỉnh ủy" in document.sections[0].text
    assert "\n" not in document.sections[0].text


def test_annexes_are_branches_of_their_own() -> None:
    document = document_of(
        body("1. Lập danh mục kèm theo.", "2. Các thôn thực hiện./.")
        + "\n\nNơi nhận:\n- Các thôn;\n- Lưu: VT.\n\nCHỦ TỊCH\n\nLê Văn Mẫu",
        "PHỤ LỤC I\nDANH MỤC DỰ ÁN\n\n1. Đường liên thôn.\n\n2. Kênh mương.",
        "PHỤ LỤC II\nKINH PHÍ\n\n1. Ngân sách xã.",
    )
    assert paths_of(document) == ["1", "2", "phuluc1", "1", "2", "phuluc2", "1"]
    assert document.sections[2].kind == "annex"
    assert document.footer.signer == "Lê Văn Mẫu"


def test_the_closing_words_belong_to_no_section() -> None:
    document = document_of(
        body("1. Các thôn lập kế hoạch.", "2. Phòng Nội vụ theo dõi.", "Yêu cầu các thôn thực hiện./.")
    )
    assert document.sections[-1].text == "Phòng Nội vụ theo dõi."
    closing = document.paragraphs[-1]
    assert closing.role == "closing"
    assert closing.section is None


def test_ids_are_unique_and_parents_exist() -> None:
    document = document_of(body("1. Một.", "1. Hai.", "2. Ba.", "1. Bốn."))
    ids = [s.section_id for s in document.sections]
    assert len(set(ids)) == len(ids)
    assert all(s.parent_id is None or s.parent_id in ids for s in document.sections)


@pytest.mark.parametrize(
    ("first", "second", "paths"),
    [
        ("T- ĐÁNH GIÁ CHUNG", "H- NHIỆM VỤ CỤ THỂ", ["I", "I.1", "II", "II.1"]),
        ("I. Mục đích kiểm tra", "H. Nội dung kiểm tra", ["I", "I.1", "II", "II.1"]),
        ("Phần I", "Phân II", ["I", "I.1", "II", "II.1"]),
        ("I. MỤC TIÊU", "| II. NHIỆM VỤ", ["I", "I.1", "II", "II.1"]),
    ],
)
def test_markers_that_a_scanner_misread(first: str, second: str, paths: list[str]) -> None:
    document = document_of(body(first, "1. Các thôn họp bàn.", second, "1. Các thôn làm đường."))
    assert paths_of(document) == paths


def test_articles_stand_above_all_that_is_numbered() -> None:
    document = document_of(
        body(
            "Điều 1. Thành lập Tổ công tác gồm:",
            "1. Trưởng thôn Thượng, Tổ trưởng;",
            "2. Trưởng thôn Hạ, Tổ phó;",
            "I. Thư ký giúp việc gồm:",
            "2. Công chức Văn phòng;",
            "Điều 2. Tổ công tác có nhiệm vụ sau.",
            "Điều 3. Quyết định có hiệu lực từ ngày ký.",
        )
    )
    assert [p for p in paths_of(document) if "." not in p] == ["1", "2", "3"]


def test_a_marker_after_a_full_line_that_ends_a_sentence() -> None:
    text = "CHỈ THỊ\nVề việc làm đường\n\nYêu cầu các thôn:\n" + "\n".join(
        [
            "1- Các thôn họp bàn việc làm đường liên thôn, góp công, góp đất và góp tiền cho xã.",
            "2- Trưởng thôn lập danh sách các hộ góp công, gửi về Văn phòng Ủy ban nhân dân xã.",
            "3- Công chức địa chính đo đạc, cắm mốc lộ giới trên toàn tuyến đường liên thôn này.",
        ]
    )
    assert paths_of(document_of(text)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "markers",
    [
        "1. 2. 3. 4. 5, 6.",
        "1. 2. 3. 4. 5. 6. 7. §.",
        "!. 2. 3.",
        "1. _2. 3.",
        "1. 2. - 3. 4.",
        "1. . 3.",
        "1, 2, 3, 4,",
    ],
)
def test_markers_that_a_scanner_half_lost(markers: str) -> None:
    lines = [f"{marker} Giao thôn thứ {at} làm đường." for at, marker in enumerate(markers.replace("- ", "-~").split())]
    count = len(lines)
    assert paths_of(document_of(body(*(line.replace("-~", "- ") for line in lines)))) == [
        str(n) for n in range(1, count + 1)
    ]


def test_prose_that_a_line_break_cuts_before_a_number_and_a_comma_is_no_section() -> None:
    lines = [
        "1. Giao các thôn 1, 2, 3 và thôn",
        "4, Ban Quản lý chợ và thôn",
        "2, Xã Đồng Mây làm đường.",
        "2. Báo cáo.",
    ]
    assert paths_of(document_of(body(*lines))) == ["1", "2"]


@pytest.mark.parametrize(("markers", "paths"), [(("1", "2"), ["1", "2"]), (("1", "II"), ["I", "II"])])
def test_a_chapter_is_numbered_as_its_neighbours_are(markers: tuple[str, str], paths: list[str]) -> None:
    lines = [line for marker in markers for line in (f"Chương {marker}", "QUY ĐỊNH VỀ CHỢ")]
    assert paths_of(document_of(body(*lines))) == paths


def test_no_marker_stands_above_the_sections_of_an_attached_document() -> None:
    document = document_of(
        "QUYẾT ĐỊNH\nBan hành Kế hoạch làm đường\n\nĐiều 1. Ban hành Kế hoạch.\n\nĐiều 2. Các thôn thi hành./.\n\n"
        "Nơi nhận:\n- Như Điều 2;\n- Lưu: VT.\n\nCHỦ TỊCH\n\nLê Văn Mẫu",
        "KẾ HOẠCH\nLàm đường năm 2021\n(Ban hành kèm theo Quyết định số 5/QĐ-UBND ngày 02/3/2021)\n\n"
        "I. MỤC TIÊU\n1. Làm 5 km đường.\nII. TỔ CHỨC\n1. Các thôn làm.",
        "PHỤ LỤC\nDANH MỤC\n\n1. Đường liên thôn.",
    )
    assert paths_of(document) == ["1", "2", "kemtheo1", "I", "I.1", "II", "II.1", "phuluc1", "1"]
    assert document.sections[3].parent_id == document.sections[2].section_id


def test_an_attached_document_ends_with_its_own_signature() -> None:
    signed = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nHIỆU TRƯỞNG\n\nTS. TRẦN VĂN MẪU"
    document = document_of(
        body("1. Các lớp học theo lịch kèm theo.", "2. Các thôn thực hiện./.")
        + "\n\nNơi nhận:\n- Các thôn;\n- Lưu: VT.\n\nCHỦ TỊCH\n\nLê Văn Mẫu",
        f"LỊCH HỌC\nNĂM 2021\n\n1. Nội dung: toán.\n\n2. Thời gian: tháng 6./.\n\n{signed}",
        "KẾ HOẠCH ÔN TẬP\n\nA. NỘI DUNG\n- Toán.\n\nB. THỜI GIAN\n- Tháng 7.",
    )
    assert paths_of(document) == ["1", "2", "kemtheo1", "1", "2", "kemtheo2", "A", "B"]
    assert document.footer.signer == "Lê Văn Mẫu"
    assert [p.role for p in document.paragraphs if p.text == "TS. TRẦN VĂN MẪU"] == ["signature"]


def test_a_footnote_opens_no_section_and_the_text_goes_on_after_it() -> None:
    first = body(
        "1. Các thôn vận động nhân dân trồng mới 12,5 ha chè, chăm sóc diện tích chè hiện có và",
        "(1) Theo Đề án số 05/ĐA-UBND ngày 10 tháng 01 năm 2020 của Ủy ban nhân dân xã.",
        "* Số liệu của xã năm 2020, chưa kể diện tích chè",
        "trồng xen trong vườn hộ.",
    )
    lines = first.split("\n")
    begin = next(at for at, line in enumerate(lines) if line.startswith("(1)"))
    notes = dict.fromkeys(range(begin, len(lines)), LineRole.FOOTNOTE)
    second = "báo cáo kết quả về xã trước ngày 30 tháng 9 năm 2021.\n2. Công chức văn hóa tuyên truyền."
    texts = (first, second)
    pages = [page_of(first, 1, notes), page_of(second, 2)]
    document = segment(source_of("\f".join(texts)), pages)[0]
    assert paths_of(document, bullets=True) == ["1", "2"]
    found = [p.text for p in document.paragraphs]
    assert any(text.endswith("hiện có và báo cáo kết quả về xã trước ngày 30 tháng 9 năm 2021.") for text in found)
    assert "* Số liệu của xã năm 2020, chưa kể diện tích chè trồng xen trong vườn hộ." in found


def test_a_passage_begins_in_the_middle_of_its_count() -> None:
    document = document_of(
        "Các hộ nộp phí theo quy định của xã.\n\n3. Hộ nghèo được giảm phí.\n\n4. Hộ mới được miễn phí.\n\n"
        "Điều 7. Trách nhiệm của các thôn\n\n1. Thu phí hằng tháng.\n\n2. Báo cáo Ủy ban nhân dân xã."
    )
    assert paths_of(document) == ["3", "4", "7", "7.1", "7.2"]


def test_under_the_addressees_of_another_letter_the_count_begins_anew() -> None:
    first = "Kính gửi: Các thôn\n\nỦy ban nhân dân xã có ý kiến như sau:\n\n1. Làm đường.\n\n2. Báo cáo kết quả./.\n\n"
    second = "Kính gửi: Hội Nông dân xã\n\nXã có ý kiến như sau:\n\n1. Đồng ý mở lớp.\n\n2. Hội tự lo kinh phí./."
    assert paths_of(document_of(first + second)) == ["1", "2", "1", "2"]


def test_a_mark_after_a_full_line_begins_a_section() -> None:
    document = document_of(
        "Điều 2. Trách nhiệm\n1. Các thôn trên địa bàn toàn xã có trách nhiệm thực hiện những việc được giao, cụ thể:\n"
        "a) Trồng cây hai bên những con đường lớn của xã, chăm sóc cây và báo cáo kết quả về xã;\n"
        "b) Dọn vệ sinh các con đường nhỏ, thu gom rác và chở rác đến nơi chôn lấp chung của xã.\n"
        "2. Văn phòng theo dõi."
    )
    assert paths_of(document) == ["2", "2.1", "2.1.a", "2.1.b", "2.2"]


def test_a_one_that_was_read_as_a_letter_with_a_mark_begins_the_count() -> None:
    document = document_of(
        "III. TỔ CHỨC THỰC HIỆN\n\nÌ. Căn cứ Kế hoạch này, các thôn trồng cây.\n\n2. Văn phòng theo dõi.\n\n3. Kinh phí"
    )
    assert paths_of(document) == ["III", "III.1", "III.2", "III.3"]


def test_numerals_that_were_set_in_small_letters() -> None:
    document = document_of(
        body(
            "I. tình hình nhà ở của hộ nghèo:",
            "Toàn xã còn 12 hộ.",
            "Ii. mục đích, yêu cầu:",
            "1. Hỗ trợ đúng đối tượng.",
            "Iii. tiến độ thực hiện",
            "1. Các thôn rà soát.",
            "Iv. kinh phí",
            "Từ ngân sách xã.",
        )
    )
    assert paths_of(document) == ["I", "II", "II.1", "III", "III.1", "IV"]


def test_the_country_in_a_sentence_is_no_motto() -> None:
    document = document_of(
        "Điều 4. Quyền của người nước ngoài\n"
        "1. Người nước ngoài có các quyền sau đây:\n"
        "a) Được bảo hộ tính mạng, danh dự, tài sản và các quyền, lợi ích chính đáng theo pháp luật\n"
        "Việt Nam trong thời gian cư trú trên lãnh thổ nước Cộng hòa xã hội chủ nghĩa Việt Nam;\n"
        "b) Được thăm người thân.\n"
        "2. Người nước ngoài có các nghĩa vụ sau đây:\n"
    )
    assert paths_of(document) == ["4", "4.1", "4.1.a", "4.1.b", "4.2"]


def test_the_first_clause_after_a_heading_that_fills_its_line() -> None:
    document = document_of(
        "Điều 6. Xây dựng, phê duyệt Định hướng chương trình kiểm tra, kế hoạch kiểm tra của ngành\n"
        "1. Chậm nhất vào ngày 15 tháng 10 hằng năm, Chánh Thanh tra tỉnh trình Ủy ban nhân dân tỉnh\n"
        "phê duyệt Định hướng chương trình kiểm tra của năm sau để các phòng, ban có căn cứ thực hiện.\n"
        "2. Sau khi được phê duyệt, Định hướng được gửi cho các phòng, ban.\n"
    )
    assert paths_of(document) == ["6", "6.1", "6.2"]
