"""How often rows of each confidence are right in every attribute: whether of those with 0.9 nine in ten are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EDGES = (0.95, 0.9, 0.8, 0.7, 0.5, 0.0)
"""Lower ends of the bins of confidence, from the surest down."""

Judged = tuple[float, bool]
"""The confidence of an extracted row, and whether the gold holds it with all of its attributes."""


@dataclass(frozen=True)
class Bin:
    """The rows with a confidence of at least `low` and less than the bin above."""

    low: float
    rows: int
    right: int
    mean: float

    def __str__(self) -> str:
        return f"≥{self.low:.2f}: {self.right}/{self.rows} right, {self.mean:.2f} said"


def bins_of(judged: Iterable[Judged]) -> tuple[Bin, ...]:
    """The bins that hold rows, the surest first."""
    sorted_in: dict[float, list[Judged]] = {}
    for confidence, right in judged:
        low = next(edge for edge in EDGES if confidence >= edge)
        sorted_in.setdefault(low, []).append((confidence, right))
    return tuple(
        Bin(low, len(rows), sum(right for _, right in rows), sum(c for c, _ in rows) / len(rows))
        for low in EDGES
        if (rows := sorted_in.get(low))
    )
