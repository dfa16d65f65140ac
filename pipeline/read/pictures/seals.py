"""The ring of a round seal, found by its shape where no colour tells it from the print, and taken off the print."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.pictures.picture import Pixels, as_pixels

# A seal's ring is 32 to 42 mm wide: so many heights of a small letter (14 points: 2.2 mm) is its radius.
_RADII = (5.5, 10.5)
# Height of a small letter, in pixels, at which a ring is looked for.
_COARSE_LETTER = 4.0
# The share of a circle that is ink, from which on it is a ring: seals have 0.85 and more, chance 0.35.
_RING = 0.7
# The share of the same on the picture as it is, for each circle of the seal; ink may stand `_SLACK` pixels aside.
_CIRCLE, _SLACK = 0.75, 5
# What crosses a ring is so many times as thick as the ring itself, or so many pixels thicker.
_CROSSING, _THICKER = 1.6, 2.0
# Ink in the shrunken picture, and how much of a mark must come back to be taken off.
_COARSE_INK, _TAKEN = 60, 90


@dataclass(frozen=True, slots=True)
class Ring:
    """The outer circle of a seal, in pixels of the picture in which it was found."""

    x: float
    y: float
    radius: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a place is within the seal or on its ring."""
        return bool(np.hypot(x - self.x, y - self.y) < 1.1 * self.radius)


def find_ring(grey: Pixels, letter: float) -> Ring | None:
    """The circle with the most ink on it, if it is a seal's; `letter` is the height of small letters."""
    step = max(1, round(letter / _COARSE_LETTER))
    ink = as_pixels(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1])
    size = (max(1, grey.shape[1] // step), max(1, grey.shape[0] // step))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA) > _COARSE_INK
    radii = range(int(_RADII[0] * letter / step), int(_RADII[1] * letter / step) + 1)
    edge = 2 * radii[-1] + 4
    shape = (small.shape[0] + edge, small.shape[1] + edge)
    spectrum = np.fft.rfft2(small.astype(np.float32), s=shape)
    best, found = _RING, None
    for radius in radii:
        circle = np.zeros((2 * radius + 3, 2 * radius + 3), np.float32)
        cv2.circle(circle, (radius + 1, radius + 1), radius, (1.0,), 1)
        on_it = np.fft.irfft2(spectrum * np.fft.rfft2(circle, s=shape), s=shape) / circle.sum()
        y, x = np.unravel_index(int(on_it.argmax()), on_it.shape)
        if on_it[y, x] > best:
            best = float(on_it[y, x])
            found = Ring(float(x - radius - 1) * step, float(y - radius - 1) * step, float(radius * step))
    return None if found is None else _refined(found, ink, step)


def _refined(ring: Ring, ink: Pixels, step: int) -> Ring:
    """The circle near by with the most ink on it, to a pixel or two."""
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    moves = np.arange(-step, step + 1, max(1, step // 2), dtype=np.float64)
    best, found = -1.0, ring
    for radius in ring.radius + moves:
        across, down = radius * np.cos(angles), radius * np.sin(angles)
        for x in ring.x + moves:
            for y in ring.y + moves:
                columns, rows = np.rint(x + across).astype(int), np.rint(y + down).astype(int)
                inside = (columns >= 0) & (columns < ink.shape[1]) & (rows >= 0) & (rows < ink.shape[0])
                share = float((ink[rows[inside], columns[inside]] > 0).sum()) / len(angles)
                if share > best:
                    best, found = share, Ring(float(x), float(y), float(radius))
    return found


def without_ring(grey: Pixels, ring: Ring) -> Pixels:
    """The picture without the circles of a seal; strokes of letters that cross them stay."""
    reach, turn = int(1.15 * ring.radius), max(8, int(2 * np.pi * ring.radius))
    size, middle = (reach, turn), (ring.x, ring.y)
    flags = cv2.WARP_POLAR_LINEAR | cv2.INTER_LINEAR
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    seen = cv2.warpPolar(np.full_like(grey, 255), size, middle, reach, flags) > 127
    dark = (cv2.warpPolar(grey, size, middle, reach, flags) < level) & seen
    mask = np.zeros_like(dark)
    for low, high in _circles(dark, seen):
        _mark_circle(dark, mask, low, high)
    back = cv2.warpPolar(
        as_pixels(mask.astype(np.uint8) * 255),
        (grey.shape[1], grey.shape[0]),
        middle,
        reach,
        cv2.WARP_POLAR_LINEAR | cv2.WARP_INVERSE_MAP | cv2.WARP_FILL_OUTLIERS,
    )
    return as_pixels(np.where(back > _TAKEN, 255, grey))


def _circles(dark: npt.NDArray[np.bool_], seen: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The radii (first, last + 1) at which nearly all directions show ink."""
    wide = cv2.dilate(dark.astype(np.uint8), np.ones((1, _SLACK), np.uint8))
    share = wide.sum(axis=0) / np.maximum(seen.sum(axis=0), 0.3 * len(seen))
    radii = np.flatnonzero(share[_SLACK:] > _CIRCLE) + _SLACK
    groups = np.split(radii, np.flatnonzero(np.diff(radii) > 2) + 1) if len(radii) else []
    return [(max(0, int(group[0]) - 2), int(group[-1]) + 3) for group in groups]


def _mark_circle(dark: npt.NDArray[np.bool_], mask: npt.NDArray[np.bool_], low: int, high: int) -> None:
    """Marks the ink of a circle in each direction, but where something thicker crosses it."""
    runs = dark[:, low:high].sum(axis=1)
    usual = float(np.median(runs[runs > 0])) if runs.any() else 0.0
    thickest = max(_CROSSING * usual, usual + _THICKER)
    for row, marks in zip(dark, mask, strict=True):
        inked = np.flatnonzero(row[low:high])
        if not len(inked):
            continue
        first, last = low + int(inked[0]), low + int(inked[-1])
        while first > 0 and row[first - 1]:
            first -= 1
        while last + 1 < len(row) and row[last + 1]:
            last += 1
        if last - first < thickest:
            marks[max(0, first - 1) : last + 2] = True
