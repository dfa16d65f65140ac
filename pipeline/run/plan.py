"""What a run has to do: which contents are new, which an earlier run has done, which are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from pipeline.discover import UNREADABLE, Discovery, FoundFile
from pipeline.models import Source
from pipeline.run.estimate import seconds_for
from pipeline.run.files import FileRecord


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for beyond "all that is new". `only` is a pattern of paths (`*`, `?`)."""

    force: bool = False
    retry_failed: bool = False
    only: str | None = None
    verify: bool = False
    keep_missing: bool = False
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """One content, all paths that hold it now (sorted), and what an earlier run made of it."""

    source: Source
    paths: tuple[str, ...]
    earlier: FileRecord | None

    @property
    def sha256(self) -> str:
        """The content."""
        return self.source.sha256


@dataclass(frozen=True, slots=True)
class Plan:
    """The contents of a run, each in one of three lists; `work` begins with what will take longest, so that none of
    it is left when all else is done.

    `held` are the records of paths that could not be looked at in this run (they still change, or cannot be read) or
    whose new content nobody asked for: their rows stay. `missing` are records of files that are gone; their rows stay
    only if that was asked for. `left_out` are paths of new contents that were not asked for.
    """

    work: tuple[Content, ...]
    unchanged: tuple[Content, ...]
    held: tuple[FileRecord, ...]
    missing: tuple[FileRecord, ...]
    left_out: tuple[str, ...] = ()


def make_plan(
    discovery: Discovery,
    records: Iterable[FileRecord],
    version: str,
    max_attempts: int,
    choice: Choice,
    damaged: Set[str] = frozenset(),
) -> Plan:
    """Compares what lies in the folder with what earlier runs did. `damaged` are batches whose rows are to be made
    anew, which they are where all their files can be worked on."""
    by_path = {r.path: r for r in records}
    earlier = {r.sha256: r for r in by_path.values()}
    grouped: dict[str, list[FoundFile]] = defaultdict(list)
    for found in discovery.found:
        grouped[found.source.sha256].append(found)
    chosen, unchanged = [], []
    left_out: list[str] = []
    for sha256, files in grouped.items():
        paths = tuple(sorted(f.source.relative_path for f in files))
        content = Content(files[0].source, paths, earlier.get(sha256))
        if _is_chosen(paths, choice):
            chosen.append(content)
        elif content.earlier is not None:
            unchanged.append(content)
        else:
            left_out += paths
    present = {f.source.relative_path for f in discovery.found} - set(left_out)
    gone = [r for path, r in by_path.items() if path not in present and r.sha256 not in grouped]
    waiting = {r.path for r in gone if not _is_chosen((r.path,), choice)} | _cannot_tell(gone, discovery)
    held = tuple(r for r in gone if r.path in waiting)
    missing = tuple(r for r in gone if r.path not in waiting)
    staying = [*(c.earlier for c in unchanged), *held, *(missing if choice.keep_missing else ())]
    anew = damaged - {r.batch for r in staying if r is not None}
    work = []
    for content in chosen:
        again = content.earlier is not None and content.earlier.batch in anew
        if again or _needs_work(content.earlier, version, max_attempts, choice):
            work.append(content)
        else:
            unchanged.append(content)
    work.sort(key=lambda c: (-seconds_for(c.source), c.sha256))
    return Plan(tuple(work), tuple(unchanged), held, missing, tuple(sorted(left_out)))


def _is_chosen(paths: Iterable[str], choice: Choice) -> bool:
    return choice.only is None or any(fnmatchcase(path, choice.only) for path in paths)


def _needs_work(earlier: FileRecord | None, version: str, max_attempts: int, choice: Choice) -> bool:
    if earlier is None or choice.force or earlier.version != version:
        return True
    if earlier.status != "done" and choice.retry_failed:
        return True
    return earlier.broke and earlier.attempts < max_attempts


def _cannot_tell(gone: Iterable[FileRecord], discovery: Discovery) -> set[str]:
    """The paths not found that may still be there: they change, or they or their folder cannot be read."""
    waiting = set(discovery.waiting)
    unreadable = {f.source_path for f in discovery.failures if f.code == UNREADABLE}
    if "." in unreadable:
        return {r.path for r in gone}
    places = ((r.path, {r.path, *map(str, PurePosixPath(r.path).parents)}) for r in gone)
    return {path for path, around in places if path in waiting or (unreadable and not unreadable.isdisjoint(around))}
