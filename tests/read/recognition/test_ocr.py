from __future__ import annotations

import pytest

from pipeline.models import Box
from pipeline.read.recognition.ocr import words_only
from pipeline.read.token import Token


def line(*words: tuple[str, float], row: int = 0) -> list[Token]:
    return [
        Token(text, Box(60 * n, 20 * row, 60 * n + 50, 20 * row + 14), confidence, row=row)
        for n, (text, confidence) in enumerate(words)
    ]


def texts(tokens: list[Token]) -> list[str]:
    return [token.text for token in words_only(tokens)]


@pytest.mark.parametrize("marker", ["VII.", "Ì.", "!.", "©)", "ø)"])
def test_a_doubtful_marker_before_sure_words_stays(marker: str) -> None:
    assert texts(line((marker, 0.1), ("Kinh", 0.96), ("phí:", 0.95))) == [marker, "Kinh", "phí:"]


@pytest.mark.parametrize(
    "words",
    [
        (("~|.", 0.1), ("Kinh", 0.4), ("phí", 0.5)),  # what follows is doubtful too
        (("Kinh", 0.96), ("phí", 0.95), ("~.", 0.1)),  # at the end of the line
        (("§¬~", 0.1), ("Kinh", 0.96), ("phí", 0.95)),  # no marker ends so
    ],
)
def test_other_doubtful_marks_are_dirt(words: tuple[tuple[str, float], ...]) -> None:
    kept = texts(line(*words, row=0) + line(("Nội", 0.96), ("dung", 0.96), row=1))
    assert not {"~|.", "~.", "§¬~"} & set(kept)


def test_a_doubtful_symbol_of_a_reference_number_stays() -> None:
    tokens = line(("Số:", 0.1), ("/STT-CN", 0.1), row=0) + line(("Nội", 0.96), ("dung", 0.96), row=1)
    assert texts(tokens) == ["Số:", "/STT-CN", "Nội", "dung"]


def test_a_marker_of_one_line_is_not_justified_by_the_next() -> None:
    tokens = line(("VII.", 0.1), row=0) + line(("Nội", 0.96), ("dung", 0.96), row=1)
    assert texts(tokens) == ["Nội", "dung"]
