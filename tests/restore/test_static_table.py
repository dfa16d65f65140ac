"""The table gives the value of every key that went in, and takes hardly any other key for one of its own."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.restore.static_table import StaticTable


@pytest.mark.parametrize("size", [0, 1, 7, 5000])
def test_every_key_is_found_with_its_value(size: int) -> None:
    rng = np.random.default_rng(size)
    keys = np.unique(rng.integers(0, 2**60, size, dtype=np.uint64))
    values = rng.integers(0, 256, len(keys)).astype(np.uint8)
    hits, got = StaticTable.build(keys, values).find(keys)
    assert (hits == np.arange(len(keys))).all()
    assert (got == values).all()


def test_other_keys_are_hardly_ever_found() -> None:
    rng = np.random.default_rng(5)
    keys = np.unique(rng.integers(0, 2**59, 20_000, dtype=np.uint64))
    table = StaticTable.build(keys, np.zeros(len(keys), dtype=np.uint8))
    others = rng.integers(2**59, 2**60, 100_000, dtype=np.uint64)
    assert len(table.find(others)[0]) < 15


def test_the_same_keys_make_the_same_table() -> None:
    keys = np.arange(1000, dtype=np.uint64) * np.uint64(977)
    values = (np.arange(1000) % 256).astype(np.uint8)
    one, two = StaticTable.build(keys, values), StaticTable.build(keys, values)
    assert (one.slots == two.slots).all()
    assert (one.values == two.values).all()
