"""Files that vanish, change or cannot be read while they are read, and clocks that go back."""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.run.document as stages
from pipeline.models import Failure, Page, Reading, Share, Source
from pipeline.publish.snapshot import list_snapshots, open_snapshot
from pipeline.read import ReadError, read_source
from pipeline.run import ingest as runs
from pipeline.run.cache import StageCache
from pipeline.run.errors import StageError
from pipeline.run.versions import Versions
from pipeline.settings import RunSettings, Settings
from tests.run.conftest import Archive

TEXT = "ỦY BAN NHÂN DÂN XÃ ĐỒNG MÂY\nSố: 12/KH-UBND\nKẾ HOẠCH\n1. Giảm tỷ lệ hộ nghèo xuống dưới 3%.\n"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "in" / "a.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return stages_source(path)


def stages_source(path: Path) -> Source:
    from pipeline.discover import discover

    settings = Settings(input=path.parent, output=path.parent.parent / "out", run=RunSettings(settle_seconds=0.0))
    (found,) = discover(path.parent, settings).sources
    return found


def taken_away(source: Source) -> None:
    source.path.unlink()


def changed(source: Source) -> None:
    source.path.write_text(TEXT.replace("3%", "4%"), encoding="utf-8")


def cut_short(source: Source) -> None:
    os.truncate(source.path, 20)


@pytest.mark.parametrize(
    ("harm", "codes"),
    [(taken_away, {"vanished", "unreadable"}), (changed, {"changed_while_read"}), (cut_short, {"changed_while_read"})],
)
@pytest.mark.parametrize("moment", ["before", "while"])
def test_what_is_read_is_what_was_found(
    source: Source, harm: object, codes: set[str], moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither rows nor cache may speak of a content that was not read."""
    if moment == "before":
        harm(source)  # type: ignore[operator]

    def meddled(*words: object, **more: object) -> Reading:
        reading = read_source(*words, **more)  # type: ignore[arg-type]
        if moment == "while":
            harm(source)  # type: ignore[operator]
        return reading

    monkeypatch.setattr(stages, "read_source", meddled)
    cache = StageCache(tmp_path / "cache", Versions("r", "s", "x", "l"))
    with pytest.raises(StageError) as caught:
        stages.process(source, Settings(), cache)
    assert caught.value.code in codes
    assert not list(tmp_path.rglob("*.zst"))


def test_a_share_of_a_changed_file_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Source) -> None:
    cache = StageCache(tmp_path / "cache", Versions("r", "s", "x", "l"), shares=2)
    monkeypatch.setattr(stages, "read_share", lambda *_: Reading((), ()))
    with pytest.raises(StageError, match="changed"):
        stages.process_share(replace(source, sha256="0" * 64), Share(0, 2), Settings(), cache)
    assert not list(tmp_path.rglob("*.zst"))


def test_a_disk_that_cannot_be_read_costs_the_file(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[Page | Failure]:
        raise OSError(errno.EIO, "Input/output error")
        yield

    monkeypatch.setattr("pipeline.read.READERS", dict.fromkeys([source.media_type], broken))
    with pytest.raises(StageError, match="Input/output error") as caught:
        stages.process(source, Settings())
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(("harm", "code"), [(taken_away, "vanished"), (cut_short, "changed_while_read")])
def test_what_fails_because_it_changes_is_not_called_damaged(
    harm: object, code: str, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def confused(*_: object) -> Iterator[Page | Failure]:
        harm(source)  # type: ignore[operator]
        raise ReadError("damaged_pdf", "makes no sense")
        yield

    monkeypatch.setattr("pipeline.read.READERS", dict.fromkeys([source.media_type], confused))
    with pytest.raises(StageError) as caught:
        stages.process(source, Settings())
    assert caught.value.code == code


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
def test_the_trouble_of_the_machine_is_not_the_fault_of_a_file(
    number: int, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a full disk would make failures of a thousand good documents."""

    def full(*_: object) -> Iterator[Page | Failure]:
        raise OSError(number, os.strerror(number))
        yield

    monkeypatch.setattr("pipeline.read.READERS", dict.fromkeys([source.media_type], full))
    with pytest.raises(OSError, match=os.strerror(number)):
        stages.process(source, Settings())


class ClockSetBack:
    """Each look at the clock is a day before the last; stands in for the module datetime."""

    UTC = dt.UTC

    def __init__(self) -> None:
        self.datetime = self
        self._looks = 0

    def now(self, zone: dt.tzinfo) -> dt.datetime:
        self._looks += 1
        return dt.datetime(2031, 3, 1, tzinfo=zone) - dt.timedelta(days=self._looks)


def test_a_clock_that_goes_back_mixes_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    archive = Archive(tmp_path / "in", tmp_path / "out", {"keep_snapshots": 2, "jobs": 1})
    monkeypatch.setattr(runs, "dt", ClockSetBack())
    published = []
    for number in range(4):
        archive.put(f"{number}.txt", f"Kế hoạch {number}")
        published.append(archive.run().run_id)
    assert published == sorted(published, reverse=True)
    assert open_snapshot(archive.output).run_id == published[-1]
    assert [s.run_id for s in list_snapshots(archive.output)] == published[-2:]
    assert archive.paths() == [f"{n}.txt" for n in range(4)]
    assert open_snapshot(archive.output).problems() == []
