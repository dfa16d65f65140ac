"""Numbers in digits and words, and the habit of the document."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.quantities.numbers import (
    NumberHabit,
    find_numbers,
    find_numbers_in_words,
    number_habit,
    number_of_words,
    parse_number,
)

COMMA = NumberHabit(",", ".")
POINT = NumberHabit(".", ",")
UNKNOWN = NumberHabit()


@pytest.mark.parametrize(
    ("literal", "habit", "value", "doubtful"),
    [
        ("13.455,5", UNKNOWN, 13455.5, False),
        ("13,455.5", UNKNOWN, 13455.5, False),
        ("1.234.567", UNKNOWN, 1234567, False),
        ("41.2", UNKNOWN, 41.2, False),
        ("4,5", UNKNOWN, 4.5, False),
        ("01", UNKNOWN, 1, False),
        ("0.125", UNKNOWN, 0.125, False),
        ("12.500", COMMA, 12500, False),
        ("12.500", UNKNOWN, 12500, False),
        ("12.500", POINT, 12.5, False),
        ("12,500", POINT, 12500, False),
        ("12,500", COMMA, 12.5, False),
        ("12,500", UNKNOWN, 12.5, True),
        ("12.500", NumberHabit(".", None), 12500, True),
    ],
)
def test_marks_are_read_by_the_habit(literal: str, habit: NumberHabit, value: float, doubtful: bool) -> None:
    assert parse_number(literal, habit) == (value, doubtful)


@pytest.mark.parametrize("literal", ["1.2.3", "1.23.456", "1,234,56", "9" * 19, "12.3456.789"])
def test_what_is_no_number_is_none(literal: str) -> None:
    assert parse_number(literal, UNKNOWN) is None


def test_there_is_no_part_of_a_household() -> None:
    assert parse_number("1,250", COMMA, countable=True) == (1250, False)


def test_habit_is_the_majority() -> None:
    assert number_habit("đạt 13.455,5 tấn; giảm 0,15‰; tăng 4.5%") == COMMA
    assert number_habit("đạt 41.2km và 4.5%; 1,234,567 đồng") == POINT
    assert number_habit("ngày 30.11.2020, mục 3.1, không có số nào") == UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14/14 xã", [(14, None, 14)]),
        ("1 - 2 xóm", [(1, 2, None)]),
        ("02 - 03dự án", [(2, 3, None)]),
        ("7,5-8%", [(7.5, 8, None)]),
        ("từ 3 đến 5 mô hình", [(3, 5, None)]),
        ("từ 13,18% xuống 13,08%", [(13.18, None, None), (13.08, None, None)]),
        ("5 - 3 xã", [(5, None, None), (3, None, None)]),
    ],
)
def test_ranges_and_totals(text: str, expected: list[tuple[float, float | None, float | None]]) -> None:
    assert [(n.value, n.upper, n.total) for n in find_numbers(text, COMMA)] == expected


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("hai mươi lăm", 25),
        ("một trăm linh năm", 105),
        ("mười hai", 12),
        ("hai triệu rưỡi", 2_500_000),
        ("ba nghìn năm trăm", 3500),
        ("mươi", None),
        ("hai ba", None),
    ],
)
def test_numbers_in_words(words: str, value: float | None) -> None:
    assert number_of_words(words) == value


def test_a_range_in_words() -> None:
    found = list(find_numbers_in_words("thành lập mới một đến hai doanh nghiệp"))
    assert [(n.value, n.upper) for n in found] == [(1, 2)]


@given(st.text(alphabet="0123456789.,/- đếntới%một hai", max_size=200))
def test_any_text_gives_spans_in_order(text: str) -> None:
    end = 0
    for number in find_numbers(text, UNKNOWN):
        assert end <= number.start < number.end <= len(text)
        end = number.end
    assert all(0 <= n.start < n.end <= len(text) for n in find_numbers_in_words(text))


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_written_the_vietnamese_way_is_read_back(whole: int, hundredths: int) -> None:
    written = f"{whole:,}".replace(",", ".") + f",{hundredths:02d}"
    assert parse_number(written, COMMA) == (float(f"{whole}.{hundredths:02d}"), False)


def test_a_million_digits_take_no_time() -> None:
    start = time.monotonic()
    assert list(find_numbers("7" * 1_000_000, UNKNOWN)) == []
    list(find_numbers("1." * 500_000, UNKNOWN))
    list(find_numbers_in_words("một " * 250_000))
    assert time.monotonic() - start < 20
