"""The two-column parts of an administrative page: its header, and its end with recipients and signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Literal

from pipeline.models import Box
from pipeline.read.layout.rules import LayoutRules
from pipeline.read.token import Token, box_of, text_of

Folded = Callable[[Sequence[Token]], str]

# A header has at most this many rows under its motto: number, place and date, subject of an official letter.
_HEADER_ROWS_BELOW = 9
_HEADER_ROWS_ABOVE = 3
# How far (in heights of a line) the rows above the motto may be apart: what stands further up belongs to the text.
_APART_ABOVE = 2.0
# Where the gutter between two columns may lie, as shares of the page's width.
_GUTTER = (0.22, 0.72)


@dataclass(frozen=True)
class Row:
    """The words of one printed line over the whole width of the page, from left to right."""

    tokens: list[Token]

    @cached_property
    def box(self) -> Box:
        """The box around the words."""
        return box_of(self.tokens)

    @cached_property
    def height(self) -> float:
        """The usual height of its words."""
        return median(t.height for t in self.tokens)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows `first` to `last` (inclusive) stand in two columns on both sides of the gutter."""

    kind: Literal["header", "end"]
    first: int
    last: int
    gutter: float


def find_blocks(rows: Sequence[Row], width: float, folded: Folded) -> list[Block]:
    """All two-column parts of a page, from top to bottom, without overlaps."""
    blocks: list[Block] = []
    index = 0
    while index < len(rows):
        start = blocks[-1].last + 1 if blocks else 0
        block = _header_at(rows, index, start, width, folded) or _end_at(rows, index, start, width, folded)
        if block:
            blocks.append(block)
            index = block.last + 1
        else:
            index += 1
    return blocks


def split_block(rows: Sequence[Row], gutter: float) -> tuple[list[Token], list[Token]]:
    """The words left and right of the gutter; a row with a clear gap near it is cut there."""
    left: list[Token] = []
    right: list[Token] = []
    for row in rows:
        cut = _cut(row, gutter)
        if cut is None:
            # One column only: a long line may reach over the gutter.
            (left if row.box.x0 < gutter - row.height else right).extend(row.tokens)
        else:
            left += [t for t in row.tokens if t.middle < cut]
            right += [t for t in row.tokens if t.middle >= cut]
    return left, right


def _cut(row: Row, gutter: float) -> float | None:
    """Where this row falls into two: its widest gap near the gutter; None where it has none."""
    width = row.box.x1 - row.box.x0
    gaps = [(b.box.x0 - a.box.x1, (a.box.x1 + b.box.x0) / 2) for a, b in zip(row.tokens, row.tokens[1:], strict=False)]
    reach = max(0.35 * width, 6 * row.height)
    wide = [(gap, at) for gap, at in gaps if gap > 0.9 * row.height and abs(at - gutter) < reach]
    return max(wide)[1] if wide else None


def _crosses(row: Row, gutter: float) -> bool:
    """Whether running text goes over the gutter without a gap."""
    if row.box.x0 >= gutter or row.box.x1 <= gutter:
        return False
    return _cut(row, gutter) is None


# ------------------------------------------------------------------------------------------------ header


def _header_at(rows: Sequence[Row], index: int, start: int, width: float, folded: Folded) -> Block | None:
    motto = _motto_start(rows[index], width, folded)
    if motto is None:
        return None
    row = rows[index]
    before = [t for t in row.tokens if t.box.x1 <= row.tokens[motto].box.x0 + 0.1]
    motto_left = row.tokens[motto].box.x0
    gutter = (before[-1].box.x1 + motto_left) / 2 if before else motto_left - 0.5 * row.height
    if not _GUTTER[0] * width < gutter < _GUTTER[1] * width:
        return None
    first = index
    while (
        first > start
        and index - first < _HEADER_ROWS_ABOVE
        and _is_header_row(rows[first - 1], gutter, width, folded)
        and rows[first].box.y0 - rows[first - 1].box.y1 < _APART_ABOVE * row.height
    ):
        first -= 1
    last = index
    while (
        last + 1 < len(rows)
        and last - index < _HEADER_ROWS_BELOW
        and _is_header_row(rows[last + 1], gutter, width, folded)
        and rows[last + 1].box.y0 - rows[last].box.y1 < 3.5 * row.height
    ):
        last += 1
    return Block("header", first, last, gutter)


def _motto_start(row: Row, width: float, folded: Folded) -> int | None:
    """The word at which a motto begins that ends this row; None where there is none."""
    rules = LayoutRules.load()
    if row.box.x1 < 0.5 * width or not rules.may_hold("motto", folded(row.tokens[-12:])):
        return None
    for count in range(min(len(row.tokens), 12), 0, -1):
        tokens = row.tokens[-count:]
        if tokens[0].box.x0 < 0.3 * width:
            continue
        text = folded(tokens)
        if rules.is_mark("motto", text):
            start = _refine(row, len(row.tokens) - count, folded)
            return start if _stands_apart(row, start, folded) else None
    return None


