"""Documents that damaged citations made up: a symbol, a day or a digit that OCR misread gives a key of its own.

Each kind of damage is looked for only inside small blocks of equal other parts (number and day; number, symbol and
office; symbol, day and office), and a rare key gives way to a common one only where a single common one is near.
What is near but not clearly damage stays apart, and both name each other as a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

CONFUSED_DIGITS = {
    frozenset(p) for p in ("17", "38", "06", "08", "56", "58", "89", "35", "14", "27", "39", "69", "01", "23", "68")
}
MAJORITY = 3  # mentions of the common key for each of the rare one
RARE_SYMBOL = 0.1
_OFFICE = ["level", "province", "district", "commune"]


@dataclass(slots=True)
class Repairs:
    """`merged` leads from a damaged key to the right one and how sure that is; `conflicts` holds pairs of keys."""

    merged: dict[str, tuple[str, float]] = field(default_factory=dict)
    conflicts: list[tuple[str, str]] = field(default_factory=list)

    def resolve(self, key: str) -> tuple[str, float]:
        """The key that stands at the end of the chain, and the product of how sure each step is."""
        score, seen = 1.0, {key}
        while key in self.merged:
            following, sure = self.merged[key]
            if following in seen:
                break
            seen.add(following)
            key, score = following, score * sure
        return key, score


def find_repairs(known: pd.DataFrame) -> Repairs:
    """`known`: one row per key with its parts, `mentions`, `own` (an ingested document has it) and `title`."""
    repairs = Repairs()
    dated = known[known["date"].str.len() == 10]
    _symbols(dated, repairs)
    _days(dated, repairs)
    _digits(dated, repairs)
    return repairs


def _pairs(frame: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """All ordered pairs of different rows of one block, the rarer first."""
    crowded = frame[frame.duplicated(on, keep=False)]
    pairs = crowded.merge(crowded, on=on, suffixes=("", "_other"))
    return pairs[(pairs["key"] != pairs["key_other"]) & (pairs["mentions"] <= pairs["mentions_other"]) & ~pairs["own"]]


def _merge_only_one(found: Iterable[tuple[str, str, float]], repairs: Repairs) -> None:
    """Merge where one target is left; two targets are a conflict of both with the damaged key."""
    targets: dict[str, dict[str, float]] = {}
    for damaged, right, sure in found:
        targets.setdefault(damaged, {})[right] = sure
    for damaged, options in targets.items():
        if len(options) == 1 and damaged not in repairs.merged:
            right, sure = next(iter(options.items()))
            if repairs.resolve(right)[0] != damaged:
                repairs.merged[damaged] = (right, sure)
        elif len(options) > 1:
            repairs.conflicts += [(damaged, right) for right in options]


def _symbols(known: pd.DataFrame, repairs: Repairs) -> None:
    frequency = known.groupby("symbol")["mentions"].sum()
    pairs = _pairs(known, ["number", "date"])
    pairs = pairs[pairs["symbol"] != pairs["symbol_other"]]
    rare = (
        frequency.reindex(pairs["symbol"]).to_numpy()
        <= RARE_SYMBOL * frequency.reindex(pairs["symbol_other"]).to_numpy()
    )
    pairs = pairs[rare & ((pairs["province"] == pairs["province_other"]) | (pairs["level"] == ""))]
    found = [
        (key, other, 0.85)
        for key, other, a, b, year, other_year in zip(
            pairs["key"],
            pairs["key_other"],
            pairs["symbol"],
            pairs["symbol_other"],
            pairs["year"],
            pairs["year_other"],
            strict=True,
        )
        if year == other_year and OSA.distance(a, b) <= (1 if len(b) < 14 else 2)
    ]
    _merge_only_one(found, repairs)


def _days(known: pd.DataFrame, repairs: Repairs) -> None:
    pairs = _pairs(known[~known["key"].isin(repairs.merged)], ["symbol", "number", "year", *_OFFICE])
    found = []
    for key, other, a, b, year, style, few, many, own in zip(
        pairs["key"], pairs["key_other"], pairs["date"], pairs["date_other"], pairs["year"], pairs["style"],
        pairs["mentions"], pairs["mentions_other"], pairs["own_other"], strict=True,
    ):  # fmt: skip
        if not _one_document(a, b, year, style):
            continue
        if (many >= MAJORITY * few or own) and _near_days(a, b):
            found.append((key, other, 0.8))
        else:
            repairs.conflicts.append((key, other))
    _merge_only_one(found, repairs)


def _one_document(a: str, b: str, year: str, style: str) -> bool:
    """Whether one number on two days can only be one document: years in the number, the same year or the same term."""
    if year:
        return True
    apart = abs(int(a[:4]) - int(b[:4]))
    return apart == 0 or (style == "party" and apart <= 3)


def _near_days(a: str, b: str) -> bool:
    """One digit apart, or day and month exchanged."""
    return sum(x != y for x, y in zip(a, b, strict=True)) == 1 or (
        a[:4] == b[:4] and (a[5:7], a[8:]) == (b[8:], b[5:7])
    )


def _digits(known: pd.DataFrame, repairs: Repairs) -> None:
    titled = known[(known["title"].str.len() >= 20) & ~known["key"].isin(repairs.merged)]
    pairs = _pairs(titled, ["symbol", "year", "date", *_OFFICE])
    found = []
    for key, other, a, b, title, other_title, few, many, own in zip(
        pairs["key"], pairs["key_other"], pairs["number"], pairs["number_other"], pairs["title"], pairs["title_other"],
        pairs["mentions"], pairs["mentions_other"], pairs["own_other"], strict=True,
    ):  # fmt: skip
        if fuzz.ratio(title, other_title) < 92:
            continue
        if (many >= MAJORITY * few or own) and confused(a, b):
            found.append((key, other, 0.75))
        else:
            repairs.conflicts.append((key, other))
    _merge_only_one(found, repairs)


def confused(a: str, b: str) -> bool:
    """Whether two numbers differ in one digit that OCR confuses, or by one lost digit at an end."""
    if len(a) == len(b):
        different = [frozenset((x, y)) for x, y in zip(a, b, strict=True) if x != y]
        return len(different) == 1 and different[0] in CONFUSED_DIGITS
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and len(short) >= 2 and (long.startswith(short) or long.endswith(short))
