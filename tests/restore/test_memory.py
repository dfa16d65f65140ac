"""What the rest of a document says of a word."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.models import Page
from pipeline.restore import restore_pages
from pipeline.restore.memory import Memory
from pipeline.settings import RestoreSettings
from tests.restore.pages import page_read

TO, CHUC, CAC, HOI, TO_WITHOUT = 10, 11, 12, 13, 20
WELL_READ = [[CAC, TO, CHUC], [TO, CHUC, HOI], [HOI, TO, CHUC]]


def memory_of(sentences: list[list[int]]) -> Memory:
    """What a document says, from the words of each sentence."""
    numbers = [number for sentence in sentences for number in sentence]
    return Memory(np.array(numbers), np.array([len(sentence) for sentence in sentences]))


def gains(memory: Memory, sentence: int, place: int, others: list[int]) -> list[float]:
    """What a document says of other words in one place."""
    asked = (np.array([number]) for number in (sentence, place, len(others)))
    return memory.gains(*asked, np.array(others)).tolist()


def test_a_word_that_stands_thrice_before_its_neighbour_outweighs_one_that_does_not() -> None:
    often, seldom, never = gains(memory_of([*WELL_READ, [CAC, TO_WITHOUT, CHUC]]), 3, 1, [TO, HOI, 99])
    assert often > 2
    assert seldom < 1
    assert never == 0


def test_a_word_that_comes_as_often_is_not_outweighed() -> None:
    memory = memory_of([*WELL_READ, *([CAC, TO_WITHOUT, CHUC] for _ in range(4))])
    assert gains(memory, 3, 1, [TO]) == [0]


@pytest.mark.parametrize("place", [0, 1])
def test_the_edges_of_a_sentence_have_one_neighbour(place: int) -> None:
    memory = memory_of([[TO, CHUC], [TO, CHUC], [TO_WITHOUT, CHUC], [TO, HOI]])
    assert gains(memory, 2 + place, place, [TO if place == 0 else CHUC])[0] >= 0


def test_numbers_and_strange_words_are_no_neighbours() -> None:
    assert gains(memory_of([[2, TO], [2, TO], [0, TO], [2, TO_WITHOUT]]), 3, 1, [TO])[0] < 1


def test_a_document_puts_its_own_word_right() -> None:
    bad = "Xã thống kê các tô chức, hộ dân."
    good = ["Các tổ chức phải báo cáo.", "Xã mời các tổ chức họp.", "Mỗi tổ chức cử một người."]
    alone, together = (
        restore_pages([page_read("\n".join(lines), 0.97)], RestoreSettings())[0].text for lines in ([bad], [*good, bad])
    )
    assert "tổ chức, hộ" in together
    assert alone == bad


def test_a_name_without_marks_is_the_same_in_the_whole_document() -> None:
    last = "Bai Khe, ngay 22 thang 5"
    others = [
        "Uy ban nhan dan huyen Bai Khe bao cao.", "Huyen Bai Khe giao.", "Cac xa cua huyen Bai Khe.",
        "Huyen Bai Khe bao cao.", "Nhan dan huyen Bai Khe.", "Dang uy huyen Bai Khe.",
    ]  # fmt: skip
    alone, together = (
        restore_pages([Page(1, "\n".join(lines), "plain", ())], RestoreSettings())[0].text.split("\n")[-1]
        for lines in ([last], [*others, last])
    )
    assert together == "Bái Khê, ngày 22 tháng 5"
    assert alone != together
