"""Footnotes: small type at the foot of a page, under a short rule or with a number before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from pipeline.models import NOISE_ROLES, Box, LineRole
from pipeline.read.token import PlacedLine, Token, box_of, text_of

# How much smaller the type of a footnote is than the body's, at most.
_SMALLER = 0.89
# How much smaller it is where no rule stands above it.
_MUCH_SMALLER = 0.87
# Where on the page a footnote may begin, as a share of its height.
_FROM = 0.3
# The rule above footnotes: its width as a share of the text's, and how far from the text's left side it begins.
_RULE_WIDTH, _RULE_LEFT = (0.1, 0.55), 0.08
# What a footnote begins with: its number, or what OCR makes of a small raised one.
_NUMBER = re.compile(r"^[(\[]?\d{1,3}[)\].]?(?=\s|[^\W\d]|$)|^[*†‡'’‘\"“”?°!¹²³⁴-⁹]{1,3}(?=\s|[^\W\d])")


def mark_footnotes(lines: Sequence[PlacedLine], page_height: float, strokes: Sequence[Box] = ()) -> list[PlacedLine]:
    """The lines in reading order, those of footnotes marked as such. `strokes` are the level lines of the page."""
    body = [line for line in lines if line.role is LineRole.BODY and line.tokens]
    if len(body) < 3:
        return list(lines)
    wide = _width(body)
    full = [type_size(line.tokens) for line in body if _extent(line) > 0.6 * (wide[1] - wide[0])]
    if len(full) < 2:
        return list(lines)
    usual = _usual_size(full)
    first = _first_small(lines, usual)
    first = _first_marked(lines, first, usual, _rules(strokes, wide), page_height)
    return [
        replace(line, role=LineRole.FOOTNOTE) if index >= first and line.role is LineRole.BODY else line
        for index, line in enumerate(lines)
    ]


def type_size(tokens: Sequence[Token]) -> float:
    """The size of the type: as the font says, else the upper height of the words (those with tall letters)."""
    sizes = sorted(t.size for t in tokens if t.size > 0) or sorted(t.height for t in tokens)
    return sizes[min(len(sizes) - 1, round(0.7 * (len(sizes) - 1)))]


def _usual_size(sizes: Sequence[float]) -> float:
    """The type of running text: the first half of the page decides, for footnotes can fill the other."""
    return median(sizes[: max(2, (len(sizes) + 1) // 2)])


def _extent(line: PlacedLine) -> float:
    box = box_of(line.tokens)
    return box.x1 - box.x0


def _width(body: Sequence[PlacedLine]) -> tuple[float, float]:
    boxes = [box_of(line.tokens) for line in body]
    return min(b.x0 for b in boxes), max(b.x1 for b in boxes)


def _rules(strokes: Sequence[Box], wide: tuple[float, float]) -> list[float]:
    """How far down the short rules stand that begin where the text begins."""
    width = wide[1] - wide[0]
    return [
        stroke.y0
        for stroke in strokes
        if _RULE_WIDTH[0] * width <= stroke.x1 - stroke.x0 <= _RULE_WIDTH[1] * width
        and abs(stroke.x0 - wide[0]) <= _RULE_LEFT * width
    ]


def _first_small(lines: Sequence[PlacedLine], usual: float) -> int:
    """The first of the small lines that end the page; the number of lines where it does not end in small type."""
    first = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line.role in NOISE_ROLES:
            continue
        if line.role is not LineRole.BODY or not line.tokens:
            break
        short = sum(len(t.text) for t in line.tokens) < 12
        if type_size(line.tokens) > usual * _SMALLER and not (short and first == len(lines)):
            break
        if not short or first < len(lines) or _is_numbered(line):
            first = index
    return first


def _first_marked(
    lines: Sequence[PlacedLine], first: int, usual: float, rules: Sequence[float], page_height: float
) -> int:
    """The first line from there on that a rule or a number shows to be a footnote."""
    for index in range(first, len(lines)):
        line = lines[index]
        if line.role is not LineRole.BODY or not line.tokens:
            continue
        top = box_of(line.tokens).y0
        if top < _FROM * page_height:
            continue
        above = [box_of(other.tokens).y1 for other in lines[:index] if other.role is LineRole.BODY and other.tokens]
        under_rule = any(max(above, default=0.0) - 0.3 * usual <= rule <= top + 0.3 * usual for rule in rules)
        if under_rule or (_is_numbered(line) and type_size(line.tokens) <= _MUCH_SMALLER * usual):
            return index
    return len(lines)


def _is_numbered(line: PlacedLine) -> bool:
    return _NUMBER.match(text_of(line.tokens)) is not None
