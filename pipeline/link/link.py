"""From all documents and all citations to instruments and links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.blank import match_blank
from pipeline.link.identity import identify
from pipeline.link.mentions import document_places, gather_mentions, text_column
from pipeline.link.named import law_numbers, name_keys
from pipeline.link.repairs import Repairs, find_repairs
from pipeline.vietnamese import fold

_OFFICE = ["level", "province", "district", "commune"]
_METHODS = ("exact", "date_and_number", "fuzzy")


@dataclass(frozen=True, slots=True)
class Linked:
    """The tables `instruments` and `links`, and which instrument each citation means.

    `instrument_of_citation` holds `citation_id` and `instrument_id` of numbered and named citations.
    """

    instruments: pa.Table
    links: pa.Table
    instrument_of_citation: pa.Table


def link(documents: pa.Table, citations: pa.Table, named_citations: pa.Table | None = None) -> Linked:
    """Link the whole archive.

    Tables are as published (`documents`, `citations`, `named_citations`); columns that are missing count as empty.
    """
    papers = documents.to_pandas()
    numbered = citations.to_pandas()
    named = named_citations.to_pandas() if named_citations is not None else numbered.iloc[:0]
    points_back = text_column(named, "reference_number") != ""
    everything = pd.concat([numbered, named[points_back], named[~points_back]], ignore_index=True)
    with_number = len(numbered) + int(points_back.sum())

    mentions = identify(gather_mentions(papers, everything.iloc[:with_number]))
    repairs = _repair(mentions)
    _attach_blank(mentions)
    mentions = pd.concat([mentions, _named_mentions(papers, everything, with_number, mentions)], ignore_index=True)
    ids = {key: _instrument_id(key) for key in mentions["key"].unique()}
    mentions["instrument_id"] = mentions["key"].map(ids)
    owners = _owners(mentions)
    instruments = _instruments(mentions, owners, ids, repairs, _spelling(papers))
    links = _links(mentions, owners, ids)
    cited = mentions[~mentions["own"]]
    which = pa.table(
        {
            "citation_id": pa.array(everything["citation_id"].to_numpy()[cited["citation"].to_numpy()], pa.string()),
            "instrument_id": pa.array(cited["instrument_id"], pa.string()),
        }
    )
    return Linked(instruments, links, which)


def _instrument_id(key: str) -> str:
    return "i" + hashlib.blake2b(key.encode(), digest_size=10).hexdigest()


def _repair(mentions: pd.DataFrame) -> Repairs:
    """Give damaged mentions the key of the document they mean."""
    numbered = mentions[mentions["numbered"]]
    best = numbered.sort_values(["complete", "dated"], ascending=False, kind="stable")
    first = best.drop_duplicates("key").set_index("key")[["symbol", "number", "year", "date", "style", *_OFFICE]]
    groups = numbered.groupby("key", sort=False)
    known = first.join(groups["own"].agg(["size", "any"]).rename(columns={"size": "mentions", "any": "own"}))
    titles = numbered[numbered["title_key"] != ""].drop_duplicates("key").set_index("key")["title_key"]
    known["title"] = titles.reindex(known.index).fillna("")
    repairs = find_repairs(known.reset_index())
    damaged = mentions["key"].isin(repairs.merged)
    if damaged.any():
        resolved = [repairs.resolve(key) for key in mentions.loc[damaged, "key"]]
        mentions.loc[damaged, "key"] = [key for key, _ in resolved]
        mentions.loc[damaged, "score"] = mentions.loc[damaged, "score"] * [sure for _, sure in resolved]
        mentions.loc[damaged, "method"] = "fuzzy"
    return repairs


def _attach_blank(mentions: pd.DataFrame) -> None:
    """Documents without a number of their own join the document that others cite as theirs."""
    own = mentions[mentions["own"] & ~mentions["numbered"]]
    if own.empty:
        return
    taken = set(mentions.loc[mentions["own"] & mentions["numbered"], "key"])
    others = mentions[mentions["numbered"] & ~mentions["own"] & ~mentions["key"].isin(taken)]
    columns = ["key", "symbol", "date", "document_type", "title", *_OFFICE]
    cited = others.sort_values("title", key=lambda t: t == "", kind="stable").drop_duplicates("key")[columns]
    for row, (key, method, score) in match_blank(own, cited).items():
        for column, value in (("key", key), ("method", method), ("score", score)):
            mentions.loc[row, column] = value


def _named_mentions(papers: pd.DataFrame, everything: pd.DataFrame, start: int, mentions: pd.DataFrame) -> pd.DataFrame:
    """The rows of documents that are cited by name alone, in the columns of the others."""
    named = everything.iloc[start:]
    frame = pd.DataFrame(index=named.index)
    frame["source"] = text_column(named, "document_id")
    places = document_places(papers)
    places.index = papers["document_id"].astype(object)
    around = places[~places.index.duplicated()].reindex(frame["source"]).fillna("")
    frame["key"] = name_keys(named, around).to_numpy()
    frame["own"], frame["numbered"] = False, False
    frame["citation"] = named.index
    frame["method"], frame["score"], frame["rivals"] = "exact", 0.9, None
    numbers = law_numbers(mentions)
    known = frame["key"].isin(numbers)
    frame.loc[known, "method"] = "date_and_number"
    frame["key"] = frame["key"].map(lambda key: numbers.get(key, key))
    frame["reference"] = ""
    frame["date"] = text_column(named, "issued_on")
    for name in ("issuer", "title", "document_type", "relation", "term"):
        frame[name] = text_column(named, name)
    frame["province"] = ""
    frame["confidence"] = named["confidence"].to_numpy() if "confidence" in named else 0.8
    return frame


def _spelling(papers: pd.DataFrame) -> dict[str, str]:
    """Provinces as documents print them, by their names without marks."""
    return {fold(name): name for name in sorted(set(text_column(papers, "province"))) if name}


def _owners(mentions: pd.DataFrame) -> pd.Series[Any]:
    """The ingested document that each instrument is; of several copies the first by id."""
    own = mentions[mentions["own"]].sort_values("source")
    return own.drop_duplicates("instrument_id").set_index("instrument_id")["source"]


def _commonest(mentions: pd.DataFrame, column: str) -> pd.Series[Any]:
    """The value of a column that most mentions of an instrument print.

    Of two equally common ones the longer, then the one with fewer capitals (`swapcase` sorts capitals last).
    """
    part = mentions.loc[mentions[column] != "", ["instrument_id", column]]
    counts = part.value_counts(sort=False).rename("count").reset_index()
    counts["length"] = counts[column].str.len()
    counts["spelling"] = counts[column].map(str.swapcase)
    ranked = counts.sort_values(["count", "length", "spelling"], ascending=[False, False, True], kind="stable")
    return ranked.drop_duplicates("instrument_id").set_index("instrument_id")[column]


def _instruments(
    mentions: pd.DataFrame, owners: pd.Series[Any], ids: dict[str, str], repairs: Repairs, spelling: dict[str, str]
) -> pa.Table:
    order = pd.Index(sorted(set(mentions["instrument_id"])), name="instrument_id")
    frame = pd.DataFrame(index=order)
    trusted = mentions[mentions["method"] != "fuzzy"]
    for name, column in (("document_type", "document_type"), ("reference_number", "reference"), ("issuer", "issuer"),
                         ("title", "title"), ("term", "term"), ("province", "province")):  # fmt: skip
        values = _commonest(trusted, column).reindex(order)
        missing = values.isna()
        if missing.any():
            values = values.where(~missing, _commonest(mentions, column).reindex(order))
        frame[name] = values
    dates = mentions.assign(length=mentions["date"].str.len())
    longest = dates[dates["length"] == dates.groupby("instrument_id")["length"].transform("max")]
    frame["issued_on"] = _commonest(longest, "date").reindex(order)
    frame["province"] = frame["province"].map(spelling)
    frame["document_id"] = owners.reindex(order)
    counts = mentions[~mentions["own"]].groupby("instrument_id").size()
    frame["citation_count"] = counts.reindex(order).fillna(0).astype("int32")
    rivals: dict[str, set[str]] = {}
    for a, b in repairs.conflicts:
        one, two = (ids.get(repairs.resolve(key)[0]) for key in (a, b))
        if one and two and one != two:
            rivals.setdefault(one, set()).add(two)
            rivals.setdefault(two, set()).add(one)
    for own_id, keys in _rivals_of_mentions(mentions, ids):
        rivals.setdefault(own_id, set()).update(k for k in keys if k != own_id)
    frame["ambiguous_with"] = [sorted(rivals.get(i, ())) for i in order]
    return pa.table(
        {
            "instrument_id": pa.array(order, pa.string()),
            **{
                name: pa.array(frame[name].where(frame[name].notna(), None), pa.string())
                for name in ("document_type", "reference_number", "issued_on", "issuer", "title", "document_id")
            },
            "citation_count": pa.array(frame["citation_count"], pa.int32()),
            "province": pa.array(frame["province"].where(frame["province"].notna(), None), pa.string()),
            "term": pa.array(frame["term"].where(frame["term"].notna(), None), pa.string()),
            "ambiguous_with": pa.array(list(frame["ambiguous_with"]), pa.list_(pa.string())),
        }
    )


def _rivals_of_mentions(mentions: pd.DataFrame, ids: dict[str, str]) -> list[tuple[str, list[str]]]:
    doubtful = mentions[mentions["rivals"].notna()]
    return [
        (own_id, [ids[k] for k in rivals if k in ids])
        for own_id, rivals in zip(doubtful["instrument_id"], doubtful["rivals"], strict=True)
    ]


def _links(mentions: pd.DataFrame, owners: pd.Series[Any], ids: dict[str, str]) -> pa.Table:
    target = owners.reindex(mentions["instrument_id"]).to_numpy()
    edges = mentions[~mentions["own"] & (target != mentions["source"].to_numpy())].copy()
    edges["relation"] = edges["relation"].replace("", "mentions")
    edges["rank"] = edges["method"].map({name: rank for rank, name in enumerate(_METHODS)})
    edges["sure"] = edges["score"] * edges["confidence"]
    keys = ["source", "instrument_id", "relation"]
    grouped = (
        edges.groupby(keys, sort=True)
        .agg(mentions=("rank", "size"), rank=("rank", "min"), score=("sure", "max"))
        .reset_index()
    )
    rivals: dict[tuple[str, str, str], set[str]] = {}
    doubtful = edges[edges["rivals"].notna()]
    for source, own_id, relation, keys_of in zip(
        doubtful["source"], doubtful["instrument_id"], doubtful["relation"], doubtful["rivals"], strict=True
    ):
        rivals.setdefault((source, own_id, relation), set()).update(
            ids[k] for k in keys_of if k in ids and ids[k] != own_id
        )
    ambiguous: pd.Series[Any] = pd.Series([[]] * len(grouped), dtype=object)
    if rivals:
        ambiguous = pd.Series(
            [
                sorted(rivals.get(k, ()))
                for k in zip(grouped["source"], grouped["instrument_id"], grouped["relation"], strict=True)
            ],
            dtype=object,
        )
    found = owners.reindex(grouped["instrument_id"])
    return pa.table(
        {
            "source_document_id": pa.array(grouped["source"], pa.string()),
            "instrument_id": pa.array(grouped["instrument_id"], pa.string()),
            "target_document_id": pa.array(found.where(found.notna(), None).to_numpy(), pa.string()),
            "relation": pa.array(grouped["relation"], pa.string()),
            "mentions": pa.array(grouped["mentions"], pa.int32()),
            "method": pa.array(np.array(_METHODS, dtype=object)[grouped["rank"].to_numpy(dtype=int)], pa.string()),
            "score": pa.array(grouped["score"].round(3), pa.float64()),
            "ambiguous_with": pa.array(list(ambiguous), pa.list_(pa.string())),
        }
    )
