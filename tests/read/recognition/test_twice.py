from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Box, LineRole
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.second import Reading, second_reader
from pipeline.read.recognition.twice import (
    AGREED,
    DIFFERENT,
    figures,
    is_day_or_month,
    joined,
    merge,
    read_numbers_twice,
    with_seen_sign,
)
from pipeline.read.tables.cells import choose, pointed, read_cells_again
from pipeline.read.token import GridCell, PlacedLine, Token
from tests.read.pictures.test_strokes import printed

BOX = Box(0, 0, 10, 10)


def reading(text: str, confidence: float = 0.9) -> Reading:
    return Reading(text, 0, 10, confidence)


def line_of(tokens: list[Token], role: LineRole) -> PlacedLine:
    return PlacedLine((tuple(tokens),), role)


def test_two_equal_readings_of_a_number_are_believed() -> None:
    word = merge(Token("31/NQ-HĐND", BOX, 0.41), reading("31/NQ-HĐND", 0.5))
    assert (word.text, word.confidence, word.alternatives) == ("31/NQ-HĐND", AGREED, ())


def test_readings_that_differ_are_both_kept_and_doubted() -> None:
    word = merge(Token("919%,", BOX, 0.84), reading("91%,", 0.93))
    assert word.text == "91%,"
    assert word.confidence <= DIFFERENT
    assert word.alternatives[0][0] == "919%,"
    assert word.alternatives[0][1] <= DIFFERENT


def test_what_has_not_the_form_of_a_number_is_not_believed_more() -> None:
    assert merge(Token("2l", BOX, 0.67), reading("2l", 0.9)).confidence == 0.67
    assert merge(Token("§00.000", BOX, 0.79), reading("§00.000", 0.9)).confidence == 0.79


def test_letters_of_other_alphabets_lose() -> None:
    word = merge(Token("04/CĐÐ-CTUBND", BOX, 0.9), reading("04/CĐ-CTUBND", 0.3))
    assert word.text == "04/CĐ-CTUBND"


@given(st.text(max_size=40), st.text(max_size=40), st.floats(0, 1), st.floats(0, 1))
def test_no_figure_is_invented(first: str, second: str, one: float, other: float) -> None:
    word = merge(Token(first, BOX, one), reading(second, other))
    assert word.text in (first, second)
    assert 0 <= word.confidence <= 1
    if figures(first) != figures(second):
        assert word.confidence <= DIFFERENT


@pytest.mark.parametrize(
    ("text", "tall", "marks", "expected"),
    [
        ("452", 3, {2: ","}, "45,2"),
        ("42/1", 3, {2: ","}, "42,1"),
        ("42.1", 3, {2: ","}, "42.1"),
        ("425%", 6, {2: ","}, "42,5%"),
        ("12/25", 5, {}, "12/25"),
        ("452", 4, {2: ","}, "452"),
        ("T57", 3, {}, "T57"),
        ("", 0, {}, ""),
    ],
)
def test_decimal_marks_come_from_the_picture(text: str, tall: int, marks: dict[int, str], expected: str) -> None:
    assert pointed(text, tall, marks) == expected


def test_votes() -> None:
    assert choose([]) == ("", 0.0)
    assert choose([("12,5", 0.4), ("12,5", 0.9)]) == ("12,5", AGREED)
    text, confidence = choose([("192,7", 0.9), ("102,7", 0.8), ("102,7", 0.7)])
    assert text == "102,7"
    assert confidence < 0.5


def test_a_printed_number_that_was_read_in_doubt_is_believed_and_a_pen_s_never() -> None:
    for factor, least, most in ((1.0, 0.88, 1.0), (1.4, 0.0, DIFFERENT)):
        grey, tokens = printed([("Số:", 20, 1), ("95/BC-", 120, factor), ("UBND", 420, 1)])
        if factor == 1.0:
            grey, tokens = printed([("Số:", 20, 1), ("95/BC-UBND", 120, 1)])
        else:
            grey, tokens = printed([("Số:", 20, 1), ("95", 120, factor), ("/BC-UBND", 220, 1)])
        (line,) = read_numbers_twice([line_of(tokens, LineRole.HEADER_LEFT)], Cleaned(grey, np.eye(3)), "vie")
        assert least <= line.tokens[1].confidence <= most


@pytest.mark.parametrize(
    ("shown", "read_as", "expected"),
    [
        ("7,6‰,", "7,6%,", "7,6‰,"),
        ("7,6‰", "7,6%o", "7,6‰"),
        ("7,6%;", "7,6%;", "7,6%;"),
        ("15%.", "15%.", "15%."),
        ("15%.", "15‰.", "15%."),
        ("100", "100", "100"),
    ],
)
def test_a_sign_in_running_text_is_the_one_that_is_seen(shown: str, read_as: str, expected: str) -> None:
    grey, (token,) = printed([(shown, 40, 1)], width=320)
    word = with_seen_sign(replace(token, text=read_as), 0.4, Cleaned(grey, np.eye(3), letter=22.0))
    assert word.text == expected
    if read_as.rstrip(",;.")[-1] != expected.rstrip(",;.")[-1] and not read_as.endswith("o"):
        assert word.alternatives[0][0] == read_as
    else:
        assert word.alternatives == ()


