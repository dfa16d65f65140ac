"""The search finds the best path that there is, for one sentence as for many."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from pipeline.restore.decode import Choice, decode
from pipeline.restore.language_model import LanguageModel
from pipeline.restore.ngrams import BITS, BOUNDARY
from pipeline.restore.static_table import StaticTable

_WORDS = 30


def _keys(rows: list[tuple[int, ...]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    packed = [sum(word << (BITS * place) for place, word in enumerate(reversed(row))) for row in rows]
    return np.array(packed, dtype=np.uint64)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    """A model of invented syllables that knows some pairs, of those some triples, of those some rows of four."""
    rng = np.random.default_rng(3)
    ends = range(3, _WORDS)
    tables: list[StaticTable] = []
    contexts: list[tuple[int, ...]] = [(BOUNDARY,), *((word,) for word in ends)]
    for _ in range(3):
        contexts = [(*row, word) for row in contexts for word in ends if rng.random() < 0.25]
        values = (rng.integers(0, 120, len(contexts)).astype(np.uint8) for _ in range(2))
        tables.append(StaticTable.build(_keys(contexts), *values))
    unigrams, backoffs = (rng.uniform(-most, 0, _WORDS).astype(np.float32) for most in (5, 1))
    return LanguageModel(cast(Any, SimpleNamespace(unigrams=unigrams, backoffs=backoffs, tables=tuple(tables))))


def _lattice(rng: np.random.Generator, length: int) -> list[Choice]:
    sizes = rng.integers(1, 5, length)
    return [
        Choice(rng.choice(_WORDS, size, replace=False), rng.random(size).astype(np.float32) * np.float32(3))
        for size in sizes
    ]


def _worth(model: LanguageModel, lattice: list[Choice], path: tuple[int, ...]) -> float:
    history = np.array([model.start()])
    total = 0.0
    for choice, pick in zip(lattice, path, strict=True):
        number = choice.ids[pick : pick + 1]
        total += float(model.score(history, number, np.array([0]))[0]) * np.log(10) - float(choice.costs[pick])
        history = model.extend(history, number)
    return total


@pytest.mark.parametrize("seed", range(8))
def test_the_path_is_the_best_one(model: LanguageModel, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lattices = [_lattice(rng, int(length)) for length in rng.integers(1, 6, 12)]
    for lattice, path in zip(lattices, decode(model, lattices), strict=True):
        best = max(_worth(model, lattice, way) for way in product(*(range(len(c.ids)) for c in lattice)))
        assert _worth(model, lattice, tuple(path)) == pytest.approx(best, abs=1e-3)


def test_sentences_do_not_touch_each_other(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(11)
    lattices = [_lattice(rng, length) for length in (0, 7, 1, 40, 0, 3, 12, 12, 200)]
    together = decode(model, lattices)
    assert together == [decode(model, [lattice])[0] for lattice in lattices]
    monkeypatch.setattr("pipeline.restore.decode._MOST", 50)
    assert together == decode(model, lattices)


def test_nothing_is_chosen_where_there_is_nothing(model: LanguageModel) -> None:
    assert decode(model, []) == []
    assert decode(model, [[], []]) == [[], []]
