"""A run over stand-ins for the stages as a process of its own, for tests that stop or kill it: `night IN OUT`."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.errors import ChithiError
from pipeline.run.ingest import ingest
from pipeline.settings import RunSettings, Settings
from tests.run.doubles import FakeWork

if __name__ == "__main__":
    folder, output = map(Path, sys.argv[1:])
    settings = Settings(input=folder, output=output, run=RunSettings(jobs=2, settle_seconds=0.0))
    try:
        ingest(settings, work=FakeWork)
    except ChithiError as error:
        raise SystemExit(error.exit_code) from None
