"""Nothing leaves the machine: the stages, linking and publishing work with every way out closed."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pipeline.discover import discover
from pipeline.link import link
from pipeline.publish.tables import tables_of
from pipeline.run.document import process
from pipeline.settings import RunSettings, Settings

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
