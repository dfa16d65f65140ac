"""Speed of the stages that work on text, on the composed documents: `python -m benchmarks.extraction [--rounds N]`.

Every text of the gold is read as plain text; then restoration, segmentation and extraction are timed apart, in CPU
seconds of one process. The first round warms caches up and is reported by itself, since a nightly run begins cold.
A page here is a page of about 2,500 characters. Quality of the same stages is what `make evaluate` reports.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.extract import extract
from pipeline.models import MediaType, Source
from pipeline.read import read_source
from pipeline.restore import restore_pages
from pipeline.segment import segment
from pipeline.settings import Settings

TEXTS = Path(__file__).resolve().parent.parent / "tests" / "gold" / "corpus" / "text"
CHARACTERS_A_PAGE = 2500


def main() -> None:
    """Prints a Markdown table: stage, CPU seconds cold and warm, pages a second warm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds after the first; the fastest counts")
    rounds = parser.parse_args().rounds
    sources = [_source(path) for path in sorted(TEXTS.glob("*.txt"))]
    pages = sum(source.size for source in sources) / CHARACTERS_A_PAGE
    runs = [_one_round(sources) for _ in range(rounds + 1)]
    print(f"{len(sources)} documents, {pages:.0f} pages of {CHARACTERS_A_PAGE} characters\n")
    print("| stage | CPU seconds, first round | CPU seconds, warm | pages a second, warm |\n|---|---|---|---|")
    for stage in runs[0]:
        warm = min(run[stage] for run in runs[1:])
        print(f"| {stage} | {runs[0][stage]:.2f} | {warm:.2f} | {pages / warm:.0f} |")


def _source(path: Path) -> Source:
    content = path.read_bytes()
    size = len(content.decode("utf-8"))
    return Source(path, path.name, hashlib.sha256(content).hexdigest(), MediaType.TEXT, size)


def _one_round(sources: list[Source]) -> dict[str, float]:
    settings = Settings()
    spent = dict.fromkeys(("read", "restore", "segment", "extract"), 0.0)

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        spent[stage] += time.process_time() - start
        return result

    for source in sources:
        reading = timed("read", lambda s=source: read_source(s, settings.read))
        restored = timed("restore", lambda r=reading: restore_pages(r.pages, settings.restore))
        documents = timed("segment", lambda s=source, p=restored: segment(s, p))
        for document in documents:
            timed("extract", lambda d=document: extract(d))
    return spent


if __name__ == "__main__":
    main()
