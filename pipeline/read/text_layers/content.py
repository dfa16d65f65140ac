"""Content streams of PDF pages, read several times as fast as pdfminer reads them itself.

pdfminer cuts a content stream into tokens character class by character class and logs each; here one pattern cuts it.
Letters are written down as the plain facts that words are made of, not as layout objects. What the pattern does not
cover (images inside the stream, procedures) is left to pdfminer, so that the result is the same for every page; only
the place of letters is corrected where pdfminer drops the space after the last letter of a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import stream_value
from pdfminer.psparser import KWD, LIT, PSKeyword
from pdfminer.utils import apply_matrix_rect, translate_matrix

_SPACE = rb"\x00\t\n\x0b\x0c\r "
_TOKEN = re.compile(
    rb"[" + _SPACE + rb"]*(?:"
    rb"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))"
    rb"|\((?P<string>[^()\\]*+(?:(?:\\.|\([^()\\]*+\))[^()\\]*+)*+)\)"
    rb"|<(?P<hex>[0-9A-Fa-f" + _SPACE + rb"]*)>"
    rb"|(?P<keyword>[A-Za-z][^#/%\[\]()<>{}" + _SPACE + rb"]*+|['\"])"
    rb"|/(?P<name>[^#/%\[\]()<>{}" + _SPACE + rb"]*+)(?!#)"
    rb"|(?P<bracket><<|>>|[\[\]])"
    rb"|(?P<skipped>%[^\r\n]*|[+-]|\Z))",
    re.DOTALL,
)
_NUMBER, _STRING, _HEX, _KEYWORD, _BRACKET, _SKIPPED = (
    _TOKEN.groupindex[name] for name in ("number", "string", "hex", "keyword", "bracket", "skipped")
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"(": b"(", b")": b")", b"\\": b"\\"}
_HEX_PAIR = re.compile(rb"[0-9a-fA-F]{2}|.")
_BLANK = re.compile(rb"\s")
_OWN_PARSER = frozenset((b"BI", b"ID"))
_COVERS = 0.5  # the share of the page from which on images hide what is under them
_INVISIBLE = 3  # text rendering mode, PDF 32000-1, table 106
_VALUES = {b"true": True, b"false": False}


class _Uncovered(Exception):
    """The stream holds something that only pdfminer's own parser knows."""


