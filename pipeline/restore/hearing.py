"""Lets the voice of the neighbours speak on the places of a page's sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.choices import Floats, Ids, Lattice, ranges
from pipeline.restore.language_model import UNKNOWN
from pipeline.restore.lattice import Sentence, word_at
from pipeline.restore.neighbours import BOUNDARY, SMALL, Neighbours, Script, case_of
from pipeline.restore.remembered import Remembered
from pipeline.restore.words import WORD

_EVEN = np.float32(1)


class Hearing:
    """The voice, and what it has worked out of the words so far."""

    def __init__(self, voice: Neighbours) -> None:
        self._voice = voice
        self._heard = Remembered(lambda word: (voice.key(word), case_of(word)))

    def script(self, texts: Sequence[str], found: Sequence[Sentence]) -> tuple[Script, Ids]:
        """The sentences as the voice sees them, a boundary before each, and where each word stands in it."""
        heard = [
            self._heard[word_at(texts, item)] if item[1].kind == WORD else (item[1].kind, SMALL)
            for sentence in found
            for item in sentence.items
        ]
        lengths = np.array([len(sentence.items) for sentence in found], dtype=np.int64)
        at = np.arange(len(heard)) + np.repeat(np.arange(1, len(found) + 1), lengths)
        size = len(heard) + len(found)
        script = Script(np.full(size, BOUNDARY), np.full(size, SMALL), np.zeros(size, dtype=bool))
        if heard:
            script.keys[at], script.cases[at] = np.array(heard).T
        script.inside[at] = True
        script.inside[1:] &= script.inside[:-1].copy()  # what begins a sentence may have a capital for that
        return script, at

    def hear(
        self,
        script: tuple[Script, Ids],
        lattice: Lattice,
        asked: NDArray[np.bool_],
        picks: Ids | None,
        weight: np.float32 = _EVEN,
    ) -> None:
        """Adds to the costs of a lattice what the neighbours say of each word that is asked for.

        `picks` are the choices made so far, whose words are then the neighbours among those asked for; without them
        the words are taken as they stand.
        """
        places = np.flatnonzero(asked & (lattice.sizes > 1))
        if not len(places):
            return
        seen, at = script
        if picks is not None:
            keys = seen.keys.copy()
            keys[at[asked]] = self._voice.key_of[lattice.ids[(lattice.starts + picks)[asked]]]
            seen = seen._replace(keys=keys)
        rows = ranges(lattice.starts[places], lattice.sizes[places])
        costs = self._voice.costs(seen, at[places], lattice.sizes[places], lattice.ids[rows])
        lattice.costs[rows] += weight * costs

    def weigh(
        self,
        texts: Sequence[str],
        found: Sequence[Sentence],
        standing: Sequence[Sequence[int]],
        offers: Mapping[tuple[int, int], Ids],
    ) -> dict[tuple[int, int], Floats]:
        """What the neighbours say of the words offered for single places, each against the word that stands there.

        `offers` go by sentence and place; `standing` are the vocabulary numbers of each sentence.
        """
        asked = sorted({sentence for sentence, _ in offers})
        script, at = self.script(texts, [found[number] for number in asked])
        numbers = np.array([word for number in asked for word in standing[number]])
        changed = np.flatnonzero(numbers > UNKNOWN)
        script.keys[at[changed]] = self._voice.key_of[numbers[changed]]
        begins = dict(zip(asked, np.cumsum([0, *(len(standing[number]) for number in asked)]).tolist(), strict=False))
        places = np.array([begins[sentence] + index for sentence, index in offers])
        sizes = np.array([len(ids) for ids in offers.values()]) + 1
        words = np.zeros(sizes.sum(), dtype=np.int64)
        ends = np.cumsum(sizes)
        words[ranges(ends - sizes, sizes - 1)] = np.concatenate(list(offers.values()))
        words[ends - 1] = numbers[places]
        costs = self._voice.costs(script, at[places], sizes, words)
        against = costs - np.repeat(costs[ends - 1], sizes)
        return {place: c[:-1] for place, c in zip(offers, np.split(against, ends[:-1]), strict=True)}
