"""One sentence for each way in which documents are cited; places and local documents are invented."""

from __future__ import annotations

import pytest

from pipeline.extract.citations.finding import find_mentions

# sentence, then of each mention: type, number or name, date, issuer, relation
Wanted = tuple[str, str, str | None, str | None, str]
FORMS: list[tuple[str, list[Wanted]]] = [
    (
        "Thực hiện các Chỉ thị số 12-CT/TU và 15-CT/TU của Ban Thường vụ Tỉnh ủy.",
        [
            ("Chỉ thị", "12-CT/TU", None, "Ban Thường vụ Tỉnh ủy", "implements"),
            ("Chỉ thị", "15-CT/TU", None, "Ban Thường vụ Tỉnh ủy", "implements"),
        ],
    ),
    (
        "Căn cứ Quyết định số 1980/QĐ-TTg và số 22/QĐ-TTg của Thủ tướng Chính phủ;",
        [
            ("Quyết định", "1980/QĐ-TTg", None, "Thủ tướng Chính phủ", "legal_basis"),
            ("Quyết định", "22/QĐ-TTg", None, "Thủ tướng Chính phủ", "legal_basis"),
        ],
    ),
    (
        "Căn cứ Quy định số 890-\nQĐ/TU ngày 05/4/2019 của Ban Thường vụ Tỉnh ủy",
        [("Quy định", "890-QĐ/TU", "2019-04-05", "Ban Thường vụ Tỉnh ủy", "legal_basis")],
    ),
    (
        "Triển khai Chỉ thị số 23-CTITU ngày 21/4/2017 của Tỉnh ủy",
        [("Chỉ thị", "23-CT/TU", "2017-04-21", "Tỉnh ủy", "implements")],
    ),
    (
        "theo Quyết định 1980/QD-TTg ngày 17 tháng 10 năm 2016",
        [("Quyết định", "1980/QĐ-TTg", "2016-10-17", None, "implements")],
    ),
    ("Nghị quyết Sô 12 - NQ / TW của Trung ương", [("Nghị quyết", "12-NQ/TW", None, "Trung ương", "mentions")]),
    (
        "Thực hiện Nghị quyết số 19-2017/NQ-CP ngày 06/02/2017 của Chính phủ",
        [("Nghị quyết", "19-2017/NQ-CP", "2017-02-06", "Chính phủ", "implements")],
    ),
    (
        "Quyết định số 33/QĐ-BCĐ389 ngày 7/8/2014 của Ban Chỉ đạo 389",
        [("Quyết định", "33/QĐ-BCĐ389", "2014-08-07", "Ban Chỉ đạo", "mentions")],
    ),
    (
        "Quán triệt Nghị quyết Đại hội XIII của Đảng",
        [("Nghị quyết", "Nghị quyết Đại hội XIII của Đảng", None, None, "implements")],
    ),
    (
        "các Quyết định số 12, 13 và 14/QĐ-UBND ngày 3/3/2020 của UBND tỉnh",
        [("Quyết định", f"{n}/QĐ-UBND", "2020-03-03", "UBND tỉnh", "mentions") for n in (12, 13, 14)],
    ),
    (
        "Thực hiện Nghị quyết số 18, 19-NQ/TW khóa XII",
        [("Nghị quyết", f"{n}-NQ/TW", None, None, "implements") for n in (18, 19)],
    ),
    ("có 5, 6, 1900/QĐ-TTg của", [("Quyết định", "1900/QĐ-TTg", None, None, "mentions")]),
    ("Thông tư số 01/2011/TT-BNV (đã hết hiệu lực)", [("Thông tư", "01/2011/TT-BNV", None, None, "mentions")]),
    (
        "Kế hoạch số 218/KH-MTTQ-BTT của Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh",
        [("Kế hoạch", "218/KH-MTTQ-BTT", None, "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh", "mentions")],
    ),
    ("Công văn 1234/UBND-VX của UBND tỉnh", [("Công văn", "1234/UBND-VX", None, "UBND tỉnh", "mentions")]),
    ("như đã nêu tại 27/KH-UBND và 890-QĐ/TU", [
        ("Kế hoạch", "27/KH-UBND", None, None, "mentions"),
        ("Quyết định", "890-QĐ/TU", None, None, "mentions"),
    ]),
    ("Căn cứ Luật Đất đai năm 2013;", [("Luật", "Luật Đất đai", "2013", None, "legal_basis")]),
    ("Căn cứ Bộ luật Lao động năm 2019;", [("Bộ luật", "Bộ luật Lao động", "2019", None, "legal_basis")]),
    (
        "thực hiện Nghị quyết Đại hội Đảng bộ huyện lần thứ XXV",
        [("Nghị quyết", "Nghị quyết Đại hội Đảng bộ huyện lần thứ XXV", None, None, "implements")],
    ),
    (
        "quán triệt Nghị quyết Trung ương 6 khóa XII",
        [("Nghị quyết", "Nghị quyết Trung ương 6", None, None, "implements")],
    ),
    (
        "theo khoản 2 Điều 5 Luật Tổ chức chính quyền địa phương năm 2015",
        [("Luật", "Luật Tổ chức chính quyền địa phương", "2015", None, "implements")],
    ),
    (
        "Kế hoạch số 45/KH-UBND ngày 5/3/2020 “về phòng, chống thiên tai năm 2020” của UBND xã Đồng Mây",
        [("Kế hoạch", "45/KH-UBND", "2020-03-05", None, "mentions")],
    ),
    (
        "Nghị định số 27/2018/NĐ-CP ngày 01/3/2018 của Chính phủ sửa đổi, bổ sung một số điều của Nghị định số "
        "72/2013/NĐ-CP ngày 15/7/2013 của Chính phủ",
        [
            ("Nghị định", "27/2018/NĐ-CP", "2018-03-01", "Chính phủ", "mentions"),
            ("Nghị định", "72/2013/NĐ-CP", "2013-07-15", "Chính phủ", "mentions"),
        ],
    ),
    (
        "Quyết định này thay thế Quyết định số 15/QĐ-UBND ngày 04/01/2016",
        [("Quyết định", "15/QĐ-UBND", "2016-01-04", None, "replaces")],
    ),
    ("Bãi bỏ Kế hoạch số 9-KH/HU", [("Kế hoạch", "9-KH/HU", None, None, "repeals")]),
    (
        "Sửa đổi, bổ sung Quyết định số 7/2019/QĐ-UBND",
        [("Quyết định", "7/2019/QĐ-UBND", None, None, "amends")],
    ),
]  # fmt: skip
CODES = [
    ("Hướng dẫn", "05-HD/BTGTW"), ("Nghị quyết liên tịch", "403/2017/NQLT-UBTVQH14-CP"), ("Luật", "80/2015/QH13"),
    ("Pháp lệnh", "02/2020/PL-UBTVQH14"), ("Lệnh", "01/2020/L-CTN"), ("Văn bản hợp nhất", "12/VBHN-VPQH"),
    ("Kết luận", "10-KL/TW"), ("Thông tri", "03-TT/TU"), ("Quy chế", "02-QC/HU"), ("Quy trình", "05-QTr/TU"),
    ("Chương trình", "12-CTr/HU"), ("Đề án", "03-ĐA/TU"), ("Công văn", "134-CV/UBKTTU"), ("Giấy mời", "45/GM-UBND"),
    ("Công điện", "06/CĐ-TTg"), ("Tờ trình", "162/TTr-SNN"), ("Thông báo", "12/TB-VPCP"), ("Nghị quyết", "05-NQ/ĐU"),
    ("Thông tư", "27/2020/TT-BTNMT"), ("Thông tư liên tịch", "55/2005/TTLT-BNV-VPCP"), ("Nghị quyết", "30a/2008/NQ-CP"),
    ("Chương trình hành động", "12-CTrHĐ/TU"), ("Quy định", "19-QĐi/TU"), ("Kế hoạch", "367-KH/TWĐTN-BTG"),
]  # fmt: skip
MISREAD = [
    ("15/QÐ-UBND", "15/QĐ-UBND"), ("15/0Đ-UBND", "15/QĐ-UBND"), ("15/ỌĐ-UBND", "15/QĐ-UBND"),
    ("l5/QĐ-UBND", "15/QĐ-UBND"),
    ("15/QĐ-U8ND", "15/QĐ-UBND"), ("2O/2019/NQ-HĐND", "20/2019/NQ-HĐND"), ("20/20l9/NQ-HĐND", "20/2019/NQ-HĐND"),
    ("20/2019/NO-HĐND", "20/2019/NQ-HĐND"), ("23/2012/TT-BCÀ", "23/2012/TT-BCA"), ("18/CT-TTq", "18/CT-TTg"),
    ("18/€T-TTg", "18/CT-TTg"), ("34 -CT/TW", "34-CT/TW"), ("34—CT/TW", "34-CT/TW"), ("34.CT/TW", "34-CT/TW"),
    ("34 CT/TW", "34-CT/TW"), ("42-CT⁄TU", "42-CT/TU"), ("42-CT1TU", "42-CT/TU"), ("42-CT/IU", "42-CT/TU"),
    ("42-C1/TU", "42-CT/TU"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "wanted"), FORMS, ids=[s[:40] for s, _ in FORMS])
