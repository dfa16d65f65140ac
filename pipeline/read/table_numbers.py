"""The numbers of a page's tables held against the page's own figures, and against the other numbers of their column.

Tesseract's readings of one cell share their errors (`59` for `55`, `7.819` for `77.819`, `%` for `‰`); figures that are
compared with their likes elsewhere on the page (`pipeline.read.glyphs`) do not. Where both agree a number is believed.
Where they differ the figures win if they are clear, and what tesseract read becomes an alternative; else the cell says
its doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.read.cells import ink_lines
from pipeline.read.clean import Cleaned
from pipeline.read.glyphs import Figures, Match, figures_of, learn
from pipeline.read.token import PlacedLine, Token, box_of
from pipeline.read.twice import AGREED, DIFFERENT, FIGURES_AGREED

# A reading of a page's table from which its figures may be learnt.
_SURE = 0.75
# Likeness to a model and distance from every other from which figures are clear: beyond both, all figures of 2,200
# cells at five levels of damage were right.
_CLEAR, _APART = 0.8, 0.05
# For what was first read as a word, or not at all; and its confidence then.
_CLEARER, _FURTHER, _ONLY_FIGURES = 0.85, 0.08, 0.75
_OUTVOTED, _DOUBTED = 0.8, DIFFERENT - 0.02
# Cells whose sign or separators make the habit of a column, and their share.
_HABIT, _HABIT_SHARE = 3, 0.75
_LONGEST_WORD = 4

_NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,15}){0,6}(?:%|‰)?")
_VALID = re.compile(r"(?:\d{1,3}(?:\.\d{3}){1,5}|\d{1,15})(?:,\d{1,9})?(?:%|‰)?")
_SIGN = re.compile(r"[%‰°]|[°0oO]/[0oO]")
_SPOILT_SIGN = re.compile(r"(?<=\d)\s?(?:[%X][oO0]|[°0oO]/[0oO]{1,2}|°)$")

_CUT_DECIMAL = re.compile(r"\d{1,9}[.,]\d{1,9}[^\d\s]")
_DATE_OR_RANGE = re.compile(r"\d{1,8}(?:[/–-]\d{1,8}){1,3}")

Place = tuple[int, int]  # line, cell


@dataclass(slots=True)
class _Cell:
    """A cell with figures: what was read, and what its figures show."""

    text: str
    tokens: tuple[Token, ...]
    figures: Figures
    column: tuple[int, int]  # table, column
    match: Match | None = None

    @property
    def confidence(self) -> float:
        return min((token.confidence for token in self.tokens), default=0.0)

    @property
    def readings(self) -> list[str]:
        """All that tesseract read, the chosen one first."""
        return [self.text, *(text for token in self.tokens for text, _ in token.alternatives)]


def check_numbers(lines: Sequence[PlacedLine], cleaned: Cleaned) -> list[PlacedLine]:
    """The lines with the numbers of their table rows held against the page's own figures."""
    cells = dict(_cells(lines, cleaned))
    sure = [(c.text, c.figures) for c in cells.values() if c.confidence >= _SURE and _NUMBER.fullmatch(c.text)]
    models = learn(sure)
    if not models.labels:
        return list(lines)
    chosen: dict[Place, Token] = {}
    numeric = _numeric_columns(cells.values())
    for place, cell in cells.items():
        cell.match = models.read(cell.figures)
        if _NUMBER.fullmatch(cell.text) and not set(_figures(cell.text)) <= set(models.labels):
            continue  # a figure that the page shows too seldom to know it
        token = _decide(cell, in_numbers=cell.column in numeric)
        if token is not None:
            chosen[place] = token
    _follow_columns(cells, chosen)
    return [_with(line, number, chosen) for number, line in enumerate(lines)]


