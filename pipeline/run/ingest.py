"""One run: find what is new, work on it, link over the whole archive, publish."""

from __future__ import annotations

import datetime as dt
import gc
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipeline.discover import Discovery, Known, discover, require_folder
from pipeline.errors import DamagedError, UsageError
from pipeline.publish.layout import Layout, explaining, private
from pipeline.publish.schemas import SCHEMA_DIGEST, TABLES
from pipeline.publish.snapshot import Snapshot, SnapshotWriter, open_snapshot, prune_snapshots, turn_current
from pipeline.run.cache import tidy_cache
from pipeline.run.files import (
    FileRecord,
    Refusal,
    drop_files_of_pruned,
    is_input_of,
    keep_files,
    load_files,
    load_refusals,
    save_files,
)
from pipeline.run.forkserver import start_server
from pipeline.run.fragments import Fragments, Outcome
from pipeline.run.lock import run_lock
from pipeline.run.plan import Choice, Plan, make_plan
from pipeline.run.publishing import (
    Harvest,
    new_records,
    new_refusals,
    write_documents,
    write_links,
    write_run_tables,
)
from pipeline.run.signals import stopping
from pipeline.run.versions import Versions, versions_of
from pipeline.run.watch import Summary, Watcher
from pipeline.run.work import DocumentWork
from pipeline.run.workers import as_workers_see
from pipeline.run.working import work_on
from pipeline.settings import Settings

_WORST = 10  # files that a summary names as slowest and as most doubtful
_NIGHTS = 14  # runs that it looks back on


@dataclass(frozen=True, slots=True)
class Survey:
    """What a run would do."""

    discovery: Discovery
    plan: Plan
    versions: Versions
    previous: Snapshot | None
    records: tuple[FileRecord, ...]
    refusals: tuple[Refusal, ...] = ()


