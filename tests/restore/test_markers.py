"""Markers of lists that a reader took for other signs."""

from __future__ import annotations

import pytest

from pipeline.models import Page, Word
from pipeline.restore import restore, restore_pages
from pipeline.settings import RestoreSettings


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("a) Xã lập kế hoạch.\nb) Thôn họp dân.\n©) Huyện kiểm tra.", "\nc) Huyện"),
        ("g) Xã lập kế hoạch.\nh) Thôn họp dân.\nï) Huyện kiểm tra.", "\ni) Huyện"),
        ("Nơi nhận:\n~ Như trên;\n~ Lưu: VT.", "\n- Như trên;\n- Lưu"),
    ],
)
def test_signs_of_lists(read: str, meant: str) -> None:
    assert meant in restore(read).text


@pytest.mark.parametrize("text", ["a) Xã họp dân.\n©) Bản quyền thuộc xã.", "Dài ~ 12 km, xã đã làm xong đường này."])
def test_signs_that_stay(text: str) -> None:
    assert restore(text).text == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("b) Thôn họp.\nc) Xã họp dân.\nđ) Huyện kiểm tra.\nđ) Tỉnh tổng hợp.", "b)c)d)đ)"),
        ("b) Thôn họp.\nc) Xã họp dân.\nđ) Huyện kiểm tra.", "b)c)d)"),
        ("c) Xã họp dân.\nđ) Huyện kiểm tra.\ne) Tỉnh tổng hợp.", "c)đ)e)"),  # the line of `d)` was lost
        ("đ) Xã họp dân.\n€) Huyện kiểm tra.\nø) Tỉnh tổng hợp.", "đ)e)g)"),
        ("¡) Xã họp dân.\nk) Huyện kiểm tra.", "i)k)"),
        ("h) Thôn họp.\n1) Xã họp dân.\nk) Huyện kiểm tra.\nl) Tỉnh tổng hợp.", "h)i)k)l)"),
        ("h) Thôn họp.\n1) Xã họp dân.\n2) Huyện kiểm tra.\nk) Tỉnh tổng hợp.", "h)1)2)k)"),
    ],
)
def test_letters_of_lists_that_a_machine_read(text: str, meant: str) -> None:
    page = Page(1, text, "ocr", ())
    done = restore_pages([page], RestoreSettings())[0].text
    assert "".join(line.split(" ")[0] for line in done.splitlines()) == meant


def test_a_typed_list_keeps_its_letters() -> None:
    text = "c) Xã họp dân.\nđ) Huyện kiểm tra."
    assert restore(text).text == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Xã họp dân.\nø) Tỉnh tổng hợp.", "g) Tỉnh"),  # no list goes on here, and no other letter looks so
        ('Báo cáo nêu rõ “tiến độ" của xã.', "“tiến độ” của"),
        ('Xếp loại "Không đạt” khi có vi phạm.', '"Không đạt" khi'),
        ("Nơi nhận:\n- Như trên;\n- Sở Nội vụ:\n- Các xã;\n- Lưu: VT.", "- Sở Nội vụ;\n- Các xã;\n- Lưu: VT."),
        ("Xét đề nghị của Trưởng phòng.\nrần Văn Bình", "\nTrần Văn Bình"),
    ],
)
def test_signs_that_a_machine_took_for_others(text: str, meant: str) -> None:
    assert meant in restore_pages([Page(1, text, "ocr", ())], RestoreSettings())[0].text


@pytest.mark.parametrize(
    "text",
    [
        "Nơi nhận:\n- Như trên;\n- Các đơn vị:\n+ Phòng Nội vụ;\n- Lưu: VT.",
        "Nơi nhận:\n- Bản giấy:\n- Lưu: VT.",
        'Dài 5” và rộng 3" là đủ cho tấm biển của xã.',
        '“Xã văn hóa” và "thôn văn hóa" được bình xét.',
    ],
)
def test_signs_that_a_machine_read_rightly(text: str) -> None:
    assert restore_pages([Page(1, text, "ocr", ())], RestoreSettings())[0].text == text


@pytest.mark.parametrize(("confidence", "sign"), [(0.8, ","), (0.97, ".")])
def test_a_doubtful_stop_inside_a_sentence_is_a_comma(confidence: float, sign: str) -> None:
    text = "Ủy ban nhân dân các huyện. thành phố báo cáo Sở Nội vụ."
    at = text.index("huyện.")
    page = Page(1, text, "ocr", (), words=(Word(at, at + 6, None, confidence),))
    assert f"huyện{sign} thành" in restore_pages([page], RestoreSettings())[0].text


def test_a_heading_without_any_mark_gets_all_of_them() -> None:
    text = "Ủy ban nhân dân huyện đề nghị các xã báo cáo kết quả trước ngày 15 tháng 3.\nPHO CHANH VAN PHONG"
    assert restore_pages([Page(1, text, "ocr", ())], RestoreSettings())[0].text.endswith("\nPHÓ CHÁNH VĂN PHÒNG")
