"""Printed lines that the reading of the whole page left out: found by their ink, which no word covers, and read alone.

Where the lines of two columns do not stand level (a header with a long name of an office beside the date) the engine
makes one line of two and loses what fits neither; so it does with a short last line. Rings of seals, pens, pictures and
ruled tables are no lines of letters, and what stands inside them is left alone; only Vietnamese and numbers that are
read surely are taken in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import as_pixels
from pipeline.read.recognition.second import SecondReader, second_reader
from pipeline.read.recognition.unread import Marks, ink_level, ink_marks, outside
from pipeline.read.token import Token, bare
from pipeline.vietnamese import is_syllable

# In heights of small letters: how high and wide a letter is, the gap inside a line, the narrowest line.
_HIGH, _WIDE, _GAP, _NARROWEST = (0.45, 2.4), (0.12, 3.2), 1.6, 3.0
# The fewest letters of a line; a mark so high and wide is a ring, a pen or a picture, and what it surrounds is its own.
_FEWEST, _LARGE = 4, 5.0
# What is as high and wide as this share of the page is its frame or its dark edge.
_FRAME = 0.7
# How much the picture is shrunk to find ink.
_SHRUNK = 2
# How sure its words are in the mean, the share of its words that must be words or numbers, its letters at least.
_SURE, _WORDS_SHARE, _FEWEST_READ = 0.85, 0.75, 4
# Height of small letters (pixels) when read alone.
_LETTER = 20.0
# Lines of one page that are read; a page with more ink that no word covers shows pictures.
_MOST_LINES = 12
_NUMBER = re.compile(r"\d{1,12}(?:[.,/–-]\d{1,9}){0,6}%?(?:/[^\W\d_]{1,8}(?:-[^\W\d_]{1,8}){0,3})?")


def with_lost_lines(tokens: Sequence[Token], cleaned: Cleaned, language: str) -> list[Token]:
    """The words with those of the lines that were left out, as rows of their own."""
    if not tokens:
        return []
    places = _lines_of_ink(_uncovered(tokens, cleaned), cleaned.letter)
    reader = second_reader(language) if 0 < len(places) <= _MOST_LINES else None
    if reader is None:
        return list(tokens)
    row = max((token.row for token in tokens if token.row is not None), default=0)
    found: list[Token] = []
    for place in places:
        row += 1
        found += [replace(word, row=row) for word in _read(place, cleaned, reader)]
    return [*tokens, *found]


def _uncovered(tokens: Sequence[Token], cleaned: Cleaned) -> Marks:
    """The letters that no word, table, stamp or seal covers."""
    small = as_pixels(cv2.resize(cleaned.grey, None, fx=1 / _SHRUNK, fy=1 / _SHRUNK, interpolation=cv2.INTER_AREA))
    marks, letter = ink_marks(small, ink_level(small), _SHRUNK), cleaned.letter
    width, height = marks[:, 2] - marks[:, 0], marks[:, 3] - marks[:, 1]
    large = (width >= _LARGE * letter) & (height >= _LARGE * letter)
    large &= (width < _FRAME * cleaned.grey.shape[1]) | (height < _FRAME * cleaned.grey.shape[0])
    size = (height >= _HIGH[0] * letter) & (height <= _HIGH[1] * letter)
    size &= (width >= _WIDE[0] * letter) & (width <= _WIDE[1] * letter)
    covered = [token.box for token in tokens]
    covered += [Box(*mark) for mark in marks[large].tolist()]
    covered += [*cleaned.frames, *(grid.box for grid in cleaned.tables)]
    return outside(marks[size], covered, letter)


def _lines_of_ink(letters: Marks, letter: float) -> list[Box]:
    """The boxes of the lines that letters stand in, from top to bottom."""
    runs: list[list[npt.NDArray[np.int32]]] = []
    for mark in sorted(letters, key=lambda m: int(m[0])):
        middle = (mark[1] + mark[3]) / 2
        for run in runs:
            last = run[-1]
            if mark[0] - last[2] <= _GAP * letter and last[1] - 0.3 * letter <= middle <= last[3] + 0.3 * letter:
                run.append(mark)
                break
        else:
            runs.append([mark])
    found = []
    for run in runs:
        box = Box(*(float(v) for v in (*np.min(run, axis=0)[:2], *np.max(run, axis=0)[2:])))
        if len(run) >= _FEWEST and box.x1 - box.x0 >= _NARROWEST * letter and box.y1 - box.y0 <= 3 * letter:
            found.append(box)
    return sorted(found, key=lambda box: box.y0)


def _read(place: Box, cleaned: Cleaned, reader: SecondReader) -> list[Token]:
    """The words of one line; none where it is not read surely as text."""
    across, down = round(0.8 * cleaned.letter), round(0.5 * cleaned.letter)
    left, top = max(0, int(place.x0) - across), max(0, int(place.y0) - down)
    piece = cleaned.grey[top : int(place.y1) + down, left : int(place.x1) + across]
    words = reader.read(piece, _LETTER / cleaned.letter)
    letters = sum(c.isalnum() for word in words for c in word.text)
    if letters < _FEWEST_READ or sum(word.confidence for word in words) < _SURE * len(words):
        return []
    if sum(_is_word(word.text) for word in words) < _WORDS_SHARE * len(words):
        return []
    return [
        Token(word.text, Box(left + word.x0, place.y0, left + word.x1, place.y1), word.confidence) for word in words
    ]


def _is_word(text: str) -> bool:
    word = bare(text)
    return is_syllable(word) or _NUMBER.fullmatch(word) is not None
