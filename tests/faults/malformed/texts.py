"""Malformed plain text, and files that only pass for text."""

from __future__ import annotations

import gzip
import io
import random
import zipfile

from tests.faults.malformed.case import MAX_TEXT_BYTES, Case

PLAN = "KẾ HOẠCH\nPhát triển kinh tế xã Đồng Mây năm 2031\n1. Giảm tỷ lệ hộ nghèo xuống dưới 3%.\n"
_WORDS = "Giảm tỷ lệ hộ nghèo xuống dưới 3% vào cuối năm 2031, "


def _random(size: int) -> bytes:
    return random.Random(20310102).randbytes(size)


def _archive(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<a/>")
    return buffer.getvalue()


def _nested(depth: int) -> bytes:
    content = PLAN.encode()
    for _ in range(depth):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("plan.docx", content)
        content = buffer.getvalue()
    return content


TEXTS = (
    Case("empty.txt", "0 bytes", lambda: b"", "empty_file"),
    Case("blank.txt", "white space only", lambda: b" \n\t\r\n" * 500, "empty_file", says="nothing but white space"),
    Case("random.txt", "random bytes", lambda: _random(5000), "unknown_content"),
    Case("zeros.txt", "nothing but NUL", lambda: b"\0" * 5000, "unknown_content"),
    Case("nul-between.txt", "NUL after every line", lambda: PLAN.replace("\n", "\0\n").encode(), "unknown_content"),
    Case("utf-8-mark.txt", "UTF-8 with byte order mark", lambda: PLAN.encode("utf-8-sig"), pages=1, holds="KẾ HOẠCH"),
    Case("utf-16.txt", "UTF-16 with byte order mark", lambda: PLAN.encode("utf-16"), pages=1, holds="hộ nghèo"),
    Case("utf-16-le.txt", "UTF-16 without mark", lambda: PLAN.encode("utf-16-le"), pages=1, holds="hộ nghèo"),
    Case("utf-16-be.txt", "big-endian, no mark", lambda: PLAN.encode("utf-16-be"), pages=1, holds="hộ nghèo"),
    Case("utf-16-cut.txt", "UTF-16 cut in a letter", lambda: PLAN.encode("utf-16")[:-1], pages=1, holds="hộ nghèo"),
    Case(
        "surrogate.txt",
        "UTF-16 with half a surrogate pair",
        lambda: b"\xff\xfe" + PLAN.encode("utf-16-le") + b"\x00\xd8" + PLAN.encode("utf-16-le"),
        pages=1,
        holds="hộ nghèo",
    ),
    Case("utf-32.txt", "UTF-32 with mark", lambda: PLAN.encode("utf-32"), pages=1, holds="hộ nghèo"),
    Case(
        "surrogate-8.txt",
        "half a surrogate pair written as UTF-8",
        lambda: PLAN.encode() * 40 + b"\xed\xa0\x80" + PLAN.encode() * 40,
        pages=1,
        holds="hộ nghèo",
    ),
    Case("cut-letter.txt", "cut off in a letter", lambda: PLAN.encode() + "Ệ".encode()[:2], pages=1, holds="hộ nghèo"),
    Case("digits.txt", "one number of a million digits", lambda: PLAN.encode() + b"7" * 1_000_000, pages=1),
    Case("long-line.txt", "one line of 1 MB", lambda: (_WORDS * 14_000).encode(), pages=1, holds="hộ nghèo"),
    Case(
        "controls.txt",
        "escape sequences of a terminal and bells",
        lambda: PLAN.encode() * 10 + b"\x1b[31m\x07\x1b]0;x\x07",
        pages=1,
        holds="hộ nghèo",
    ),
    Case("many-controls.txt", "half of it control characters", lambda: b"\x01\x02a" * 2000, "unknown_content"),
    Case(
        "marks.txt",
        "a letter under 100 000 combining marks of changing classes",
        lambda: (PLAN + "a" + "\u0323\u0301" * 50_000).encode(),
        pages=1,
        holds="hộ nghèo",
    ),
    Case("right-to-left.txt", "order-changing characters", lambda: ("\u202e" + PLAN).encode(), pages=1),
    Case("brackets.txt", "100 000 brackets open", lambda: (PLAN + "(" * 100_000).encode(), pages=1, holds="hộ nghèo"),
    Case("markers.txt", "20 000 list markers", lambda: (PLAN + "1.a)-(2) " * 20_000).encode(), pages=1),
    Case("form-feeds.txt", "50 000 pages", lambda: (PLAN + "trang\f" * 50_000).encode(), "too_many_pages", pages=12),
    Case(
        "too-large.txt",
        "more text than the limit",
        lambda: b"a b\n" * (MAX_TEXT_BYTES // 4 + 1),
        "too_large",
        says="read.max_text_bytes",
    ),
    Case(
        "formula.csv", "cells that a spreadsheet would run", lambda: ('=cmd|" /C calc"!A0\n' + PLAN).encode(), pages=1
    ),
    Case("page.html", "a web page", lambda: b"<!DOCTYPE html><html><body>x</body></html>", "unsupported_type"),
    Case("letter.rtf", "RTF", lambda: b"{\\rtf1\\ansi x}", "unsupported_type", says="RTF"),
    Case("print.ps", "PostScript", lambda: b"%!PS-Adobe-3.0\n", "unsupported_type", says="PostScript"),
    Case("data.xml", "XML", lambda: b"<?xml version='1.0'?><a/>", "unsupported_type", says="XML"),
    Case("packed.txt.gz", "gzip", lambda: gzip.compress(PLAN.encode(), mtime=0), "unsupported_type"),
    Case("packed.zip", "an archive in an archive, a hundred deep", lambda: _nested(100), "unsupported_type"),
    Case("packed.docx", "a Word document in an archive", lambda: _nested(1), "unsupported_type", says="no Word"),
    Case("program", "an ELF program", lambda: b"\x7fELF\x02\x01\x01" + bytes(200), "unknown_content"),
    Case("old.doc", "Word before 2007", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "unsupported_type"),
    Case("sheet.xlsx", "a spreadsheet", lambda: _archive("xl/workbook.xml"), "unsupported_type", says="no Word"),
)