def words(text: str, gap: float = 8.0, confidence: float = 0.96) -> list[Token]:
    """Words beside each other, ten points a letter."""
    out, x = [], 0.0
    for word in text.split():
        out.append(Token(word, Box(x, 0, x + 10 * len(word), 20), confidence))
        x += 10 * len(word) + gap
    return out


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("trước ngày 22/1 1/2017, có", "trước ngày 22/11/2017, có"),
        ("tỉnh năm 201 1.", "tỉnh năm 2011."),
        ("ngày 30/ 12/ 2011", "ngày 30/ 12/ 2011"),
        ("giao 201 1 con", "giao 201 1 con"),
        ("số 12 13/2017", "số 12 13/2017"),
        ("từ 1/1 1/1/2020", "từ 1/1 1/1/2020"),
    ],
)
def test_a_date_that_a_gap_took_apart_is_one(read: str, expected: str) -> None:
    assert " ".join(t.text for t in joined(words(read), 20.0)) == expected


def test_words_far_apart_are_no_date() -> None:
    assert len(joined(words("ngày 22/1 1/2017", gap=30.0), 20.0)) == 3


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("năm 20058.", True),
        ("năm 2005.", False),
        ("ngày 41/12/2020,", True),
        ("ngày 21/13/2020", True),
        ("ngày 21/12/2020;", False),
        ("năm 5", False),
        ("giao 20058", False),
    ],
)
def test_a_date_that_cannot_be_is_doubted(text: str, doubted: bool) -> None:
    grey = np.full((60, 900), 255, np.uint8)
    (line,) = read_numbers_twice([line_of(words(text), LineRole.BODY)], Cleaned(grey, np.eye(3), letter=20.0), "vie")
    assert (line.tokens[1].confidence < DIFFERENT) == doubted


def test_letters_where_only_a_day_can_stand_are_figures_in_doubt() -> None:
    tokens = words("trước ngày IŠ tháng 10 năm 2018")
    grey = np.full((60, 900), 255, np.uint8)
    (line,) = read_numbers_twice([line_of(tokens, LineRole.BODY)], Cleaned(grey, np.eye(3), letter=20.0), "vie")
    day = line.tokens[2]
    assert (day.text, day.alternatives[0][0]) == ("15", "IŠ")
    assert day.confidence < DIFFERENT
    assert not is_day_or_month(words("ngày 15 tháng 10"), 1)
    assert not is_day_or_month(words("ngày này tháng 10"), 1)
    assert not is_day_or_month(words("tháng 10 Is"), 2)


def test_a_number_without_a_picture_stays() -> None:
    blank = Cleaned(np.full((120, 320), 255, np.uint8), np.eye(3), letter=22.0)
    assert with_seen_sign(Token("7%", BOX, 0.4), 0.4, blank) == Token("7%", BOX, 0.4)


def test_without_a_model_everything_stays() -> None:
    assert second_reader("no-such-language") is None
    grey, tokens = printed([("Giảm", 20, 1), ("3,5%", 200, 1)])
    lines = [line_of(tokens, LineRole.BODY)]
    assert read_numbers_twice(lines, Cleaned(grey, np.eye(3)), "no-such-language") == lines


def test_a_cell_that_lost_its_number_is_read_alone() -> None:
    grey, (number,) = printed([("45,2", 60, 1)], width=260)
    filled = GridCell(0, 0, 1, 1, Box(10, 20, 250, 110))
    empty = GridCell(0, 1, 1, 1, Box(10, 2, 250, 18))
    row = PlacedLine(((), ()), LineRole.TABLE, table=0, grid_cells=(filled, empty))
    (read,) = read_cells_again([row], Cleaned(grey, np.eye(3), letter=22.0), "vie")
    assert [[t.text for t in cell] for cell in read.cells] == [["45,2"], []]
    (word,) = read.cells[0]
    assert word.confidence > 0.88
    assert word.box.x0 == pytest.approx(number.box.x0, abs=4)


def test_a_code_with_letters_is_never_cut_to_a_number() -> None:
    grey, (code,) = printed([("A25006", 60, 1)], width=360)
    cell = GridCell(0, 0, 1, 1, Box(10, 20, 350, 110))
    row = PlacedLine(((code,),), LineRole.TABLE, table=0, grid_cells=(cell,))
    assert read_cells_again([row], Cleaned(grey, np.eye(3), letter=22.0), "vie") == [row]


def test_a_sign_of_which_the_reader_was_sure_is_doubted_where_the_picture_shows_another() -> None:
    grey, (token,) = printed([("7,6‰,", 40, 1)], width=320)
    word = with_seen_sign(replace(token, text="7,6%,"), 0.96, Cleaned(grey, np.eye(3), letter=22.0))
    assert (word.text, word.alternatives[0][0]) == ("7,6%,", "7,6‰,")
    assert word.confidence < DIFFERENT
