"""Words with boxes → lines in reading order, each with its role on the page.

Text layers and OCR go through the same code. Words become rows; rows of the two-column header (issuing body | motto)
and of the two-column end (recipients | signature) are cut at the gutter and put left column first; the words inside a
ruled table become its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from pipeline.models import Box, LineRole
from pipeline.read.layout.columns import Block, Row, find_blocks, split_block
from pipeline.read.layout.footnotes import mark_footnotes
from pipeline.read.layout.rules import LayoutRules
from pipeline.read.layout.stamps import take_stamps
from pipeline.read.token import Grid, GridCell, PlacedLine, Token, box_of, text_of
from pipeline.vietnamese import fold

# A page number stands alone in the outer part of the page, of this share of its height.
_MARGIN = 0.12
# Two lines are one row where their middles are closer than this share of the letters' height.
_SAME_ROW = 0.5


@dataclass(frozen=True, slots=True)
class PageShape:
    """The page to lay out: its size, and how to understand its raw text (legacy encodings decoded).

    `frames` are small boxes drawn on it, `strokes` its level lines; all in the unit of the words' boxes.
    """

    width: float
    height: float
    decode: Callable[[Token], str] = field(default=lambda token: token.text)
    frames: tuple[Box, ...] = ()
    strokes: tuple[Box, ...] = ()

    def folded(self, tokens: Sequence[Token]) -> str:
        """The meaning of tokens, folded for comparison."""
        return fold(" ".join(self.decode(token) for token in tokens))


def lay_out(tokens: Sequence[Token], shape: PageShape, grids: Sequence[Grid] = ()) -> list[PlacedLine]:
    """All words as lines in reading order. Every token comes out exactly once."""
    inside: dict[int, list[Token]] = {}
    outside: list[Token] = []
    for token in tokens:
        index = _grid_of(token, grids)
        (inside.setdefault(index, []) if index is not None else outside).append(token)
    rows, stamps = take_stamps(make_rows(outside), shape.frames, shape.folded)
    placed = [*stamps, *mark_footnotes(_place_rows(rows, shape), shape.height, shape.strokes)]
    tables = [(grid.box.y0, _table_lines(n, grid, inside.get(n, []))) for n, grid in enumerate(grids)]
    return _merge(placed, tables)


def make_rows(tokens: Sequence[Token]) -> list[Row]:
    """Words on the same printed line, from top to bottom, each row from left to right.

    An OCR engine's own lines are kept whole (they follow a slanted line); a text layer's words are put together by
    their height on the page.
    """
    pieces: list[list[Token]] = []
    by_row: dict[int, list[Token]] = {}
    for token in tokens:
        if token.row is None:
            pieces.append([token])
        else:
            by_row.setdefault(token.row, []).append(token)
    pieces.extend(by_row.values())
    measured = sorted(((_middle(piece), _height(piece), piece) for piece in pieces), key=lambda m: m[0])
    rows: list[tuple[float, float, list[list[Token]]]] = []
    for middle, height, piece in measured:
        if rows:
            row_middle, row_height, members = rows[-1]
            near = abs(middle - row_middle) < _SAME_ROW * max(min(row_height, height), 0.6 * max(row_height, height))
            if near and not _overlaps(piece, members):
                count = len(members)
                if height >= 0.8 * row_height:
                    row_middle = (row_middle * count + middle) / (count + 1)
                    row_height = max(row_height, height)
                members.append(piece)
                rows[-1] = (row_middle, row_height, members)
                continue
        rows.append((middle, height, [piece]))
    return [Row(sorted((t for piece in members for t in piece), key=lambda t: t.box.x0)) for _, _, members in rows]


def _middle(tokens: Sequence[Token]) -> float:
    if len(tokens) == 1:
        return (tokens[0].box.y0 + tokens[0].box.y1) / 2
    return median((t.box.y0 + t.box.y1) / 2 for t in tokens)


def _height(tokens: Sequence[Token]) -> float:
    if len(tokens) == 1:
        return max(tokens[0].height, 1.0)
    return median(max(t.height, 1.0) for t in tokens)


def _overlaps(piece: Sequence[Token], members: Sequence[Sequence[Token]]) -> bool:
    """Whether two runs of OCR words cover each other: then they are two lines, however close."""
    if len(piece) < 2:
        return False
    box = box_of(piece)
    for member in members:
        other = box_of(member)
        common = min(box.x1, other.x1) - max(box.x0, other.x0)
        if common > 0.3 * min(box.x1 - box.x0, other.x1 - other.x0):
            return True
    return False


def _place_rows(rows: list[Row], shape: PageShape) -> list[PlacedLine]:
    blocks = find_blocks(rows, shape.width, shape.folded)
    frame = _text_frame(rows, shape)
    placed: list[PlacedLine] = []
    index = 0
    for block in blocks:
        placed += [_body_line(row.tokens, shape, frame) for row in rows[index : block.first]]
        placed += _block_lines(rows, block, shape)
        index = block.last + 1
    placed += [_body_line(row.tokens, shape, frame) for row in rows[index:]]
    return _mark_margins(placed, shape)


def _block_lines(rows: list[Row], block: Block, shape: PageShape) -> list[PlacedLine]:
    left, right = split_block(rows[block.first : block.last + 1], block.gutter)
    left_role, right_role = (
        (LineRole.HEADER_LEFT, LineRole.HEADER_RIGHT)
        if block.kind == "header"
        else (LineRole.RECIPIENTS, LineRole.SIGNATURE)
    )
    lines = []
    for column, role in ((left, left_role), (right, right_role)):
        for row in make_rows(column):
            stamp = LayoutRules.load().is_mark("stamp", shape.folded(row.tokens))
            lines.append(PlacedLine((tuple(row.tokens),), LineRole.STAMP if stamp else role, bold=_is_bold(row.tokens)))
    return lines


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where running text begins and ends on the page."""

    left: float
    right: float


