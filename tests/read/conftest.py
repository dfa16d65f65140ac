"""Fixtures for the tests of reading."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.models import MediaType, Source
from pipeline.settings import ReadSettings
from tests.read.printed import A4, FONT_FILE

MEDIA = {
    ".pdf": MediaType.PDF,
    ".png": MediaType.PNG,
    ".jpg": MediaType.JPEG,
    ".tif": MediaType.TIFF,
    ".txt": MediaType.TEXT,
    ".docx": MediaType.DOCX,
}


@pytest.fixture
def settings() -> ReadSettings:
    return ReadSettings()


@pytest.fixture
def source_of() -> Callable[[Path], Source]:
    """A Source as discovery would make it."""

    def make(path: Path) -> Source:
        data = path.read_bytes()
        return Source(path, path.name, hashlib.sha256(data).hexdigest(), MEDIA[path.suffix], len(data))

    return make


@pytest.fixture
def canvas() -> Callable[..., Canvas]:
    """A PDF canvas whose font has Vietnamese letters."""
    if "Viet" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Viet", str(FONT_FILE)))

    def make(path: Path, size: tuple[float, float] = A4, **options: object) -> Canvas:
        return Canvas(str(path), pagesize=size, **options)

    return make
