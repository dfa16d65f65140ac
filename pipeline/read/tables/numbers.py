"""The numbers of a page's tables held against the page's own figures, and against the other numbers of their column.

Tesseract's readings of one cell share their errors (`59` for `55`, `7.819` for `77.819`, `%` for `‰`); figures that
are compared with their likes elsewhere on the page (`pipeline.read.recognition.glyphs`) do not. Where both agree
a number is believed. Where they differ the figures win if they are clear, and what tesseract read becomes an
alternative; else the cell says its doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.glyphs import Figures, Match, Models, figures_of, learn
from pipeline.read.recognition.number_forms import (
    NUMBER,
    OUTVOTED,
    SURE,
    VALID,
    figures_in,
    follow_habits,
    sign_of,
)
from pipeline.read.recognition.twice import AGREED, DIFFERENT, DOUBTED, FIGURES_AGREED
from pipeline.read.tables.cells import ink_lines
from pipeline.read.token import GridCell, PlacedLine, Token, box_of

# Likeness to a model and distance from every other from which figures are clear: beyond both, all figures of 2,200
# cells at five levels of damage were right.
_CLEAR, _APART = 0.8, 0.05
# For what was first read as a word, or not at all; and its confidence then.
_CLEARER, _FURTHER, _ONLY_FIGURES = 0.85, 0.08, 0.75
# A word that may be a number, and any text with a figure.
_LONGEST_WORD, _LONGEST_NUMBER = 4, 24
# Share of a column's numbers whose sign makes it a column of signs.
_SIGNED_SHARE = 0.6

_SIGN = re.compile(r"[%‰°]|[°0oO]/[0oO]")
# What readers make of a sign at the end of a number.
_SPOILT_SIGN = re.compile(r"(?<=[\dA-Za-z])\s?(?:X{0,2}%[oO0aeø4°X›‹%]{1,3}|X[4oO0%]{1,2}|[°0oO]/[0oO]{1,2}|°)$")
_CUT_DECIMAL = re.compile(r"\d{1,9}[.,]\d{1,9}[^\d\s]")
# What holds figures without being a number: dates, ranges, shares, limits, a number with its unit, signs before it.
_OTHER_FORM = re.compile(
    r"\d{1,8}(?:\s?[/–-]\s?\d{1,8}){1,3}|[<>≥≤~≈±+–-]=?\s?\d[\d.,]{0,15}(?:%|‰)?|\([\d.,%‰+–-]{1,16}\)"
    r"|\d[\d.,]{0,15}(?:\s[^\W\d_]{1,8}(?:/[^\W\d_]{1,8})?|m[²³23]?|km²?|ha|kg|[.)]|[IVX]{1,4}|[a-zđ])"
    r"|\d{1,3}(?:\.\d{1,3}){1,3}\.?"
)

Place = tuple[int, int]  # line, cell


@dataclass(slots=True)
class _Cell:
    """A cell with figures: what was read, and what its figures show."""

    text: str
    tokens: tuple[Token, ...]
    figures: Figures
    column: tuple[int, int]  # table, column

    @property
    def confidence(self) -> float:
        return min((token.confidence for token in self.tokens), default=0.0)

    @property
    def readings(self) -> list[str]:
        """All that tesseract read, the chosen one first."""
        return [self.text, *(text for token in self.tokens for text, _ in token.alternatives)]


def check_numbers(lines: Sequence[PlacedLine], cleaned: Cleaned) -> list[PlacedLine]:
    """The lines with the numbers of their table rows held against the page's own figures and those of their column."""
    texts = {place: (_plain(tokens), grid_cell) for place, grid_cell, tokens in _filled(lines)}
    columns = _columns(lines, texts)
    cells: dict[Place, _Cell] = {}
    for place, (text, grid_cell) in texts.items():
        column = columns.get(_column_of(lines, place), _NO_NUMBERS)
        if NUMBER.fullmatch(text) or _may_be_number(text, in_numbers=column.numeric):
            figures = _figures_at(cleaned, grid_cell, text, signed_column=column.signed)
            if figures is not None:
                tokens = lines[place[0]].cells[place[1]]
                cells[place] = _Cell(text, tokens, figures, _column_of(lines, place))
    sure = [(c.text, c.figures) for c in cells.values() if c.confidence >= SURE and NUMBER.fullmatch(c.text)]
    models = learn(sure)
    chosen: dict[Place, Token] = {}
    for place, cell in cells.items():
        token = _decide(cell, models, columns.get(cell.column, _NO_NUMBERS))
        if token is not None:
            chosen[place] = token
    _follow_columns(cells, chosen)
    return [_with(line, number, chosen) for number, line in enumerate(lines)]


