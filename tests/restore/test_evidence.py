"""What the reader of the image says about a word decides how much it takes to change it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.models import Alignment, Box, Edit, Page, Word
from pipeline.restore import restore_pages
from pipeline.restore.evidence import Evidence
from pipeline.settings import RestoreSettings
from tests.restore.pages import page_read

_BOX = Box(0, 0, 10, 10)


def _restored(page: Page) -> str:
    return restore_pages([page], RestoreSettings())[0].text


def test_unsure_word_costs_less() -> None:
    evidence = Evidence(page_read("xã Đồng Mây", Đồng=0.4), Alignment())
    assert evidence.at(3, 7).cost < evidence.at(0, 2).cost


def test_least_sure_word_of_a_span_counts() -> None:
    evidence = Evidence(page_read("xã Đồng Mây", Đồng=0.4), Alignment())
    assert evidence.at(0, 11).cost == evidence.at(3, 7).cost


def test_place_is_carried_back_to_the_raw_text() -> None:
    page = page_read("1lần báo cáo", báo=0.3)
    moved = Evidence(page, Alignment((Edit(0, 4, 0, 5),)))
    assert moved.at(6, 9).cost == Evidence(page, Alignment()).at(5, 8).cost


def test_alternatives_are_told() -> None:
    page = Page(1, "cân", "ocr", (), words=(Word(0, 3, _BOX, 0.5, (("cần", 0.4),)),))
    assert Evidence(page, Alignment()).at(0, 3).alternatives == ("cần",)


def test_words_that_were_not_seen_have_a_cost() -> None:
    assert Evidence(Page(1, "xã", "ocr", ()), Alignment()).at(0, 2).alternatives == ()


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("báo cáo kết quả vê Sở Kê hoạch và Đâu tư để tổng hợp", "về Sở Kế hoạch và Đầu tư để tổng hợp"),
        ("- Đây mạnh công tác tuyên truyền, vận động các tổ chức", "Đẩy mạnh công tác"),
        ("trường hợp vượt thấm quyên, kịp thời báo cáo huyện", "vượt thẩm quyền, kịp thời"),
        ("từ đó góp phân thúc đây phát triển kinh tế - xã hội", "góp phần thúc đẩy phát triển"),
    ],
)
def test_misreadings_beside_each_other_and_capitals(read: str, meant: str) -> None:
    assert meant in _restored(page_read(read, 0.93))


def test_capitals_of_typed_text_stay() -> None:
    text = "báo cáo kết quả với ông Trần Kê và bà Lê Thị Đâu để tổng hợp"
    assert _restored(replace(page_read(text), method="text_layer")) == text


@pytest.mark.parametrize("confidence", [0.3, 0.96])
def test_right_text_stays_however_unsure_the_reader_was(confidence: float) -> None:
    text = "Ủy ban nhân dân xã Đồng Mây chủ trì, phối hợp với các đơn vị liên quan tổ chức thực hiện."
    assert _restored(page_read(text, confidence)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Đơn vị\tThu ngân sách\tGiảm hộ nghèo (hộ)\nXã Đồng Mây\t120\t35",
        "Toàn huyện trồng 5.200ha ngô, 1.850ha lạc và rau màu các loại.",
    ],
)
def test_a_usual_word_without_neighbours_stays(text: str) -> None:
    assert _restored(page_read(text, 0.91)) == text


def test_a_word_stays_where_another_with_other_letters_is_more_usual() -> None:
    text = "Chi cho hội nghị, hội thảo, hội thao, hội diễn, hợp tác quốc tế và đầu tư cơ sở vật chất."
    assert _restored(page_read(text)) == text


def test_a_name_in_capitals_behind_the_kind_of_its_place_stays() -> None:
    text = "HỘI ĐỒNG NHÂN DÂN HUYỆN CỒN NGỌC\nNGHỊ QUYẾT"
    assert _restored(page_read(text, 0.93)) == text
