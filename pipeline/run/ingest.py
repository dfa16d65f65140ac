"""One run: find what is new, work on it, link over the whole archive, publish."""

from __future__ import annotations

import datetime as dt
import gc
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from pipeline.discover import Known, discover, require_folder
from pipeline.errors import DamagedError, UsageError
from pipeline.publish.layout import Layout, explaining, private
from pipeline.publish.schemas import PER_DOCUMENT, SCHEMA_DIGEST
from pipeline.publish.snapshot import Snapshot, SnapshotWriter, open_snapshot, prune_snapshots, turn_current
from pipeline.run.cache import tidy_cache
from pipeline.run.files import (
    drop_files_of_pruned,
    is_input_of,
    keep_files,
    load_files,
    load_refusals,
    save_files,
)
from pipeline.run.fragments import Fragments, Outcome
from pipeline.run.lock import run_lock
from pipeline.run.night import Night, Survey
from pipeline.run.plan import Choice, make_plan
from pipeline.run.publishing import (
    Harvest,
    Written,
    new_records,
    new_refusals,
    write_documents,
    write_links,
    write_run_tables,
)
from pipeline.run.signals import stopping
from pipeline.run.summary import counts_of, summary_of
from pipeline.run.versions import versions_of
from pipeline.run.watch import Summary, Watcher
from pipeline.run.work import DocumentWork
from pipeline.run.workers import as_workers_see, prepare_children
from pipeline.run.working import work_on
from pipeline.settings import Settings


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
                survey = look(settings, choice, partial(prepare_children, settings))
            _refuse_vanished_input(layout, settings, survey, choice)
            watcher.planned(survey.plan, len(survey.discovery.failures))
            run_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
            night = Night(settings, layout, choice, survey, run_id, started, watcher)
            todo = work(
                settings, survey.versions, layout.cache, layout.fragments, run_id, choice.retry_failed, choice.force
            )
            if survey.plan.work:
                _prepare_linking()
            return _publish(night, work_on(survey.plan.work, todo, choice, watcher))
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


def look(settings: Settings, choice: Choice, on_work: Callable[[], None] = lambda: None) -> Survey:
    """What there is to do, without doing it. `on_work` is called as soon as there seems to be something."""
    _require_input(settings)
    layout, versions = Layout(settings.output), versions_of(settings)
    previous = _previous(layout, choice)
    records = load_files(layout, previous.run_id) if previous else []
    refusals = load_refusals(layout, previous.run_id) if previous else []
    damaged = tuple(previous.damaged_parts()) if previous else ()
    if choice.force or damaged or any(r.version != versions.result for r in records):
        on_work()
    known: dict[str, Known] = {}
    if not choice.verify:
        known = {r.path: r.known() for r in records if not r.missing}
        if not choice.retry_failed:
            known |= {r.path: r.known() for r in refusals if r.version == versions.discover}
    discovery = discover(settings.input, settings, known, on_work)
    lost = frozenset(p.batch for p in damaged if p.table in PER_DOCUMENT)
    plan = make_plan(discovery, records, versions.result, settings.run.max_attempts, choice, lost)
    return Survey(discovery, plan, versions, previous, tuple(records), tuple(refusals), damaged)


def _previous(layout: Layout, choice: Choice) -> Snapshot | None:
    """The published snapshot, unless nothing is known of it and all is to be made anew."""
    if not layout.current.exists():
        return None
    try:
        return open_snapshot(layout.output)
    except DamagedError:
        if choice.force and choice.only is None:
            return None
        raise


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


def _publish(night: Night, outcomes: dict[str, Outcome]) -> Summary:
    """Makes a snapshot of what was found and of what stays, and turns to it."""
    survey, versions = night.survey, night.survey.versions
    harvest, counts = _harvest(night, outcomes), counts_of(survey, outcomes)
    fragments = Fragments(night.layout.fragments, versions.result)
    with SnapshotWriter(night.layout, night.run_id, survey.previous) as writer:
        night.watcher.stage("publishing documents")
        written = write_documents(writer, harvest, fragments)
        night.watcher.stage("linking")
        write_links(writer, versions.link, needed=written.changed or _links_are_outdated(survey))
        night.watcher.stage("publishing")
        failures = write_run_tables(writer, harvest, _row_of_runs(night, counts))
        _remember_files(night, harvest, written)
        snapshot = writer.publish(versions.pipeline, versions.link)
    _tidy(night, fragments, snapshot)
    return summary_of(night, counts, outcomes, snapshot, failures)


def _harvest(night: Night, outcomes: dict[str, Outcome]) -> Harvest:
    survey, choice = night.survey, night.choice
    return Harvest(
        run_id=night.run_id,
        version=survey.versions.result,
        plan=survey.plan,
        outcomes=outcomes,
        records=survey.records,
        discovery_failures=survey.discovery.failures,
        keep_missing=choice.keep_missing,
        retry_failed=choice.retry_failed,
        renew=choice.force,
    )


def _links_are_outdated(survey: Survey) -> bool:
    """Whether the links are of another version, of tables with other columns, or damaged."""
    if survey.previous is None:
        return False
    manifest = survey.previous.manifest
    if any(part.table in ("instruments", "links") for part in survey.damaged):
        return True
    return manifest.link_version != survey.versions.link or manifest.schema_digest != SCHEMA_DIGEST


def _row_of_runs(night: Night, counts: Mapping[str, int]) -> dict[str, object]:
    versions = night.survey.versions
    return {
        "run_id": night.run_id,
        "started_at": night.started_at,
        "ended_at": dt.datetime.now(dt.UTC),
        **counts,
        "versions": json.dumps({n: getattr(versions, n) for n in ("pipeline", "read", "restore", "link")}),
        "settings": night.settings.model_dump_json(),
    }


def _remember_files(night: Night, harvest: Harvest, written: Written) -> None:
    """Keeps what the next run is to know of each file."""
    survey, previous = night.survey, night.survey.previous
    stamps = {f.source.relative_path: f.stamp for f in survey.discovery.found}
    known = (
        tuple(new_records(harvest, written, stamps)),
        tuple(new_refusals(survey.discovery, survey.versions.discover)),
    )
    folder = night.settings.input
    same_input = previous is not None and is_input_of(night.layout, previous.run_id, folder)
    if previous is not None and same_input and known == (survey.records, survey.refusals):
        keep_files(night.layout, night.run_id, previous.run_id)
    else:
        save_files(night.layout, night.run_id, *known, folder)


def _tidy(night: Night, fragments: Fragments, snapshot: Snapshot) -> None:
    """Deletes what the published snapshot made superfluous."""
    layout, plan = night.layout, night.survey.plan
    fragments.drop()
    prune_snapshots(layout, night.settings.run.keep_snapshots)
    layout.sweep()
    drop_files_of_pruned(layout)
    contents = {c.sha256 for c in (*plan.work, *plan.unchanged)}
    tidy_cache(layout.cache, contents, night.survey.versions, snapshot.manifest.sequence)


def rollback(settings: Settings, run_id: str) -> Snapshot:
    """Makes the snapshot of an earlier run the current one.

    Raises UsageError where it is not kept, DamagedError where it is not whole.
    """
    layout = Layout(settings.output)
    open_snapshot(settings.output, run_id)  # before the lock, which would make a folder where there is none
    with private(), run_lock(layout):
        snapshot = open_snapshot(settings.output, run_id)
        problems = snapshot.problems(references=False)
        if problems:
            raise DamagedError("; ".join(problems))
        turn_current(layout, run_id)
    return snapshot
