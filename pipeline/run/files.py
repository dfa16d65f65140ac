"""What runs know of the input files: one record for each path, kept beside the snapshot that it belongs to.

The records of a run are written before its snapshot is published and are found by the snapshot's run, so the two
never contradict each other, after a rollback either. Lost records cost work, not data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.discover import Known, Stamp
from pipeline.models import Failure, MediaType
from pipeline.publish.layout import Layout, link_or_copy, write_whole
from pipeline.run.fragments import Status

_SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("size", pa.int64()),
        ("mtime_ns", pa.int64()),
        ("inode", pa.uint64()),
        ("sha256", pa.string()),
        ("media_type", pa.string()),
        ("status", pa.string()),
        ("version", pa.string()),
        ("attempts", pa.int32()),
        ("broke", pa.bool_()),
        ("batch", pa.string()),
        ("missing", pa.bool_()),
    ]
)
_REFUSALS = pa.schema(
    [
        *(_SCHEMA.field(n) for n in ("path", "size", "mtime_ns", "inode", "sha256", "version")),
        ("code", pa.string()),
        ("message", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One path and what became of its content. `batch` names the parts that hold its rows; None where it has none."""

    path: str
    size: int
    mtime_ns: int
    inode: int
    sha256: str
    media_type: str
    status: Status
    version: str
    attempts: int
    broke: bool
    batch: str | None
    missing: bool = False

    @property
    def stamp(self) -> Stamp:
        """The file as it was then."""
        return Stamp(self.size, self.mtime_ns, self.inode)

    def known(self) -> Known:
        """What tells discovery not to open the file."""
        return Known(self.stamp, self.sha256, MediaType(self.media_type))


class Refusal(NamedTuple):
    """A path whose content cannot be a document, and why; it holds until the file or `version` changes."""

    path: str
    size: int
    mtime_ns: int
    inode: int
    sha256: str
    version: str
    code: str
    message: str

    @classmethod
    def of(cls, failure: Failure, stamp: Stamp, version: str) -> Refusal:
        """The refusal that a failure of discovery is."""
        return cls(failure.source_path, *stamp, failure.source_sha256 or "", version, failure.code, failure.message)

    def known(self) -> Known:
        """What tells discovery not to open the file."""
        return Known(Stamp(self.size, self.mtime_ns, self.inode), self.sha256, None, (self.code, self.message))


def load_files(layout: Layout, run_id: str) -> list[FileRecord]:
    """The records of a run; none where they were deleted or are damaged."""
    return [FileRecord(*row) for row in _rows(layout.files_of(run_id), _SCHEMA)]


def load_refusals(layout: Layout, run_id: str) -> list[Refusal]:
    """What a run refused; nothing where that was deleted or is damaged."""
    return [Refusal(*row) for row in _rows(layout.refusals_of(run_id), _REFUSALS)]


def _rows(path: Path, schema: pa.Schema) -> Iterable[tuple[Any, ...]]:
    # Not `read_table`, which loads pandas: that would take longer than the file.
    try:
        table = pq.ParquetFile(path).read().select(schema.names)
    except (OSError, KeyError, pa.ArrowException):
        return []
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def save_files(
    layout: Layout, run_id: str, records: Iterable[FileRecord], refusals: Iterable[Refusal], input_folder: Path
) -> None:
    """Writes what a run knows of the files; `input_folder` is remembered with it."""
    schema = _SCHEMA.with_metadata({"input": _name_of(input_folder)})
    if refused := list(refusals):
        write_whole(layout.refusals_of(run_id), _packed(refused, _REFUSALS))
    write_whole(layout.files_of(run_id), _packed(list(records), schema))


def keep_files(layout: Layout, run_id: str, previous_run: str) -> None:
    """Says that a run knows of the files what the previous one knew."""
    for of in (layout.files_of, layout.refusals_of):
        if of(previous_run).is_file():
            link_or_copy(of(previous_run), of(run_id))


def _name_of(input_folder: Path) -> bytes:
    return str(input_folder.resolve()).encode("utf-8", "backslashreplace")


def _packed(rows: Sequence[FileRecord] | Sequence[Refusal], schema: pa.Schema) -> bytes:
    values = zip(*map(attrgetter(*schema.names), rows), strict=True) if rows else [()] * len(schema)
    columns = [pa.array(column, field.type) for column, field in zip(values, schema, strict=True)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def is_input_of(layout: Layout, run_id: str, input_folder: Path) -> bool:
    """Whether a run had this input folder; no where that is not known."""
    try:
        metadata = pq.read_schema(layout.files_of(run_id)).metadata or {}
    except (OSError, pa.ArrowException):
        return False
    return bool(metadata.get(b"input") == _name_of(input_folder))


def drop_files_of_pruned(layout: Layout) -> None:
    """Deletes what was known beside snapshots that are no more."""
    for path in layout.files_of("x").parent.glob("*.parquet"):
        if not layout.snapshot(path.name.split(".")[0]).is_dir():
            path.unlink(missing_ok=True)
