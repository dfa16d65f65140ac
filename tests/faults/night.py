"""A run over stand-ins for the stages as a process of its own, for tests that stop or kill it: `night IN OUT
[SCHEDULER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.errors import ChithiError
from pipeline.run import workers
from pipeline.run.ingest import ingest
from pipeline.settings import RunSettings, Settings
from tests.run.doubles import FakeWork

if __name__ == "__main__":
    folder, output = map(Path, sys.argv[1:3])
    scheduler = sys.argv[3] if len(sys.argv) > 3 else None
    run = RunSettings(jobs=2, settle_seconds=0.0, scheduler=scheduler)
    settings = Settings(input=folder, output=output, run=run)
    workers.PRELOAD = ("tests.run.doubles",)  # stand-ins need no models
    try:
        ingest(settings, work=FakeWork)
    except ChithiError as error:
        print(f"chithi: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
