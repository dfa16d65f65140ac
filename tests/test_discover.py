"""Which files of a folder are documents, and what is said of the others."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.discover import Discovery, Known, Stamp, discover, printable
from pipeline.errors import UsageError
from pipeline.models import MediaType
from pipeline.settings import RunSettings, Settings

TEXT = "ỦY BAN NHÂN DÂN XÃ ĐỒNG MÂY\nSố: 12/KH-UBND\nKế hoạch phát triển kinh tế năm 2031\n"


def look(folder: Path, settle: float = 0.0, known: dict[str, Known] | None = None) -> Discovery:
    settings = Settings(input=folder, output=folder / "outputs", run=RunSettings(settle_seconds=settle))
    return discover(folder, settings, known)


def types(discovery: Discovery) -> dict[str, MediaType]:
    return {s.relative_path: s.media_type for s in discovery.sources}


def codes(discovery: Discovery) -> dict[str, str]:
    return {f.source_path: f.code for f in discovery.failures}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (TEXT.encode(), MediaType.TEXT),
        (TEXT.encode("utf-8-sig"), MediaType.TEXT),
        (TEXT.encode("utf-16"), MediaType.TEXT),
        (TEXT.encode("utf-16-le"), MediaType.TEXT),
        (TEXT.encode("utf-16-be"), MediaType.TEXT),
        ((TEXT * 900).encode()[: (1 << 16) + 1], MediaType.TEXT),
        (b"KE\xb8 ho\xb9ch ph\xb8t tri\xd3n kinh t\xd5 n\xa8m 2031, x\xb7 \xa7\xe5ng M\xa9y", MediaType.TEXT),
        (b"%PDF-1.7\n", MediaType.PDF),
        (b"\r\n junk before \x00\xff %PDF-1.4\n", MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n\x00\x00", MediaType.PNG),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", MediaType.JPEG),
        (b"II*\x00\x08\x00", MediaType.TIFF),
        (b"MM\x00*\x00\x00", MediaType.TIFF),
    ],
)
def test_the_media_type_is_that_of_the_content(tmp_path: Path, content: bytes, media_type: MediaType) -> None:
    (tmp_path / "wrong.name.xyz").write_bytes(content)
    found = look(tmp_path)
    assert types(found) == {"wrong.name.xyz": media_type}
    assert found.sources[0].sha256 == hashlib.sha256(content).hexdigest()
    assert found.sources[0].size == len(content)


def test_a_word_document_is_told_from_other_archives(tmp_path: Path) -> None:
    for name, member in (("a.zip", "word/document.xml"), ("b.docx", "xl/workbook.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(member, "<x/>")
    (tmp_path / "c.docx").write_bytes((tmp_path / "a.zip").read_bytes()[:40])
    found = look(tmp_path)
    assert types(found) == {"a.zip": MediaType.DOCX}
    assert codes(found) == {"b.docx": "unsupported_type", "c.docx": "unknown_content"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (bytes(range(256)) * 40, "unknown_content"),
        (hashlib.shake_256(b"junk").digest(5000), "unknown_content"),
        (b"\x00" * 4096, "unknown_content"),
        (b"GIF89a" + bytes(range(200)), "unsupported_type"),
        (b"{\\rtf1\\ansi Kinh gui}", "unsupported_type"),
        (b"<!DOCTYPE html><p>Ke hoach</p>", "unsupported_type"),
    ],
)
def test_what_is_no_document_is_a_failure(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "x.pdf").write_bytes(content)
    (tmp_path / "good.txt").write_text(TEXT)
    found = look(tmp_path)
    assert codes(found) == {"x.pdf": code}
    assert list(types(found)) == ["good.txt"]


def test_hidden_and_temporary_files_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden", "~$ke hoach.docx", "a.tmp", "b.pdf.part", "c.crdownload", ".git/config", "Thumbs.db", "d~"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT)
    found = look(tmp_path)
    assert not found.sources
    assert not found.failures


def test_links_lead_only_inside(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "in-other"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text(TEXT)
    (folder / "a.txt").write_text(TEXT)
    (folder / "good.txt").symlink_to("a.txt")
    (folder / "broken.txt").symlink_to("nowhere")
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "out").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to("self")
    found = look(folder)
    assert list(types(found)) == ["a.txt", "good.txt"]
    assert codes(found) == {
        "broken.txt": "broken_link",
        "out.txt": "outside_folder",
        "out": "outside_folder",
        "loop": "not_a_file",
        "self": "broken_link",
    }


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.pdf"))
        found = look(tmp_path)
    assert codes(found) == {"pipe.pdf": "not_a_file", "socket.pdf": "not_a_file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.txt").chmod(0)
    assert codes(look(tmp_path)) == {"a.txt": "unreadable"}


def test_a_file_that_cannot_be_read_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT + "!")
    real_open = Path.open

    def failing(path: Path, *args: object, **more: object) -> object:
        if path.name == "a.txt":
            raise OSError(5, "Input/output error")
        return real_open(path, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", failing)
    found = look(tmp_path)
    assert codes(found) == {"a.txt": "unreadable"}
    assert list(types(found)) == ["b.txt"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        look(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file; name its folder"):
        look(tmp_path / "file")


def test_the_output_folder_is_not_input(tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "latest.txt").write_text(TEXT)
    assert not look(tmp_path).sources


def test_a_fresh_file_is_watched_and_taken(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    started = time.monotonic()
    found = look(tmp_path, settle=0.4)
    assert list(types(found)) == ["a.txt"]
    assert time.monotonic() - started >= 0.3


def test_a_file_that_still_grows_waits(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    stop = threading.Event()

    def copy_on() -> None:
        while not stop.wait(0.05):
            with path.open("a") as file:
                file.write("thêm một dòng\n")

    thread = threading.Thread(target=copy_on)
    thread.start()
    try:
        found = look(tmp_path, settle=0.4)
    finally:
        stop.set()
        thread.join()
    assert found.waiting == ("a.txt",)
    assert not found.sources


def test_a_file_from_the_future_is_taken(tmp_path: Path) -> None:
    """The clock was set back after the file was written."""
    (tmp_path / "a.txt").write_text(TEXT)
    ahead = time.time() + 3600
    os.utime(tmp_path / "a.txt", (ahead, ahead))
    assert list(types(look(tmp_path, settle=0.2))) == ["a.txt"]


def test_known_files_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    stamp = Stamp.of((tmp_path / "a.txt").stat())
    found = look(tmp_path, known={"a.txt": Known(stamp, "f" * 64, MediaType.PDF)})
    assert found.opened == 0
    assert (found.sources[0].sha256, found.sources[0].media_type) == ("f" * 64, MediaType.PDF)
    other = stamp._replace(mtime_ns=stamp.mtime_ns - 1)
    assert look(tmp_path, known={"a.txt": Known(other, "f" * 64, MediaType.PDF)}).opened == 1


def test_strange_names_are_harmless(tmp_path: Path) -> None:
    names = [
        unicodedata.normalize("NFD", "kế hoạch.txt").encode(),
        b"caf\xe9.txt",
        b"two\nlines.txt",
        b"\x1b[31mred.txt",
        b"=HYPERLINK(1).txt",
        "\u202etxt.exe".encode(),
    ]
    for name in names:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_text(TEXT)
    found = look(tmp_path)
    assert len(found.sources) == len(names)
    for source in found.sources:
        assert source.path.read_text() == TEXT
        assert source.relative_path.encode("utf-8").decode() == source.relative_path
        assert not any(c in source.relative_path for c in "\n\x1b\u202e\x00")


@given(st.binary(min_size=1, max_size=40).filter(lambda b: b"\x00" not in b))
def test_any_name_becomes_printable(name: bytes) -> None:
    text = printable(os.fsdecode(name))
    assert text.isprintable()
    assert text.encode("utf-8")
