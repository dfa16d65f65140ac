"""List letters whose bar the reader saw though the picture has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.barred_letters import with_seen_bars
from pipeline.read.token import PlacedLine, Token
from tests.read.printed import FONT_FILE

FONTS = (FONT_FILE, FONT_FILE.with_name("DejaVuSerif.ttf"), FONT_FILE.with_name("DejaVuSerif-Italic.ttf"))
SAMPLES = "dân đường dùng được dưới đồng dài đến danh điều"


def printed(font: Path, words: str) -> tuple[Cleaned, list[Token]]:
    """Words printed in one line, as a reader places them."""
    face = ImageFont.truetype(str(font), 44)
    image = Image.new("L", (2400, 120), 255)
    draw = ImageDraw.Draw(image)
    tokens, left = [], 20.0
    for word in words.split():
        draw.text((left, 30), word, font=face, fill=0)
        tokens.append(Token(word, Box(*(float(v) for v in draw.textbbox((left, 30), word, font=face))), 0.96))
        left += draw.textlength(word, font=face) + 14
    return Cleaned(np.asarray(image, dtype=np.uint8), np.eye(3), letter=20.0), tokens


def read_as(token: Token, text: str, confidence: float) -> Token:
    return Token(text, token.box, confidence)


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
def test_the_picture_decides(font: Path) -> None:
    cleaned, tokens = printed(font, f"d) {SAMPLES} đ) đo do")
    tokens[0] = read_as(tokens[0], "đ)", 0.92)
    tokens[-1] = read_as(tokens[-1], "đo", 0.8)
    tokens[-2] = read_as(tokens[-2], "đo", 0.8)
    seen = with_seen_bars([PlacedLine((tuple(tokens),))], cleaned)[0].tokens
    assert [seen[0].text, seen[-3].text] == ["d)", "đ)"]
    assert [dict(token.alternatives).keys() for token in seen[-2:]] == [set(), {"do"}]


def test_without_models_nothing_is_changed() -> None:
    cleaned, tokens = printed(FONT_FILE, "d) dân được dùng")
    line = PlacedLine(((read_as(tokens[0], "đ)", 0.92), *tokens[1:]),))
    assert with_seen_bars([line], cleaned) == [line]


def test_a_box_outside_the_picture_does_no_harm() -> None:
    cleaned, tokens = printed(FONT_FILE, SAMPLES)
    line = PlacedLine(((Token("đ)", Box(5000, 5000, 5010, 5010)), *tokens),))
    assert with_seen_bars([line], cleaned) == [line]
