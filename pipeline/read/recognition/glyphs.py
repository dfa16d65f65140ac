"""A reading of numbers that shares no error with tesseract: their figures are compared with the page's own figures.

A page prints a figure the same way all over. The figures of numbers on which tesseract's readings agree are the models;
every figure of a table is then matched with them, and the marks between and after figures are told by their form. The
models of one page know nothing of language: they never make a word of a `7`, lose a figure, or read `%` for `‰`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.models import Box
from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.pictures.strokes import decimal_marks

Shape = npt.NDArray[np.float32]

# Pixels of a figure's shape. A figure keeps its proportions: a `1` stays narrow.
_TALL, _WIDE = 24, 20
# Marks as tall as this share of the tallest are figures; wider ones than this (in heights) are two that touch, or `%`;
# one figure is about so wide.
_FIGURE, _WIDEST, _USUAL_WIDTH = 0.7, 0.95, 0.72
# A sign's rings stand above this share of the height, are at least so tall, and no taller.
_RING_ABOVE, _RING = 0.72, (0.2, 0.65)
# `‰` against `%`, of heights 1: width, strokes in its lower half, rings. On four fonts at five levels of damage `%` has
# 0.9 to 1.23, 3 to 3.75, 2; `‰` 1.3 to 1.68, 3 to 5, 3.
_PERMILLE_WIDTH, _PERMILLE_STROKES, _PERMILLE_RINGS, _TOO_WIDE = 1.27, 3.9, 3, 1.8
# The width of a figure, in heights.
_FIGURE_WIDTH = (0.4, 0.9)
# The widest mark of punctuation after a sign, in heights.
_PUNCTUATION = 0.3
# Samples of a figure that make a model.
_FEWEST_SAMPLES = 2


class Figures(NamedTuple):
    """The figures of a number as shapes, the marks between them (after how many figures), and its sign.

    `sign_sure` is false where what tells `%` from `‰` contradicts itself.
    """

    shapes: tuple[Shape, ...]
    marks: Mapping[int, str]
    sign: str  # `%`, `‰`, "?" where there is one that cannot be told, "" where there is none
    sign_sure: bool = True


class Match(NamedTuple):
    """A number as its shapes read it; how like its least likely figure is its model, and by how much more than any
    other's (both 0 to 1)."""

    text: str
    likeness: float
    margin: float


@dataclass(frozen=True, slots=True)
class Models:
    """The figures of one page."""

    labels: tuple[str, ...]
    shapes: npt.NDArray[np.float32]

    def likeliest(self, shape: Shape) -> str:
        """The figure that a shape is most like; there must be a model."""
        return self.labels[int(np.argmax(self.shapes @ shape))]

    def read(self, figures: Figures) -> Match | None:
        """The number that figures show; None where there is no figure or no model to compare it with."""
        if not figures.shapes or len(self.labels) < 2:
            return None
        likeness = np.stack(figures.shapes) @ self.shapes.T
        order = np.argsort(likeness, axis=1)
        best = np.take_along_axis(likeness, order[:, -1:], axis=1)[:, 0]
        second = np.take_along_axis(likeness, order[:, -2:-1], axis=1)[:, 0]
        out = []
        for place, index in enumerate(order[:, -1]):
            out.append(figures.marks.get(place, "") + self.labels[int(index)])
        text = "".join(out) + figures.sign
        return Match(text, float(best.min()), float((best - second).min()))


def learn(samples: Iterable[tuple[str, Figures]]) -> Models:
    """The models from numbers whose reading is sure; those whose figures do not match in count teach nothing."""
    shapes: dict[str, list[Shape]] = {}
    for text, figures in samples:
        read = [c for c in text if c.isdigit()]
        if len(read) == len(figures.shapes):
            for label, shape in zip(read, figures.shapes, strict=True):
                shapes.setdefault(label, []).append(shape)
    rough = _means(shapes)
    # A sample that is more like another figure was read wrongly.
    kept = {
        label: [s for s in found if rough.labels and rough.likeliest(s) == label] for label, found in shapes.items()
    }
    return _means(kept)


