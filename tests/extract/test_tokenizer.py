"""Tokens never change a character."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.context import add_found
from pipeline.extract.language import COMPONENTS, language


def test_words_of_several_syllables_after_a_number() -> None:
    tokens = [t.text for t in language().make_doc("đạt 13.455,5 tấn và 05 hòm thư.")]
    assert "13.455,5" in tokens
    assert "hòm thư" in tokens


def test_known_units_need_no_words() -> None:
    tokens = [t.text for t in language().make_doc("có 05 hợp tác xã.")]
    assert tokens == ["có", "05", "hợp", "tác", "xã", "."]


def test_all_components_are_there_in_order() -> None:
    assert language().pipe_names == [f"chithi_{name}" for name in COMPONENTS]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_text_is_kept(text: str) -> None:
    assert language().make_doc(text).text == text


@pytest.mark.parametrize("text", ["7" * 300_000, "a " * 150_000, "x 5 y " * 20_000, "\x00\x01\u200b 5 xã"])
def test_strange_text_takes_linear_time(text: str) -> None:
    start = time.monotonic()
    assert language().make_doc(text).text == text
    assert time.monotonic() - start < 20


def test_two_results_of_one_stretch_are_two() -> None:
    doc = language().make_doc("đạt 5%")
    add_found(doc, "one", 4, 6, "first")
    add_found(doc, "other", 4, 6, "second")
    add_found(doc, "other", 4, 6, "third")
    assert [s._.found for s in doc.spans["one"]] == ["first"]
    assert [s._.found for s in doc.spans["other"]] == ["second", "third"]
