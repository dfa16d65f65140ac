"""The state of linking on disk: what one run keeps for the next.

A state belongs to the run that wrote the table `instruments` and holds for one version of linking. It remembers the
checksum of each part whose citations it knows, so that these need not be read again. A lost state costs time, not
data.

Each frame is a file and a few smaller ones that each replace the rows of some ids; a run adds one, and seldom writes
the whole frame again. Files never change, so that runs share them by hard links.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.link import State
from pipeline.link.state import IDS
from pipeline.publish.layout import Layout, explaining, link_or_copy
from pipeline.publish.snapshot import Snapshot

_ABOUT = "about.json"
MOST_FILES = 8
LARGEST_CHANGE = 0.25  # of a frame's rows; more is written as a whole


@dataclass(frozen=True, slots=True)
class KeptState:
    """A state, and the checksums of the parts (`citations/20261121`) whose citations are in it.

    `files`: where it was read from, the file names of each frame in their order."""

    state: State
    parts: Mapping[str, str]
    folder: Path | None = None
    files: Mapping[str, list[str]] = field(default_factory=dict)


def load_state(layout: Layout, snapshot: Snapshot | None, version: str) -> KeptState | None:
    """The state that the links of a snapshot left; None where it is of another version, lost or damaged."""
    written = [p.batch for p in snapshot.manifest.of("instruments")] if snapshot else []
    if len(written) != 1:
        return None
    folder = layout.links_of(written[0])
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        if about["version"] != version:
            return None
        state = State.from_frames(read_frames(folder, about["files"]))
        return KeptState(state, about["parts"], folder, about["files"])
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None


def save_state(layout: Layout, run_id: str, version: str, kept: KeptState, previous: Snapshot | None) -> None:
    """Writes the state of a run, and deletes all others but that of the previous snapshot, which holds until this one
    stands. `kept.folder` and `kept.files` are those of the state that this one was built on."""
    staying = {run_id, *(p.batch for p in previous.manifest.of("instruments"))} if previous else {run_id}
    folder = layout.links_of(run_id)
    with explaining(layout.output):
        if folder.parent.is_dir():
            for other in folder.parent.iterdir():
                if other.name not in staying:
                    shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        files = write_frames(folder, kept)
        about = {"version": version, "files": files, "parts": dict(kept.parts)}
        # Written last: a state without it is none.
        (folder / _ABOUT).write_text(json.dumps(about), "utf-8")


def write_frames(folder: Path, kept: KeptState) -> dict[str, list[str]]:
    """Writes what changed of a state beside what did not. Returns the file names of each frame."""
    frames, changed = kept.state.frames(), kept.state.changed
    files = {}
    for name, frame in frames.items():
        before = kept.files.get(name, [])
        stem = f"{name}.{folder.name}"
        files[name] = [f"{stem}.parquet"]
        if changed is not None and kept.folder is not None and 0 < len(before) < MOST_FILES:
            ids = changed[name].unique()
            rows = frame.filter(pl.col(IDS[name]).is_in(ids.implode()))
            if rows.height <= LARGEST_CHANGE * frame.height:
                for file in (*before, *map(_ids_file, before[1:])):
                    link_or_copy(kept.folder / file, folder / file)
                files[name] = [*before, *files[name]]
                _write(ids.to_frame("id"), folder / _ids_file(files[name][-1]))
                frame = rows
        _write(frame, folder / files[name][-1])
    return files


def read_frames(folder: Path, files: Mapping[str, list[str]]) -> dict[str, pl.DataFrame]:
    """The frames, of the file names that `write_frames` gave."""
    return {name: _read(folder, name, parts) for name, parts in files.items()}


def _read(folder: Path, name: str, parts: list[str]) -> pl.DataFrame:
    found: list[pl.DataFrame] = []
    replaced = pl.Series("id", [], dtype=pl.String)
    for part in reversed(parts):
        frame = pl.read_parquet(folder / part)
        found.append(frame.filter(~pl.col(IDS[name]).is_in(replaced.implode())) if len(replaced) else frame)
        if part != parts[0]:
            replaced = pl.concat([replaced, pl.read_parquet(folder / _ids_file(part))["id"]])
    return pl.concat(reversed(found))


def _ids_file(part: str) -> str:
    return part.removesuffix(".parquet") + ".ids.parquet"


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="lz4", statistics=False)
