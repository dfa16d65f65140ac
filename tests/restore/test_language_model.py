"""What the model says of a text is what its n-grams say, one by one, with back-off."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.restore.language_model import LanguageModel
from pipeline.restore.ngrams import BITS, BOUNDARY
from pipeline.restore.static_table import StaticTable

_WORDS = 30
_Values = dict[tuple[int, ...], tuple[float, float]]


def invented(seed: int) -> tuple[LanguageModel, _Values]:
    """A model that knows some pairs, of those some triples, of those some rows of four; and all that it knows."""
    rng = np.random.default_rng(seed)
    unigrams, backoffs = (rng.uniform(-most, 0, _WORDS).astype(np.float32) for most in (5, 1))
    values: _Values = {(n,): (float(unigrams[n]), float(backoffs[n])) for n in range(_WORDS)}
    tables: list[StaticTable] = []
    levels: list[NDArray[np.float32]] = []
    rows: list[tuple[int, ...]] = [(BOUNDARY,), *((word,) for word in range(3, _WORDS))]
    for length in range(2, 5):
        rows = [(*row, word) for row in rows for word in range(3, _WORDS) if rng.random() < 0.25]
        keys = [sum(word << (BITS * place) for place, word in enumerate(reversed(row))) for row in rows]
        table = rng.uniform(-4, 0, (256, 1 if length == 4 else 2)).astype(np.float32)
        codes = rng.integers(0, len(table), len(rows)).astype(np.uint8)
        tables.append(StaticTable.build(np.array(keys, dtype=np.uint64), codes))
        levels.append(table)
        for row, code in zip(rows, codes.tolist(), strict=True):
            values[row] = float(table[code, 0]), float(table[code, -1])
    files = SimpleNamespace(unigrams=unigrams, backoffs=backoffs, tables=tuple(tables), levels=tuple(levels))
    return LanguageModel(cast(Any, files)), values


def _score(values: _Values, row: tuple[int, ...]) -> float:
    if row in values:
        return values[row][0]
    return values.get(row[:-1], (0.0, 0.0))[1] + _score(values, row[1:])


@pytest.mark.parametrize("seed", range(3))
def test_scores_back_off(seed: int) -> None:
    model, values = invented(seed)
    ids = np.concatenate([[0, 0, BOUNDARY], np.random.default_rng(seed).integers(3, _WORDS, 300)])
    text = model.text(ids)
    for place in range(3, len(ids)):
        for length, known in enumerate(text, start=1):
            row = tuple(ids[place - length + 1 : place + 1].tolist())
            assert known.scores[place] == pytest.approx(_score(values, row), abs=1e-4)
            assert known.found[place] == (row in values)


def test_one_more_syllable_is_as_in_a_text() -> None:
    model, _ = invented(5)
    ids = np.concatenate([[0, 0, BOUNDARY], np.random.default_rng(5).integers(3, _WORDS, 200)])
    text = model.text(ids)
    places = np.arange(4, len(ids))
    for told in range(1, 4):
        shorter = [known.at(places) for known in text[:told]]
        for one, other in zip(model.behind(text, places - 1, shorter), text, strict=True):
            assert (one.scores == other.scores[4:]).all()
            assert (one.found == other.found[4:]).all()
