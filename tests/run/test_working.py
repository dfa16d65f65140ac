"""Which jobs a run makes of its files, and what it makes of what happens to them; and pages that are read in shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.discover import discover
from pipeline.errors import MissingDependencyError, OutputError
from pipeline.models import MediaType, Share, Source
from pipeline.run.cache import StageCache
from pipeline.run.document import process, process_share
from pipeline.run.executor import Broken, Finished, PageDone
from pipeline.run.fragments import Outcome
from pipeline.run.plan import Choice, Content
from pipeline.run.versions import Versions
from pipeline.run.watch import Watcher
from pipeline.run.work import DocumentWork, Job
from pipeline.run.working import _Shift, divided
from pipeline.settings import RunSettings, Settings

VERSIONS = Versions("r", "s", "x", "l")


def source(name: str, size: int, media_type: MediaType = MediaType.PDF) -> Source:
    return Source(Path(name), name, name.ljust(64, "0"), media_type, size)


def shapes(*sizes: int, parallel: int = 2) -> list[tuple[str, Share | None]]:
    jobs = divided([Job(source(f"{n}", size)) for n, size in enumerate(sizes)], parallel)
    return [(job.source.relative_path, job.share) for job in jobs]


def test_one_large_file_is_divided_among_all() -> None:
    assert shapes(5_000_000) == [("0", Share(0, 2)), ("0", Share(1, 2))]
    assert shapes(5_000_000, 20_000) == [("0", Share(0, 2)), ("0", Share(1, 2)), ("1", None)]


def test_many_files_of_one_size_are_not_divided() -> None:
    assert shapes(*[5_000_000] * 8) == [(f"{n}", None) for n in range(8)]


def test_a_file_has_no_more_shares_than_pages_may_be_worth_it() -> None:
    assert len(shapes(900_000, parallel=64)) == 4
    assert len(shapes(90_000_000, parallel=64)) == 64


def test_what_is_small_or_alone_on_one_core_is_not_divided() -> None:
    assert shapes(100_000) == [("0", None)]
    assert shapes(5_000_000, parallel=1) == [("0", None)]
    assert divided([Job(source("a", 5_000_000, MediaType.TIFF))], 2) == [Job(source("a", 5_000_000, MediaType.TIFF))]


class Listener(Watcher):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.pages: list[int] = []

    def page(self, content: Content, pages: int) -> None:
        self.pages.append(pages)


@pytest.fixture
def shift(tmp_path: Path) -> _Shift:
    settings = Settings(input=tmp_path, output=tmp_path, run=RunSettings(jobs=2))
    work = DocumentWork(settings, VERSIONS, tmp_path / "cache", tmp_path / "fragments", "run")
    return _Shift([Content(source("a", 5_000_000), ("a",), None)], work, Choice(), Listener())


def shares(shift: _Shift) -> tuple[Iterator[Job | None], Job, Job]:
    jobs = shift.jobs(divided(shift.take_up(), 2))
    first, second = next(jobs), next(jobs)
    assert first is not None
    assert second is not None
    assert next(jobs) is None, "what is to come depends on the shares"
    return jobs, first, second


def test_shares_are_joined_once_all_are_read(shift: _Shift) -> None:
    jobs, first, second = shares(shift)
    for job, pages in ((first, 1), (second, 1), (first, 2)):
        shift.hear(PageDone(job, pages))
    assert shift.watcher.pages == [1, 2, 3]  # type: ignore[attr-defined]
    shift.hear(Finished(first, Outcome(first.source.sha256, "done", seconds=2.0)))
    assert next(jobs) is None
    shift.hear(Finished(second, Outcome(second.source.sha256, "done", seconds=2.0)))
    joined = next(jobs)
    assert joined is not None
    assert (joined.share, joined.shares, joined.attempts) == (None, 2, 0)
    shift.hear(Finished(joined, Outcome(joined.source.sha256, "done", pages=3, seconds=1.0)))
    assert shift.outcomes[joined.source.sha256].seconds == 5.0
    assert list(jobs) == []


def test_a_share_that_kills_its_child_counts_as_an_attempt_on_the_file(shift: _Shift) -> None:
    jobs, first, second = shares(shift)
    shift.hear(Broken(second, "worker_died", "killed", 1.0))
    shift.hear(Finished(first, Outcome(first.source.sha256, "done")))
    again = next(jobs)
    assert again is not None
    assert (again.share, again.attempts) == (None, 1)
    shift.hear(Broken(again, "worker_died", "killed", 1.0))
    outcome = shift.outcomes[first.source.sha256]
    assert (outcome.status, outcome.attempts, outcome.broke) == ("failed", 2, True)
    assert list(jobs) == []


def test_a_file_whose_shares_both_kill_is_quarantined_at_once(shift: _Shift) -> None:
    jobs, *both = shares(shift)
    for job in both:
        shift.hear(Broken(job, "worker_died", "killed", 1.0))
    assert [o.status for o in shift.outcomes.values()] == ["failed"]
    assert list(jobs) == []


def test_a_share_that_hangs_ends_the_file_for_this_run(shift: _Shift) -> None:
    jobs = shift.jobs(divided(shift.take_up(), 4))
    first, second = next(jobs), next(jobs)
    assert first is not None
    assert second is not None
    shift.hear(Broken(first, "stalled", "finished no page", 600.0))
    shift.hear(Finished(second, Outcome(second.source.sha256, "done")))
    assert list(jobs) == [], "its other shares are not begun"
    assert [f.code for o in shift.outcomes.values() for f in o.failures] == ["stalled"]


def test_a_file_that_killed_its_child_is_tried_again_after_all_others(tmp_path: Path) -> None:
    settings = Settings(input=tmp_path, output=tmp_path, run=RunSettings(jobs=2))
    work = DocumentWork(settings, VERSIONS, tmp_path / "cache", tmp_path / "fragments", "run")
    shift = _Shift([Content(source(n, 10), (n,), None) for n in "abc"], work, Choice(), Listener())
    jobs = shift.jobs(shift.take_up())
    first = next(jobs)
    assert first is not None
    shift.hear(Broken(first, "worker_died", "killed", 1.0))
    order = [next(jobs) for _ in range(3)]
    assert [(job.source.relative_path, job.attempts) for job in order if job] == [("b", 0), ("c", 0), ("a", 1)]


@pytest.mark.parametrize(
    ("error", "expected"), [(MissingDependencyError("x"), MissingDependencyError), (OSError(28, "full"), OutputError)]
)
def test_the_trouble_of_every_file_stops_the_run(shift: _Shift, error: Exception, expected: type[Exception]) -> None:
    _, first, _ = shares(shift)
    with pytest.raises(expected):
        shift.hear(Broken(first, "internal_error", "", 1.0, error))


def test_what_a_stopped_run_did_is_taken_up(shift: _Shift) -> None:
    (job,) = shift.take_up()
    done = Outcome(job.source.sha256, "done", documents=1)
    shift.fragments.write(done, {})
    assert shift.take_up() == []
    assert shift.outcomes == {job.source.sha256: done}


@pytest.fixture
def paper(tmp_path: Path) -> tuple[Source, Settings]:
    """A PDF of five pages with a text layer."""
    path = tmp_path / "in" / "a.pdf"
    path.parent.mkdir()
    canvas = Canvas(str(path))
    for number in range(5):
        canvas.drawString(72, 780, "KE HOACH PHAT TRIEN")
        for line in range(12):
            canvas.drawString(72, 720 - 20 * line, f"{number + 1}.{line + 1}. Giam ty le ho ngheo xuong duoi {line}%.")
        canvas.showPage()
    canvas.save()
    settings = Settings(input=path.parent, output=tmp_path / "out", run=RunSettings(settle_seconds=0.0))
    return discover(path.parent, settings).sources[0], settings


def test_shares_joined_are_the_whole_file(paper: tuple[Source, Settings], tmp_path: Path) -> None:
    read, settings = paper
    whole = process(read, settings)
    cache = StageCache(tmp_path / "cache", VERSIONS, shares=2)
    assert process_share(read, Share(0, 2), settings, cache) == 3
    assert process_share(read, Share(1, 2), settings, cache) == 2
    assert process_share(read, Share(1, 2), settings, cache) == 0, "a share that is kept is not read again"
    heard: list[int] = []
    assert process(read, settings, cache, heard.append) == whole
    assert heard == []
    assert not list((tmp_path / "cache" / "read").glob("*/*of*"))


def test_a_share_that_is_missing_is_read(paper: tuple[Source, Settings], tmp_path: Path) -> None:
    read, settings = paper
    cache = StageCache(tmp_path / "cache", VERSIONS, shares=3)
    process_share(read, Share(2, 3), settings, cache)
    heard: list[int] = []
    assert process(read, settings, cache, heard.append) == process(read, settings)
    assert heard == [1, 2, 1, 2]


def test_a_page_too_many_is_said_once(paper: tuple[Source, Settings], tmp_path: Path) -> None:
    read, settings = paper
    few = settings.model_copy(update={"read": replace_limit(settings)})
    cache = StageCache(tmp_path / "cache", VERSIONS, shares=2)
    for n in range(2):
        process_share(read, Share(n, 2), few, cache)
    result = process(read, few, cache)
    assert [(f.page, f.code) for f in result.failures] == [(4, "too_many_pages")]


def replace_limit(settings: Settings) -> object:
    return settings.read.model_copy(update={"max_pages": 3})
