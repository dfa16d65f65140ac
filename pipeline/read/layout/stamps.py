"""Stamps of several lines: the incoming-mail stamp that another office put on the page, in a frame or without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.models import Box, LineRole
from pipeline.read.layout.columns import Row
from pipeline.read.layout.rules import LayoutRules
from pipeline.read.layout.signatures import parts_of
from pipeline.read.token import PlacedLine, Token, bare, box_of
from pipeline.vietnamese import is_syllable

# A frame of a stamp holds at most this many lines; a stamp without a frame has at most so many under its head.
_MOST_LINES, _MOST_FIELDS = 7, 4
# A line of text has so many words beside those that a stamp covers.
_FEWEST_AROUND = 4
# How far (in heights of a line) the lines of a stamp may be apart, and how far to the side they may begin.
_APART, _ASIDE = 1.6, 6.0

Folded = Callable[[Sequence[Token]], str]


def take_stamps(rows: Sequence[Row], frames: Sequence[Box], folded: Folded) -> tuple[list[Row], list[PlacedLine]]:
    """The rows without the words of stamps, and the lines of the stamps."""
    rules = LayoutRules.load()
    lines: list[list[Token]] = []
    for frame in frames:
        parts = [(row, [t for t in row.tokens if _holds(frame, t)]) for row in rows]
        inside = [part for row, part in parts if part and not _is_within_text(part, row)]
        marked = any(rules.is_mark("framed_stamp", folded(part)) for part in inside)
        if marked and len(inside) <= _MOST_LINES:
            lines += inside
            rows = _without(rows, inside)
    bare = _unframed(rows, folded)
    stamps = [PlacedLine((tuple(line),), LineRole.STAMP) for line in [*lines, *bare]]
    return _without(rows, bare), stamps


def _unframed(rows: Sequence[Row], folded: Folded) -> list[list[Token]]:
    """The lines of stamps without frames: a head, and right under it what is filled in."""
    rules = LayoutRules.load()
    found: list[list[Token]] = []
    parts = [part for row in rows for part in parts_of(row)]
    for number, head in enumerate(parts):
        if not rules.is_mark("stamp_head", folded(head)) or not _in_capitals(head):
            continue
        stamp = [head]
        for part in parts[number + 1 :]:
            if len(stamp) > _MOST_FIELDS:
                break
            if rules.is_mark("stamp_field", folded(part)) and _is_under(part, stamp[-1]):
                stamp.append(part)
        if len(stamp) > 1:
            found += stamp
    return found


def _in_capitals(part: Sequence[Token]) -> bool:
    return part[0].text[:2].isupper() or any(t.capitals for t in part)


def _is_within_text(part: Sequence[Token], row: Row) -> bool:
    """Whether words fill a gap in a line of text over which a stamp lies: the line goes on close to both sides."""
    others = [token for token in row.tokens if token not in part]
    before = [t.box.x1 for t in others if t.middle < part[0].middle]
    behind = [t.box.x0 for t in others if t.middle > part[-1].middle]
    if not before or not behind or len(others) < _FEWEST_AROUND:
        return False
    close = part[0].box.x0 - max(before) < row.height and min(behind) - part[-1].box.x1 < row.height
    return close and all(is_syllable(bare(token.text)) for token in part)


def _is_under(lower: Sequence[Token], upper: Sequence[Token]) -> bool:
    below, above = box_of(lower), box_of(upper)
    height = max(t.height for t in upper)
    overlap = min(below.x1, above.x1) > max(below.x0, above.x0) - _ASIDE * height
    return overlap and -0.5 * height < below.y0 - above.y1 < _APART * height


def _holds(frame: Box, token: Token) -> bool:
    middle = (token.box.y0 + token.box.y1) / 2
    return frame.x0 <= token.middle <= frame.x1 and frame.y0 <= middle <= frame.y1


def _without(rows: Sequence[Row], lines: Sequence[Sequence[Token]]) -> list[Row]:
    taken = {id(token) for line in lines for token in line}
    if not taken:
        return list(rows)
    kept = ([t for t in row.tokens if id(t) not in taken] for row in rows)
    return [Row(tokens) for tokens in kept if tokens]
