"""What a page's picture is like: paper, noise, height of letters, skew, the corners of a photographed sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.pictures.picture import Pixels, as_pixels, shrink

_STEEPEST_SKEW = 8.0
# Side of the picture (pixels) on which corners and skew are looked for, skew coarsely at first.
_CORNER_SIDE, _COARSE_SIDE, _FINE_SIDE = 600, 400, 1000
_NARROWEST_SHEET = 10  # pixels of a picture so reduced: a strip is no photograph of a sheet
# Letters are measured on a picture of at most this many pixels, paper on every third pixel of each row and column.
_MOST_PIXELS, _PAPER_STEP = 4_500_000, 3


@dataclass(frozen=True, slots=True)
class PageMeasure:
    """`paper` is the usual grey of the paper (0 to 255), `unevenness` how much it varies over the page, `noise` the
    standard deviation of neighbouring pixels on it; `bilevel` says that there is hardly any grey."""

    paper: float
    unevenness: float
    noise: float
    bilevel: bool


@dataclass(frozen=True, slots=True)
class Letters:
    """Marks that have the size of letters: how many, and the usual height of a small one in pixels; and the marks
    that are too small for dots of letters."""

    count: int
    height: float
    specks: int = 0


def measure_page(grey: Pixels) -> PageMeasure:
    """Measures one page."""
    sparse = grey[::_PAPER_STEP, ::_PAPER_STEP] if min(grey.shape) > 400 else grey
    bilevel = float(((sparse < 8) | (sparse > 247)).mean()) > 0.985
    rows, columns = sparse.shape
    tile = max(16 if sparse is grey else 5, min(rows, columns) // 24)
    tiles = sparse[: rows // tile * tile, : columns // tile * tile]
    if tiles.size == 0:
        return PageMeasure(float(np.median(grey)), 0.0, 0.0, bilevel)
    blocks = tiles.reshape(rows // tile, tile, columns // tile, tile).transpose(0, 2, 1, 3).reshape(-1, tile * tile)
    bright = np.percentile(blocks, 75, axis=1)
    paper = float(np.median(bright))
    unevenness = float(np.percentile(bright, 90) - np.percentile(bright, 10))
    return PageMeasure(paper, unevenness, noise_of(grey), bilevel)


def noise_of(grey: Pixels) -> float:
    """Standard deviation of the noise, from a filter that flat paper and straight edges do not answer to.

    Source: J. Immerkær, Fast Noise Variance Estimation (1996); the median keeps letters out.
    """
    rows, columns = grey.shape
    top, left = max(0, rows // 2 - 500), max(0, columns // 2 - 500)
    middle = grey[top : top + 1000, left : left + 1000]
    if min(middle.shape) < 8:
        return 0.0
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    answer = np.abs(cv2.filter2D(middle.astype(np.float32), -1, kernel))
    return float(np.median(answer) / (6.0 * 0.6745))


def ink_mask(grey: Pixels, measure: PageMeasure) -> Pixels:
    """255 where there is ink, 0 where there is paper."""
    if measure.bilevel:
        return as_pixels(cv2.threshold(grey, 127, 255, cv2.THRESH_BINARY_INV)[1])
    smooth = cv2.GaussianBlur(grey, (0, 0), 0.8)
    level, mask = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if level > 225 or float(np.percentile(smooth, 0.5)) > 190:
        # Hardly any contrast: Otsu would part paper from paper.
        mask = cv2.threshold(smooth, 150, 255, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(mask, dtype=np.uint8)


def letter_height(ink: Pixels) -> Letters:
    """The height of small letters, from the connected marks that could be letters.

    The wide median keeps dots and accents (narrow and low) from counting as much as letters.
    """
    rows, columns = ink.shape
    factor = 1
    while rows * columns / factor**2 > _MOST_PIXELS:
        factor *= 2
    if factor > 1:
        small = cv2.resize(ink, (columns // factor, rows // factor), interpolation=cv2.INTER_AREA)
        ink = np.asarray((small > 100) * 255, dtype=np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    widths, heights, areas = (stats[1:, n].astype(np.float64) for n in (2, 3, 4))
    tallest = max(8.0, min(ink.shape) / 12)
    ratio = widths / np.maximum(heights, 1)
    filled = areas / np.maximum(widths * heights, 1)
    letter = (heights >= 5) & (heights < tallest) & (ratio > 0.25) & (ratio < 2.5) & (filled > 0.15) & (areas >= 12)
    if not letter.any():
        return Letters(0, 20.0)
    chosen = heights[letter]
    order = np.argsort(chosen)
    weight = np.cumsum(areas[letter][order])
    height = float(chosen[order][np.searchsorted(weight, weight[-1] / 2)])
    same = letter & (heights > 0.5 * height) & (heights < 2.2 * height)
    # Half the ink is in marks up to this height; ascenders and capitals make it a fifth taller than a small letter.
    specks = int((heights < 0.12 * height).sum())
    return Letters(int(same.sum()), max(5.0, height / 1.2 * factor), specks)


def skew_angle(ink: Pixels, height: float) -> float:
    """Degrees by which the lines rise to the right (turning the page by minus this makes them level).

    The angle at which the sums over rows differ most; found coarsely, then finely.
    """
    if min(ink.shape) < 40 or height <= 0:
        return 0.0
    reduced = shrink(ink, _FINE_SIDE)
    coarse = _Levels(shrink(reduced, _COARSE_SIDE))
    best = max((float(angle) for angle in np.arange(-_STEEPEST_SKEW, _STEEPEST_SKEW + 0.1, 1.0)), key=coarse.sharpness)
    fine = _Levels(reduced)
    for step in (0.5, 0.25, 0.1):
        best = max((best + step * n for n in (-1, 0, 1)), key=fine.sharpness)
    return best if fine.sharpness(best) > 1.02 * fine.sharpness(0.0) else 0.0


class _Levels:
    """How level the lines of a page are when it is turned."""

    def __init__(self, ink: Pixels) -> None:
        self._size = (ink.shape[1], ink.shape[0])
        self._small = ink
        self._known: dict[float, float] = {}

    def sharpness(self, angle: float) -> float:
        """How much the sums over neighbouring rows differ once the page is turned by `angle` degrees."""
        angle = round(angle, 3)
        if angle not in self._known:
            matrix = cv2.getRotationMatrix2D((self._size[0] / 2, self._size[1] / 2), angle, 1.0)
            turned = cv2.warpAffine(self._small, matrix, self._size, flags=cv2.INTER_LINEAR)
            profile = cv2.reduce(turned, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F).ravel()
            self._known[angle] = float(np.square(np.diff(profile)).sum())
        return self._known[angle]


def page_corners(pixels: Pixels) -> npt.NDArray[np.float64] | None:
    """The corners of a sheet photographed on a darker ground (top left, top right, bottom right, bottom left).

    None where the picture shows no ground around the sheet, as scans do.
    """
    factor = max(pixels.shape[:2]) / _CORNER_SIDE
    if factor < 0.5:
        return None
    small = shrink(pixels, _CORNER_SIDE)
    if min(small.shape[:2]) < _NARROWEST_SHEET:
        return None
    factor = pixels.shape[0] / small.shape[0]
    if small.ndim == 3:
        small = as_pixels(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    border = np.concatenate([small[:3].ravel(), small[-3:].ravel(), small[:, :3].ravel(), small[:, -3:].ravel()])
    inner = small[small.shape[0] // 5 : -small.shape[0] // 5, small.shape[1] // 5 : -small.shape[1] // 5]
    ground, sheet = float(np.median(border)), float(np.percentile(inner, 80))
    if sheet - ground < 45 or ground > 170 or float((border < (ground + sheet) / 2).mean()) < 0.75:
        return None
    # Above the ground rather than below the sheet: a shadow on the sheet must not cut it.
    level = ground + 0.3 * (sheet - ground)
    mask = (cv2.GaussianBlur(small, (0, 0), 2) > level).astype(np.uint8)
    mask = as_pixels(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    outline = cv2.convexHull(max(contours, key=cv2.contourArea))
    area = cv2.contourArea(outline)
    if area < 0.25 * mask.size:
        return None
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        shape = cv2.approxPolyDP(outline, tolerance * cv2.arcLength(outline, True), True)
        if len(shape) == 4:
            if cv2.contourArea(shape) < 0.9 * area:
                return None
            return _in_order(shape.reshape(4, 2).astype(np.float64) * factor)
    return None


def _in_order(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    return np.array(
        [
            points[total.argmin()],
            points[difference.argmax()],
            points[total.argmax()],
            points[difference.argmin()],
        ]
    )
