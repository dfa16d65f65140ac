"""What a run knows of itself before it begins to work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.discover import Discovery
from pipeline.publish.layout import Layout
from pipeline.publish.manifest import Part
from pipeline.publish.snapshot import Snapshot
from pipeline.run.files import FileRecord, Refusal
from pipeline.run.plan import Choice, Plan
from pipeline.run.versions import Versions
from pipeline.run.watch import Watcher
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Survey:
    """What a run would do. `damaged` are published files of the previous run that are not what they were."""

    discovery: Discovery
    plan: Plan
    versions: Versions
    previous: Snapshot | None
    records: tuple[FileRecord, ...]
    refusals: tuple[Refusal, ...] = ()
    damaged: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """One run: what was asked for, what there is to do, and who hears of it."""

    settings: Settings
    layout: Layout
    choice: Choice
    survey: Survey
    run_id: str
    started_at: dt.datetime
    watcher: Watcher
