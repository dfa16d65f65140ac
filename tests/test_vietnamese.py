"""Letters, tones and syllables."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnamese import fold, fold_in_place, is_bare_syllable, is_syllable, one_tone_style, strip_marks


@pytest.mark.parametrize(
    ("new_style", "old_style"),
    [("hoà", "hòa"), ("Thuỷ", "Thủy"), ("UỶ", "ỦY"), ("loè", "lòe"), ("hoà bình", "hòa bình"), ("khoẻ", "khỏe")],
)
def test_the_newer_tone_style_becomes_the_older(new_style: str, old_style: str) -> None:
    assert one_tone_style(new_style) == old_style


@pytest.mark.parametrize("word", ["quý", "quỳ", "hoàn", "thuyền", "quà", "Quỹ"])
def test_tones_that_have_one_place_only_stay(word: str) -> None:
    assert one_tone_style(word) == word


@given(st.text())
def test_tone_style_keeps_length_and_is_idempotent(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    once = one_tone_style(text)
    assert len(once) == len(text)
    assert one_tone_style(once) == once


@given(st.text())
def test_stripping_marks_keeps_length(text: str) -> None:
    assert len(strip_marks(text)) == len(text)


def test_folding_is_for_comparison() -> None:
    assert fold("  ĐẠI  Hội\nĐảng ") == "dai hoi dang"


@pytest.mark.parametrize(
    "word",
    ["nghiêng", "quyết", "giếng", "khuya", "hòa", "hoà", "gì", "gìn", "giặc", "quốc", "uống", "yếu", "thuở", "ngoằn"],
)
def test_syllables_are_known(word: str) -> None:
    assert is_syllable(word)
    assert is_bare_syllable(strip_marks(word))


@pytest.mark.parametrize("word", ["COVID", "bat", "thdn", "phudng", "hội1", "", "ngh", "cáò", "OCOP"])
def test_what_cannot_be_a_syllable_is_none(word: str) -> None:
    assert not is_syllable(word)


def test_bare_syllables_need_no_marks_but_the_right_letters() -> None:
    assert all(map(is_bare_syllable, ("Quoc", "mien", "Đức")))
    assert not any(map(is_bare_syllable, ("ttr", "sino", "", "ac1")))


@given(st.text())
def test_folding_in_place_keeps_every_offset(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


def test_folding_in_place_makes_any_white_space_a_blank() -> None:
    assert fold_in_place("ĐẠI\tHội\u00a0Đảng\n") == "dai hoi dang "