def _cells(lines: Sequence[PlacedLine], cleaned: Cleaned) -> Iterable[tuple[Place, _Cell]]:
    for number, line in enumerate(lines):
        if line.table is None:
            continue
        for index, (grid_cell, tokens) in enumerate(zip(line.grid_cells, line.cells, strict=True)):
            text = _SPOILT_SIGN.sub("‰", "".join(t.text for t in tokens)).rstrip(".") if tokens else ""
            if not text or not (_NUMBER.fullmatch(text) or _may_be_number(text)):
                continue
            ink = ink_lines(cleaned, grid_cell.box)
            if len(ink) == 1:
                figures = figures_of(ink[0].piece, signed=bool(_SIGN.search(text)))
                yield (number, index), _Cell(text, tokens, figures, (line.table, grid_cell.column))


def _may_be_number(text: str) -> bool:
    """Whether a short word, or one of figures mostly, may be a number that was read wrongly."""
    if len(text) <= _LONGEST_WORD:
        return True
    return 2 * sum(c.isdigit() for c in text) > len(text) and not _DATE_OR_RANGE.fullmatch(text)


def _numeric_columns(cells: Iterable[_Cell]) -> set[tuple[int, int]]:
    """The columns most of whose read cells are numbers."""
    counts: dict[tuple[int, int], list[bool]] = {}
    for cell in cells:
        counts.setdefault(cell.column, []).append(bool(_NUMBER.fullmatch(cell.text)))
    return {column for column, found in counts.items() if sum(found) >= 3 and 2 * sum(found) > len(found)}


def _decide(cell: _Cell, *, in_numbers: bool) -> Token | None:
    """The cell's number after both readings; None where it stays as it was read."""
    match = cell.match
    if match is None:
        return None
    is_number = _NUMBER.fullmatch(cell.text) is not None
    if not is_number:
        clear = match.likeness >= _CLEARER and match.margin >= _FURTHER
        if clear and in_numbers:
            return _token(cell, _composed(cell, match), _ONLY_FIGURES)
        spoilt = (in_numbers and any(c.isdigit() for c in cell.text)) or bool(_CUT_DECIMAL.match(cell.text))
        return _token(cell, cell.text, min(cell.confidence, _DOUBTED)) if spoilt else None
    # A sign that begins too early has taken figures with it.
    cut_off = bool(cell.figures.sign) and len(_figures(match.text)) < len(_figures(cell.text))
    clear = match.likeness >= _CLEAR and match.margin >= _APART and not cut_off
    if cut_off:
        return _token(cell, cell.text, min(cell.confidence, _DOUBTED))
    text = _composed(cell, match)
    if text == cell.text:
        return _token(cell, text, max(cell.confidence, AGREED if clear and _VALID.fullmatch(text) else 0.0))
    if not clear:
        return _token(cell, cell.text, min(cell.confidence, _DOUBTED), text)
    if _figures(text) != _figures(cell.text):
        return _token(cell, text, _OUTVOTED if _VALID.fullmatch(text) else _DOUBTED)
    return _token(cell, text, FIGURES_AGREED if _VALID.fullmatch(text) else _DOUBTED)


def _composed(cell: _Cell, match: Match) -> str:
    """The figures of the shapes with the marks between them on which the readings agree best."""
    figures = _figures(match.text)
    votes: Counter[str] = Counter()
    for reading in [*cell.readings, match.text]:
        body = reading.rstrip("%‰").strip(".")
        if sum(map(str.isalnum, body)) == len(figures) and all(c.isalnum() or c in ".," for c in body):
            votes[_marked(figures, body)] += 1
    if not votes:
        votes[match.text.rstrip("%‰?")] += 1
    best = max(votes, key=lambda text: (_VALID.fullmatch(text) is not None, votes[text], sum(c in ".," for c in text)))
    sign = cell.figures.sign
    if sign == "?":
        sign = cell.text[-1] if cell.text[-1] in "%‰" else ""
    return best + sign


def _marked(figures: str, pattern: str) -> str:
    """Figures with the marks of a reading that has as many."""
    rest = iter(figures)
    return "".join(next(rest) if c.isalnum() else c for c in pattern)