def test_forms(sentence: str, wanted: list[Wanted]) -> None:
    found = find_mentions(sentence)
    names = [m.reference.text if m.reference else m.title for m in found]
    rows = [(m.type, name, m.issued_on, m.issuer, m.relation) for m, name in zip(found, names, strict=True)]
    assert rows == wanted


@pytest.mark.parametrize(("kind", "number"), CODES)
@pytest.mark.parametrize("word", ["số ", ""])
def test_codes(kind: str, number: str, word: str) -> None:
    (found,) = find_mentions(f"Căn cứ {kind} {word}{number} ngày 03/4/2018 về công tác năm;")
    assert found.reference is not None
    assert (found.type, found.reference.text, found.issued_on) == (kind, number, "2018-04-03")


@pytest.mark.parametrize(("printed", "meant"), MISREAD)
def test_misread_numbers(printed: str, meant: str) -> None:
    (found,) = find_mentions(f"Căn cứ Văn bản số {printed} ngày 03/4/2018")
    assert found.reference is not None
    assert found.reference.text == meant
    assert found.confidence < 0.9 or printed.replace("Ð", "Đ").replace("—", "-").replace(" ", "") == meant


@pytest.mark.parametrize(
    "text", ["giảm 15/100 hộ-nghèo", "số 3/4 thôn - bản", "số 12/AB-XYZW của xã", "số 15 người/hộ"]
)
def test_other_numbers_name_no_document(text: str) -> None:
    assert not [m for m in find_mentions(text) if m.reference is not None and m.reference.type_code]


def test_a_number_that_was_not_read_to_its_end_is_doubted() -> None:
    (mention,) = find_mentions("Kế hoạch số 77-KH/I-IU")
    assert mention.confidence < 0.5


def test_digits_before_a_number_make_it_doubtful() -> None:
    (mention,) = find_mentions("Quyết định số: 3 5 9 /QĐ-UBND ngày 3/4/2015")
    assert mention.spaced
    (mention,) = find_mentions("Quyết định số 359 /QĐ-UBND ngày 3/4/2015")
    assert not mention.spaced
