"""What counts as a word, as a number, and as one word with wrong characters in it."""

from __future__ import annotations

import pytest

from pipeline.restore.language_model import BOUNDARY, NUMBER
from pipeline.restore.words import WORD, cut, damaged_word, in_case_of, in_case_of_letters, words_of


def _shown(text: str, damaged: bool = False) -> list[str]:
    kinds = {WORD: "", NUMBER: "#", BOUNDARY: "|"}
    found = cut(text, damaged)
    slots = zip(found.starts.tolist(), found.ends.tolist(), found.kinds.tolist(), strict=True)
    return [kinds[kind] + text[start:end] for start, end, kind in slots]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chỉ thị số 23-CT/TU, ngày 21/4/2017", ["Chỉ", "thị", "số", "#23-CT/TU,", "ngày", "#21/4/2017"]),
        ("khóa XIII. Tiếp tục", ["khóa", "#XIII", "|", "Tiếp", "tục"]),
        ("HĐND-UBND các xã", ["#HĐND-UBND", "các", "xã"]),
        ("cộng đồng Anh-An, Quoc-Cong", ["cộng", "đồng", "Anh", "An", "Quoc", "Cong"]),
        ("TTr-STC và Nd-Cp", ["#TTr-STC", "và", "#Nd-Cp"]),
        ("xã,thị trấn", ["xã", "thị", "trấn"]),
        ("3.Trách nhiệm", ["#3.", "|", "Trách", "nhiệm"]),
        ("1.Ve viec, 5ha, 2)Ủy ban", ["#1.", "|", "Ve", "viec", "#5ha,", "#2)", "Ủy", "ban"]),
        ("ngày13 tháng", ["ngày", "#13", "tháng"]),
        ("tăng 7,5%/năm, 50%; 12%GDP", ["tăng", "#7,5%/", "năm", "#50%;", "|", "#12%GDP"]),
        ("200....của xã", ["#200....", "|", "của", "xã"]),
        ("giá (đồng/m2), m3/ha/năm. 02/2020/NĐ", ["giá", "đồng", "#m2", "#m3", "#ha", "năm", "|", "#02/2020/NĐ"]),
        ("QH14 12m2 5km 01/QĐ-UBND", ["#QH14", "#12m2", "#5km", "#01/QĐ-UBND"]),
    ],
)
def test_slots(text: str, expected: list[str]) -> None:
    assert _shown(text) == expected


def test_a_hook_read_as_a_sign_belongs_to_its_word() -> None:
    assert _shown("cht: tich tu? do", damaged=True) == ["cht:", "tich", "tu?", "do"]
    assert _shown("gom: truong", damaged=True)[0] == "gom"
    assert _shown("cht: Tich", damaged=True)[0] == "cht"


@pytest.mark.parametrize(
    ("stretch", "words"),
    [("Xã", ("Xã",)), ("B;", ()), ("12/QĐ", ()), ("ngày3", ("ngày",)), ("xã,thôn", ("xã", "thôn"))],
)
def test_words_of_a_stretch(stretch: str, words: tuple[str, ...]) -> None:
    assert words_of(stretch) == words


@pytest.mark.parametrize("chunk", ["23-CT/TU", "192,7", "2020", "5m", "m2", "H5N1", "T79,", "1/2", "100%", "(12)", "6"])
def test_numbers_are_no_damaged_words(chunk: str) -> None:
    assert damaged_word(chunk) is None


@pytest.mark.parametrize(
    ("chunk", "core"), [("d6ng", "d6ng"), ("“b&o", "b&o"), ("h¢i,", "h¢i"), ("co’", "co’"), ("¥", "¥")]
)
def test_damaged_words(chunk: str, core: str) -> None:
    span = damaged_word(chunk)
    assert span is not None
    assert chunk[span[0] : span[1]] == core


@pytest.mark.parametrize(
    ("word", "model", "expected"),
    [("ủy", "Uy", "Ủy"), ("tỉnh", "TINH", "TỈNH"), ("là", "Ia", "là"), ("công", "CoOng", "Công"), ("xã", "xa", "xã")],
)
def test_case_stays(word: str, model: str, expected: str) -> None:
    assert in_case_of(word, model) == expected


@pytest.mark.parametrize(
    ("word", "model", "among", "expected"),
    [
        ("bộ", "BO", True, "BỘ"),
        ("bộ", "BO", False, "Bộ"),
        ("hội", "HGi", False, "Hội"),
        ("đảng", "DANG", False, "ĐẢNG"),
        ("và", "va", False, "và"),
    ],
)
def test_a_short_word_is_in_capitals_only_among_capitals(word: str, model: str, among: bool, expected: str) -> None:
    assert in_case_of(word, model, among) == expected


@pytest.mark.parametrize(
    ("word", "model", "expected"), [("tỉnh", "TiNH", "TỉNH"), ("tp", "TP", "TP"), ("kw", "kW", "kW")]
)
def test_each_letter_keeps_its_case(word: str, model: str, expected: str) -> None:
    assert in_case_of_letters(word, model) == expected
    with pytest.raises(ValueError, match="zip"):
        in_case_of_letters(word, model + "x")
