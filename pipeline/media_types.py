"""What a file is by its content: PDF, image, Word document or text, whatever its name says."""

from __future__ import annotations

import codecs
import zipfile
from typing import BinaryIO

import puremagic

from pipeline.models import MediaType

_HEAD = 1 << 16
_PDF_HEAD = 1024  # readers accept other bytes before `%PDF-` within the first 1024
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\v\x1a\x1b")
_MAX_CONTROL_SHARE = 0.03  # VISCII and TCVN3 write some capital letters as control characters
_MIN_PLAIN_SHARE = 0.45  # of letters, digits, blanks: at least 0.6 in Vietnamese of any encoding, 0.25 in random bytes

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", MediaType.TIFF),
    (b"MM\x00+", MediaType.TIFF),
)
_OTHER_TEXT = {
    b"{\\rtf": "RTF document",
    b"%!PS": "PostScript",
    b"<?xml": "XML",
    b"<!doctype html": "web page",
    b"<html": "web page",
}


class UnknownContentError(ValueError):
    """The content is none of those that can be read; `code` is `unsupported_type` or `unknown_content`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def media_type_of(file: BinaryIO) -> MediaType:
    """The media type of an open file.

    Raises UnknownContentError where it is of no kind that can be read.
    """
    head = file.read(_HEAD)
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if b"%PDF-" in head[:_PDF_HEAD]:
        return MediaType.PDF
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(file)
    _refuse_other_text(head)
    if _looks_like_text(head):
        return MediaType.TEXT
    raise _unknown(head)


def _inside_zip(file: BinaryIO) -> MediaType:
    try:
        with zipfile.ZipFile(file) as archive:
            if "word/document.xml" in archive.namelist():
                return MediaType.DOCX
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnknownContentError("unknown_content", f"a damaged ZIP archive or Word document: {error}") from error
    raise UnknownContentError("unsupported_type", "a ZIP archive that is no Word document")


def _refuse_other_text(head: bytes) -> None:
    start = head[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, name in _OTHER_TEXT.items():
        if start.startswith(magic.lower()):
            raise UnknownContentError("unsupported_type", f"{name}: of this kind nothing is read")


def _looks_like_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return _is_plain(head[: len(head) // 4 * 4].decode("utf-32", "replace"))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _is_plain(head[: len(head) // 2 * 2].decode("utf-16", "replace"))
    if b"\x00" in head:
        even = head[: len(head) // 2 * 2]
        return any(_is_plain(even.decode(codec, "replace")) for codec in ("utf-16-le", "utf-16-be"))
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in head)
    if controls > len(head) * _MAX_CONTROL_SHARE:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
        return True
    except UnicodeDecodeError:
        return _is_plain(head.decode("latin-1"))


def _is_plain(text: str) -> bool:
    """Whether most characters are letters of the Latin alphabet, digits or blanks, as in Vietnamese of any encoding."""
    plain = sum(c.isspace() or (c.isascii() and c.isalnum()) for c in text)
    return plain >= len(text) * _MIN_PLAIN_SHARE


def _unknown(head: bytes) -> UnknownContentError:
    try:
        kind = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        kind = ""
    if kind:
        return UnknownContentError("unsupported_type", f"{kind}: of this kind nothing is read")
    return UnknownContentError("unknown_content", "neither a document nor text")
