"""The footer block in its layouts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.models import Footer
from pipeline.segment import segment
from pipeline.segment.persons import signer_of
from tests.segment.composed import document_of, page_of, source_of

BODY = "CHỈ THỊ\nVề việc làm đường\n\nYêu cầu các thôn:\n\n1. Làm đường.\n\n2. Báo cáo kết quả./.\n\n"


def footer_of(text: str) -> Footer:
    return document_of(BODY + text).footer


def test_recipients_then_signature() -> None:
    footer = footer_of(
        "Nơi nhận:\n- Thường trực Huyện ủy;\n- Các phòng, ban\nthuộc huyện;\n- Lưu: VT, NV.\n\n"
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\n(Đã ký)\n\nLê Văn Mẫu"
    )
    assert footer.recipients == ("Thường trực Huyện ủy", "Các phòng, ban thuộc huyện", "Lưu: VT, NV")
    assert footer.signing_authority == ("TM", "KT")
    assert footer.signer_title == "Phó Chủ tịch"
    assert footer.signer == "Lê Văn Mẫu"


def test_signature_above_the_recipients() -> None:
    footer = footer_of("TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG\n\nTrần Thị Mẫu\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.")
    assert (footer.signing_authority, footer.signer_title) == (("TL",), "Chánh Văn phòng")
    assert footer.signer == "Trần Thị Mẫu"
    assert footer.recipients == ("Như trên", "Lưu: VT")


def test_both_columns_on_one_line() -> None:
    footer = footer_of(
        "Nơi nhận:          T/M BAN THƯỜNG VỤ\n- Các đảng ủy xã;          PHÓ BÍ THƯ\n- Lưu VP.\n\nLê Văn Mẫu"
    )
    assert footer.signing_authority == ("TM",)
    assert footer.signer_title == "Phó Bí thư"
    assert footer.recipients == ("Các đảng ủy xã", "Lưu VP")


@pytest.mark.parametrize(
    ("line", "authority"),
    [
        ("TM. ỦY BAN NHÂN DÂN", ("TM",)),
        ("T/M BAN CHẤP HÀNH", ("TM",)),
        ("TUQ. CHỦ TỊCH", ("TUQ",)),
        ("Q. CHỦ TỊCH", ("Q",)),
        ("K/T CHÁNH VĂN PHÒNG", ("KT",)),
    ],
)
def test_authorities(line: str, authority: tuple[str, ...]) -> None:
    assert footer_of(f"Nơi nhận:\n- Lưu: VT.\n\n{line}\n\nLê Văn Mẫu").signing_authority == authority


def test_a_list_of_recipients_whose_heading_was_not_read() -> None:
    footer = footer_of("- Thường trực Đảng ủy;\n- Các thôn;\n- Lưu: VT.\n\nCHỦ TỊCH\n\nLê Văn Mẫu")
    assert footer.recipients == ("Thường trực Đảng ủy", "Các thôn", "Lưu: VT")


def test_a_heading_in_capitals_is_no_signature() -> None:
    document = document_of(
        "QUYẾT ĐỊNH\nVề việc làm đường\n\nCHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐỒNG MÂY\n\nCăn cứ Luật Ngân sách;\n\n"
        "QUYẾT ĐỊNH:\n\nĐiều 1. Làm đường.\n\nĐiều 2. Thi hành./."
    )
    assert document.footer == Footer()
    assert document.header.issuer_level == "commune"
    assert len(document.sections) == 2


def test_no_footer() -> None:
    assert footer_of("") == Footer()


@pytest.mark.parametrize(
    ("text", "confidence", "name"),
    [
        ("Nguyễn Văn Mẫu", 0.95, "Nguyễn Văn Mẫu"),
        ("“ Hoằng Văn Mẫu", 0.85, "Hoàng Văn Mẫu"),
        ("Nhuyễn Văn Mẫu", 0.85, "Nguyễn Văn Mẫu"),
        ("S. NGUYÊN VĂN MẪU", 0.85, "NGUYỄN VĂN MẪU"),
        ("Tà Văn Mẫu", 0.83, None),
        ("Trận Mẫu", 0.9, None),
        ("Nguyễn Văn Mẫu", 0.5, None),
        ("Xanh Văn Mẫu", 1.0, "Xanh Văn Mẫu"),
    ],
)
def test_a_name_from_an_image_needs_a_surname(text: str, confidence: float, name: str | None) -> None:
    found = signer_of(text, confidence)
    assert (found[0] if found else None) == name
    if found and found[0].lower() != text.lower():
        assert found[1] <= 0.75


def test_a_deputy_under_the_head_signs_for_the_head() -> None:
    footer = footer_of("Nơi nhận:\n- Lưu: VT.\n\nGIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\nLê Văn Mẫu")
    assert (footer.signing_authority, footer.signer_title) == (("KT",), "Phó Giám đốc")
    assert footer.confidence > 0.9


def test_a_signature_without_a_name_is_doubtful() -> None:
    footer = footer_of("Nơi nhận:\n- Lưu: VT.\n\nGIÁM ĐỐC\n")
    assert (footer.signer, footer.signer_title) == (None, "Giám đốc")
    assert footer.confidence == 0.5


def test_the_page_after_a_closed_list_is_no_recipient() -> None:
    document = document_of(
        BODY + "Nơi nhận:\n- Các thôn;\n- Lưu: VT.",
        "LỊCH HỌC\nCác thôn họp theo lịch sau:\n- Thôn Thượng: ngày 02;\n- Thôn Hạ: ngày 03.",
    )
    assert document.footer.recipients == ("Các thôn", "Lưu: VT")


@pytest.mark.parametrize(
    "signatures",
    [
        "THƯ KÝ\n\nTrần Thị Mẫu\nCHỦ TRÌ\nGIÁM ĐỐC\n\nLê Văn Mẫu",
        "GIÁM ĐỐC\n\nLê Văn Mẫu\nTHƯ KÝ\n\nTrần Thị Mẫu",
        "THƯ KÝ\t\tGIÁM ĐỐC\n\n\nTrần Thị Mẫu\t\tLê Văn Mẫu",
        "GIÁM ĐỐC\t\tTHƯ KÝ\n\n\nLê Văn Mẫu\t\tTrần Thị Mẫu",
    ],
)
def test_who_writes_the_minutes_is_not_their_signer(signatures: str) -> None:
    footer = footer_of(signatures)
    assert (footer.signer, footer.signer_title) == ("Lê Văn Mẫu", "Giám đốc")


@pytest.mark.parametrize("name", ["Y Blô Mlô", "H’Lan Êban", "Ksor Krun", "A Blong Kráp", "Alăng Mẫu", "Sùng A Mẫu"])
def test_names_that_are_not_spelled_in_vietnamese(name: str) -> None:
    assert footer_of(f"Nơi nhận:\n- Lưu: VT.\n\nCHỦ TỊCH\n\n{name}").signer == name


@pytest.mark.parametrize(
    ("signature", "title"),
    [
        ("KT. GIÁM ĐỐC\nLê Văn Mẫu", "Phó Giám đốc"),
        ("KT. GIÁM ĐỐC\nGIÁM ĐỐC\nLê Văn Mẫu", "Phó Giám đốc"),
        ("KT. BỘ TRƯỞNG\nLê Văn Mẫu", None),
        ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC x7 ñ\nLê Văn Mẫu", "Phó Giám đốc"),
        ("PHÓ GIÁM ĐỐC PHỤ TRÁCH\nLê Văn Mẫu", "Phó Giám đốc phụ trách"),
    ],
)
def test_only_a_deputy_signs_for_the_head(signature: str, title: str | None) -> None:
    footer = footer_of(f"Nơi nhận:\n- Như trên;\n- Lưu: VT.\n{signature}")
    assert footer.signer_title == title
    assert footer.signer == "Lê Văn Mẫu"


@pytest.mark.parametrize(("office", "authority"), [("PHÓ GIÁM ĐỐC", ("KT",)), ("PHÓ CHỦ TỊCH", ()), ("GIÁM ĐỐC", ())])
def test_a_deputy_of_one_head_on_a_scan_signs_for_him(office: str, authority: tuple[str, ...]) -> None:
    text = f"Nơi nhận:\n- Lưu: VT.\n{office}\nLê Văn Mẫu"
    assert footer_of(text).signing_authority == ()
    page = page_of(BODY + text)
    lines = tuple(replace(line, confidence=0.9) for line in page.page.lines)
    document = segment(source_of(text), [replace(page, page=replace(page.page, lines=lines))])[0]
    assert document.footer.signing_authority == authority
