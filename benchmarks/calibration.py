"""How much a target can be trusted: `python -m benchmarks.calibration [--write] [--add NAME TEXTS GOLD]`.

`benchmarks/first_contact.tsv` holds one line for each target of documents that the rules did not know when they first
read them: its set, whether it was right in every attribute, and its signs (`pipeline/extract/targets/signs.py`). A
logistic model with a fixed sign for each weight is fitted to them. What is printed comes from models that did not see
the set that they judge; `--write` puts the weights of all sets together into `rules/target_confidence.toml`.

`--add` reads a folder of texts with gold targets that the rules have never been changed for, and adds its lines. A set
belongs here on first contact only: what the rules have learnt from tells nothing of what they do not know.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from pipeline.extract import read_paragraphs
from pipeline.extract.citations.finding import find_citations
from pipeline.extract.targets.signs import Sign, TargetConfidence, likely
from pipeline.models import MediaType, Source, Target
from pipeline.read import read_source
from pipeline.report.evaluate import best_of, gold_rows, is_optional
from pipeline.report.matching import RULES, GoldRow, Row
from pipeline.restore import restore_pages
from pipeline.rulebook import rules_folder
from pipeline.segment import segment
from pipeline.settings import Settings

LINES = Path(__file__).resolve().parent / "first_contact.tsv"
GOOD = frozenset(
    ("goal", "known_indicator", "measured", "known_and_measured", "share", "count", "score_from_2", "score_from_4")
)
"""Signs that may only raise the confidence; all others may only lower it."""
RIDGE = 1.0
"""How much the fit holds weights back: a sign seldom seen says little."""
CAUTION = 0.9
"""What is taken from the bias: of sets that were left out, about 95 of 100 targets with 0.9 and more shall be right."""
_EDGES = (0.95, 0.9, 0.8, 0.7, 0.5, 0.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One target at first contact."""

    set: str
    right: bool
    signs: frozenset[str]


