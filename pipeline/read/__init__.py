"""Source → pages: text layers, OCR, plain text, Word. `read_source` is the stage, `iter_pages` goes page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.models import Failure, MediaType, Page, Reading, Source
from pipeline.read.continuation import join_pages
from pipeline.read.errors import ReadError
from pipeline.read.image import read_image
from pipeline.read.pdf import read_pdf
from pipeline.read.plain import read_plain
from pipeline.read.word import read_word
from pipeline.settings import ReadSettings

__all__ = ["READERS", "ReadError", "iter_pages", "read_source"]

Reader = Callable[[Source, ReadSettings], Iterator[Page | Failure]]

READERS: dict[MediaType, Reader] = {
    MediaType.PDF: read_pdf,
    MediaType.PNG: read_image,
    MediaType.JPEG: read_image,
    MediaType.TIFF: read_image,
    MediaType.TEXT: read_plain,
    MediaType.DOCX: read_word,
}


def iter_pages(source: Source, settings: ReadSettings) -> Iterator[Page | Failure]:
    """The pages of a file as they are read, and a failure for each that cannot be.

    Raises ReadError where nothing of the file can be read: at once, or when a tool that every page needs is missing.
    """
    if source.size == 0:
        raise ReadError("empty_file", "is empty (0 bytes); copy it again")
    yield from READERS[source.media_type](source, settings)


def read_source(source: Source, settings: ReadSettings, on_page: Callable[[int], None] | None = None) -> Reading:
    """All pages of a file. `on_page` hears after each page how many are through.

    Raises ReadError where no page could be read.
    """
    pages: list[Page] = []
    failures: list[Failure] = []
    for item in iter_pages(source, settings):
        if isinstance(item, Page):
            pages.append(item)
        else:
            failures.append(item)
        if on_page is not None:
            on_page(len(pages) + len(failures))
    if not pages:
        first = failures[0] if failures else None
        raise ReadError(first.code if first else "no_pages", first.message if first else "has no pages")
    return Reading(join_pages(pages), tuple(failures))
