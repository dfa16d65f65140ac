"""Offices that a rubber stamp put half over each other, read in slices."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.recognition.offices import read_offices
from pipeline.read.recognition.second import SecondReader, second_reader
from pipeline.read.token import text_of
from tests.read.printed import FONT_FILE

LETTER = 22.0


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    found = second_reader("vie")
    if found is None:
        pytest.skip("the Vietnamese model of tesseract is not installed")
    return found


def signature(*lines: tuple[float, float, str]) -> Pixels:
    """Lines at (left, top) in pixels, 14 points at 300 dpi."""
    image = Image.new("L", (900, 420), 255)
    font = ImageFont.truetype(str(FONT_FILE), 40)
    for left, top, text in lines:
        ImageDraw.Draw(image).text((left, top), text, font=font, fill=0)
    return as_pixels(np.asarray(image))


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([(300, 60, "GIÁM ĐỐC"), (230, 98, "PHÓ GIÁM ĐỐC")], ["GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ([(230, 60, "KT. HIỆU TRƯỞNG"), (210, 100, "PHÓ HIỆU TRƯỞNG")], ["KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"]),
        ([(300, 60, "CHỦ TỊCH")], ["CHỦ TỊCH"]),
        ([(230, 60, "SỞ Y TẾ")], []),
        ([(120, 60, "Các đơn vị báo cáo trước ngày 30")], []),
        ([], []),
    ],
)
def test_offices_are_read_line_by_line(
    reader: SecondReader, lines: list[tuple[float, float, str]], wanted: list[str]
) -> None:
    assert [text_of(line) for line in read_offices(reader, signature(*lines), LETTER, None)] == wanted


def test_an_office_with_marks_before_it_counts_where_it_stands_on_the_axis(reader: SecondReader) -> None:
    piece = signature((170, 60, "#% 8"), (300, 60, "GIÁM ĐỐC"))
    assert read_offices(reader, piece, LETTER, None) == []
    assert read_offices(reader, piece, LETTER, 300.0) == []
    assert [text_of(line) for line in read_offices(reader, piece, LETTER, 405.0)] == ["GIÁM ĐỐC"]


def test_a_strip_lower_than_a_line_holds_nothing(reader: SecondReader) -> None:
    assert read_offices(reader, as_pixels(np.full((10, 300), 255)), LETTER, None) == []
