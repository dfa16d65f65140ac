"""What the habit of a column says of a number whose form differs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Box
from pipeline.read.recognition.number_forms import follow_habits, form_of, sign_of, value_of
from pipeline.read.token import Token

SOMEWHERE = Box(0, 0, 10, 10)
DECIMALS = ("12,5", "30,8", "46,0", "79,2", "55,3", "61,4", "18,9", "24,7")
LARGE = ("20.445", "17.602.580", "68.545", "4.034.009", "57.199.086")
SHARES = ("47%", "4,8%", "15,5%", "41,23%", "29,3%")


def token(text: str, confidence: float = 0.94, *others: str) -> Token:
    return Token(text, SOMEWHERE, confidence, alternatives=tuple((other, 0.5) for other in others))


def last(column: tuple[str, ...], cell: Token, *, unsure: bool = False) -> Token:
    """The cell after the habits of the column above it."""
    return follow_habits([*map(token, column), cell], {len(column)} if unsure else ())[-1]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,5%", "1234.5"), ("0,05", "0.05"), ("12.345.678", "12345678"), ("7‰", "7"), ("1.23", None), ("12a", None)],
)
def test_values_as_they_are_written(text: str, value: str | None) -> None:
    assert value_of(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("column", "cell", "wanted", "is_doubted"),
    [
        (DECIMALS, token("553", 0.94, "55,3"), "55,3", False),  # another reading has the comma
        (DECIMALS, token("553", 0.94), "553", True),  # ten times all others, but no reading has a comma
        (DECIMALS, token("2024", 0.94), "2024", False),  # a year heads the column
        (LARGE, token("2024", 0.94), "2024", False),
        (DECIMALS, token("117", 0.94), "117", True),  # within their range: it may be whole
        (DECIMALS, token("55.3", 0.94), "55,3", False),
        (DECIMALS, token("0", 0.94), "0", False),
        (LARGE, token("70464631", 0.8), "70.464.631", False),
        (LARGE, token("116964938", 0.8, "1.169.649.385"), "1.169.649.385", True),  # a figure was lost
        (LARGE, token("845", 0.94), "845", False),
        (SHARES, token("844%", 0.9, "84.4%"), "84,4%", False),
        (SHARES, token("844%", 0.9), "844%", True),
        (SHARES, token("84,4%", 0.9), "84,4%", False),
    ],
)
def test_a_cell_follows_its_column(column: tuple[str, ...], cell: Token, wanted: str, is_doubted: bool) -> None:
    found = last(column, cell)
    assert found.text == wanted
    assert (found.confidence < 0.5) == is_doubted
    if found.text != cell.text:
        assert cell.text in dict(found.alternatives)
        assert found.confidence < cell.confidence


def test_growth_of_more_than_a_hundred_percent_stays() -> None:
    assert last(("105,3%", *SHARES), token("844%", 0.9, "84,4%")).text == "844%"


def test_an_unsure_sign_is_that_of_the_column() -> None:
    assert last(("4,1‰", "1,7‰", "12,8‰", "5,0‰"), token("3,6%"), unsure=True).text == "3,6‰"
    mixed = last(("4,1‰", "1,7%"), token("3,6%"), unsure=True)
    assert (mixed.text, mixed.confidence < 0.5) == ("3,6%", True)


FIGURES = st.text("0123456789", min_size=1, max_size=6)
NUMBERS = st.builds(
    lambda whole, decimals, sign: whole + decimals + sign,
    FIGURES | st.sampled_from(["1.240", "17.602.580", "0.000"]),
    st.just("") | FIGURES.map(",{}".format),
    st.sampled_from(["", "%", "‰"]),
)


@given(st.lists(NUMBERS, max_size=12))
def test_habits_never_change_figures(column: list[str]) -> None:
    found = follow_habits([token(text) for text in column], ())
    assert [[c for c in t.text if c.isdigit()] for t in found] == [[c for c in text if c.isdigit()] for text in column]
    assert all(form_of(t.text)[1] <= 9 and sign_of(t.text) in ("", "%", "‰") for t in found)