class Characters(PDFPageAggregator):
    """Collects the letters of one page beside pdfminer's layout of everything else.

    Each letter is (text, font name, upright, x0, y0, x1, y1, size) in points from the bottom left of the page; `hidden`
    is how many of them nobody sees: drawn invisibly, as OCR programs lay them over a scan, or under the scan.
    """

    def __init__(self, resources: Any, page_number: int) -> None:
        super().__init__(resources, pageno=page_number, laparams=None)
        self.letters: list[tuple[str, Any, bool, float, float, float, float, float]] = []
        self.hidden = 0
        self._images: tuple[int, float] = (0, 0.0)  # after how many letters, and how large the images since
        self._known: dict[tuple[int, int], tuple[str, float, float | tuple[float | None, float]]] = {}

    def render_image(self, name: str, stream: Any) -> None:
        """One image, which hides the letters before it where it lies over most of the page."""
        super().render_image(name, stream)
        page = self._stack[0] if self._stack else self.cur_item
        letters, area = self._images
        area = area if letters == len(self.letters) else 0.0
        self._images = letters, area = len(self.letters), area + self.cur_item.width * self.cur_item.height
        if area >= _COVERS * page.width * page.height:
            self.hidden = letters

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """The letters of one string."""
        before = len(self.letters)
        super().render_string(textstate, seq, ncs, graphicstate)
        if textstate.render == _INVISIBLE:
            self.hidden += len(self.letters) - before

    def render_string_horizontal(
        self,
        seq: Iterable[float | bytes],
        matrix: Any,
        pos: tuple[float, float],
        font: PDFFont,
        fontsize: float,
        scaling: float,
        charspace: float,
        wordspace: float,
        rise: float,
        dxscale: float,
        ncs: Any,
        graphicstate: Any,
    ) -> tuple[float, float]:
        """One string; returns where the pen stands after it.

        The space between letters follows every letter, the last one too (ISO 32000-1, 9.4.4). pdfminer leaves it out
        after the last, so that the letters of a line written one by one slide over each other.
        """
        x, y = pos
        for item in seq:
            if isinstance(item, bytes):
                for cid in font.decode(item):
                    at = translate_matrix(matrix, (x, y))
                    x += self.render_char(at, font, fontsize, scaling, rise, cid, ncs, graphicstate) + charspace
                    if cid == 32:
                        x += wordspace
            else:
                x -= item * dxscale
        return x, y

    def render_char(
        self,
        matrix: Any,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        """One letter; returns how far it moves the pen. The arithmetic is that of pdfminer's `LTChar`."""
        known = self._known.get((id(font), cid))
        if known is None:
            known = self._known[id(font), cid] = (self._text(font, cid), font.char_width(cid), font.char_disp(cid))
        text, width, displacement = known
        advance = width * fontsize * scaling
        a, b, c, d, e, f = matrix
        vertical = font.is_vertical()
        if vertical and isinstance(displacement, tuple):
            across, up = displacement
            across = fontsize * 0.5 if across is None else across * fontsize * 0.001
            up = (1000 - up) * fontsize * 0.001
            low, high = sorted((up + rise + advance, up + rise))
            box = apply_matrix_rect(matrix, (-across, low, -across + fontsize, high))
        else:
            low = font.get_descent() * fontsize + rise
            high = low + fontsize
            if b == c == 0:
                box = (e, d * low + f, a * advance + e, d * high + f)
            else:
                box = apply_matrix_rect(matrix, (0, low, advance, high))
        x0, y0, x1, y1 = box
        if x1 < x0:
            x0, x1 = x1, x0
        if y1 < y0:
            y0, y1 = y1, y0
        upright = a * d * scaling > 0 and b * c <= 0
        self.letters.append((text, font.fontname, upright, x0, y0, x1, y1, x1 - x0 if vertical else y1 - y0))
        return advance

    def _text(self, font: PDFFont, cid: int) -> str:
        try:
            return str(font.to_unichr(cid))
        except PDFUnicodeNotDefined:
            return self.handle_undefined_char(font, cid)


class Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter with a faster way through the operators of a stream."""

    def execute(self, streams: Sequence[object]) -> None:
        """Runs the operators of content streams on the device."""
        found = [stream_value(stream) for stream in streams]
        known = [s for s in found if s.objid is not None and s.objid not in self.parent_stream_ids]
        try:
            program = _objects(b"\n".join(stream.get_data() for stream in known))
        except _Uncovered:
            super().execute(streams)
            return
        self.stream_ids.clear()
        self.stream_ids.update(stream.objid for stream in known if stream.objid is not None)
        for item in program:
            if type(item) is not PSKeyword:
                self.argstack.append(item)
                continue
            operator = _operator(item.name)
            if operator is None:
                continue
            method, wanted = operator
            if not wanted:
                getattr(self, method)()
                continue
            arguments = self.pop(wanted)
            if len(arguments) == wanted:
                getattr(self, method)(*arguments)


@cache
def _operator(name: bytes | str) -> tuple[str, int] | None:
    """The method that runs an operator and how many arguments it takes; None where there is none."""
    words = name.decode("latin-1") if isinstance(name, bytes) else name
    method = "do_" + words.replace("*", "_a").replace('"', "_w").replace("'", "_q")
    found = getattr(PDFPageInterpreter, method, None)
    return None if found is None else (method, found.__code__.co_argcount - 1)


def _objects(data: bytes) -> list[Any]:
    """The operands and operators of a content stream.

    Raises _Uncovered where the stream needs pdfminer's own parser.
    """
    program: list[Any] = []
    add = program.append
    position = 0
    outer: list[tuple[bytes, list[Any]]] = []
    inside: list[Any] | None = None
    for token in _TOKEN.finditer(data):
        start, end = token.span()
        if start != position or end == start:
            break
        position = end
        kind = token.lastindex
        text = token[kind or 0]
        if kind == _NUMBER:
            value = float(text) if b"." in text else int(text)
        elif kind == _SKIPPED:
            continue
        elif kind != _BRACKET:
            value = _value(kind, text)
        elif text in (b"[", b"<<"):
            outer.append((text, inside if inside is not None else []))
            inside = []
            continue
        else:
            value, inside = _closed(text, outer, inside)
        if inside is None:
            add(value)
        else:
            inside.append(value)
    if outer or position < len(data):
        raise _Uncovered
    return program


def _closed(bracket: bytes, outer: list[tuple[bytes, list[Any]]], inside: list[Any] | None) -> tuple[Any, Any]:
    """The array or dictionary that a bracket closes, and what it stands in (None where that is the stream)."""
    if inside is None or not outer or {b"]": b"[", b">>": b"<<"}[bracket] != outer[-1][0]:
        raise _Uncovered
    _, around = outer.pop()
    holder = around if outer else None
    if bracket == b"]":
        return inside, holder
    if len(inside) % 2:
        raise _Uncovered
    pairs = zip(inside[::2], inside[1::2], strict=True)
    return {getattr(key, "name", key): value for key, value in pairs}, holder


def _value(kind: int | None, text: bytes) -> Any:
    if kind == _STRING:
        return _ESCAPE.sub(_unescaped, text) if b"\\" in text else text
    if kind == _HEX:
        return _from_hex(text)
    if kind == _KEYWORD:
        if text in _OWN_PARSER:
            raise _Uncovered
        return _VALUES[text] if text in _VALUES else KWD(text)
    try:
        return LIT(text.decode("utf-8"))
    except UnicodeDecodeError:
        return LIT(text)


def _from_hex(text: bytes) -> bytes:
    try:
        return bytes.fromhex(text.decode("ascii"))
    except ValueError:
        return _HEX_PAIR.sub(lambda pair: bytes((int(pair[0], 16),)), _BLANK.sub(b"", text))


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        code = int(match[1], 8)
        if code > 255:
            raise _Uncovered
        return bytes((code,))
    return _ESCAPED.get(match[2] or b"", b"")
