"""Wrong bytes: legacy encodings, broken fonts, loose and misplaced marks."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.models import Page
from pipeline.restore import restore, restore_pages
from pipeline.restore.syllables import mend_marks, place_tone, split_tone
from pipeline.settings import RestoreSettings

SENTENCE = (
    "Ủy ban nhân dân xã Đồng Mây tổ chức thực hiện Nghị quyết của Hội đồng nhân dân huyện về giảm nghèo bền vững."
)


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("CHƢƠNG TRÌNH HÀNH ĐỘNG của huyện", "CHƯƠNG TRÌNH HÀNH ĐỘNG của huyện"),
        ("theo tƣ tƣởng của Người", "theo tư tưởng của Người"),
        ("CỘNG HÕA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("TRƯỞNG PHÕNG NỘI VỤ", "TRƯỞNG PHÒNG NỘI VỤ"),
        ("Ðảng bộ huyện và ðảng viên", "Đảng bộ huyện và đảng viên"),
        ("phuc̣ vu ̣Đa ̣ i hôị Đảng bô ̣các cấp", "phục vụ Đại hội Đảng bộ các cấp"),
        ("đơn thư củ a công dân liên quan đến Đaị hội", "đơn thư của công dân liên quan đến Đại hội"),
        ("Uỷ ban, văn hoá, thuỷ lợi, khoẻ mạnh", "Ủy ban, văn hóa, thủy lợi, khỏe mạnh"),
        ("kế\u00a0hoạch\u200b của xã", "kế hoạch của xã"),
        ("công tác \ufb01nance của huyện", "công tác finance của huyện"),
    ],
)
def test_repairs(seen: str, meant: str) -> None:
    assert restore(seen).text == meant


@pytest.mark.parametrize("kept", ["võ thuật cổ truyền Việt Nam", "BÕ BẼN của núi rừng", "chõng tre ở nhà sàn"])
def test_a_right_tilde_stays(kept: str) -> None:
    assert restore(kept).text == kept


def test_decomposed_text_is_composed() -> None:
    assert restore(unicodedata.normalize("NFD", SENTENCE)).text == SENTENCE


def test_tcvn3_without_fonts_is_told_by_the_text() -> None:
    seen = "Céng hoµ x· héi chñ nghÜa ViÖt Nam\nUû ban nh©n d©n x· §ång M©y\nQUYÕT §ÞNH cña chñ tÞch"
    meant = "Cộng hòa xã hội chủ nghĩa Việt Nam\nỦy ban nhân dân xã Đồng Mây\nQUYẾT ĐỊNH của chủ tịch"
    assert restore(seen).text == meant


def test_a_capital_font_gives_capitals() -> None:
    seen = "uû ban nh©n d©n"
    page = Page(1, seen, "text_layer", (), encodings=((0, len(seen), "tcvn3"),), capitals=((0, len(seen)),))
    assert restore_pages([page], RestoreSettings())[0].text == "ỦY BAN NHÂN DÂN"


def test_vni_is_read() -> None:
    assert restore("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam").text == "Cộng hòa xã hội chủ nghĩa Việt Nam"


@pytest.mark.parametrize(
    "syllable", ["hội", "quả", "giữa", "khuỷu", "thuở", "nghĩa", "gìn", "quốc", "xoài", "của", "thủy", "yếu", "già"]
)
def test_the_tone_stands_where_it_is_written(syllable: str) -> None:
    base, tone = split_tone(syllable)
    assert place_tone(base, tone) == syllable
    assert mend_marks(syllable) is None


def test_other_scripts_stay() -> None:
    for text in ("Le café est fermé à Noël.", "Größe und Maß", "данные", "侍 bushi", ""):
        assert restore(text).text == text
