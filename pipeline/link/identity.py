"""Which mentions mean the same document of the world.

What makes a document unique: a normative act its number, year and symbol in one office; an individual act of the state
its number in one office and one year (numbers start again each January); a Party document its number in one committee
and one term of five years. So, in order:

1. full date and known office: equal keys are one document;
2. full date, office not fully known: joins the only document of that number and day whose office it can be;
3. no full date: joins the only document of that number, office and time that it can be.

Nothing is joined where two candidates are left: the mention keeps a document of its own, and both say so.
All steps are joins of whole columns; blocks never hold more than the documents of one number in one office or day.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from pipeline.link.mentions import by_distinct
from pipeline.vietnamese import fold

PARTY_MONTHS = 60  # the length of a term: within it the number comes once
RIVAL_MONTHS = 24
SHORTEST_TITLE = 20  # letters that a title must have to say which document is meant
LARGEST_OPEN_BLOCK = 20
_PARTS = ["level", "province", "district", "commune"]
_BASE = ["symbol", "number", "year"]


def identify(mentions: pd.DataFrame) -> pd.DataFrame:
    """The mentions with `key` (what is equal is one document), `method`, `score` and `rivals` (keys, or None)."""
    m = mentions
    m["title_key"] = by_distinct(m["title"], title_key)
    m["dated"] = m["date"].str.len() == 10
    m["numbered"] = (m["number"] != "") & (m["symbol"] != "")
    m["complete"] = _complete(m)
    m["key"] = ""
    m["method"] = "exact"
    m["score"] = 1.0
    m["rivals"] = pd.Series([None] * len(m), index=m.index, dtype=object)
    _by_full_key(m)
    _by_day(m)
    _without_day(m)
    _leave_alone(m)
    return m


def title_key(title: str) -> str:
    """A title for comparison: without marks, capitals, quotation marks and the words that lead it in."""
    folded = fold(title).strip(" “”\"'.,")
    return re.sub(r"^(?:ve viec|v/v|ve) ", "", folded)


def _complete(m: pd.DataFrame) -> pd.Series[Any]:
    known = m["province"] != ""
    district = known & (m["district"] != "")
    return (
        (m["level"] == "central")
        | ((m["level"] == "province") & known)
        | ((m["level"] == "district") & district)
        | ((m["level"] == "commune") & district & (m["commune"] != ""))
    )


def _office(m: pd.DataFrame) -> pd.Series[Any]:
    return m["level"] + "," + m["province"] + "," + m["district"] + "," + m["commune"]


def _key(m: pd.DataFrame, time: pd.Series[Any] | str, office: pd.Series[Any] | str) -> pd.Series[Any]:
    return m["symbol"] + "|" + m["number"] + "|" + m["year"] + "|" + time + "|" + office


def _by_full_key(m: pd.DataFrame) -> None:
    rows = m["numbered"] & m["dated"] & m["complete"]
    part = m[rows]
    m.loc[rows, "key"] = _key(part, part["date"], _office(part))


def known_documents(m: pd.DataFrame, rows: pd.Series[Any] | None = None) -> pd.DataFrame:
    """One row per key of the mentions that have one, with the parts that tell documents apart and the mentions."""
    part = m[(m["key"] != "") if rows is None else (m["key"] != "") & rows]
    columns = ["key", *_BASE, "date", "style", *_PARTS]
    # Of the rows of one document those come first that name its office in full: what they say is equal.
    best = part.sort_values(["complete", "dated"], ascending=False, kind="stable")
    first = best.drop_duplicates("key")[columns]
    titled = (
        part.loc[part["title_key"] != "", ["key", "title_key"]].drop_duplicates("key").set_index("key")["title_key"]
    )
    first = first.join(part.groupby("key", sort=False).size().rename("mentions"), on="key")
    first["title_key"] = titled.reindex(first["key"]).fillna("").to_numpy()
    return first


def _by_day(m: pd.DataFrame) -> None:
    rows = m["numbered"] & m["dated"] & (m["key"] == "")
    if not rows.any():
        return
    left = m.loc[rows, [*_BASE, "date", "title_key", *_PARTS]].reset_index(names="row")
    pairs = left.merge(known_documents(m), on=[*_BASE, "date"], suffixes=("", "_known"))
    pairs = pairs[_compatible(pairs) & (_agreement(pairs) >= 0)]
    _join_only_one(m, pairs, "date_and_number", 0.95)
    rows &= m["key"] == ""
    part = m[rows]
    # Documents that nobody names in full: one, where nothing that is said of their offices contradicts.
    blocks = part["symbol"] + "|" + part["number"] + "|" + part["year"] + "|" + part["date"]
    agree = pd.Series(True, index=part.index)
    for column in _PARTS:
        said = part[column].where(part[column] != "")
        agree &= said.groupby(blocks, sort=False).transform("nunique") <= 1
    apart = part["rivals"].notna() | ~agree
    office = _office(part).where(apart, "?")
    for column in _PARTS:
        whole = part[column].groupby(blocks, sort=False).transform("max")
        m.loc[part.index, column] = part[column].where(apart, whole)
    m.loc[rows, "key"] = _key(part, part["date"], office)
    m.loc[rows, "method"] = "date_and_number"
    m.loc[rows, "score"] = np.where(apart, 0.7, 0.9)


def _compatible(pairs: pd.DataFrame) -> pd.Series[Any]:
    """Whether two offices can be the same: every part equal or unknown on one side."""
    fits = pd.Series(True, index=pairs.index)
    for column in _PARTS:
        a, b = pairs[column], pairs[f"{column}_known"]
        fits &= (a == b) | (a == "") | (b == "")
    return fits


def _join_only_one(m: pd.DataFrame, pairs: pd.DataFrame, method: str, score: float) -> None:
    """Give each row the only known document it can be; where several are left, name them as rivals."""
    counts = pairs.groupby("row", sort=False)["key"].agg(["size", "first"])
    only = counts[counts["size"] == 1]
    m.loc[only.index, "key"] = only["first"].to_numpy()
    m.loc[only.index, "method"] = method
    m.loc[only.index, "score"] = score
    several = counts.index[counts["size"] > 1]
    if len(several):
        rivals = pairs[pairs["row"].isin(several)].groupby("row", sort=False)["key"].agg(_some_of)
        m.loc[rivals.index, "rivals"] = rivals


def _some_of(keys: pd.Series[Any]) -> Any:
    """Up to five distinct keys."""
    return tuple(sorted(set(keys))[:5])


def _without_day(m: pd.DataFrame) -> None:
    rows = m["numbered"] & (m["key"] == "")
    if not rows.any():
        return
    columns = [*_BASE, "date", "style", "said_by", "own", "complete", "title_key", *_PARTS]
    left = m.loc[rows, columns].reset_index(names="row")
    documents = known_documents(m, m["dated"])
    documents = documents.rename(columns={"date": "day"}).drop(columns="style")
    placed = left[left["province"] != ""]
    pairs = placed.merge(documents, on=[*_BASE, "province"], suffixes=("", "_known"))
    pairs["province_known"] = pairs["province"]
    open_rows = left[(left["year"] != "") | (left["title_key"] != "")]
    pairs = pd.concat([pairs, _open_pairs(open_rows, documents)], ignore_index=True)
    pairs = pairs.drop_duplicates(["row", "key"])
    pairs = pairs[_compatible(pairs) & _not_later(pairs)]
    _prefer_majority(m, _weigh_titles(pairs))
    _name_rivals(m, pairs)
    rest = m.loc[rows & (m["key"] == "")]
    m.loc[rest.index, "key"] = _key(rest, _time_without_day(rest), _office(rest))
    m.loc[rest.index, "score"] = np.where(rest["rivals"].notna(), 0.5, 0.8)


def _open_pairs(left: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Candidates where the province is unknown on one side; numbers that many offices use are left out."""
    sizes = documents.groupby(_BASE, sort=False)["key"].transform("size")
    few = documents[sizes <= LARGEST_OPEN_BLOCK]
    return left.merge(few, on=_BASE, suffixes=("", "_known"))


