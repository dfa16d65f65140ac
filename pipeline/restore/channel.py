"""What letters are taken for which: costs in natural logarithms, learnt from pairs of read and printed words.

A word is turned into what was read letter by letter: a letter becomes one character, two characters, or none, and a
character may appear from nowhere. Learning aligns the pairs with the costs so far and counts, three times over
(Viterbi training).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.vietnamese import strip_marks

OTHER = 0  # any character that is not in the alphabet
_ROUNDS = 3
# Worse pages than those learnt from do come: nothing costs more than this.
_DEAREST = {0: 6.5, 1: 7.0, 2: 8.0}
_DEAREST_EXTRA = 7.0
# What a vowel with marks turns into when its strokes run together, on worse scans than those printed.
_BLURRED = frozenset("aeiou6déPBD")
Costs = NDArray[np.float32]


@dataclass(frozen=True)
class Channel:
    """`one[t, o]` is the cost of reading `o` for the printed letter `t`; `two[t, p]` of reading a pair of characters.

    `none[t]` is the cost of reading nothing for `t`, `extra[o]` of reading `o` where nothing is printed. Letters and
    characters are numbered by `letters` and `characters` (0 is any other), pairs by `pairs` (0 is any other).
    """

    letters: str
    characters: str
    pairs: tuple[str, ...]
    one: Costs
    two: Costs
    none: Costs
    extra: Costs

    def letter_codes(self) -> dict[str, int]:
        """Number of each printed letter."""
        return {c: i + 1 for i, c in enumerate(self.letters)}

    def character_codes(self) -> dict[str, int]:
        """Number of each read character."""
        return {c: i + 1 for i, c in enumerate(self.characters)}

    def pair_codes(self) -> dict[str, int]:
        """Number of each read pair."""
        return {p: i + 1 for i, p in enumerate(self.pairs)}

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The costs by name, for saving."""
        return {"one": self.one, "two": self.two, "none": self.none, "extra": self.extra}


_Counts = Counter[tuple[str, str]]


def _first_cost(letter: str, read: str) -> float:
    if not letter or not read:
        return 6.0
    if len(read) == 2:
        return 5.0 if strip_marks(letter) in read.lower() else 6.5
    if letter == read.lower():
        return 0.3
    return 1.0 if strip_marks(letter) == strip_marks(read.lower()) else 4.0


def _align(read: str, printed: str, cost) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """The cheapest steps (printed letter or nothing, characters read)."""
    rows, columns = len(printed), len(read)
    best = [[float("inf")] * (columns + 1) for _ in range(rows + 1)]
    came: list[list[tuple[int, int]]] = [[(0, 0)] * (columns + 1) for _ in range(rows + 1)]
    best[0][0] = 0.0
    for i in range(rows + 1):
        for j in range(columns + 1):
            here = best[i][j]
            if here == float("inf"):
                continue
            letter = printed[i] if i < rows else ""
            for di, dj in ((1, 1), (1, 2), (1, 0), (0, 1)):
                if i + di > rows or j + dj > columns:
                    continue
                total = here + cost(letter if di else "", read[j : j + dj])
                if total < best[i + di][j + dj]:
                    best[i + di][j + dj] = total
                    came[i + di][j + dj] = (di, dj)
    i, j, steps = rows, columns, []
    while i or j:
        di, dj = came[i][j]
        steps.append((printed[i - di : i], read[j - dj : j]))
        i, j = i - di, j - dj
    return steps[::-1]


def learn(pairs: Iterable[tuple[str, str, int]]) -> Channel:
    """From (read, printed in lower case, how often). What was read keeps its case: `P` is read for `Đ`, `p` is not."""
    data = [(r, p, n) for r, p, n in pairs if r and p and len(r) <= 12 and len(p) <= 12]
    cost = _first_cost
    counts: _Counts = Counter()
    for _ in range(_ROUNDS):
        counts = Counter()
        for read, printed, number in data:
            for step in _align(read, printed, cost):
                counts[step] += number
        cost = _smoothed(counts)
    letters = "".join(sorted({letter for letter, _ in counts if letter}))
    characters = "".join(sorted({c for _, read in counts for c in read}))
    doubles = tuple(sorted({read for (letter, read), n in counts.items() if letter and len(read) == 2 and n >= 2}))
    one = np.array([[cost(a, b) for b in ("\0", *characters)] for a in ("\0", *letters)], dtype=np.float32)
    two = np.array([[cost(a, b) for b in ("\0\0", *doubles)] for a in ("\0", *letters)], dtype=np.float32)
    none = np.array([cost(a, "") for a in ("\0", *letters)], dtype=np.float32)
    extra = np.array([cost("", b) for b in ("\0", *characters)], dtype=np.float32)
    return Channel(letters, characters, doubles, one, two, none, extra)


def _smoothed(counts: _Counts):  # type: ignore[no-untyped-def]
    totals: Counter[str] = Counter()
    for (letter, _), n in counts.items():
        totals[letter] += n
    letters_read = sum(n for letter, n in totals.items() if letter)

    def cost(letter: str, read: str) -> float:
        if not letter:  # relative to all letters: how often something appears from nowhere, and what
            return min(_DEAREST_EXTRA, float(-np.log((counts["", read] + 0.02) / (letters_read + 1.0))))
        prior = 0.0
        if len(read) == 1 and not letter.isascii() and read in _BLURRED:
            prior = 1.0 + 0.005 * totals[letter]
        elif len(read) == 1:
            prior = 1.0 if strip_marks(letter) == strip_marks(read.lower()) else 0.02
        elif not read:
            prior = 0.05
        elif len(read) == 2:
            prior = 0.001
        learnt = float(-np.log((counts[letter, read] + prior) / (totals[letter] + 4.0)))
        return min(learnt, _DEAREST[len(read)])

    return cost


def words_of_pairs(rows: Iterable[tuple[str, str, int]]) -> Iterable[tuple[str, str, int]]:
    """Pairs of letter words in lower case, without the punctuation around both."""
    total: Counter[tuple[str, str]] = Counter()
    for read, printed, number in rows:
        start, end = 0, len(printed)
        while start < end and not printed[start].isalpha():
            start += 1
        while end > start and not printed[end - 1].isalpha():
            end -= 1
        core = printed[start:end]
        if not core.isalpha():
            continue
        head, tail = printed[:start], printed[end:]
        if head and not read.startswith(head):
            continue
        if tail and not read.endswith(tail):
            continue
        seen = read[len(head) : len(read) - len(tail)] if tail else read[len(head) :]
        if not tail and seen[-1:] in ".,;:" and core.isalpha():
            seen = seen.rstrip(".,;:")
        if seen:
            total[seen, core.lower()] += number
    return [(r, p, n) for (r, p), n in sorted(total.items())]


def read_pairs(paths: Sequence[Path]) -> list[tuple[str, str, int]]:
    """Rows of the files that `scripts/print_and_read.py` writes."""
    rows = []
    for path in paths:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                read, printed, number = line.rstrip("\n").split("\t")
                rows.append((read, printed, int(number)))
    return rows
