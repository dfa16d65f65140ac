"""Plain text: its encoding found by its content, its pages by form feeds or by how form feeds were lost."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from pipeline.encodings import detect_encoding
from pipeline.models import Failure, Line, Page, Source
from pipeline.read.errors import ReadError, too_many_pages
from pipeline.read.text_layers.judge import vietnameseness
from pipeline.settings import ReadSettings

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 200_000
# A file is text only where control characters are this rare.
_MOST_CONTROLS = 0.05
# Where a converter lost the form feeds, it left a blank instead: the first line of a page begins with exactly one.
_LOST_FORM_FEED = re.compile(r"^ (?=\S)", re.MULTILINE)
_FEWEST_LINES_OF_A_PAGE = 12
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HIGHEST_PILE = 30  # as in the Stream-Safe Text Format of Unicode (UAX 15)
_PILE = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_VISCII_CONTROLS = frozenset("\x02\x05\x06\x14\x19\x1e")


def read_plain(source: Source, settings: ReadSettings) -> Iterator[Page | Failure]:
    """The pages of a text file, and a failure where they are too many.

    Raises ReadError: `too_large`, `not_a_document`, `empty_file`, `unreadable`.
    """
    data = _load(source, settings)
    text = decode_bytes(data)
    if text is None:
        raise ReadError("not_a_document", "holds no text in a known encoding; convert it to UTF-8")
    if not text.strip():
        raise ReadError("empty_file", "holds nothing but white space; there is nothing to read")
    for number, page in enumerate(split_pages(text), start=1):
        if number > settings.max_pages:
            yield too_many_pages(source, settings)
            return
        yield _page(number, page)


def _load(source: Source, settings: ReadSettings) -> bytes:
    try:
        size = source.path.stat().st_size
        if size > settings.max_text_bytes:
            raise ReadError(
                "too_large",
                f"text of {size} bytes, limit {settings.max_text_bytes}; split the file or raise read.max_text_bytes",
            )
        return source.path.read_bytes()
    except OSError as error:
        raise ReadError("unreadable", f"cannot be opened: {error.strerror or error}; check its permissions") from error


def decode_bytes(data: bytes) -> str | None:
    """The characters of a text file; None where it is no text.

    Unicode first, by byte order mark, by validity as UTF-8, by the zero bytes of UTF-16. Else one of the single-byte
    encodings, the most Vietnamese first: Windows-1258 is decoded here; TCVN3, VNI and VISCII stay as the Windows-1252
    characters that restoration knows them by.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data.decode(name, "replace"))
    if wide := _utf16_without_mark(data):
        return _checked(data.decode(wide, "replace"))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        # A file cut off in the middle of a letter, or with a few wrong bytes, is still UTF-8.
        text = data.decode("utf-8", "replace")
        if error.start > 0 and text.count("\ufffd") <= max(1, len(text) // 2000):
            return _checked(text)
    return _checked(_single_byte(data))


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:_SAMPLE_BYTES]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _single_byte(data: bytes) -> str:
    windows = data.decode("cp1252", "latin1_for_gaps")
    sample = windows[:_SAMPLE_BYTES]
    vietnamese = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    legacy, score = detect_encoding(sample)
    measure = vietnameseness(vietnamese[:_SAMPLE_BYTES])
    if legacy is None or (measure.syllable_share > 0.9 and measure.marked_share > 0.4 and score < 0.9):
        return vietnamese if measure.marked > 0 else windows
    return windows


def _latin1_for_gaps(error: UnicodeError) -> tuple[str, int]:
    """Bytes that Windows-1252 leaves out, as Latin-1 has them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("latin1_for_gaps", _latin1_for_gaps)


def _checked(text: str) -> str | None:
    """The text with normal line ends and without control characters; None where it is mostly these."""
    viscii = detect_encoding(text[:_SAMPLE_BYTES])[0] == "viscii"
    controls = [c for c in _CONTROLS.findall(text[:_SAMPLE_BYTES]) if not (viscii and c in _VISCII_CONTROLS)]
    bad = len(controls) + text[:_SAMPLE_BYTES].count("\ufffd")
    if text and bad > _MOST_CONTROLS * min(len(text), _SAMPLE_BYTES):
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u2028", "\n")
    if viscii:
        return text
    return unicodedata.normalize("NFC", _lower_piles(_CONTROLS.sub("", text))).replace("\ufeff", "")


def _lower_piles(text: str) -> str:
    """The text with no more than 30 marks on a letter: to sort more of them takes time with their square."""

    def lower(pile: re.Match[str]) -> str:
        kept, height = [], 0
        for character in pile.group():
            height = height + 1 if unicodedata.combining(character) else 0
            if height <= _HIGHEST_PILE:
                kept.append(character)
        return "".join(kept)

    return _PILE.sub(lower, text)


def split_pages(text: str) -> list[str]:
    """The pages of a text, each without blank lines at its ends.

    Form feeds cut pages. A file without any is cut where a converter has put a blank for each: at lines that begin
    with one blank, if the file's first line does too and no page but the last becomes a few lines only.
    """
    if "\f" in text:
        pages = text.split("\f")
        while len(pages) > 1 and not pages[-1].strip():
            pages.pop()
        return [page.strip("\n") for page in pages]
    if not re.match(r" \S", text):
        return [text.strip("\n")]
    marks = list(_LOST_FORM_FEED.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    pages = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    if any(page.count("\n") < _FEWEST_LINES_OF_A_PAGE for page in pages[:-1]):
        return [text.strip("\n")]
    return [page.strip("\n") for page in pages]


def _page(number: int, text: str) -> Page:
    lines = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        lines.append(Line(start, end, None, 1.0))
        start = end + 1
    return Page(number=number, text_raw=text, method="plain", lines=tuple(lines))
