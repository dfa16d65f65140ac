"""How a text looks to the restorer."""

from __future__ import annotations

import pytest

from pipeline.restore.state import Looker, State, state_of


def test_a_look_counts_words_and_what_they_show() -> None:
    seen = Looker(lambda word: word != "Berlin", lambda word: word == "xã").look("Xã A, xã B; xã HD 12 Berlin nam")
    assert (seen.every, seen.strange, seen.words) == (6, 3, 5)
    assert (seen.marked, seen.spelled, seen.spelled_small) == pytest.approx((0.6, 0.8, 1.0))


def test_states() -> None:
    spelled = {"các", "thôn", "bản", "họp", "dân", "trước", "ngày", "cac", "thon", "ban", "hop", "dan", "truoc", "ngay"}
    looker = Looker(lambda word: word.lower() in spelled, lambda word: True)
    states = {
        "Các thôn, bản họp dân trước ngày 15": State.GOOD,
        "Cac thon, ban hop dan truoc ngay 15": State.STRIPPED,
        "Villages hold their meetings before noon": State.FOREIGN,
        "12 13": State.FOREIGN,
    }
    assert {text: state_of(looker.look(text)) for text in states} == states
