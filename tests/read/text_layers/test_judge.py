from __future__ import annotations

import unicodedata

import pytest

from pipeline.models import Box
from pipeline.read.text_layers.judge import judge
from pipeline.read.token import Token

BOX = Box(0, 0, 1, 1)
SOUND = (
    "Ủy ban nhân dân xã Đồng Mây xây dựng kế hoạch trồng cây xanh trên địa bàn, phấn đấu giảm tỷ lệ hộ nghèo và giao "
    "các thôn tổ chức thực hiện, định kỳ hằng tháng báo cáo kết quả về Văn phòng để tổng hợp, theo dõi và chỉ đạo. "
)
TCVN3 = (
    "Uû ban nh©n d©n x· §ång M©y x©y dùng kÕ ho¹ch trång c©y xanh trªn ®Þa bµn, phÊn ®Êu gi¶m tû lÖ hé nghÌo vµ giao "
    "c¸c th«n tæ chøc thùc hiÖn, ®Þnh kú h»ng th¸ng b¸o c¸o kÕt qu¶ vÒ V¨n phßng ®Ó tæng hîp, theo dâi vµ chØ ®¹o. "
)
GARBAGE = (
    "Uy ban nhan dan x4 Déng May xay dung ké hoach tréng cay xanh trén dia ban, phan dau giam ty 1é h6 nghéo va giao "
    "cac thén t6 chitc thuc hién, dinh ky hang thang b4o cdo két qua vé Van phong dé téng hop, theo doi va chi dao. "
)


def tokens(text: str, encoding: str | None = None) -> list[Token]:
    return [Token(word, BOX, encoding=encoding) for word in text.split()]


@pytest.mark.parametrize(
    ("text", "cover", "decision"),
    [
        (SOUND, 0.0, "believed"),
        (SOUND, 1.0, "believed"),
        (TCVN3, 0.0, "repaired"),
        (TCVN3.replace("\u00ad", "\u2212"), 0.0, "repaired"),
        (SOUND + "CHƢƠNG TRÌNH", 0.0, "repaired"),
        (GARBAGE, 1.0, "rejected"),
        ("", 1.0, "none"),
        ("Văn thư 12/3", 1.0, "rejected"),
        ("(cid:12)(cid:45)(cid:9) " * 30, 0.0, "rejected"),
        ("\uf041\uf042\uf043 " * 40, 0.0, "rejected"),
    ],
)
def test_decisions(text: str, cover: float, decision: str) -> None:
    assert judge(tokens(text), cover).decision == decision


def test_a_font_that_names_its_encoding_is_believed_for_it() -> None:
    assert judge(tokens(TCVN3, "tcvn3"), 0.0).decision == "repaired"


def test_shuffled_marks_are_repaired_not_thrown_away() -> None:
    shuffled = unicodedata.normalize("NFD", SOUND).replace("\u0323", "\u0323 ")
    assert judge(tokens(shuffled), 0.0).decision in {"believed", "repaired"}


def test_letter_spaced_headings_do_not_condemn_a_page() -> None:
    assert judge(tokens("C H Ỉ  T H Ị " + SOUND), 0.0).decision == "believed"


def test_a_born_digital_page_in_another_language_is_believed() -> None:
    english = "The committee shall report to the council before the end of each quarter on all of its projects " * 2
    assert judge(tokens(english), 0.0).decision == "believed"
