"""Processes that do without pandas, though it is installed.

pyarrow loads pandas when it makes its first scalar or array, to see whether it was given something of pandas, and
pytesseract does when it is imported: a third of a second and 50 MB in every process, for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class _Absent:
    """Says of pandas that it is not installed; of everything else, that others shall look for it."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not wanted here", name=name)


@contextmanager
def without_pandas() -> Iterator[None]:
    """What is imported inside finds no pandas, and pyarrow knows none in this process from then on: not for a library
    that others use beside pandas."""
    if "pandas" in sys.modules:
        yield
        return
    import pyarrow as pa

    sys.meta_path.insert(0, _Absent)
    try:
        pa.scalar("")
    finally:
        sys.meta_path.remove(_Absent)
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["pandas"]
