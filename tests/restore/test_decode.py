"""The search finds the best path that there is, where it lets go of none, for one sentence as for many."""

from __future__ import annotations

from itertools import islice, product

import numpy as np
import pytest

from pipeline.restore.choices import Choice, Lattice
from pipeline.restore.decode import Search
from pipeline.restore.language_model import LanguageModel
from pipeline.restore.ngrams import BOUNDARY
from tests.restore.test_language_model import invented

_WORDS = 30


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    """A model of invented syllables."""
    return invented(3)[0]


def _lattice(rng: np.random.Generator, length: int) -> list[Choice]:
    sizes = rng.integers(1, 5, length)
    return [
        Choice(rng.choice(_WORDS, size, replace=False), rng.random(size).astype(np.float32) * np.float32(3))
        for size in sizes
    ]


def decode(model: LanguageModel, lattices: list[list[Choice]]) -> list[list[int]]:
    flat = Lattice.of([choice for lattice in lattices for choice in lattice], [len(lattice) for lattice in lattices])
    picks = iter(Search(model, flat).best().tolist())
    return [list(islice(picks, len(lattice))) for lattice in lattices]


def _worth(model: LanguageModel, lattice: list[Choice], path: tuple[int, ...]) -> float:
    numbers = [int(choice.ids[pick]) for choice, pick in zip(lattice, path, strict=True)]
    scores = model.text(np.array([0, 0, BOUNDARY, *numbers]))[-1].scores[3:]
    return float(scores.sum() * np.log(10)) - sum(float(c.costs[pick]) for c, pick in zip(lattice, path, strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_the_path_is_the_best_one(model: LanguageModel, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.restore.decode._MARGINS", (1e6, 1e6))  # what is invented is not smooth
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


def test_places_are_open_where_a_rival_is_left(model: LanguageModel) -> None:
    alone, far = Choice(np.array([5]), np.zeros(1, np.float32)), np.array([0, 900], dtype=np.float32)
    near = np.zeros(2, dtype=np.float32)
    lattice = Lattice.of([alone, Choice(np.array([6, 7]), far), Choice(np.array([8, 8]), near)], [3])
    assert Search(model, lattice).open().tolist() == [False, False, True]


def test_costs_may_rise_while_the_search_goes_on(model: LanguageModel) -> None:
    lattice = Lattice.of([Choice(np.array([8, 8]), np.array([0, 1], dtype=np.float32))], [1])
    search = Search(model, lattice)
    assert search.best().tolist() == [0]
    lattice.costs[0] = 2
    assert search.best().tolist() == [1]
