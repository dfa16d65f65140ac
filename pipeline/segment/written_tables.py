"""Tables that plain text draws with bars or tabs between the cells: `1 | Xã Đồng Mây | 142 | 79,5`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.models import LineRole
from pipeline.segment.lines import TextLine

FEWEST_CELLS = 3
"""Two cells side by side are as often the two columns of a header or of a signature."""
FEWEST_ROWS = 2

_RULE = re.compile(r"[\s|+:=─-]{3,}")
_BAR = re.compile(r"\||\t{1,4}")


def with_table_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, those of a written table as its rows: a tab for each bar, so that each letter keeps its place."""
    found = list(lines)
    for run in _runs(lines):
        rows = [at for at in run if not _is_rule(lines[at])]
        if len(rows) >= FEWEST_ROWS:
            for at in run:
                found[at] = _as_row(lines[at])
    return found


def _runs(lines: Sequence[TextLine]) -> Iterator[list[int]]:
    """The numbers of neighbouring lines with as many cells."""
    run: list[int] = []
    width = 0
    for at, line in enumerate(lines):
        cells = _width(line)
        if run and (cells is None or (cells and width and cells != width) or line.first_of_page):
            yield run
            run, width = [], 0
        if cells is not None:
            run.append(at)
            width = width or cells
    if run:
        yield run


def _width(line: TextLine) -> int | None:
    """The cells of a row; 0 for a line drawn between rows, None for a line of prose or one whose place is known."""
    if line.role is not LineRole.BODY or line.box is not None:
        return None
    if _is_rule(line):
        return 0
    cells = _BAR.split(line.as_read.strip("| "))
    filled = sum(bool(cell.strip()) for cell in cells)
    return len(cells) if len(cells) >= FEWEST_CELLS and filled >= FEWEST_CELLS else None


def _is_rule(line: TextLine) -> bool:
    return bool(_RULE.fullmatch(line.as_read)) and any(mark in line.as_read for mark in "|+")


def _as_row(line: TextLine) -> TextLine:
    text = line.as_read
    if _is_rule(line):
        return replace(line, role=LineRole.STAMP)  # no part of any sentence
    first = len(text) - len(text.lstrip("| "))
    last = len(text.rstrip("| "))
    inner = text[first:last]
    if "|" in inner:
        inner = inner.replace("\t", " ").replace("|", "\t")
    else:
        inner = re.sub(r"\t{2,4}", lambda tabs: "\t" + " " * (len(tabs.group()) - 1), inner)
    return replace(line, text=" " * first + inner + " " * (len(text) - last), small=None, role=LineRole.TABLE)
