"""What is wrong with a file is said of that file; the rest of the folder is done. The real stages, small files."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from pipeline.publish.snapshot import open_snapshot

GOOD = """ỦY BAN NHÂN DÂN XÃ ĐỒNG MÂY
Số: 12/KH-UBND
KẾ HOẠCH
Phát triển kinh tế năm 2031
1. Giảm tỷ lệ hộ nghèo xuống dưới 3%.
"""


def pdf(pages: int = 1, *, password: str | None = None) -> bytes:
    """A PDF of some words a page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=password)
    for number in range(pages):
        canvas.drawString(72, 720, f"Ke hoach {number + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def pdf_without_pages() -> bytes:
    head = b"%PDF-1.4\n"
    catalog = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    pages = b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    first, second, table = len(head), len(head + catalog), len(head + catalog + pages)
    offsets = b"".join(b"%010d 00000 n \n" % offset for offset in (first, second))
    trailer = b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table
    return head + catalog + pages + b"xref\n0 3\n0000000000 65535 f \n" + offsets + trailer


BAD: dict[str, tuple[bytes, str]] = {
    "empty.pdf": (b"", "empty_file"),
    "junk.pdf": (bytes(range(256)) * 20, "unknown_content"),
    "locked.pdf": (pdf(password="secret"), "encrypted_pdf"),
    "no-pages.pdf": (pdf_without_pages(), "no_pages"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "damaged_image"),
}


def chithi(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a user does."""
    command = [sys.executable, "-m", "pipeline", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **environment}, timeout=240
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder with every kind of bad file and two good ones, ingested once."""
    base = tmp_path_factory.mktemp("bad")
    folder = base / "in"
    folder.mkdir()
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content)
    (folder / "truncated.pdf").write_bytes(pdf(3)[:400])
    (folder / "broken.txt").symlink_to("nowhere")
    (folder / "good.txt").write_text(GOOD)
    (folder / "named-wrong.pdf").write_text(GOOD.replace("12/KH", "13/KH"))
    (folder / "=cmd|'<b>calc'!A0.txt").write_text(GOOD.replace("12/KH", "14/KH"))
    return base, chithi("ingest", folder, "--output", base / "out", "--jobs", 1)


def test_the_rest_of_the_folder_is_done(archive: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    base, run = archive
    assert run.returncode == 1, run.stderr
    documents = open_snapshot(base / "out").table("documents").to_pylist()
    assert {d["source_path"]: d["reference_number"] for d in documents} == {
        "good.txt": "12/KH-UBND",
        "named-wrong.pdf": "13/KH-UBND",
        "=cmd|'<b>calc'!A0.txt": "14/KH-UBND",
    }
    assert open_snapshot(base / "out").problems() == []


def test_each_bad_file_is_a_failure_with_its_reason(archive: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    base, run = archive
    failures = open_snapshot(base / "out").table("failures").to_pylist()
    codes = {f["source_path"]: f["code"] for f in failures}
    assert set(codes) == {*BAD, "truncated.pdf", "broken.txt"}
    expected = {name: code for name, (_, code) in BAD.items()} | {"broken.txt": "broken_link"}
    assert {name: code for name, code in codes.items() if name in expected} == expected
    for failure in failures:
        assert failure["message"] in run.stdout.replace("\n", " ")
        assert (failure["source_sha256"] is None) == (failure["source_path"] == "broken.txt")


def test_the_reports_hold_the_same_and_are_escaped(archive: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    base, _ = archive
    page = (base / "out" / "reports" / "latest.html").read_text().replace("<wbr>", "")
    assert "locked.pdf" in page
    assert "=cmd|'<b>calc'!A0.txt" not in page
    figures = (base / "out" / "reports" / "chithi.prom").read_text()
    assert "chithi_files_failed 7\n" in figures
    assert 'chithi_rows{table="documents"} 3\n' in figures


def test_nothing_is_written_to_the_input_folder(archive: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    base, _ = archive
    assert len(list((base / "in").iterdir())) == len(BAD) + 5


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    run = chithi("ingest", tmp_path / "nowhere", "--output", tmp_path / "out")
    assert run.returncode == 2
    assert "no such folder" in run.stderr
    assert not (tmp_path / "out").exists()


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run = chithi("ingest", tmp_path / "in", "--output", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    assert "no files" in run.stdout
    assert open_snapshot(tmp_path / "out").problems() == []


def test_a_wrong_setting(tmp_path: Path) -> None:
    run = chithi("ingest", tmp_path, "--output", tmp_path / "out", CHITHI_RUN__JOBS="many")
    assert run.returncode == 2
    assert "run.jobs" in run.stderr


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").write_text("a file")
    run = chithi("ingest", tmp_path / "in", "--output", tmp_path / "out")
    assert run.returncode == 5
    assert "cannot be written" in run.stderr


def test_missing_tesseract_stops_the_run_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    image = Image.new("L", (1200, 1600), 255)
    for row in range(20):
        ImageDraw.Draw(image).text((80, 80 + 60 * row), "Uy ban nhan dan xa Dong May 2031", fill=0, font_size=40)
    image.save(tmp_path / "in" / "a.png")
    run = chithi("ingest", tmp_path / "in", "--output", tmp_path / "out", PATH=str(tmp_path))
    assert run.returncode == 3, run.stdout + run.stderr
    assert "doctor" in run.stderr
