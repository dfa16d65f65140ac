"""The list of everything that a snapshot holds, with checksums."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import DamagedError

MANIFEST_NAME = "manifest.json"
_RUN_TABLES = frozenset({"runs", "failures"})  # these change every night without any news


class Part(BaseModel):
    """One Parquet file: the rows of one table that belong to one batch of documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    batch: str
    rows: int
    size: int
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies inside the snapshot."""
        return f"{self.table}/part-{self.batch}.parquet"


class Manifest(BaseModel):
    """`sequence` grows by one from snapshot to snapshot, whatever the clock says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    sequence: int
    published_at: dt.datetime
    schema_version: str
    schema_digest: str
    pipeline_version: str
    link_version: str
    parts: tuple[Part, ...]

    @classmethod
    def load(cls, snapshot: Path) -> Manifest:
        """The manifest of a snapshot folder.

        Raises DamagedError where it is missing or cannot be understood.
        """
        path = snapshot / MANIFEST_NAME
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            why = error.strerror if isinstance(error, OSError) else "is no manifest"
            raise DamagedError(
                f"{path}: is damaged ({why}); `chithi rollback` goes back to a run of `chithi runs`, "
                "`chithi ingest --force` makes the tables anew from the documents"
            ) from error

    def of(self, table: str) -> list[Part]:
        """The parts of one table."""
        return [p for p in self.parts if p.table == table]

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(p.rows for p in self.of(table))

    @property
    def content_digest(self) -> str:
        """The same for two snapshots that say the same of the same documents."""
        lines = sorted(f"{p.path} {p.sha256}" for p in self.parts if p.table not in _RUN_TABLES)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
