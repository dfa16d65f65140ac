"""The signature beside the recipients, under a seal and a pen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.models import Box, LineRole
from pipeline.read.pictures.clean import Cleaned, clean
from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.recognition.second import second_reader
from pipeline.read.recognition.signing import read_signature_again
from pipeline.read.token import PlacedLine, Token, text_of
from tests.read.printed import draw_page

RECIPIENTS = [(60, 250, "Nơi nhận:"), (60, 266, "- Như trên;"), (60, 282, "- Các thôn;"), (60, 298, "- Lưu: VT.")]
BODY = [
    (60, 190 + 16 * n, "Các thôn báo cáo kết quả thực hiện trước ngày 30 tháng 11 năm 2024 theo quy định.")
    for n in (0, 1)
]
DPI = 200


def page_of(signature: list[tuple[float, float, str]]) -> Pixels:
    return as_pixels(np.asarray(draw_page(BODY + RECIPIENTS + signature, DPI)).copy())


def sealed(page: Pixels, at: tuple[float, float] = (390, 300)) -> Pixels:
    """The page with the ring of a seal and a stroke of a pen."""
    centre = (round(at[0] * DPI / 72), round(at[1] * DPI / 72))
    cv2.circle(page, centre, 100, (0.0,), 4)
    cv2.circle(page, centre, 70, (0.0,), 2)
    cv2.line(page, (centre[0] - 60, centre[1] + 10), (centre[0] + 330, centre[1] - 40), (0.0,), 4)
    return page


def first_reading(cleaned: Cleaned, extra: tuple[PlacedLine, ...] = ()) -> list[PlacedLine]:
    """What a reader that lost the signature hands on."""
    scale = DPI / 72 * cleaned.grey.shape[1] / round(595 * DPI / 72)
    lines = []
    for left, top, text in [*BODY, *RECIPIENTS]:
        words, x = [], left
        for word in text.split():
            width = 5.9 * len(word)
            words.append(Token(word, Box(x * scale, (top - 10) * scale, (x + width) * scale, (top + 2) * scale), 0.95))
            x += width + 3.5
        role = LineRole.BODY if top < 240 else LineRole.RECIPIENTS
        lines.append(PlacedLine((tuple(words),), role))
    return [*lines, *extra]


def signature_in(lines: list[PlacedLine]) -> list[str]:
    return [text_of(line.tokens) for line in lines if line.role is LineRole.SIGNATURE]


def test_office_and_name_under_a_seal_are_read() -> None:
    page = sealed(page_of([(370, 250, "CHỦ TỊCH"), (350, 350, "Lê Hoàng Mẫu")]))
    cleaned = clean(page)
    again = read_signature_again(first_reading(cleaned), cleaned, page, "vie")
    assert signature_in(again) == ["CHỦ TỊCH", "Lê Hoàng Mẫu"]
    assert [text_of(li.tokens) for li in again if li.role is LineRole.RECIPIENTS] == [t for _, _, t in RECIPIENTS]
    assert [text_of(li.tokens) for li in again if li.role is LineRole.BODY] == [t for _, _, t in BODY]


def test_a_deputys_office_stamped_under_the_heads_is_the_signers() -> None:
    page = sealed(page_of([(370, 250, "GIÁM ĐỐC"), (345, 262, "PHÓ GIÁM ĐỐC"), (350, 355, "Lê Hoàng Mẫu")]), (330, 310))
    cleaned = clean(page)
    head = [Token(word, Box(1035 + 60 * n, 670, 1090 + 60 * n, 695), 0.95) for n, word in enumerate(["GIÁM", "ĐỐC"])]
    lines = first_reading(cleaned, (PlacedLine((tuple(head),), LineRole.SIGNATURE),))
    found = signature_in(read_signature_again(lines, cleaned, page, "vie"))
    assert found[-2:] == ["PHÓ GIÁM ĐỐC", "Lê Hoàng Mẫu"]


def test_a_short_name_that_begins_under_a_seal_is_not_trusted() -> None:
    page = sealed(page_of([(370, 250, "CHỦ TỊCH"), (350, 340, "Hoàng Mẫu")]), (340, 330))
    cleaned = clean(page)
    scale = cleaned.grey.shape[1] / 595
    words = [(350, 385, "Hoàng"), (389, 420, "Mẫu")]
    name = tuple(Token(w, Box(a * scale, 330 * scale, b * scale, 342 * scale), 0.95) for a, b, w in words)
    lines = first_reading(cleaned, (PlacedLine((name,), LineRole.SIGNATURE),))
    again = read_signature_again(lines, cleaned, page, "vie")
    kept = [li for li in again if li.role is LineRole.SIGNATURE and text_of(li.tokens) == "Hoàng Mẫu"]
    assert all(token.confidence <= 0.5 for line in kept for token in line.tokens)


def test_a_name_in_red_ink_is_read_although_red_seals_are_taken_off() -> None:
    grey = Image.fromarray(page_of([(370, 250, "GIÁM ĐỐC")]))
    name = np.asarray(draw_page([(350, 350, "Lê Hoàng Mẫu")], DPI))
    page = np.asarray(grey.convert("RGB")).copy()
    page[name < 128] = (215, 40, 50)
    cleaned = clean(as_pixels(page))
    assert (
        signature_in(read_signature_again(first_reading(cleaned), cleaned, as_pixels(page), "vie"))[-1]
        == "Lê Hoàng Mẫu"
    )


@pytest.mark.parametrize(
    "written", [[], [(350, 330, "ỦY BAN NHÂN DÂN")], [(350, 330, "2 7 / x")], [(300, 310, "SỞ Y TẾ")]]
)
def test_what_is_no_office_and_no_name_is_left_out(written: list[tuple[float, float, str]]) -> None:
    page = sealed(page_of(written))
    cleaned = clean(page)
    assert signature_in(read_signature_again(first_reading(cleaned), cleaned, page, "vie")) == []


def test_a_whole_signature_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of([(370, 250, "CHỦ TỊCH"), (350, 350, "Lê Hoàng Mẫu")])
    cleaned = clean(page)
    office = [Token(word, Box(900 + 60 * n, 650, 950 + 60 * n, 675), 0.95) for n, word in enumerate(["CHỦ", "TỊCH"])]
    name = [
        Token(word, Box(900 + 60 * n, 950, 950 + 60 * n, 975), 0.95) for n, word in enumerate(["Lê", "Hoàng", "Mẫu"])
    ]
    extra = tuple(PlacedLine((tuple(words),), LineRole.SIGNATURE) for words in (office, name))
    lines = first_reading(cleaned, extra)
    monkeypatch.setattr("pipeline.read.recognition.signing.second_reader", lambda language: pytest.fail("read again"))
    assert read_signature_again(lines, cleaned, page, "vie") == lines


def test_pages_without_recipients_are_left_alone() -> None:
    page = sealed(page_of([(350, 350, "Lê Hoàng Mẫu")]))
    cleaned = clean(page)
    lines = first_reading(cleaned)[: len(BODY)]
    assert read_signature_again(lines, cleaned, page, "vie") == lines


@pytest.mark.parametrize("noise", [0.0, 9.0])
def test_a_place_that_shows_nothing_unread_is_not_read(monkeypatch: pytest.MonkeyPatch, noise: float) -> None:
    clear = page_of([])
    page = as_pixels((clear - np.abs(np.random.default_rng(5).normal(0, noise, clear.shape))).clip(0, 255))
    cleaned = clean(page)
    reader = second_reader("vie")
    assert reader is not None
    monkeypatch.setattr(type(reader), "read_all", lambda *_: pytest.fail("read again"))
    lines = first_reading(cleaned)
    assert read_signature_again(lines, cleaned, page, "vie") == lines
