"""Strange text for the tests: words in any order, and text so long that a slow function shows."""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import strategies as st


def muddle(words: str, longest: int = 60) -> st.SearchStrategy[str]:
    """Any text, and words (parted by single blanks) in any order, up to `longest` of them."""
    mixed = st.lists(st.sampled_from(words.split(" ")), max_size=longest).map(" ".join)
    return st.one_of(st.text(max_size=300), mixed)


def seconds(work: Callable[[str], object], text: str) -> float:
    """The shorter of two runs, so that a busy machine does not count."""
    best = float("inf")
    for _ in range(2):
        begin = time.process_time()
        work(text)
        best = min(best, time.process_time() - begin)
    return best


def assert_linear(work: Callable[[str], object], unit: str, count: int) -> None:
    """Four times the text may take eight times as long (and a tenth of a second more), no longer."""
    work(unit)
    for _ in range(3):  # a busy machine slows one of the two now and then, a slow function always the long one
        short, long = seconds(work, unit * count), seconds(work, unit * (4 * count))
        if long < 8 * short + 0.1:
            return
    assert long < 8 * short + 0.1, f"{short:.3f} s for {count} × {unit!r}, {long:.3f} s for four times that"
