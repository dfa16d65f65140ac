"""What a run tells whoever watches it; `report/` has watchers for terminals and logs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.models import Failure
from pipeline.run.fragments import Outcome
from pipeline.run.plan import Content, Plan


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run went. Times are in seconds; `rows` are those of the published tables.

    `failures` are all that hold now, `fresh` those of them that this run met; `history` are the last rows of `runs`.
    `left_out` new or changed files were not asked for (`--only`): their earlier rows stay.
    `failed_before` of the files that are `unchanged` failed or lost pages in an earlier run, and were left alone.
    Published files that were found damaged are `mended`, or stay `damaged`.
    """

    run_id: str
    started_at: dt.datetime
    ended_at: dt.datetime
    input: Path
    output: Path
    snapshot: Path
    files: int
    done: int
    partial: int
    failed: int
    unchanged: int
    removed: int
    pages: int
    waiting: tuple[str, ...]
    failures: tuple[Failure, ...]
    fresh: tuple[Failure, ...]
    rows: Mapping[str, int]
    rows_before: Mapping[str, int]
    slowest: tuple[tuple[str, float], ...] = ()
    doubtful: tuple[tuple[str, float], ...] = ()
    history: tuple[Mapping[str, Any], ...] = ()
    left_out: int = 0
    failed_before: int = 0
    mended: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def new_failures(self) -> int:
        """How many files failed or lost pages in this run."""
        return len({failure.source_path for failure in self.fresh})

    @property
    def seconds(self) -> float:
        """How long the run took."""
        return (self.ended_at - self.started_at).total_seconds()


class Watcher:
    """Hears what happens; this one says nothing."""

    def planned(self, plan: Plan, failures: int) -> None:
        """The work is known."""

    def page(self, content: Content, pages: int) -> None:
        """So many pages of a file are read."""

    def finished(self, content: Content, outcome: Outcome) -> None:
        """A file is through, well or not."""

    def stage(self, name: str) -> None:
        """The run goes on to linking or publishing."""

    def ended(self) -> None:
        """Nothing more comes, after success and after an error."""
