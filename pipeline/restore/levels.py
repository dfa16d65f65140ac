"""Few levels for many values: a code book, found by splitting and then moved to the middle of what it stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.choices import Floats

_STEP = 0.01  # values nearer than this are one
_ROUNDS = 12  # of moving the levels
_BLOCK = 4096  # points compared at once
Points = NDArray[np.float64]


def choose_levels(values: Floats, most: int) -> tuple[Floats, NDArray[np.uint8]]:
    """At most so many rows that stand for the rows of `values`, and for each of these the number of the nearest.

    The sum of the squared distances is small, not the smallest there is. The same values give the same levels; without
    values there is one level, of zeros.
    """
    if not len(values):
        return np.zeros((1, values.shape[1]), dtype=np.float32), np.zeros(0, dtype=np.uint8)
    points, inverse, counts = np.unique(np.rint(values / _STEP), axis=0, return_inverse=True, return_counts=True)
    levels = _split(points, counts, most)
    for _ in range(_ROUNDS):
        nearest = _nearest(points, levels)
        weights = np.bincount(nearest, weights=counts, minlength=len(levels))
        sums = [np.bincount(nearest, weights=counts * column, minlength=len(levels)) for column in points.T]
        used = weights > 0
        levels[used] = (np.stack(sums, axis=1)[used].T / weights[used]).T
    return (levels * _STEP).astype(np.float32), _nearest(points, levels)[inverse.reshape(-1)].astype(np.uint8)


def _split(points: Points, counts: NDArray[np.int64], most: int) -> Points:
    """The middles of so many boxes, made by halving, again and again, the one that is worst."""
    boxes = [np.arange(len(points))]
    errors = [_errors(points, counts)]
    while len(boxes) < most and max(map(max, errors)) > 0:
        worst = int(np.argmax([error.max() for error in errors]))
        box = boxes.pop(worst)
        column = points[box, int(errors.pop(worst).argmax())]
        low = column <= np.average(column, weights=counts[box])
        for part in (box[low], box[~low]):
            boxes.append(part)
            errors.append(_errors(points[part], counts[part]))
    return np.stack([np.average(points[box], axis=0, weights=counts[box]) for box in boxes])


def _errors(points: Points, counts: NDArray[np.int64]) -> Points:
    """The sum of the squared distances to the middle, for each column."""
    distances: Points = points - np.average(points, axis=0, weights=counts)
    errors: Points = counts @ distances**2
    return errors


def _nearest(points: Points, levels: Points) -> NDArray[np.intp]:
    """The nearest level of each point."""
    lengths = (levels**2).sum(axis=1)
    blocks = (points[begin : begin + _BLOCK] for begin in range(0, len(points), _BLOCK))
    return np.concatenate([np.argmin(lengths - 2 * block @ levels.T, axis=1) for block in blocks])
