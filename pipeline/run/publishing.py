"""From outcomes to a published snapshot: which batches are written, kept or dropped, and what links over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

import pyarrow as pa

from pipeline.discover import UNREADABLE, Discovery, Stamp, printable
from pipeline.errors import DamagedError
from pipeline.models import Failure
from pipeline.publish.batches import Batch, compacted, kept_rows, new_batches, write_batch
from pipeline.publish.schemas import PER_DOCUMENT, SCHEMA_DIGEST, TABLES
from pipeline.publish.snapshot import Snapshot, SnapshotWriter
from pipeline.publish.tables import conform, failure_rows, to_table, with_paths, with_run
from pipeline.run.files import FileRecord, Refusal
from pipeline.run.fragments import Fragments, Outcome
from pipeline.run.plan import Content, Plan
from pipeline.run.work import with_attempts

_MANY_PARTS = 30  # of the table runs, which grows by one each night


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that a run knows before it publishes."""

    run_id: str
    version: str
    plan: Plan
    outcomes: Mapping[str, Outcome]
    records: Sequence[FileRecord]
    discovery_failures: Sequence[Failure]
    keep_missing: bool
    retry_failed: bool = False
    renew: bool = False

    @property
    def kept_missing(self) -> tuple[FileRecord, ...]:
        """Records of files that are gone and whose rows stay."""
        return self.plan.missing if self.keep_missing else ()

    @property
    def unseen(self) -> tuple[FileRecord, ...]:
        """Records of all files that were not looked at and whose rows stay."""
        return (*self.plan.held, *self.kept_missing)


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_documents` did: the batch of each content, and whether any row of any document changed."""

    batch_of: Mapping[str, str]
    changed: bool


def write_documents(writer: SnapshotWriter, harvest: Harvest, fragments: Fragments) -> Written:
    """Writes or keeps every per-document table."""
    previous, staying = writer.previous, _staying(harvest)
    old = _old_batches(previous, {r.batch for r in harvest.records if r.sha256 in staying})
    outdated = previous is not None and previous.manifest.schema_digest != SCHEMA_DIGEST
    batches, kept = _batches(harvest, fragments, old, staying, outdated=outdated)
    paths, missing = _paths(harvest)
    moved = _moved(harvest, paths, missing)

    def finish(documents: pa.Table) -> pa.Table:
        return with_paths(documents, paths, missing)

    def tables_of(sha256: str) -> dict[str, pa.Table]:
        tables = fragments.tables(sha256)
        return tables | {"documents": with_run(tables["documents"], harvest.run_id)}

    for name in kept:
        assert previous is not None
        if any(sha in moved for sha in old[name]):
            writer.write("documents", name, finish(kept_rows(writer, "documents", name, set())))
        writer.keep(p for p in previous.manifest.parts if p.batch == name and p.table in PER_DOCUMENT)
    for batch in batches:
        write_batch(writer, batch, tables_of, finish)
    batch_of = {sha: name for name in kept for sha in old[name]}
    for batch in batches:
        batch_of |= dict.fromkeys(batch.contents, batch.name)
        batch_of |= {sha: batch.name for name in batch.merged for sha in old[name] if sha in staying}
    return Written(batch_of, changed=bool(batches) or len(kept) < len(old))


def _batches(
    harvest: Harvest,
    fragments: Fragments,
    old: Mapping[str, Mapping[str, list[str]]],
    staying: Set[str],
    *,
    outdated: bool,
) -> tuple[list[Batch], list[str]]:
    """The batches to be written, and the names of the old ones that stay as they are; none does if all are outdated."""
    fruitful = sorted(o.sha256 for o in harvest.outcomes.values() if o.documents)
    batches = new_batches(harvest.run_id, [(sha, fragments.size(sha)) for sha in fruitful])
    gone = {
        name: frozenset(i for sha, ids in documents.items() if sha not in staying for i in ids)
        for name, documents in old.items()
    }
    left = {name: sum(map(len, documents.values())) - len(gone[name]) for name, documents in old.items()}
    kept = [name for name in old if left[name]]
    merged = compacted(harvest.run_id, {name: left[name] for name in kept})
    if merged is not None:
        batches.append(replace(merged, gone=frozenset(i for name in merged.merged for i in gone[name])))
        kept = [name for name in kept if name not in merged.merged]
    changed = [name for name in kept if gone[name] or outdated]
    batches += [Batch(name, (name,), gone[name]) for name in changed]
    return batches, [name for name in kept if name not in changed]


def write_links(writer: SnapshotWriter, version: str, *, needed: bool) -> None:
    """Links over the whole archive; keeps the tables of the previous snapshot where nothing is to be linked anew.

    `version` is that of linking.
    """
    if not needed and writer.previous is not None:
        parts = [*writer.previous.manifest.of("instruments"), *writer.previous.manifest.of("links")]
        writer.keep(p for p in parts if p.rows)
        return
    from pipeline.run.linking import write_tables_of_links

    write_tables_of_links(writer, version)


def write_run_tables(writer: SnapshotWriter, harvest: Harvest, run: Mapping[str, object]) -> list[tuple[Failure, str]]:
    """Writes `failures`, where they changed, and adds to `runs`. Returns the failures, each with its run."""
    failures = all_failures(harvest, writer.previous)
    rows = failure_rows((f for f, _ in failures), harvest.run_id)
    for row, (_, run_id) in zip(rows, failures, strict=True):
        row["run_id"] = run_id
    _write_if_changed(writer, "failures", to_table("failures", rows))
    _append(writer, "runs", to_table("runs", [dict(run)]), renew=harvest.renew)
    return failures


def _write_if_changed(writer: SnapshotWriter, name: str, table: pa.Table) -> None:
    if writer.previous is not None and _holds(writer.previous, name, table):
        writer.keep(p for p in writer.previous.manifest.of(name) if p.rows)
    else:
        writer.write(name, writer.run_id, table)


def _holds(snapshot: Snapshot, name: str, table: pa.Table) -> bool:
    held = _unless_damaged(partial(snapshot.table, name))
    return held is not None and bool(held.equals(table))


def _unless_damaged(read: Callable[[], pa.Table], *, needed: bool = False) -> pa.Table | None:
    """What is read; None where it is damaged and, not being `needed`, was going to be made anew or dropped."""
    try:
        return read()
    except DamagedError:
        if needed:
            raise
        return None


def _append(writer: SnapshotWriter, name: str, table: pa.Table, *, renew: bool) -> None:
    """Adds rows as a part of their own; once there are many small parts, or the columns changed, all become one.
    `renew` leaves out parts that are damaged, which cannot be had from anywhere."""
    previous = writer.previous
    parts = [p for p in previous.manifest.of(name) if p.rows] if previous is not None else []
    if previous is not None and renew:
        parts = [part for part in parts if not previous.part_problems(part)]
    if previous is not None and (len(parts) >= _MANY_PARTS or previous.manifest.schema_digest != SCHEMA_DIGEST):
        table = pa.concat_tables([*(conform(name, previous.part(part)) for part in parts), table])
    elif parts:
        writer.keep(parts)
    writer.write(name, writer.run_id, table)


def all_failures(harvest: Harvest, previous: Snapshot | None) -> list[tuple[Failure, str]]:
    """Every failure that holds after this run, with the run that met it last, sorted by path and page."""
    carried = {c.sha256: c.paths[0] for c in harvest.plan.unchanged}
    carried |= {r.sha256: r.path for r in harvest.unseen}
    carried = {sha256: path for sha256, path in carried.items() if sha256 not in harvest.outcomes}
    earlier = _earlier_failures(previous, needed=bool(carried))
    last = {(r["source_path"], r["code"]): r for r in earlier if r["stage"] == "discover"}
    found = [_met_again(f, last.get((f.source_path, f.code)), harvest) for f in harvest.discovery_failures]
    first_path = {c.sha256: c.paths[0] for c in (*harvest.plan.work, *harvest.plan.unchanged)}
    for outcome in harvest.outcomes.values():
        path = first_path[outcome.sha256]
        found += [(replace(f, source_path=path), harvest.run_id) for f in with_attempts(outcome)]
    for row in earlier:
        if row["source_sha256"] in carried:
            run_id = row.pop("run_id")
            found.append((Failure(**row | {"source_path": carried[row["source_sha256"]]}), run_id))
    # Messages may quote a library that quotes the file, control characters and all.
    clean = ((replace(f, message=printable(f.message)), run_id) for f, run_id in found)
    unique = {(f.source_path, f.page, f.stage, f.code): (f, run_id) for f, run_id in clean}
    return sorted(unique.values(), key=lambda pair: (pair[0].source_path, pair[0].page or 0, pair[0].code))


def _earlier_failures(previous: Snapshot | None, *, needed: bool) -> list[dict[str, Any]]:
    """The failures of the previous snapshot; none where they are damaged and not needed."""
    if previous is None:
        return []
    columns = [c.name for c in TABLES["failures"].columns]
    table = _unless_damaged(partial(previous.table, "failures", columns), needed=needed)
    return table.to_pylist() if table is not None else []


def _met_again(failure: Failure, last: Mapping[str, Any] | None, harvest: Harvest) -> tuple[Failure, str]:
    """A failure of discovery, with its run: what is refused for what it is was tried once, until it changes."""
    if last is None or last["source_sha256"] != failure.source_sha256:
        return failure, harvest.run_id
    if failure.code == UNREADABLE or harvest.retry_failed:
        return replace(failure, attempts=last["attempts"] + 1), harvest.run_id
    return replace(failure, attempts=last["attempts"]), last["run_id"]


def new_records(harvest: Harvest, written: Written, stamps: Mapping[str, Stamp]) -> list[FileRecord]:
    """What the next run will know of each path. `stamps`: path → stamp."""
    records = []
    for content in (*harvest.plan.work, *harvest.plan.unchanged):
        outcome, batch = harvest.outcomes.get(content.sha256), written.batch_of.get(content.sha256)
        records += [_record(content, path, stamps[path], outcome, harvest.version, batch) for path in content.paths]
    for record in (*harvest.plan.held, *(replace(r, missing=True) for r in harvest.kept_missing)):
        records.append(replace(record, batch=written.batch_of.get(record.sha256)))
    return sorted(records, key=attrgetter("path"))


def new_refusals(discovery: Discovery, version: str) -> list[Refusal]:
    """What the next run will know of each path that cannot be a document. `version` is that of discovery."""
    refused = discovery.refused
    return [Refusal.of(f, refused[f.source_path], version) for f in discovery.failures if f.source_path in refused]


def _record(
    content: Content, path: str, stamp: Stamp, outcome: Outcome | None, version: str, batch: str | None
) -> FileRecord:
    if outcome is None:
        earlier = content.earlier
        assert earlier is not None
        if earlier.path == path and earlier.stamp == stamp and earlier.batch == batch and not earlier.missing:
            return earlier
        return replace(earlier, path=path, **stamp._asdict(), batch=batch, missing=False)
    return FileRecord(
        path=path,
        **stamp._asdict(),
        sha256=content.sha256,
        media_type=str(content.source.media_type),
        status=outcome.status,
        version="" if outcome.passing else version,  # of no version, so that the next run works on it
        attempts=outcome.attempts,
        broke=outcome.broke,
        batch=batch,
    )


def _old_batches(previous: Snapshot | None, needed: Set[str | None]) -> dict[str, dict[str, list[str]]]:
    """Batch → content → its documents, in the previous snapshot. Of the batches that are not `needed` those are left
    out that are damaged: what they held is made anew or is gone."""
    found: dict[str, dict[str, list[str]]] = {}
    if previous is None:
        return found
    for part in previous.manifest.of("documents"):
        if not part.rows:
            continue
        read = partial(previous.part, part, ["document_id", "source_sha256"])
        rows = _unless_damaged(read, needed=part.batch in needed)
        if rows is None:
            continue
        contents = found.setdefault(part.batch, defaultdict(list))
        for document_id, sha in zip(*(rows[c].to_pylist() for c in rows.column_names), strict=True):
            contents[sha].append(document_id)
    return found


def _staying(harvest: Harvest) -> set[str]:
    """The contents whose earlier rows stay as they are, also because a disk did not give the file to make them anew."""
    passing = {o.sha256 for o in harvest.outcomes.values() if o.passing}
    staying = {c.sha256 for c in harvest.plan.unchanged}
    staying |= {r.sha256 for r in harvest.unseen}
    return (staying - harvest.outcomes.keys()) | passing


def _paths(harvest: Harvest) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Today's paths of every content, and the contents that the folder no longer holds."""
    by_record: dict[str, list[str]] = defaultdict(list)
    for record in harvest.unseen:
        by_record[record.sha256].append(record.path)
    paths = {sha: tuple(sorted(found)) for sha, found in by_record.items()}
    paths |= {c.sha256: c.paths for c in (*harvest.plan.work, *harvest.plan.unchanged)}
    return paths, {r.sha256 for r in harvest.kept_missing} - {r.sha256 for r in harvest.plan.held}


def _moved(harvest: Harvest, paths: Mapping[str, tuple[str, ...]], missing: set[str]) -> set[str]:
    """The contents whose documents rows name other paths than today's."""
    before: dict[str, list[str]] = defaultdict(list)
    was_missing = {r.sha256 for r in harvest.records if r.missing}
    for record in harvest.records:
        before[record.sha256].append(record.path)
    moved = {sha for sha, names in before.items() if sha in paths and tuple(sorted(names)) != paths[sha]}
    return moved | (was_missing ^ missing)