def _figures(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


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


def _with(line: PlacedLine, number: int, chosen: dict[Place, Token]) -> PlacedLine:
    if not any(place[0] == number for place in chosen):
        return line
    cells = tuple((chosen[number, n],) if (number, n) in chosen else cell for n, cell in enumerate(line.cells))
    return replace(line, cells=cells)


# --------------------------------------------------------------------------------------------- columns


def _follow_columns(cells: dict[Place, _Cell], chosen: dict[Place, Token]) -> None:
    """Marks and signs that only one cell of a column has become those of the others where its form allows it."""
    by_column: dict[tuple[int, int], list[Place]] = {}
    for place, cell in cells.items():
        if place in chosen and _NUMBER.fullmatch(chosen[place].text):
            by_column.setdefault(cell.column, []).append(place)
    for places in by_column.values():
        forms = Counter(_form(chosen[p].text) for p in places if chosen[p].confidence >= _SURE)
        signs = Counter(_sign_of(chosen[p].text) for p in places if cells[p].figures.sign_sure)
        for place in places:
            token = _with_usual_sign(chosen[place], cells[place], signs)
            chosen[place] = _with_usual_marks(token, forms)


def _with_usual_sign(token: Token, cell: _Cell, signs: Counter[str]) -> Token:
    """A sign that cannot be told for sure is that of the column."""
    if cell.figures.sign_sure:
        return token
    usual, count = max(((s, n) for s, n in signs.items() if s), key=lambda item: item[1], default=("", 0))
    signed = sum(n for s, n in signs.items() if s)
    if count < _HABIT or count < _HABIT_SHARE * signed:
        return replace(token, confidence=min(token.confidence, _DOUBTED))
    return _changed(token, token.text.rstrip("%‰") + usual, _OUTVOTED)


def _with_usual_marks(token: Token, forms: Counter[Form]) -> Token:
    """A point where the column has commas, or a mark that is missing where all others have one."""
    form = _form(token.text)
    usual = _usual(form, forms)
    if usual is not None:
        return _changed(token, _written(token.text, usual), _OUTVOTED)
    mark, after = _only(forms)
    figures = _figures(token.text)
    if form[0] or not mark or len(figures) <= after or figures.startswith("0" * len(figures)):
        return token
    text = figures[:-after] + mark + figures[-after:] + _sign_of(token.text)
    if any(reading == text for reading, _ in token.alternatives):
        return _changed(token, text, _OUTVOTED)
    doubt = min(token.confidence, _DOUBTED)
    return replace(token, confidence=doubt, alternatives=(*token.alternatives, (text, doubt)))


def _changed(token: Token, text: str, confidence: float) -> Token:
    if text == token.text:
        return token
    alternatives = ((token.text, DIFFERENT), *(a for a in token.alternatives if a[0] != text))
    return replace(token, text=text, confidence=min(token.confidence, confidence), alternatives=alternatives)


def _sign_of(text: str) -> str:
    return text[-1] if text[-1:] in ("%", "‰") else ""


def _only(forms: Counter[Form]) -> Form:
    """The decimals that all but hardly any numbers of a column have; no mark where they vary."""
    form, count = max(forms.items(), key=lambda item: item[1], default=(("", 0), 0))
    steady = form[0] == "," and count >= 2 * _HABIT and count >= 0.9 * sum(forms.values())
    return form if steady else ("", 0)


Form = tuple[str, int]  # the last mark, figures after it


def _form(text: str) -> Form:
    body = text.rstrip("%‰")
    mark = max(body.rfind("."), body.rfind(","))
    return ("", 0) if mark < 0 else (body[mark], len(body) - mark - 1)


def _usual(form: Form, forms: Counter[Form]) -> Form | None:
    """What a column writes where this cell has the other mark before as many figures."""
    mark, after = form
    if not mark:
        return None
    other = ("," if mark == "." else ".", after)
    both = forms[form] + forms[other]
    return other if forms[other] >= _HABIT and forms[other] >= _HABIT_SHARE * both else None


def _written(text: str, form: Form) -> str:
    """The number with the last mark of that form; all its marks, where they part thousands."""
    mark, after = form
    if mark == "." and after == 3:
        return text.replace(",", ".")
    body = text.rstrip("%‰")
    at = len(body) - after - 1
    return text[:at] + mark + text[at + 1 :]
