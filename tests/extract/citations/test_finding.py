"""Mentions of other documents: numbers in every form, what stands around them, names, and short forms."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.citations.finding import find_citations, find_mentions
from pipeline.extract.citations.mentions import Mention
from pipeline.extract.citations.surroundings import iso_date
from pipeline.models import (
    Citation,
    Document,
    Header,
    ParagraphRole,
)
from pipeline.reference_numbers import parse_reference
from tests.extract.plans import Sheet
from tests.segment.composed import document_of

B, H = ParagraphRole.BODY, ParagraphRole.HEADER


def document(*paragraphs: str | tuple[ParagraphRole, str], header: Header | None = None) -> Document:
    """A plain text of one page, one line per paragraph."""
    sheet = Sheet()
    for paragraph in paragraphs:
        role, words = paragraph if isinstance(paragraph, tuple) else (B, paragraph)
        sheet.add(words, role)
    return sheet.document(header)


def cited(*paragraphs: str | tuple[ParagraphRole, str], header: Header | None = None) -> list[Citation]:
    return [found.citation for found in find_citations(document(*paragraphs, header=header))]


def only(text: str) -> Mention:
    found = find_mentions(text)
    assert len(found) == 1, [text[m.start : m.end] for m in found]
    return found[0]


def numbers(text: str) -> list[str | None]:
    return [m.reference.text if m.reference else None for m in find_mentions(text)]


@pytest.mark.parametrize(
    ("printed", "number", "kind"),
    [
        ("Chỉ thị số 31-CT/TU", "31-CT/TU", "Chỉ thị"),
        ("Chỉ thị 31 – CT/TU", "31-CT/TU", "Chỉ thị"),
        ("Quy định số 19-QĐi/TU", "19-QĐi/TU", "Quy định"),
        ("Quy định số 77-QĐ/TW", "77-QĐ/TW", "Quy định"),
        ("Quyết định số 77-QĐ/TW", "77-QĐ/TW", "Quyết định"),
        ("Thông tri số 04-TT/HU", "04-TT/HU", "Thông tri"),
        ("Thông tư số 04/2021/TT-BNV", "04/2021/TT-BNV", "Thông tư"),
        ("Công văn số 234-CV/BTGTU", "234-CV/BTGTU", "Công văn"),
        ("Công văn số 812/UBND-KGVX", "812/UBND-KGVX", "Công văn"),
        ("Văn bản số 812/SNV-VP", "812/SNV-VP", "Công văn"),
        ("Tờ trình số 62 /TTr- STC", "62/TTr-STC", "Tờ trình"),
        ("QĐ số 215/QĐ-UBND", "215/QĐ-UBND", "Quyết định"),
        ("Luật số 58/2014/QH13", "58/2014/QH13", "Luật"),
        ("Nghị quyết số 120/2020/QH14", "120/2020/QH14", "Nghị quyết"),
        ("Pháp lệnh số 02/2020/UBTVQH14", "02/2020/UBTVQH14", "Pháp lệnh"),
        ("Thông tư liên tịch số 55/2005/TTLT-BNV-VPCP", "55/2005/TTLT-BNV-VPCP", "Thông tư liên tịch"),
        ("Nghị định số 92/CP", "92/CP", "Nghị định"),
        ("Nghị định số 92-CP", "92-CP", "Nghị định"),
        ("Quyết định số 512-TC/QĐ/CĐKT", "512-TC/QĐ/CĐKT", "Quyết định"),
        ("Quyết định số 330/QĐ-CT.UB", "330/QĐ-CT.UB", "Quyết định"),
    ],
)
def test_reads_every_form_of_number(printed: str, number: str, kind: str) -> None:
    found = only(f"Thực hiện {printed} về công tác cán bộ.")
    assert found.reference is not None
    assert (found.reference.text, found.type) == (number, kind)


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Chỉ thị số 31-CTITU", "31-CT/TU"),
        ("Chỉ thị số 31-CT|TU", "31-CT/TU"),
        ("Quyết định số 1750/QD-TTg", "1750/QĐ-TTg"),
        ("Quyết định số 1750/QÐ-TTG", "1750/QĐ-TTg"),
        ("Quyết định số 1750IQĐ-TTg", "1750/QĐ-TTg"),
        ("Sô 12 - NQ / TW", "12-NQ/TW"),
        ("Nghị quyết số O5-NQ/TU", "05-NQ/TU"),
        ("Quy định số 612- QĐ/TU", "612-QĐ/TU"),
        ("Kế hoạch số 86/KH- UBND", "86/KH-UBND"),
        ("Nghị quyết số 15/2019NQ-HĐND", "15/2019/NQ-HĐND"),
        ("Nghị định số 126/2024/NĐ-CP1", "126/2024/NĐ-CP"),
    ],
)
def test_mends_damaged_numbers_and_doubts_them(printed: str, number: str) -> None:
    found = only(f"theo {printed} ngày 2/3/2018")
    assert found.reference is not None
    assert found.reference.text == number
    assert found.issued_on == "2018-03-02"
    assert found.confidence < 0.99


@pytest.mark.parametrize(
    "text",
    [
        "đạt 14/14 xã, thị trấn và 3/HĐND xã",
        "1- Về tư tưởng; 2- Ủy ban nhân dân; 3 - Quyết định",
        "theo QCVN 05: 2013/BTNMT, mẫu số 02/GTGT và mẫu số 04/2024/TT-LLTP",
        "giai đoạn 2016-2020, ngày 21/4/2017, 50 kg/ha, 24/7, 1/2 số hộ",
        "Kế hoạch 5 năm 2016 - 2020; Chương trình 135; Quyết định 15 dự án",
        "điện thoại số 0913 456 789, tài khoản số 12/KB-01",
        "",
        "Số:",
    ],
)
def test_leaves_other_numbers_alone(text: str) -> None:
    assert numbers(text) == []


def test_reads_what_stands_around() -> None:
    found = only(
        "Nghị quyết số 15/2019/NQ-HĐND ngày 18 tháng 12 năm 2019 của Hội đồng nhân dân huyện Thanh Sơn Hạ khóa XIX "
        "tại kỳ họp thứ 11 về nhiệm vụ phát triển kinh tế - xã hội năm 2020;"
    )
    assert found.issued_on == "2019-12-18"
    assert found.issuer == "Hội đồng nhân dân huyện Thanh Sơn Hạ"
    assert found.term == "khóa XIX"
    assert found.title == "về nhiệm vụ phát triển kinh tế - xã hội năm 2020"


@pytest.mark.parametrize(
    ("after", "issuer"),
    [
        ("của Ban Thường vụ Tỉnh ủy về việc", "Ban Thường vụ Tỉnh ủy"),
        ("của Ban Thường vụ Tỉnh ủy phải gắn với", "Ban Thường vụ Tỉnh ủy"),
        ("của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ hướng dẫn", "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ"),
        ("của Thanh tra Bộ Lao động - Thương binh và Xã hội; và", "Thanh tra Bộ Lao động - Thương binh và Xã hội"),
        ("của Chủ tịch Ủy ban nhân dân thành phố Bến Lau về", "Chủ tịch Ủy ban nhân dân thành phố Bến Lau"),
        ("của UBND tỉnh Đồng Mây, các đơn vị", "UBND tỉnh Đồng Mây"),
        ("của Đảng ủy xã Đồng Mây trong năm", "Đảng ủy xã Đồng Mây"),
        ("của Sở Nông nghiệp và Phát triển nông thôn về", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("của huyện đã đạt", None),
        ("của nhân dân", None),
    ],
)
def test_issuer_ends_where_its_name_ends(after: str, issuer: str | None) -> None:
    assert only(f"Quyết định số 12/QĐ-ABC ngày 5/6/2020 {after}").issuer == issuer


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("ngày 21/4/2017", "2017-04-21"),
        (", ngày 07-9-2019", "2019-09-07"),
        ("ngày 7.9.2019", "2019-09-07"),
        ("ngày 18 tháng 12 năm 2019", "2019-12-18"),
        ("(ngày 1/2/2018)", "2018-02-01"),
        ("ngày 20 /02 /2025", "2025-02-20"),
        ("ngày   tháng 01 năm 2020", "2020-01"),
        ("tháng 5/2020", "2020-05"),
        ("năm 2018", "2018"),
        ("ngày 31/13/2017", None),
        ("ngày 05/3/98", "1998-03-05"),
    ],
)
def test_dates(printed: str, date: str | None) -> None:
    assert only(f"Kế hoạch số 12/KH-UBND {printed}").issued_on == date


def test_lists_share_type_and_issuer() -> None:
    found = find_mentions(
        "các Chỉ thị số 12-CT/TU và 15-CT/TU; Quyết định số 1750/QĐ-TTg ngày 2/3/2016 và "
        "số 22/QĐ-TTg của Thủ tướng Chính phủ"
    )
    assert [(m.type, m.issuer) for m in found] == [
        ("Chỉ thị", None),
        ("Chỉ thị", None),
        ("Quyết định", "Thủ tướng Chính phủ"),
        ("Quyết định", "Thủ tướng Chính phủ"),
    ]
    letters = find_mentions(
        "Công văn số 11/UBND-VX ngày 1/8/2024; số 12/UBND-VX ngày 2/9/2024 và số 13/UBND- VX ngày 3/9/2024"
    )
    assert [(m.type, m.issued_on) for m in letters] == [
        ("Công văn", "2024-08-01"),
        ("Công văn", "2024-09-02"),
        ("Công văn", "2024-09-03"),
    ]


def test_issuer_and_day_may_stand_before() -> None:
    found = only("Xét đề nghị của Giám đốc Sở Tư pháp tại Tờ trình số 18/TTr-STP ngày 21 tháng 7 năm 2023.")
    assert (found.issuer, found.issued_on) == ("Giám đốc Sở Tư pháp", "2023-07-21")
    found = only("Ngày 21/4/2017, Ban Thường vụ Tỉnh ủy đã ban hành Chỉ thị số 31-CT/TU về công tác dân vận")
    assert (found.issuer, found.issued_on) == ("Ban Thường vụ Tỉnh ủy", "2017-04-21")
    same_day = find_mentions(
        "Báo cáo số 42/BC-UBND và Tờ trình số 43/TTr-UBND cùng ngày 25/11/2024 của Ủy ban nhân dân tỉnh"
    )
    assert [(m.issued_on, m.issuer) for m in same_day] == [("2024-11-25", "Ủy ban nhân dân tỉnh")] * 2


def test_a_page_break_with_specks_is_read_over() -> None:
    document = document_of(
        "UBND XÃ ĐỒNG MÂY\nSố: 05/KH-UBND\n\nKẾ HOẠCH\nVề việc thu\n\n"
        "4. Kinh phí được phân bổ trong kinh phí hoạt động của cơ quan,\n"
        "đơn vị theo quy định tại Quyết định số 318/QĐ-UBND ngày\n3",
        "+\nY\n20/11/2012 của UBND tỉnh về quản lý kinh phí\nbảo đảm cho công tác.\nTrên đây là Kế hoạch.",
    )
    (citation,) = [f.citation for f in find_citations(document) if f.citation.reference_number == "318/QĐ-UBND"]
    assert (citation.issued_on, citation.issuer) == ("2012-11-20", "UBND tỉnh")


def test_a_page_number_between_the_word_and_its_day_is_read_over() -> None:
    first, second = "quy định tại Quyết định số 318/QĐ-UBND ngày 3", "20/11/2012 của UBND tỉnh về quản lý kinh phí"
    (found,) = cited(first, second)
    assert (found.issued_on, found.issuer) == ("2012-11-20", "UBND tỉnh")


def test_a_number_that_breaks_in_short_lines_is_one() -> None:
    document = document_of(
        "HUYỆN ỦY SÔNG LAM\nSố 12-BC/HU\n\nBÁO CÁO\nvề xây dựng Đảng\n\n"
        "1. Thực hiện nghiêm túc nghị quyết của Đảng bộ và Quy định số\n890-\n"
        "QĐ/TU của Tỉnh ủy về trách nhiệm nêu gương của cán bộ, đảng viên,\ntrước hết là\n"
        "người đứng đầu các cơ quan, đơn vị trong toàn huyện năm nay."
    )
    assert "890-QĐ/TU" in {f.citation.reference_number for f in find_citations(document)}


def test_lines_of_a_title_are_read_on() -> None:
    (found,) = cited(
        (H, "Thực hiện Chỉ thị số 31-CT/TU,"), (H, "ngày 21/4/2017 của Ban Thường vụ Tỉnh ủy"), "Kính gửi các xã"
    )
    assert (found.issued_on, found.issuer) == ("2017-04-21", "Ban Thường vụ Tỉnh ủy")


def test_a_joint_plan_keeps_its_printed_name() -> None:
    assert only("Kế hoạch liên tịch số 21/KHLT-TĐTN-SGDĐT ngày 15/5/2024").type == "Kế hoạch liên tịch"


def test_a_title_ends_before_the_next_item() -> None:
    first, second = find_mentions(
        "Quyết định số 17/QĐ-UBND ngày 5/7/2024 của Ủy ban nhân dân tỉnh "
        "về việc công bố thủ tục và Quyết định số 33/QĐ-UBND ngày 2/1/2023"
    )
    assert first.title == "về việc công bố thủ tục"
    assert second.title is None


def test_laws_whose_names_hold_words_that_end_others() -> None:
    text = (
        "Bộ luật Lao động năm 2019, Pháp lệnh Ưu đãi người có công với cách mạng năm 2020, Luật Đất đai 2013, "
        "Luật Phòng, chống tác hại của thuốc lá năm 2012; thực hiện Luật Trẻ em giai đoạn 2021 - 2025"
    )
    assert [(m.title, m.issued_on) for m in find_mentions(text)] == [
        ("Bộ luật Lao động", "2019"),
        ("Pháp lệnh Ưu đãi người có công với cách mạng", "2020"),
        ("Luật Đất đai", "2013"),
        ("Luật Phòng, chống tác hại của thuốc lá", "2012"),
    ]


def test_laws_by_number_and_by_name() -> None:
    numbered = only("theo điểm a khoản 2 Điều 5 Luật Khoa học, công nghệ số 93/2025/QH15")
    assert (numbered.type, numbered.title, numbered.provision) == (
        "Luật",
        "Luật Khoa học, công nghệ",
        "điểm a khoản 2 Điều 5",
    )
    named = only("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;")
    assert (named.named, named.type, named.title, named.issued_on) == (
        True,
        "Luật",
        "Luật Tổ chức chính quyền địa phương",
        "2015-06-19",
    )
    assert numbers("Căn cứ Luật này và Luật khác; theo quy định của Luật") == []


@pytest.mark.parametrize(
    ("text", "title", "term"),
    [
        ("Nghị quyết Trung ương 6 khóa XII về bộ máy", "Nghị quyết Trung ương 6", "khóa XII"),
        ("Nghị quyết Hội nghị Trung ương 7 (khóa XI)", "Nghị quyết Hội nghị Trung ương 7", "khóa XI"),
        ("Nghị quyết Đại hội Đảng bộ huyện lần thứ XXV", "Nghị quyết Đại hội Đảng bộ huyện lần thứ XXV", "lần thứ XXV"),
    ],
)
def test_resolutions_by_name(text: str, title: str, term: str) -> None:
    found = only(f"thực hiện {text}.")
    assert (found.named, found.title, found.term, found.relation) == (True, title, term, "implements")


def test_short_mentions_take_date_and_issuer_of_the_only_full_one() -> None:
    first, second, third = cited(
        "Thực hiện Chỉ thị số 31-CT/TU ngày 21/4/2017 của Ban Thường vụ Tỉnh ủy "
        "(sau đây viết tắt là Chỉ thị số 31-CT/TU).",
        "Tiếp tục thực hiện Chỉ thị số 31-CT/TU.",
    )
    assert (first.issued_on, first.short_form) == ("2017-04-21", False)
    for short in (second, third):
        assert (short.issued_on, short.issuer, short.short_form) == ("2017-04-21", "Ban Thường vụ Tỉnh ủy", True)


def test_short_mentions_stay_short_where_two_are_meant() -> None:
    *_, last = cited(
        "Quyết định số 12/QĐ-UBND ngày 1/2/2019 và Quyết định số 12/QĐ-UBND ngày 3/2/2020",
        "Theo Quyết định số 12/QĐ-UBND.",
    )
    assert (last.issued_on, last.short_form) == (None, False)


def test_words_that_point_back_are_named_mentions() -> None:
    found = cited(
        "Thực hiện Chỉ thị số 31-CT/TU ngày 21/4/2017 của Ban Thường vụ Tỉnh ủy.",
        "Các đơn vị thực hiện Chỉ thị nêu trên. Chỉ thị này có hiệu lực ngay. "
        "Chỉ thị của Ban Thường vụ Tỉnh ủy là cơ sở.",
    )
    assert [(c.reference_number, c.named) for c in found] == [
        ("31-CT/TU", False),
        ("31-CT/TU", True),
        ("31-CT/TU", True),
    ]
    ambiguous = cited("Chỉ thị số 31-CT/TU và Chỉ thị số 32-CT/TU.", "Thực hiện Chỉ thị nêu trên.")
    assert len(ambiguous) == 2


def test_a_bare_number_takes_the_symbol_of_the_only_one() -> None:
    _, second = cited("Nghị quyết số 54-NQ/TW ngày 10/12/2019 của Bộ Chính trị.", "Thực hiện Nghị quyết 54.")
    assert (second.reference_number, second.issued_on, second.short_form) == ("54-NQ/TW", "2019-12-10", True)
    assert cited("Thực hiện Nghị quyết 54.") == []
    assert [c.reference_number for c in cited("Nghị quyết 19 của Chính phủ.")] == ["19"]


def test_the_own_number_is_no_citation() -> None:
    header = Header(reference_number="12/CT-UBND", issued_on="2020-01-15")
    found = cited(
        (H, "Số: 12/CT-UBND"),
        (H, "Thực hiện Chỉ thị số 18/CT-TTg"),
        "Ban hành kèm theo Chỉ thị số 12/CT-UBND ngày 15/01/2020. Chỉ thị số 12/CT-UBND ngày 14/01/2019 hết hiệu lực.",
        (ParagraphRole.RECIPIENTS, "- Như Chỉ thị số 99/CT-UBND"),
        header=header,
    )
    assert [(c.reference_number, c.issued_on) for c in found] == [("18/CT-TTg", None), ("12/CT-UBND", "2019-01-14")]
    assert found[1].relation == "repeals"


def test_evidence_leads_to_the_words() -> None:
    text = "Thực hiện Quyết định số 12/QĐ-UBND ngày 5/6/2020 của UBND tỉnh về"
    (found,) = find_citations(document("Mở đầu.", text))
    assert found.paragraph == 1
    evidence = found.citation.evidence
    assert evidence.quote == text[found.start : found.end] == "Quyết định số 12/QĐ-UBND ngày 5/6/2020 của UBND tỉnh"
    assert evidence.rule == "citations.toml:state"


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        (
            "Căn cứ Nghị định số 12/2020/NĐ-CP ngày 5/2/2020 của Chính phủ; Thông tư số 3/2020/TT-BNV;",
            ["legal_basis"] * 2,
        ),
        ("Để tiếp tục thực hiện tốt Chỉ thị số 31-CT/TU", ["implements"]),
        ("theo tinh thần Chỉ thị số 31-CT/TU", ["implements"]),
        ("Quyết định này thay thế Quyết định số 12/QĐ-UBND và Quyết định số 13/QĐ-UBND", ["replaces"] * 2),
        ("Bãi bỏ khoản 2 Điều 3 Quyết định số 12/QĐ-UBND", ["repeals"]),
        ("Quyết định số 12/QĐ-UBND hết hiệu lực kể từ ngày ký", ["repeals"]),
        ("Sửa đổi, bổ sung một số điều của Quyết định số 12/2019/QĐ-UBND", ["amends"]),
        ("Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 12/TTr-SNV", ["mentions"]),
        ("Báo cáo số 12/BC-UBND nêu rõ", ["mentions"]),
    ],
)
def test_relations(text: str, relations: list[str]) -> None:
    assert [m.relation for m in find_mentions(text)] == relations


def test_what_one_cited_document_does_to_another() -> None:
    amending, amended = find_mentions(
        "Căn cứ Nghị định số 48/2013/NĐ-CP ngày 14/5/2013 của Chính phủ "
        "sửa đổi, bổ sung một số điều của Nghị định số 63/2010/NĐ-CP;"
    )
    assert (amending.relation, amending.change) == ("legal_basis", None)
    assert (amended.change, amended.changed_by) == ("amends", "48/2013/NĐ-CP")
    first, second = find_mentions("Luật Bảo hiểm số 25/2008/QH12 được sửa đổi, bổ sung bởi Luật số 46/2014/QH13")
    assert (first.change, first.changed_by, second.change) == ("amends", "46/2014/QH13", None)


@pytest.mark.parametrize(
    ("day", "month", "year", "date"),
    [("29", "2", "2019", None), ("29", "2", "2020", "2020-02-29"), ("0", "1", "2020", None)],
)
def test_only_days_that_calendars_have(day: str, month: str, year: str, date: str | None) -> None:
    assert iso_date(day, month, year) == date


@given(st.integers(1, 99999), st.sampled_from(["QĐ-UBND", "CT-TTg", "KH-SNV", "TTr-STC"]), st.booleans())
def test_a_number_is_read_back_as_it_was_written(number: int, symbol: str, padded: bool) -> None:
    text = f"{number:02d}/{symbol}" if padded else f"{number}/{symbol}"
    parsed = parse_reference(text)
    assert parsed is not None
    assert parsed.text == text
    assert numbers(f"theo Văn bản số {text} của tỉnh") == [text]


_PIECES = st.sampled_from(
    ["số", "Số:", "12", "2019", "/", "-", "QĐ", "UBND", "CT/TU", "ngày", "21/4/2017", "của", "Ban Thường vụ", "Luật",
     "Đất đai", "năm", "khoản 2 Điều 5", "và", ";", ".", "“", "”", "\n", "\x00", "Nghị quyết", "Trung ương", "khóa XII",
     "sửa đổi", "căn cứ", "(", ")"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=30), st.text(max_size=20))
def test_never_fails_and_stays_inside_the_text(pieces: list[str], tail: str) -> None:
    text = " ".join(pieces) + tail
    for mention in find_mentions(text):
        assert 0 <= mention.start < mention.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["12/QĐ-UBND ", "số 12", "1", "Luật ", "ngày ", "điều 5 khoản 2 ", "12-CT/", "và ", "Nghị quyết của ", "căn cứ "],
)
def test_strange_long_text_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begin = time.process_time()
        find_mentions(text)
        return time.process_time() - begin

    seconds(2_000)
    short, long = seconds(20_000), seconds(160_000)
    assert long < 24 * max(short, 0.02)


@pytest.mark.shared
def test_the_samples(shared: Path) -> None:
    gold: dict[str, list[str]] = {}
    for row in (shared / "gold" / "citations.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, _, number, *_ = row.split("\t")
        gold.setdefault(name, []).append(number)
    for name, wanted in gold.items():
        (path,) = (shared / "seeds").glob(f"{name}*.txt")
        text = " ".join(path.read_text(encoding="utf-8").split()).replace("ƣ", "ư").replace("Ƣ", "Ư")
        assert [c.reference_number for c in cited(text) if not c.named] == wanted


@pytest.mark.parametrize(
    ("before", "after", "issued_on", "issuer"),
    [
        ("số 04/CT-UBND ngày", "22/02/2018 của UBND tỉnh Đồng Mây.", "2018-02-22", "UBND tỉnh Đồng Mây"),
        ("số 04/CT-UBND ngày 22/", "02/2018 của UBND tỉnh Đồng Mây.", "2018-02-22", "UBND tỉnh Đồng Mây"),
        ("số 04/CT-UBND", "ngày 22/02/2018 của UBND tỉnh Đồng Mây.", "2018-02-22", "UBND tỉnh Đồng Mây"),
        ("số 04/CT-UBND ngày 22/02/2018", "của UBND tỉnh Đồng Mây.", "2018-02-22", "UBND tỉnh Đồng Mây"),
        ("số 04/CT-UBND ngày 22/02/2018 của", "UBND tỉnh Đồng Mây.", "2018-02-22", "UBND tỉnh Đồng Mây"),
        ("số 04/CT-UBND.", "Ngày 22/02/2018 của năm nay, UBND tỉnh họp.", None, None),
        ("số 04/CT-UBND", "Ngày 22/02/2018 UBND tỉnh họp.", None, None),
        ("số 04/CT-UBND;", "ngày 22/02/2018 của UBND tỉnh.", None, None),
    ],
)
def test_date_and_issuer_may_stand_after_a_page_break(
    before: str, after: str, issued_on: str | None, issuer: str | None
) -> None:
    found = find_citations(document(f"Thực hiện Chỉ thị {before}", (ParagraphRole.NOISE, "2"), after))
    assert [(c.citation.issued_on, c.citation.issuer) for c in found] == [(issued_on, issuer)]


@pytest.mark.parametrize(
    ("issuer", "after"),
    [
        ("Bệnh viện Đa khoa tỉnh Đồng Mây", " về việc góp ý"),
        ("Bệnh viện Răng Hàm Mặt Trung ương thành phố Bến Lau", ";"),
        ("Trung tâm Y tế huyện Thanh Sơn Hạ", " hướng dẫn tiêm chủng"),
        ("Trung tâm Kiểm soát bệnh tật tỉnh Đồng Mây", " đề nghị hỗ trợ"),
        ("Trung tâm Văn hóa và Thể thao huyện Thanh Sơn Hạ", " và Kế hoạch của xã"),
        ("Hiệu trưởng Trường Đại học Y Dược Sông Lam", " về việc thi"),
        ("Trường THPT Đồng Mây", " gửi các lớp"),
        ("Cục Quản lý Dược", "; Kế hoạch năm"),
        ("Vụ Kế hoạch - Tài chính", ", Bộ Y tế"),
        ("Ban Quản lý dự án đầu tư xây dựng huyện Thanh Sơn Hạ", " về tiến độ"),
        ("Chi cục Thủy lợi tỉnh", " báo cáo"),
        ("Giám đốc Bệnh viện Đồng Mây", " và Công văn của Sở"),
        ("UBND quận Sông Lam", " về đất"),
        ("Trung tâm Bảo trợ xã hội tỉnh Đồng Mây", " trình"),
    ],
)
def test_hospitals_schools_and_offices_issue_documents(issuer: str, after: str) -> None:
    found = find_mentions(f"Theo Công văn số 49/BC-ĐM ngày 04/10/2017 của {issuer}{after}")
    assert found[0].issuer == issuer


def test_a_school_in_small_letters_is_any_school() -> None:
    (found,) = find_mentions("Theo Công văn số 49/BC-ĐM ngày 04/10/2017 của trường trên địa bàn")
    assert found.issuer is None
