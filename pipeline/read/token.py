"""The printed words of a page with their places, before and after they are put in reading order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.models import Box, LineRole


@dataclass(frozen=True, slots=True)
class Token:
    """One printed word.

    `size` is the height of its letters' font in points, 0 where unknown. `row` is the number of the line that the
    OCR engine put it on; None for text layers. `encoding` and `capitals` are what its font's name says.
    """

    text: str
    box: Box
    confidence: float = 1.0
    size: float = 0.0
    bold: bool = False
    row: int | None = None
    encoding: str | None = None
    capitals: bool = False
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def middle(self) -> float:
        """Horizontal centre."""
        return (self.box.x0 + self.box.x1) / 2

    @property
    def height(self) -> float:
        """Height of the box in points."""
        return self.box.y1 - self.box.y0


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a ruled table, before words are put into it."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one ruled table, and its outer box."""

    cells: tuple[GridCell, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One line in reading order. A table row has several cells, every other line one.

    `unread` are the numbers of its cells that show ink which could not be read.
    """

    cells: tuple[tuple[Token, ...], ...]
    role: LineRole = LineRole.BODY
    centred: bool = False
    bold: bool = False
    table: int | None = None
    grid_cells: tuple[GridCell, ...] = ()
    unread: tuple[int, ...] = ()

    @property
    def tokens(self) -> list[Token]:
        """All words of the line."""
        return [token for cell in self.cells for token in cell]


def box_of(tokens: Iterable[Token]) -> Box:
    """The box around tokens, of which there is at least one."""
    box = Box.around(token.box for token in tokens)
    assert box is not None
    return box


def bare(word: str) -> str:
    """A printed word without the marks around it."""
    return word.strip(".,;:!?()\"'“”-–/")


def text_of(tokens: Iterable[Token]) -> str:
    """The words, one blank between them."""
    return " ".join(token.text for token in tokens)
