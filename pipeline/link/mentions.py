"""One frame of everything that names an instrument: citations, and the documents themselves by their own numbers.

Columns (strings, empty where nothing is known): `source` the document that says it; `own` true for a document's own
number; `symbol`, `number`, `year`, `style` the parts of the reference; `date` as printed; `level`, `province`,
`district`, `commune` of the office that issued the instrument; `said_by` the date of the document that says it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.link.places import level_of_symbol, place_of_issuer
from pipeline.reference_numbers import parse_reference
from pipeline.vietnamese import fold

CENTRAL = "vn"
_PARTS = ("level", "province", "district", "commune")
_REFERENCE = (
    r"^(?P<number>\d{1,5}[a-zA-Zđ]?)?\s?(?P<lead>[-/]?)(?:(?P<year>(?:19[4-9]|20\d)\d)/)?(?P<symbol>[^\d\s].*)?$"
)


def text_column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column as strings, empty for null; empty strings where the frame has no such column."""
    if name not in frame:
        return pd.Series("", index=frame.index, dtype=object)
    return frame[name].astype(object).where(frame[name].notna(), "")


def by_distinct(values: pd.Series[Any], function: Any) -> pd.Series[Any]:
    """`function` of each value, called once per distinct value."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    made = np.empty(len(distinct), dtype=object)
    for index, value in enumerate(distinct):
        made[index] = function(value)
    return pd.Series(made[codes] if len(distinct) else made, index=values.index, dtype=object)


def document_places(documents: pd.DataFrame) -> pd.DataFrame:
    """Level, province, district and commune of each document's issuer, one row per document."""
    issuer = by_distinct(text_column(documents, "issuer"), place_of_issuer)
    superior = by_distinct(text_column(documents, "issuer_superior"), place_of_issuer)
    frame = pd.DataFrame(index=documents.index)
    frame["level"] = text_column(documents, "issuer_level")
    said = by_distinct(issuer, lambda p: p.level)
    frame["level"] = frame["level"].where(frame["level"] != "", said)
    stated = by_distinct(text_column(documents, "province"), lambda p: _bare(p))
    for part, position in (("province", 1), ("district", 2), ("commune", 3)):
        own = by_distinct(issuer, lambda p, i=position: p[i])
        above = by_distinct(superior, lambda p, i=position: p[i])
        frame[part] = own.where(own != "", above)
    frame["province"] = stated.where(stated != "", frame["province"])
    # `Hạ Lang, ngày …` names the district or commune where the header does not.
    seat = by_distinct(text_column(documents, "issued_at"), lambda p: _bare(p))
    for level in ("province", "district", "commune"):
        blank = (frame["level"] == level) & (frame[level] == "")
        if level == "province":
            blank &= frame["province"] == ""
        frame.loc[blank, level] = seat[blank]
    return frame


def _bare(place: str) -> str:
    """A place name without marks and without the word for its unit."""
    folded = fold(place)
    for unit in ("tinh ", "thanh pho ", "tp. ", "tp ", "huyen ", "quan ", "thi xa ", "xa ", "phuong ", "thi tran "):
        if folded.startswith(unit):
            return folded[len(unit) :]
    return folded


def parse_references(references: pd.Series[Any]) -> pd.DataFrame:
    """The parts of each reference number; `symbol` is the key in one spelling, without marks and capitals."""
    codes, distinct = pd.factorize(references, use_na_sentinel=False)
    parts = pd.Series(distinct, dtype=object).astype(str).str.extract(_REFERENCE).fillna("").astype(object)
    parts["style"] = np.where((parts["lead"] == "-") & parts["symbol"].str.contains("/", regex=False), "party", "state")
    parts["number"] = parts["number"].str.lstrip("0").str.lower()
    whole = by_distinct(parts["symbol"] + "\x1f" + parts["style"], _split_symbol)
    parts["type_code"] = by_distinct(whole, lambda w: w[0])
    parts["body"] = by_distinct(whole, lambda w: w[1])
    parts["symbol"] = by_distinct(whole, lambda w: w[2])
    kept = parts[["number", "year", "symbol", "style", "type_code", "body"]]
    taken = kept.iloc[codes].reset_index(drop=True)
    taken.index = references.index
    return taken


