"""A page's picture → a grey image that tesseract reads well. Each step is taken only where the page asks for it.

Grey stays grey: tesseract reads a smoothed edge better than a ragged one, so nothing here makes black and white of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.models import Box
from pipeline.read.pictures.measure import (
    PageMeasure,
    ink_mask,
    letter_height,
    measure_page,
    noise_of,
    page_corners,
    skew_angle,
)
from pipeline.read.pictures.picture import Pixels, as_pixels, shrink
from pipeline.read.pictures.rulings import find_rulings, grid_of, without_rulings
from pipeline.read.token import Grid

Transform = npt.NDArray[np.float64]

# Height of small letters in pixels that tesseract's models read best (measured on scans of 100 to 300 dpi).
_TARGET_LETTER = 22.0
_SCALE_AS_IT_IS = (0.85, 1.2)
_SCALE_LIMITS = (0.2, 4.0)
# Skew below this (degrees) does not hurt, and turning blurs.
_SMALL_SKEW = 0.25
# Fewer letter-like marks than this: nothing is printed here.
_FEWEST_LETTERS = 3
# Paper darker than this, or that uneven, is divided by its background.
_DARK_PAPER, _UNEVEN_PAPER = 215.0, 14.0
_NOISY = 7.0
# Noise that a median leaves behind: specks leave less, grain more.
_GRAIN = 3.0
# How much darker than all its neighbours a pixel is that stands alone, and the share of them on a peppered page.
_ALONE, _PEPPERED = 80, 0.002
# A picture of more pixels (A4 at 600 dpi has 35 million) is halved at once: letters stay high enough, memory small.
_LARGE = 20_000_000
# A page with so many specks for every letter is full of them.
_SPECKED = 2.0
# How much redder than green and blue red ink is, and the share of the page from which it is a seal.
_RED_INK, _LEAST_SEAL = 30, 0.0003
# The same for blue and purple ink: how much bluer than red or green, and how much black print is among a stamp's ink.
_BLUE_INK, _AMONG_PRINT, _BLACK = 45, 0.02, 110
# How bright red ink, and blue or purple ink, is in its own channel, as a share of the paper.
_RED_LIFT, _BLUE_LIFT = 0.55, 0.45


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The cleaned image, and the way back: `to_page` (3 × 3) maps its pixels to pixels of the picture.

    `blank` says that nothing is printed on the page; `letter` is the height of small letters and `tables` are the
    cells of ruled tables, `frames` the small boxes of stamps, `strokes` the level lines, in pixels of the cleaned
    image. `specked` says that it is full of specks.
    """

    grey: Pixels
    to_page: Transform
    blank: bool = False
    letter: float = _TARGET_LETTER
    tables: tuple[Grid, ...] = ()
    frames: tuple[Box, ...] = ()
    strokes: tuple[Box, ...] = ()
    specked: bool = False

    def piece(self, box: Box, across: float, above: float) -> tuple[Pixels, tuple[int, int]]:
        """The picture around a box, with so much paper on its sides, and over and under it, in heights of a small
        letter; and where its upper left corner is."""
        beside, over = round(across * self.letter), round(above * self.letter)
        left, top = max(0, int(box.x0) - beside), max(0, int(box.y0) - over)
        return self.grey[top : int(box.y1) + over, left : int(box.x1) + beside], (left, top)


