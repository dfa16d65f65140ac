"""The text layer of a PDF page by pdfplumber: words with boxes and fonts, ruled tables, cover by images."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pdfplumber.utils.text import WordExtractor

from pipeline.encodings import FontEncoding, font_encoding
from pipeline.models import Box
from pipeline.read.text_layers.content import Characters, Interpreter
from pipeline.read.token import Grid, GridCell, Token

# Ruling lines shorter than this (points) underline words; a table needs some longer ones in both directions.
_SHORT_RULE = 18.0
_THICKEST_RULE = 3.0
# A gap of this share of the letters' size parts words; the wider one where blanks are characters of their own.
_WORD_GAP, _WORD_GAP_WITH_BLANKS = 0.18, 0.38
_BLANKS = 0.08
# Points by which the second printing of a letter may be off.
_SAME_PLACE = 0.7
_CELL = 2 * _SAME_PLACE
_BOLD_NAMES = ("bold", "black", "heavy", "demi")


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What a page holds beside its picture. `hidden_share` is the share of its letters that are drawn invisibly."""

    tokens: tuple[Token, ...]
    grids: tuple[Grid, ...]
    image_cover: float
    anything_drawn: bool
    upright_share: float
    hidden_share: float = 0.0


def read_text_layer(page: Any) -> TextLayer:
    """The text layer of a pdfplumber page. Characters printed twice for boldness are read once."""
    chars, hidden = _characters(page)
    upright = sum(1 for c in chars if c.get("upright", True))
    blanks = sum(1 for c in chars if c["text"] == " ")
    gap = _WORD_GAP_WITH_BLANKS if blanks > _BLANKS * len(chars) else _WORD_GAP
    words = WordExtractor(x_tolerance_ratio=gap, y_tolerance=2.5).iter_extract_tuples(_once(chars))
    tokens = tuple(token for token in (_token(word, letters) for word, letters in words) if token is not None)
    return TextLayer(
        tokens=tokens,
        grids=_grids(page) if tokens else (),
        image_cover=_image_cover(page),
        anything_drawn=bool(page.images or page.curves or len(page.rects) + len(page.lines) > 3),
        upright_share=upright / len(chars) if chars else 1.0,
        hidden_share=hidden / len(chars) if chars else 0.0,
    )


def _characters(page: Any) -> tuple[list[dict[str, Any]], int]:
    """The letters of a page as pdfplumber would give them, with what is used here only, and how many are invisible.

    The page keeps everything else that is drawn on it.
    """
    device = Characters(page.pdf.rsrcmgr, page.page_number)
    Interpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()
    left, top = page.mediabox[:2]
    base = page.height + top
    chars = [
        {
            "text": text,
            "fontname": font if isinstance(font, str) else str(font),
            "size": size,
            "upright": upright,
            "x0": x0 + left,
            "x1": x1 + left,
            "top": base - y1,
            "bottom": base - y0,
            "doctop": page.initial_doctop + base - y1,
        }
        for text, font, upright, x0, y0, x1, y1, size in device.letters
    ]
    return chars, device.hidden


