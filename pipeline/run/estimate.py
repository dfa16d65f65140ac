"""About how long a file takes, by what is known before it is opened: enough to begin with the longest, and to say
beforehand how long a run will take."""

from __future__ import annotations

from pipeline.models import MediaType, Source

START_SECONDS = 4.0  # until the first file is begun, and to publish
_READ_PAGE, _SCANNED_PAGE = 0.1, 1.4  # seconds a page takes, read in an earlier run or not
_BYTES_OF_TEXT = 30_000  # a second
# A page of a scan takes 25 to 700 kB; a picture is one page, of which a larger one takes longer.
_BYTES_A_PAGE = {MediaType.PDF: 100_000, MediaType.TIFF: 100_000}
_BYTES_OF_A_PICTURE = 2_000_000
_WITHOUT_OCR = frozenset({MediaType.TEXT, MediaType.DOCX})


def seconds_for(source: Source, *, is_read: bool = False) -> float:
    """Seconds of one core. A PDF is taken for a scan; `is_read` says that its pages are kept from an earlier run."""
    if source.media_type in _WITHOUT_OCR:
        return _READ_PAGE + source.size / _BYTES_OF_TEXT
    a_page = _BYTES_A_PAGE.get(source.media_type)
    pages = max(1.0, source.size / a_page) if a_page else 1.0 + source.size / _BYTES_OF_A_PICTURE
    return pages * (_READ_PAGE if is_read else _SCANNED_PAGE)
