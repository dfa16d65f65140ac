"""What reading and restoring produced, keyed by content and version: a changed rule does not OCR anything again.

Any entry, and the whole folder, may be deleted at any time. Entries are JSON that is checked as it is read: a damaged
one counts as missing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from pipeline.models import Alignment, Correction, MediaType, Reading, RestoredPage, Share, Source
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


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Checks and writes one kind of entries; to make one takes longer than a small document."""
    return TypeAdapter(kind)


class StageCache:
    """Readings and restorations of one version. `shares` is in how many shares the file was read before."""

    def __init__(
        self, folder: Path, versions: Versions, *, retry_failed: bool = False, renew: bool = False, shares: int = 1
    ) -> None:
        self.versions, self.retry_failed, self.renew, self._count = versions, retry_failed, renew, shares
        self._readings: Shelf[Reading] = Shelf(folder / "read", _adapter(Reading))
        self._restorations: Shelf[tuple[Restoration, ...]] = Shelf(
            folder / "restore", _adapter(tuple[Restoration, ...])
        )

    def reading(self, source: Source) -> Reading | None:
        """The pages as read; plain text is read faster than it is kept."""
        if self.renew or source.media_type == MediaType.TEXT:
            return None
        return self._believed(self._readings.get(source.sha256, self.versions.read))

    def has_reading(self, source: Source) -> bool:
        """Whether the pages as read seem to be kept, without looking into them."""
        return self._readings.path(source.sha256, self.versions.read).is_file()

    def keep_reading(self, source: Source, reading: Reading) -> None:
        """Keeps the pages as read, in place of the shares that they were joined of."""
        if source.media_type != MediaType.TEXT:
            self._readings.put(source.sha256, self.versions.read, reading)
        for share in self._shares():
            self._readings.path(source.sha256, self._version_of(share)).unlink(missing_ok=True)

    def shares(self, source: Source) -> dict[Share, Reading]:
        """The shares of the file that are read, by this run also where it reads everything anew."""
        found = ((share, self._readings.get(source.sha256, self._version_of(share))) for share in self._shares())
        return {share: reading for share, reading in found if reading is not None}

    def has_share(self, source: Source, share: Share) -> bool:
        """Whether an earlier run read a share."""
        if self.renew:
            return False
        return self._believed(self._readings.get(source.sha256, self._version_of(share))) is not None

    def keep_share(self, source: Source, share: Share, reading: Reading) -> None:
        """Keeps one share of the pages until all are read."""
        self._readings.put(source.sha256, self._version_of(share), reading)

    def _shares(self) -> list[Share]:
        return [Share(first, self._count) for first in range(self._count)] if self._count > 1 else []

    def _version_of(self, share: Share) -> str:
        return f"{self.versions.read}-{share.first}of{share.count}"

    def _believed(self, kept: Reading | None) -> Reading | None:
        return None if kept is not None and kept.failures and self.retry_failed else kept

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


def tidy_cache(folder: Path, contents: Set[str], versions: Versions, turn: int) -> int:
    """Deletes entries that nothing can use: of other versions, or of contents gone for a month. Returns how many.

    It looks at a sixteenth of the entries, another one with each `turn`, so that a night does not pay for them all.
    """
    now, gone = time.time(), 0
    wanted = {"read": versions.read, "restore": versions.restore}
    for path in folder.glob(f"*/{turn % 16:x}?/*"):
        sha256, _, version = path.name.removesuffix(".json.zst").partition("-")
        if path.parent.parent.name in wanted and version == wanted[path.parent.parent.name] and sha256 in contents:
            continue
        if now - path.stat().st_mtime > _KEEP_UNUSED:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