class _Column(NamedTuple):
    """Whether most filled cells of a column are numbers, and most of these have a sign."""

    numeric: bool
    signed: bool


_NO_NUMBERS = _Column(numeric=False, signed=False)


def _filled(lines: Sequence[PlacedLine]) -> Iterator[tuple[Place, GridCell, tuple[Token, ...]]]:
    for number, line in enumerate(lines):
        if line.table is not None:
            for index, (grid_cell, tokens) in enumerate(zip(line.grid_cells, line.cells, strict=True)):
                if tokens:
                    yield (number, index), grid_cell, tokens


def _plain(tokens: Sequence[Token]) -> str:
    """The text of a cell; a sign that readers take apart is one again."""
    text = " ".join(t.text for t in tokens)
    closed = _SPOILT_SIGN.sub("‰", text.replace(" ", "").rstrip("."))
    return closed if NUMBER.fullmatch(closed) or len(tokens) == 1 else text


def _column_of(lines: Sequence[PlacedLine], place: Place) -> tuple[int, int]:
    line = lines[place[0]]
    return line.table if line.table is not None else -1, line.grid_cells[place[1]].column


def _columns(
    lines: Sequence[PlacedLine], texts: Mapping[Place, tuple[str, GridCell]]
) -> dict[tuple[int, int], _Column]:
    """The columns most of whose short cells are numbers."""
    numbers: Counter[tuple[int, int]] = Counter()
    short: Counter[tuple[int, int]] = Counter()
    signed: Counter[tuple[int, int]] = Counter()
    for place, (text, _) in texts.items():
        column = _column_of(lines, place)
        number = NUMBER.fullmatch(text) is not None
        numbers[column] += number
        signed[column] += number and bool(sign_of(text))
        short[column] += number or _may_be_number(text, in_numbers=True)
    return {
        column: _Column(numeric=True, signed=signed[column] >= _SIGNED_SHARE * count)
        for column, count in numbers.items()
        if count >= 3 and 2 * count > short[column]
    }


def _figures_at(cleaned: Cleaned, cell: GridCell, text: str, *, signed_column: bool) -> Figures | None:
    """The figures that a cell of one line shows; None where it shows another count of lines."""
    ink = ink_lines(cleaned, cell.box)
    if len(ink) != 1:
        return None
    signed = bool(_SIGN.search(text))
    figures = figures_of(ink[0].piece, signed=signed or signed_column)
    if not signed and figures.sign == "?":  # the column's sign is not on this number
        figures = figures_of(ink[0].piece, signed=False)
    return figures


def _may_be_number(text: str, *, in_numbers: bool) -> bool:
    """Whether a short word, or one of figures mostly, may be a number that was read wrongly."""
    if _OTHER_FORM.fullmatch(text):
        return False
    if len(text) <= _LONGEST_WORD:
        return True
    digits = sum(c.isdigit() for c in text)
    return 2 * digits > len(text) or (in_numbers and digits > 0 and len(text) <= _LONGEST_NUMBER)


def _decide(cell: _Cell, models: Models, column: _Column) -> Token | None:
    """The cell's number after both readings; None where it stays as it was read."""
    known = set(figures_in(cell.text)) <= set(models.labels)
    match = models.read(cell.figures) if models.labels else None
    is_number = NUMBER.fullmatch(cell.text) is not None
    if match is None or (is_number and not known):  # a figure that the page shows too seldom to know it
        spoilt = not is_number and column.numeric and bool(figures_in(cell.text))
        return _token(cell, cell.text, min(cell.confidence, DOUBTED)) if spoilt else None
    text = _composed(cell, match)
    valid = VALID.fullmatch(text) is not None
    if not is_number:
        return _number_for_word(cell, match, text if valid else "", column)
    # A sign that begins too early has taken figures with it, and one that was read as figures has added some.
    if cell.figures.sign and len(figures_in(match.text)) < max(len(figures_in(_unsigned(t))) for t in cell.readings):
        is_tail = column.signed and not sign_of(cell.text) and cell.text.startswith(text.rstrip("%‰"))
        if is_tail and valid and cell.figures.sign in "%‰" and _is_clear(match):
            return _token(cell, text, _ONLY_FIGURES)
        return _in_doubt(cell, text)
    clear = _is_clear(match)
    if _marks_in_dispute(cell, text):
        return _token(cell, text, DOUBTED)
    if text == cell.text:
        if not valid and not _OTHER_FORM.fullmatch(text):
            return _token(cell, text, min(cell.confidence, DOUBTED))
        return _token(cell, text, max(cell.confidence, AGREED) if clear and valid else cell.confidence)
    # Two figures that touch may look like one: where all readings have more figures, none is believed.
    lost = len(figures_in(text)) < min(len(figures_in(reading)) for reading in cell.readings)
    if not clear or lost:
        return _in_doubt(cell, text)
    if not valid:
        return _token(cell, text, DOUBTED)
    return _token(cell, text, FIGURES_AGREED if figures_in(text) == figures_in(cell.text) else OUTVOTED)


