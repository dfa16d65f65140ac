"""Lets the voice of the neighbours speak on the places of a page's sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.decode import Choice
from pipeline.restore.language_model import UNKNOWN
from pipeline.restore.lattice import Sentence
from pipeline.restore.neighbours import EDGE, SMALL, Heard, Neighbours, case_of
from pipeline.restore.remembered import Remembered
from pipeline.restore.words import WORD


class Hearing:
    """The voice, and what it has worked out of the words so far."""

    def __init__(self, voice: Neighbours) -> None:
        self._voice = voice
        self._heard = Remembered(lambda word: (voice.key(word), case_of(word)))

    def hear(
        self,
        texts: Sequence[str],
        found: Sequence[Sentence],
        lattice: Sequence[list[Choice]],
        paths: Sequence[Sequence[int] | None],
    ) -> None:
        """Adds to the costs of a lattice what the neighbours say of each word.

        A path is the choices made so far, whose words are then the neighbours; None takes the words as they stand, an
        empty one passes a sentence over.
        """
        if not any(path is None or path for path in paths):
            return
        heard: list[Heard] = []
        choices: dict[int, NDArray[np.int64]] = {}
        places: list[tuple[int, int]] = []
        for number, (sentence, row, path) in enumerate(zip(found, lattice, paths, strict=True)):
            heard.append(EDGE)
            for index, ((page, slot), choice) in enumerate(zip(sentence.items, row, strict=True)):
                if len(choice.ids) > 1 and (path is None or path):
                    choices[len(heard)] = choice.ids
                    places.append((number, index))
                if slot.kind != WORD:
                    heard.append(Heard(slot.kind, SMALL, index > 0))
                    continue
                key, case = self._heard[texts[page][slot.start : slot.end]]
                if path:
                    key = int(self._voice.key_of[choice.ids[path[index]]])
                heard.append(Heard(key, case, index > 0))
        for (number, index), costs in zip(places, self._voice.costs(heard, choices).values(), strict=True):
            choice = lattice[number][index]
            lattice[number][index] = Choice(choice.ids, choice.costs + costs)

    def weigh(
        self,
        texts: Sequence[str],
        found: Sequence[Sentence],
        standing: Sequence[Sequence[int]],
        offers: Mapping[tuple[int, int], NDArray[np.int64]],
    ) -> dict[tuple[int, int], NDArray[np.float32]]:
        """What the neighbours say of the words offered for single places, each against the word that stands there.

        `offers` go by sentence and place; `standing` are the vocabulary numbers of each sentence.
        """
        heard: list[Heard] = []
        choices: dict[int, NDArray[np.int64]] = {}
        for number in sorted({sentence for sentence, _ in offers}):
            heard.append(EDGE)
            for index, ((page, slot), word) in enumerate(zip(found[number].items, standing[number], strict=True)):
                if (number, index) in offers:
                    choices[len(heard)] = np.append(offers[number, index], word)
                if slot.kind != WORD:
                    heard.append(Heard(slot.kind, SMALL, index > 0))
                    continue
                key, case = self._heard[texts[page][slot.start : slot.end]]
                heard.append(Heard(int(self._voice.key_of[word]) if word > UNKNOWN else key, case, index > 0))
        costs = self._voice.costs(heard, choices)
        return {place: c[:-1] - c[-1] for place, c in zip(sorted(offers), costs.values(), strict=True)}
