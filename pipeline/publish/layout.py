"""Where everything lies in an output folder, and the small file operations that survive a power cut.

current            link to the published snapshot
snapshots/<run>/   <table>/part-*.parquet and manifest.json
reports/           what people and monitors read
cache/             what reading and restoring produced; may be deleted at any time
state/             lock, what is known of each file, fragments and half-built snapshots
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import OutputError

PRIVATE_UMASK = 0o027  # owner writes, group reads, nobody else
_HALF_WRITTEN = ".new"


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths inside one output folder."""

    output: Path

    @property
    def current(self) -> Path:
        """The link to the published snapshot."""
        return self.output / "current"

    @property
    def snapshots(self) -> Path:
        """One folder for each published run."""
        return self.output / "snapshots"

    @property
    def reports(self) -> Path:
        """Summaries of runs."""
        return self.output / "reports"

    @property
    def cache(self) -> Path:
        """Readings and restorations, keyed by content and version."""
        return self.output / "cache"

    @property
    def state(self) -> Path:
        """What only runs look at."""
        return self.output / "state"

    @property
    def lock(self) -> Path:
        """Held by the run that works on this folder."""
        return self.state / "lock"

    @property
    def holder(self) -> Path:
        """What the run that holds the lock says of itself; a killed one leaves it behind."""
        return self.state / "lock.json"

    @property
    def fragments(self) -> Path:
        """What was found in documents that no snapshot holds yet."""
        return self.state / "fragments"

    @property
    def building(self) -> Path:
        """Snapshots that are not whole yet."""
        return self.state / "building"

    def snapshot(self, run_id: str) -> Path:
        """The folder of one published run."""
        return self.snapshots / run_id

    def files_of(self, run_id: str) -> Path:
        """What one run knew of each input file."""
        return self.state / "files" / f"{run_id}.parquet"

    def refusals_of(self, run_id: str) -> Path:
        """What one run knew of the files that cannot be documents."""
        return self.state / "files" / f"{run_id}.refused.parquet"

    def links_of(self, run_id: str) -> Path:
        """What linking of one run left for the next."""
        return self.state / "links" / run_id

    def prepare(self) -> None:
        """Makes the folders.

        Raises OutputError where the output folder cannot be written.
        """
        with explaining(self.output):
            for folder in (self.snapshots, self.state / "files", self.fragments, self.building, self.reports):
                folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.state):
                pass

    def sweep(self) -> None:
        """Deletes what killed runs left half-built, which may fill a disk; only for the run that holds the lock."""
        for path in self.building.glob("*"):
            shutil.rmtree(path, ignore_errors=True)
        for folder in (self.reports, self.state, self.state / "files"):
            for path in folder.glob(f".*{_HALF_WRITTEN}"):
                path.unlink(missing_ok=True)


@contextmanager
def private() -> Iterator[None]:
    """What is written inside can be read by its owner and group only."""
    before = os.umask(PRIVATE_UMASK)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def explaining(output: Path) -> Iterator[None]:
    """Turns what the file system says into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutputError(f"{output}: the disk is full; free some space and run again") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
            where = error.filename or output
            raise OutputError(f"{where}: cannot be written ({error.strerror}); check who owns the folder") from error
        if error.errno in (errno.ENOENT, errno.ESTALE) and is_of(output, error):
            where = error.filename or output
            raise OutputError(f"{where}: is gone; something else deletes what lies in the output folder") from error
        if error.errno == errno.EIO and is_of(output, error):
            raise OutputError(f"{error.filename or output}: the disk has a fault ({error.strerror})") from error
        raise


def is_of(output: Path, error: OSError) -> bool:
    """Whether an error is about something in an output folder, or does not say what it is about."""
    if error.filename is None:
        return True
    return Path(os.path.abspath(os.fsdecode(error.filename))).is_relative_to(output.absolute())  # noqa: PTH100


def sync_file(path: Path) -> None:
    """Waits until a file's content is on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Waits until a folder's list of names is on the disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Writes a file so that a reader sees the old content or all of the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_HALF_WRITTEN}")
    try:
        temporary.write_bytes(content)
        if durable:
            sync_file(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> None:
    """A hard link; a copy where the file system has none."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP):
            raise
        shutil.copy2(source, target)
