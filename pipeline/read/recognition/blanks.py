"""The blanks of a header that are filled in last: the number in `Số: …/KH-UBND`, the day and month of the date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import Box
from pipeline.read.pictures.picture import Pixels
from pipeline.read.pictures.strokes import Look, Mark, look, marks_in
from pipeline.read.token import Token, box_of
from pipeline.vietnamese import fold

__all__ = ["Look", "looks"]

_INTRO = re.compile(r"s\S{0,2}[:;.,]?$")
_SYMBOL = re.compile(r"^(?P<before>\D{0,4}?)(?P<number>\d{1,5})\s?[-/⁄]\s?(?:\d{4}[-/⁄])?(?P<symbol>[^\W\d]\S{1,29})$")
_DAY, _MONTH, _YEAR = re.compile(r"ng[a-z]y$"), re.compile(r"th[a-z]ng$"), re.compile(r"n[a-z]m$")


def looks(tokens: Sequence[Token], grey: Pixels) -> dict[int, Look]:
    """How the words look that fill blanks of a header line, by their index."""
    return _number(tokens, grey) or _date(tokens, grey)


def _number(tokens: Sequence[Token], grey: Pixels) -> dict[int, Look]:
    """The number between `Số:` and the symbol; what is not one word of both is left alone."""
    if not tokens or not fold(tokens[0].text).startswith("s"):
        return {}
    line = box_of(tokens)
    for index, token in enumerate(tokens[:3]):
        end, text = token, token.text
        if index + 1 < len(tokens) and tokens[index + 1].text[0] in "/⁄-":
            end, text = tokens[index + 1], text + tokens[index + 1].text
        match = _SYMBOL.match(text)
        if match is None:
            continue
        introduced = index > 0 and _INTRO.match(fold(tokens[index - 1].text))
        if not introduced and index > 0:
            return {}
        left = tokens[index - 1].box.x1 + 1 if introduced else token.box.x0 - 2
        marks = marks_in(grey, Box(left, line.y0 - 3, end.box.x1 + 2, line.y1 + 3))
        skipped = 0 if introduced else sum(c.isalpha() for c in match["before"])
        count = len(match["number"])
        return {index: look(marks[skipped : skipped + count], marks[skipped + count :])}
    return {}


def _date(tokens: Sequence[Token], grey: Pixels) -> dict[int, Look]:
    """Day, month and year of `ngày … tháng … năm …`: day and month measured by the year, which is printed."""
    words = [fold(t.text) for t in tokens]
    year = _last(words, _YEAR, len(words) - 1)
    month = _last(words, _MONTH, year)
    day = _last(words, _DAY, month)
    if year < 0 or year + 1 >= len(tokens):
        return {}
    line = box_of(tokens)

    def marks(left: float, right: float) -> list[Mark]:
        return marks_in(grey, Box(left, line.y0 - 3, right, line.y1 + 3))

    beside = marks(tokens[year + 1].box.x0 - 2, tokens[year + 1].box.x1 + 2)
    if not 3 <= len(beside) <= 5:
        return {}
    result: dict[int, Look] = {}
    if look(beside, beside) == "print":
        result[year + 1] = "print"
    for before, after in ((day, month), (month, year)):
        if before < 0 or after <= before + 1:
            continue
        found = marks(tokens[before].box.x1 + 2, tokens[after].box.x0 - 2)
        figures = sum(len(tokens[i].text) for i in range(before + 1, after))
        kind = look(found, beside)
        if kind == "print" and len(found) != figures:
            kind = "unknown"
        result.update(dict.fromkeys(range(before + 1, after), kind))
    return result


def _last(words: Sequence[str], pattern: re.Pattern[str], end: int) -> int:
    return next((i for i in range(end, -1, -1) if pattern.match(words[i])), -1)
