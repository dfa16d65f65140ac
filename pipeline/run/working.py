"""The work of a run: which jobs there are, who does them, and what becomes of those that break their child."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.errors import MissingDependencyError, OutputError, UsageError
from pipeline.models import MediaType, Share
from pipeline.publish.layout import is_of
from pipeline.rulebook import RuleError
from pipeline.run.errors import TROUBLE_OF_THE_MACHINE
from pipeline.run.executor import Broken, Event, PageDone
from pipeline.run.fragments import Fragments, Outcome
from pipeline.run.plan import Choice, Content
from pipeline.run.versions import Versions
from pipeline.run.watch import Watcher
from pipeline.run.work import DocumentWork, Job, broken_outcome
from pipeline.run.workers import open_executor
from pipeline.settings import Settings

_SMALLEST_SHARE = 200_000  # bytes: less is hardly more than a page of a scan


def work_on(contents: Sequence[Content], work: DocumentWork, choice: Choice, watcher: Watcher) -> dict[str, Outcome]:
    """Works on every content. What an earlier run did and could not publish is taken up.

    Raises a ChithiError where the trouble of one file would be the trouble of every file.
    """
    shift = _Shift(contents, work, choice, watcher)
    jobs = shift.take_up()
    with open_executor(work, jobs) as executor:
        if jobs:
            for event in executor.run(shift.jobs(divided(jobs, executor.width))):
                shift.hear(event)
    return shift.outcomes


def divided(jobs: Sequence[Job], parallel: int) -> list[Job]:
    """The jobs, those on a large file replaced by one for each share of its pages where it would keep one child busy
    while others have nothing to do: files weigh by their bytes. `parallel` jobs are done side by side."""
    total = sum(job.source.size for job in jobs)
    found: list[Job] = []
    for job in jobs:
        shares = min(parallel, job.source.size // _SMALLEST_SHARE)
        if shares > 1 and job.source.size * parallel * 2 > total and job.source.media_type == MediaType.PDF:
            found += [replace(job, share=Share(n, shares), shares=shares) for n in range(shares)]
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
        self._waiting: deque[Job] = deque()
        self._under_way: Counter[str] = Counter()  # jobs on each content that wait or are worked on
        self._left = 0  # of all of them
        self._attempts: dict[str, int] = {}
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

    def jobs(self, first: Iterable[Job]) -> Iterator[Job | None]:
        """These jobs, and those that come of them; None while that depends on jobs under way."""
        for job in first:
            self._put(job)
        while self._left:
            following = self._waiting.popleft() if self._waiting else None
            if following is not None and following.source.sha256 in self.outcomes:
                self._gone(following.source.sha256)  # another share of it came to a bad end
            else:
                yield following

    def _put(self, job: Job, *, next_of_all: bool = False) -> None:
        self._left += 1
        self._under_way[job.source.sha256] += 1
        if next_of_all:
            self._waiting.appendleft(job)
        else:
            self._waiting.append(job)

    def _gone(self, sha256: str) -> None:
        self._left -= 1
        self._under_way[sha256] -= 1

    def hear(self, event: Event[Job, Outcome]) -> None:
        """Takes in what happened to a job."""
        job, sha256 = event.item, event.item.source.sha256
        if isinstance(event, PageDone):
            self._pages[sha256][job.share] = event.pages
            self.watcher.page(self.contents[sha256], sum(self._pages[sha256].values()))
            return
        self._gone(sha256)
        if sha256 in self.outcomes:
            return
        if isinstance(event, Broken):
            self._broken(event)
        elif job.share is None:
            self._close(replace(event.result, seconds=event.result.seconds + self._seconds[sha256]))
        else:
            self._seconds[sha256] += event.result.seconds
        if sha256 not in self.outcomes and not self._under_way[sha256]:
            self._go_on(job)

    def _go_on(self, job: Job) -> None:
        """Joins the shares of a file, or tries one again that broke its child: last, for it may do so again."""
        sha256 = job.source.sha256
        following = replace(job, share=None, attempts=self._attempts.get(sha256, job.attempts))
        self._put(following, next_of_all=following.attempts == job.attempts)

    def _broken(self, event: Broken[Job]) -> None:
        _raise_what_stops_a_run(event, self.settings)
        sha256 = event.item.source.sha256
        attempts = self._attempts.get(sha256, event.item.attempts) + 1  # another share may have broken its child
        self._attempts[sha256] = attempts
        if event.code == "worker_died" and attempts < self.settings.run.max_attempts:
            return
        job = replace(event.item, share=None, attempts=attempts)
        outcome = broken_outcome(job, event.code, event.message, event.seconds, self.settings.run.max_attempts)
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
    if isinstance(event.error, OSError) and (
        event.error.errno in TROUBLE_OF_THE_MACHINE or (event.error.filename and is_of(settings.output, event.error))
    ):
        where = event.error.filename or settings.output
        raise OutputError(f"{where}: {event.error.strerror}; mend that and run again") from event.error
