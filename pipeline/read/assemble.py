"""Lines in reading order → a `Page`: its text, and the spans of lines, words and table cells in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.models import (
    Box,
    DigitalSignature,
    LayerDecision,
    Line,
    Page,
    ReadMethod,
    Table,
    TableCell,
    Word,
)
from pipeline.read.token import Grid, PlacedLine, Token


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page beside its lines."""

    number: int
    method: ReadMethod
    width: float | None = None
    height: float | None = None
    rotation: int = 0
    layer_decision: LayerDecision = "none"
    layer_score: float | None = None
    signatures: tuple[DigitalSignature, ...] = ()


@dataclass(slots=True)
class _Writer:
    """Collects the text and every span in it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    words: list[Word] = field(default_factory=list)
    encodings: list[tuple[int, int, str]] = field(default_factory=list)
    capitals: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def tokens(self, tokens: Sequence[Token]) -> tuple[int, int]:
        start = self.length
        for index, token in enumerate(tokens):
            if index:
                self.add(" ")
            at = self.length
            self.add(token.text)
            self.words.append(Word(at, self.length, token.box, token.confidence, token.alternatives))
            if token.encoding:
                self._encoding(at, token.encoding)
            if token.capitals:
                self._capitals(at)
        return start, self.length

    def _encoding(self, start: int, name: str) -> None:
        if self.encodings and self.encodings[-1][2] == name and self.encodings[-1][1] + 1 >= start:
            start = self.encodings.pop()[0]
        self.encodings.append((start, self.length, name))

    def _capitals(self, start: int) -> None:
        if self.capitals and self.capitals[-1][1] + 1 >= start:
            start = self.capitals.pop()[0]
        self.capitals.append((start, self.length))


def _as_it_is(box: Box) -> Box:
    return box


def assemble_page(
    facts: PageFacts,
    lines: Sequence[PlacedLine],
    grids: Sequence[Grid] = (),
    on_page: Callable[[Box], Box] = _as_it_is,
) -> Page:
    """The page of these lines; `PlacedLine.table` counts in `grids`, `on_page` turns their boxes into points."""
    lines = [_moved(line, on_page) for line in lines] if on_page is not _as_it_is else lines
    writer = _Writer()
    out: list[Line] = []
    cells: dict[int, list[TableCell]] = {}
    for placed in lines:
        if out:
            writer.add("\n")
        start = writer.length
        for index, tokens in enumerate(placed.cells):
            if index:
                writer.add("\t")
            at, end = writer.tokens(tokens)
            if placed.table is not None:
                cells.setdefault(placed.table, []).append(_table_cell(placed, index, at, end, tokens))
        everything = placed.tokens
        out.append(
            Line(
                start=start,
                end=writer.length,
                box=_line_box(placed),
                confidence=_mean_confidence(everything),
                role=placed.role,
                centred=placed.centred,
                bold=placed.bold,
            )
        )
    words = writer.words
    return Page(
        number=facts.number,
        text_raw="".join(writer.parts),
        method=facts.method,
        lines=tuple(out),
        words=tuple(words),
        tables=tuple(Table(tuple(cells.get(n, ())), on_page(grid.box)) for n, grid in enumerate(grids)),
        width=facts.width,
        height=facts.height,
        rotation=facts.rotation,
        ocr_confidence=_mean_confidence(words) if facts.method == "ocr" and words else None,
        layer_decision=facts.layer_decision,
        layer_score=facts.layer_score,
        signatures=facts.signatures,
        encodings=tuple(writer.encodings),
        capitals=tuple(writer.capitals),
    )


def _moved(line: PlacedLine, on_page: Callable[[Box], Box]) -> PlacedLine:
    return replace(
        line,
        cells=tuple(tuple(replace(t, box=on_page(t.box)) for t in cell) for cell in line.cells),
        grid_cells=tuple(replace(c, box=on_page(c.box)) for c in line.grid_cells),
    )


def _table_cell(placed: PlacedLine, index: int, start: int, end: int, tokens: Sequence[Token]) -> TableCell:
    cell = placed.grid_cells[index]
    return TableCell(
        row=cell.row,
        column=cell.column,
        start=start,
        end=end,
        row_span=cell.row_span,
        column_span=cell.column_span,
        header=placed.bold,
        box=cell.box,
        # An empty cell is sure to be empty; one that shows something unread is not.
        confidence=min((t.confidence for t in tokens), default=0.0 if index in placed.unread else 1.0),
    )


def _line_box(placed: PlacedLine) -> Box | None:
    return Box.around(t.box for t in placed.tokens) or Box.around(c.box for c in placed.grid_cells)


def _mean_confidence(items: Sequence[Token] | Sequence[Word]) -> float:
    return sum(item.confidence for item in items) / len(items) if items else 1.0
