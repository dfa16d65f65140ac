"""Every malformed file yields what the table says, within limits of time and memory; strange names harm nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.discover import Discovery, discover
from pipeline.publish.snapshot import open_snapshot
from pipeline.run.executor import Broken, Executor, Finished, Limits
from pipeline.settings import RunSettings, Settings
from scripts.write_docs import DOCS, bad_input
from tests.faults.malformed.folders import FOLDERS
from tests.faults.malformed.table import CASES, Found, read_case
from tests.faults.malformed.texts import PLAN
from tests.faults.test_bad_input import chithi

# What one file may take; generous in time, for a machine that does other things too.
LIMITS = Limits(seconds=120, stall_seconds=120, memory_mb=1000)
_PRELOAD = ("tests.faults.malformed.table", "pipeline.read.recognition.ocr")


def read_all(names: list[str]) -> dict[str, Found]:
    """Reads the cases in children that they share as long as they live."""
    found = {}
    with Executor[str, Found](read_case, 1, LIMITS, _PRELOAD) as executor:
        for event in executor.run(names):
            if isinstance(event, Finished):
                found[event.item] = event.result
            elif isinstance(event, Broken):
                found[event.item] = Found(0, "", ((event.code, event.message),))
    return found


@pytest.fixture(scope="module")
def results() -> Mapping[str, Found]:
    return read_all([name for name, case in CASES.items() if not case.slow])


def check(name: str, found: Found) -> None:
    case = CASES[name]
    codes = {code for code, _ in found.failures}
    assert (codes, found.pages) == ({case.code} if case.code else set(), case.pages), found.failures
    assert case.holds in found.text
    assert all(message and message.isprintable() and len(message) <= 600 for _, message in found.failures)
    assert not found.failures or case.says in found.failures[0][1]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.slow])
def test_a_malformed_file(results: Mapping[str, Found], name: str) -> None:
    check(name, results[name])


@pytest.mark.torture
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.slow])
def test_a_malformed_file_that_takes_long(name: str) -> None:
    check(name, read_all([name])[name])


def test_foreign_files_do_not_get_into_the_text(results: Mapping[str, Found]) -> None:
    assert "root:" not in results["entity.docx"].text


def test_the_table_is_long_enough_and_in_the_manual() -> None:
    assert len(CASES) + len(FOLDERS) >= 60
    assert (DOCS / "bad-input.md").read_text(encoding="utf-8") == bad_input(), "make docs writes it anew"


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Discovery:
    """A folder with everything that a folder can hold, looked at once."""
    base = tmp_path_factory.mktemp("strange")
    folder = base / "in"
    folder.mkdir()
    (base / "outside.txt").write_text(PLAN, encoding="utf-8")
    for case in FOLDERS:
        case.make(folder, PLAN)
    run = RunSettings(settle_seconds=0.0)
    return discover(folder, Settings(input=folder, output=base / "out", run=run))


@pytest.mark.parametrize("case", FOLDERS, ids=lambda case: case.what)
def test_a_strange_entry_of_a_folder(looked: Discovery, case: object) -> None:
    from tests.faults.malformed.folders import Entry

    assert isinstance(case, Entry)
    found = {source.relative_path for source in looked.sources}
    failed = {failure.source_path: failure for failure in looked.failures}
    if case.code is None:
        assert (case.shown in found) == case.found
        assert case.shown not in failed
    else:
        assert failed[case.shown].code == case.code
        assert failed[case.shown].message.isprintable()
        assert case.shown not in found


def test_nothing_is_found_that_the_table_does_not_know(looked: Discovery) -> None:
    known = {case.shown for case in FOLDERS}
    assert {s.relative_path for s in looked.sources} | {f.source_path for f in looked.failures} <= known
    assert all(name.isprintable() for name in known)


def test_a_run_over_the_worst_of_them(tmp_path: Path) -> None:
    """Through the command line: what breaks one file breaks no other, and the tables are whole."""
    folder = tmp_path / "in"
    folder.mkdir()
    names = [
        "laughs.docx",
        "locked.docx",
        "cycle.pdf",
        "cut.png",
        "bomb.png",
        "surrogate.txt",
        "marks.txt",
        "strip.png",
        "counts.tif",  # of which a library has much to say
        "no-font.pdf",
    ]
    for name in names:
        (folder / name).write_bytes(CASES[name].make())
    for case in FOLDERS:
        case.make(folder, PLAN)
    run = chithi("ingest", folder, "--output", tmp_path / "out", "--jobs", 1)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "\x1b" not in run.stdout
    assert run.stderr == ""
    snapshot = open_snapshot(tmp_path / "out")
    assert snapshot.problems() == []
    codes = {row["source_path"]: row["code"] for row in snapshot.table("failures").to_pylist()}
    assert codes.keys() >= {case.shown for case in FOLDERS if case.code}
    assert {name: codes.get(name) for name in names} == {name: CASES[name].code for name in names}


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "a.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "a.txt").chmod(0)
    found = discover(tmp_path, Settings(input=tmp_path, output=tmp_path / "out", run=RunSettings(settle_seconds=0.0)))
    assert [f.code for f in found.failures] == ["unreadable"]