def clean(pixels: Pixels) -> Cleaned:
    """The cleaned page."""
    to_page: Transform = np.eye(3)
    if pixels.shape[0] * pixels.shape[1] > _LARGE:
        rows, columns = pixels.shape[:2]
        pixels = shrink(pixels, max(rows, columns) // 2)
        to_page = np.diag([columns / pixels.shape[1], rows / pixels.shape[0], 1.0])
    corners = page_corners(pixels)
    if corners is not None:
        pixels, flat_to_page = _flatten_photograph(pixels, corners)
        to_page = to_page @ flat_to_page
    grey = _without_stamps(pixels)
    measure = measure_page(grey)
    if not measure.bilevel and (measure.paper < _DARK_PAPER or measure.unevenness > _UNEVEN_PAPER):
        grey = divide_background(grey)
    if not measure.bilevel and (measure.noise > _NOISY or _is_peppered(grey)):
        grey = _quietened(grey, measure.noise)
    ink = ink_mask(grey, measure)
    grey, ink = _without_edges(grey, ink)
    letters = letter_height(ink)
    if letters.count < _FEWEST_LETTERS:
        return Cleaned(grey, to_page, blank=True)
    shaped = _shape(grey, to_page, letters.height, skew_angle(ink, letters.height), measure)
    return _without_rulings(replace(shaped, specked=letters.specks > _SPECKED * letters.count))


def _without_rulings(shaped: Cleaned) -> Cleaned:
    rulings = find_rulings(shaped.grey, shaped.letter)
    if rulings is None:
        return shaped
    grids = (grid_of(cells, shaped.letter) for cells in rulings.tables)
    return replace(
        shaped,
        grey=without_rulings(shaped.grey, rulings),
        tables=tuple(grid for grid in grids if grid is not None),
        frames=rulings.frames,
        strokes=rulings.strokes,
    )


def _shape(grey: Pixels, to_page: Transform, height: float, angle: float, measure: PageMeasure) -> Cleaned:
    """Turned upright and scaled in one step, with the smoothing that the kind of picture needs."""
    scale = float(np.clip(_TARGET_LETTER / height, *_SCALE_LIMITS))
    if _SCALE_AS_IT_IS[0] <= scale <= _SCALE_AS_IT_IS[1]:
        scale = 1.0
    turn = abs(angle) >= _SMALL_SKEW
    if measure.bilevel:
        # Ragged edges of black and white scans, before they are scaled.
        grey = as_pixels(cv2.GaussianBlur(grey, (0, 0), 0.7 if scale <= 1.2 else 0.9))
    elif measure.noise > _NOISY:
        grey = as_pixels(cv2.GaussianBlur(grey, (0, 0), 0.8))
    if not turn and scale == 1.0:
        return Cleaned(grey, to_page, letter=height)
    rows, columns = grey.shape
    if not turn:
        size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
        mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        forward = np.diag([size[0] / columns, size[1] / rows, 1.0])
        grey = as_pixels(cv2.resize(grey, size, interpolation=mode))
    else:
        forward, size = _turned(columns, rows, angle, scale)
        if scale < 0.7:
            # Warping takes four neighbours only; without this it would skip strokes.
            grey = as_pixels(cv2.GaussianBlur(grey, (0, 0), 0.4 / scale))
        grey = np.asarray(
            cv2.warpAffine(grey, forward[:2], size, flags=cv2.INTER_CUBIC, borderValue=(255.0,)), dtype=np.uint8
        )
    return Cleaned(grey, to_page @ np.linalg.inv(forward), letter=height * scale)


def _turned(columns: int, rows: int, angle: float, scale: float) -> tuple[Transform, tuple[int, int]]:
    """The transform that turns by `angle` degrees and scales, and the size that holds the whole page."""
    turn = np.vstack([cv2.getRotationMatrix2D((0.0, 0.0), angle, scale), [0.0, 0.0, 1.0]])
    corners = turn @ np.array([[0, columns, 0, columns], [0, 0, rows, rows], [1, 1, 1, 1]], dtype=np.float64)
    low, high = corners[:2].min(axis=1), corners[:2].max(axis=1)
    shift = np.eye(3)
    shift[:2, 2] = -low
    return shift @ turn, (max(1, round(high[0] - low[0])), max(1, round(high[1] - low[1])))


def _flatten_photograph(pixels: Pixels, corners: Transform) -> tuple[Pixels, Transform]:
    """The sheet of a photograph as if seen from right above."""
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = round(max(top, bottom)), round(max(left, right))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    forward = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    flat = cv2.warpPerspective(pixels, forward, (width, height), flags=cv2.INTER_CUBIC)
    return np.asarray(flat, dtype=np.uint8), np.linalg.inv(np.asarray(forward, dtype=np.float64))


def _without_stamps(pixels: Pixels) -> Pixels:
    """Grey, with red ink gone, and blue and purple ink where it lies on print; black print under it stays, for it is
    dark in every channel. Blue ink that stands alone may be text."""
    if pixels.ndim == 2:
        return pixels
    grey = as_pixels(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    red, green, blue = cv2.split(pixels)
    seal = cv2.threshold(cv2.subtract(red, cv2.max(green, blue)), _RED_INK, 255, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(seal) >= _LEAST_SEAL * seal.size:
        _lift(grey, as_pixels(seal), as_pixels(red), _RED_LIFT)
    stamp = cv2.threshold(cv2.subtract(blue, cv2.min(red, green)), _BLUE_INK, 255, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(stamp) >= _LEAST_SEAL * stamp.size:
        _lift(grey, _on_print(as_pixels(stamp), grey), as_pixels(blue), _BLUE_LIFT)
    return grey


def _on_print(stamp: Pixels, grey: Pixels) -> Pixels:
    """The parts of coloured ink that lie among black print; looked for on a picture of a quarter of the size."""
    rows, columns = stamp.shape
    size = (max(1, columns // 4), max(1, rows // 4))
    near = cv2.dilate(stamp, np.ones((5, 5), np.uint8))
    black = cv2.bitwise_and(cv2.threshold(grey, _BLACK, 255, cv2.THRESH_BINARY_INV)[1], cv2.bitwise_not(near))
    black = cv2.resize(black, size, interpolation=cv2.INTER_AREA)
    small = cv2.threshold(cv2.resize(stamp, size, interpolation=cv2.INTER_AREA), 0, 255, cv2.THRESH_BINARY)[1]
    count, labels = cv2.connectedComponents(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
    covered = np.bincount(labels.ravel(), weights=black.ravel() / 255.0, minlength=count)
    among = covered >= _AMONG_PRINT * np.bincount(labels.ravel(), minlength=count)
    among[0] = False
    there = cv2.resize(among[labels].astype(np.uint8) * 255, (columns, rows), interpolation=cv2.INTER_NEAREST)
    return as_pixels(cv2.bitwise_and(stamp, cv2.dilate(there, np.ones((5, 5), np.uint8))))


def _lift(grey: Pixels, ink: Pixels, channel: Pixels, share: float) -> None:
    """Takes ink off the page: where there is some, what is brighter than this share of the paper in the ink's own
    channel becomes paper; a stroke of print under it stays as dark as it is."""
    around = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    paper = float(np.percentile(channel[::8, ::8], 80))
    lifted = cv2.max(cv2.threshold(channel, share * paper, paper, cv2.THRESH_BINARY)[1], grey)
    cv2.copyTo(lifted, around, grey)


def _is_peppered(grey: Pixels) -> bool:
    """Whether dark pixels stand alone all over the page: between them the paper is smooth, and no noise is measured."""
    around = np.ones((3, 3), np.uint8)
    around[1, 1] = 0
    alone = cv2.subtract(cv2.erode(grey, around), grey)
    return cv2.countNonZero(cv2.threshold(alone, _ALONE, 255, cv2.THRESH_BINARY)[1]) > _PEPPERED * grey.size


def _quietened(grey: Pixels, noise: float) -> Pixels:
    """Without noise: a median takes specks away; where grain is left behind it, averages of like patches take that
    away and leave strokes of one or two pixels, which a wider blur would close.

    Source: A. Buades, B. Coll, J.-M. Morel, A Non-Local Algorithm for Image Denoising (2005).
    """
    without_specks = as_pixels(cv2.medianBlur(grey, 3))
    if noise_of(without_specks) <= _GRAIN:
        return without_specks
    return as_pixels(cv2.fastNlMeansDenoising(grey, None, h=noise, templateWindowSize=7, searchWindowSize=11))


def divide_background(grey: Pixels) -> Pixels:
    """The picture over its own paper: shadows, folds and yellowed paper become white, letters keep their greys."""
    rows, columns = grey.shape
    small = shrink(grey, 700)
    size = 15
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), 21)
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 5), (columns, rows), interpolation=cv2.INTER_LINEAR)
    return as_pixels(cv2.divide(grey, np.maximum(paper, 1), scale=250.0))


def _without_edges(grey: Pixels, ink: Pixels) -> tuple[Pixels, Pixels]:
    """Black bars and wedges that scanners leave along the edges become paper."""
    rows, columns = ink.shape
    small = shrink(ink, 1000)
    solid = cv2.morphologyEx((small > 127).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    height, width = solid.shape
    bars = np.zeros(count, dtype=bool)
    for number in range(1, count):
        left, top, box_width, box_height, area = stats[number]
        touches = left <= 2 or top <= 2 or left + box_width >= width - 2 or top + box_height >= height - 2
        long = box_width > 0.08 * width or box_height > 0.08 * height
        bars[number] = touches and long and area > 100
    if not bars.any():
        return grey, ink
    mask = cv2.dilate(bars[labels].astype(np.uint8), np.ones((7, 7), np.uint8))
    mask = cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_NEAREST)
    return np.where(mask > 0, 255, grey).astype(np.uint8), np.where(mask > 0, 0, ink).astype(np.uint8)
