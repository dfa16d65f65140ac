"""How the language model lies on disk: plain NumPy arrays, memory-mapped when loaded, and two word lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.channel import Channel
from pipeline.restore.neighbours import Weights
from pipeline.restore.static_table import StaticTable

CHANNELS = ("english", "vietnamese")
_ORDERS = (2, 3, 4)  # syllables of the n-grams that lie in tables
_VOICE = tuple(name for name in Weights._fields if name != "pairs")
# steps from nothing to the largest weight, where fewer do not change what the voice says; fewer can be packed smaller
_LEVELS = {"pair": 21, "word": 63, "key": 63}
SHIPPED = Path(__file__).parent / "model"


class ModelError(RuntimeError):
    """The model is missing or damaged; the message names its folder and the command that makes one."""


class Candidates(NamedTuple):
    """What a search found for many words, packed one after the other: `counts[i]` candidates of word `i`."""

    words: tuple[str, ...]
    counts: NDArray[np.uint8]
    ids: NDArray[np.uint16]  # vocabulary numbers
    costs: NDArray[np.float16]  # natural logarithms


class Ngrams(NamedTuple):
    """The n-grams of a vocabulary; see `ModelFiles`."""

    vocabulary: Sequence[str]
    unigrams: NDArray[np.float32]
    backoffs: NDArray[np.float32]
    frequencies: NDArray[np.float16]
    tables: Sequence[StaticTable]
    levels: Sequence[NDArray[np.float32]]


@dataclass(frozen=True)
class ModelFiles:
    """The loaded arrays: log10 probabilities and back-off weights, n-grams from two syllables up."""

    vocabulary: tuple[str, ...]
    known: frozenset[str]
    unigrams: NDArray[np.float32]
    backoffs: NDArray[np.float32]
    frequencies: NDArray[np.float32]  # log10; a unigram instead says how many words a word follows
    tables: tuple[StaticTable, ...]  # a value is a row of the levels
    levels: tuple[NDArray[np.float32], ...]  # log10 probabilities and back-off weights (none for the longest n-grams)
    channels: dict[str, Channel]
    candidates: dict[str, Candidates]
    neighbours: Weights | None
    confusions: dict[str, dict[str, dict[str, float]]]  # by channel; see `confusions.learn`

    def channel(self, name: str) -> Channel:
        """What is read for what by tesseract's `english` or `vietnamese` model."""
        return self.channels[name]

    def is_known(self, word: str) -> bool:
        """Whether a lower-case word is in any of the word lists."""
        return word in self.ids or word in self.known

    @cached_property
    def ids(self) -> dict[str, int]:
        """Word → its number in the vocabulary."""
        return {word: number for number, word in enumerate(self.vocabulary)}


