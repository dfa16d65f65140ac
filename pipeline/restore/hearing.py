"""Lets the voice of the neighbours speak on the places of a page's sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.candidates import Offers
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
        at: tuple[Ids, Ids],
        offers: Offers,
    ) -> Floats:
        """What the neighbours say of the words offered for single places (sentences, and words of them), each against
        the word that stands there.

        `standing` are the vocabulary numbers of each sentence.
        """
        sentence, place = at
        if not len(offers.ids):
            return np.zeros(0, dtype=np.float32)
        asked = np.unique(sentence)
        script, heard = self.script(texts, [found[number] for number in asked.tolist()])
        numbers = np.array([word for number in asked.tolist() for word in standing[number]])
        changed = np.flatnonzero(numbers > UNKNOWN)
        script.keys[heard[changed]] = self._voice.key_of[numbers[changed]]
        begins = np.cumsum([0, *(len(standing[number]) for number in asked.tolist())])
        places = begins[np.searchsorted(asked, sentence)] + place
        sizes = offers.sizes + 1
        own = np.cumsum(sizes) - 1  # behind the words offered, that which stands there
        offered = ranges(own - offers.sizes, offers.sizes)
        words = np.zeros(sizes.sum(), dtype=np.int64)
        words[offered], words[own] = offers.ids, numbers[places]
        costs = self._voice.costs(script, heard[places], sizes, words)
        return costs[offered] - np.repeat(costs[own], offers.sizes)
