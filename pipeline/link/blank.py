"""Ingested documents whose own number is blank, handwritten or unreadable meet their citations by type, date, office
and title."""

from __future__ import annotations

import pandas as pd
from rapidfuzz import fuzz

from pipeline.vietnamese import fold

SIMILAR_TITLE = 85
CLEAR_LEAD = 8


def match_blank(own: pd.DataFrame, cited: pd.DataFrame) -> dict[int, tuple[str, str, float]]:
    """From a document's row in `own` to (key, method, score) of the one cited document that it must be.

    `own`: documents without a number, with `title`, `document_type`, `date` and their office; `cited`: the keys that no
    ingested document has yet. A month or a year as date matches every day in it; no date matches nothing.
    """
    found: dict[int, tuple[str, str, float]] = {}
    dated = own[own["date"] != ""]
    if dated.empty or cited.empty:
        return found
    left = dated.reset_index(names="row")[
        ["row", "date", "document_type", "symbol", "title", "province", "district", "commune", "level"]
    ]
    for length in (10, 7, 4):
        part = left[left["date"].str.len() == length]
        if part.empty:
            continue
        candidates = cited[cited["date"].str.len() == 10].assign(prefix=cited["date"].str.slice(0, length))
        pairs = part.merge(
            candidates, left_on=["date", "document_type"], right_on=["prefix", "document_type"], suffixes=("", "_cited")
        )
        pairs = pairs[_same_office(pairs)]
        for row, group in pairs.groupby("row", sort=False):
            choice = _choose(group, exact_day=length == 10)
            if choice is not None:
                found[int(str(row))] = choice
    taken: dict[str, list[int]] = {}
    for row, (key, _, _) in found.items():
        taken.setdefault(key, []).append(row)
    return {row: choice for row, choice in found.items() if len(taken[choice[0]]) == 1}


def _same_office(pairs: pd.DataFrame) -> pd.Series:
    fits = (pairs["level"] == pairs["level_cited"]) | (pairs["level"] == "") | (pairs["level_cited"] == "")
    for column in ("province", "district", "commune"):
        a, b = pairs[column], pairs[f"{column}_cited"]
        fits &= (a == b) | (a == "") | (b == "")
    known = (pairs["province"] != "") & (pairs["province"] == pairs["province_cited"])
    return fits & known


def _choose(group: pd.DataFrame, *, exact_day: bool) -> tuple[str, str, float] | None:
    same_symbol = (group["symbol"] == "") | (group["symbol"] == group["symbol_cited"])
    group = group[same_symbol]
    scored = sorted(
        (
            (fuzz.token_set_ratio(fold(a), fold(b)) if a and b else 0.0, key)
            for a, b, key in zip(group["title"], group["title_cited"], group["key"], strict=True)
        ),
        reverse=True,
    )
    if not scored:
        return None
    best, key = scored[0]
    lead = best - (scored[1][0] if len(scored) > 1 else 0.0)
    if best >= SIMILAR_TITLE and (len(scored) == 1 or lead >= CLEAR_LEAD):
        return key, "fuzzy", round(0.6 + 0.3 * best / 100, 3)
    untitled = not group["title"].iloc[0] or not group["title_cited"].iloc[0]
    if exact_day and len(group) == 1 and untitled and group["symbol"].iloc[0]:
        return key, "date_and_number", 0.75
    return None