def save_model(folder: Path, known: Sequence[str], ngrams: Ngrams) -> None:
    """Writes all files; what is there is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocabulary.txt").write_text("\n".join(ngrams.vocabulary) + "\n", encoding="utf-8")
    (folder / "known.txt").write_text("\n".join(known) + "\n", encoding="utf-8")
    np.save(folder / "unigrams.npy", np.stack([ngrams.unigrams, ngrams.backoffs]))
    np.save(folder / "frequencies.npy", ngrams.frequencies)
    for order, (table, rows) in enumerate(zip(ngrams.tables, ngrams.levels, strict=True), start=2):
        np.save(folder / f"ngrams{order}.npy", table.slots)
        np.save(folder / f"levels{order}.npy", rows)
        np.save(folder / f"values{order}.npy", table.values)


def save_channel(folder: Path, name: str, channel: Channel) -> None:
    """Writes one channel beside the language model."""
    signs = "\n".join([channel.letters, channel.characters, " ".join(channel.pairs)])
    (folder / f"channel_{name}.txt").write_text(signs, encoding="utf-8")
    flat = np.concatenate([array.ravel() for array in channel.arrays().values()])
    np.save(folder / f"channel_{name}.npy", np.rint(flat * 8).clip(0, 255).astype(np.uint8))


def save_confusions(folder: Path, name: str, costs: Mapping[str, Mapping[str, float]]) -> None:
    """Writes which words one reader takes for which, a line each: the word read, the word printed, the cost."""
    lines = [f"{read}\t{meant}\t{cost:.2f}\n" for read, others in costs.items() for meant, cost in others.items()]
    (folder / f"confusions_{name}.tsv").write_text("".join(lines), encoding="utf-8")


def _load_confusions(folder: Path, name: str) -> dict[str, dict[str, float]]:
    """Empty where none were learnt."""
    costs: dict[str, dict[str, float]] = {}
    if (path := folder / f"confusions_{name}.tsv").exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            read, meant, cost = line.split("\t")
            costs.setdefault(read, {})[meant] = float(cost)
    return costs


def save_candidates(folder: Path, name: str, candidates: Candidates) -> None:
    """Writes the candidates of one channel beside the language model."""
    (folder / f"candidates_{name}.txt").write_text("\n".join(candidates.words) + "\n", encoding="utf-8")
    np.savez_compressed(
        folder / f"candidates_{name}.npz", counts=candidates.counts, ids=candidates.ids, costs=candidates.costs
    )


def save_neighbours(folder: Path, weights: Weights) -> None:
    """Writes the voice of the neighbours beside the language model: whole numbers, one step size for each array."""
    values = {name: getattr(weights, name) for name in _VOICE}
    steps = {name: np.float32(max(float(np.abs(v).max()), 1e-6) / _LEVELS.get(name, 127)) for name, v in values.items()}
    small = {name: np.rint(values[name] / steps[name]).astype(np.int8) for name in _VOICE}
    np.savez_compressed(
        folder / "neighbours.npz",
        steps=np.array([steps[name] for name in _VOICE], dtype=np.float32),
        pairs=weights.pairs,
        **small,
    )


def _load_neighbours(folder: Path, words: int) -> Weights | None:
    """None while the voice is not learnt yet, which needs the rest of the model."""
    if not (folder / "neighbours.npz").exists():
        return None
    with np.load(folder / "neighbours.npz") as arrays:
        steps = dict(zip(_VOICE, arrays["steps"], strict=True))
        values = {name: arrays[name].astype(np.float32) * steps[name] for name in _VOICE}
        weights = Weights(**values, pairs=arrays["pairs"])
    if len(weights.word) != words or len(weights.pair) != len(weights.pairs) + 1:
        raise ValueError("the voice of the neighbours does not fit the vocabulary")
    return weights


def _load_candidates(folder: Path, name: str) -> Candidates:
    """Empty where none were prepared: words are then searched when they come."""
    if not (folder / f"candidates_{name}.npz").exists():
        return Candidates((), np.zeros(0, np.uint8), np.zeros(0, np.uint16), np.zeros(0, np.float16))
    words = tuple((folder / f"candidates_{name}.txt").read_text(encoding="utf-8").splitlines())
    with np.load(folder / f"candidates_{name}.npz") as arrays:
        found = Candidates(words, arrays["counts"], arrays["ids"], arrays["costs"])
    if not len(words) == len(found.counts) or not int(found.counts.sum()) == len(found.ids) == len(found.costs):
        raise ValueError(f"the prepared candidates of {name} do not fit together")
    return found


def _load_channel(folder: Path, name: str) -> Channel:
    letters, characters, doubles = (folder / f"channel_{name}.txt").read_text(encoding="utf-8").split("\n")
    pairs = tuple(doubles.split())
    flat = np.load(folder / f"channel_{name}.npy").astype(np.float32) / 8
    sizes = (len(letters) + 1, len(characters) + 1, len(pairs) + 1)
    ends = np.cumsum([sizes[0] * sizes[1], sizes[0] * sizes[2], sizes[0]])
    one, two, none, extra = np.split(flat, ends)
    return Channel(
        letters, characters, pairs, one.reshape(sizes[0], sizes[1]), two.reshape(sizes[0], sizes[2]), none, extra
    )


def _load_table(folder: Path, order: int) -> StaticTable:
    slots = np.asarray(np.load(folder / f"ngrams{order}.npy", mmap_mode="r"))
    return StaticTable(slots, np.asarray(np.load(folder / f"values{order}.npy", mmap_mode="r")))


@lru_cache(maxsize=2)
def load_model(folder: Path = SHIPPED) -> ModelFiles:
    """The model in a folder, memory-mapped: processes on one machine share it.

    Raises ModelError where a file is missing or damaged.
    """
    try:
        vocabulary = tuple((folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines())
        known = frozenset((folder / "known.txt").read_text(encoding="utf-8").splitlines())
        unigrams, backoffs = np.load(folder / "unigrams.npy")
        frequencies = np.load(folder / "frequencies.npy").astype(np.float32)
        tables = tuple(_load_table(folder, order) for order in _ORDERS)
        levels = tuple(np.load(folder / f"levels{order}.npy") for order in _ORDERS)
        channels = {name: _load_channel(folder, name) for name in CHANNELS}
        candidates = {name: _load_candidates(folder, name) for name in CHANNELS}
        neighbours = _load_neighbours(folder, len(vocabulary))
        confusions = {name: _load_confusions(folder, name) for name in CHANNELS}
    except (OSError, ValueError, EOFError) as error:
        raise ModelError(
            f"{folder}: no usable language model ({error}); `make model TEXT=<folder>` makes one"
        ) from error
    return ModelFiles(
        vocabulary,
        known,
        unigrams,
        backoffs,
        frequencies,
        tables,
        levels,
        channels,
        candidates,
        neighbours,
        confusions,
    )
