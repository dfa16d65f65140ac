"""Where the signature beside the list of recipients stands on a page, and the pictures of that place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from pipeline.models import Box, LineRole
from pipeline.read.layout.rules import LayoutRules
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.recognition.unread import ink_level, shows_unread
from pipeline.read.token import PlacedLine, Token, box_of, text_of
from pipeline.vietnamese import fold

# The signature stands right of this share of the page, and reaches so many lines above and below the list's head.
_RIGHT, _ABOVE, _BELOW = 0.38, 2.0, 13.0
# Marks of ink higher or wider than so many letters are strokes of the pen or the ring of a seal.
_HIGH, _WIDE = 3.2, 9.0
# Ink is darker than this share of the paper around it.
_DARKER = 0.7
# Lines of a list of recipients at most.
_LIST = 40
# Words less sure than this do not say what their ink is.
_LEGIBLE = 0.7


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """The place beside the list of recipients, which are the lines `listed`; `box` in pixels of the cleaned page.

    `left` are the words of the list and `right` those beside it, by lines.
    """

    listed: tuple[int, ...]
    left: tuple[list[Token], ...]
    right: tuple[list[Token], ...]
    box: Box
    cleaned: Cleaned
    picture: Pixels

    @property
    def corner(self) -> tuple[int, int]:
        """Its left and its upper side."""
        return int(self.box.x0), int(self.box.y0)

    @property
    def grey(self) -> Pixels:
        """Its picture on the cleaned page."""
        x0, y0, x1, y1 = (int(v) for v in self.box)
        return self.cleaned.grey[y0:y1, x0:x1]

    def with_red(self) -> Pixels:
        """Its picture with red ink as dark as black, without what is larger than letters."""
        x0, y0, x1, y1 = (int(v) for v in self.box)
        there = self.cleaned.to_page @ np.array([[1.0, 0.0, x0], [0.0, 1.0, y0], [0.0, 0.0, 1.0]])
        flags, white = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, (255.0, 255.0, 255.0)
        piece = cv2.warpPerspective(self.picture, there, (x1 - x0, y1 - y0), flags=flags, borderValue=white)
        return _without_large_marks(as_pixels(piece.min(axis=2)), self.cleaned.letter)

    def unread(self, lines: Sequence[PlacedLine]) -> tuple[bool, bool]:
        """Whether it shows ink that the lines do not hold: on the cleaned page, and in red."""
        x0, y0 = self.corner
        letter = self.cleaned.letter
        if min(self.grey.shape) < 3 * letter:
            return False, False
        words = [t.box for line in lines for t in line.tokens if t.confidence >= _LEGIBLE and _is_written(t.text)]
        words = [Box(box.x0 - x0, box.y0 - y0, box.x1 - x0, box.y1 - y0) for box in words]
        dark = shows_unread(self.grey, ink_level(self.cleaned.grey), words, letter)
        if self.picture.ndim == 2:
            return dark, False
        piece = self.with_red()
        return dark, shows_unread(piece, _DARKER * float(np.median(piece[::4, ::4])), words, letter)


def find_place(lines: Sequence[PlacedLine], cleaned: Cleaned, picture: Pixels) -> SignaturePlace | None:
    """The place of the signature; None for a page without a list of recipients."""
    listed = _recipients(lines, cleaned)
    if not listed:
        return None
    gutter = _gutter(lines, listed, cleaned)
    left, right = _columns(lines, listed, gutter)
    box = _box(lines, listed, gutter, cleaned)
    return SignaturePlace(tuple(listed), tuple(left), tuple(right), box, cleaned, picture)


def _is_written(text: str) -> bool:
    return any(map(str.isalnum, text))


def _recipients(lines: Sequence[PlacedLine], cleaned: Cleaned) -> list[int]:
    """The lines of the list of recipients, from its head (or its first entry) to the entry of the archive."""
    rules = LayoutRules.load()
    texts = [fold(text_of(line.tokens)) if line.table is None else "" for line in lines]
    heads = [at for at, line in enumerate(lines) if line.table is None and rules.is_mark("recipients", texts[at])]
    filed = [at for at in range(len(lines)) if rules.is_mark("filed", texts[at])]
    if heads:
        first = heads[-1]
        last = next((at for at in filed if first < at <= first + _LIST), None)
    elif filed:
        first = last = filed[-1]
        while first > 0 and last - first < _LIST and _is_entry(lines[first - 1], cleaned):
            first -= 1
    else:
        return []
    if last is None:
        last = first
        while last + 1 < len(lines) and lines[last + 1].role is LineRole.RECIPIENTS:
            last += 1
    listed = list(range(first, last + 1))
    return listed if all(lines[at].tokens and lines[at].table is None for at in listed) else []


def _is_entry(line: PlacedLine, cleaned: Cleaned) -> bool:
    first = line.tokens[0] if line.tokens else None
    if first is None or line.table is not None or line.role is not LineRole.BODY:
        return False
    return first.text[0] in "-–—~_+" and first.box.x0 < 0.3 * cleaned.grey.shape[1]


def _gutter(lines: Sequence[PlacedLine], listed: Sequence[int], cleaned: Cleaned) -> float:
    """Where the list ends: right of its usual entries, left of what stands apart from them."""
    width = float(cleaned.grey.shape[1])
    ends = []
    for at in listed:
        tokens = lines[at].tokens
        cut = next((n for n in range(1, len(tokens)) if _apart(tokens[n - 1], tokens[n], width)), len(tokens))
        ends.append(tokens[cut - 1].box.x1)
    return max(_RIGHT * width, min(max(ends), 0.55 * width) + cleaned.letter)


def _apart(before: Token, token: Token, width: float) -> bool:
    return token.box.x0 > _RIGHT * width and token.box.x0 - before.box.x1 > 2.0 * token.height


def _columns(
    lines: Sequence[PlacedLine], listed: Sequence[int], gutter: float
) -> tuple[list[list[Token]], list[list[Token]]]:
    """The words of the list, and those right of it, by lines."""
    left, right = [], []
    for at, line in enumerate(lines):
        if at in listed:
            right.append([t for t in line.tokens if t.box.x0 >= gutter])
            left.append([t for t in line.tokens if t.box.x0 < gutter])
        elif line.role is LineRole.SIGNATURE:
            right.append(line.tokens)
    return [line for line in left if line], [line for line in right if line]


def _box(lines: Sequence[PlacedLine], listed: Sequence[int], gutter: float, cleaned: Cleaned) -> Box:
    """Where the signature stands: right of the list, under the text above it, above the text below it."""
    own = [token for at in listed for token in lines[at].tokens if token.box.x0 < gutter]
    box, height = box_of(own), median(token.height for token in own)
    top = box.y0 - _ABOVE * height
    bottom = max(box.y1 + 2 * height, box.y0 + _BELOW * 2.0 * height)
    for at, line in enumerate(lines):
        if at in listed or line.role is LineRole.SIGNATURE or not line.tokens:
            continue
        other = box_of(line.tokens)
        if other.x1 - other.x0 < 0.3 * cleaned.grey.shape[1]:
            continue
        if other.y1 < box.y0 + height:
            top = max(top, other.y1)
        elif other.y0 > box.y1:
            bottom = min(bottom, other.y0)
    return Box(gutter, max(0.0, top), float(cleaned.grey.shape[1]), min(float(cleaned.grey.shape[0]), bottom))


def _without_large_marks(grey: Pixels, letter: float) -> Pixels:
    """The picture without the ring of a seal and the strokes of a pen, which are larger than letters."""
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(as_pixels(ink), connectivity=8)
    large = (stats[:, 3] > _HIGH * letter) | (stats[:, 2] > _WIDE * letter)
    large[0] = False
    mask = cv2.dilate(large[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    return as_pixels(np.where(mask > 0, 255, grey))
