"""What reading and restoring produced, keyed by content and version: a changed rule does not OCR anything again.

Any entry, and the whole folder, may be deleted at any time. Entries are JSON that is checked as it is read: a damaged
one counts as missing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from pipeline.models import Alignment, Correction, MediaType, Reading, RestoredPage, Source
from pipeline.publish.layout import write_whole
from pipeline.run.versions import Versions

_DAY = 86_400.0
_KEEP_UNUSED = 30 * _DAY
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restored page without the page."""

    text: str
    alignment: Alignment
    corrections: tuple[Correction, ...]
    quality: float


class Shelf(Generic[_T]):
    """One kind of entries in one folder."""

    def __init__(self, folder: Path, kind: TypeAdapter[_T]) -> None:
        self.folder, self.kind = folder, kind

    def path(self, sha256: str, version: str) -> Path:
        """Where an entry lies."""
        return self.folder / sha256[:2] / f"{sha256}-{version}.json.zst"

    def get(self, sha256: str, version: str) -> _T | None:
        """The entry; None where there is none or it is damaged."""
        try:
            packed = self.path(sha256, version).read_bytes()
            size = int.from_bytes(packed[:8], "little")
            return self.kind.validate_json(pa.decompress(packed[8:], size, codec="zstd", asbytes=True))
        except (OSError, ValidationError, ValueError, OverflowError, MemoryError):
            return None

    def put(self, sha256: str, version: str, entry: _T) -> None:
        """Keeps an entry; one that cannot be written down is not kept."""
        try:
            plain = self.kind.dump_json(entry)
        except (PydanticSerializationError, UnicodeError):
            return
        packed = len(plain).to_bytes(8, "little") + pa.compress(plain, codec="zstd", asbytes=True)
        write_whole(self.path(sha256, version), packed, durable=False)


class StageCache:
    """Readings and restorations of one version."""

    def __init__(self, folder: Path, versions: Versions, *, retry_failed: bool = False, renew: bool = False) -> None:
        self.versions, self.retry_failed, self.renew = versions, retry_failed, renew
        self._readings = Shelf(folder / "read", TypeAdapter(Reading))
        self._restorations = Shelf(folder / "restore", TypeAdapter(tuple[Restoration, ...]))

    def reading(self, source: Source) -> Reading | None:
        """The pages as read; plain text is read faster than it is kept."""
        if self.renew or source.media_type == MediaType.TEXT:
            return None
        kept = self._readings.get(source.sha256, self.versions.read)
        return None if kept is not None and kept.failures and self.retry_failed else kept

    def keep_reading(self, source: Source, reading: Reading) -> None:
        """Keeps the pages as read."""
        if source.media_type != MediaType.TEXT:
            self._readings.put(source.sha256, self.versions.read, reading)

    def restored(self, source: Source, reading: Reading) -> tuple[RestoredPage, ...] | None:
        """The pages of this reading as restored."""
        kept = None if self.renew else self._restorations.get(source.sha256, self.versions.restore)
        if kept is None or len(kept) != len(reading.pages):
            return None
        pairs = zip(reading.pages, kept, strict=True)
        return tuple(RestoredPage(page, r.text, r.alignment, r.corrections, r.quality) for page, r in pairs)

    def keep_restored(self, source: Source, pages: Sequence[RestoredPage]) -> None:
        """Keeps the pages as restored."""
        kept = tuple(Restoration(p.text, p.alignment, p.corrections, p.quality) for p in pages)
        self._restorations.put(source.sha256, self.versions.restore, kept)


def tidy_cache(folder: Path, contents: Set[str], versions: Versions) -> int:
    """Deletes entries that nothing can use: of other versions, or of contents gone for a month. Returns how many."""
    now, gone = time.time(), 0
    wanted = {"read": versions.read, "restore": versions.restore}
    for path in folder.glob("*/*/*"):
        sha256, _, version = path.name.removesuffix(".json.zst").partition("-")
        if path.parent.parent.name in wanted and version == wanted[path.parent.parent.name] and sha256 in contents:
            continue
        if now - path.stat().st_mtime > _KEEP_UNUSED:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
