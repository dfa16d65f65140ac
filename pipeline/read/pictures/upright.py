"""Pages scanned sideways or upside down: suspected by cheap measures, decided by reading a few lines each way."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.read.pictures.clean import Cleaned, clean
from pipeline.read.pictures.picture import Picture, Pixels, as_pixels, shrink
from pipeline.read.recognition.second import SecondReader, second_reader
from pipeline.read.token import Token
from pipeline.vietnamese import is_syllable

# Side of the picture (pixels) on which the direction of the lines is measured.
_SIDE = 900
# How much sharper the columns of a page must be than its rows before it may lie sideways.
_SHARPER = 1.3
# A page with less of its letters in sure syllables than this may stand on its head.
_ILLEGIBLE = 0.45
# What another way up must gain in legibility to be the right one, and the lines that are tried.
_GAIN = 0.2
_LINES = 6
_LETTER = 20.0
_SURE = 0.75


def turned(picture: Picture, degrees: int) -> Picture:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 0:
        return picture
    pixels = np.ascontiguousarray(np.rot90(picture.pixels, k=-degrees // 90))
    if degrees == 180:
        return Picture(pixels, picture.width, picture.height)
    return Picture(pixels, picture.height, picture.width)


def quarter_turn(picture: Picture, language: str) -> int:
    """By how many degrees clockwise (0, 90 or 270) a page must be turned whose lines may run up or down."""
    if not _may_lie_sideways(picture.pixels):
        return 0
    reader = second_reader(language)
    if reader is None:
        return 0
    found = {degrees: legibility(clean(turned(picture, degrees).pixels), reader) for degrees in (0, 90, 270)}
    best = max(found, key=found.__getitem__)
    return best if found[best] > found[0] + _GAIN else 0


def missing_turn(cleaned: Cleaned, tokens: Sequence[Token], language: str) -> int:
    """By how many degrees clockwise a page must still be turned that was read without success; 0 mostly."""
    if not tokens or share_of_syllables([(t.text, t.confidence) for t in tokens]) > _ILLEGIBLE:
        return 0
    reader = second_reader(language)
    if reader is None:
        return 0
    so_far = legibility(cleaned, reader)
    for degrees in (180, 90, 270):
        grey = as_pixels(np.ascontiguousarray(np.rot90(cleaned.grey, k=-degrees // 90)))
        if legibility(Cleaned(grey, cleaned.to_page, letter=cleaned.letter), reader) > so_far + _GAIN:
            return degrees
    return 0


def legibility(cleaned: Cleaned, reader: SecondReader) -> float:
    """How much of the letters on a few lines of a page is read as sure syllables, from 0 to 1."""
    if cleaned.blank:
        return 0.0
    scale = _LETTER / cleaned.letter
    words = [word for line in _lines(cleaned) for word in reader.read(line, scale)]
    return share_of_syllables([(word.text, word.confidence) for word in words])


def share_of_syllables(words: Sequence[tuple[str, float]]) -> float:
    """The share of letters and figures in words that are syllables or numbers and were read for sure."""
    total = good = 0
    for text, confidence in words:
        bare = text.strip(".,;:!?()\"'“”-–/")
        length = sum(c.isalnum() for c in bare)
        total += max(1, length)
        if confidence >= _SURE and (bare.isdigit() or (length > 1 and is_syllable(bare))):
            good += length
    return good / total if total else 0.0


def _may_lie_sideways(pixels: Pixels) -> bool:
    small = shrink(pixels, _SIDE)
    if small.ndim == 3:
        small = as_pixels(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    size = (small.shape[1], small.shape[0])
    paper = cv2.medianBlur(small, 21) if min(size) > 21 else small
    ink = cv2.subtract(as_pixels(paper), as_pixels(small)).astype(np.float64)
    ink[ink < 25] = 0
    inner = ink[size[1] // 12 : -size[1] // 12 or None, size[0] // 12 : -size[0] // 12 or None]
    if inner.size == 0:
        return False
    rows, columns = _sharpness(inner.mean(axis=1)), _sharpness(inner.mean(axis=0))
    return columns > _SHARPER * rows


def _sharpness(profile: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.square(np.diff(profile)).mean()) if len(profile) > 1 else 0.0


def _lines(cleaned: Cleaned) -> list[Pixels]:
    """The bands of the page with most ink that are as high as a line of text."""
    ink = cleaned.grey < 150
    filled = ink.sum(axis=1) > 0.004 * ink.shape[1]
    bands: list[tuple[int, int, int]] = []
    start: int | None = None
    for row, here in enumerate([*filled.tolist(), False]):
        if here and start is None:
            start = row
        elif not here and start is not None:
            if 0.8 * cleaned.letter <= row - start <= 4 * cleaned.letter:
                bands.append((int(ink[start:row].sum()), start, row))
            start = None
    margin = round(0.3 * cleaned.letter)
    best = sorted(bands, reverse=True)[:_LINES]
    return [cleaned.grey[max(0, top - margin) : bottom + margin] for _, top, bottom in best]
