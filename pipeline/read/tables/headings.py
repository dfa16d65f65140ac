"""Which rows of a table are its heading: bold rows at its top, or rows of words above rows of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.models import Page, Table, TableCell

# A heading has at most this many rows.
_MOST_ROWS = 5
_NUMBER = re.compile(r"[<>≥≤~(+-]{0,3}\s?\d[\d.,/ –-]{0,24}(?:%|‰)?\)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?(?:\s?=\s?[\d()/*x+:,-]{1,20})?|\(?[A-Da-d]\)?")
_ROW_MARK = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVX]{1,5}|[a-zđA-Z])[.)]?|[-+*•]")
# Words of two letters tell a heading from a mark.
_WORDS = re.compile(r"[^\W\d_]{2}")


def mark_headings(page: Page) -> Page:
    """The page with `header` set in the heading rows of its tables, and in no other."""
    if not page.tables:
        return page
    return replace(page, tables=tuple(_marked(table, page.text_raw) for table in page.tables))


def _marked(table: Table, text: str) -> Table:
    count = heading_rows(table.cells, text)
    cells = tuple(
        cell if cell.header == (cell.row < count) else replace(cell, header=cell.row < count) for cell in table.cells
    )
    return replace(table, cells=cells)


def heading_rows(cells: Sequence[TableCell], text: str) -> int:
    """How many rows at the top of a table are its heading; `text` is the page's own.

    Bold rows (`header` of the cells as they come) count where rows of another kind follow them. Without any, the first
    row is a heading if it names two columns or more and stands above numbers; rows under a cell of it that spans
    columns or rows belong to it, and so does the row that numbers the columns.
    """
    rows: dict[int, list[TableCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    order = sorted(rows)
    if len(order) < 2:
        return 0
    bold = 0
    while bold < len(order) and any(cell.header for cell in rows[order[bold]]):
        bold += 1
    by_words = _by_words([rows[number] for number in order], text)
    if bold == len(order) or bold > _MOST_ROWS:
        bold = 0
    count = max(bold, by_words)
    return order[count] if 0 < count < len(order) else 0


def _by_words(rows: Sequence[Sequence[TableCell]], text: str) -> int:
    if not _names_columns(_texts(rows[0], text)):
        return 0
    count, reach = 1, _reach(rows[0])
    while count < min(len(rows) - 1, _MOST_ROWS):
        texts = _texts(rows[count], text)
        if len(texts) > 1 and all(_COLUMN_NUMBER.fullmatch(t) for t in texts) and _counts_up(texts):
            return count + 1
        if count >= reach or not texts or any(_is_number(t) for t in texts) or _ROW_MARK.fullmatch(texts[0]):
            break
        reach = max(reach, count + _reach(rows[count]))
        count += 1
    return count if any(_is_data(_texts(row, text)) for row in rows[count:]) else 0


def _texts(row: Sequence[TableCell], text: str) -> list[str]:
    """The filled cells of a row from left to right."""
    found = (" ".join(text[cell.start : cell.end].split()) for cell in sorted(row, key=lambda cell: cell.column))
    return [words for words in found if words]


def _reach(row: Sequence[TableCell]) -> int:
    """To how many rows, counted from this one, its cells that span rows or columns reach."""
    tall = max(cell.row_span for cell in row)
    return max(tall, 2 if any(cell.column_span > 1 for cell in row) and len(row) > 1 else 1)


def _names_columns(texts: Sequence[str]) -> bool:
    named = [t for t in texts if _WORDS.search(t)]
    return len(named) > 1 and not any(_is_number(t) for t in texts) and not _ROW_MARK.fullmatch(texts[0])


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and not _YEAR.fullmatch(text)


def _is_data(texts: Sequence[str]) -> bool:
    return bool(texts) and (any(_is_number(t) for t in texts[1:]) or bool(_ROW_MARK.fullmatch(texts[0])))


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether cells number columns: one after the other, and not the numbers of a first row of data."""
    figures = [int(m[0]) for t in texts if (m := re.match(r"\d{1,2}", t.strip("(")))]
    return len(figures) > 1 and all(b - a == 1 for a, b in pairwise(figures))