def main() -> None:
    """Adds, fits, prints a Markdown table, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--add", nargs=3, metavar=("NAME", "TEXTS", "GOLD"), help="lines of a set at first contact")
    parser.add_argument("--write", action="store_true", help="write the weights into rules/target_confidence.toml")
    arguments = parser.parse_args()
    if arguments.add:
        name, texts, gold = arguments.add
        _save([*(li for li in _lines() if li.set != name), *judged(name, Path(texts), Path(gold))])
    lines = _lines()
    _print_left_out(lines)
    weights = fitted(lines)
    if arguments.write:
        _write(weights)
    else:
        print("\n" + "\n".join(f"{sign:20} {weight:+.2f}" for sign, weight in weights.items()))


# ----------------------------------------------------------------------------------------------------- what was right


def judged(name: str, texts: Path, gold: Path) -> Iterator[Line]:
    """The lines of a set: every target that is found in its texts, held against its gold."""
    wanted: dict[str, list[GoldRow]] = {}
    for row in gold_rows(gold, "targets") or ():
        wanted.setdefault(row["doc"], []).append(row)
    for path in sorted(texts.glob("*.txt")):
        docs = [doc for doc in wanted if path.name.startswith(doc)]
        if docs:
            rows = [row for doc in docs for row in wanted[doc] if row.get("value")]
            yield from (Line(name, right, signs) for right, signs in _held_against(rows, list(_targets(path))))


def _targets(path: Path) -> Iterator[tuple[Row, frozenset[str]]]:
    """The targets of a text, in order, each with its signs."""
    content, settings = path.read_bytes(), Settings()
    source = Source(path, path.name, hashlib.sha256(content).hexdigest(), MediaType.TEXT, len(content))
    pages = restore_pages(read_source(source, settings.read).pages, settings.restore)
    for document in segment(source, pages):
        paths = {section.section_id: section.path for section in document.sections}
        for _, doc in read_paragraphs(document, tuple(find_citations(document))):
            for span in doc.spans.get("numbers", ()):
                target: Target | None = span._.found.target
                if target is not None and span._.found.signs:
                    row = asdict(target) | {"section_path": paths.get(target.evidence.section_id or "")}
                    yield row, span._.found.signs


def _held_against(
    gold: list[GoldRow], found: list[tuple[Row, frozenset[str]]]
) -> Iterator[tuple[bool, frozenset[str]]]:
    """What each target is worth; whether its section is right, the table of sections tells."""
    rule, left = RULES["targets"], [row for row, _ in found]
    signs = {id(row): of_row for row, of_row in found}
    for wanted in sorted(gold, key=is_optional):
        best = best_of(rule, wanted, left)
        if best is None:
            continue
        left = [row for row in left if row is not best]
        if not is_optional(wanted):
            tests = (test for name, test in rule.attributes.items() if name != "section")
            yield all(test(wanted, best) is not False for test in tests), signs[id(best)]
    yield from ((False, signs[id(row)]) for row in left)


def _lines() -> list[Line]:
    rows = (line.split("\t") for line in LINES.read_text(encoding="utf-8").splitlines()[1:])
    return [Line(name, right == "y", frozenset(filter(None, signs.split("+")))) for name, right, signs in rows]


def _save(lines: list[Line]) -> None:
    rows = (f"{li.set}\t{'y' if li.right else 'n'}\t{'+'.join(sorted(li.signs))}" for li in lines)
    LINES.write_text("\n".join(["set\tright\tsigns", *rows]) + "\n", encoding="utf-8")


# -------------------------------------------------------------------------------------------------------------- the fit


def fitted(lines: list[Line]) -> dict[str, float]:
    """The weight of each sign, and `bias`: most likely for the lines, held back by `RIDGE`, each of its own sign."""
    names = get_args(Sign)
    way = np.array([1.0] + [1.0 if name in GOOD else -1.0 for name in names])
    seen = np.array([[1.0] + [float(name in line.signs) for name in names] for line in lines]) * way
    right = np.array([line.right for line in lines], dtype=float)
    ridge = np.full(len(way), RIDGE)
    ridge[0] = 1e-6
    weights = np.zeros(len(way))
    for _ in range(200):
        likely = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (right - likely) - ridge * weights
        free = (weights > 0) | (slope > 0)
        free[0] = True
        bend = (seen[:, free] * (likely * (1 - likely))[:, None]).T @ seen[:, free] + np.diag(ridge[free])
        step = np.zeros(len(way))
        step[free] = np.linalg.solve(bend, slope[free])
        moved = weights + step
        moved[1:] = np.maximum(moved[1:], 0.0)
        if np.abs(moved - weights).max() < 1e-6:
            break
        weights = moved
    weights[0] -= CAUTION
    return dict(zip(("bias", *names), (float(w) for w in weights * way), strict=True))


def _print_left_out(lines: list[Line]) -> None:
    """How often targets of each confidence were right, in sets that the fit did not see."""
    said: list[tuple[str, float, bool]] = []
    for name in dict.fromkeys(line.set for line in lines):
        weights = fitted([line for line in lines if line.set != name])
        said += [(name, likely(weights["bias"], weights, line.signs), line.right) for line in lines if line.set == name]
    print("| confidence | targets | right | of those that were said |\n|---|---|---|---|")
    for low, high in zip(_EDGES, (1.01, *_EDGES), strict=False):
        _print_row(f"{low:.2f} to {min(high, 1):.2f}", [(p, right) for _, p, right in said if low <= p < high])
    for name in dict.fromkeys(line.set for line in lines):
        _print_row(f"0.90 and more, {name}", [(p, right) for of, p, right in said if of == name and p >= 0.9])
    _print_row("0.90 and more, all", [(p, right) for _, p, right in said if p >= 0.9])


def _print_row(label: str, rows: list[tuple[float, bool]]) -> None:
    right = sum(right for _, right in rows)
    share, mean = (right / len(rows), sum(p for p, _ in rows) / len(rows)) if rows else (0.0, 0.0)
    print(f"| {label} | {len(rows)} | {right} ({share:.3f}) | {mean:.3f} |")


def _write(weights: dict[str, float]) -> None:
    """Puts the weights into the rules, where all else stays as it is.

    Raises ValueError where the file lacks a sign.
    """
    path = rules_folder() / TargetConfidence.file_name
    text, count = re.subn(
        r"^bias = .*$", f"bias = {weights['bias']:.2f}", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    for sign in get_args(Sign):
        pattern = rf'(id = "{sign}"\nweight = )\S+'
        text, count = re.subn(pattern, rf"\g<1>{weights[sign]:.2f}", text)
        if count != 1:
            raise ValueError(f"{path.name}: no sign {sign!r}")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
