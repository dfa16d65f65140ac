"""From all documents and all citations to instruments and links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from pipeline.link.blank import match_blank
from pipeline.link.frames import from_arrow, with_meant
from pipeline.link.mentions import CITATION_COLUMNS, DOCUMENT_COLUMNS
from pipeline.link.named import is_law, law_numbers
from pipeline.link.papers import describe_papers
from pipeline.link.repairs import Repairs, find_repairs
from pipeline.link.state import MEANT, State, bring_up_to_date
from pipeline.link.tables import describe_instruments, describe_links, instruments_table, links_table, owners_of
from pipeline.vietnamese import fold

_WHICH = pa.schema([("citation_id", pa.string()), ("instrument_id", pa.string())])


@dataclass(frozen=True, slots=True)
class Linked:
    """The tables `instruments` and `links`, which instrument each citation means, and what a later run can build on.

    `instrument_of_citation` holds `citation_id` and `instrument_id` of numbered and named citations; `moved` the
    documents in which some of them are not what they were in the last state.
    """

    instruments: pa.Table
    links: pa.Table
    instrument_of_citation: pa.Table
    moved: pa.Array
    state: State


def link(
    documents: pa.Table,
    citations: pa.Table,
    named_citations: pa.Table | None = None,
    state: State | None = None,
    unread: pa.Array | None = None,
) -> Linked:
    """Link the whole archive.

    Tables are as published (`documents`, `citations`, `named_citations`); columns that are missing count as empty.
    With the `state` of an earlier call of this version only what changed since is worked out anew; the result is the
    same as without. `unread`: documents whose citations are those of `state` and need not be in the tables.
    """
    papers = describe_papers(from_arrow(documents, DOCUMENT_COLUMNS))
    cited = pl.concat([_cited(t, named=n) for n, t in ((False, citations), (True, named_citations)) if t is not None])
    left_out = pl.Series(pl.from_arrow(unread)).cast(pl.String) if unread is not None else None
    brought = bring_up_to_date(papers, cited, state, left_out)
    repairs = find_repairs(brought.known)
    meant = _with_instruments(brought.mentions, repairs)
    moved = meant.filter(_moved())
    touched = pl.concat([moved["instrument_id"], moved["was_instrument_id"].drop_nulls(), brought.gone]).unique()
    here = meant.filter(pl.col("instrument_id").is_in(touched.implode())) if state is not None else meant
    owners = owners_of(here)
    instruments, links = describe_instruments(here, owners), describe_links(here, owners)
    changed = None
    if state is not None:
        sources = pl.concat([brought.changed["mentions"], moved["source"]]).unique()
        changed = brought.changed | {"mentions": sources, "instruments": touched, "links": touched}
        instruments = pl.concat([_without(state.instruments, touched), instruments])
        links = pl.concat([_without(state.links, touched), links])
    rivals = _rivals(meant, repairs)
    which = meant.lazy().filter(~pl.col("own")).select(citation_id="citation", instrument_id="instrument_id").collect()
    return Linked(
        instruments_table(instruments, _rivals_of_instruments(meant, rivals, repairs), _spelling(papers)),
        links_table(links, rivals),
        which.to_arrow().cast(_WHICH),
        moved.filter(~pl.col("own"))["source"].unique().sort().to_arrow().cast(pa.string()),
        State(brought.papers, _as_state(meant), brought.documents, brought.known, instruments, links, changed),
    )


def _cited(table: pa.Table, *, named: bool) -> pl.DataFrame:
    frame = from_arrow(table, CITATION_COLUMNS)
    confidence = pl.Series("confidence", [1.0] * frame.height, dtype=pl.Float64)
    if "confidence" in table.column_names:
        confidence = pl.Series(pl.from_arrow(table["confidence"])).cast(pl.Float64).fill_null(1.0).alias("confidence")
    return frame.with_columns(confidence, named=pl.lit(named) & (pl.col("reference_number") == ""))


def _without(frame: pl.DataFrame, instruments: pl.Series) -> pl.DataFrame:
    return frame.filter(~pl.col("instrument_id").is_in(instruments.implode()))


def _as_state(meant: pl.DataFrame) -> pl.DataFrame:
    return meant.drop("was_key", "between", *(f"was_{name}" for name in MEANT))


# ------------------------------------------------------------------------------------------- what mentions mean


def _with_instruments(mentions: pl.DataFrame, repairs: Repairs) -> pl.DataFrame:
    """The mentions with `instrument_id`, how it was found, and `between`: the keys that an undecided one may mean.

    Damaged keys are resolved; names and blank documents are joined to their numbers. Few mentions mean anything else
    than their keys say, and only those are joined."""
    mentions = mentions.drop("row", strict=False).with_row_index("row")
    moved = repairs.moved(mentions)
    as_keyed = mentions.lazy().select("row", "key", "method", "score")
    fuzzy = moved.lazy().join(as_keyed, on="row").collect()
    others = fuzzy.select("row", "meant", final_method=pl.lit("fuzzy"), final_score=pl.col("score") * pl.col("sure"))
    others = pl.concat([others, _by_law(mentions, others)])
    blank = match_blank(mentions, others)
    replaced = others.join(blank, on="row", how="anti")
    others = pl.concat([replaced, blank.select(others.columns)])
    meant = mentions.join(others, on="row", how="left", maintain_order="left")
    meant = meant.with_columns(
        pl.coalesce("meant", "key").alias("meant"),
        final_method=pl.coalesce("final_method", "method"),
        final_score=pl.coalesce("final_score", "score"),
    )
    undecided = moved.filter(pl.col("rivals").list.len() > 0).select("row", between="rivals")
    meant = meant.join(undecided, on="row", how="left", maintain_order="left")
    return _with_ids(meant.drop("row"))


def _by_law(mentions: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Mentions of a law by its name that mean its number."""
    numbers = law_numbers(with_meant(mentions.lazy().filter(is_law()).collect(), others))
    named = mentions.lazy().filter("named").select("row", "key", "score").collect()
    found = named.join(numbers, on="key")
    return found.select("row", meant="number_key", final_method=pl.lit("date_and_number"), final_score="score")