def ingest(
    settings: Settings,
    choice: Choice | None = None,
    watcher: Watcher | None = None,
    wait_seconds: float = 0.0,
    work: type[DocumentWork] = DocumentWork,
) -> Summary:
    """Brings the published tables of `settings.output` up to date with the documents of `settings.input`.

    `work` is what children do with a file.

    Raises a ChithiError, with the published tables as they were, where that cannot be done as a whole; single files
    that cannot be done are rows of `failures`.
    """
    settings = as_workers_see(settings)
    choice, watcher, layout = choice or Choice(), watcher or Watcher(), Layout(settings.output)
    _require_input(settings)
    with private(), stopping(), explaining(layout.output), run_lock(layout, wait_seconds):
        try:
            layout.sweep()
            started = dt.datetime.now(dt.UTC)
            with _collector_at_rest():
                survey = look(settings, choice, _begin_children(settings))
            _refuse_vanished_input(layout, settings, survey, choice)
            watcher.planned(survey.plan, len(survey.discovery.failures))
            run_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
            todo = work(
                settings, survey.versions, layout.cache, layout.fragments, run_id, choice.retry_failed, choice.force
            )
            if survey.plan.work:
                _prepare_linking()
            outcomes = work_on(survey.plan.work, todo, choice, watcher)
            return _publish(settings, layout, survey, choice, run_id, started, outcomes, watcher)
        finally:
            gc.unfreeze()
            watcher.ended()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """What is made inside the collector never looks at: a million small things without cycles, all of which stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _prepare_linking() -> None:
    # Not above: a run without news does without the weight of it.
    from pipeline.run.linking import warm_up

    warm_up()


def _begin_children(settings: Settings) -> Callable[[], None]:
    """What to do as soon as there seems to be work: children of this machine take seconds to begin."""
    return start_server if settings.run.scheduler is None else lambda: None


def look(settings: Settings, choice: Choice, on_work: Callable[[], None] = lambda: None) -> Survey:
    """What there is to do, without doing it. `on_work` is called as soon as there seems to be something."""
    _require_input(settings)
    layout, versions = Layout(settings.output), versions_of(settings)
    previous = open_snapshot(settings.output) if layout.current.exists() else None
    records = load_files(layout, previous.run_id) if previous else []
    refusals = load_refusals(layout, previous.run_id) if previous else []
    if choice.force or any(r.version != versions.result for r in records):
        on_work()
    known: dict[str, Known] = {}
    if not choice.verify:
        known = {r.path: r.known() for r in records if not r.missing}
        if not choice.retry_failed:
            known |= {r.path: r.known() for r in refusals if r.version == versions.discover}
    discovery = discover(settings.input, settings, known, on_work)
    plan = make_plan(discovery, records, versions.result, settings.run.max_attempts, choice)
    return Survey(discovery, plan, versions, previous, tuple(records), tuple(refusals))


def _require_input(settings: Settings) -> None:
    require_folder(settings.input)
    if settings.output.resolve() == settings.input.resolve():
        raise UsageError(f"{settings.output}: is the folder of the documents; the tables need one of their own")


def _refuse_vanished_input(layout: Layout, settings: Settings, survey: Survey, choice: Choice) -> None:
    """A disk that is not mounted must not empty the tables."""
    discovery, previous = survey.discovery, survey.previous
    if discovery.found or discovery.failures or discovery.waiting or choice.allow_empty or previous is None:
        return
    if is_input_of(layout, previous.run_id, settings.input) and survey.records and not choice.keep_missing:
        raise UsageError(
            f"{settings.input}: holds no files, but {len(survey.records)} were there in the last run. "
            "Is the disk mounted? --allow-empty publishes empty tables"
        )


def _publish(
    settings: Settings,
    layout: Layout,
    survey: Survey,
    choice: Choice,
    run_id: str,
    started: dt.datetime,
    outcomes: dict[str, Outcome],
    watcher: Watcher,
) -> Summary:
    plan, versions, previous = survey.plan, survey.versions, survey.previous
    fragments = Fragments(layout.fragments, versions.result)
    harvest = Harvest(
        run_id=run_id,
        version=versions.result,
        plan=plan,
        outcomes=outcomes,
        records=survey.records,
        discovery_failures=survey.discovery.failures,
        keep_missing=choice.keep_missing,
        retry_failed=choice.retry_failed,
    )
    counts = _counts(survey, outcomes)
    with SnapshotWriter(layout, run_id, previous) as writer:
        watcher.stage("publishing documents")
        written = write_documents(writer, harvest, fragments)
        watcher.stage("linking")
        same_links = previous is not None and previous.manifest.link_version == versions.link
        outdated = previous is not None and previous.manifest.schema_digest != SCHEMA_DIGEST
        write_links(writer, versions.link, needed=written.changed or outdated or not same_links)
        watcher.stage("publishing")
        ended = dt.datetime.now(dt.UTC)
        run = {
            "run_id": run_id,
            "started_at": started,
            "ended_at": ended,
            **counts,
            "versions": json.dumps({n: getattr(versions, n) for n in ("pipeline", "read", "restore", "link")}),
            "settings": settings.model_dump_json(),
        }
        failures = write_run_tables(writer, harvest, run)
        stamps = {f.source.relative_path: f.stamp for f in survey.discovery.found}
        records = new_records(harvest, written, stamps)
        refusals = new_refusals(survey.discovery, versions.discover)
        known = (tuple(records), tuple(refusals))
        same = previous is not None and is_input_of(layout, previous.run_id, settings.input)
        if previous is not None and same and known == (survey.records, survey.refusals):
            keep_files(layout, run_id, previous.run_id)
        else:
            save_files(layout, run_id, *known, settings.input)
        snapshot = writer.publish(versions.pipeline, versions.link)
    _tidy(settings, layout, survey, fragments, snapshot.manifest.sequence)
    return Summary(
        run_id=run_id,
        started_at=started,
        ended_at=dt.datetime.now(dt.UTC),
        input=settings.input,
        output=settings.output,
        snapshot=snapshot.folder,
        waiting=survey.discovery.waiting,
        failures=tuple(failure for failure, _ in failures),
        fresh=tuple(failure for failure, met_in in failures if met_in == run_id),
        rows={name: snapshot.manifest.rows(name) for name in TABLES},
        rows_before={name: previous.manifest.rows(name) for name in TABLES} if previous else {},
        history=_history(snapshot),
        slowest=_worst(plan, outcomes, lambda o: o.seconds, highest=True),
        doubtful=_worst(plan, outcomes, lambda o: o.confidence, highest=False),
        files=counts["files"],
        done=counts["done"],
        partial=counts["partial"],
        failed=counts["failed"],
        unchanged=counts["unchanged"],
        removed=counts["removed"],
        pages=counts["pages"],
    )


def _history(snapshot: Snapshot) -> tuple[dict[str, Any], ...]:
    """The last runs, oldest first."""
    columns = ["started_at", "ended_at", "files", "done", "partial", "failed", "pages"]
    runs = snapshot.table("runs", columns).sort_by("started_at")
    return tuple(runs.slice(max(0, runs.num_rows - _NIGHTS)).to_pylist())


def _counts(survey: Survey, outcomes: Mapping[str, Outcome]) -> dict[str, int]:
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


def _worst(
    plan: Plan, outcomes: Mapping[str, Outcome], figure: Callable[[Outcome], float | None], *, highest: bool
) -> tuple[tuple[str, float], ...]:
    names = {c.sha256: c.paths[0] for c in plan.work}
    found = [(names[o.sha256], value) for o in outcomes.values() if (value := figure(o)) is not None]
    return tuple(sorted(found, key=lambda pair: pair[1], reverse=highest)[:_WORST])


def _tidy(settings: Settings, layout: Layout, survey: Survey, fragments: Fragments, turn: int) -> None:
    """Deletes what the published snapshot made superfluous."""
    fragments.drop()
    prune_snapshots(layout, settings.run.keep_snapshots)
    layout.sweep()
    drop_files_of_pruned(layout)
    contents = {c.sha256 for c in (*survey.plan.work, *survey.plan.unchanged)}
    tidy_cache(layout.cache, contents, survey.versions, turn)


def rollback(settings: Settings, run_id: str) -> Snapshot:
    """Makes the snapshot of an earlier run the current one.

    Raises UsageError where it is not kept, DamagedError where it is not whole.
    """
    layout = Layout(settings.output)
    with private(), run_lock(layout):
        snapshot = open_snapshot(settings.output, run_id)
        problems = snapshot.problems(references=False)
        if problems:
            raise DamagedError("; ".join(problems))
        turn_current(layout, run_id)
    return snapshot
