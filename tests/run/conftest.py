"""Fixtures for runs over small folders with stand-ins for the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.publish.snapshot import open_snapshot
from pipeline.run.ingest import ingest
from pipeline.run.plan import Choice
from pipeline.run.watch import Summary
from pipeline.settings import RunSettings, Settings
from tests.run.doubles import FakeWork


@dataclass
class Archive:
    """An input folder, an output folder, and runs from one to the other."""

    input: Path
    output: Path
    limits: dict[str, Any] = field(default_factory=dict)

    def put(self, name: str, text: str) -> Path:
        """Writes an input file."""
        path = self.input / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def settings(self) -> Settings:
        run = RunSettings(**({"jobs": 2, "settle_seconds": 0.0} | self.limits))
        return Settings(input=self.input, output=self.output, run=run)

    def run(self, **choice: Any) -> Summary:
        return ingest(self.settings, Choice(**choice), work=FakeWork)

    def table(self, name: str) -> pa.Table:
        return open_snapshot(self.output).table(name)

    def paths(self) -> list[str]:
        return sorted(self.table("documents")["source_path"].to_pylist())

    def inodes(self) -> dict[str, int]:
        """Which file on the disk each part of the tables is."""
        folder = open_snapshot(self.output).folder
        return {str(p.relative_to(folder)): p.stat().st_ino for p in folder.glob("*/*.parquet")}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    (tmp_path / "in").mkdir()
    return Archive(tmp_path / "in", tmp_path / "out")


@pytest.fixture
def failures() -> Callable[[Archive], dict[str, str]]:
    """Path → code of all failures that the tables hold."""

    def read(archive: Archive) -> dict[str, str]:
        rows = archive.table("failures").to_pylist()
        return {row["source_path"]: row["code"] for row in rows}

    return read
