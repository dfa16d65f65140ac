"""Makes every document of `corpus/` and its gold: `python -m scripts.corpus [NAME …]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.corpus import gold, paper
from scripts.corpus.layout import lay_out
from scripts.corpus.source import load_all

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Makes the named documents, or all; the gold is always written whole."""
    parser = argparse.ArgumentParser(prog="python -m scripts.corpus", description=__doc__)
    parser.add_argument("names", nargs="*", help="how the names of the documents to make begin; default: all")
    parser.add_argument("--output", type=Path, default=ROOT / "corpus", help="where the documents go")
    parser.add_argument("--gold-only", action="store_true", help="write the gold, make no document")
    arguments = parser.parse_args()
    paper.register_fonts()
    sources = load_all()
    laid = {source.name: lay_out(source) for source in sources}
    gold.write(sources, laid)
    if arguments.gold_only:
        return
    from scripts.corpus.make import make  # needs augraphy, which the gold does not

    arguments.output.mkdir(parents=True, exist_ok=True)
    for source in sources:
        if arguments.names and not source.name.startswith(tuple(arguments.names)):
            continue
        ending, data = make(source, laid[source.name])
        path = arguments.output / f"{source.name}.{ending}"
        path.write_bytes(data)
        print(f"{path.name}: {len(data) / 1024:.0f} KiB, {len(laid[source.name])} pages")


if __name__ == "__main__":
    main()
