"""What may stand in each place of many sentences, in flat arrays, so that all places are worked on at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


class Choice(NamedTuple):
    """One place of a sentence: what may stand there (vocabulary numbers) and what each costs (natural logarithms)."""

    ids: Ids
    costs: Floats


def begins_of(sizes: Ids) -> Ids:
    """Where each begins of so large ones that lie one after the other."""
    begins: Ids = np.cumsum(sizes) - sizes
    return begins


def ranges(starts: Ids, sizes: Ids) -> Ids:
    """`starts[i]` and the numbers after it, `sizes[i]` in all, for each `i` in turn."""
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + sizes, sizes)


@dataclass(frozen=True)
class Lattice:
    """The choices of all places of all sentences, one after the other."""

    lengths: Ids  # places of each sentence
    sizes: Ids  # candidates of each place
    starts: Ids  # its first candidate
    ids: Ids
    costs: Floats

    @property
    def begins(self) -> Ids:
        """The first place of each sentence."""
        return begins_of(self.lengths)

    @classmethod
    def of(cls, choices: Sequence[Choice], lengths: Sequence[int] | Ids) -> Lattice:
        """From the choices of all places, and how many places each sentence has."""
        sizes = np.array([len(choice.ids) for choice in choices], dtype=np.int64)
        return cls(
            np.array(lengths, dtype=np.int64),
            sizes,
            begins_of(sizes),
            np.concatenate([np.zeros(0, dtype=np.int64), *(choice.ids for choice in choices)]),
            np.concatenate([np.zeros(0, dtype=np.float32), *(choice.costs for choice in choices)]),
        )