def _once(chars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the second printing of a letter in nearly the same place, which makes letters look bold."""
    seen: dict[tuple[str, int, int], tuple[float, float]] = {}
    kept = []
    for char in chars:
        text, x, y = char["text"], char["x0"], char["top"]
        across, down = x / _CELL, y / _CELL
        column, row = int(across // 1), int(down // 1)
        # Whatever is so near stands in the same cell or in the next one on the nearer side.
        columns = (column, column - 1 if across - column < 0.5 else column + 1)
        rows = (row, row - 1 if down - row < 0.5 else row + 1)
        if text == " ":
            kept.append(char)
        else:
            for key in [(text, c, r) for c in columns for r in rows if (text, c, r) in seen]:
                at = seen[key]
                if abs(at[0] - x) < _SAME_PLACE and abs(at[1] - y) < _SAME_PLACE:
                    break
            else:
                seen[text, column, row] = (x, y)
                kept.append(char)
    return kept


def _token(word: dict[str, Any], chars: Sequence[dict[str, Any]]) -> Token | None:
    text = unicodedata.normalize("NFC", "".join(c for c in word["text"] if c >= " " and c != "\u007f"))
    if not text.strip():
        return None
    encoding = _encoding_of(chars)
    bold = sum(_is_bold(c["fontname"]) for c in chars) * 2 > len(chars)
    return Token(
        text=text,
        box=Box(float(word["x0"]), float(word["top"]), float(word["x1"]), float(word["bottom"])),
        size=float(max(c["size"] for c in chars)),
        bold=bold,
        encoding=encoding.encoding if encoding else None,
        capitals=bool(encoding and encoding.capitals),
    )


def _encoding_of(chars: Iterable[dict[str, Any]]) -> FontEncoding | None:
    """What the font of most characters says; a letter borrowed from another font does not count."""
    counts: dict[str, int] = {}
    for char in chars:
        counts[char["fontname"]] = counts.get(char["fontname"], 0) + 1
    return _font(max(counts, key=counts.__getitem__))


@lru_cache(maxsize=512)
def _font(name: str) -> FontEncoding | None:
    return font_encoding(name)


@lru_cache(maxsize=512)
def _is_bold(name: str) -> bool:
    return any(mark in name.lower() for mark in _BOLD_NAMES)


def _image_cover(page: Any) -> float:
    """The share of the page under its images, overlaps not counted twice where one image holds another."""
    area = float(page.width) * float(page.height)
    boxes = [
        Box(max(0.0, i["x0"]), max(0.0, i["top"]), min(page.width, i["x1"]), min(page.height, i["bottom"]))
        for i in page.images
    ]
    covered = sum(max(0.0, b.x1 - b.x0) * max(0.0, b.y1 - b.y0) for b in boxes)
    return min(1.0, covered / area) if area else 0.0


# ------------------------------------------------------------------------------------------------ tables


def _grids(page: Any) -> tuple[Grid, ...]:
    """The ruled tables of two columns and two rows or more."""
    ruled = page.filter(_may_rule)
    horizontal = vertical = 0
    for edge in ruled.edges:
        long = (edge["x1"] - edge["x0"] if edge["orientation"] == "h" else edge["bottom"] - edge["top"]) > _SHORT_RULE
        horizontal += long and edge["orientation"] == "h"
        vertical += long and edge["orientation"] == "v"
    if horizontal < 3 or vertical < 3:
        return ()
    found = ruled.find_tables({"snap_tolerance": 3, "join_tolerance": 3, "edge_min_length": 6})
    grids = (make_grid([Box(*cell) for cell in table.cells]) for table in found)
    return tuple(grid for grid in grids if grid is not None)


def _may_rule(thing: dict[str, Any]) -> bool:
    """Whether a drawn thing may be a ruling line: thin, or an outline; not the shading behind words."""
    if thing["object_type"] == "char":
        return False
    if thing["object_type"] != "rect" or min(thing["width"], thing["height"]) <= _THICKEST_RULE:
        return True
    return bool(thing.get("stroke")) and not thing.get("fill")


def make_grid(boxes: Sequence[Box], tolerance: float = 3.0) -> Grid | None:
    """The rows, columns and spans of cells that tile a table; None where they are fewer than two by two.

    Edges closer than `tolerance` are one.
    """
    xs = _edges([b.x0 for b in boxes] + [b.x1 for b in boxes], tolerance)
    ys = _edges([b.y0 for b in boxes] + [b.y1 for b in boxes], tolerance)
    if len(xs) < 3 or len(ys) < 3 or len(boxes) < 4:
        return None
    cells = []
    for box in boxes:
        left, right = _index(xs, box.x0), _index(xs, box.x1)
        top, bottom = _index(ys, box.y0), _index(ys, box.y1)
        if right > left and bottom > top:
            cells.append(GridCell(top, left, bottom - top, right - left, box))
    outer = Box.around(boxes)
    if outer is None or len(cells) < 4:
        return None
    return Grid(tuple(sorted(cells, key=lambda c: (c.row, c.column))), outer)


def _edges(positions: Sequence[float], tolerance: float) -> list[float]:
    """The distinct positions of ruling lines."""
    edges: list[float] = []
    for position in sorted(positions):
        if not edges or position - edges[-1] > tolerance:
            edges.append(position)
    return edges


def _index(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - position))
