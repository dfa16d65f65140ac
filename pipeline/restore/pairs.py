"""Aligns the words that were read with the words that were printed, by their likeness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from pipeline.vietnamese import fold

_BAND = 60
_GAP = 0.75


def align_words(read: Sequence[str], printed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(read, printed) for words that stand for each other; what has no counterpart is left out.

    Global alignment in a band around the diagonal; cost of a pair is its relative edit distance without marks.
    """
    if not read or not printed:
        return
    rows, columns = len(read), len(printed)
    ratio = columns / rows
    cost = np.full((rows + 1, columns + 1), np.inf, dtype=np.float32)
    step = np.zeros((rows + 1, columns + 1), dtype=np.int8)
    cost[0, : _BAND * 2] = np.arange(columns + 1)[: _BAND * 2] * _GAP
    step[0] = 2
    folded_read = [fold(word) for word in read]
    folded_printed = [fold(word) for word in printed]
    distances = cdist(folded_read, folded_printed, scorer=Levenshtein.normalized_distance, dtype=np.float32)
    for i in range(1, rows + 1):
        middle = int(i * ratio)
        low, high = max(1, middle - _BAND), min(columns, middle + _BAND)
        cost[i, 0], step[i, 0] = i * _GAP, 1
        for j in range(low, high + 1):
            options = (cost[i - 1, j - 1] + distances[i - 1, j - 1] * 1.5, cost[i - 1, j] + _GAP, cost[i, j - 1] + _GAP)
            best = min(range(3), key=options.__getitem__)
            cost[i, j], step[i, j] = options[best], best
    i, j = rows, columns
    found: list[tuple[str, str]] = []
    while i > 0 and j > 0:
        if step[i, j] == 0:
            i, j = i - 1, j - 1
            if distances[i, j] < 0.8:
                found.append((read[i], printed[j]))
        elif step[i, j] == 1:
            i -= 1
        else:
            j -= 1
    yield from reversed(found)
