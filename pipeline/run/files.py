"""What runs know of the input files: one record for each path, kept beside the snapshot that it belongs to.

The records of a run are written before its snapshot is published and are found by the snapshot's run, so the two
never contradict each other, after a rollback either. Lost records cost work, not data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.discover import Known, Stamp
from pipeline.models import MediaType
from pipeline.publish.layout import Layout, write_whole
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

    def known(self) -> Known:
        """What tells discovery not to open the file."""
        return Known(Stamp(self.size, self.mtime_ns, self.inode), self.sha256, MediaType(self.media_type))


def load_files(layout: Layout, run_id: str) -> list[FileRecord]:
    """The records of a run; none where they were deleted or are damaged."""
    try:
        rows = pq.read_table(layout.files_of(run_id), schema=_SCHEMA).to_pylist()
    except (OSError, pa.ArrowException):
        return []
    return [FileRecord(**row) for row in rows]


def save_files(layout: Layout, run_id: str, records: Iterable[FileRecord], input_folder: Path) -> None:
    """Writes the records of a run; `input_folder` is remembered with them."""
    schema = _SCHEMA.with_metadata({"input": str(input_folder.resolve()).encode("utf-8", "backslashreplace")})
    table = pa.Table.from_pylist([asdict(record) for record in records], schema=schema)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_whole(layout.files_of(run_id), sink.getvalue().to_pybytes())


def input_of(layout: Layout, run_id: str) -> str | None:
    """The input folder of a run."""
    try:
        metadata = pq.read_schema(layout.files_of(run_id)).metadata or {}
    except (OSError, pa.ArrowException):
        return None
    value = metadata.get(b"input")
    return value.decode() if value is not None else None
