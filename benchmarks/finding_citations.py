"""How fast citations are found in text, against eyecite on text of its own kind in the same run.

    python -m benchmarks.finding_citations

eyecite finds citations of American law; its texts are composed here. It is measured where it is installed: its
packages bring a top-level package `tests`, so put it into a folder of its own (`uv pip install --target FOLDER`)
and name that in PYTHONPATH. Both run on one core; turns alternate, and the best of each counts.
"""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.extract.citations.finding import find_mentions

_LETTERS = 400_000
_TURNS = 5
_AMERICAN = (
    "In {a} v. {b}, {v} U.S. {p}, {q} ({y}), the Court held that the statute did not apply to the defendant, who had "
    "relied on the earlier order of the commission and had acted in good faith throughout the proceedings below. ",
    "See also {b}, {v} F.2d at {q} (citing 42 U.S.C. § {p} ({y})). The record shows no evidence that notice was given, "
    "and the parties agree that the question was not raised until the appeal had been filed. Id. at {q}. ",
    "The motion is denied for the reasons that were stated in open court, and the clerk shall enter judgment. ",
)
_NAMES = ("Harlow", "Pritchard", "Venn", "Oakley", "Somers", "Tilden", "Marsh", "Dunmore")


def vietnamese() -> list[str]:
    """Paragraphs of the composed corpus, repeated up to `_LETTERS`."""
    folder = Path(__file__).parents[1] / "tests" / "gold" / "corpus" / "text"
    paragraphs = [p for path in sorted(folder.glob("*.txt")) for p in path.read_text("utf-8").split("\n") if p]
    joined = [" ".join(paragraphs[i : i + 6]) for i in range(0, len(paragraphs), 6)]
    return joined * (1 + _LETTERS // sum(map(len, joined)))


def american() -> list[str]:
    """Composed paragraphs of opinions."""
    chance = random.Random(1)
    texts: list[str] = []
    while sum(map(len, texts)) < _LETTERS // 4:
        values = {n: chance.randint(2, 900) for n in "vpq"} | {"y": chance.randint(1900, 2020)}
        a, b = chance.sample(_NAMES, 2)
        texts.append("".join(part.format(a=a, b=b, **values) for part in _AMERICAN))
    return texts


def rate(find: Callable[[str], object], texts: list[str]) -> float:
    """Millions of characters a CPU second."""
    begin = time.process_time()
    for text in texts:
        find(text)
    return sum(map(len, texts)) / (time.process_time() - begin) / 1e6


def main() -> None:
    """Prints both rates and their ratio."""
    finders: dict[str, tuple[Callable[[str], object], list[str]]] = {"chithi": (find_mentions, vietnamese())}
    if importlib.util.find_spec("eyecite"):
        from eyecite import get_citations  # type: ignore[import-not-found,unused-ignore]

        finders["eyecite"] = (get_citations, american())
    best = dict.fromkeys(finders, 0.0)
    for _ in range(_TURNS):
        for name, (find, texts) in finders.items():
            best[name] = max(best[name], rate(find, texts))
    found = sum(len(find_mentions(t)) for t in finders["chithi"][1])
    print(f"chithi {best['chithi']:.2f} M characters/s ({found} citations in {sum(map(len, finders['chithi'][1]))})")
    if "eyecite" in best:
        print(f"eyecite {best['eyecite']:.3f} M characters/s; ratio {best['chithi'] / best['eyecite']:.1f}")


if __name__ == "__main__":
    main()
