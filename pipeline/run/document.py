"""What happens to one file: every stage but linking, in order."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.errors import MissingDependencyError
from pipeline.extract import extract
from pipeline.models import Document, DocumentResult, Extraction, Failure, Reading, RestoredPage, Share, Source
from pipeline.read import read_share, read_source
from pipeline.read.errors import ReadError
from pipeline.restore import restore_pages
from pipeline.restore.model_files import ModelError
from pipeline.rulebook import RuleError
from pipeline.run.cache import StageCache
from pipeline.run.errors import TROUBLE_OF_THE_MACHINE, StageError
from pipeline.segment import segment
from pipeline.settings import Settings

_TROUBLE_OF_THE_DISK = frozenset({errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENXIO, errno.EREMOTEIO})
_MISSING_PROGRAM = frozenset({"tesseract_missing", "language_missing"})


def process(
    source: Source,
    settings: Settings,
    cache: StageCache | None = None,
    on_page: Callable[[int], None] | None = None,
) -> DocumentResult:
    """Reads, restores, segments and extracts one file. `on_page` hears how many pages are read.

    Raises StageError where nothing can be made of it, RuleError where a rule file is wrong.
    """
    reading = _read(source, settings, cache, on_page)
    pages = _restore(source, reading, settings, cache)
    with _stage("segment"):
        documents = segment(source, pages)
    failures = list(reading.failures)
    found = tuple((document, _extract(document, failures)) for document in documents)
    return DocumentResult(source, found, tuple(failures))


def process_share(
    source: Source, share: Share, settings: Settings, cache: StageCache, on_page: Callable[[int], None] | None = None
) -> int:
    """Reads some of the pages of a file and keeps them for `process`, unless they are kept already. Returns how many.

    Raises StageError where nothing can be made of the file, which `process` then meets again.
    """
    if cache.reading(source) is not None or cache.has_share(source, share):
        return 0
    with _stage("read"), _as_found(source):
        reading = read_share(source, settings.read, share, on_page)
    cache.keep_share(source, share, reading)
    return len(reading.pages)


def _read(
    source: Source, settings: Settings, cache: StageCache | None, on_page: Callable[[int], None] | None
) -> Reading:
    kept = cache.reading(source) if cache else None
    if kept is not None:
        return kept
    with _stage("read"), _as_found(source):
        reading = read_source(source, settings.read, on_page, cache.shares(source) if cache else {})
    if cache:
        cache.keep_reading(source, reading)
    return reading


@contextmanager
def _as_found(source: Source) -> Iterator[None]:
    """What was read must be what was found, or rows and cache would speak of another content. Where reading failed,
    this says whether it is the document or its disk that is at fault."""
    try:
        yield
    except (RuleError, MissingDependencyError, MemoryError):
        raise
    except OSError as error:
        if error.errno in _TROUBLE_OF_THE_DISK:
            raise _unreadable(error) from error
        if error.errno not in TROUBLE_OF_THE_MACHINE:
            _require_unchanged(source)
        raise
    except Exception:
        _require_unchanged(source)
        raise
    _require_unchanged(source)


def _unreadable(error: OSError) -> ReadError:
    return ReadError("unreadable", f"cannot be read ({error.strerror}); look after its disk, the next run tries again")


def _require_unchanged(source: Source) -> None:
    try:
        with source.path.open("rb") as file:
            unchanged = hashlib.file_digest(file, "sha256").hexdigest() == source.sha256
    except FileNotFoundError as error:
        raise ReadError("vanished", f"was taken away while it was read ({error.strerror})") from error
    except OSError as error:
        if error.errno in TROUBLE_OF_THE_MACHINE:
            raise
        raise _unreadable(error) from error
    if not unchanged:
        raise ReadError("changed_while_read", "changed while it was read; the next run reads it again")


def _restore(
    source: Source, reading: Reading, settings: Settings, cache: StageCache | None
) -> tuple[RestoredPage, ...]:
    kept = cache.restored(source, reading) if cache else None
    if kept is not None:
        return kept
    with _stage("restore"):
        pages = restore_pages(reading.pages, settings.restore)
    if cache:
        cache.keep_restored(source, pages)
    return pages


def _extract(document: Document, failures: list[Failure]) -> Extraction:
    """What is found in the document; where that fails, its pages and sections are still worth publishing."""
    try:
        with _stage("extract"):
            return extract(document)
    except StageError as error:
        failures.append(error.failure(document.source))
        return Extraction()


@contextmanager
def _stage(name: str) -> Iterator[None]:
    try:
        yield
    except (RuleError, MissingDependencyError, MemoryError):
        raise
    except ModelError as error:
        raise MissingDependencyError(f"{error}; see `chithi doctor`") from error
    except ReadError as error:
        if error.code in _MISSING_PROGRAM:
            raise MissingDependencyError(f"{error.message}; see `chithi doctor`") from error
        raise StageError(name, error.code, error.message) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno in TROUBLE_OF_THE_MACHINE:
            raise
        where = _last_line_of(error)
        raise StageError(name, "internal_error", f"{type(error).__name__} at {where}: {error}"[:500]) from error


def _last_line_of(error: Exception) -> str:
    """`numbers.py:31`: where in our code it happened."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "pipeline" in code.co_filename:
            place = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
