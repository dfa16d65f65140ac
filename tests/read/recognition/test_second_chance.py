from __future__ import annotations

import numpy as np
import pytest

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.second_chance import read_illegible_again
from pipeline.read.token import Token
from tests.read.pictures.test_strokes import printed


def page_of(*shown: tuple[str, int], width: int = 900) -> tuple[Cleaned, list[Token]]:
    grey, tokens = printed([(text, left, 1) for text, left in shown], width=width)
    return Cleaned(grey, np.eye(3), letter=22.0), tokens


def with_text(token: Token, text: str, confidence: float) -> Token:
    return Token(text, token.box, confidence, row=3)


def test_a_word_that_nobody_can_read_is_read_alone() -> None:
    cleaned, (first, rest) = page_of(("Kiểm", 20), ("quả thực hiện", 180))
    tokens = [with_text(first, "Kiểm", 0.95), with_text(rest, "quảthụạchiện", 0.0)]
    found = read_illegible_again(tokens, cleaned, "vie")
    assert [t.text for t in found] == ["Kiểm", "quả", "thực", "hiện"]
    assert all(t.confidence >= 0.8 and t.row == 3 for t in found)
    assert found[1].box.x0 == pytest.approx(rest.box.x0, abs=6)
    assert found[1].box.x1 < found[2].box.x0 + 4
    assert found[3].box.x1 == pytest.approx(rest.box.x1, abs=6)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("quả", 0.3),  # Vietnamese, if doubtful
        ("HĐKHCN", 0.6),  # a short form
        ("ktbngoc", 0.9),  # sure
        ("12tx", 0.2),  # a number: others read it twice
        ("—", 0.0),  # no letters
    ],
)
def test_what_may_stand_there_stays(text: str, confidence: float) -> None:
    cleaned, (first, rest) = page_of(("Kiểm", 20), ("quả thực hiện", 180))
    tokens = [with_text(first, "Kiểm", 0.95), with_text(rest, text, confidence)]
    assert read_illegible_again(tokens, cleaned, "vie") == tokens


def test_scrawls_stay_what_they_are() -> None:
    cleaned, (first, rest) = page_of(("Kiểm", 20), ("Z®n~w", 180))
    tokens = [with_text(first, "Kiểm", 0.95), with_text(rest, "Z®n", 0.0)]
    assert read_illegible_again(tokens, cleaned, "vie") == tokens
    apart = [Token("Kiểm", first.box, 0.95, row=2), with_text(rest, "quảthụạchiện", 0.0)]
    assert read_illegible_again(apart, cleaned, "vie") == apart


def test_without_a_model_or_a_picture_everything_stays() -> None:
    cleaned, (first, rest) = page_of(("Kiểm", 20), ("quả thực hiện", 180))
    tokens = [with_text(first, "Kiểm", 0.95), with_text(rest, "quảthụạchiện", 0.0)]
    assert read_illegible_again(tokens, cleaned, "no-such-language") == tokens
    outside = [tokens[0], Token("xqzw", Box(5000, 40, 5100, 80), 0.1, row=3)]
    assert read_illegible_again(outside, cleaned, "vie") == outside
