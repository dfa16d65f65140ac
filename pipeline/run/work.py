"""The work on one content, as it is done in a child: process the file, keep what was found, say how it went."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.models import DocumentResult, Failure, Share, Source
from pipeline.publish.tables import tables_of
from pipeline.run.cache import StageCache
from pipeline.run.errors import StageError
from pipeline.run.fragments import BREAKING_CODES, Fragments, Outcome
from pipeline.run.versions import Versions
from pipeline.settings import Settings

# The setting whose limit was exceeded, where one was.
_SETTING = {
    "timeout": "run.document_timeout",
    "stalled": "run.stall_timeout",
    "out_of_memory": "run.memory_limit_mb",
}


@dataclass(frozen=True, slots=True)
class Job:
    """One content to be worked on, and how often that broke a child before.

    With a `share`, only those of its pages are read and kept; the job without one, which comes after, joins them.
    `shares` says of how many.
    """

    source: Source
    attempts: int = 0
    share: Share | None = None
    shares: int = 1


@dataclass(frozen=True, slots=True)
class DocumentWork:
    """What children do with a job; travels to them once."""

    settings: Settings
    versions: Versions
    cache: Path
    fragments: Path
    run_id: str
    retry_failed: bool = False
    renew: bool = False

    def process(self, source: Source, cache: StageCache, report: Callable[[int], None]) -> DocumentResult:
        """Takes the file through every stage but linking."""
        # Here, because the parent, which starts children and publishes, does without the weight of the stages.
        from pipeline.run.document import process

        return process(source, self.settings, cache, report)

    def process_share(self, source: Source, share: Share, cache: StageCache, report: Callable[[int], None]) -> None:
        """Reads some pages of the file and keeps them."""
        from pipeline.run.document import process_share

        process_share(source, share, self.settings, cache, report)

    def __call__(self, job: Job, report: Callable[[int], None]) -> Outcome:
        """Processes the file and writes its fragment; of a share, keeps the pages and writes no fragment."""
        started = time.monotonic()
        source, attempts = job.source, job.attempts + 1
        flags = {"retry_failed": self.retry_failed, "renew": self.renew}
        cache = StageCache(self.cache, self.versions, **flags, shares=job.shares)
        if job.share is not None:
            with contextlib.suppress(StageError):  # the whole file meets the same, and says so
                self.process_share(source, job.share, cache, report)
            return Outcome(source.sha256, "done", seconds=time.monotonic() - started)
        fragments = Fragments(self.fragments, self.versions.result)
        try:
            result = self.process(source, cache, report)
        except StageError as error:
            failure = error.failure(source)
            outcome = Outcome(source.sha256, "failed", (failure,), seconds=time.monotonic() - started)
            fragments.write(outcome, {})
            return outcome
        pages = [page for document, _ in result.documents for page in document.pages]
        outcome = Outcome(
            sha256=source.sha256,
            status="partial" if result.failures else "done",
            failures=result.failures,
            documents=len(result.documents),
            pages=len(pages),
            seconds=time.monotonic() - started,
            confidence=min((p.quality for p in pages), default=None),
            attempts=attempts,
        )
        fragments.write(outcome, tables_of(result, self.run_id, self.versions.pipeline))
        return outcome


def broken_outcome(job: Job, code: str, message: str, seconds: float, max_attempts: int) -> Outcome:
    """The outcome of a job that broke its child, this time and `job.attempts` times in all."""
    told = f"{message}; {_what_follows(job, code, max_attempts)}"
    failure = Failure(job.source.relative_path, job.source.sha256, None, "run", code, told, job.attempts)
    return Outcome(job.source.sha256, "failed", (failure,), seconds=seconds, attempts=job.attempts)


def _what_follows(job: Job, code: str, max_attempts: int) -> str:
    if code not in BREAKING_CODES:
        return "a defect of chithi: report it, or leave the file out"
    raised = f"raise {_SETTING[code]} if it needs more; " if code in _SETTING else ""
    if job.attempts < max_attempts:
        return f"{raised}the next run tries once more"
    return (
        f"{raised}quarantined after {job.attempts} attempts: left alone until the file or chithi changes, "
        "or until --retry-failed"
    )


def with_attempts(outcome: Outcome) -> tuple[Failure, ...]:
    """The failures of an outcome, each with the number of attempts."""
    return tuple(dataclasses.replace(f, attempts=outcome.attempts) for f in outcome.failures)
