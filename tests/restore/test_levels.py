"""Levels stand for values near them, and the same values give the same levels."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.restore.levels import choose_levels


@pytest.mark.parametrize(("columns", "most", "error"), [(1, 8, 0.15), (2, 256, 0.15), (2, 1, 2.2)])
def test_levels_are_near(columns: int, most: int, error: float) -> None:
    values = np.random.default_rng(columns).normal(-2, 1, (5000, columns)).astype(np.float32)
    levels, codes = choose_levels(values, most)
    assert levels.shape == (most, columns)
    assert ((levels[codes] - values) ** 2).sum(axis=1).mean() < error
    again = choose_levels(values, most)
    assert (again[0] == levels).all()
    assert (again[1] == codes).all()


def test_few_values_are_kept_as_they_are() -> None:
    values = np.array([[-1.5, 0.0], [-2.25, 0.5], [-1.5, 0.0]], dtype=np.float32)
    levels, codes = choose_levels(values, 256)
    assert len(levels) == 2
    assert levels[codes] == pytest.approx(values, abs=0.006)


def test_no_values_have_one_level() -> None:
    levels, codes = choose_levels(np.zeros((0, 2), dtype=np.float32), 256)
    assert levels.tolist() == [[0.0, 0.0]]
    assert not len(codes)
