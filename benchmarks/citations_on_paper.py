"""How many citations survive print and damage: texts are printed, damaged, read back, and scored against their gold.

    python -m benchmarks.citations_on_paper tests/gold/corpus/text tests/gold/corpus --level noisy

Each text becomes one scan of several pages in every font, so that the gold of a text holds for its scan. Figures:
precision, recall and F1 of mentions by number, and how many of those found have type, date and issuer right.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.printed_pages import LEVELS, fonts, print_page
from pipeline.report.evaluate import evaluate
from pipeline.run.ingest import ingest
from pipeline.settings import Settings

_LETTERS, _LINES = 66, 30  # how much a line and a page hold at most


def pages_of(text: str) -> Iterator[list[str]]:
    """The lines of a text, as many as fit on each page."""
    page: list[str] = []
    left = _LINES
    for line in (stripped for raw in text.splitlines() if (stripped := " ".join(raw.split()))):
        needed = -(-len(line) // _LETTERS) + 1
        if page and needed > left:
            yield page
            page, left = [], _LINES
        page.append(line)
        left -= needed
    if page:
        yield page


def print_texts(texts: Sequence[Path], folder: Path, level: str, seed: int) -> None:
    """A scan of each text in `folder`, under its name, damaged at a level."""
    faces = fonts()
    for number, path in enumerate(texts):
        noise = np.random.default_rng([seed, number])
        font, size = faces[number % len(faces)]
        pages = []
        for lines in pages_of(path.read_text("utf-8")):
            pixels, dpi = LEVELS[level](print_page(lines, font, size, most_lines=3 * _LINES)[0], noise)
            pages.append(Image.fromarray(pixels))
        first, *rest = pages
        first.save(folder / f"{path.stem}.tif", save_all=True, append_images=rest, dpi=(dpi, dpi), compression="lzw")


def measure(texts: Sequence[Path], gold: Path, level: str, seed: int, errors: int = 0) -> str:
    """The report on citations after printing, damaging and ingesting."""
    with tempfile.TemporaryDirectory() as folder:
        scans, output = Path(folder, "scans"), Path(folder, "output")
        scans.mkdir()
        print_texts(texts, scans, level, seed)
        ingest(Settings(input=scans, output=output))
        evaluation = evaluate(output / "current", gold)
    lines = [f"{level}, seed {seed}, {len(texts)} texts"]
    figures = evaluation.as_dict()
    lines += [f"{name}: {json.dumps(figures[name])}" for name in figures if name.endswith("citations")]
    lines += [str(f) for f in evaluation.errors if f.table.endswith("citations")][:errors]
    return "\n".join(lines)


def main() -> None:
    """Prints the report of each seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, help="folder of texts")
    parser.add_argument("gold", type=Path, help="folder of their gold")
    parser.add_argument("--level", choices=list(LEVELS), default="noisy")
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--errors", type=int, default=0)
    args = parser.parse_args()
    texts = sorted(p for p in args.texts.glob("*.txt"))
    for seed in args.seed:
        print(measure(texts, args.gold, args.level, seed, args.errors), flush=True)


if __name__ == "__main__":
    main()
