"""Published snapshots: opened by readers, built and swapped in by runs, pruned, checked, rolled back.

A reader never sees half a run: a snapshot is built outside the published tree, checked, brought to the disk, moved to
its place, and then one rename turns `current` to it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import DamagedError, UsageError
from pipeline.publish.layout import Layout, explaining, link_or_copy, sync_file, sync_folder, write_whole
from pipeline.publish.manifest import MANIFEST_NAME, Manifest, Part, digest_of
from pipeline.publish.schemas import PER_DOCUMENT, SCHEMA_DIGEST, SCHEMA_VERSION, TABLES
from pipeline.publish.validate import columns_to_check, key_problems, reference_problems, schema_problems

EMPTY_BATCH = "empty"
NIGHTS_TO_CHECK = 16  # in so many nights the checksum of every published file is looked at once
_OVER_ARCHIVE = {
    "documents": ["document_id"],
    "instruments": ["instrument_id", "document_id"],
    "links": ["source_document_id", "target_document_id", "instrument_id"],
    "citations": ["instrument_id"],
    "named_citations": ["instrument_id"],
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published snapshot. `folder` stays readable while later runs publish, until it is pruned."""

    folder: Path
    manifest: Manifest

    @property
    def run_id(self) -> str:
        """The run that published it."""
        return self.manifest.run_id

    def path(self, table: str) -> Path:
        """The folder of Parquet files of one table."""
        return self.folder / table

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """One whole table, or some of its columns."""
        schema = TABLES[name].arrow
        wanted = pa.schema([schema.field(c) for c in columns], metadata=schema.metadata) if columns else schema
        parts = [self.part(p, columns) for p in self.manifest.of(name)]
        return pa.concat_tables(parts) if parts else wanted.empty_table()

    def part(self, part: Part, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of one part, or some of its columns.

        Raises DamagedError like `read_part`.
        """
        return read_part(self.folder, part, columns)

    def damaged_parts(self) -> list[Part]:
        """The parts whose files are gone or of another length, and those whose checksum is wrong among the few whose
        turn it is, which are others in each snapshot: a night does not pay for them all."""
        turn = self.manifest.sequence % NIGHTS_TO_CHECK
        parts = ((part, int(part.sha256[:8], 16) % NIGHTS_TO_CHECK) for part in self.manifest.parts)
        return [part for part, its_turn in parts if not _is_whole(self.folder, part, hashed=its_turn == turn)]

    def problems(self, *, references: bool = True) -> list[str]:
        """Everything that is not as manifest and schemas say; empty for a whole snapshot."""
        problems = [line for part in self.manifest.parts for line in self.part_problems(part)]
        listed = {p.path for p in self.manifest.parts} | {MANIFEST_NAME}
        present = {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if not p.is_dir()}
        problems += [f"{name}: is not in the manifest" for name in sorted(present - listed)]
        problems += [f"{name}: no such table" for name in TABLES if not self.manifest.of(name)]
        if problems or not references:
            return problems
        tables = {name: self.table(name, columns_to_check(schema)) for name, schema in TABLES.items()}
        problems += [line for name, table in tables.items() for line in key_problems(name, table)]
        return problems + reference_problems(tables)

    def part_problems(self, part: Part) -> list[str]:
        """Everything that is wrong with one part by itself."""
        path = self.folder / part.path
        if not path.is_file():
            return [f"{part.path}: is missing"]
        if not _is_whole(self.folder, part):
            return [f"{part.path}: its checksum is wrong"]
        try:
            table = _read(path)
        except (OSError, DamagedError) as error:
            return [f"{part.path}: cannot be read: {error}"]
        if table.num_rows != part.rows:
            return [f"{part.path}: {table.num_rows} rows, not {part.rows}"]
        return schema_problems(part.table, table)


def read_part(snapshot: Path, part: Part, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of one part of the snapshot in a folder, or some of its columns.

    Raises DamagedError where the file is no Parquet file or, read whole, not the one that was published: what is
    damaged must not be written again under a new checksum. OSError where it cannot be read.
    """
    path = snapshot / part.path
    if columns is None and digest_of(path) != part.sha256:
        raise _damaged(path, "its checksum is wrong")
    return _read(path, columns)


def _read(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    try:
        return pq.ParquetFile(path).read(columns=list(columns) if columns else None)
    except pa.ArrowException as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, why: object) -> DamagedError:
    what = f"{path}: is damaged ({why})"
    return DamagedError(f"{what}; `chithi ingest --force` makes the tables anew from the documents")


def _is_whole(snapshot: Path, part: Part, *, hashed: bool = True) -> bool:
    """Whether the file of a part is there and has its length and, where it is hashed, its checksum."""
    path = snapshot / part.path
    try:
        return path.stat().st_size == part.size and (not hashed or digest_of(path) == part.sha256)
    except OSError:
        return False


def open_snapshot(output: Path | str, run_id: str | None = None) -> Snapshot:
    """The published snapshot of an output folder, or the one of an earlier run that is still kept.

    Raises UsageError where nothing is published there, DamagedError where its manifest cannot be read.
    """
    folder = current_folder(output) if run_id is None else Layout(Path(output)).snapshot(run_id)
    if not folder.is_dir() or (run_id is not None and Path(run_id).name != run_id):
        raise UsageError(f"{output}: no snapshot of run {run_id} is kept; `chithi runs` lists those that are")
    return Snapshot(folder, Manifest.load(folder))


def current_folder(output: Path | str) -> Path:
    """The folder of the published snapshot, whole or not; its name is that of the run.

    Raises UsageError where nothing is published there.
    """
    folder = Layout(Path(output)).current.resolve()
    if not folder.is_dir():
        raise UsageError(f"{output}: nothing is published there yet")
    return folder


def list_snapshots(output: Path | str) -> list[Snapshot]:
    """All snapshots that are kept, in the order in which they were published; none whose manifest cannot be read."""
    folder = Layout(Path(output)).snapshots
    folders = [p for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
    found = []
    for each in folders:
        with contextlib.suppress(DamagedError):
            found.append(Snapshot(each, Manifest.load(each)))
    return sorted(found, key=lambda s: (s.manifest.sequence, s.run_id))


class SnapshotWriter:
    """Builds one snapshot: `keep` what did not change, `write` what is new, then `publish`.

    Leaving the context without `publish` leaves nothing behind.
    """

    def __init__(self, layout: Layout, run_id: str, previous: Snapshot | None) -> None:
        self.layout, self.run_id, self.previous = layout, run_id, previous
        self.folder = layout.building / run_id
        self._parts: dict[tuple[str, str], Part] = {}
        self._new: set[Path] = set()
        # After all that are kept, of which some are newer than the previous one once somebody has rolled back.
        self._sequence = 1 + max((s.manifest.sequence for s in list_snapshots(layout.output)), default=0)

    def __enter__(self) -> Self:
        with explaining(self.layout.output):
            shutil.rmtree(self.folder, ignore_errors=True)
            for name in TABLES:
                (self.folder / name).mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, parts: Iterable[Part]) -> None:
        """Takes parts of the previous snapshot over as they are (hard links); a part that was written here stays."""
        assert self.previous is not None
        with explaining(self.layout.output):
            for part in parts:
                if (part.table, part.batch) not in self._parts:
                    link_or_copy(self.previous.folder / part.path, self.folder / part.path)
                    self._parts[part.table, part.batch] = part

    def write(self, table: str, batch: str, rows: pa.Table) -> None:
        """Writes the rows of one table that belong to a batch; none leave no file.

        Raises DamagedError where the rows do not fit the schema, OutputError where the disk does not take them.
        """
        problems = schema_problems(table, rows) + key_problems(table, rows)
        if problems:
            raise DamagedError("; ".join(problems))
        if not rows.num_rows and batch != EMPTY_BATCH:
            return
        rows = rows.replace_schema_metadata(TABLES[table].arrow.metadata)
        name = f"{table}/part-{batch}.parquet"
        path = self.folder / name
        with explaining(self.layout.output):
            path.unlink(missing_ok=True)  # it may be a hard link into the previous snapshot
            pq.write_table(rows, path, compression="zstd")
            path.chmod(0o440)
            part = Part(table=table, batch=batch, rows=rows.num_rows, size=path.stat().st_size, sha256=digest_of(path))
        self._parts[table, batch] = part
        self._new.add(path)

    def rows(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """What the snapshot holds of one table so far."""
        return self._so_far.table(table, columns)

    def part(self, part: Part, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of one part that this snapshot holds already."""
        return read_part(self.folder, part, columns)

    def parts_of(self, table: str) -> list[Part]:
        """The parts of one table so far, in the order of `rows`."""
        return self._so_far.manifest.of(table)

    def publish(self, pipeline_version: str, link_version: str) -> Snapshot:
        """Checks every table, brings all to the disk, and turns `current` to the new snapshot.

        Raises DamagedError where an id names no row or stands twice, OutputError where the disk does not take it.
        """
        self._fill_empty_tables()
        manifest = self._manifest(pipeline_version, link_version)
        self._check()
        target = self.layout.snapshot(self.run_id)
        with explaining(self.layout.output):
            write_whole(self.folder / MANIFEST_NAME, manifest.model_dump_json(indent=1).encode())
            for path in self._new:
                sync_file(path)
            for folder in (*(self.folder / name for name in TABLES), self.folder):
                sync_folder(folder)
            self.folder.rename(target)
            try:
                sync_folder(self.layout.snapshots)
                turn_current(self.layout, self.run_id)
            except BaseException:
                if self.layout.current.resolve() != target.resolve():
                    shutil.rmtree(target, ignore_errors=True)
                raise
        return Snapshot(target, manifest)

    def _fill_empty_tables(self) -> None:
        """A table without rows is one file without rows."""
        earlier = self.previous.manifest if self.previous else None
        for name in TABLES.keys() - {table for table, _ in self._parts}:
            empty = [p for p in earlier.of(name) if p.batch == EMPTY_BATCH] if earlier else []
            if earlier and empty and earlier.schema_digest == SCHEMA_DIGEST:
                self.keep(empty)
            else:
                self.write(name, EMPTY_BATCH, TABLES[name].arrow.empty_table())

    @property
    def _so_far(self) -> Snapshot:
        return Snapshot(self.folder, self._manifest("", ""))

    def _manifest(self, pipeline_version: str, link_version: str) -> Manifest:
        return Manifest(
            run_id=self.run_id,
            sequence=self._sequence,
            published_at=dt.datetime.now(dt.UTC),
            schema_version=SCHEMA_VERSION,
            schema_digest=SCHEMA_DIGEST,
            pipeline_version=pipeline_version,
            link_version=link_version,
            parts=tuple(sorted(self._parts.values(), key=lambda p: (p.table, p.batch))),
        )

    def _check(self) -> None:
        """References of what is new: of each new batch inside it, of the tables over the archive as a whole."""
        snapshot = self._so_far
        manifest = snapshot.manifest
        new_batches = {
            batch for (table, batch) in self._parts if self.folder / table / f"part-{batch}.parquet" in self._new
        }
        problems = []
        for batch in sorted(new_batches):
            parts = [p for p in manifest.parts if p.batch == batch and TABLES[p.table].per_document]
            by_table = {p.table: snapshot.part(p, columns_to_check(TABLES[p.table])) for p in parts}
            empty = {name: TABLES[name].arrow.empty_table() for name in PER_DOCUMENT if name not in by_table}
            problems += reference_problems(by_table | empty)
        if any(
            TABLES[path.parent.name].per_document or path.parent.name in ("links", "instruments") for path in self._new
        ):
            over_archive = {name: snapshot.table(name, columns) for name, columns in _OVER_ARCHIVE.items()}
            problems += reference_problems(over_archive)
            problems += [
                line for name in ("documents", "instruments") for line in key_problems(name, over_archive[name])
            ]
        if problems:
            raise DamagedError("; ".join(problems))


def turn_current(layout: Layout, run_id: str) -> None:
    """Makes one published snapshot the current one, in one step."""
    link = layout.state / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("snapshots") / run_id)
    link.replace(layout.current)
    sync_folder(layout.output)


def prune_snapshots(layout: Layout, keep: int) -> list[str]:
    """Deletes old snapshots but for the current one and the newest of each of the `keep` last different contents."""
    current = layout.current.resolve().name
    seen: set[str] = set()
    gone = []
    for snapshot in reversed(list_snapshots(layout.output)):
        digest = snapshot.manifest.content_digest
        if snapshot.run_id != current and (digest in seen or len(seen) >= keep):
            gone.append(snapshot.run_id)
            doomed = layout.building / f"{snapshot.run_id}.pruned"
            snapshot.folder.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)
        seen.add(digest)
    return gone
