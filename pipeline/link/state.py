"""What one linking leaves for the next: mentions with what was found out about them, and what was made of them.

A later call works out anew only what its changes touch, with the same functions, so that the tables come out the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import polars as pl
import pyarrow as pa

from pipeline.link.identity import BLOCK, identify
from pipeline.link.mentions import gather_mentions


@dataclass(frozen=True, slots=True)
class State:
    """Frames of the last linking.

    `papers`: `source` and marks that change with what linking reads of a document; `mentions`: all of them with the key
    of `identify` and the instrument they were found to mean; `known`, `merged`: keys and their repairs; `instruments`,
    `links`: the tables without `ambiguous_with`.
    """

    papers: pl.DataFrame
    mentions: pl.DataFrame
    known: pl.DataFrame
    instruments: pl.DataFrame
    links: pl.DataFrame

    def to_tables(self) -> dict[str, pa.Table]:
        """The frames by name."""
        return {f.name: getattr(self, f.name).to_arrow(compat_level=pl.CompatLevel.oldest()) for f in fields(self)}

    @classmethod
    def from_tables(cls, tables: Mapping[str, pa.Table]) -> Self:
        """The state that `to_tables` wrote. Raises KeyError where a frame is missing."""
        return cls(**{f.name: pl.DataFrame(pl.from_arrow(tables[f.name])) for f in fields(cls)})


@dataclass(frozen=True, slots=True)
class Brought:
    """Mentions up to date: `mentions` with `was_…` columns of the last linking (null for new ones); `known` keys of
    blocks in which nothing changed and `answered` mentions of the others; `gone`: instruments that lost mentions."""

    papers: pl.DataFrame
    mentions: pl.DataFrame
    answered: pl.DataFrame
    known: pl.DataFrame | None
    gone: pl.Series


MEANT = ("meant", "final_method", "final_score", "instrument_id")
_MEANT_TYPES = {"meant": pl.String, "final_method": pl.String, "final_score": pl.Float64, "instrument_id": pl.String}


def bring_up_to_date(
    papers: pl.DataFrame, cited: pl.DataFrame, state: State | None, unread: pl.Series | None = None
) -> Brought:
    """All mentions, identified. Those of unchanged documents are taken from `state`, and their answers too where nothing
    in their block changed. `unread`: documents whose citations are as they were and are not in `cited`."""
    marks = _marks(papers, cited)
    if state is None:
        new = identify(_never_meant(gather_mentions(papers, cited)))
        return Brought(marks, new, new, None, pl.Series("instrument_id", [], dtype=pl.String))
    if unread is not None:
        marks = _with_marks_of_unread(marks, state, unread)
    same = marks.join(state.papers, on=marks.columns, how="semi").select("source")
    changed = papers.join(same, left_on="document_id", right_on="source", how="anti")
    new = _never_meant(gather_mentions(changed, cited.join(same, left_on="document_id", right_on="source", how="anti")))
    earlier = state.mentions.rename({name: f"was_{name}" for name in MEANT})
    stays = earlier["source"].is_in(same["source"].implode())
    kept, gone = earlier.filter(stays), earlier.filter(~stays)
    touched = pl.concat([new.select(BLOCK), gone.select(BLOCK)]).unique()
    again = kept.join(touched, on=list(BLOCK), how="semi")
    answered = identify(pl.concat([again.select(new.columns), new]))
    rest = kept.join(touched, on=list(BLOCK), how="anti").select(answered.columns)
    known = state.known.join(touched, on=list(BLOCK), how="anti")
    return Brought(marks, pl.concat([rest, answered]), answered, known, gone["was_instrument_id"].unique())


def _never_meant(mentions: pl.DataFrame) -> pl.DataFrame:
    return mentions.with_columns(pl.lit(None, dtype=t).alias(f"was_{name}") for name, t in _MEANT_TYPES.items())


def _marks(papers: pl.DataFrame, cited: pl.DataFrame) -> pl.DataFrame:
    own = papers.select(source="document_id", mark=papers.hash_rows())
    theirs = cited.select(source="document_id", mark_cited=cited.hash_rows())
    theirs = theirs.group_by("source").agg(pl.col("mark_cited").sum())
    return own.join(theirs, on="source", how="left").with_columns(pl.col("mark_cited").fill_null(0))


def _with_marks_of_unread(marks: pl.DataFrame, state: State, unread: pl.Series) -> pl.DataFrame:
    earlier = state.papers.filter(pl.col("source").is_in(unread.implode())).select("source", was="mark_cited")
    marks = marks.join(earlier, on="source", how="left")
    return marks.with_columns(mark_cited=pl.coalesce("was", "mark_cited")).drop("was")
