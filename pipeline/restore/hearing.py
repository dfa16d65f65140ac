"""Lets the voice of the neighbours speak on the places of a page's sentences."""

from __future__ import annotations

from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.candidates import Offers
from pipeline.restore.choices import Floats, Ids, Lattice, ranges
from pipeline.restore.language_model import UNKNOWN
from pipeline.restore.lattice import Sentences
from pipeline.restore.neighbours import BOUNDARY, SMALL, Neighbours, Script, case_of
from pipeline.restore.remembered import Remembered
from pipeline.restore.words import WORD

_EVEN = np.float32(1)


class Hearing:
    """The voice, and what it has worked out of the words so far."""

    def __init__(self, voice: Neighbours) -> None:
        self._voice = voice
        self._heard = Remembered(lambda word: (voice.key(word), case_of(word) if word else SMALL))

    def script(self, found: Sentences) -> tuple[Script, Ids]:
        """The sentences as the voice sees them, a boundary before each, and where each word stands in it."""
        heard = list(map(self._heard.__getitem__, found.words))
        keys, cases = (np.fromiter(map(itemgetter(column), heard), np.int64, len(heard)) for column in (0, 1))
        at = np.arange(len(heard)) + np.repeat(np.arange(1, len(found.lengths) + 1), found.lengths)
        size = len(heard) + len(found.lengths)
        script = Script(np.full(size, BOUNDARY), np.full(size, SMALL), np.zeros(size, dtype=bool))
        script.keys[at], script.cases[at] = np.where(found.kinds == WORD, keys, found.kinds), cases
        script.inside[at] = True
        script.inside[1:] &= script.inside[:-1].copy()  # what begins a sentence may have a capital for that
        return script, at

    def chosen(self, script: tuple[Script, Ids], lattice: Lattice, places: NDArray[np.bool_], picks: Ids) -> Script:
        """The same with the words chosen so far in those places."""
        seen, at = script
        keys = seen.keys.copy()
        keys[at[places]] = self._voice.key_of[lattice.ids[(lattice.starts + picks)[places]]]
        return seen._replace(keys=keys)

    def hear(
        self, script: tuple[Script, Ids], lattice: Lattice, asked: NDArray[np.bool_], weight: np.float32 = _EVEN
    ) -> None:
        """Adds to the costs of a lattice what the neighbours say of each word in the places that are asked for."""
        places = np.flatnonzero(asked & (lattice.sizes > 1))
        if not len(places):
            return
        seen, at = script
        rows = ranges(lattice.starts[places], lattice.sizes[places])
        costs = self._voice.costs(seen, at[places], lattice.sizes[places], lattice.ids[rows])
        lattice.costs[rows] += weight * costs

    def weigh(self, found: Sentences, standing: Ids, at: tuple[Ids, Ids], offers: Offers) -> Floats:
        """What the neighbours say of the words offered for single places (sentences, and words of them), each against
        the word that stands there.

        `standing` are the vocabulary numbers of all places.
        """
        sentence, place = at
        if not len(offers.ids):
            return np.zeros(0, dtype=np.float32)
        asked = np.unique(sentence)
        some = found.only(asked)
        script, heard = self.script(some)
        numbers = standing[ranges(found.begins[asked], some.lengths)]
        changed = np.flatnonzero(numbers > UNKNOWN)
        script.keys[heard[changed]] = self._voice.key_of[numbers[changed]]
        places = some.begins[np.searchsorted(asked, sentence)] + place
        sizes = offers.sizes + 1
        own = np.cumsum(sizes) - 1  # behind the words offered, that which stands there
        offered = ranges(own - offers.sizes, offers.sizes)
        words = np.zeros(sizes.sum(), dtype=np.int64)
        words[offered], words[own] = offers.ids, numbers[places]
        costs = self._voice.costs(script, heard[places], sizes, words)
        return costs[offered] - np.repeat(costs[own], offers.sizes)
