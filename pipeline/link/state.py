"""What one linking leaves for the next: mentions with what was found out about them, and what was made of them.

A later call works out anew only what its changes touch, with the same functions, so that the tables come out the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import polars as pl

from pipeline.link.identity import BLOCK, documents_of, identify, is_full, with_full_keys
from pipeline.link.mentions import PLACE, gather_mentions
from pipeline.link.repairs import known_keys


@dataclass(frozen=True, slots=True)
class State:
    """Frames of the last linking.

    `papers`: `source` and marks that change with what linking reads of a document; `mentions`: all of them with the key
    of `identify` and the instrument they were found to mean; `documents`: those that full mentions name; `known`: all
    keys with their parts; `instruments`, `links`: the tables without `ambiguous_with`.
    """

    papers: pl.DataFrame
    mentions: pl.DataFrame
    documents: pl.DataFrame
    known: pl.DataFrame
    instruments: pl.DataFrame
    links: pl.DataFrame

    def frames(self) -> dict[str, pl.DataFrame]:
        """The frames by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_frames(cls, frames: Mapping[str, pl.DataFrame]) -> Self:
        """The state that `frames` gave. Raises KeyError where one is missing."""
        return cls(**{f.name: frames[f.name] for f in fields(cls)})


@dataclass(frozen=True, slots=True)
class Brought:
    """All mentions up to date, with `was_…` columns of the last linking (null for new ones); `documents` and `known` as
    in the state; `gone`: the instruments of mentions that are no more."""

    papers: pl.DataFrame
    mentions: pl.DataFrame
    documents: pl.DataFrame
    known: pl.DataFrame
    gone: pl.Series


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
        return Brought(marks, mentions, documents, known_keys(mentions), pl.Series("", [], dtype=pl.String))
    if unread is not None:
        marks = _with_marks_of_unread(marks, state, unread)
    same = marks.join(state.papers, on=marks.columns, how="semi").select("source")
    changed = papers.join(same, left_on="document_id", right_on="source", how="anti")
    cited = cited.join(same, left_on="document_id", right_on="source", how="anti")
    new = _as_new(gather_mentions(changed, cited))
    earlier = state.mentions.rename({name: f"was_{name}" for name in MEANT})
    stays = earlier["source"].is_in(same["source"].implode())
    kept, gone = earlier.filter(stays), earlier.filter(~stays)
    touched = pl.concat([new.select(BLOCK), gone.select(BLOCK)]).unique()
    documents = _documents_now(state.documents, kept, gone, new)

    kept = kept.with_columns(was_key="key").with_row_index("row")
    waiting = kept.select("row", *BLOCK, ask=pl.col("numbered") & ~is_full()).filter("ask")
    asked = waiting.join(touched, on=list(BLOCK), how="semi").get_column("row").implode()
    again = kept.filter(pl.col("row").is_in(asked)).select(new.columns)
    answered = identify(pl.concat([again, new]), documents.join(touched, on=list(BLOCK), how="semi"))
    mentions = pl.concat([kept.filter(~pl.col("row").is_in(asked)).select(answered.columns), answered])
    known = _known_now(state.known, mentions, answered, gone)
    return Brought(marks, mentions, documents, known, gone["was_instrument_id"].unique())


def _documents_now(documents: pl.DataFrame, kept: pl.DataFrame, gone: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    named_now = with_full_keys(new)
    keys = pl.concat([named_now["key"], gone.filter(is_full())["key"]]).unique().implode()
    columns = ["key", *BLOCK, "date", "style", "complete", *PLACE, "title_key"]
    still = kept.lazy().filter(is_full() & pl.col("key").is_in(keys)).select(columns).collect()
    changed = documents_of(pl.concat([still, named_now.select(columns)]))
    return pl.concat([documents.filter(~pl.col("key").is_in(keys)), changed.select(documents.columns)])


def _known_now(known: pl.DataFrame, mentions: pl.DataFrame, answered: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    moved = answered.filter(pl.col("key").ne_missing(pl.col("was_key")))
    keys = pl.concat([moved["key"], moved["was_key"].drop_nulls(), gone["key"]]).unique().implode()
    changed = known_keys(mentions.lazy().filter(pl.col("key").is_in(keys)))
    return pl.concat([known.filter(~pl.col("key").is_in(keys)), changed.select(known.columns)])


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
