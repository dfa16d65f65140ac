"""Speed of the stages, on the composed documents as text: `python -m benchmarks.extraction [--rounds N]`.

Every text of the gold is read as plain text; then restoration, segmentation and extraction are timed apart, in CPU
seconds of one process. The first round warms caches up and is reported by itself, since a nightly run begins cold.
A page here is a page of about 2,500 characters. Quality of the same stages is what `make evaluate` reports.

With `--files FOLDER` the files of that folder (scans, say) go through once instead, read as ever, and wall seconds are
told as well, and each stage's share of them. Texts for a first round go before them, so that caches are warm.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import cpu_seconds
from pipeline.discover import discover
from pipeline.extract import extract
from pipeline.models import MediaType, Source
from pipeline.read import read_source
from pipeline.restore import restore_pages
from pipeline.segment import segment
from pipeline.settings import Settings

TEXTS = Path(__file__).resolve().parent.parent / "tests" / "gold" / "corpus" / "text"
CHARACTERS_A_PAGE = 2500


class _Times(NamedTuple):
    """Seconds."""

    cpu: float
    wall: float


def main() -> None:
    """Prints a Markdown table: stage, CPU seconds cold and warm, pages a second warm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds after the first; the fastest counts")
    parser.add_argument("--files", type=Path, help="time the files of this folder, once")
    options = parser.parse_args()
    sources = [_source(path) for path in sorted(TEXTS.glob("*.txt"))]
    if options.files:
        _one_round(sources)
        _print_shares(discover(options.files, Settings()).sources)
        return
    pages = sum(source.size for source in sources) / CHARACTERS_A_PAGE
    runs = [_one_round(sources) for _ in range(options.rounds + 1)]
    print(f"{len(sources)} documents, {pages:.0f} pages of {CHARACTERS_A_PAGE} characters\n")
    print("| stage | CPU seconds, first round | CPU seconds, warm | pages a second, warm |\n|---|---|---|---|")
    for stage in runs[0]:
        warm = min(run[stage].cpu for run in runs[1:])
        print(f"| {stage} | {runs[0][stage].cpu:.2f} | {warm:.2f} | {pages / warm:.0f} |")


def _source(path: Path) -> Source:
    content = path.read_bytes()
    size = len(content.decode("utf-8"))
    return Source(path, path.name, hashlib.sha256(content).hexdigest(), MediaType.TEXT, size)


def _print_shares(sources: Sequence[Source]) -> None:
    spent = _one_round(sources)
    cpu, wall = (sum(column) for column in zip(*spent.values(), strict=True))
    print(f"{len(sources)} files\n")
    print("| stage | CPU seconds | share | wall seconds | share |\n|---|---|---|---|---|")
    for stage, times in spent.items():
        print(f"| {stage} | {times.cpu:.2f} | {times.cpu / cpu:.1%} | {times.wall:.2f} | {times.wall / wall:.1%} |")


def _one_round(sources: Sequence[Source]) -> dict[str, _Times]:
    """What each stage spent. A file that cannot be read stops it with its error."""
    settings = Settings()
    spent = dict.fromkeys(("read", "restore", "segment", "extract"), _Times(0.0, 0.0))

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        cpu, wall = cpu_seconds(), time.perf_counter()
        yield
        before = spent[stage]
        spent[stage] = _Times(before.cpu + cpu_seconds() - cpu, before.wall + time.perf_counter() - wall)

    for source in sources:
        with timed("read"):
            reading = read_source(source, settings.read)
        with timed("restore"):
            restored = restore_pages(reading.pages, settings.restore)
        with timed("segment"):
            documents = segment(source, restored)
        with timed("extract"):
            for document in documents:
                extract(document)
    return spent


if __name__ == "__main__":
    main()
