"""Tables that plain text draws with bars or tabs between the cells: `1 | Xã Đồng Mây | 142 | 79,5`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.models import LineRole
from pipeline.segment.lines import TextLine

FEWEST_CELLS = 3
"""Two cells side by side are as often the two columns of a header or of a signature."""
FEWEST_ROWS = 2
MOST_CELLS = 60

_RULE = re.compile(r"[\s|│+:=─┼├┤┬┴┌┐└┘-]{3,}")
_BAR = re.compile(r"[|│]")
_WIDE_TAB = re.compile(r"\t{2,4}")


@dataclass(slots=True)
class _Table:
    """Neighbouring lines of one table; `loose` where any run of tabs parts two cells, `full` of the lines are its own,
    those after them only if a full row follows."""

    lines: list[int]
    width: int
    loose: bool
    full: int = 0


def with_table_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, those of a written table as its rows: a tab for each bar, so that each letter keeps its place."""
    found = list(lines)
    for table in _tables(lines):
        own = table.lines[: table.full]
        texts = [lines[at].as_read for at in own if not _is_rule(lines[at])]
        if len(texts) < FEWEST_ROWS:
            continue
        framed = all(_BAR.match(t) for t in texts), all(_BAR.match(t, len(t) - 1) for t in texts)
        for at in own:
            found[at] = _as_row(lines[at], table, *framed)
    return found


def _tables(lines: Sequence[TextLine]) -> Iterator[_Table]:
    """The rows of a table are as wide as its first; a shorter one leaves its last cells empty or names a group."""
    table: _Table | None = None
    for at, line in enumerate(lines):
        if table is not None:
            cells = None if line.first_of_page else _cells(line, table)
            if cells is not None and len(cells) <= table.width:
                table.lines.append(at)
                if not cells or sum(map(bool, cells)) >= FEWEST_CELLS or len(cells) == table.width:
                    table.full = len(table.lines)
                continue
            yield table
            table = None
        tabs = line.as_read.count("\t")
        loose = all(after.as_read.count("\t") != tabs for after in lines[at + 1 : at + 9])
        begun = _Table([at], MOST_CELLS, loose, 1)
        cells = _cells(line, begun) or []
        if len(cells) >= FEWEST_CELLS and sum(map(bool, cells)) >= FEWEST_CELLS:
            table, begun.width = begun, len(cells)
    if table is not None:
        yield table


def _cells(line: TextLine, table: _Table) -> list[str] | None:
    """The cells of a row; none for a line drawn between rows, None for prose or a line whose place is known."""
    if line.role is not LineRole.BODY or line.box is not None:
        return None
    if _is_rule(line):
        return []
    text = line.as_read
    cells = _BAR.split(text) if _BAR.search(text) else re.split(r"\t{1,4}" if table.loose else r"\t", text)
    cells = [""] * _missing(line, len(cells), table) + cells
    return [cell.strip() for cell in cells] if 1 < len(cells) <= MOST_CELLS else None


def _missing(line: TextLine, cells: int, table: _Table) -> int:
    """How many empty cells a row begins with whose tabs went as blanks."""
    tabs = not table.loose and "\t" in line.as_read and not _BAR.search(line.as_read)
    return line.indent if tabs and cells + line.indent <= table.width else 0


def _is_rule(line: TextLine) -> bool:
    return bool(_RULE.fullmatch(line.as_read)) and any(mark in line.as_read for mark in "|+│┼├┌└")


def _as_row(line: TextLine, table: _Table, first: bool, last: bool) -> TextLine:
    """`first` and `last`: whether the table is drawn with a bar before its first cells and behind its last ones."""
    text = line.as_read
    if _is_rule(line):
        return replace(line, role=LineRole.STAMP)  # no part of any sentence
    if _BAR.search(text):
        row = _BAR.sub("\t", text.replace("\t", " "))
        row = " " + row[1:] if first else row
        row = row[:-1] + " " if last else row
        return replace(line, text=row, small=None, role=LineRole.TABLE)
    row = _WIDE_TAB.sub(lambda tabs: "\t" + " " * (len(tabs.group()) - 1), text) if table.loose else text
    missing = _missing(line, row.count("\t") + 1, table)
    return replace(line, start=line.start - missing, text="\t" * missing + row, small=None, role=LineRole.TABLE)
