"""Nothing leaves the machine: the stages, linking and publishing work with every way out closed, and no run tries."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.discover import discover
from pipeline.link import link
from pipeline.publish.snapshot import open_snapshot
from pipeline.publish.tables import tables_of
from pipeline.run.document import process
from pipeline.settings import RunSettings, Settings
from tests.faults.nights import ROOT
from tests.read.printed import LETTER, draw_page

TEXT = """ỦY BAN NHÂN DÂN XÃ ĐỒNG MÂY
Số: 12/KH-UBND
KẾ HOẠCH
Phát triển kinh tế năm 2031
Thực hiện Kế hoạch số 7/KH-UBND ngày 01/02/2031 của Ủy ban nhân dân huyện Thanh Sơn Hạ;
1. Giảm tỷ lệ hộ nghèo xuống dưới 3%.
"""


def test_the_stages_open_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*words: object, **_: object) -> None:
        raise AssertionError(f"a connection to {words}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    settings = Settings(input=tmp_path, output=tmp_path / "out", run=RunSettings(settle_seconds=0.0))
    (source,) = discover(tmp_path, settings).sources
    tables = tables_of(process(source, settings), "run", "1")
    linked = link(tables["documents"], tables["citations"], tables["named_citations"])
    assert tables["documents"].num_rows == 1
    assert tables["citations"].num_rows == 1
    assert linked.links.num_rows == 1


# Loaded by every process of Python before anything else: each way out is written down and closed.
_GUARD = """
import os, socket

def _guarded(name):
    real = getattr(socket.socket, name)
    def guarded(self, *words):
        if self.family != socket.AF_UNIX:
            with open(os.environ["GUARD_LOG"], "a") as log:
                log.write(f"{name} {words}\\n")
            raise OSError("no way out")
        return real(self, *words)
    setattr(socket.socket, name, guarded)

for name in ("connect", "connect_ex", "bind", "sendto"):
    _guarded(name)

def _looked_up(*words, **more):
    with open(os.environ["GUARD_LOG"], "a") as log:
        log.write(f"getaddrinfo {words}\\n")
    raise OSError("no way out")

socket.getaddrinfo = _looked_up
with open(os.environ["GUARD_LOG"] + ".processes", "a") as log:
    log.write(f"{os.getpid()}\\n")
"""


def test_no_process_of_a_run_tries_to_leave_the_machine(tmp_path: Path) -> None:
    """A text and a scan through the command line, in a network of nothing where the machine can make one."""
    for folder in ("in", "guard"):
        (tmp_path / folder).mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    draw_page(LETTER).save(tmp_path / "in" / "b.png")
    log = tmp_path / "log"
    environment = {"GUARD_LOG": str(log), "PYTHONPATH": str(tmp_path / "guard"), "CHITHI_RUN__SETTLE_SECONDS": "0"}
    command = [sys.executable, "-m", "pipeline", "ingest", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    run = subprocess.run(
        [*_without_network(), *command, "--jobs", "1"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert not log.exists(), log.read_text()
    assert len(Path(f"{log}.processes").read_text().splitlines()) >= 2, "the children were looked at too"
    methods = open_snapshot(tmp_path / "out").table("pages")["method"].to_pylist()
    assert sorted(methods) == ["ocr", "plain"]


def _without_network() -> list[str]:
    """What starts a command without any network; nothing where that is not allowed."""
    alone = [shutil.which("unshare") or "", "--map-root-user", "--net"]
    usable = alone[0] and subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    return alone if usable else []