def _with_ids(meant: pl.DataFrame) -> pl.DataFrame:
    """The mentions with the id of what they mean; an id that is known already is not made again."""
    same = (pl.col("meant") == pl.col("was_meant")).fill_null(False)
    keys = meant.filter(~same)["meant"].unique()
    ids = pl.DataFrame(
        {"meant": keys, "new_id": [_instrument_id(key) for key in keys.to_list()]},
        schema_overrides={"new_id": pl.String},
    )
    meant = meant.join(ids, on="meant", how="left", maintain_order="left")
    return meant.with_columns(instrument_id=pl.coalesce("new_id", "was_instrument_id")).drop("new_id")


def _instrument_id(key: str) -> str:
    return "i" + hashlib.blake2b(key.encode(), digest_size=10).hexdigest()


def _moved() -> pl.Expr:
    """Whether a mention is new, or is not what it was."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"was_{name}")) for name in MEANT)


# -------------------------------------------------------------------------------------------------------- doubt


def _rivals(meant: pl.DataFrame, repairs: Repairs) -> pl.DataFrame:
    """For each doubtful mention its `source`, `instrument_id`, `relation`, and `other`: what it may mean as well."""
    columns = ["source", "instrument_id", "relation", "own"]
    either = pl.coalesce("between", "rivals")
    doubtful = meant.lazy().filter(either.list.len() > 0).select(*columns, rival=either).collect()
    doubtful = repairs.resolve(doubtful.explode("rival"), "rival").select(*columns, "rival").unique()
    ids = meant.select(rival="meant", other="instrument_id").join(doubtful, on="rival", how="semi").unique()
    return doubtful.join(ids, on="rival").filter(pl.col("other") != pl.col("instrument_id"))


def _rivals_of_instruments(meant: pl.DataFrame, rivals: pl.DataFrame, repairs: Repairs) -> pl.DataFrame:
    """Pairs `instrument_id`, `other`: rivals of mentions, and conflicts in both directions."""
    conflicts = repairs.resolve(repairs.conflicts, "key").select("key", "other")
    conflicts = repairs.resolve(conflicts, "other").select("key", "other")
    in_conflict = pl.concat([conflicts["key"], conflicts["other"]]).unique()
    ids = meant.select("meant", "instrument_id").filter(pl.col("meant").is_in(in_conflict.implode())).unique()
    conflicts = conflicts.join(ids, left_on="key", right_on="meant")
    conflicts = conflicts.join(ids, left_on="other", right_on="meant", suffix="_other")
    one = conflicts.select("instrument_id", other="instrument_id_other")
    two = one.select(instrument_id="other", other="instrument_id")
    pairs = pl.concat([rivals.select("instrument_id", "other"), one, two])
    return pairs.filter(pl.col("instrument_id") != pl.col("other")).unique()


def _spelling(papers: pl.DataFrame) -> pl.DataFrame:
    """Provinces as documents print them, by their names without marks."""
    names = sorted(set(papers["printed_province"].to_list()) - {""})
    printed = {fold(name): name for name in names}
    schema = {"province": pl.String, "printed_province": pl.String}
    return pl.DataFrame({"province": list(printed), "printed_province": list(printed.values())}, schema=schema)
