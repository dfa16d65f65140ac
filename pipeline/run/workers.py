"""Who does the work of a run: children on this machine, or the workers of a cluster."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pipeline.run.cluster import ClusterExecutor
from pipeline.run.executor import Executor, Limits
from pipeline.run.forkserver import PRELOAD, start_server
from pipeline.run.fragments import Outcome
from pipeline.run.premises import marked
from pipeline.run.work import DocumentWork, Job
from pipeline.settings import Settings


def as_workers_see(settings: Settings) -> Settings:
    """The settings with paths that mean the same on every machine, where the work is done on several."""
    if settings.run.scheduler is None:
        return settings
    model = settings.restore.model
    restore = settings.restore.model_copy(update={"model": model.absolute() if model else None})
    paths = {"input": settings.input.absolute(), "output": settings.output.absolute(), "restore": restore}
    return settings.model_copy(update=paths)


def prepare_children(settings: Settings) -> None:
    """To be called as soon as there seems to be work: children of this machine take seconds to begin."""
    if settings.run.scheduler is None:
        start_server(PRELOAD)


@contextmanager
def open_executor(
    work: DocumentWork, jobs: Sequence[Job]
) -> Iterator[Executor[Job, Outcome] | ClusterExecutor[Job, Outcome]]:
    """Whoever does the jobs; leaving it ends all that still work."""
    run = work.settings.run
    limits = Limits(run.document_timeout, run.stall_timeout, run.memory_limit_mb)
    if run.scheduler is None:
        with Executor[Job, Outcome](work, max(1, min(run.jobs, len(jobs))), limits, PRELOAD) as executor:
            yield executor
        return
    sample = jobs[0].source if jobs else None
    with (
        marked(work.fragments, work.settings, work.versions, secrets.token_hex(8), sample) as premises,
        ClusterExecutor[Job, Outcome](work, run.scheduler, limits, PRELOAD, premises, _broke_before) as cluster,
    ):
        yield cluster


def _broke_before(job: Job) -> bool:
    return job.attempts > 0
