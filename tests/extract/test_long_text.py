"""All stages over long text: time grows with its length."""

from __future__ import annotations

import pytest

from tests.extract.growth import assert_linear
from tests.faults.strange import LONGER, STRANGE, excess, grown, probes, run


@pytest.mark.parametrize("piece", [LONGER["orders"], LONGER["rows of tabs"], STRANGE["control characters"]])
def test_all_stages_take_linear_time(piece: str) -> None:
    assert_linear(run, piece, 10_000 // len(piece))


def test_growth_is_measured_against_length() -> None:
    assert excess((1.0, 8.0), (1_000, 8_000)) == 1.0
    assert excess((1.0, 64.0), (1_000, 8_000)) == 8.0
    assert excess((1.0,), (1_000, 8_000)) == 1.0
    assert len(grown("(", (100, 200))) == 2


def test_every_probe_is_measured_in_short_lines_too() -> None:
    pieces = probes()
    assert pieces["brackets, in lines"] == "\n" + "(" * 25
    assert {name for name, piece in pieces.items() if "\n" not in piece} <= {*STRANGE, *LONGER}
