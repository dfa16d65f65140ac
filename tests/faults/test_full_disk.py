"""A disk that fills up or is read-only: a real one, a small tmpfs, which only root may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ExitCode
from pipeline.publish.snapshot import open_snapshot
from tests.faults.nights import contents, fill, left_over, start

MOMENTS = int(os.environ.get("CHITHI_TORTURE_DISKS", "20"))
KILOBYTE = 1024
ENOUGH = 64 << 20


def mount(*options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", *options], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        mount("-o", f"size={ENOUGH}", "tmpfs", str(place))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def run(folder: Path, output: Path) -> tuple[int, str]:
    """Exit code of a run, and what it says."""
    process = start(folder, output)
    _, said = process.communicate(timeout=600)
    return process.returncode, said.decode()


def used(disk: Path) -> int:
    status = os.statvfs(disk)
    return (status.f_blocks - status.f_bfree) * status.f_frsize


@pytest.mark.torture
def test_a_disk_that_fills_up_leaves_the_old_tables(tmp_path: Path, disk: Path) -> None:
    """At 20 moments, from no room at all to nearly enough, each after the last on the same disk."""
    folder, output = tmp_path / "in", disk / "out"
    fill(folder, ["Kế hoạch"] * 30)
    assert run(folder, output)[0] == 0
    old, begun = contents(open_snapshot(output)), used(disk)
    fill(folder, ["Kế hoạch"] * 60)
    assert run(folder, tmp_path / "undisturbed")[0] == 0
    wanted = contents(open_snapshot(tmp_path / "undisturbed"))
    needed = sum(p.stat().st_blocks * 512 for p in (tmp_path / "undisturbed").rglob("*") if p.is_file())
    stopped = 0
    for moment in range(MOMENTS):
        room = begun + needed * moment // MOMENTS
        mount("-o", f"remount,size={room // KILOBYTE}k", "tmpfs", str(disk))
        code, said = run(folder, output)
        snapshot = open_snapshot(output)
        assert snapshot.problems() == []
        assert not list((output / "state" / "building").iterdir())
        if code == 0:  # what earlier moments left made it cheaper
            assert contents(snapshot) == wanted
            break
        stopped += 1
        assert code == ExitCode.OUTPUT, said
        assert "disk is full" in said or "No space left" in said
        assert contents(snapshot) == old
    assert stopped
    mount("-o", f"remount,size={ENOUGH // KILOBYTE}k", "tmpfs", str(disk))
    assert run(folder, output)[0] == 0
    assert contents(open_snapshot(output)) == wanted
    assert left_over(output) == []


def test_a_disk_that_became_read_only_is_said(tmp_path: Path, disk: Path) -> None:
    folder, output = tmp_path / "in", disk / "out"
    fill(folder, ["Kế hoạch"])
    assert run(folder, output)[0] == 0
    old = contents(open_snapshot(output))
    fill(folder, ["Kế hoạch"] * 2)
    mount("-o", "remount,ro", "tmpfs", str(disk))
    code, said = run(folder, output)
    assert (code, "Read-only file system" in said) == (ExitCode.OUTPUT, True)
    assert open_snapshot(output).problems() == []
    assert contents(open_snapshot(output)) == old
