"""Pages that hold no words, turned pages, stamps and footnotes, from the picture to the typed lines."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.models import LineRole, Page
from pipeline.read.assemble import PageFacts
from pipeline.read.pictures.clean import clean
from pipeline.read.pictures.picture import Picture, Pixels, as_pixels
from pipeline.read.recognition.ocr import read_picture
from pipeline.settings import ReadSettings
from tests.read.printed import LETTER, draw_page

BODY = [
    (90, 120, "Thực hiện kế hoạch trồng cây năm 2024, các thôn trong xã đã trồng 1.250 cây xanh và"),
    (60, 138, "chăm sóc 3 ha rừng phòng hộ, giao cho các hộ gia đình quản lý từ đầu tháng 3 năm 2024"),
    (60, 156, "đến nay; tỷ lệ cây sống đạt 95%, cao hơn cùng kỳ năm trước, công tác tuyên truyền được"),
    (60, 174, "duy trì thường xuyên trên hệ thống loa của thôn và tại các buổi sinh hoạt hằng tháng của"),
]
NOTES = [
    (
        60,
        700,
        "1 Số liệu do các thôn báo cáo đến hết ngày 15 tháng 11 năm 2024, chưa có thôn Suối Nắng và thôn Bãi Lộng.",
    ),
    (60, 713, "2 Không tính diện tích cây phân tán trong vườn nhà."),
]


def read(pixels: Pixels, dpi: float = 200) -> Page:
    height, width = pixels.shape[:2]
    picture = Picture(pixels, width * 72 / dpi, height * 72 / dpi)
    return read_picture(picture, PageFacts(1, "ocr", picture.width, picture.height), ReadSettings())


def roles(page: Page, role: LineRole) -> list[str]:
    return [page.text_raw[line.start : line.end] for line in page.lines if line.role is role]


def noise() -> Pixels:
    return np.random.default_rng(3).integers(0, 256, (1100, 800), dtype=np.uint8)


def specks() -> Pixels:
    values = np.random.default_rng(4).random((1100, 800))
    return np.where(values < 0.03, 0, 255).astype(np.uint8)


def landscape() -> Pixels:
    """Hills under a sky with clouds and a house: shapes, edges and textures, no letters."""
    rng = np.random.default_rng(5)
    picture = np.zeros((800, 1100, 3), np.uint8)
    picture[:] = np.linspace(200, 120, 800)[:, None, None]
    for height, shade in ((350, 110), (450, 80), (580, 50)):
        top = height + 60 * np.sin(np.arange(1100) / rng.uniform(60, 160) + rng.uniform(0, 6))
        for column, row in enumerate(top.astype(int)):
            picture[row:, column] = (shade, shade + 20, shade - 20)
    cv2.rectangle(picture, (620, 520), (780, 680), (160.0, 90.0, 70.0), -1)
    for left in (640, 720):
        cv2.rectangle(picture, (left, 560), (left + 35, 600), (230.0, 230.0, 150.0), -1)
    grain = rng.normal(0, 12, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 1) + grain, 0, 255).astype(np.uint8)


def empty() -> Pixels:
    return np.full((1100, 800), 255, np.uint8)


@pytest.mark.parametrize("make", [empty, noise, specks, landscape])
def test_no_words_are_invented(make: Callable[[], Pixels]) -> None:
    page = read(make())
    assert len(page.words) <= (0 if make is empty else 3)
    assert all(word.confidence < 0.5 for word in page.words)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_upright(turn: int) -> None:
    upright = np.asarray(draw_page(LETTER, 150))
    page = read(np.ascontiguousarray(np.rot90(upright, turn // 90)), 150)
    assert page.rotation == turn
    assert "KẾ HOẠCH" in page.text_raw
    assert any(text.startswith("CỘNG HÒA") for text in roles(page, LineRole.HEADER_RIGHT))


def test_footnotes_are_no_part_of_the_body() -> None:
    small = np.asarray(draw_page(NOTES, 200, 8.0))
    pixels = np.minimum(np.asarray(draw_page(BODY, 200)), small)
    pixels[round(688 * 200 / 72) :][:2, 167:560] = 0
    read_page = read(pixels)
    notes = roles(read_page, LineRole.FOOTNOTE)
    assert len(notes) == 2
    assert "Suối Nắng" in notes[0]
    assert all("Suối" not in text for text in roles(read_page, LineRole.BODY))


@pytest.mark.parametrize("frame", [True, False])
def test_a_stamp_of_incoming_mail_is_no_sentence(frame: bool) -> None:
    stamp = [(66, 150, "CÔNG VĂN ĐẾN"), (66, 164, "Số: 2770"), (66, 178, "Ngày: 04/4/2024")]
    moved = [(left, top + (80 if top > 130 else 0), text) for left, top, text in LETTER]
    image = np.asarray(draw_page([*moved, *stamp], 200)).copy()
    if frame:
        scale = 200 / 72
        corners = [tuple(round(v * scale) for v in point) for point in ((56, 132), (190, 186))]
        cv2.rectangle(image, corners[0], corners[1], (0.0,), 3)
    page = read(image)
    assert len(roles(page, LineRole.STAMP)) == 3
    body = " ".join(roles(page, LineRole.BODY))
    assert "2770" not in body
    assert "ĐẾN" not in body


def test_black_edges_and_holes_are_no_text() -> None:
    pixels = np.asarray(draw_page(LETTER, 200)).copy()
    pixels[:, :25] = 0
    pixels[-30:, :] = 15
    for row in (600, 1500):
        cv2.circle(pixels, (70, row), 22, (20.0,), -1)
    page = read(pixels)
    clean_page = read(np.asarray(draw_page(LETTER, 200)))
    assert page.text_raw == clean_page.text_raw


def test_a_page_reads_the_same_after_any_other() -> None:
    pixels = np.asarray(draw_page(LETTER, 150).convert("L"))
    grey = np.asarray(Image.fromarray(pixels).resize((1000, 1400)))
    first = read(grey, 120)
    read(np.asarray(draw_page(BODY, 150)), 150)
    assert read(grey, 120) == first


def test_a_page_of_600_dpi_keeps_its_places() -> None:
    picture = draw_page(LETTER, 200)
    small = read(np.asarray(picture))
    large = read(np.asarray(picture.resize((picture.width * 3, picture.height * 3))), 600)
    assert large.text_raw.split()[:20] == small.text_raw.split()[:20]
    for one, other in zip(large.words[:20], small.words[:20], strict=True):
        assert abs(one.box.x0 - other.box.x0) < 2
        assert abs(one.box.y0 - other.box.y0) < 2


def _stamp(ink: tuple[int, int, int], over: list[tuple[float, float, str]]) -> Pixels:
    """A page with a ring and words of a stamp in one ink over its text."""
    page = np.asarray(draw_page(over).convert("RGB")).copy()
    ring = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(ring, (700, 300), 120, (255.0,), 5)
    cv2.putText(ring, "DEN 1457", (600, 310), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255.0,), 4)
    return as_pixels(np.where((ring > 0)[..., None], np.minimum(page, np.array(ink, np.uint8)), page))


@pytest.mark.parametrize("ink", [(45, 60, 175), (95, 50, 165), (30, 95, 190), (205, 45, 50)])
def test_a_coloured_stamp_leaves_the_print_beneath_it(ink: tuple[int, int, int]) -> None:
    text = [
        (60.0, 60.0 + 18 * n, "Các thôn chuẩn bị đất, giống và phân bón để trồng chè đúng thời vụ.") for n in range(9)
    ]
    plain = clean(as_pixels(np.asarray(draw_page(text)))).grey
    lifted = clean(_stamp(ink, text)).grey
    assert lifted.shape == plain.shape
    assert float(((plain < 128) & (lifted > 200)).mean()) < 0.002  # of the print nothing is lost
    assert float(((plain > 250) & (lifted < 128)).mean()) < 0.0005  # of the stamp nothing is left


def test_blue_text_that_lies_on_nothing_stays() -> None:
    lines = [(60.0, 60.0 + 30 * n, "Trang thông tin điện tử của xã") for n in range(6)]
    black = np.asarray(draw_page(lines).convert("RGB"))
    page = black.copy()
    page[100:200][page[100:200].min(axis=2) < 128] = (30, 60, 190)
    kept = (clean(as_pixels(page)).grey < 160).sum() / (clean(as_pixels(black)).grey < 160).sum()
    assert kept > 0.9


def damaged(make: Callable[[np.random.Generator, np.ndarray], np.ndarray]) -> tuple[Pixels, str]:
    """A small page at 150 dpi with noise, and what is read of it."""
    page = cv2.resize(np.asarray(draw_page(BODY).convert("L")), None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    pixels = make(np.random.default_rng(3), page.astype(np.float64) * 0.8 + 30)
    noisy = as_pixels(np.clip(pixels, 0, 255).astype(np.uint8))
    return noisy, read(noisy, 150).text_raw


def grain(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    return page + rng.normal(0, 34, page.shape)


def salt_and_pepper(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    where = rng.random(page.shape)
    return np.where(where < 0.02, 20.0, np.where(where > 0.98, 250.0, page))


@pytest.mark.parametrize("make", [grain, salt_and_pepper])
def test_letters_survive_the_noise_that_is_taken_away(
    make: Callable[[np.random.Generator, np.ndarray], np.ndarray],
) -> None:
    pixels, text = damaged(make)
    assert clean(pixels).grey.std() < pixels.std()
    words = {word for _, _, line in BODY for word in line.split()}
    assert len(words & set(text.split())) >= 0.85 * len(words)