def _stands_apart(row: Row, start: int, folded: Folded) -> bool:
    """Whether a motto has a gap before it or is set in capitals: running text may end with the same words."""
    if start == 0:
        return True
    gap = row.tokens[start].box.x0 - row.tokens[start - 1].box.x1
    return gap > 0.8 * row.height or _mostly_capitals(row.tokens)


def _refine(row: Row, start: int, folded: Folded) -> int:
    """The widest gap near the first word that still leaves a motto: a stray word of the left column stays left."""
    rules = LayoutRules.load()
    best, best_gap = start, 0.0
    for index in range(max(1, start), min(len(row.tokens), start + 3)):
        gap = row.tokens[index].box.x0 - row.tokens[index - 1].box.x1
        if gap > best_gap and rules.is_mark("motto", folded(row.tokens[index:])):
            best, best_gap = index, gap
    return best


def _is_header_row(row: Row, gutter: float, width: float, folded: Folded) -> bool:
    if _crosses(row, gutter) or LayoutRules.load().is_mark("addressees", folded(row.tokens[:4])):
        return False
    middle = (row.box.x0 + row.box.x1) / 2
    one_sided = row.box.x1 <= gutter or row.box.x0 >= gutter
    # A line alone in the middle of the page is the title, even where it is short enough to miss the gutter.
    return not (one_sided and abs(middle - 0.53 * width) < 0.05 * width)


# --------------------------------------------------------------------------------------------------- end


def _end_at(rows: Sequence[Row], index: int, start: int, width: float, folded: Folded) -> Block | None:
    rules = LayoutRules.load()
    row = rows[index]
    gutter: float | None = None
    if row.box.x0 < 0.4 * width and rules.is_mark("recipients", folded(row.tokens[:6])):
        gutter = _end_gutter(rows[index:], width)
    elif (right := _right_part(row, width)) and _is_authority(right, folded):
        gutter = (
            (row.box.x0 + 0.3 * width) / 2
            if len(right) == len(row.tokens)
            else (right[0].box.x0 + row.tokens[-len(right) - 1].box.x1) / 2
        )
    if gutter is None:
        return None
    first = index
    while first > start and index - first < 4 and _is_signature_row(rows[first - 1], width, folded):
        first -= 1
    last = index
    while last + 1 < len(rows) and not _is_running_text(rows[last + 1], gutter, width):
        following = _header_at(rows, last + 1, index + 1, width, folded)
        if following:  # of another document, under the end of this one
            return Block("end", first, following.first - 1, gutter)
        last += 1
    return Block("end", first, last, gutter)


def _right_part(row: Row, width: float) -> list[Token]:
    """The words of a row that begin in the right part of the page, after a gap."""
    for i in range(len(row.tokens)):
        gap = row.tokens[i].box.x0 - row.tokens[i - 1].box.x1 if i else row.tokens[i].box.x0
        if row.tokens[i].box.x0 > 0.36 * width and gap > 1.2 * row.height:
            return row.tokens[i:]
    return []


def _is_authority(tokens: Sequence[Token], folded: Folded) -> bool:
    """`TM. …`, `KT. …`, or a title alone, in capitals."""
    return LayoutRules.load().is_mark("authority", folded(tokens)) and _mostly_capitals(tokens)


def _mostly_capitals(tokens: Sequence[Token]) -> bool:
    letters = [c for c in text_of(tokens) if c.isalpha()]
    capitals = sum(c.isupper() for c in letters) + sum(len(t.text) for t in tokens if t.capitals)
    return capitals >= 0.7 * len(letters)


def _is_signature_row(row: Row, width: float, folded: Folded) -> bool:
    return row.box.x0 > 0.36 * width and _is_authority(row.tokens, folded)


def _is_running_text(row: Row, gutter: float, width: float) -> bool:
    """A line of text over most of the page: the two columns have ended."""
    return row.box.x1 - row.box.x0 > 0.62 * width and _crosses(row, gutter)


def _end_gutter(rows: Sequence[Row], width: float) -> float:
    """The middle of the gaps that cut the rows; 45 % of the width where no row has one."""
    cuts = []
    for row in rows[:20]:
        gaps = [
            (b.box.x0 - a.box.x1, (a.box.x1 + b.box.x0) / 2)
            for a, b in zip(row.tokens, row.tokens[1:], strict=False)
            if b.box.x0 - a.box.x1 > 1.5 * row.height
        ]
        gaps = [gap for gap in gaps if _GUTTER[0] * width < gap[1] < _GUTTER[1] * width]
        if gaps:
            cuts.append(max(gaps)[1])
    return median(cuts) if cuts else 0.45 * width