def _means(shapes: Mapping[str, Sequence[Shape]]) -> Models:
    labels = tuple(sorted(label for label, found in shapes.items() if len(found) >= _FEWEST_SAMPLES))
    if not labels:
        return Models((), np.zeros((0, _TALL * _WIDE), dtype=np.float32))
    return Models(labels, np.stack([unit(np.asarray(np.median(np.stack(shapes[label]), axis=0))) for label in labels]))


def unit(values: npt.NDArray[Any]) -> Shape:
    """A shape without its mean, of length 1."""
    centred = values - values.mean()
    return np.asarray(centred / max(1e-6, float(np.linalg.norm(centred))), dtype=np.float32)


def figures_of(piece: Pixels, *, signed: bool) -> Figures:
    """The figures on a picture of one number; `signed` where a reading ends in a sign."""
    boxes = marks_of(piece)
    height = max((b.y1 - b.y0 for b in boxes), default=0)
    if signed:
        boxes = _parted(piece, boxes, height)
    tall = [b for b in boxes if b.y1 - b.y0 >= _FIGURE * height]
    if not tall:
        return Figures((), {}, "")
    start, sign, sure = None, "", True
    if signed:
        start, sign, sure = _seen_sign(piece, boxes, tall, height) or (None, "?", False)
    if start is not None:
        tall = [b for b in tall if b.x1 <= start + 1]
    shapes = [shape for box in tall for shape in _shapes(piece, box, height)]
    body = piece if start is None else piece[:, : int(start)]
    count, marks = decimal_marks(body) if tall and body.size else (0, {})
    between = {at: mark for at, mark in marks.items() if 0 < at < len(shapes)} if count == len(shapes) else {}
    return Figures(tuple(shapes), between, sign, sure)


def sign_of_word(piece: Pixels, tail: int) -> tuple[str, bool]:
    """The sign on a picture of a number before `tail` marks of punctuation, and whether it is sure; "?" for none."""
    boxes = marks_of(piece)
    height = max((b.y1 - b.y0 for b in boxes), default=0)
    boxes = _parted(piece, boxes, height)
    end = float(piece.shape[1])
    for _ in range(2 * tail):  # a semicolon is two pieces of ink
        if boxes and boxes[-1].x1 - boxes[-1].x0 <= _PUNCTUATION * height:
            end = boxes.pop().x0
    tall = [b for b in boxes if b.y1 - b.y0 >= _FIGURE * height]
    seen = _seen_sign(piece[:, : int(end)], boxes, tall, height) if tall and end >= 1 else None
    return ("?", False) if seen is None else seen[1:]


def marks_of(piece: Pixels) -> list[Box]:
    """The connected pieces of ink, from left to right, without specks."""
    if min(piece.shape, default=0) < 3:
        return []
    level, ink = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if level > 235:
        return []
    count, _, stats, _ = cv2.connectedComponentsWithStats(as_pixels(ink), connectivity=8)
    tallest = max((int(stats[n][3]) for n in range(1, count)), default=0)
    boxes = []
    for number in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[number])
        if area >= 0.01 * tallest * tallest:
            boxes.append(Box(x, y, x + width, y + height))
    return sorted(boxes)


def _parted(piece: Pixels, boxes: Sequence[Box], height: float) -> list[Box]:
    """The marks of a number; a figure that touches the sign after it is one of its own, up to where least ink is."""
    out: list[Box] = []
    for box in boxes:
        if box.x1 - box.x0 <= _TOO_WIDE * height or box.y1 - box.y0 < _FIGURE * height:
            out.append(box)
            continue
        first = int(box.x0 + _FIGURE_WIDTH[0] * height)
        columns = piece[int(box.y0) : int(box.y1), first : int(box.x0 + _FIGURE_WIDTH[1] * height)]
        at = float(first + int(np.argmax(columns.mean(axis=0))))
        out += [Box(box.x0, box.y0, at, box.y1), Box(at, box.y0, box.x1, box.y1)]
    return out