def _not_later(pairs: pd.DataFrame) -> pd.Series[Any]:
    """Whether the document can be older than the one that cites it, and agrees with what is printed of its date."""
    begins = [day.startswith(printed) for day, printed in zip(pairs["day"], pairs["date"], strict=True)]
    said = pairs["said_by"].str.slice(0, 10)
    # A day is printed in full or not: `2020-01` ends after all its days. What is cited was there the day before.
    until = said.where(said.str.len() == 10, said + "-99")
    not_later = (said == "") | (pairs["day"] < until) | pairs["own"]
    return pd.Series(begins, index=pairs.index, dtype=bool) & not_later


def _name_rivals(m: pd.DataFrame, pairs: pd.DataFrame) -> None:
    """Rows that joined nothing say what they may mean: documents of the last two years that nothing contradicts."""
    alone = (m["key"] == "") & m["rivals"].isna()
    left = pairs[pairs["row"].isin(alone.index[alone])]
    left = left[(_months(left["said_by"]) - _months(left["day"])).fillna(0) <= RIVAL_MONTHS]
    left = left[_agreement(left) >= 0]
    if len(left):
        rivals = left.groupby("row", sort=False)["key"].agg(_some_of)
        m.loc[rivals.index, "rivals"] = rivals


def _weigh_titles(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs whose titles agree, where a row has such; else those that are recent and whose titles do not contradict."""
    agreement = _agreement(pairs)
    agree = pd.Series(agreement == 1, index=pairs.index, dtype=bool)
    decided = agree.groupby(pairs["row"]).transform("any").astype(bool)
    said, day = pairs["said_by"], pairs["day"]
    # The numbers of individual acts come again each January, so that only a title or a printed year tells them apart.
    months = _months(said) - _months(day)
    same_term = (pairs["style"] == "party") & (months.isna() | (months <= PARTY_MONTHS))
    printed = (pairs["year"] != "") | (pairs["date"] != "") | pairs["own"]
    # Where the office is not fully known on both sides, only a title or the year in the number tells.
    same_office = pairs["complete"] & (
        pairs[_PARTS].to_numpy() == pairs[[f"{p}_known" for p in _PARTS]].to_numpy()
    ).all(axis=1)
    plausible = (same_term | printed) & (same_office | (pairs["year"] != ""))
    return pairs[np.where(decided, agree, plausible & (agreement >= 0))]


def _agreement(pairs: pd.DataFrame) -> Any:
    """`same_title` of each pair, as an array of integers."""
    titles = zip(pairs["title_key"], pairs["title_key_known"], strict=True)
    return np.array([same_title(a, b) for a, b in titles], dtype=int)


def _months(dates: pd.Series[Any]) -> pd.Series[Any]:
    """Months since year 0 of dates that name at least a month; a year alone counts as its end; NaN for nothing."""
    years = pd.to_numeric(dates.str.slice(0, 4), errors="coerce")
    return years * 12 + pd.to_numeric(dates.str.slice(5, 7), errors="coerce").fillna(12)


def same_title(a: str, b: str) -> int:
    """1: two titles (without marks) are one; -1: they are two; 0: nothing can be said."""
    length = min(len(a), len(b))
    if length < SHORTEST_TITLE:
        return 0
    likeness = fuzz.ratio(a[:length], b[:length])
    return 1 if likeness >= 92 else -1 if likeness < 80 else 0


def _prefer_majority(m: pd.DataFrame, pairs: pd.DataFrame) -> None:
    """As `_join_only_one`; of two days for one normative act the one that most citations print wins, with a doubt."""
    normative = pairs["year"] != ""
    best = pairs.groupby("row", sort=False)["mentions"].transform("max")
    total = pairs.groupby("row", sort=False)["mentions"].transform("sum")
    size = pairs.groupby("row", sort=False)["key"].transform("size")
    clear = normative & (size > 1) & (pairs["mentions"] == best) & (best >= 3 * (total - best))
    winners = pairs[clear].drop_duplicates("row").set_index("row")
    decided = pairs["row"].isin(winners.index)
    _join_only_one(m, pairs[~decided], "exact", 0.92)
    m.loc[winners.index, "key"] = winners["key"]
    m.loc[winners.index, "score"] = 0.85
    others = pairs[decided & ~pairs["key"].isin(winners["key"])]
    if len(others):
        rivals = others.groupby("row", sort=False)["key"].agg(_some_of)
        m.loc[rivals.index, "rivals"] = rivals


def _time_without_day(m: pd.DataFrame) -> pd.Series[Any]:
    """What tells undated documents of one number apart: the year in the number, the term, else the citing document."""
    said = pd.to_numeric(m["said_by"].str.slice(0, 4), errors="coerce")
    # Terms of Party committees begin in 2000, 2005, 2010 and so on.
    term = "term " + ((said // 5) * 5).fillna(0).astype(int).astype(str)
    term = term.where(said.notna(), "from " + m["source"])
    office_known = m["complete"] & ~m["rivals"].notna()
    alone = m["date"] + " from " + m["source"]
    time = alone.where(~((m["style"] == "party") & office_known & (m["date"] == "")), term)
    return time.where(~((m["year"] != "") & office_known), m["date"])


def _leave_alone(m: pd.DataFrame) -> None:
    """Numbers without a symbol, and documents without a number: nobody else can mean them by their number."""
    rest = m[m["key"] == ""]
    what = rest["document_type"] + " " + rest["number"]
    m.loc[rest.index, "key"] = "alone|" + what + "|" + rest["date"] + "|" + rest["source"]
    m.loc[rest.index, "score"] = 0.5
