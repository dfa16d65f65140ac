"""Draws laid-out pages as PDF: with true letters, with the letters of old encodings, or invisibly over a scan."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from scripts.corpus.layout import BOLD, BOLD_ITALIC, HEIGHT, ITALIC, REGULAR, WIDTH, LaidPage, PlacedWord

# Tinos has every Vietnamese letter (Debian package fonts-croscore, Apache-2.0).
FONT_FOLDER = Path("/usr/share/fonts/truetype/croscore")
FONT_FILES = {
    REGULAR: "Tinos-Regular.ttf",
    BOLD: "Tinos-Bold.ttf",
    ITALIC: "Tinos-Italic.ttf",
    BOLD_ITALIC: "Tinos-BoldItalic.ttf",
}


class HiddenWord(NamedTuple):
    """One invisible word of a text layer; box in points from the top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def register_fonts() -> None:
    """Makes the four cuts of Tinos known to reportlab. Raises FileNotFoundError where they are not installed."""
    for name, file in FONT_FILES.items():
        path = FONT_FOLDER / file
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing: install the Debian package fonts-croscore")
        pdfmetrics.registerFont(TTFont(name, str(path)))


def register_encoded_fonts(prefix: str, letters: dict[str, str]) -> None:
    """Fonts named `prefix + name` in which `letters[x]` shows the glyph of x: what old 8-bit fonts did."""
    for name, file in FONT_FILES.items():
        font = FontFile(FONT_FOLDER / file, recalcTimestamp=False)
        glyphs = dict(font.getBestCmap())
        encoded = {ord(written): glyphs[ord(shown)] for shown, written in letters.items() if ord(shown) in glyphs}
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap = {**table.cmap, **encoded}
        for record in font["name"].names:
            if record.nameID in (1, 4, 6):
                record.string = f"{prefix}{name}"
        data = io.BytesIO()
        font.save(data)
        data.seek(0)
        pdfmetrics.registerFont(TTFont(prefix + name, data))


def print_pdf(
    pages: Sequence[LaidPage],
    title: str,
    *,
    font_of: Callable[[PlacedWord], str] = lambda word: word.font,
    spell: Callable[[PlacedWord], str] = lambda word: word.text,
) -> bytes:
    """A born-digital PDF. `spell` gives the letters that the font of `font_of` shows as the word."""
    data = io.BytesIO()
    canvas = _canvas(data, title)
    for page in pages:
        for word in page.words:
            canvas.setFont(font_of(word), word.size)
            canvas.drawString(word.x, HEIGHT - word.y, spell(word) + ("" if word.last_of_line else " "))
        canvas.setLineWidth(0.7)
        for x0, y0, x1, y1 in page.rules:
            canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def image_pdf(
    images: Sequence[bytes],
    title: str,
    *,
    hidden: Sequence[Sequence[HiddenWord]] = (),
    stamp: Sequence[str] = (),
    size: tuple[float, float] = (WIDTH, HEIGHT),
) -> bytes:
    """A scanned PDF: one encoded image a page, with the invisible words of `hidden` and a visible signature stamp."""
    data = io.BytesIO()
    canvas = _canvas(data, title)
    for number, image in enumerate(images):
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(io.BytesIO(image)), 0, 0, *size)
        for word in hidden[number] if number < len(hidden) else ():
            _draw_hidden(canvas, word, size[1])
        if number == 0:
            for line, text in enumerate(stamp):
                canvas.setFont("Helvetica", 6.5)
                canvas.drawString(size[0] - 190, size[1] - 14 - 8 * line, text)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def _canvas(data: io.BytesIO, title: str) -> Canvas:
    canvas = Canvas(data, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setCreator("scripts/corpus")
    return canvas


def _draw_hidden(canvas: Canvas, word: HiddenWord, height: float) -> None:
    font = "Helvetica"
    size = max(1.0, (word.y1 - word.y0) * 0.9)
    natural = pdfmetrics.stringWidth(word.text, font, size) or 1.0
    text = canvas.beginText()
    text.setTextRenderMode(3)
    text.setFont(font, size)
    text.setHorizScale(100 * (word.x1 - word.x0) / natural)
    text.setTextOrigin(word.x0, height - word.y1)
    text.textOut(word.text)
    canvas.drawText(text)
