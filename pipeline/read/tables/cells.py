"""Cells of scanned tables read one by one: small lone numbers are what the reading of whole pages loses and mistakes.

Every cell with figures is read again as a number; a cell that shows ink but was given no word is read alone, twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.pictures.strokes import decimal_marks
from pipeline.read.recognition.second import Reading, SecondReader, second_reader
from pipeline.read.recognition.twice import AGREED, DIFFERENT, DOUBTED, FIGURES_AGREED
from pipeline.read.token import GridCell, PlacedLine, Token, box_of
from pipeline.vietnamese import is_syllable

_LIKE_FIGURES = "IlÌÍoOÔSsTZzBbgqt"
# Words shorter than this and less sure may be numbers; the confidence of a number that was first read as a word.
_SHORT, _SURE_WORD, _OUTVOTED = 6, 0.9, 0.75
# Below this confidence a lone mark in a cell is dirt.
_LEAST_CONFIDENCE = 0.3
# Cells of one page that are read one by one.
_MOST_CELLS = 600
# Height of small letters (pixels) in the readings of a cell: as a word, as a number.
_AS_WORD, _AS_NUMBER = 18.0, 24.0
# A number alone, as tables hold it, and what a reader may make of it.
_NUMBER = re.compile(r"[-–+]?\d{1,12}(?:[.,/-]\d{1,9}){0,6}(?:%|‰)?[.)]?")
_LIKE_NUMBER = re.compile(r"[\d.,:;%‰+*°'’`()\[\]|/IlÍÌoOÔSs§-]{1,16}")
_FOOT_MARKS = ".,:;'’`*°|-"
# A line of a cell, in heights of small letters: the least height of its ink, and the ink that is no speck.
_LEAST_LINE = 0.55


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of ink in a cell: its picture, and its box on the page."""

    piece: Pixels
    box: Box


def read_cells_again(lines: Sequence[PlacedLine], cleaned: Cleaned, language: str) -> list[PlacedLine]:
    """The lines with the cells of table rows read one by one where that helps."""
    if not any(line.table is not None for line in lines):
        return list(lines)
    reader = second_reader(language)
    if reader is None:
        return list(lines)
    cells = _Cells(cleaned, reader)
    return [line if line.table is None else cells.row(line) for line in lines]


