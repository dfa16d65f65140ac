from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.models import Source
from pipeline.read import read_source
from pipeline.read.pictures.picture import Picture
from pipeline.read.pictures.upright import quarter_turn, share_of_syllables, turned
from pipeline.settings import ReadSettings
from tests.read.printed import LETTER, draw_page

BODY = "giảm tỷ lệ hộ nghèo còn 3,5% vào"


@pytest.mark.parametrize("lies", [90, 180, 270])
def test_a_page_is_read_the_right_way_up(
    lies: int, tmp_path: Path, source_of: Callable[[Path], Source], settings: ReadSettings
) -> None:
    path = tmp_path / "xoay.png"
    # Pillow turns anticlockwise: turning by as much clockwise sets the page right.
    draw_page(LETTER).rotate(lies, expand=True).save(path, dpi=(200, 200))
    (page,) = read_source(source_of(path), settings).pages
    assert page.rotation == lies
    assert BODY in page.text_raw
    assert (page.width, page.height) == pytest.approx((595, 842), abs=2)
    start = page.text_raw.index("12/KH-UBND")
    box = page.box_of(start, start + 10)
    assert box is not None
    assert box.x0 == pytest.approx(88, abs=8)
    assert box.y1 == pytest.approx(102, abs=6)


def test_turning_keeps_every_pixel() -> None:
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3)
    picture = Picture(pixels, 30, 20)
    assert turned(picture, 0) is picture
    assert turned(picture, 90).pixels.tolist() == [[3, 0], [4, 1], [5, 2]]
    assert (turned(picture, 90).width, turned(picture, 90).height) == (20, 30)
    assert turned(turned(picture, 90), 270).pixels.tolist() == pixels.tolist()
    assert turned(picture, 180).pixels.tolist() == [[5, 4, 3], [2, 1, 0]]


@pytest.mark.parametrize("size", [(1, 1), (40, 3), (900, 20)])
def test_pictures_without_lines_are_not_turned(size: tuple[int, int]) -> None:
    for value in (0, 255):
        pixels = np.asarray(Image.new("L", size, value), dtype=np.uint8)
        assert quarter_turn(Picture(pixels, *map(float, size)), "vie") == 0


def test_share_of_syllables() -> None:
    assert share_of_syllables([]) == 0.0
    assert share_of_syllables([("nghèo,", 0.9), ("2024", 0.9)]) == 1.0
    assert share_of_syllables([("nghèo", 0.9), ("ɐʎʇxz", 0.9)]) == 0.5
    assert share_of_syllables([("nghèo", 0.2)]) == 0.0
