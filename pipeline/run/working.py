"""The work of a run: which jobs there are, who does them, and what becomes of those that break their child."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.errors import MissingDependencyError, OutputError, UsageError
from pipeline.models import MediaType, Share
from pipeline.rulebook import RuleError
from pipeline.run.errors import TROUBLE_OF_THE_MACHINE
from pipeline.run.executor import Broken, Event, Finished, PageDone
from pipeline.run.fragments import Fragments, Outcome
from pipeline.run.plan import Choice, Content
from pipeline.run.versions import Versions
from pipeline.run.watch import Watcher
from pipeline.run.work import DocumentWork, Job, broken_outcome
from pipeline.run.workers import open_executor
from pipeline.settings import Settings

_SMALLEST_DIVIDED = 400_000  # bytes: less is hardly more than a page or two of a scan


def work_on(contents: Sequence[Content], work: DocumentWork, choice: Choice, watcher: Watcher) -> dict[str, Outcome]:
    """Works on every content. What an earlier run did and could not publish is taken up.

    Raises a ChithiError where the trouble of one file would be the trouble of every file.
    """
    settings, shift = work.settings, _Shift(contents, work, choice, watcher)
    jobs = divided(shift.take_up(), settings.run.jobs)
    with open_executor(work, jobs) as executor:
        while jobs:
            for event in executor.run(jobs):
                shift.hear(event)
            jobs = shift.next_round()
    return shift.outcomes


def divided(jobs: Sequence[Job], parallel: int) -> list[Job]:
    """The jobs, those on a large file replaced by one for each share of its pages where it would keep one child busy
    while others have nothing to do: files weigh by their bytes."""
    total = sum(job.source.size for job in jobs)
    found: list[Job] = []
    for job in jobs:
        large = job.source.size >= _SMALLEST_DIVIDED and job.source.size * parallel * 2 > total
        if large and parallel > 1 and job.source.media_type == MediaType.PDF:
            found += [replace(job, share=Share(n, parallel), shares=parallel) for n in range(parallel)]
        else:
            found.append(job)
    return found


class _Shift:
    """What a run knows of its jobs while they are worked on."""

    def __init__(self, contents: Iterable[Content], work: DocumentWork, choice: Choice, watcher: Watcher) -> None:
        self.contents = {c.sha256: c for c in contents}
        self.settings, self.versions, self.choice, self.watcher = work.settings, work.versions, choice, watcher
        self.fragments = Fragments(work.fragments, work.versions.result)
        self.outcomes: dict[str, Outcome] = {}
        self._again: dict[str, Job] = {}
        self._pages: dict[str, dict[Share | None, int]] = defaultdict(dict)
        self._seconds: dict[str, float] = defaultdict(float)

    def take_up(self) -> list[Job]:
        """The jobs on contents of which no earlier run left a fragment."""
        jobs = []
        for content in self.contents.values():
            kept = None if self.choice.force else self.fragments.outcome(content.sha256)
            if kept is not None and not (kept.failures and self.choice.retry_failed):
                self._close(kept)
            else:
                jobs.append(Job(content.source, _attempts_so_far(content, self.versions)))
        return jobs

    def hear(self, event: Event[Job, Outcome]) -> None:
        """Takes in what happened to a job."""
        job, sha256 = event.item, event.item.source.sha256
        if isinstance(event, PageDone):
            self._pages[sha256][job.share] = event.pages
            self.watcher.page(self.contents[sha256], sum(self._pages[sha256].values()))
        elif sha256 in self.outcomes:
            pass  # another share of it came to a bad end
        elif isinstance(event, Finished) and job.share is None:
            self._close(replace(event.result, seconds=event.result.seconds + self._seconds[sha256]))
        elif isinstance(event, Finished):
            self._seconds[sha256] += event.result.seconds
            self._again.setdefault(sha256, replace(job, share=None))
        else:
            self._broken(event)

    def next_round(self) -> list[Job]:
        """The jobs that are worth another try, and those whose shares are read."""
        jobs = [job for sha256, job in self._again.items() if sha256 not in self.outcomes]
        self._again.clear()
        return jobs

    def _broken(self, event: Broken[Job]) -> None:
        _raise_what_stops_a_run(event, self.settings)
        sha256 = event.item.source.sha256
        known = self._again.get(sha256, event.item)  # the child of another share may have been broken before
        job = replace(known, share=None, attempts=known.attempts + 1)
        if event.code == "worker_died" and job.attempts < self.settings.run.max_attempts:
            self._again[sha256] = job
            return
        outcome = broken_outcome(job, event.code, event.message, event.seconds)
        self.fragments.write(outcome, {})
        self._close(outcome)

    def _close(self, outcome: Outcome) -> None:
        self.outcomes[outcome.sha256] = outcome
        self.watcher.finished(self.contents[outcome.sha256], outcome)


def _attempts_so_far(content: Content, versions: Versions) -> int:
    earlier = content.earlier
    return earlier.attempts if earlier and earlier.broke and earlier.version == versions.result else 0


def _raise_what_stops_a_run(event: Broken[Job], settings: Settings) -> None:
    """Some troubles of one file would be the trouble of every file."""
    if isinstance(event.error, RuleError):
        raise UsageError(str(event.error)) from event.error
    if isinstance(event.error, MissingDependencyError):
        raise event.error
    if isinstance(event.error, OSError) and event.error.errno in TROUBLE_OF_THE_MACHINE:
        where = event.error.filename or settings.output
        raise OutputError(f"{where}: {event.error.strerror}; mend that and run again") from event.error
