"""What one linking leaves for the next: mentions with what was found out about them, and what was made of them.

A later call works out anew only what its changes touch, with the same functions, so that the tables come out the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from pipeline.link.identity import BLOCK, documents_of, identify, is_full, with_full_keys
from pipeline.link.mentions import PLACE, gather_mentions
from pipeline.link.repairs import known_keys

IDS = {
    "papers": "source", "mentions": "source", "documents": "key", "known": "key", "instruments": "instrument_id",
    "links": "instrument_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """Frames of the last linking.

    `papers`: `source` and marks that change with what linking reads of a document; `mentions`: all of them with the key
    of `identify` and the instrument they were found to mean; `documents`: those that full mentions name; `known`: all
    keys with their parts; `instruments`, `links`: the tables without `ambiguous_with`. `changed`: for each frame the
    values of its column IDS whose rows are not those of the state that this one was built on, if it was built on one.
    """

    papers: pl.DataFrame
    mentions: pl.DataFrame
    documents: pl.DataFrame
    known: pl.DataFrame
    instruments: pl.DataFrame
    links: pl.DataFrame
    changed: Mapping[str, pl.Series] | None = None

    def frames(self) -> dict[str, pl.DataFrame]:
        """The frames by name."""
        return {name: getattr(self, name) for name in IDS}

    @classmethod
    def from_frames(cls, frames: Mapping[str, pl.DataFrame]) -> Self:
        """The state that `frames` gave. Raises KeyError where one is missing."""
        papers, mentions, documents, known, instruments, links = (frames[name] for name in IDS)
        return cls(papers, mentions, documents, known, instruments, links)


@dataclass(frozen=True, slots=True)
class Brought:
    """All mentions up to date, with `was_…` columns of the last linking (null for new ones); `documents` and `known` as
    in the state; `gone`: the instruments of mentions that are no more; `changed`: as in the state, of four frames."""

    papers: pl.DataFrame
    mentions: pl.DataFrame
    documents: pl.DataFrame
    known: pl.DataFrame
    gone: pl.Series
    changed: dict[str, pl.Series]


ANSWER = ("key", "method", "score", "rivals", "anchor")  # what `identify` says of a mention
MEANT = ("meant", "final_method", "final_score", "instrument_id")
_MEANT_TYPES = {"meant": pl.String, "final_method": pl.String, "final_score": pl.Float64, "instrument_id": pl.String}
_WAS = {"was_key": pl.String, **{f"was_{name}": kind for name, kind in _MEANT_TYPES.items()}}


def bring_up_to_date(
    papers: pl.DataFrame, cited: pl.DataFrame, state: State | None, unread: pl.Series | None = None
) -> Brought:
    """All mentions, identified. Those of unchanged documents are taken from `state`, and their answers too where they
    need no others or nothing in their block changed. `unread`: documents whose citations are as they were and are not
    in `cited`."""
    marks = _marks(papers, cited)
    if state is None:
        new = _as_new(gather_mentions(papers, cited))
        documents = documents_of(with_full_keys(new))
        mentions = identify(new, documents)
        return Brought(marks, mentions, documents, known_keys(mentions), pl.Series("", [], dtype=pl.String), {})
    if unread is not None:
        marks = _with_marks_of_unread(marks, state, unread)
    same = marks.join(state.papers, on=marks.columns, how="semi").select("source")
    changed = papers.join(same, left_on="document_id", right_on="source", how="anti")
    cited = cited.join(same, left_on="document_id", right_on="source", how="anti")
    new = _as_new(gather_mentions(changed, cited))
    earlier = state.mentions.rename({name: f"was_{name}" for name in MEANT})
    earlier = earlier.with_columns(was_key="key").with_row_index("row")
    stays = earlier["source"].is_in(same["source"].implode())
    gone = earlier.filter(~stays)
    touched = pl.concat([new.select(BLOCK), gone.select(BLOCK)]).unique()
    documents, document_keys = _documents_now(state.documents, earlier.lazy().filter(stays), gone, new)

    waiting = earlier.lazy().filter(stays & pl.col("numbered") & ~is_full()).select("row", *BLOCK).collect()
    asked = earlier["row"].is_in(waiting.join(touched, on=list(BLOCK), how="semi")["row"].implode())
    again = earlier.filter(asked)
    answered = identify(
        pl.concat([again.select(new.columns), new]), documents.join(touched, on=list(BLOCK), how="semi")
    )
    mentions = pl.concat([earlier.filter(stays & ~asked).select(answered.columns), answered])
    known, known_keys_changed = _known_now(state.known, mentions, answered, gone)
    sources = pl.concat([changed["document_id"], gone["source"], _otherwise(again, answered.head(again.height))])
    papers_gone = state.papers.join(marks, on="source", how="anti")["source"]
    moved = {
        "papers": pl.concat([changed["document_id"], papers_gone]),
        "mentions": sources.unique(),
        "documents": document_keys,
        "known": known_keys_changed,
    }
    return Brought(marks, mentions, documents, known, gone["was_instrument_id"].unique(), moved)


def _otherwise(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """The documents of mentions that were identified again with another answer."""
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}_then")) for c in ANSWER)
    both = after.select("source", *ANSWER).hstack(before.select(pl.col(ANSWER).name.suffix("_then")))
    return both.filter(~same)["source"]


def _documents_now(
    documents: pl.DataFrame, kept: pl.LazyFrame, gone: pl.DataFrame, new: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Series]:
    """The documents, and the keys of those that may have changed."""
    named_now = with_full_keys(new)
    changed = pl.concat([named_now["key"], gone.filter(is_full())["key"]]).unique()
    keys = changed.implode()
    columns = ["key", *BLOCK, "date", "style", "complete", *PLACE, "title_key"]
    still = kept.filter(is_full() & pl.col("key").is_in(keys)).select(columns).collect()
    anew = documents_of(pl.concat([still, named_now.select(columns)]))
    return pl.concat([documents.filter(~pl.col("key").is_in(keys)), anew.select(documents.columns)]), changed


def _known_now(
    known: pl.DataFrame, mentions: pl.DataFrame, answered: pl.DataFrame, gone: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Series]:
    """All known keys, and those that may have changed."""
    moved = answered.filter(pl.col("key").ne_missing(pl.col("was_key")))
    changed = pl.concat([moved["key"], moved["was_key"].drop_nulls(), gone["key"]]).unique()
    keys = changed.implode()
    anew = known_keys(mentions.lazy().filter(pl.col("key").is_in(keys)))
    return pl.concat([known.filter(~pl.col("key").is_in(keys)), anew.select(known.columns)]), changed


def _as_new(mentions: pl.DataFrame) -> pl.DataFrame:
    return mentions.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in _WAS.items())


def _marks(papers: pl.DataFrame, cited: pl.DataFrame) -> pl.DataFrame:
    own = papers.select(source="document_id", mark=papers.hash_rows())
    theirs = cited.select(source="document_id", mark_cited=cited.hash_rows())
    theirs = theirs.group_by("source").agg(pl.col("mark_cited").sum())
    return own.join(theirs, on="source", how="left").with_columns(pl.col("mark_cited").fill_null(0))


def _with_marks_of_unread(marks: pl.DataFrame, state: State, unread: pl.Series) -> pl.DataFrame:
    earlier = state.papers.filter(pl.col("source").is_in(unread.implode())).select("source", was="mark_cited")
    marks = marks.join(earlier, on="source", how="left")
    return marks.with_columns(mark_cited=pl.coalesce("was", "mark_cited")).drop("was")
