"""What can be wrong with a whole file."""

from __future__ import annotations

from pipeline.models import Failure, Source
from pipeline.settings import ReadSettings


class ReadError(Exception):
    """Nothing of the file could be read. `code` is stable; `message` says what is wrong and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        """Survives the way from a worker process to its parent."""
        return type(self), (self.code, self.message)


class PageError(Exception):
    """One page could not be read; the others go on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def too_many_pages(source: Source, settings: ReadSettings, found: int | None = None) -> Failure:
    """The failure of the first page beyond the limit. `found` is how many there are, where that is known."""
    number = f"{found}" if found else f"more than {settings.max_pages}"
    message = f"has {number} pages; read.max_pages is {settings.max_pages}: split the file or raise the limit"
    return Failure(source.relative_path, source.sha256, settings.max_pages + 1, "read", "too_many_pages", message)
