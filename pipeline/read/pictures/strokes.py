"""Print or pen: whether the figures filled into a form have the size and the place of the print around them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal, NamedTuple

import cv2

from pipeline.models import Box
from pipeline.read.pictures.picture import Pixels, as_pixels

# Marks lower than this share of the tallest are dots, hyphens and specks.
_SMALL_MARK = 0.5


Look = Literal["print", "pen", "unknown"]


class Limits(NamedTuple):
    """How far marks may be from the print beside them, as shares of its height: in height and in the place of their
    feet; as a factor in the thickness of their strokes."""

    height: float
    feet: float
    thickness: float


# Measured on 44 scanned headers: printed figures differ by at most 0.06, 0.05 and 1.2; of the figures that a pen or a
# numbering stamp put there, at least one differs by more than 0.07 in its place, 0.11 in height or 1.35 in thickness.
_PRINT = Limits(0.09, 0.065, 1.3)
_PEN = Limits(0.16, 0.12, 1.6)
# Widest mark of one figure, in heights.
_WIDEST = 0.82


class Mark(NamedTuple):
    """One connected piece of ink: its box, and the usual thickness of its strokes, in pixels."""

    x0: int
    y0: int
    x1: int
    y1: int
    thickness: float

    @property
    def height(self) -> int:
        """Height of the box."""
        return self.y1 - self.y0


def look(figures: Sequence[Mark], beside: Sequence[Mark]) -> Look:
    """Whether figures are print like the capitals and figures beside them, or clearly are not."""
    if not figures or not beside:
        return "unknown"
    if _within(figures, beside, _PRINT) and all(m.x1 - m.x0 <= _WIDEST * m.height for m in figures):
        return "print"
    return "unknown" if _within(figures, beside, _PEN) else "pen"


def _within(figures: Sequence[Mark], beside: Sequence[Mark], limits: Limits) -> bool:
    height, feet = median(m.height for m in beside), median(m.y1 for m in beside)
    thickness = median(m.thickness for m in beside)
    return all(
        abs(mark.height - height) <= max(limits.height * height, 1.5)
        and abs(mark.y1 - feet) <= max(limits.feet * height, 1.5)
        and 1 / limits.thickness <= mark.thickness / thickness <= limits.thickness
        for mark in figures
    )


def marks_in(grey: Pixels, box: Box, smallest: float = _SMALL_MARK) -> list[Mark]:
    """The marks of a box from left to right; without those lower than this share of the tallest."""
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    piece = grey[y0 : int(box.y1) + 1, x0 : int(box.x1) + 1]
    if min(piece.shape, default=0) < 3:
        return []
    level, ink = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if level > 235:
        return []
    distance = cv2.distanceTransform(as_pixels(ink), cv2.DIST_L2, 3)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(as_pixels(ink), connectivity=8)
    tallest = max((int(stats[n][3]) for n in range(1, count)), default=0)
    marks = []
    for number in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[number])
        if height < smallest * tallest:
            continue
        inside = distance[labels == number]
        marks.append(Mark(x0 + left, y0 + top, x0 + left + width, y0 + top + height, 4.0 * float(inside.sum()) / area))
    return sorted(marks)


def decimal_marks(grey: Pixels) -> tuple[int, dict[int, str]]:
    """How many tall marks a picture of a number shows, and the small ones at their feet: after how many tall marks
    each stands, and whether it is a point or hangs below the line as a comma."""
    rows, columns = grey.shape
    marks = marks_in(grey, Box(0, 0, columns, rows), smallest=0.05)
    height = max((m.height for m in marks), default=0)
    tall = [m for m in marks if m.height >= 0.7 * height]
    if not tall:
        return 0, {}
    feet = median(m.y1 for m in tall)
    found: dict[int, str] = {}
    for mark in marks:
        low = mark.height <= 0.45 * height and mark.y0 > feet - 0.45 * height and mark.y1 > feet - 0.12 * height
        if low and mark.height >= 0.08 * height and mark.x1 - mark.x0 <= 0.4 * height:
            middle = (mark.x0 + mark.x1) / 2
            before = sum((m.x0 + m.x1) / 2 < middle for m in tall)
            found[before] = "," if mark.y1 > feet + 0.1 * height else "."
    return len(tall), found
