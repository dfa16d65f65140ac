"""The automatic numbers of Word's lists, which stand nowhere in the text: `1.`, `a)`, `II.`, `-`."""

from __future__ import annotations

import re
from typing import Any

from docx.text.paragraph import Paragraph

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACEHOLDER = re.compile(r"%(\d)")
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


class ListNumbers:
    """Counts the list paragraphs of one document in order; ask for each paragraph once."""

    def __init__(self, document: Any) -> None:
        self._formats: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[tuple[str, int], int] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for number in root.findall(f"{_W}num"):
            target = number.find(f"{_W}abstractNumId")
            if target is not None:
                self._abstract[number.get(f"{_W}numId")] = target.get(f"{_W}val")
        for abstract in root.findall(f"{_W}abstractNum"):
            for level in abstract.findall(f"{_W}lvl"):
                key = (abstract.get(f"{_W}abstractNumId"), int(level.get(f"{_W}ilvl") or 0))
                self._formats[key] = (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    _whole(_value(level, "start", "1")),
                )

    def marker_of(self, paragraph: Paragraph) -> str | None:
        """The number as Word prints it; None where the paragraph is in no list."""
        place = _place(paragraph)
        if place is None:
            return None
        number, level = place
        abstract = self._abstract.get(number)
        if abstract is None or (abstract, level) not in self._formats:
            return None
        kind, text, start = self._formats[abstract, level]
        self._counts[abstract, level] = self._counts.get((abstract, level), start - 1) + 1
        for other in [key for key in self._counts if key[0] == abstract and key[1] > level]:
            del self._counts[other]
        if kind == "bullet":
            return "-"
        if kind == "none":
            return None

        def fill(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form, _, first = self._formats.get((abstract, at), ("decimal", "", 1))
            return render_number(self._counts.get((abstract, at), first), form)

        return _PLACEHOLDER.sub(fill, text) or None


def _place(paragraph: Paragraph) -> tuple[str, int] | None:
    """(list, level) of a paragraph, from itself or its style."""
    sources: list[Any] = [paragraph._p.pPr]
    style: Any = paragraph.style
    while style is not None and len(sources) < 8:
        sources.append(style.element.pPr)
        style = style.base_style
    for properties in sources:
        numbering: Any = properties.numPr if properties is not None else None
        if numbering is not None and numbering.numId is not None:
            if numbering.numId.val == 0:
                return None
            return str(numbering.numId.val), numbering.ilvl.val if numbering.ilvl is not None else 0
    return None


def render_number(value: int, form: str) -> str:
    """A number as Word's format names write it."""
    if form in ("upperRoman", "lowerRoman"):
        roman = ""
        for amount, letters in _ROMAN:
            roman += letters * (value // amount)
            value %= amount
        return roman.upper() if form == "upperRoman" else roman
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return f"{value:02d}" if form == "decimalZero" else str(value)


def _value(level: Any, name: str, default: str) -> str:
    element = level.find(f"{_W}{name}")
    return default if element is None else (element.get(f"{_W}val") or default)


def _whole(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else 1
