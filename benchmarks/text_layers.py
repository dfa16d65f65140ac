"""The judge of text layers on pages of every class: `python -m benchmarks.text_layers --text FOLDER [--pages 200]`.

FOLDER holds `*.txt` or `*.txt.xz`, one paragraph a line, of which only those are printed that the language model never
learnt from. Without it the text of the composed documents is printed. For each class the table says how often each
decision was taken and the share of wrong ones: a right layer thrown away, or a wrong one believed.
"""

from __future__ import annotations

import argparse
import io
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pdfplumber

from benchmarks.layer_pages import KINDS, READ_BY_ENGLISH, Kind, Material, english_pages, paragraphs_in, print_kind
from pipeline.read.formats.pdf import judge_layer
from pipeline.read.text_layers.words import read_text_layer

OWN_TEXT = Path(__file__).resolve().parent.parent / "tests" / "gold" / "corpus" / "text"
DECISIONS = ("believed", "repaired", "rejected", "none")


def decisions(pdf: bytes) -> Counter[str]:
    """How often each decision is taken on the pages of a PDF."""
    found: Counter[str] = Counter()
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            found[judge_layer(read_text_layer(page))[0].decision] += 1
            page.close()
    return found


def row_of(kind: Kind, found: Counter[str]) -> str:
    """One row of the table."""
    pages = found.total()
    wrong = sum(count for decision, count in found.items() if decision not in kind.right)
    cells = [kind.name, str(pages), *(str(found[d]) for d in DECISIONS), f"{100 * wrong / max(1, pages):.1f} %"]
    return f"| {' | '.join(cells)} |"


def _own_paragraphs(seed: int) -> Iterator[str]:
    lines = [line for path in sorted(OWN_TEXT.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    chosen = [line for line in lines if len(line) > 60 and "\t" not in line]
    random.Random(seed).shuffle(chosen)
    while True:
        yield from chosen


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table of classes and decisions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, help="folder of text to print")
    parser.add_argument("--pages", type=int, default=200, help="pages of each class (default: 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-ocr", action="store_true", help="leave out the class that English tesseract must read")
    options = parser.parse_args(arguments)
    source = paragraphs_in(options.text, options.seed) if options.text else _own_paragraphs(options.seed)
    material = Material(source, random.Random(options.seed))
    print(f"| class | pages | {' | '.join(DECISIONS)} | wrong |\n|---|{'--:|' * (len(DECISIONS) + 2)}")
    began = time.process_time()
    for kind in KINDS:
        print(row_of(kind, decisions(print_kind(kind, material, options.pages))), flush=True)
    if not options.no_ocr:
        print(row_of(READ_BY_ENGLISH, decisions(english_pages(material, options.pages))), flush=True)
    print(f"\n{time.process_time() - began:.0f} CPU seconds")


if __name__ == "__main__":
    main()