def _sign_starts(boxes: Sequence[Box], tall: Sequence[Box], height: float) -> list[float]:
    """Where the sign at the end of a number may begin: at an upper ring, or as a last mark too wide for a figure."""
    top = min(b.y0 for b in tall)
    rings = [
        b
        for b in boxes
        if _RING[0] * height < b.y1 - b.y0 <= _RING[1] * height
        and b.y1 <= top + _RING_ABOVE * height
        and b.y0 < top + 0.25 * height
    ]
    wide = [b.x0 for b in tall if b.x1 - b.x0 >= 0.85 * height][-1:]
    return [*sorted(b.x0 for b in rings), *wide]


def _seen_sign(
    piece: Pixels, boxes: Sequence[Box], tall: Sequence[Box], height: float
) -> tuple[float, str, bool] | None:
    """Where the sign of a number begins, which it is, and whether that is sure; None where there is none.

    What looks like the first ring may be a piece of a broken figure: then the sign is too wide for one.
    """
    starts = _sign_starts(boxes, tall, height)
    for start in starts:
        sign, sure = _sign(piece[:, int(start) :], height)
        if sign != "?":
            return start, sign, sure
    return (starts[0], "?", False) if starts else None


def _sign(piece: Pixels, height: float) -> tuple[str, bool]:
    """Whether a sign is `%` or `‰`, by two of three measures, and whether all three agree; "?" for neither."""
    big = cv2.resize(piece, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    ink = as_pixels(cv2.threshold(big, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1])
    rows, columns = np.where(ink.any(axis=1))[0], np.where(ink.any(axis=0))[0]
    if not len(rows):
        return "?", False
    cut = ink[rows[0] : rows[0] + round(3 * height), columns[0] : columns[-1] + 1]
    tall, wide = cut.shape
    if wide > _TOO_WIDE * tall or wide < 0.5 * tall:
        return "?", False
    lower = (cut[int(0.55 * tall) : int(0.95 * tall)] > 0).astype(np.int8)
    strokes = (np.diff(lower, axis=1, prepend=0) == 1).sum(axis=1)
    contours, tree = cv2.findContours(cut, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    rings = sum(
        tree[0][n][3] >= 0 and cv2.contourArea(contour) > 0.006 * tall * tall for n, contour in enumerate(contours)
    )
    votes = (
        (wide > _PERMILLE_WIDTH * tall)
        + (float(np.percentile(strokes, 75)) >= _PERMILLE_STROKES)
        + (rings >= _PERMILLE_RINGS)
    )
    return "‰" if votes >= 2 else "%", votes in (0, 3)


def _shapes(piece: Pixels, box: Box, height: float) -> list[Shape]:
    """The shape of a mark; of each half where two figures touch."""
    return [shape_of(piece, half) for half in single_figures(box, height)]


def single_figures(mark: Box, height: float) -> list[Box]:
    """A mark, or so many parts of it as figures are likely to touch there; `height` is that of a figure."""
    x0, y0, x1, y1 = (int(v) for v in mark)
    parts = max(2, round((x1 - x0) / (_USUAL_WIDTH * height))) if x1 - x0 > _WIDEST * height else 1
    edges = np.linspace(x0, x1, parts + 1).round().astype(int)
    return [Box(left, y0, right, y1) for left, right in pairwise(edges)]


def shape_of(piece: Pixels, box: Box) -> Shape:
    """The figure in a box on a canvas of its own, in its proportions, as a vector of length 1."""
    x0, y0, x1, y1 = (int(v) for v in box)
    grey = piece[y0:y1, x0:x1]
    tall, wide = grey.shape
    width = min(_WIDE, max(2, round(wide * _TALL / tall)))
    scaled = 255 - cv2.resize(grey, (width, _TALL), interpolation=cv2.INTER_AREA).astype(np.float32)
    canvas = np.zeros((_TALL, _WIDE), dtype=np.float32)
    left = (_WIDE - width) // 2
    canvas[:, left : left + width] = scaled
    return unit(cv2.GaussianBlur(canvas, (0, 0), 0.7).ravel())
