from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.models import LineRole, Source
from pipeline.read import ReadError, read_source
from pipeline.settings import ReadSettings
from tests.read.printed import LETTER, draw_page, noisy

MakeSource = Callable[[Path], Source]
BODY = "giảm tỷ lệ hộ nghèo còn 3,5% vào"


def saved(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_a_scanned_letter_is_read(suffix: str, tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    path = saved(draw_page(LETTER), tmp_path / f"thu{suffix}", dpi=(200, 200))
    (page,) = read_source(source_of(path), settings).pages
    assert page.method == "ocr"
    assert BODY in page.text_raw
    assert page.width == pytest.approx(595, abs=2)
    assert page.lines[0].role is LineRole.HEADER_LEFT


def test_a_skewed_noisy_page_is_read_and_boxes_are_where_the_words_are(
    tmp_path: Path, source_of: MakeSource, settings: ReadSettings
) -> None:
    image = noisy(draw_page(LETTER).rotate(1.5, fillcolor=255, resample=Image.Resampling.BICUBIC), 20)
    path = saved(image, tmp_path / "lech.png", dpi=(200, 200))
    (page,) = read_source(source_of(path), settings).pages
    assert BODY in page.text_raw
    start = page.text_raw.index("12/KH-UBND")
    box = page.box_of(start, start + 10)
    assert box is not None
    # Turned by 1.5° around the middle of the page: 321 pt higher up and 220 pt to the left of it.
    assert (box.x0 + box.x1) / 2 == pytest.approx(115 - 321 * np.sin(np.radians(1.5)), abs=10)
    assert (box.y0 + box.y1) / 2 == pytest.approx(97 + 190 * np.sin(np.radians(1.5)), abs=8)


def test_a_red_seal_is_taken_off_the_text(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    image = draw_page(LETTER).convert("RGB")
    seal = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(seal)
    draw.ellipse((500, 420, 800, 720), outline=(200, 40, 50), width=14)
    draw.ellipse((560, 480, 740, 660), outline=(200, 40, 50), width=10)
    printed = Image.fromarray(np.minimum(np.asarray(image), np.asarray(seal)))
    path = saved(printed, tmp_path / "dau.png", dpi=(200, 200))
    (page,) = read_source(source_of(path), settings).pages
    assert BODY in page.text_raw


def test_frames_of_a_tiff_are_pages(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    path = tmp_path / "nhieu-trang.tif"
    second = [(60, 60 + 20 * n, "Các thôn báo cáo kết quả trước ngày 25 hằng tháng.") for n in range(4)]
    draw_page(LETTER).save(path, save_all=True, append_images=[draw_page(second)], dpi=(200, 200))
    pages = read_source(source_of(path), settings).pages
    assert [page.number for page in pages] == [1, 2]
    assert "trước ngày 25 hằng tháng" in pages[1].text_raw


def test_a_photograph_turned_by_exif_is_read_upright(
    tmp_path: Path, source_of: MakeSource, settings: ReadSettings
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held sideways: show turned by 90° clockwise
    path = saved(draw_page(LETTER).rotate(90, expand=True), tmp_path / "anh.jpg", exif=exif)
    (page,) = read_source(source_of(path), settings).pages
    assert BODY in page.text_raw
    assert page.width is not None
    assert page.height is not None
    assert page.width < page.height


def test_an_empty_page_has_no_words(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    path = saved(noisy(Image.new("L", (1240, 1754), 245), 4), tmp_path / "trang.png")
    (page,) = read_source(source_of(path), settings).pages
    assert page.text_raw == ""


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + b"junk" * 30, b"no picture"])
def test_a_damaged_picture_says_so(
    content: bytes, tmp_path: Path, source_of: MakeSource, settings: ReadSettings
) -> None:
    path = tmp_path / "hong.png"
    path.write_bytes(content)
    with pytest.raises(ReadError) as caught:
        read_source(source_of(path), settings)
    assert caught.value.code == "damaged_image"


def test_a_truncated_picture_says_so(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    path = saved(draw_page(LETTER), tmp_path / "cut.png")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ReadError) as caught:
        read_source(source_of(path), settings)
    assert caught.value.code == "damaged_image"
