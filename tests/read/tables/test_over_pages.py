"""Sums and row numbers of tables that go on over pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Box, Page
from pipeline.read.tables.continuation import join_pages
from pipeline.read.tables.over_pages import weigh_over_pages, with_words
from pipeline.read.token import Token
from tests.read.tables.test_continuation import page_of, text_line

HEADING = ["TT", "Nội_dung", "Hộ"]
FIRST = [HEADING, ["1", "Mây", "15"], ["2", "Nắng", "27"]]
SECOND = [HEADING, ["3", "Hưng", "108"], ["4", "Lộng", "46"]]
THIRD = [["5", "Hạ", "9"], ["", "Tổng_cộng", "205"]]


def scanned(number: int, rows: list[list[str]], misread: dict[str, tuple[str, float, tuple[str, ...]]]) -> Page:
    """A page whose words are named by what is printed: what was read for it, how surely, and what else."""
    page = page_of(number, rows, above=(text_line("Trang", 30),) if number == 1 else ())
    changes = {}
    for at, word in enumerate(page.words):
        printed = page.text_raw[word.start : word.end]
        text, confidence, others = misread.get(printed, (printed, 0.9, ()))
        box = word.box or Box(0, 0, 1, 1)
        changes[at] = Token(text, box, confidence, alternatives=tuple((t, 0.4) for t in others))
    return replace(with_words(page, changes), method="ocr")


def column(pages: tuple[Page, ...], number: int = 2) -> list[str]:
    return [
        page.text_raw[cell.start : cell.end]
        for page in pages
        for table in page.tables
        for cell in table.cells
        if cell.column == number and not cell.header
    ]


def read(misread: dict[str, tuple[str, float, tuple[str, ...]]]) -> tuple[Page, ...]:
    named = [[[text.replace("_", "") for text in row] for row in rows] for rows in (FIRST, SECOND)]
    third = [["5", "Hạ", "9"], ["", "Tổng cộng", "205"]]
    return join_pages([scanned(n, rows, misread) for n, rows in enumerate([*named, third], start=1)])


def test_the_reading_that_makes_the_sum_of_all_pages_hold_is_chosen() -> None:
    pages = read({"108": ("1038", 0.6, ("103", "108"))})
    assert column(pages)[-5:] == ["27", "108", "46", "9", "205"]
    second = pages[1]
    cell = next(c for c in second.tables[0].cells if second.text_raw[c.start : c.end] == "108")
    assert cell.confidence == pytest.approx(0.6) or cell.confidence > 0.5
    assert second.text_raw == "TT\tNộidung\tHộ\n3\tHưng\t108\n4\tLộng\t46"
    assert [second.text_raw[line.start : line.end] for line in second.lines][-1] == "4\tLộng\t46"


def test_numbers_that_add_up_over_pages_are_believed() -> None:
    pages = read({"15": ("15", 0.4, ("16",)), "9": ("9", 0.45, ("5",))})
    assert all(
        cell.confidence > 0.9
        for page in pages
        for cell in page.tables[0].cells
        if cell.column == 2 and not cell.header and cell.row > 0
    )


def test_row_numbers_go_on_over_pages() -> None:
    pages = read({"3": ("8", 0.5, ())})
    assert [text for text in column(pages, 0) if text][-5:] == ["1", "2", "3", "4", "5"]


def test_a_table_of_another_page_is_no_part_of_the_sum() -> None:
    named = [[text.replace("_", "") for text in row] for row in FIRST]
    pages = [scanned(1, named, {"27": ("21", 0.6, ("27",))}), page_of(3, [["", "Tổng cộng", "42"]] * 2)]
    assert join_pages(pages)[0].text_raw == pages[0].text_raw


def test_pages_of_text_layers_stay() -> None:
    pages = tuple(replace(page, method="text_layer") for page in read({"108": ("103", 0.6, ("108",))}))
    assert weigh_over_pages(pages) == pages
    assert weigh_over_pages([]) == ()


@given(st.dictionaries(st.integers(0, 11), st.text("0123456789,", min_size=1, max_size=6)))
def test_spans_follow_words_that_change(readings: dict[int, str]) -> None:
    page = page_of(1, [["1", "Xã Mây", "1.250"], ["2", "Xã Nắng", "7"]], above=(text_line("Các chỉ tiêu", 90),))
    readings = {at: text for at, text in readings.items() if at < len(page.words)}
    before = [page.text_raw[w.start : w.end] for w in page.words]
    after = with_words(page, {at: Token(text, Box(0, 0, 1, 1), 0.3) for at, text in readings.items()})
    shown = [after.text_raw[w.start : w.end] for w in after.words]
    assert shown == [readings.get(at, text) for at, text in enumerate(before)]
    words = iter(shown)
    for line in after.lines:
        inside = after.text_raw[line.start : line.end].split()
        assert inside == [next(words) for _ in inside]
    for old, new in zip(page.tables[0].cells, after.tables[0].cells, strict=True):
        numbers = [n for n, w in enumerate(page.words) if old.start <= w.start and w.end <= old.end]
        assert after.text_raw[new.start : new.end].split() == [shown[n] for n in numbers]
        assert new.confidence == (0.3 if any(n in readings for n in numbers) else old.confidence)
