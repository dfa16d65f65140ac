"""Makes the language model from a folder of text: `python -m pipeline.restore.train TEXT OUT`.

TEXT holds `*.txt` or `*.txt.xz`, UTF-8, one paragraph a line. Paragraphs whose CRC-32 is a multiple of 100 are never
learnt from: they are the held-out text of the benchmarks. A paragraph that comes twice counts once. The same input
gives the same bytes.

The channel, what letters are taken for which, is learnt from pairs of read and printed words that
`scripts/print_and_read.py` writes: `--english PAIRS.tsv …` and `--vietnamese PAIRS.tsv …`. Without them the channel
that is there stays.
"""

from __future__ import annotations

import argparse
import lzma
import re
import shutil
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.restore import confusions
from pipeline.restore.channel import learn, read_pairs, words_of_pairs
from pipeline.restore.choices import Floats
from pipeline.restore.finders import prepare_candidates, words_of_keys
from pipeline.restore.language_model import BOUNDARY, NUMBER, UNKNOWN, LanguageModel
from pipeline.restore.levels import choose_levels
from pipeline.restore.model_files import (
    CHANNELS,
    SHIPPED,
    ModelFiles,
    Ngrams,
    load_model,
    save_channel,
    save_confusions,
    save_model,
    save_neighbours,
)
from pipeline.restore.neighbours import SMALL, case_of, key_numbers
from pipeline.restore.ngrams import BITS, Order, estimate
from pipeline.restore.pruning import prune
from pipeline.restore.static_table import StaticTable
from pipeline.restore.train_neighbours import FOLDS, Rivals, Text
from pipeline.restore.train_neighbours import learn as learn_neighbours
from pipeline.vietnamese import is_syllable, one_tone_style

_TOKEN = re.compile(r"\d[\w/.,%-]*|[^\W\d_]+|[.;:!?](?=\s|$)")
SPECIAL = ("<unk>", "<s>", "<num>")
_LARGEST = (1 << BITS) - 1
_CUTOFF = {2: 1, 3: 1, 4: 2}  # rows of four that come once are too many, and say little
_LEVELS = 256  # of the values of n-grams, so that a byte tells them


def is_held_out(text: str) -> bool:
    """Whether a paragraph is kept for the benchmarks."""
    return zlib.crc32(text.encode()) % 100 == 0


