"""What else can lie in a folder than sound files with plain names."""

from __future__ import annotations

import os
import socket
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """`shown` is how it is called in tables and pages; `found` is false for what is passed over in silence."""

    what: str
    shown: str
    make: Callable[[Path, str], object]
    code: str | None = None
    found: bool = True

    @property
    def outcome(self) -> str:
        """What must come of it, for the table in the manual."""
        return f"`{self.code}`" if self.code else "read" if self.found else "passed over"


def _named(what: str, name: str | bytes, shown: str | None = None, *, found: bool = True) -> Entry:
    """A sound file with a strange name."""

    def make(folder: Path, text: str) -> None:
        path = folder / (name if isinstance(name, str) else os.fsdecode(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return Entry(what, shown if shown is not None else os.fsdecode(name), make, None, found)


def _socket(folder: Path, text: str) -> None:
    before = Path.cwd()
    os.chdir(folder)  # the whole path may be too long for a socket
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.txt")
    finally:
        os.chdir(before)


def _loop(folder: Path, text: str) -> None:
    (folder / "round.txt").symlink_to("about.txt")
    (folder / "about.txt").symlink_to("round.txt")


def _folder_loop(folder: Path, text: str) -> None:
    (folder / "sub").mkdir(exist_ok=True)
    (folder / "sub" / "up").symlink_to("..")


def _link(name: str, target: str) -> Callable[[Path, str], None]:
    def make(folder: Path, text: str) -> None:
        (folder / name).symlink_to(target)

    return make


def _device(folder: Path, text: str) -> None:
    try:
        os.mknod(folder / "null.txt", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except PermissionError:  # only root may make one: a pipe is no regular file either
        os.mkfifo(folder / "null.txt")


def _pipe(folder: Path, text: str) -> None:
    os.mkfifo(folder / "pipe.txt")


_NFC = "xã Đồng Mây.txt"
_NFD = unicodedata.normalize("NFD", "xã Đồng Hạ.txt")
_LONG = "x" * 251 + ".txt"
_DEEP = "/".join(["sâu"] * 60) + "/a.txt"

FOLDERS = (
    _named("a name in composed letters (NFC)", _NFC),
    _named("a name in letters and marks (NFD)", _NFD),
    _named("a name in bytes that are no UTF-8", b"x\xe3 \xff\xfe.txt", "x\\xe3 \\xff\\xfe.txt"),
    _named("a name that turns the order of its letters round", "a\u202etxt.fdp.txt", "a\\u202etxt.fdp.txt"),
    _named("a name with a line end and an escape sequence", "a\n\x1b[31mb.txt", "a\\n\\x1b[31mb.txt"),
    _named("a name with invisible characters", "a\u200b\ufeffb.txt", "a\\u200b\\ufeffb.txt"),
    _named("a name that a spreadsheet would run", "=cmd|'calc'!A0.txt"),
    _named("a name that a web page would run", "<script>alert(1)<!-- .txt"),
    _named("a name that a shell would run", "$(touch x);`id`.txt"),
    _named("a name that a command would take for options", "-rf.txt"),
    _named("a name of Windows devices", "NUL.txt"),
    _named("a name that looks like NUL", "a\u2400.txt"),
    _named("a name of blanks", "   .txt"),
    _named("a name of 255 letters", _LONG),
    _named("a name with a backslash", "a\\..\\b.txt"),
    _named("sixty folders in each other", _DEEP),
    _named("a hidden file", ".hidden.txt", found=False),
    _named("the lock file of an office program", "~$plan.docx", found=False),
    _named("an unfinished download", "plan.pdf.crdownload", found=False),
    Entry("a named pipe", "pipe.txt", _pipe, "not_a_file"),
    Entry("a socket", "socket.txt", _socket, "not_a_file"),
    Entry("a device", "null.txt", _device, "not_a_file"),
    Entry("a link to a device", "device.txt", _link("device.txt", "/dev/zero"), "outside_folder"),
    Entry("a link to a file outside the folder", "out.txt", _link("out.txt", "../outside.txt"), "outside_folder"),
    Entry("a link to nothing", "nothing.txt", _link("nothing.txt", "nowhere"), "broken_link"),
    Entry("two links to each other", "round.txt", _loop, "broken_link"),
    Entry("the other of the two", "about.txt", lambda folder, text: None, "broken_link"),
    Entry("a link from a folder to the one above", "sub/up", _folder_loop, "not_a_file"),
)
