"""The candidate finders of a model: one for pages read in English, one for Vietnamese text with misprints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.candidates import CandidateFinder, Prepared, pack
from pipeline.restore.language_model import NUMBER
from pipeline.restore.model_files import ModelFiles, load_model, save_candidates
from pipeline.restore.neighbours import key_numbers
from pipeline.vietnamese import is_syllable

MOST = 14  # candidates of a damaged word
_RARE = -5.6  # log10 frequency below which a syllable is more likely a misprint in the text learnt from
_READINGS = 12_000  # candidates of so many words read in English come with the model
_OPTIONS, _WAYS = 4, 24  # characters a letter, readings a word
_RARE_BOUND = -6.5  # the same, for a word that follows few others, of how often it comes
_LN10 = float(np.log(10.0))
VIETNAMESE = re.compile("[a-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]+")


class Words(Protocol):
    """What must be known of a vocabulary: of each word the unigram and the frequency, as in `ModelFiles`."""

    @property
    def vocabulary(self) -> Sequence[str]: ...
    @property
    def unigrams(self) -> NDArray[np.float32]: ...
    @property
    def frequencies(self) -> NDArray[np.floating]: ...


def native_words(files: Words) -> list[int]:
    """Vocabulary numbers of the words that may be put in the place of others.

    Words that follow few others (`gòn`, `rệt`, `trọt`) must be usual in their place.
    """
    return [
        number
        for number, word in enumerate(files.vocabulary)
        if number > NUMBER and VIETNAMESE.fullmatch(word) and (files.unigrams[number] > _RARE or _bound(files, number))
    ]


def words_of_keys(files: Words) -> dict[int, list[int]]:
    """The words that letters without marks may be, by the number of those letters; the usual ones first."""
    keys = key_numbers(files.vocabulary)[0]
    found: dict[int, list[int]] = {}
    for number in sorted(native_words(files), key=lambda n: (-files.frequencies[n], n)):
        found.setdefault(int(keys[number]), []).append(number)
    return {key: numbers[:MOST] for key, numbers in found.items()}


def _bound(files: Words, number: int) -> bool:
    word = files.vocabulary[number]
    return bool(files.frequencies[number] > _RARE_BOUND) and not word.isascii() and is_syllable(word)


def english_finder(files: ModelFiles, prepared: bool = True) -> CandidateFinder:
    """For words that a model without Vietnamese letters has read."""
    return _finder(files, "english", 0.5, 6.0, MOST, prepared)


def vietnamese_finder(files: ModelFiles, prepared: bool = True) -> CandidateFinder:
    """For misprints, and for words misread by a model that knows the letters."""
    return _finder(files, "vietnamese", 0.3, 12.0, MOST * 2, prepared)


def _finder(files: ModelFiles, name: str, weight: float, margin: float, most: int, prepared: bool) -> CandidateFinder:
    """`weight` multiplies how usual a word is; `prepared`: with the candidates that come with the model."""
    numbers = native_words(files)
    words = [files.vocabulary[n] for n in numbers]
    known = Prepared(files.candidates[name]) if prepared else None
    return CandidateFinder(
        files.channel(name), words, numbers, -files.frequencies * (_LN10 * weight), margin, most, known
    )


def prepare_candidates(folder: Path) -> None:
    """Searches the candidates of the words that will come most, and keeps them with the model in a folder.

    In Vietnamese text these are the words themselves, in text read in English the likeliest readings of them.
    Raises ModelError where there is no model.
    """
    files = load_model(folder)
    words = files.vocabulary
    save_candidates(folder, "vietnamese", pack(words, vietnamese_finder(files, prepared=False).find(words)))
    readings = likely_readings(files, _READINGS)
    save_candidates(folder, "english", pack(readings, english_finder(files, prepared=False).find(readings)))


def likely_readings(files: ModelFiles, most: int) -> list[str]:
    """What the English reader makes of the usual words, likeliest first; only letters read as one character."""
    channel = files.channel("english")
    options: dict[str, list[tuple[float, str]]] = {}
    for letter, code in channel.letter_codes().items():
        row = channel.one[code, 1:]
        options[letter] = [(float(row[i]), channel.characters[i]) for i in np.argsort(row, kind="stable")[:_OPTIONS]]
    cheapest: dict[str, float] = {}
    for number in native_words(files):
        ways = [(float(-files.frequencies[number]) * _LN10, "")]
        for letter in files.vocabulary[number]:
            longer = ((a + b, read + c) for a, read in ways for b, c in options.get(letter, ()))
            ways = sorted(longer)[:_WAYS]
        for cost, read in ways:
            cheapest[read] = min(cost, cheapest.get(read, cost))
    return sorted(cheapest, key=lambda read: (cheapest[read], read))[:most]
