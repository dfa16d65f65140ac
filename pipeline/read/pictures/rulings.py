"""Ruling lines of a page's picture: taken out of the way of the letters, and remembered as the cells of tables."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.models import Box
from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.text_layers.words import make_grid
from pipeline.read.token import Grid

# In heights of a small letter: the shortest stroke that is a line and no letter, the thickest line, a table's least
# width and height, a cell's least sides.
_SHORTEST, _THICKEST = 5.0, 0.45
_TABLE_WIDTH, _TABLE_HEIGHT = 12.0, 4.0
_CELL_SIDE = 0.9
# The same for frames of stamps: least and greatest width and height, and the most cells inside.
_FRAME_WIDTH, _FRAME_HEIGHT, _FRAME_CELLS = (7.0, 34.0), (2.2, 16.0), 3
# Share of a line's length that may have ink right beside it.
_BESIDE = 0.4


@dataclass(frozen=True, slots=True)
class Rulings:
    """The lines of a page (255 where there is one) and the boxes of its tables' cells, in pixels.

    `frames` are the small boxes that lines close in without making a table, `strokes` the level lines.
    """

    mask: Pixels
    tables: tuple[tuple[Box, ...], ...]
    frames: tuple[Box, ...] = ()
    strokes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class _Connected:
    """What hangs together in a mask: left, top, width, height and area of each, from number 1 on, in the mask's pixels.

    `labels` are the numbers in those `rows` and `columns` outside of which the mask is empty.
    """

    stats: list[tuple[int, int, int, int, int]]
    labels: npt.NDArray[np.int32]
    rows: slice
    columns: slice


def _connected(mask: Pixels) -> _Connected:
    """Labels only where there is something: most masks of lines are empty but for a table, and labels are large."""
    left, top, width, tall = cv2.boundingRect(mask)
    # OpenCV numbers by blocks of two by two: from an even place on, the order is that of the whole mask.
    rows, columns = slice(top & ~1, top + tall), slice(left & ~1, left + width)
    if not width:
        return _Connected([], np.zeros((0, 0), dtype=np.int32), rows, columns)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask[rows, columns]), connectivity=8)
    boxes = [(x + columns.start, y + rows.start, across, down, area) for x, y, across, down, area in stats[1:].tolist()]
    return _Connected(boxes, np.asarray(labels, dtype=np.int32), rows, columns)


def find_rulings(grey: Pixels, height: float) -> Rulings | None:
    """The ruling lines of a level picture whose small letters are `height` pixels high; None where it has none."""
    ink = as_pixels(cv2.threshold(grey, 170, 255, cv2.THRESH_BINARY_INV)[1])
    shortest = max(12, round(_SHORTEST * height))
    thickest = max(3, round(_THICKEST * height))
    places = _places_of_lines(ink, shortest)
    if not any(map(len, places)):
        return None
    across = _lines(ink, places[0], shortest, thickest, across=True)
    down = _lines(ink, places[1], round(shortest * 1.25), thickest, across=False)
    if not (across.any() or down.any()):
        return None
    tables, frames = _nets(across, down, height)
    strokes = tuple(Box(x, y, x + width, y + tall) for x, y, width, tall, _ in _connected(across).stats)
    frames += _between_strokes(strokes, height)
    return Rulings(as_pixels(cv2.max(across, down)), tables, frames, strokes)


def _places_of_lines(ink: Pixels, shortest: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The rows that may have level lines, and the columns that may have upright ones: those in which a long stroke
    shows at half the size, where any ink blackens a pixel. Most pages have few."""
    rows, columns = ink.shape[0] // 2 * 2, ink.shape[1] // 2 * 2
    upper, lower = ink[:rows:2], ink[1:rows:2]
    both = cv2.max(np.ascontiguousarray(upper), np.ascontiguousarray(lower))
    half = as_pixels(cv2.max(np.ascontiguousarray(both[:, :columns:2]), np.ascontiguousarray(both[:, 1:columns:2])))
    places = []
    for axis, size in ((1, (shortest // 2, 1)), (0, (1, round(shortest * 0.6)))):
        bridge = (3, 1) if axis else (1, 3)
        joined = cv2.morphologyEx(half, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, bridge))
        long = cv2.erode(joined, cv2.getStructuringElement(cv2.MORPH_RECT, size), borderValue=0)
        found = 2 * np.flatnonzero(cv2.reduce(long, axis, cv2.REDUCE_MAX))
        last = ink.shape[1 - axis] - 1
        places.append(np.unique(np.clip((found[:, None] + np.arange(-1, 3)).ravel(), 0, last)))
    return places[0], places[1]


def _lines(ink: Pixels, places: npt.NDArray[np.intp], shortest: int, thickest: int, *, across: bool) -> Pixels:
    """Long thin strokes in one direction. Solid areas are no lines; a stroke through a letter keeps to its width.

    `places` are the rows or columns to look at.
    """
    size = (shortest, 1) if across else (1, shortest)
    # A scan's lines are ragged: gaps of a pixel or two are closed before length is measured.
    bridge = (3, 1) if across else (1, 3)
    there = np.ascontiguousarray(ink[places] if across else ink[:, places])
    long = np.zeros_like(ink)
    if there.size:
        joined = cv2.morphologyEx(there, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, bridge))
        kept = cv2.morphologyEx(joined, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
        if across:
            long[places] = kept
        else:
            long[:, places] = kept
    # What is thick is looked for only where there is something long.
    left, top, width, tall = cv2.boundingRect(long)
    around = 2 * thickest + 4
    place = (
        slice(max(0, top - around), top + tall + around),
        slice(max(0, left - around), left + width + around),
    )
    thick_size = (1, thickest + 1) if across else (thickest + 1, 1)
    solid = cv2.morphologyEx(long[place], cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, thick_size))
    thin = as_pixels(long)
    thin[place] = cv2.subtract(long[place], cv2.dilate(solid, np.ones((3, 3), np.uint8)))
    return _bare(thin, ink, shortest, across=across)


def _bare(lines: Pixels, ink: Pixels, shortest: int, *, across: bool) -> Pixels:
    """Lines with paper on both sides of most of their length: the feet of close-set letters are none."""
    if cv2.countNonZero(lines) == 0:
        return lines
    found = _connected(lines)
    bare = lines.copy()
    for number, (left, top, width, tall, _) in enumerate(found.stats, start=1):
        if (width if across else tall) >= shortest and _has_paper_beside(ink, (left, top, width, tall), across=across):
            continue
        row, column = top - found.rows.start, left - found.columns.start
        own = found.labels[row : row + tall, column : column + width] == number
        bare[top : top + tall, left : left + width][own] = 0
    return bare


def _has_paper_beside(ink: Pixels, place: tuple[int, int, int, int], *, across: bool) -> bool:
    """Whether there is paper on both sides of most of a line at this place (left, top, width, height)."""
    left, top, width, tall = place
    if across:
        sides = ink[max(0, top - 3), left : left + width], ink[min(len(ink) - 1, top + tall + 2), left : left + width]
    else:
        last = ink.shape[1] - 1
        sides = ink[top : top + tall, max(0, left - 3)], ink[top : top + tall, min(last, left + width + 2)]
    return all(float((side > 0).mean()) < _BESIDE for side in sides)


def without_rulings(grey: Pixels, rulings: Rulings) -> Pixels:
    """The picture with its lines as paper; a letter that crosses a line keeps what reaches out of it."""
    return as_pixels(cv2.max(grey, cv2.dilate(rulings.mask, np.ones((3, 3), np.uint8))))


def _nets(across: Pixels, down: Pixels, height: float) -> tuple[tuple[tuple[Box, ...], ...], tuple[Box, ...]]:
    """The cells of each table, and the small frames: connected nets of lines, and what they close in."""
    if not (across.any() and down.any()):
        return (), ()
    reach = max(3, round(0.35 * height))
    net = as_pixels(
        cv2.max(
            cv2.dilate(across, np.ones((3, 2 * reach + 1), np.uint8)),
            cv2.dilate(down, np.ones((2 * reach + 1, 3), np.uint8)),
        )
    )
    found = _connected(net)
    tables, frames = [], []
    for number, (left, top, width, tall, _) in enumerate(found.stats, start=1):
        small = _between(width / height, _FRAME_WIDTH) and _between(tall / height, _FRAME_HEIGHT)
        large = width >= _TABLE_WIDTH * height and tall >= _TABLE_HEIGHT * height
        if not (small or large):
            continue
        row, column = top - found.rows.start, left - found.columns.start
        region = (found.labels[row : row + tall, column : column + width] != number).astype(np.uint8)
        cells = _cells(region, left, top, height)
        if large and len(cells) >= 4:
            tables.append(tuple(cells))
        elif small and 1 <= len(cells) <= _FRAME_CELLS:
            frames.append(Box(left, top, left + width, top + tall))
    return tuple(sorted(tables, key=lambda cells: cells[0].y0)), tuple(frames)


def _between_strokes(strokes: tuple[Box, ...], height: float) -> tuple[Box, ...]:
    """Frames whose sides are lost: between two level lines that begin and end at the same places."""
    found = []
    for number, upper in enumerate(strokes):
        for lower in strokes[number + 1 :]:
            aligned = abs(upper.x0 - lower.x0) < 2 * height and abs(upper.x1 - lower.x1) < 2 * height
            box = Box(min(upper.x0, lower.x0), upper.y0, max(upper.x1, lower.x1), lower.y1)
            wide, tall = (box.x1 - box.x0) / height, (box.y1 - box.y0) / height
            if aligned and _between(wide, _FRAME_WIDTH) and _between(tall, _FRAME_HEIGHT):
                found.append(box)
    return tuple(sorted(found, key=lambda box: box.y0 - box.y1))


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _cells(white: Pixels, left: int, top: int, height: float) -> list[Box]:
    rows, columns = white.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(white, connectivity=4)
    cells = []
    for number in range(1, count):
        x, y, width, tall, area = (int(v) for v in stats[number])
        outside = x == 0 or y == 0 or x + width == columns or y + tall == rows
        if outside or min(width, tall) < _CELL_SIDE * height or area < 0.75 * width * tall:
            continue
        cells.append(Box(left + x, top + y, left + x + width, top + y + tall))
    return cells


def grid_of(cells: tuple[Box, ...], height: float) -> Grid | None:
    """Rows and columns of a table's cells; None where they are fewer than two by two or do not tile."""
    grid = make_grid(cells, tolerance=0.9 * height)
    if grid is None:
        return None
    places: set[tuple[int, int]] = set()
    for cell in grid.cells:
        covered = {
            (r, c)
            for r in range(cell.row, cell.row + cell.row_span)
            for c in range(cell.column, cell.column + cell.column_span)
        }
        if places & covered:
            return None
        places |= covered
    return grid
