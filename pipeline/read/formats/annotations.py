"""Text that stands in annotations of a PDF page: what signing software prints over a finished document.

The number and day of an electronically issued document are often only there (`Số: [12]/KH-UBND, ngày [08] tháng 01`),
and so is the stamp of its signature. pdfplumber does not see them; pdfium does once it has drawn them into the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.models import Box
from pipeline.read.token import Token

# A gap of this share of a letter's height parts words.
_WORD_GAP = 0.25
# Points by which a letter may stand outside the box of its annotation.
_NEAR = 2.0
_Char = tuple[str, float, float, float, float]
_Bounds = tuple[float, float, float, float]  # left, bottom, right, top


class Annotations:
    """The annotation texts of one file, page by page. The file is opened a second time, and only if needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document: Any = None

    def close(self) -> None:
        """Lets go of the file."""
        if self._document is not None:
            self._document.close()
            self._document = None

    def groups(self, page: pdfium.PdfPage, index: int) -> list[list[Token]]:
        """The words of each annotation that shows text, in points from the top left; empty where there is none.

        `page` is only looked at; pages that are turned have none.
        """
        if pdfium_c.FPDFPage_GetAnnotCount(page) == 0 or page.get_rotation() != 0:
            return []
        boxes = list(_boxes(page))
        if not boxes:
            return []
        with suppress(pdfium.PdfiumError):
            if self._document is None:
                self._document = pdfium.PdfDocument(str(self._path))
            return _words(self._added(page, index, boxes), boxes, page.get_size()[1])
        return []

    def _added(self, page: pdfium.PdfPage, index: int, boxes: list[_Bounds]) -> list[_Char]:
        """The letters that a page has once its annotations are drawn into it."""
        before = page.get_textpage()
        try:
            printed = before.get_text_range()
            count = before.count_chars()
            drawn = self._flattened(index)
            if drawn is None:
                return []
            try:
                if len(printed) == count and drawn.get_text_range(0, count) == printed:
                    # Looking at every letter of both takes a sixth of the page's time.
                    return list(_chars(drawn, boxes, count))
                known = set(_chars(before, boxes))
                return [c for c in _chars(drawn, boxes) if c not in known]
            finally:
                drawn.close()
        finally:
            before.close()

    def _flattened(self, index: int) -> pdfium.PdfTextPage | None:
        """The text of a page with its annotations; None where they cannot be drawn."""
        page = self._document[index]
        try:
            if pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) != pdfium_c.FLATTEN_SUCCESS:
                return None
        finally:
            page.close()
        return self._document[index].get_textpage()


def _boxes(page: pdfium.PdfPage) -> Iterator[_Bounds]:
    """(left, bottom, right, top) of each annotation that is not a link, in the page's own coordinates."""
    for number in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            area = pdfium_c.FS_RECTF()
            if pdfium_c.FPDFAnnot_GetSubtype(annotation) not in (
                pdfium_c.FPDF_ANNOT_LINK,
                pdfium_c.FPDF_ANNOT_POPUP,
            ) and pdfium_c.FPDFAnnot_GetRect(annotation, area):
                yield area.left, area.bottom, area.right, area.top
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _chars(text: pdfium.PdfTextPage, boxes: list[_Bounds], first: int = 0) -> Iterator[_Char]:
    """The letters in or near the boxes of annotations, from the letter `first` on."""
    low, high = min(box[1] for box in boxes) - _NEAR, max(box[3] for box in boxes) + _NEAR
    left, right = min(box[0] for box in boxes) - _NEAR, max(box[2] for box in boxes) + _NEAR
    area = pdfium_c.FS_RECTF()
    for index in range(first, text.count_chars()):
        if not pdfium_c.FPDFText_GetLooseCharBox(text, index, area):
            continue
        if area.right < left or area.left > right or area.top < low or area.bottom > high:
            continue
        letter = chr(pdfium_c.FPDFText_GetUnicode(text, index))
        yield letter, round(area.left, 1), round(area.bottom, 1), round(area.right, 1), round(area.top, 1)


def _words(chars: list[_Char], boxes: list[_Bounds], page_height: float) -> list[list[Token]]:
    groups: list[list[Token]] = [[] for _ in boxes]
    word: list[_Char] = []
    place = -1

    def finish() -> None:
        if word and place >= 0:
            box = Box(
                min(c[1] for c in word),
                page_height - max(c[4] for c in word),
                max(c[3] for c in word),
                page_height - min(c[2] for c in word),
            )
            groups[place].append(Token("".join(c[0] for c in word), box, size=box.y1 - box.y0))
        word.clear()

    for char in chars:
        letter, left, bottom, right, top = char
        at = _holder(boxes, (left + right) / 2, (bottom + top) / 2)
        new_line = bool(word) and (bottom > word[-1][4] or top < word[-1][2])
        gap = bool(word) and left - word[-1][3] > _WORD_GAP * max(1.0, word[-1][4] - word[-1][2])
        if not letter.isprintable() or letter.isspace() or at != place or new_line or gap:
            finish()
        place = at
        if letter.isprintable() and not letter.isspace():
            word.append(char)
    finish()
    return [group for group in groups if group]


def _holder(boxes: list[_Bounds], x: float, y: float) -> int:
    for number, (left, bottom, right, top) in enumerate(boxes):
        if left - _NEAR <= x <= right + _NEAR and bottom - _NEAR <= y <= top + _NEAR:
            return number
    return -1