def _text_frame(rows: Sequence[Row], shape: PageShape) -> _Frame:
    wide = [r.box for r in rows if r.box.x1 - r.box.x0 > 0.5 * shape.width]
    if not wide:
        return _Frame(0.12 * shape.width, 0.92 * shape.width)
    return _Frame(min(b.x0 for b in wide), max(b.x1 for b in wide))


def _body_line(tokens: Sequence[Token], shape: PageShape, frame: _Frame) -> PlacedLine:
    box = box_of(tokens)
    middle = (frame.left + frame.right) / 2
    width = frame.right - frame.left
    centred = (
        abs((box.x0 + box.x1) / 2 - middle) < 0.03 * width
        and box.x0 > frame.left + 0.11 * width
        and box.x1 < frame.right - 0.06 * width
    )
    folded = shape.folded(tokens)
    rules = LayoutRules.load()
    role = LineRole.BODY
    if rules.is_mark("stamp", folded) and text_of(tokens).isupper():
        role = LineRole.STAMP
    return PlacedLine((tuple(tokens),), role, centred=centred, bold=_is_bold(tokens))


def _is_bold(tokens: Sequence[Token]) -> bool:
    letters = sum(len(t.text) for t in tokens)
    return letters > 0 and sum(len(t.text) for t in tokens if t.bold) > 0.6 * letters


def _mark_margins(lines: list[PlacedLine], shape: PageShape) -> list[PlacedLine]:
    """Page numbers alone at the top or the bottom."""
    rules = LayoutRules.load()
    out = list(lines)
    for index in {0, 1, len(lines) - 2, len(lines) - 1} & set(range(len(lines))):
        line = lines[index]
        if line.role is not LineRole.BODY or len(line.tokens) > 4:
            continue
        box = box_of(line.tokens)
        outer = box.y1 < _MARGIN * shape.height or box.y0 > (1 - _MARGIN) * shape.height
        if outer and rules.is_mark("page_number", shape.folded(line.tokens)):
            out[index] = replace(line, role=LineRole.PAGE_NUMBER)
    return out


# ------------------------------------------------------------------------------------------------ tables


def _grid_of(token: Token, grids: Sequence[Grid]) -> int | None:
    x, y = token.middle, (token.box.y0 + token.box.y1) / 2
    for index, grid in enumerate(grids):
        if _holds(grid.box, x, y):
            return index
    return None


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def _table_lines(number: int, grid: Grid, tokens: Sequence[Token]) -> list[PlacedLine]:
    """One line a row; a cell over several rows has its words in its first."""
    words: dict[tuple[int, int], list[Token]] = {(c.row, c.column): [] for c in grid.cells}
    for token in tokens:
        cell = _cell_of(token, grid)
        words[cell.row, cell.column].append(token)
    lines = []
    for row in sorted({cell.row for cell in grid.cells}):
        cells = sorted((c for c in grid.cells if c.row == row), key=lambda c: c.column)
        content = tuple(tuple(t for r in make_rows(words[c.row, c.column]) for t in r.tokens) for c in cells)
        everything = [t for cell_tokens in content for t in cell_tokens]
        lines.append(
            PlacedLine(content, LineRole.TABLE, bold=_is_bold(everything), table=number, grid_cells=tuple(cells))
        )
    return lines


def _cell_of(token: Token, grid: Grid) -> GridCell:
    x, y = token.middle, (token.box.y0 + token.box.y1) / 2
    for cell in grid.cells:
        if _holds(cell.box, x, y):
            return cell
    return min(grid.cells, key=lambda c: abs((c.box.x0 + c.box.x1) / 2 - x) + abs((c.box.y0 + c.box.y1) / 2 - y))


def _merge(placed: list[PlacedLine], tables: Sequence[tuple[float, list[PlacedLine]]]) -> list[PlacedLine]:
    """Tables between the lines above and below them."""
    out = list(placed)
    for top, lines in sorted(tables, key=lambda t: t[0], reverse=True):
        position = len(out)
        for index, line in enumerate(out):
            if line.tokens and box_of(line.tokens).y0 > top and line.role is not LineRole.HEADER_LEFT:
                position = index
                break
        out[position:position] = lines
    return out
