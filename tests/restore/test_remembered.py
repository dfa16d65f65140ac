"""Answers that are kept."""

from __future__ import annotations

import pytest

from pipeline.restore import remembered
from pipeline.restore.remembered import Remembered


def test_an_answer_is_worked_out_once() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Remembered(length)
    assert [lengths["xã"], lengths["thôn"], lengths["xã"]] == [2, 4, 2]
    assert asked == ["xã", "thôn"]


def test_neither_many_nor_long_words_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_MOST", 3)
    lengths = Remembered(len)
    assert [lengths["x" * size] for size in range(40)] == list(range(40))
    assert len(lengths) <= 3
    assert lengths["x" * 1000] == 1000
    assert "x" * 1000 not in lengths
