"""All malformed files as one table, and what becomes of one of them when it is read."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.media_types import UnknownContentError, media_type_of
from pipeline.models import Source
from pipeline.read import ReadError, read_source
from pipeline.settings import ReadSettings
from tests.faults.malformed.case import MAX_PAGES, MAX_PIXELS, MAX_TEXT_BYTES, Case
from tests.faults.malformed.layers import LAYERS
from tests.faults.malformed.pdfs import PDFS
from tests.faults.malformed.pictures import PICTURES
from tests.faults.malformed.texts import TEXTS
from tests.faults.malformed.words import WORDS

KINDS: dict[str, tuple[Case, ...]] = {
    "Plain text, and what passes for it": TEXTS,
    "PDF": (*PDFS, *LAYERS),
    "Word documents": WORDS,
    "Pictures": PICTURES,
}
CASES = {case.name: case for cases in KINDS.values() for case in cases}
SETTINGS = ReadSettings(max_pages=MAX_PAGES, max_pixels=MAX_PIXELS, max_text_bytes=MAX_TEXT_BYTES)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a file: the text of its pages, and (code, message) of each failure."""

    pages: int
    text: str
    failures: tuple[tuple[str, str], ...]


def look_at(content: bytes, name: str, report: Callable[[int], None] = lambda pages: None) -> Found:
    """Finds out what a file is and reads it, as a run does."""
    if not content:
        return Found(0, "", (("empty_file", "the file is empty"),))
    try:
        media_type = media_type_of(io.BytesIO(content))
    except UnknownContentError as error:
        return Found(0, "", ((error.code, str(error)),))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        source = Source(path, name, hashlib.sha256(content).hexdigest(), media_type, len(content))
        try:
            reading = read_source(source, SETTINGS, report)
        except ReadError as error:
            return Found(0, "", ((error.code, error.message),))
    text = "\n".join(page.text_raw for page in reading.pages)
    return Found(len(reading.pages), text, tuple((f.code, f.message) for f in reading.failures))


def read_case(name: str, report: Callable[[int], None]) -> Found:
    """The case of this name; runs in a child."""
    return look_at(CASES[name].make(), name, report)