def _split_symbol(symbol_and_style: str) -> tuple[str, str, str]:
    symbol, style = symbol_and_style.split("\x1f")
    if not symbol:
        return "", "", ""
    lead = "1-" if style == "party" else "1/"
    parsed = parse_reference(lead + symbol)
    key = fold(symbol).replace("/", "-").replace(" ", "")
    if parsed is None:
        return "", symbol, f"{style}:{key}"
    key = fold(f"{parsed.type_code or ''}-{parsed.body}")
    return parsed.type_code or "", parsed.body, f"{parsed.style}:{key}"


def gather_mentions(documents: pd.DataFrame, citations: pd.DataFrame) -> pd.DataFrame:
    """The frame: citations first, then the documents; `citation` is the row of the citation, counted from 0."""
    places = document_places(documents)
    places.index = documents["document_id"].astype(object)
    cited = _cited(documents, citations, places)
    own = _own(documents, places)
    return pd.concat([cited, own], ignore_index=True)


def _cited(documents: pd.DataFrame, citations: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    frame = parse_references(text_column(citations, "reference_number"))
    frame["source"] = text_column(citations, "document_id")
    frame["own"] = False
    frame["citation"] = np.arange(len(citations))
    frame["reference"] = text_column(citations, "reference_number")
    for name in ("issuer", "title", "document_type", "relation", "term"):
        frame[name] = text_column(citations, name)
    frame["date"] = text_column(citations, "issued_on")
    frame["confidence"] = citations["confidence"].fillna(1.0).to_numpy() if "confidence" in citations else 1.0
    said = by_distinct(frame["issuer"], place_of_issuer)
    for position, part in enumerate(_PARTS):
        frame[part] = by_distinct(said, lambda p, i=position: p[i])
    chain = places.reindex(frame["source"])
    chain.index = frame.index
    for part in _PARTS:
        frame[f"source_{part}"] = chain[part].fillna("")
    dates = pd.Series(text_column(documents, "issued_on").to_numpy(), index=places.index)
    frame["said_by"] = dates[~dates.index.duplicated()].reindex(frame["source"]).fillna("").to_numpy()
    _complete_places(frame)
    return frame


def _complete_places(frame: pd.DataFrame) -> None:
    """Level from the code where the words do not say it; missing names from the office that cites."""
    coded = _level_of_code(frame)
    central = coded == "central"
    frame["level"] = frame["level"].where((frame["level"] != "") & ~central, coded)
    # An office cites its own and its superiors' documents: what is not named lies above or at the office that cites.
    frame["province"] = frame["province"].where(frame["province"] != "", frame["source_province"])
    below = frame["level"].isin(["district", "commune"])
    same = frame["province"] == frame["source_province"]
    take = below & same & (frame["district"] == "")
    frame.loc[take, "district"] = frame.loc[take, "source_district"]
    take = (
        (frame["level"] == "commune")
        & same
        & (frame["district"] == frame["source_district"])
        & (frame["commune"] == "")
    )
    frame.loc[take, "commune"] = frame.loc[take, "source_commune"]
    _drop_finer(frame)


def _level_of_code(frame: pd.DataFrame) -> pd.Series:
    """The level that the symbol of each number speaks of."""
    keys = (
        frame["body"]
        + "\x1f"
        + frame["type_code"]
        + "\x1f"
        + frame["style"]
        + "\x1f"
        + frame["year"].ne("").map({True: "y", False: ""})
    )
    return by_distinct(keys, lambda k: level_of_symbol(*k.split("\x1f")[:3], k.endswith("y")))


def _drop_finer(frame: pd.DataFrame) -> None:
    """An office has no place finer than its level; central offices have none at all."""
    level = frame["level"]
    frame.loc[level == "central", "province"] = CENTRAL
    frame.loc[level.isin(["central", "province"]), "district"] = ""
    frame.loc[level.isin(["central", "province", "district"]), "commune"] = ""


def _own(documents: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    frame = parse_references(text_column(documents, "reference_number"))
    frame["source"] = text_column(documents, "document_id")
    frame["own"] = True
    frame["citation"] = -1
    frame["reference"] = text_column(documents, "reference_number")
    for name in ("issuer", "title", "document_type"):
        frame[name] = text_column(documents, name)
    frame["relation"] = frame["term"] = ""
    frame["date"] = text_column(documents, "issued_on")
    frame["confidence"] = 1.0
    for part in _PARTS:
        frame[part] = places[part].to_numpy()
        frame[f"source_{part}"] = places[part].to_numpy()
    frame["said_by"] = frame["date"]
    coded = _level_of_code(frame)
    frame["level"] = frame["level"].where(frame["level"] != "", coded)
    _drop_finer(frame)
    return frame