def paragraphs(folder: Path, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(file name, paragraph) of every file whose name begins with the prefix, in the order of the names."""
    for path in sorted(folder.glob(f"{prefix}*.txt*")):
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as stream:
            for line in stream:
                if text := line.strip():
                    yield path.name, text


def read_tokens(folder: Path, weights: dict[str, int]) -> tuple[list[str], Text, Counter[str]]:
    """Word types, the text as indices into them (3 and up; below that the special tokens), and their counts.

    `weights` says how often the paragraphs of a file count, by the beginning of its name.
    """
    numbers: dict[str, int] = {}
    words: list[str] = []
    ids, cases = array("i", [BOUNDARY]), array("B", [SMALL])
    seen: set[int] = set()
    counts: Counter[str] = Counter()
    ends: dict[str, int] = {}
    for name, text in paragraphs(folder):
        code = hash_of(text)
        if code in seen or is_held_out(text):
            continue
        seen.add(code)
        found: list[int] = []
        found_cases: list[int] = []
        for token in _TOKEN.findall(text):
            if token[0].isalpha():
                number = numbers.get(token)
                if number is None:
                    lower = one_tone_style(token.lower())
                    number = numbers.get(lower)
                    if number is None:
                        number = numbers[lower] = len(words) + 3
                        words.append(lower)
                    numbers[token] = number
                found.append(number)
            else:
                found.append(NUMBER if token[0].isdigit() else BOUNDARY)
            found_cases.append(case_of(token))
        found.append(BOUNDARY)
        found_cases.append(SMALL)
        repeat = next((n for prefix, n in weights.items() if name.startswith(prefix)), 1)
        for _ in range(repeat):
            ids.extend(found)
            cases.extend(found_cases)
        ends[name] = len(ids)
    array_ids = np.frombuffer(ids, dtype=np.int32)
    single = (array_ids != BOUNDARY) | (np.roll(array_ids, 1) != BOUNDARY)
    files = [(name, int(np.count_nonzero(single[:end]))) for name, end in ends.items()]
    array_ids, array_cases = array_ids[single], np.frombuffer(cases, dtype=np.uint8)[single]
    tally = np.bincount(array_ids, minlength=len(words) + 3)
    counts.update({word: int(tally[i + 3]) for i, word in enumerate(words)})
    return words, Text(array_ids, array_cases, files), counts


def hash_of(text: str) -> int:
    """64 bits that tell paragraphs apart, the same on every machine."""
    data = text.encode()
    return zlib.crc32(data) << 32 | zlib.adler32(data)


def choose_vocabulary(counts: Counter[str], foreign: int = 40, native: int = 3) -> list[str]:
    """The words that the language model tells apart, most frequent first."""
    chosen = [w for w, n in counts.items() if (n >= native and is_syllable(w)) or n >= foreign]
    chosen.sort(key=lambda w: (-counts[w], w))
    return [*SPECIAL, *chosen[: _LARGEST - len(SPECIAL)]]


def tables(orders: list[Order]) -> tuple[list[StaticTable], list[Floats]]:
    """The n-grams of two syllables and more as static tables, and the levels that the values in these stand for."""
    made, levels = [], []
    for order in orders[1:]:
        columns = [order.logp] if order is orders[-1] else [order.logp, order.backoff]
        rows, codes = choose_levels(np.stack(columns, axis=1), _LEVELS)
        made.append(StaticTable.build(order.keys, codes))
        levels.append(rows)
    return made, levels


def learn_ngrams(
    ids: NDArray[np.int32], vocabulary: Sequence[str], shares: NDArray[np.float16], keep: Mapping[int, int]
) -> Ngrams:
    """Estimates the n-grams of a text in vocabulary numbers, and keeps at most so many of an order.

    `shares` are the `frequencies` of the vocabulary.
    """
    full = estimate(ids, len(vocabulary), max(keep))
    unigrams = np.full(len(vocabulary), -6.5, dtype=np.float32)
    unigrams[full.keys[1].astype(np.int64)] = np.log10(full.probability[1])
    single = Ngrams(vocabulary, unigrams, np.zeros_like(unigrams), shares, (), ())
    key_of = key_numbers(vocabulary)[0]
    orders = prune(full, keep, _CUTOFF, Rivals.of(words_of_keys(single), int(key_of.max()) + 1), key_of)
    single.backoffs[orders[0].keys.astype(np.int64)] = orders[0].backoff
    longer, levels = tables(orders)
    return single._replace(tables=longer, levels=levels)


def ngrams_of_folds(text: Text, files: ModelFiles, keep: dict[int, int]) -> Iterator[LanguageModel]:
    """For each fold of the text the n-grams of all others."""
    for fold in range(FOLDS):
        others = text.ids[text.fold_of(np.arange(len(text.ids))) != fold]
        yield LanguageModel(learn_ngrams(others, files.vocabulary, files.frequencies.astype(np.float16), keep))


def frequencies(vocabulary: Sequence[str], counts: Counter[str]) -> NDArray[np.float16]:
    """log10 share of each word among all words of the vocabulary; special tokens count as seen once."""
    times = np.array([counts[word] if number >= len(SPECIAL) else 0 for number, word in enumerate(vocabulary)])
    shares: NDArray[np.float32] = np.log10(np.maximum(times, 1) / times.sum()).astype(np.float32)
    return shares.astype(np.float16)


def make_channel(folder: Path, name: str, pairs: Sequence[Path]) -> None:
    """Learns a channel from its pairs, letters and whole words; without any, the shipped one is taken."""
    if pairs:
        words = list(words_of_pairs(read_pairs(pairs)))
        save_channel(folder, name, learn(words))
        save_confusions(folder, name, confusions.learn(words, knows_letters=name == "vietnamese"))
    elif folder.resolve() != SHIPPED.resolve():
        for path in (*SHIPPED.glob(f"channel_{name}.*"), *SHIPPED.glob(f"confusions_{name}.tsv")):
            shutil.copy(path, folder)


def make_neighbours(folder: Path, text: Text, words: int, keep: dict[int, int]) -> None:
    """Learns the voice of the neighbours beside n-grams, bounded by `keep`, and adds it to the model in a folder.

    Raises ModelError where there is no model.
    """
    files = load_model(folder)
    beside = list(ngrams_of_folds(text, files, keep))
    save_neighbours(folder, learn_neighbours(text, files.vocabulary, words_of_keys(files), words, beside))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("text", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bigrams", type=int, default=1_120_000)
    parser.add_argument("--trigrams", type=int, default=3_390_000)
    parser.add_argument("--fourgrams", type=int, default=1_100_000)
    parser.add_argument("--learnt", type=int, default=60_000_000, help="words that the voice of the neighbours learns")
    for name in CHANNELS:
        parser.add_argument(f"--{name}", type=Path, nargs="+", default=[], help="pairs read by that model of tesseract")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in CHANNELS:
        make_channel(options.out, name, getattr(options, name))
    words, text, counts = read_tokens(options.text, {"admin": 2})
    print(f"{len(text.ids):,} tokens, {len(words):,} types", flush=True)
    vocabulary = choose_vocabulary(counts)
    place = {word: i for i, word in enumerate(vocabulary)}
    remap = np.array([0, 1, 2, *(place.get(w, UNKNOWN) for w in words)], dtype=np.int32)
    text = Text(remap[text.ids], text.cases, text.files)
    keep = {2: options.bigrams, 3: options.trigrams, 4: options.fourgrams}
    ngrams = learn_ngrams(text.ids, vocabulary, frequencies(vocabulary, counts), keep)
    known = sorted(w for w, n in counts.items() if n >= 5 and w not in place and len(w) > 1)
    save_model(options.out, known, ngrams)
    prepare_candidates(options.out)
    make_neighbours(options.out, text, options.learnt, keep)


if __name__ == "__main__":
    main()
