"""Words that a reader takes for others are counted whole."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.models import Box, Page, Word
from pipeline.restore import restore_pages
from pipeline.restore.candidates import Found
from pipeline.restore.confusions import Taken, learn, numbered, or_taken
from pipeline.settings import RestoreSettings

PAIRS = [
    ("chỉ", "chi", 8),
    ("chi", "chi", 2),
    ("chỉ", "chỉ", 90),
    ("chí,", "chỉ", 1),
    ("4", "tư", 9),
    ("hoà", "hòa", 3),
]


def test_a_word_mostly_read_as_another_costs_little() -> None:
    costs = learn(PAIRS, knows_letters=True)
    assert set(costs) == {"chỉ"}
    assert costs["chỉ"]["chi"] == pytest.approx(0.63, abs=0.01)
    assert costs["chỉ"]["chỉ"] < 0.02


def test_a_reader_without_the_letters_is_taken_as_it_reads() -> None:
    costs = learn([("D6ng", "đông", 3), ("d6ng", "đồng", 1)], knows_letters=False)
    assert list(costs) == ["D6ng"]


def test_words_outside_the_vocabulary_are_left_out() -> None:
    taken = numbered({"chỉ": {"chi": 0.5, "lạ": 1.0}, "x": {"lạ": 0.1}}, {"chi": 7})
    assert list(taken) == ["chỉ"]
    assert taken["chỉ"].numbers.tolist() == [7]


def test_the_lower_cost_counts_and_new_words_are_added() -> None:
    offer = Found(np.array([3, 7]), np.array([1.0, 4.0], dtype=np.float32))
    taken = Taken(np.array([7, 9]), np.array([2.0, 0.5], dtype=np.float32))
    ids, costs = or_taken(offer, taken, 1.0)
    assert ids.tolist() == [3, 7, 9]
    assert costs.tolist() == [1.0, 1.0, 0.0]
    assert or_taken(offer, None, 1.0) is offer


def _read(text: str, confidence: float) -> str:
    """What comes of a page that the reader gave back so."""
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        words.append(Word(at, at + len(word), Box(0, 0, 10, 10), confidence))
    page = Page(1, text, "ocr", (), tuple(words))
    return restore_pages([page], RestoreSettings())[0].text


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Các sở, ngành phối hợp với chỉ nhánh ngân hàng nhà nước.", "chi nhánh"),
        ("QUYẾT ĐỊNH SỬA ĐỔI, BỔ SUNG CÓ HIỆU LỰC THỊ HÀNH KẾ TỪ NGÀY KÝ", "THI HÀNH KỂ TỪ"),
    ],
)
def test_words_that_the_reader_prefers_are_put_right(read: str, meant: str) -> None:
    assert meant in _read(read, 0.95)


@pytest.mark.parametrize("text", ["Thực hiện chỉ đạo của cấp trên.", "SỞ Y TẾ TP. HÀ TU, KCN BÀU"])
def test_what_is_right_stays(text: str) -> None:
    assert _read(text, 0.95) == text
