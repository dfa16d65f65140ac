"""Table rows that a page break splits: their rest stands at the top of the next page, without a number of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import Page, Table, TableCell

# What numbers a row, and what begins an item inside a cell.
_ROW_MARK = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVX]{1,5}|[a-zđA-Z])[.)]?|[-–+*•].{0,400}", re.DOTALL)
_NUMBER = re.compile(r"[<>≥≤~(+-]{0,3}\s?\d[\d.,/ –-]{0,24}(?:%|‰)?\)?")
_ENDED = (".", ";", ":", "!", "?", "…")

Row = Sequence[TableCell]


def find_split_row(before: Page, page: Page, table: Table) -> int | None:
    """The row of a table that goes on which is the rest of the last row on the page before; None without any.

    That last row may be the rest of one itself, which then runs over three pages or more.
    Rules at the page break tell nothing, for a printing programme draws them there; the words do: the rest has no
    number, and text runs on in it in the middle of a sentence. A table that has other rows of this look splits none.
    """
    rows, above = _rows(table), _rows(before.tables[-1])
    first = next((row for row in rows if not any(cell.header for cell in row)), None)
    last = above[-1] if above else None
    if first is None or last is None or any(cell.header for cell in last):
        return None
    if [cell.column for cell in first] != [cell.column for cell in last]:
        return None
    rest, begun = _texts(first, page), _texts(last, before)
    if not _runs_on(begun, rest):
        return None
    rest_above = before.tables[-1].split_row
    texts = [_texts(row, before) for row in above if row[0].row != rest_above] + [
        _texts(row, page) for row in rows if row is not first
    ]
    if any(not cells[0] and any(words[:1].islower() for words in cells) for cells in texts if cells):
        return None
    return first[0].row


def _runs_on(begun: Sequence[str], rest: Sequence[str]) -> bool:
    if not rest or _ROW_MARK.fullmatch(rest[0]) or not (rest[0] == "" or rest[0][0].islower()):
        return False
    pairs = [(above, below) for above, below in zip(begun, rest, strict=True) if below]
    # A second number under a number, or an item of its own, makes another row.
    if any(_NUMBER.fullmatch(below) and above for above, below in pairs):
        return False
    return any(
        below[0].islower() and not _ROW_MARK.fullmatch(below) and above and not above.endswith(_ENDED)
        for above, below in pairs
    )


def _rows(table: Table) -> list[list[TableCell]]:
    rows: dict[int, list[TableCell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    return [sorted(rows[number], key=lambda cell: cell.column) for number in sorted(rows)]


def _texts(row: Row, page: Page) -> list[str]:
    return [" ".join(page.text_raw[cell.start : cell.end].split()) for cell in row]
