"""Whole words that a reader takes for other words, counted from printed pages.

A reader leans on the words that it knows, so letters alone do not tell: tesseract's Vietnamese model reads a blurred
`chi` as `chỉ` more often than not, and hardly ever the other way round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.candidates import Found
from pipeline.vietnamese import one_tone_style

_LEAST = 2  # times that a word must have been read so
_EVEN = 5.0  # a rare word may be read rightly so many times more than was seen
_SIGNS = ".,;:"


class Taken(NamedTuple):
    """What may have been printed where a word was read: vocabulary numbers, and the costs (natural logarithms) of
    reading so what was printed."""

    numbers: NDArray[np.int64]
    costs: NDArray[np.float32]


def learn(pairs: Iterable[tuple[str, str, int]], *, knows_letters: bool) -> dict[str, dict[str, float]]:
    """Costs by the word read and the word printed, from (read, printed in lower case, how often).

    A reader that `knows_letters` of Vietnamese reads words: in lower case, and what stands for itself has its cost too.
    """
    times: Counter[tuple[str, str]] = Counter()
    printed: Counter[str] = Counter()
    for read, meant, number in pairs:
        word = one_tone_style(read.strip(_SIGNS).lower()) if knows_letters else read
        if word.isalpha() or not knows_letters:
            times[word, one_tone_style(meant)] += number
            printed[one_tone_style(meant)] += number
    costs: dict[str, dict[str, float]] = {}
    for (word, meant), number in sorted(times.items()):
        if word != meant and number >= _LEAST:
            costs.setdefault(word, {})[meant] = float(np.log((printed[meant] + _EVEN) / number))
    if knows_letters:
        for word, others in costs.items():
            others[word] = float(np.log((printed[word] + _EVEN) / (times[word, word] + _EVEN)))
    return costs


def numbered(costs: Mapping[str, Mapping[str, float]], numbers: Mapping[str, int]) -> dict[str, Taken]:
    """The same by vocabulary numbers; words that the vocabulary lacks are left out."""
    found = {}
    for word, others in costs.items():
        known = {numbers[meant]: cost for meant, cost in others.items() if meant in numbers}
        if known:
            found[word] = Taken(np.array(list(known)), np.array(list(known.values()), dtype=np.float32))
    return found


def or_taken(offer: Found, taken: Taken | None, less: float) -> Found:
    """The same offers, and those of `taken`; of two costs the lower one. `less` is taken off the costs of `taken`."""
    if taken is None:
        return offer
    costs, places = offer.costs.copy(), {number: place for place, number in enumerate(offer.ids.tolist())}
    dearer = np.maximum(taken.costs - np.float32(less), 0.0)
    new = []
    for index, (number, cost) in enumerate(zip(taken.numbers.tolist(), dearer.tolist(), strict=True)):
        if (place := places.get(number)) is None:
            new.append(index)
        elif cost < costs[place]:
            costs[place] = cost
    if not new:
        return Found(offer.ids, costs)
    return Found(np.append(offer.ids, taken.numbers[new]), np.append(costs, dearer[new]))