class _Cells:
    def __init__(self, cleaned: Cleaned, reader: SecondReader) -> None:
        self._cleaned = cleaned
        self._reader = reader
        self._left = _MOST_CELLS

    def row(self, line: PlacedLine) -> PlacedLine:
        """One row of a table."""
        content = tuple(self._cell(cell, tokens) for cell, tokens in zip(line.grid_cells, line.cells, strict=True))
        unread = tuple(
            n
            for n, (cell, tokens) in enumerate(zip(line.grid_cells, content, strict=True))
            if not tokens and ink_lines(self._cleaned, cell.box)
        )
        return line if content == line.cells and not unread else replace(line, cells=content, unread=unread)

    def _cell(self, cell: GridCell, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        text = "".join(t.text for t in tokens)
        if (tokens and not _like_number(tokens, text)) or self._left <= 0:
            return tokens
        ink = ink_lines(self._cleaned, cell.box)
        if not ink or (tokens and len(ink) > 1):
            return tokens
        self._left -= len(ink)
        if tokens:
            return self._number(ink[0], [(text, min(t.confidence for t in tokens))], tokens)
        found: list[Token] = []
        for line in ink:
            words = self._reader.read(line.piece, _AS_WORD / self._cleaned.letter)
            whole = "".join(r.text for r in words)
            sure = min((r.confidence for r in words), default=0.0)
            if not whole or _LIKE_NUMBER.fullmatch(whole):
                found += self._number(line, [(whole, sure)], ())
            elif len(words) == 1 and len(whole) <= _SHORT and (sure < _SURE_WORD or not is_syllable(whole)):
                found += self._number_or_word(line, words[0])
            else:
                found += [_token(r, line.box) for r in words if r.confidence >= _LEAST_CONFIDENCE]
        return tuple(found)

    def _number_or_word(self, line: _Line, word: Reading) -> tuple[Token, ...]:
        """What was read as a short word without being sure: a number where two readings as one agree."""
        votes = self._vote(line, _AS_NUMBER, digits_only=True) + self._vote(line, _AS_WORD, digits_only=True)
        numbers = {text for text, _ in votes}
        doubtful = replace(_token(word, line.box), confidence=min(word.confidence, DOUBTED))
        if len(votes) < 2 or len(numbers) > 1 or not _NUMBER.fullmatch(votes[0][0]):
            return (replace(doubtful, alternatives=tuple((text, 0.3) for text in sorted(numbers))),)
        alternatives = ((word.text, min(word.confidence, DIFFERENT)),)
        return (replace(doubtful, text=votes[0][0], confidence=_OUTVOTED, alternatives=alternatives),)

    def _number(self, line: _Line, votes: list[tuple[str, float]], tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The number on a line of a cell; `votes` holds one reading, whose words are `tokens`."""
        marks = decimal_marks(line.piece)
        votes = [vote for vote in votes if vote[0]]
        votes += self._vote(line, _AS_NUMBER, digits_only=True)
        chosen, confidence = choose([(pointed(text, *marks), certain) for text, certain in votes])
        if confidence < AGREED:
            votes += self._vote(line, _AS_WORD, digits_only=bool(tokens))
            votes += self._vote(line, _AS_NUMBER, digits_only=False) if tokens else []
            chosen, confidence = choose([(pointed(text, *marks), certain) for text, certain in votes])
        if not chosen:
            return tokens
        if not any(c.isdigit() for c in chosen) and tokens:
            return tokens
        others = {text: certain for text, certain in sorted(votes, key=lambda v: v[1]) if text != chosen}
        alternatives = tuple(sorted(((t, min(c, DIFFERENT)) for t, c in others.items()), key=lambda v: -v[1]))
        box = box_of(tokens) if tokens else line.box
        first = tokens[0] if tokens else Token(chosen, box)
        return (replace(first, text=chosen, box=box, confidence=confidence, alternatives=alternatives),)

    def _vote(self, line: _Line, letter: float, *, digits_only: bool) -> list[tuple[str, float]]:
        words = self._reader.read(line.piece, letter / self._cleaned.letter, digits_only=digits_only)
        text = "".join(word.text for word in words)
        return [(text, min(word.confidence for word in words))] if text else []


def _like_number(tokens: Sequence[Token], text: str) -> bool:
    """Whether the words of a cell are a number, or a doubtful short word with figures."""
    if _LIKE_NUMBER.fullmatch(text):
        return True
    doubtful = min(t.confidence for t in tokens) < _SURE_WORD
    figures = any(c.isdigit() for c in text)
    # Other letters belong to a code (`A25006`), which no reading as a number may cut.
    return doubtful and figures and len(text) <= _SHORT and all(c in _LIKE_FIGURES for c in text if c.isalpha())


def pointed(text: str, tall: int, marks: Mapping[int, str]) -> str:
    """A reading of a number with the decimal marks that its picture shows, where it shows as many figures."""
    body = text.rstrip("%‰")
    figures = [c for c in body if c.isdigit()]
    plain = not body.strip("0123456789.,/")
    fits = tall == len(figures) if body == text else tall > len(figures)
    between = {at: mark for at, mark in marks.items() if 0 < at < len(figures)}
    if not (plain and figures and fits and between):
        return text
    read: dict[int, str] = {}
    for position, character in enumerate(body):
        if not character.isdigit():
            read[sum(c.isdigit() for c in body[:position])] = character
    out = []
    for position, figure in enumerate(figures):
        if position in between:
            out.append(read[position] if read.get(position, "/") in ".," else between[position])
        out.append(figure)
    return "".join(out) + text[len(body) :]


def choose(votes: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The reading that most agree on, and how sure that is; ("", 0) without any reading."""
    if not votes:
        return "", 0.0
    numbers = [(text, certain) for text, certain in votes if _NUMBER.fullmatch(text)] or list(votes)
    weight: dict[str, float] = {}
    for text, certain in numbers:
        weight[text] = weight.get(text, 0.0) + 1.0 + certain
    best = max(weight, key=weight.__getitem__)
    count = sum(text == best for text, _ in votes)
    against = sum(_bare(text) != _bare(best) for text, _ in votes)
    if count >= 2 and against == 0:
        return best, AGREED
    if count >= 3:
        return best, FIGURES_AGREED - 0.15
    return best, min(DOUBTED, max(certain for text, certain in votes if text == best))


def _bare(text: str) -> str:
    return text.strip(_FOOT_MARKS)


def ink_lines(cleaned: Cleaned, cell: Box) -> list[_Line]:
    """The lines of ink inside a cell, from top to bottom; specks and remains of its rules are none."""
    letter = cleaned.letter
    inset = max(2, round(0.12 * letter))
    left, top = int(cell.x0) + inset, int(cell.y0) + inset
    piece = cleaned.grey[max(0, top) : int(cell.y1) - inset, max(0, left) : int(cell.x1) - inset]
    if min(piece.shape, default=0) < _LEAST_LINE * letter:
        return []
    level, ink = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if level > 220:
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(as_pixels(ink), connectivity=8)
    profile = [False] * piece.shape[0]
    spans: list[tuple[int, int, int, int]] = []
    for number in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[number])
        if height < _LEAST_LINE * letter or area < 0.12 * letter * letter or height > 4 * letter:
            continue
        if height > 5 * width and (x <= 1 or x + width >= piece.shape[1] - 1):
            continue  # what a rule left behind
        spans.append((x, y, x + width, y + height))
        profile[y : y + height] = [True] * height
    del labels
    lines: list[_Line] = []
    start: int | None = None
    for row, filled in enumerate([*profile, False]):
        if filled and start is None:
            start = row
        elif not filled and start is not None:
            members = [s for s in spans if s[1] >= start and s[3] <= row]
            lines.append(_cut(piece, members, letter, left, top))
            start = None
    return lines


def _cut(piece: Pixels, members: Sequence[tuple[int, int, int, int]], letter: float, left: int, top: int) -> _Line:
    x0, x1 = min(m[0] for m in members), max(m[2] for m in members)
    y0, y1 = min(m[1] for m in members), max(m[3] for m in members)
    # Room for accents above, commas below, a comma or percent sign at the end.
    above, below, side = round(0.45 * letter), round(0.35 * letter), round(0.6 * letter)
    box = (max(0, x0 - side), max(0, y0 - above), min(piece.shape[1], x1 + side), min(piece.shape[0], y1 + below))
    return _Line(piece[box[1] : box[3], box[0] : box[2]], Box(left + x0, top + y0, left + x1, top + y1))


def _token(reading: Reading, line: Box) -> Token:
    return Token(reading.text, Box(line.x0 + reading.x0, line.y0, line.x0 + reading.x1, line.y1), reading.confidence)
