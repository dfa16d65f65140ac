"""PDFs whose pages are pictures under a text layer that is not to be believed, and a layer in a font's own code."""

from __future__ import annotations

import io
from functools import cache, partial

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.faults.malformed.case import Case
from tests.read.printed import A4, LETTER, draw_page

_LINES = range(60, 340, 14)
_STAMP = "Ky boi: UBND xa Dong May. Co quan: Huyen Thanh Son Ha. Thoi gian ky: 15.03.2024 10:22:31 +07:00"
_BY_ENGLISH = "Thu'c hien Chi thi s6 07/CT-UBND cfia Uy ban nhan dan huy~n Thanh Son H~, giam ty 1~ h¢ ngheo cOn"
_TCVN3 = "KÕ ho¹ch trång 1.250 c©y xanh, phÊn ®Êu gi¶m tû lÖ hé nghÌo cßn 3,5% vµo cuèi n¨m 2024 t¹i x· §ång M©y"


@cache
def _picture() -> ImageReader:
    return ImageReader(draw_page(LETTER))


def _pdf(layer: list[tuple[float, str]], *, scanned: bool) -> bytes:
    """One page of these lines (top in points, text); on a scan nobody sees them."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    if scanned:
        canvas.drawImage(_picture(), 0, 0, *A4)
    words = canvas.beginText()
    words.setTextRenderMode(3 if scanned else 0)
    words.setFont("Helvetica", 10)
    for top, text in layer:
        words.setTextOrigin(60, A4[1] - top)
        words.textOut(text)
    canvas.drawText(words)
    canvas.save()
    return buffer.getvalue()


def _scan(name: str, layer: str, lines: list[tuple[float, str]]) -> Case:
    """A scan that is read as the picture that it is, whatever its text layer says."""
    make = partial(_pdf, lines, scanned=True)
    return Case(name, f"a scan whose text layer {layer}", make, pages=1, holds="1.250 cây xanh")


LAYERS = (
    _scan("stamp-layer.pdf", "is the stamp of a digital signature", [(40, _STAMP)]),
    _scan("english-layer.pdf", "an English OCR has made", [(top, _BY_ENGLISH) for top in _LINES]),
    _scan("no-layer.pdf", "is blanks", [(top, "   ") for top in _LINES]),
    Case(
        "tcvn3-layer.pdf",
        "a text layer in TCVN3, which restoration decodes",
        lambda: _pdf([(top, _TCVN3) for top in _LINES], scanned=False),
        pages=1,
        holds="hé nghÌo",
    ),
)
