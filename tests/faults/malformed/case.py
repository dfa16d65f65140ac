"""One malformed input: how it is made, what is wrong with it, and what it must yield."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Limits of the tests, lower than the defaults so that what exceeds them is made fast.
MAX_PAGES = 12
MAX_PIXELS = 20_000_000
MAX_TEXT_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """`code` is that of the file's failure, or of a page's where `pages` come out besides; None where nothing fails.

    `says` is a part of the message, `holds` a part of the text that is read all the same. `slow` ones are read only by
    `make torture`.
    """

    name: str
    what: str
    make: Callable[[], bytes]
    code: str | None = None
    pages: int = 0
    says: str = ""
    holds: str = ""
    slow: bool = False

    @property
    def outcome(self) -> str:
        """What must come of it, for the table in the manual."""
        if self.code is None:
            return f"read: {self.pages} page" + "s" * (self.pages != 1)
        beside = f"; {self.pages} pages are read" if self.pages else ""
        return f"`{self.code}`{beside}"
