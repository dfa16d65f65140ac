"""Finds the documents of a folder: regular files inside it, by content and not by name.

What cannot be a document is a failure with a stable code, never silence. Hidden and temporary files are passed over.
Nothing is written to the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.media_types import UnknownContentError, media_type_of
from pipeline.models import Failure, MediaType, Source
from pipeline.settings import Settings

_HIDDEN_OR_TEMPORARY = (".*", "~$*", "*~", "*.tmp", "*.temp", "*.part", "*.partial", "*.crdownload", "*.swp")
_OF_THE_SYSTEM = ("Thumbs.db", "desktop.ini", "__MACOSX")
_IGNORED = re.compile("|".join(map(translate, (*_HIDDEN_OR_TEMPORARY, *_OF_THE_SYSTEM))))
_CHUNK = 1 << 20
UNREADABLE = "unreadable"  # the code of what may be readable another time


class Stamp(NamedTuple):
    """What tells without opening a file that it is the one of last time."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """The stamp in the answer of the file system."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


class Known(NamedTuple):
    """What an earlier run learned of a path: what its content is, or why it cannot be a document."""

    stamp: Stamp
    sha256: str
    media_type: MediaType | None
    refusal: tuple[str, str] | None = None  # code and message


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A document and its stamp."""

    source: Source
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that a folder holds, in the order of the paths.

    `refused` are the stamps of those failures that the content decided, which stay until it changes; `waiting` are
    paths of files that still change; `opened` counts the files whose content was looked at.
    """

    found: tuple[FoundFile, ...]
    failures: tuple[Failure, ...]
    waiting: tuple[str, ...] = ()
    opened: int = 0
    refused: Mapping[str, Stamp] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The documents alone. Copies of one content are several sources with the same sha256."""
        return tuple(f.source for f in self.found)


class _Problem(Exception):
    def __init__(self, code: str, message: str, sha256: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.sha256 = code, message, sha256


class _StillChangesError(Exception):
    pass


def discover(
    folder: Path,
    settings: Settings,
    known: Mapping[str, Known] | None = None,
    on_new: Callable[[], None] = lambda: None,
) -> Discovery:
    """All documents of the folder and of the folders in it.

    Paths in `known` whose stamp is the same are not opened. A file that changed within `settings.run.settle_seconds`
    is watched for that time; one that goes on changing is left for the next run. `on_new` is called before the first
    file is opened.

    Raises UsageError where the folder does not exist or cannot be listed.
    """
    require_folder(folder)
    return _Walk(folder, settings, known or {}, on_new).run()


def require_folder(folder: Path) -> None:
    """Raises UsageError, with what to do, where that is no folder that can be listed."""
    if folder.is_file():
        raise UsageError(f"{folder}: is a file; name its folder, and `--only {folder.name}` for this file alone")
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        raise UsageError(f"{folder}: cannot be listed ({error.strerror})") from error


def printable(name: str) -> str:
    """A path or message as text that any table, page and terminal can hold: bytes that are no UTF-8 and control
    characters are written as escapes (`\\xff`, `\\x1b`)."""
    if name.isprintable():  # nearly every one, and never one with bytes that are no UTF-8
        return name
    return "".join(c if c.isprintable() else _escaped(c) for c in name)


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # how Python writes a byte of a name that is no UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


class _Walk:
    def __init__(
        self, folder: Path, settings: Settings, known: Mapping[str, Known], on_new: Callable[[], None]
    ) -> None:
        self.folder, self.known, self.on_new = str(folder), known, on_new
        self.settle = settings.run.settle_seconds
        self.root = os.path.realpath(folder)
        self.not_input = os.path.realpath(settings.output)
        self.found: list[FoundFile] = []
        self.failures: list[Failure] = []
        self.refused: dict[str, Stamp] = {}
        self.waiting: list[str] = []
        self.opened = 0
        self._folder = "", Path(os.sep)

    def run(self) -> Discovery:
        fresh: list[tuple[str, Stamp]] = []
        seen = 0.0
        for path, is_link in self._paths(self.folder):
            try:
                status = self._regular(path, is_link)
                if self._is_fresh(status):
                    fresh.append((path, Stamp.of(status)))
                    seen = time.monotonic()
                else:
                    self._take(path, Stamp.of(status))
            except (_Problem, _StillChangesError) as error:
                self._note(path, error)
        if fresh:
            time.sleep(max(0.0, seen + self.settle - time.monotonic()))
        for path, stamp in fresh:
            try:
                if Stamp.of(self._regular(path, Path(path).is_symlink())) != stamp:
                    raise _StillChangesError
                self._take(path, stamp)
            except (_Problem, _StillChangesError) as error:
                self._note(path, error)
        self.found.sort(key=lambda f: f.source.relative_path)
        self.failures.sort(key=lambda f: f.source_path)
        waiting = tuple(sorted(self.waiting))
        return Discovery(tuple(self.found), tuple(self.failures), waiting, self.opened, self.refused)

    def _paths(self, folder: str) -> Iterator[tuple[str, bool]]:
        """Everything that is not a folder, and whether it is a link; without recursion, links to folders inside left
        out."""
        pending = [folder]
        while pending:
            current = pending.pop()
            try:
                with os.scandir(current) as listing:
                    entries = sorted(listing, key=lambda e: e.name)
            except OSError as error:
                self._fail(current, _Problem(UNREADABLE, f"folder cannot be listed: {error.strerror}"))
                continue
            for entry in entries:
                if _IGNORED.match(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if os.path.realpath(entry.path) != self.not_input:
                        pending.append(entry.path)
                else:
                    yield entry.path, entry.is_symlink()

    def _regular(self, path: str, is_link: bool) -> os.stat_result:
        """The status of a regular file inside the folder, links followed."""
        # By os and not by Path: this is done for every file of the archive every night.
        try:
            status = os.stat(path)  # noqa: PTH116
        except FileNotFoundError:
            if is_link:
                raise _Problem("broken_link", "link to a file that does not exist") from None
            raise _StillChangesError from None
        except OSError as error:
            code = "broken_link" if is_link else UNREADABLE
            raise _Problem(code, f"cannot be looked at: {error.strerror}") from error
        if is_link and not (os.path.realpath(path) + os.sep).startswith(self.root + os.sep):
            raise _Problem("outside_folder", "link to a place outside the input folder")
        if not stat.S_ISREG(status.st_mode):
            kind = "link to a folder inside the input folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise _Problem("not_a_file", f"{kind}: passed over")
        return status

    def _is_fresh(self, status: os.stat_result) -> bool:
        """Whether the file changed a moment ago; one whose time lies ahead may have too (a clock set back)."""
        return self.settle > 0 and time.time() - status.st_mtime < self.settle

    def _take(self, path: str, stamp: Stamp) -> None:
        name = self._name(path)
        known = self.known.get(name)
        try:
            if known is None or known.stamp != stamp:
                if not self.opened:
                    self.on_new()
                self.opened += 1
                sha256, media_type = _look_inside(path, stamp)
            elif known.media_type is not None:
                sha256, media_type = known.sha256, known.media_type
            else:
                raise _Problem(*(known.refusal or ("unknown_content", "is no document")), known.sha256)
        except _Problem as problem:
            if problem.sha256 is not None:
                self.refused[name] = stamp
            raise
        self.found.append(FoundFile(Source(self._path(path), name, sha256, media_type, stamp.size), stamp))

    def _path(self, path: str) -> Path:
        """The path, made from that of its folder, which takes half the time."""
        folder, _, name = path.rpartition(os.sep)
        if folder != self._folder[0]:
            self._folder = folder, Path(folder or os.sep)
        return self._folder[1] / name

    def _note(self, path: str, error: _Problem | _StillChangesError) -> None:
        """Writes down what is wrong with one file, so that the others go on."""
        if isinstance(error, _Problem):
            self._fail(path, error)
        else:
            self.waiting.append(self._name(path))

    def _name(self, path: str) -> str:
        return printable(path[len(self.folder) :].lstrip(os.sep) or ".")

    def _fail(self, path: str, problem: _Problem) -> None:
        name = self._name(path)
        self.failures.append(Failure(name, problem.sha256, None, "discover", problem.code, problem.message))


def _look_inside(path: str, stamp: Stamp) -> tuple[str, MediaType]:
    """Hash and media type of a file that does not change meanwhile."""
    digest = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
            after = Stamp.of(os.fstat(file.fileno()))
            if after != stamp:
                raise _StillChangesError
            if stamp.size == 0:
                raise _Problem("empty_file", "the file is empty", digest.hexdigest())
            file.seek(0)
            media_type = media_type_of(file)
    except UnknownContentError as error:
        raise _Problem(error.code, str(error), digest.hexdigest()) from error
    except FileNotFoundError:
        raise _StillChangesError from None
    except OSError as error:
        raise _Problem(UNREADABLE, f"cannot be read: {error.strerror}") from error
    return digest.hexdigest(), media_type
