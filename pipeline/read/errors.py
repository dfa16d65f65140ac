"""What can be wrong with a whole file."""

from __future__ import annotations


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
