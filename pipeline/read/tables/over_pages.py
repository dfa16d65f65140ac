"""Numbers of a table that goes on over pages, held against each other as those of one page are.

A sum at its end adds up the rows of all its pages, and its row numbers go on from page to page. What one page alone
could not tell is told here, once all of them are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from pipeline.models import Box, LineRole, Page, Table, TableCell, Word
from pipeline.read.recognition.number_evidence import weigh_numbers
from pipeline.read.token import GridCell, PlacedLine, Token

_NOWHERE = Box(0.0, 0.0, 0.0, 0.0)


def weigh_over_pages(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with the numbers of tables that go on over a page break held against each other."""
    out = list(pages)
    for first, last in _chains(pages):
        members = list(range(first, last + 1))
        if any(pages[at].method == "ocr" for at in members):
            for at, changes in _weighed([pages[at] for at in members]).items():
                out[first + at] = with_words(pages[first + at], changes)
    return tuple(out)


def _chains(pages: Sequence[Page]) -> Iterator[tuple[int, int]]:
    """The first and last page of every table that goes on."""
    first = 0
    for at, page in enumerate(pages):
        goes_on = bool(page.tables) and page.tables[0].continues
        if not goes_on or len(page.tables) > 1:
            if goes_on:
                yield first, at
            elif at - 1 > first:
                yield first, at - 1
            first = at
    if pages and len(pages) - 1 > first:
        yield first, len(pages) - 1


def _weighed(pages: Sequence[Page]) -> dict[int, dict[int, Token]]:
    """The words that the table of these pages changes: by page, by number of the word."""
    lines: list[PlacedLine] = []
    places: list[list[tuple[int, list[int]]]] = []  # of every cell of a line: its page, the numbers of its words
    for at, page in enumerate(pages):
        table = page.tables[-1] if at == 0 else page.tables[0]
        for row in _rows(table, repeated=at > 0):
            inside = [_words_of(page, cell.start, cell.end) for cell in row]
            cells = tuple(tuple(_token(page, page.words[n]) for n in numbers) for numbers in inside)
            grid = tuple(GridCell(len(lines), c.column, c.row_span, c.column_span, c.box or _NOWHERE) for c in row)
            lines.append(PlacedLine(cells, LineRole.TABLE, table=0, grid_cells=grid))
            places.append([(at, numbers) for numbers in inside])
    changed: dict[int, dict[int, Token]] = {}
    for before, after, where in zip(lines, weigh_numbers(lines), places, strict=True):
        for old, new, (at, numbers) in zip(before.cells, after.cells, where, strict=True):
            if old != new:
                changed.setdefault(at, {}).update(zip(numbers, new, strict=True))
    return changed


def _rows(table: Table, *, repeated: bool) -> list[list[TableCell]]:
    """The rows of a table, without those that repeat its heading."""
    rows: dict[int, list[TableCell]] = {}
    for cell in table.cells:
        if not (repeated and cell.header):
            rows.setdefault(cell.row, []).append(cell)
    return [rows[number] for number in sorted(rows)]


def _words_of(page: Page, start: int, end: int) -> list[int]:
    if start >= end:
        return []
    first = bisect_right(page.words, start - 1, key=lambda word: word.start)
    return list(range(first, bisect_right(page.words, end, key=lambda word: word.end)))


def _token(page: Page, word: Word) -> Token:
    text = page.text_raw[word.start : word.end]
    return Token(text, word.box or _NOWHERE, word.confidence, alternatives=word.alternatives)


def with_words(page: Page, changes: Mapping[int, Token]) -> Page:
    """The page with other readings of some of its words; whatever stands behind them moves along."""
    order = sorted(changes)
    ends = [page.words[n].end for n in order]
    grown = (len(changes[n].text) - (page.words[n].end - page.words[n].start) for n in order)
    shifts = [0, *accumulate(grown)]

    def moved(place: int) -> int:
        return place + shifts[bisect_right(ends, place)]

    text, at = "", 0
    for number in order:
        word = page.words[number]
        text, at = text + page.text_raw[at : word.start] + changes[number].text, word.end
    text += page.text_raw[at:]
    words = [replace(word, start=moved(word.start), end=moved(word.end)) for word in page.words]
    for number, token in changes.items():
        words[number] = replace(words[number], confidence=token.confidence, alternatives=token.alternatives)
    touched = set(order)

    def cell_moved(cell: TableCell) -> TableCell:
        numbers = _words_of(page, cell.start, cell.end)
        sure = cell.confidence if touched.isdisjoint(numbers) else min(words[n].confidence for n in numbers)
        return replace(cell, start=moved(cell.start), end=moved(cell.end), confidence=sure)

    return replace(
        page,
        text_raw=text,
        words=tuple(words),
        lines=tuple(replace(line, start=moved(line.start), end=moved(line.end)) for line in page.lines),
        tables=tuple(replace(table, cells=tuple(map(cell_moved, table.cells))) for table in page.tables),
        encodings=tuple((moved(a), moved(b), name) for a, b, name in page.encodings),
        capitals=tuple((moved(a), moved(b)) for a, b in page.capitals),
    )
