"""The footer block in its layouts."""

from __future__ import annotations

import pytest

from pipeline.models import Footer
from tests.segment.composed import document_of

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
