"""What a table says itself about its numbers: rows are counted, rows and columns add up, shares are part over whole.

Where such a rule holds, the numbers that it binds are believed. Where it fails for one of them and another reading of
that number makes it hold, that reading is chosen; what was read stays among the alternatives. Where nothing makes it
hold, the least sure of the numbers that it binds are doubted. A document may add up wrongly itself: a number on whose
figures all readings agree is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.read.layout.rules import LayoutRules
from pipeline.read.recognition.number_forms import SURE, chosen, doubted, figures_in, form_of, sign_of, value_of
from pipeline.read.recognition.twice import AGREED, FIGURES_AGREED
from pipeline.read.token import PlacedLine, Token, text_of
from pipeline.vietnamese import fold

# Confidence of what was chosen because a sum, a share or a sequence asks for it.
_BY_RULE = 0.8
# Cells that follow each other in a column of row numbers, and their share.
_FEWEST_COUNTED, _COUNTED_SHARE = 4, 0.7
# Numbers that a sum has at least.
_FEWEST_PARTS = 3
# Rows in which columns agree before that is no chance, and their share; columns that are compared at most.
_FEWEST_ROWS, _ROWS_SHARE, _MOST_COLUMNS = 4, 0.75, 14
# Figures of a number that does not stand twice on a page by chance.
_TELLING = 4

Place = tuple[int, int]  # line, cell
Numbers = dict[Place, Token]
Column = dict[int, Place]  # by line


class _Table(NamedTuple):
    """The lines of a table and the places of its cells, by column."""

    lines: list[int]
    columns: dict[int, Column]


def weigh_numbers(lines: Sequence[PlacedLine]) -> list[PlacedLine]:
    """The lines with the numbers of their tables held against each other."""
    numbers: Numbers = {}
    tables: dict[int, _Table] = {}
    for number, line in enumerate(lines):
        if line.table is None:
            continue
        table = tables.setdefault(line.table, _Table([], {}))
        table.lines.append(number)
        for index, (cell, tokens) in enumerate(zip(line.grid_cells, line.cells, strict=True)):
            if len(tokens) == 1 and any(c.isdigit() for c in tokens[0].text):
                numbers[number, index] = tokens[0]
                table.columns.setdefault(cell.column, {})[number] = (number, index)
    if not numbers:
        return list(lines)
    before = dict(numbers)
    for table in tables.values():
        for column in table.columns.values():
            _follow_count(column, numbers)
        _follow_sums(_sum_lines(table, lines), table, numbers)
        _follow_rows(table, numbers)
    _look_elsewhere(lines, numbers)
    changed = {place: token for place, token in numbers.items() if token is not before[place]}
    return [_with(line, number, changed) for number, line in enumerate(lines)]


def _with(line: PlacedLine, number: int, changed: Mapping[Place, Token]) -> PlacedLine:
    if not any(place[0] == number for place in changed):
        return line
    cells = tuple((changed[number, n],) if (number, n) in changed else cell for n, cell in enumerate(line.cells))
    return replace(line, cells=cells)


def _believe(numbers: Numbers, places: Sequence[Place]) -> None:
    for place in places:
        token = numbers[place]
        if token.confidence < AGREED:
            numbers[place] = replace(token, confidence=AGREED)


def _choose(numbers: Numbers, place: Place, text: str) -> None:
    numbers[place] = replace(chosen(numbers[place], text, 1.0), confidence=_BY_RULE)


def _doubt(numbers: Numbers, places: Sequence[Place]) -> None:
    """Doubts those of the numbers that were outvoted or hardly read."""
    for place in places:
        if numbers[place].confidence < FIGURES_AGREED:
            numbers[place] = doubted(numbers[place])


# ------------------------------------------------------------------------------------------- row numbers


def _follow_count(column: Column, numbers: Numbers) -> None:
    """Row numbers: one between two that leave room for one number only is that number."""
    places = [column[line] for line in sorted(column)]
    counts = [_count(numbers[place].text) for place in places]
    starts = Counter(count - at for at, count in enumerate(counts) if count is not None)
    steps = sum(b - a == 1 for a, b in pairwise(counts) if a is not None and b is not None)
    in_order = max(max(starts.values(), default=0), steps)  # counted once, or anew in every part of the table
    if in_order < _FEWEST_COUNTED or in_order < _COUNTED_SHARE * len(places):
        return
    for at, place in enumerate(places):
        expected = _expected(counts, at)
        if expected is None:
            continue
        if counts[at] == expected:
            _believe(numbers, [place])
        elif numbers[place].confidence < AGREED:
            _choose(numbers, place, f"{expected}{'.' if numbers[place].text.endswith('.') else ''}")


def _count(text: str) -> int | None:
    bare = text.rstrip(".)")
    return int(bare) if bare.isdecimal() and len(bare) <= 3 else None


def _expected(counts: Sequence[int | None], at: int) -> int | None:
    """The number that two neighbours ask for."""

    def of(place: int) -> int | None:
        return counts[place] if 0 <= place < len(counts) else None

    above, below = of(at - 1), of(at + 1)
    if above is not None and below is not None:
        return above + 1 if below == above + 2 else None
    further = of(at - 2)
    if below is None and at == len(counts) - 1 and above is not None and further == above - 1:
        return above + 1
    beyond = of(at + 2)
    return below - 1 if at == 0 and below is not None and beyond == below + 1 else None


# -------------------------------------------------------------------------------------------------- sums


def _sum_lines(table: _Table, lines: Sequence[PlacedLine]) -> list[int]:
    """The rows whose label says that they add up others."""
    rules, found = LayoutRules.load(), []
    for number in table.lines:
        labels = (fold(text_of(cell)) for cell in lines[number].cells if cell)
        label = next((text for text in labels if any(c.isalpha() for c in text)), "")
        if rules.is_mark("sum_row", label):
            found.append(number)
    return found


def _follow_sums(sum_lines: Sequence[int], table: _Table, numbers: Numbers) -> None:
    for total in sum_lines:
        above = [n for n in table.lines if max((s for s in sum_lines if s < total), default=-1) < n < total]
        below = [n for n in table.lines if total < n < min((s for s in sum_lines if s > total), default=n + 1)]
        # The first rows may be headings with years or numbers of columns.
        for parts in (above, above[1:], above[2:], below):
            checks = [
                _SumOfColumn(column[total], _places(column, parts))
                for column in table.columns.values()
                if total in column
            ]
            if _follow([check for check in checks if len(check.parts) >= _FEWEST_PARTS], numbers):
                break


def _places(column: Column, lines: Sequence[int]) -> tuple[Place, ...]:
    return tuple(column[line] for line in lines if line in column)


@dataclass(frozen=True, slots=True)
class _SumOfColumn:
    """One number that adds up others."""

    total: Place
    parts: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.total, *self.parts)

    def meant(self, place: Place, values: Mapping[Place, Decimal]) -> Decimal:
        """What a number must be, the others being right."""
        added = sum((values[p] for p in self.parts if p != place), Decimal(0))
        return added if place == self.total else values[self.total] - added


def _follow(checks: Sequence[_SumOfColumn], numbers: Numbers) -> bool:
    """Sums of the same rows in several columns, and whether one holds, or another reading makes it hold."""
    failed: list[_SumOfColumn] = []
    held, mended = 0, False
    for check in checks:
        values = {place: value_of(numbers[place].text) for place in check.places}
        known = {place: value for place, value in values.items() if value is not None}
        if (
            len(known) == len(values)
            and known[check.total] > 0
            and check.meant(check.total, known) == known[check.total]
        ):
            _believe(numbers, check.places)
            held += 1
        else:
            failed.append(check)
    for check in failed:
        fitting = _fitting(check, numbers, near=held > 0)
        if len(fitting) == 1:
            _choose(numbers, *fitting[0])
            _believe(numbers, [place for place in check.places if place != fitting[0][0]])
            mended = True
        elif held:
            _doubt(numbers, check.places)
    return held > 0 or mended


def _fitting(check: _SumOfColumn, numbers: Numbers, *, near: bool) -> list[tuple[Place, str]]:
    """The single changes to other readings that make a sum hold; with `near` also to a number one figure away."""
    values = {place: value_of(numbers[place].text) for place in check.places}
    unknown = [place for place, value in values.items() if value is None]
    if len(unknown) > 1:
        return []
    known = {place: value for place, value in values.items() if value is not None}
    found = []
    for place in unknown or check.places:
        meant = check.meant(place, known)
        token = numbers[place]
        if meant < 0 or token.confidence >= AGREED:
            continue
        read = [
            text for text, _ in token.alternatives if value_of(text) == meant and sign_of(text) == sign_of(token.text)
        ]
        if read:
            found.append((place, read[0]))
        elif near and token.confidence < 0.5:
            text = _written(meant, [numbers[p].text for p in check.places if p != place])
            if text and min(Levenshtein.distance(figures_in(text), figures_in(r)) for r in _readings(token)) <= 1:
                found.append((place, text))
    return found


def _readings(token: Token) -> Iterator[str]:
    yield token.text
    yield from (text for text, _ in token.alternatives)


def _written(value: Decimal, others: Sequence[str]) -> str:
    """A value as the numbers beside it are written; "" where they do not show how."""
    decimals = {form_of(text)[1] if form_of(text)[0] == "," else 0 for text in others}
    places = max(decimals, default=0)
    if value != round(value, places):
        return ""
    points = any("." in text for text in others) or all(
        len(figures_in(t.split(",", maxsplit=1)[0])) < 4 for t in others
    )
    text = f"{value:,.{places}f}" if points else f"{value:.{places}f}"
    return text.translate(str.maketrans(",.", ".,"))


# -------------------------------------------------------------------------------------------------- rows

Rule = Callable[[Decimal, Decimal, Decimal], bool]  # of two numbers and what is made of them


def _is_sum(a: Decimal, b: Decimal, c: Decimal) -> bool:
    return a + b == c


def _is_share(a: Decimal, b: Decimal, c: Decimal) -> bool:
    """Whether c is a in percent of b, rounded to the decimals that it has."""
    if b == 0:
        return False
    exponent = c.as_tuple().exponent
    half = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2
    return abs(100 * a / b - c) <= half


def _follow_rows(table: _Table, numbers: Numbers) -> None:
    """Columns of which one is made of two others in nearly all rows: where that fails, a number was read wrongly."""
    values = {
        column: {line: value for line, place in places.items() if (value := value_of(numbers[place].text)) is not None}
        for column, places in table.columns.items()
    }
    usable = [column for column, found in sorted(values.items()) if len(found) >= _FEWEST_ROWS][:_MOST_COLUMNS]
    for made in usable:
        for one, other in combinations([column for column in usable if column != made], 2):
            for first, second, rule in ((one, other, _is_sum), (one, other, _is_share), (other, one, _is_share)):
                _follow_rule((first, second, made), rule, values, table, numbers)


def _follow_rule(
    columns: tuple[int, int, int],
    rule: Rule,
    values: Mapping[int, Mapping[int, Decimal]],
    table: _Table,
    numbers: Numbers,
) -> None:
    a, b, c = (values[column] for column in columns)
    rows = [line for line in table.lines if line in a and line in b and line in c]
    telling = [line for line in rows if a[line] and b[line] and c[line]]
    if sum(rule(a[n], b[n], c[n]) for n in telling[: _FEWEST_ROWS + 2]) < 2:
        return
    holds = [line for line in telling if rule(a[line], b[line], c[line])]
    if len({c[line] for line in holds}) < _FEWEST_ROWS or len(holds) < _ROWS_SHARE * len(telling):
        return
    for line in rows:
        places = [table.columns[column][line] for column in columns]
        if rule(a[line], b[line], c[line]):
            _believe(
                numbers, places if rule is _is_sum else places[2:]
            )  # a share says little of its parts' last figures
            continue
        fitting = [
            (place, text)
            for index, place in enumerate(places)
            for text, _ in numbers[place].alternatives
            if numbers[place].confidence < AGREED
            and (value := value_of(text)) is not None
            and rule(*(value if n == index else values[columns[n]][line] for n in range(3)))
        ]
        if len(fitting) == 1:
            _choose(numbers, *fitting[0])
        else:
            _doubt(numbers, places)


# --------------------------------------------------------------------------------------------- elsewhere


def _look_elsewhere(lines: Sequence[PlacedLine], numbers: Numbers) -> None:
    """A doubtful number of which one reading stands elsewhere on the page, where it is sure, is that one."""
    doubtful = [p for p, t in numbers.items() if t.confidence < SURE and t.alternatives]
    if not doubtful:
        return
    printed = {t.text.strip("().,;:") for t in numbers.values() if t.confidence >= SURE}
    printed |= {
        t.text.strip("().,;:") for line in lines if line.table is None for t in line.tokens if t.confidence >= SURE
    }
    for place in doubtful:
        token = numbers[place]
        found = {
            r for r in _readings(token) if len(figures_in(r)) >= _TELLING and value_of(r) is not None and r in printed
        }
        if len(found) == 1:
            _choose(numbers, place, found.pop())
