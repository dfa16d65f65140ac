"""How a run went, in figures: for the table `runs`, and for whoever reads the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.models import Failure
from pipeline.publish.schemas import TABLES
from pipeline.publish.snapshot import Snapshot
from pipeline.run.fragments import Outcome
from pipeline.run.night import Night, Survey
from pipeline.run.plan import Plan
from pipeline.run.watch import Summary

_WORST = 10  # files that a summary names as slowest and as most doubtful
_NIGHTS = 14  # runs that it looks back on


def counts_of(survey: Survey, outcomes: Mapping[str, Outcome]) -> dict[str, int]:
    """The columns of `runs` that count. Copies of one content count as the files that they are."""
    paths = {c.sha256: len(c.paths) for c in survey.plan.work}
    by_status = {
        status: sum(paths[o.sha256] for o in outcomes.values() if o.status == status)
        for status in ("done", "partial", "failed")
    }
    refused = len({f.source_path for f in survey.discovery.failures})
    return {
        "files": len(survey.discovery.found) + refused + len(survey.discovery.waiting),
        "done": by_status["done"],
        "partial": by_status["partial"],
        "failed": by_status["failed"] + refused,
        "unchanged": sum(len(c.paths) for c in survey.plan.unchanged),
        "waiting": len(survey.discovery.waiting),
        "removed": len([r for r in survey.plan.missing if not r.missing]),
        "pages": sum(o.pages for o in outcomes.values()),
    }


def summary_of(
    night: Night,
    counts: Mapping[str, int],
    outcomes: Mapping[str, Outcome],
    snapshot: Snapshot,
    failures: Sequence[tuple[Failure, str]],
) -> Summary:
    """The summary of a run that has published `snapshot`. `failures`: each with the run that met it last."""
    plan, previous = night.survey.plan, night.survey.previous
    still = frozenset(snapshot.manifest.parts)
    return Summary(
        run_id=night.run_id,
        started_at=night.started_at,
        ended_at=dt.datetime.now(dt.UTC),
        input=night.settings.input,
        output=night.settings.output,
        snapshot=snapshot.folder,
        waiting=night.survey.discovery.waiting,
        failures=tuple(failure for failure, _ in failures),
        fresh=tuple(failure for failure, met_in in failures if met_in == night.run_id),
        rows={name: snapshot.manifest.rows(name) for name in TABLES},
        rows_before={name: previous.manifest.rows(name) for name in TABLES} if previous else {},
        history=_history(snapshot),
        slowest=_worst(plan, outcomes, lambda o: o.seconds, highest=True),
        doubtful=_worst(plan, outcomes, lambda o: o.confidence, highest=False),
        left_out=len(plan.left_out),
        failed_before=sum(len(c.paths) for c in plan.unchanged if c.earlier and c.earlier.status != "done"),
        mended=tuple(part.path for part in night.survey.damaged if part not in still),
        damaged=tuple(part.path for part in night.survey.damaged if part in still),
        **{name: count for name, count in counts.items() if name != "waiting"},
    )


def _history(snapshot: Snapshot) -> tuple[dict[str, Any], ...]:
    """The last runs, oldest first."""
    columns = ["started_at", "ended_at", "files", "done", "partial", "failed", "pages"]
    runs = snapshot.table("runs", columns).sort_by("started_at")
    return tuple(runs.slice(max(0, runs.num_rows - _NIGHTS)).to_pylist())


def _worst(
    plan: Plan, outcomes: Mapping[str, Outcome], figure: Callable[[Outcome], float | None], *, highest: bool
) -> tuple[tuple[str, float], ...]:
    names = {c.sha256: c.paths[0] for c in plan.work}
    found = [(names[o.sha256], value) for o in outcomes.values() if (value := figure(o)) is not None]
    return tuple(sorted(found, key=lambda pair: pair[1], reverse=highest)[:_WORST])
