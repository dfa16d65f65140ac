"""What was found in one file, kept outside the published tree until a run publishes it.

A fragment survives a run that is stopped or killed; the next run takes it up. It is a ZIP file of one Arrow stream for
each table that has rows, and `outcome.json`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from pipeline.models import Failure
from pipeline.publish.layout import write_whole

Status = Literal["done", "partial", "failed"]
_OUTCOME, _TABLE = "outcome.json", ".arrow"

# Codes of documents that broke their worker: worth another try, but not for ever.
BREAKING_CODES = frozenset({"worker_died", "timeout", "stalled", "out_of_memory"})
# Codes of documents at whose failure the document had no part: the next run tries them again.
PASSING_CODES = frozenset({"unreadable", "vanished", "changed_while_read"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the work on one content went. `confidence` is the lowest text quality of its pages."""

    sha256: str
    status: Status
    failures: tuple[Failure, ...] = ()
    documents: int = 0
    pages: int = 0
    seconds: float = 0.0
    confidence: float | None = None
    attempts: int = 1

    @property
    def broke(self) -> bool:
        """Whether it broke its worker."""
        return any(f.code in BREAKING_CODES and f.page is None for f in self.failures)

    @property
    def passing(self) -> bool:
        """Whether it failed for what may be over by the next run."""
        return any(f.code in PASSING_CODES and f.page is None for f in self.failures)


_ADAPTER = TypeAdapter(Outcome)


class Fragments:
    """The fragments of one output folder that this version of the pipeline can use."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder, self.version = folder, version

    def path(self, sha256: str) -> Path:
        """Where the fragment of a content lies."""
        return self.folder / sha256[:2] / f"{sha256}-{self.version}.zip"

    def write(self, outcome: Outcome, tables: Mapping[str, pa.Table]) -> None:
        """Keeps an outcome and its rows."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, table in tables.items():
                if table.num_rows:
                    archive.writestr(f"{name}{_TABLE}", _to_stream(table))
            archive.writestr(_OUTCOME, _ADAPTER.dump_json(outcome))
        write_whole(self.path(outcome.sha256), buffer.getvalue(), durable=False)

    def outcome(self, sha256: str) -> Outcome | None:
        """What is kept of a content; None where there is nothing, or it is damaged."""
        try:
            with zipfile.ZipFile(self.path(sha256)) as archive:
                if archive.testzip() is not None:
                    return None
                return _ADAPTER.validate_json(archive.read(_OUTCOME))
        except (OSError, zipfile.BadZipFile, KeyError, ValidationError):
            return None

    def size(self, sha256: str) -> int:
        """Bytes of a fragment."""
        return self.path(sha256).stat().st_size

    def tables(self, sha256: str) -> dict[str, pa.Table]:
        """The per-document tables that have rows."""
        with zipfile.ZipFile(self.path(sha256)) as archive:
            names = [name for name in archive.namelist() if name.endswith(_TABLE)]
            return {n.removesuffix(_TABLE): pa.ipc.open_stream(archive.read(n)).read_all() for n in names}

    def drop(self) -> None:
        """Deletes all fragments: their rows are published, or of another version. Half-written ones go too."""
        for path in self.folder.glob("*/*"):
            path.unlink(missing_ok=True)


def _to_stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content
