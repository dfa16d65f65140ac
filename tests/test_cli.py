"""The commands: what they print, what they end with, and that the manual says the same."""

from __future__ import annotations

import json
import re
import runpy
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import __version__, cli
from pipeline.errors import ExitCode
from pipeline.report.dictionary import PAGES
from pipeline.run.ingest import ingest
from pipeline.run.work import DocumentWork
from pipeline.settings import RunSettings, Settings
from tests.run.doubles import FakeWork

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run over stand-ins for the stages, which are tested elsewhere."""
    original = ingest

    def fast(*words: object, **more: object) -> object:
        return original(*words, **more, work=FakeWork)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.run.ingest.ingest", fast)
    monkeypatch.setenv("CHITHI_RUN__SETTLE_SECONDS", "0")


def chithi(capfd: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    before, sys.argv = sys.argv, ["chithi", *map(str, words)]
    try:
        cli.main()
        code = 0
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    finally:
        sys.argv = before
    captured = capfd.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """An output folder with two runs."""
    (tmp_path / "in").mkdir()
    output = tmp_path / "out"
    settings = Settings(input=tmp_path / "in", output=output, run=RunSettings(settle_seconds=0.0, jobs=1))
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(f"Kế hoạch {name}", encoding="utf-8")
        ingest(settings, work=FakeWork)
    return output


def test_version(capfd: pytest.CaptureFixture[str]) -> None:
    assert chithi(capfd, "--version")[:2] == (0, f"chithi {__version__}\n")


def test_ingest_says_what_it_did(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "[bold]a.txt").write_text("Kế hoạch", encoding="utf-8")
    (tmp_path / "in" / "locked.txt").write_text("REFUSE", encoding="utf-8")
    code, out, _ = chithi(capfd, "ingest", tmp_path / "in", "--output", tmp_path / "out", "--jobs", 1)
    assert code == ExitCode.SOME_FAILED
    assert "1 done, 1 failed" in out
    assert "failed locked.txt: is protected by a password (password)" in out
    assert re.search(r"^documents +1 +\+1$", out, re.MULTILINE)
    assert f"{tmp_path / 'out' / 'current'}/<table>/" in out
    code, out, _ = chithi(capfd, "ingest", tmp_path / "in", "--output", tmp_path / "out", "--quiet")
    assert (code, out) == (ExitCode.SOME_FAILED, "")


def test_ingest_prints_json_lines(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Kế hoạch", encoding="utf-8")
    code, out, _ = chithi(capfd, "ingest", tmp_path / "in", "-o", tmp_path / "out", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["event"] for line in lines] == ["planned", "file", *["stage"] * 3, "summary"]
    assert lines[-1]["rows"]["documents"] == 1
    assert len(list((tmp_path / "out" / "reports").glob("*.jsonl"))) == 1


def test_a_dry_run_says_what_would_be_done(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Kế hoạch", encoding="utf-8")
    (tmp_path / "in" / "empty.txt").touch()
    code, out, _ = chithi(capfd, "ingest", tmp_path / "in", "-o", tmp_path / "out", "--dry-run")
    assert code == 0
    assert "work on   a.txt" in out
    assert "refuse    empty.txt: the file is empty" in out
    assert "1 to work on, 0 unchanged, 0 gone, 1 refused; about 0:00:0" in out
    assert not (tmp_path / "out").exists()


def test_runs_rollback_verify(published: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = chithi(capfd, "runs", "-o", published, "--json")
    rows = json.loads(out)
    assert [(row["current"], row["kept"]) for row in rows] == [(False, True), (True, True)]
    code, out, _ = chithi(capfd, "rollback", rows[0]["run_id"], "-o", published)
    assert (code, rows[0]["run_id"] in out) == (0, True)
    code, out, _ = chithi(capfd, "runs", "-o", published)
    assert re.search(rf"^{rows[0]['run_id']} .* current", out, re.MULTILINE)
    code, out, _ = chithi(capfd, "verify", "-o", published)
    assert (code, "all as they should be" in out) == (0, True)
    part = next((published / "current" / "pages").iterdir())
    part.chmod(0o640)
    part.write_bytes(b"PAR1")
    code, _, err = chithi(capfd, "verify", "-o", published)
    assert code == ExitCode.DAMAGED
    assert "its checksum is wrong" in err
    code, _, err = chithi(capfd, "rollback", "nothing", "-o", published)
    assert (code, "no snapshot of run nothing is kept" in err) == (ExitCode.USAGE, True)
    code, _, _ = chithi(capfd, "rollback", "nothing", "-o", published / "elsewhere")
    assert (code, (published / "elsewhere").exists()) == (ExitCode.USAGE, False)


@pytest.mark.parametrize("command", [("runs",), ("verify",), ("trace", "12/KH-UBND")])
def test_where_nothing_is_published_that_is_said(
    command: tuple[str, ...], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, _, err = chithi(capfd, *command, "-o", tmp_path)
    assert (code, "nothing is published" in err) == (ExitCode.USAGE, True)


def test_trace_shows_what_cites(published: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = chithi(capfd, "trace", "23-CT/TU", "-o", published)
    assert code == 0
    assert "is cited by" in out
    for form, start in (("dot", "digraph"), ("graphml", "<?xml"), ("html", "<!doctype html>")):
        code, out, _ = chithi(capfd, "trace", "23-CT/TU", "-o", published, f"--{form}")
        assert (code, out.lower().startswith(start)) == (0, True)
    assert chithi(capfd, "trace", "23-CT/TU", "-o", published, "--dot", "--html")[0] == ExitCode.USAGE
    assert chithi(capfd, "trace", "99/XX-YY", "-o", published)[0] == ExitCode.USAGE


def test_evaluate_scores(published: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "documents.tsv").write_text("doc\ttype\na\tKế hoạch\n", encoding="utf-8")
    code, out, _ = chithi(capfd, "evaluate", published, gold, "--json")
    assert (code, json.loads(out)["documents"]["accuracy"]) == (0, 1.0)
    code, out, _ = chithi(capfd, "evaluate", published, gold, "--before", published, "--json")
    assert (code, json.loads(out)["since_before"]) == (0, {"f1_change": {}, "won": [], "lost": []})
    code, _, err = chithi(capfd, "evaluate", published, tmp_path / "nowhere")
    assert (code, "no gold folder" in err) == (ExitCode.USAGE, True)


def test_restore_puts_a_text_right(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Uỷ ban nhân dân xã".encode())
    code, out, err = chithi(capfd, "restore", path, "--explain")
    assert (code, out) == (0, "Ủy ban nhân dân xã\n")
    assert "Ủy" in err
    code, _, err = chithi(capfd, "restore", tmp_path / "nowhere")
    assert (code, "cannot be read" in err) == (ExitCode.USAGE, True)


def test_doctor_finds_what_is_missing(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.report.doctor.shutil.which", lambda _: None)
    code, out, _ = chithi(capfd, "doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)}
    assert code == ExitCode.MISSING_DEPENDENCY
    assert not checks["tesseract"]["fine"]
    assert "apt-get install tesseract-ocr-vie" in checks["tesseract language"]["mend"]
    assert checks["rules"]["fine"]
    assert checks["language model"]["fine"]


def test_a_defect_ends_with_a_code_of_its_own(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("pipeline.publish.snapshot.open_snapshot", broken)
    code, _, err = chithi(capfd, "verify", "-o", tmp_path)
    assert (code, "a defect of chithi" in err) == (ExitCode.INTERNAL, True)


def test_wrong_flags_and_settings_end_with_usage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert chithi(capfd, "ingest", "--nonsense")[0] == ExitCode.USAGE
    assert chithi(capfd, "ingest", tmp_path, "--jobs", 0)[0] == ExitCode.USAGE
    code, _, err = chithi(capfd, "ingest", tmp_path, "--config", tmp_path / "no.toml")
    assert (code, "no such settings file" in err) == (ExitCode.USAGE, True)


@pytest.mark.parametrize("name", PAGES)
def test_the_generated_pages_of_the_manual_are_current(name: str) -> None:
    """`make docs` writes them anew."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_command_is_in_the_manual() -> None:
    shown = CliRunner().invoke(cli.app, ["--help"]).output.split("Commands:")[1]
    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    names = re.findall(r"^  (\S+)  ", shown, re.MULTILINE)
    assert len(names) >= 8
    assert all(f"## chithi {name}\n" in manual for name in names)


def test_python_m_pipeline_is_chithi(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["chithi", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("pipeline", run_name="__main__")
    assert capfd.readouterr().out == f"chithi {__version__}\n"


def test_children_do_the_real_work_by_default() -> None:
    assert ingest.__defaults__[-1] is DocumentWork  # type: ignore[index]
