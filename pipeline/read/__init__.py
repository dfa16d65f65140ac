"""Source → pages: text layers, OCR, plain text, Word. `read_source` is the stage, `iter_pages` goes page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pipeline.models import WHOLE, Failure, MediaType, Page, Reading, Share, Source
from pipeline.read.errors import ReadError
from pipeline.read.formats.image import read_image
from pipeline.read.formats.pdf import read_pdf
from pipeline.read.formats.plain import read_plain
from pipeline.read.formats.word import read_word
from pipeline.read.tables.continuation import join_pages
from pipeline.settings import ReadSettings

__all__ = ["DIVISIBLE", "READERS", "ReadError", "iter_pages", "read_share", "read_source"]

Reader = Callable[[Source, ReadSettings], Iterator[Page | Failure]]

READERS: dict[MediaType, Reader] = {
    MediaType.PDF: read_pdf,
    MediaType.PNG: read_image,
    MediaType.JPEG: read_image,
    MediaType.TIFF: read_image,
    MediaType.TEXT: read_plain,
    MediaType.DOCX: read_word,
}


# The readers that can read some pages and leave the others to somebody else.
DIVISIBLE: dict[MediaType, Callable[[Source, ReadSettings, Share], Iterator[Page | Failure]]] = {
    MediaType.PDF: read_pdf,
}


def iter_pages(source: Source, settings: ReadSettings, share: Share = WHOLE) -> Iterator[Page | Failure]:
    """The pages of a file, or those of a share, as they are read, and a failure for each that cannot be.

    Raises ReadError where nothing of the file can be read: at once, or when a tool that every page needs is missing.
    """
    if source.size == 0:
        raise ReadError("empty_file", "is empty (0 bytes); copy it again")
    if share == WHOLE:
        yield from READERS[source.media_type](source, settings)
    else:
        yield from DIVISIBLE[source.media_type](source, settings, share)


def read_share(
    source: Source, settings: ReadSettings, share: Share, on_page: Callable[[int], None] | None = None
) -> Reading:
    """The pages of a share, not yet joined to their neighbours; a share may have none.

    Raises ReadError like `iter_pages`.
    """
    pages: list[Page] = []
    failures: list[Failure] = []
    for item in iter_pages(source, settings, share):
        if isinstance(item, Page):
            pages.append(item)
        else:
            failures.append(item)
        if on_page is not None:
            on_page(len(pages) + len(failures))
    return Reading(tuple(pages), tuple(failures))


def read_source(
    source: Source,
    settings: ReadSettings,
    on_page: Callable[[int], None] | None = None,
    done: Mapping[Share, Reading] | None = None,
) -> Reading:
    """All pages of a file. `on_page` hears after each page how many are through; `done` are shares that are read.

    Raises ReadError where no page could be read.
    """
    count = next(iter(done)).count if done else 1
    shares = [Share(first, count) for first in range(count)]
    readings = [(done or {}).get(share) or read_share(source, settings, share, on_page) for share in shares]
    pages = sorted((page for reading in readings for page in reading.pages), key=lambda page: page.number)
    failures = sorted((f for reading in readings for f in reading.failures), key=lambda failure: failure.page or 0)
    if not pages:
        first = failures[0] if failures else None
        raise ReadError(first.code if first else "no_pages", first.message if first else "has no pages")
    return Reading(join_pages(pages), tuple(failures))