def _marks_in_dispute(cell: _Cell, text: str) -> bool:
    """Whether readings give the same figures other marks (`84,9`, `849`), and the picture shows none to decide."""
    if cell.figures.marks:
        return False
    bodies = {_SPOILT_SIGN.sub("", reading).rstrip("%‰.") for reading in (text, *cell.readings)}
    return sum(figures_in(body) == figures_in(text) and VALID.fullmatch(body) is not None for body in bodies) > 1


def _in_doubt(cell: _Cell, text: str) -> Token:
    """What was read, beside what its figures show; the sign that is surely seen is chosen."""
    only_sign = text.rstrip("%‰") == cell.text.rstrip("%‰") and cell.figures.sign_sure
    likelier, other = (text, cell.text) if only_sign else (cell.text, text)
    return _token(cell, likelier, min(cell.confidence, DOUBTED), other)


def _unsigned(reading: str) -> str:
    """What stands before a sign and what a reader made of it."""
    return re.split("[%‰X]", reading, maxsplit=1)[0]


def _is_clear(match: Match) -> bool:
    return match.likeness >= _CLEAR and match.margin >= _APART


def _number_for_word(cell: _Cell, match: Match, text: str, column: _Column) -> Token | None:
    """The number that a cell shows which was read as something else; doubt where that is not clear."""
    if text and column.numeric and match.likeness >= _CLEARER and match.margin >= _FURTHER:
        return _token(cell, text, _ONLY_FIGURES)
    spoilt = (column.numeric and bool(figures_in(cell.text))) or bool(_CUT_DECIMAL.match(cell.text))
    return _token(cell, cell.text, min(cell.confidence, DOUBTED)) if spoilt else None


def _composed(cell: _Cell, match: Match) -> str:
    """The figures of the shapes with the marks between them on which the readings agree best."""
    figures = figures_in(match.text)
    votes: Counter[str] = Counter()
    for reading in [*cell.readings, *([match.text] if cell.figures.marks else [])]:
        body = _SPOILT_SIGN.sub("", reading).rstrip("%‰").strip(".")
        if sum(map(str.isalnum, body)) == len(figures) and all(c.isalnum() or c in ".," for c in body):
            votes[_marked(figures, body)] += 1
    if not votes:
        votes[match.text.rstrip("%‰?")] += 1
    best = max(votes, key=lambda text: (VALID.fullmatch(text) is not None, votes[text], sum(c in ".," for c in text)))
    sign = cell.figures.sign
    if sign == "?":
        sign = cell.text[-1] if cell.text[-1] in "%‰" else ""
    return best + sign


def _marked(figures: str, pattern: str) -> str:
    """Figures with the marks of a reading that has as many."""
    rest = iter(figures)
    return "".join(next(rest) if c.isalnum() else c for c in pattern)


def _token(cell: _Cell, text: str, confidence: float, *others: str) -> Token:
    seen = {text}
    alternatives = []
    for reading in (*others, *cell.readings):
        if reading and reading not in seen:
            seen.add(reading)
            alternatives.append((reading, min(confidence, DIFFERENT)))
    first = cell.tokens[0]
    box = box_of(cell.tokens)
    return replace(first, text=text, box=box, confidence=confidence, alternatives=tuple(alternatives))


def _follow_columns(cells: Mapping[Place, _Cell], chosen: dict[Place, Token]) -> None:
    """Marks and signs that only one cell of a column has become those of the others where its form allows it."""
    by_column: dict[tuple[int, int], list[Place]] = {}
    for place, cell in cells.items():
        if place in chosen and NUMBER.fullmatch(chosen[place].text):
            by_column.setdefault(cell.column, []).append(place)
    for places in by_column.values():
        unsure = {n for n, place in enumerate(places) if not cells[place].figures.sign_sure}
        chosen.update(zip(places, follow_habits([chosen[place] for place in places], unsure), strict=True))


def _with(line: PlacedLine, number: int, chosen: dict[Place, Token]) -> PlacedLine:
    if not any(place[0] == number for place in chosen):
        return line
    cells = tuple((chosen[number, n],) if (number, n) in chosen else cell for n, cell in enumerate(line.cells))
    return replace(line, cells=cells)
