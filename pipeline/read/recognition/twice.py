"""Numbers read twice: by the page's own figures, and alone and at another scale where these or the first reading doubt.

Where both readings agree the word is believed; where they differ the better one stays, the other becomes an
alternative, and the confidence says that one of them is wrong. Figures that a pen or a numbering stamp put into the
header are never believed, however sure the readings are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.models import Box, LineRole
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import Pixels
from pipeline.read.recognition.blanks import Look, looks
from pipeline.read.recognition.glyphs import sign_of_word
from pipeline.read.recognition.second import Reading, second_reader
from pipeline.read.recognition.seen_figures import SeenFigures
from pipeline.read.token import PlacedLine, Token, box_of

# A word with a figure in it, less sure than this, is read again; what stands in a blank of the header sooner.
_DOUBTFUL, _DOUBTFUL_IN_BLANK = 0.85, 0.93
# Confidence of a word on whose letters and figures, or on whose figures alone, two readings agree.
AGREED, FIGURES_AGREED = 0.94, 0.9
# The same, where two later readings contradict the first.
_OUTVOTED = 0.8
# The most that a word may have on which the readings differ, or that a pen wrote.
DIFFERENT = 0.5
DOUBTED = DIFFERENT - 0.02
# Pieces of one page that are read again: a page with more doubtful numbers is ruined.
_MOST_PIECES = 60
# Height of small letters (pixels) in the second and third reading; the first has about 22.
_SECOND_LETTER, _THIRD_LETTER = 18.0, 29.0
# The form of a number: plain, with decimal signs, a date, a share; or a reference number.
_NUMBER = re.compile(
    r"[(\[\"“]?\d{1,12}(?:[.,/–-]\d{1,9}){0,6}(?:%|‰)?(?:[-/⁄][^\W\d][^\s()\d]{1,30}(?:\d{1,2})?)?[)\].,;:…”\"]{0,4}"
)
# What no number looks like: letters before a figure (`7BI261`, `09-D7-2017`), `I` for a stroke (`27IBC-SNN`), a point
# after a comma, a letter after a sign.
_ODD = re.compile(
    r"\d{1,12}(?:[.,/–-]{0,2}[A-ZĐ]{1,2}\d|[Il|][A-ZĐ]{2})|\(?\d[\d.]{0,12},\d{1,9}\.\d|\(?\d[\d.,]{0,12}[%‰][^\W\doO_]"
)
# Letters of other alphabets that the model mixes in.
_NOT_VIETNAMESE = "Ððþ"
# The sign at the end of a number, or what readers make of one, and the marks after it.
_SIGN = re.compile(r"(?<=\d)(%[oO0°]|%|‰)([)\].,;:…”\"]{0,3})$")
# What readers make of printed figures.
_LOOKS_LIKE = str.maketrans("IlÌÍi|]![OoÔÖØ", "111111111" + "00000")
# A date in figures, and a year, with the marks after them.
_DATE = re.compile(r"\(?\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}[).,;:]{0,3}")
_YEAR = re.compile(r"(?:19|20)\d{2}[).,;:]{0,3}")
_DATE_PARTS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2\d{4}")
_AROUND = '().,;:…”“"[]'
# Letters that stand for figures where only figures can stand.
_LETTERS_FOR = {"1": "IlÌÍíìi|!L", "0": "OoÔÖØQ", "5": "SsŠŞŚ§", "2": "Zz", "8": "B"}
_FIGURE_OF = str.maketrans({letter: figure for figure, letters in _LETTERS_FOR.items() for letter in letters})
_LIKE_FIGURES = re.compile(rf"[{''.join(_LETTERS_FOR.values())}\d]{{1,2}}")


def read_numbers_twice(lines: Sequence[PlacedLine], cleaned: Cleaned, language: str) -> list[PlacedLine]:
    """The lines with their doubtful numbers read again on the cleaned page."""
    again = _Again(cleaned, language, [t for line in lines if line.table is None for t in line.tokens])
    return [line if line.table is not None else again.line(line) for line in lines]


class _Again:
    """Reads the pieces of one page again."""

    def __init__(self, cleaned: Cleaned, language: str, tokens: Sequence[Token]) -> None:
        self._cleaned = cleaned
        self._seen = SeenFigures([token for token in tokens if _has_figure(token.text)], cleaned)
        self._language = language
        self._left = _MOST_PIECES

    def line(self, line: PlacedLine) -> PlacedLine:
        """One line that is no row of a table."""
        first_reading = joined(line.tokens, self._cleaned.letter)
        tokens = list(first_reading)
        header = line.role in (LineRole.HEADER_LEFT, LineRole.HEADER_RIGHT)
        in_blanks = looks(tokens, self._cleaned.grey) if header else {}
        for index, token in enumerate(tokens):
            look = in_blanks.get(index)
            if look == "pen":
                tokens[index] = replace(token, confidence=min(token.confidence, DIFFERENT))
            elif look is not None:
                if token.confidence < _DOUBTFUL_IN_BLANK:
                    tokens[index] = self._read_blank(tokens, index, look)
            elif not header and is_day_or_month(tokens, index):
                tokens[index] = _as_figures(token)
            elif _has_figure(token.text):
                again = self._read_again(tokens, index, whole=header)
                # A pen may have filled what was not recognised as a blank.
                surest = token.confidence if header else 1.0
                tokens[index] = replace(again, confidence=min(again.confidence, surest))
        tokens = [
            with_seen_sign(token, first.confidence, self._cleaned)
            for token, first in zip(tokens, first_reading, strict=True)
        ]
        tokens = [_in_range(token, tokens[at - 1].text if at else "") for at, token in enumerate(tokens)]
        if tokens == line.tokens:
            return line
        return replace(line, cells=(tuple(tokens),))

    def _read_again(self, tokens: Sequence[Token], index: int, *, whole: bool) -> Token:
        """A number after its second reading: by the page's own figures where it is sure, else by tesseract."""
        token = tokens[index]
        if _ODD.match(token.text):
            token = replace(token, confidence=min(token.confidence, DOUBTED))
        sure = token.confidence >= _DOUBTFUL
        seen = self._seen.verdict(token) if sure else "unknown"
        if seen == "same":
            return token
        ring = self._seen.ring_for_nine(token)
        if ring is not None:
            return replace(token, confidence=min(token.confidence, DOUBTED), alternatives=((ring, DOUBTED),))
        second = self._second(tokens, index, _SECOND_LETTER, whole=whole)
        if second is None or (sure and not _has_figure(second.text)):
            return token
        if figures(second.text) == figures(token.text):
            return token if sure else merge(token, second)
        third = self._second(tokens, index, _THIRD_LETTER, whole=whole) if sure and seen == "unknown" else None
        if third is not None and figures(third.text) == figures(token.text):
            other = (second.text, min(second.confidence, DIFFERENT))
            return replace(token, confidence=min(token.confidence, _OUTVOTED), alternatives=(other,))
        merged = merge(token, second)
        rest = replace(merged, text=merged.alternatives[0][0])
        if self._seen.verdict(rest) == "same" and self._seen.verdict(merged) != "same":
            return replace(rest, alternatives=((merged.text, merged.confidence), *merged.alternatives[1:]))
        return merged

    def _read_blank(self, tokens: Sequence[Token], index: int, look: Look) -> Token:
        """What fills a blank of the header: believed where it is print and another reading agrees with the first."""
        token = tokens[index]
        votes = [(token.text, token.confidence)]
        for letter in (_SECOND_LETTER, _THIRD_LETTER):
            second = self._second(tokens, index, letter, whole=True)
            if second is not None:
                votes.append((second.text, second.confidence))
            agreed = _majority(votes)
            if agreed is not None:
                text, certain = agreed
                others = tuple((t, min(c, DIFFERENT)) for t, c in votes if t != text)
                believed = certain if look == "print" else min(token.confidence, certain)
                return replace(token, text=text, confidence=believed, alternatives=_distinct(others))
        others = tuple((t, min(c, DIFFERENT)) for t, c in votes[1:] if t != token.text)
        lowest = min(token.confidence, DIFFERENT) if len(votes) > 1 else token.confidence
        return replace(token, confidence=lowest, alternatives=_distinct(others))

    def _second(self, tokens: Sequence[Token], index: int, letter: float, *, whole: bool) -> Reading | None:
        """Another reading of one word, with its neighbours or its `whole` line around it; None where nothing is."""
        reader = second_reader(self._language) if self._left > 0 else None
        if reader is None:
            return None
        self._left -= 1
        token = tokens[index]
        neighbours = tokens if whole else tokens[max(0, index - 1) : index + 2]
        piece, origin = cut(self._cleaned, box_of(neighbours))
        if piece.size == 0:
            return None
        found = reader.read(piece, letter / self._cleaned.letter)
        return _at(found, token.box.x0 - origin[0], token.box.x1 - origin[0])


def joined(tokens: Sequence[Token], letter: float) -> list[Token]:
    """The words of a line; a date or a year that a gap between narrow figures took apart is one word again."""
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        if before is not None and 0 <= token.box.x0 - before.box.x1 < letter:
            text = before.text + token.text
            year = _YEAR.fullmatch(text) and len(out) > 1 and out[-2].text.lower() == "năm"
            if year or (_DATE.fullmatch(text) and not before.text.endswith(("/", "-"))):
                certain = min(before.confidence, token.confidence, FIGURES_AGREED)
                out[-1] = replace(before, text=text, box=box_of((before, token)), confidence=certain)
                continue
        out.append(token)
    return out


def is_day_or_month(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word that is none stands between `ngày` and `tháng`, or `tháng` and `năm`, and may be figures."""
    if not 0 < index < len(tokens) - 1:
        return False
    text = tokens[index].text
    if text.isdigit() or not _LIKE_FIGURES.fullmatch(text):
        return False
    around = tokens[index - 1].text.lower(), tokens[index + 1].text.lower()
    return around in (("ngày", "tháng"), ("tháng", "năm"))


def _in_range(token: Token, before: str) -> Token:
    """A year after `năm`, or a date, that cannot be is doubted, however many readings agree on it."""
    bare = token.text.strip(_AROUND)
    year = before.lower() == "năm" and len(bare) > 3 and bare.isdigit() and not _YEAR.fullmatch(bare)
    date = _DATE_PARTS.fullmatch(bare)
    if year or (date and not (0 < int(date[1]) < 32 and 0 < int(date[3]) < 13)):
        return replace(token, confidence=min(token.confidence, DOUBTED))
    return token


def _as_figures(token: Token) -> Token:
    """What its letters look like, in doubt; what was read stays beside it."""
    doubt = min(token.confidence, DOUBTED)
    return replace(token, text=token.text.translate(_FIGURE_OF), confidence=doubt, alternatives=((token.text, doubt),))


def with_seen_sign(token: Token, first_confidence: float, cleaned: Cleaned) -> Token:
    """A number with the sign that its picture shows: all readings take `‰` for `%` or `%o`, the first with doubt."""
    match = _SIGN.search(token.text)
    if match is None:
        return token
    read = "%" if match[1] == "%" else "‰"
    plain = replace(token, text=f"{token.text[: match.start()]}{read}{match[2]}")
    piece, _ = cut(cleaned, token.box)
    shown, sure = sign_of_word(piece, len(match[2])) if piece.size else ("?", False)
    if shown == "?" and first_confidence < DIFFERENT:
        return replace(plain, confidence=min(token.confidence, DOUBTED))
    # Of a `%` where `‰` stands readers are hardly ever that sure: specks may be rings.
    contradicts = sure and shown == "‰" and first_confidence >= AGREED
    sure = sure and not contradicts
    if shown in ("?", read) or (not sure and first_confidence >= _DOUBTFUL and not contradicts):
        return plain
    other = f"{token.text[: match.start()]}{shown}{match[2]}"
    if sure:
        plain, other = replace(plain, text=other), plain.text
    confidence = min(token.confidence, _OUTVOTED if sure else DOUBTED)
    return replace(plain, confidence=confidence, alternatives=((other, DOUBTED), *plain.alternatives))


def cut(cleaned: Cleaned, box: Box) -> tuple[Pixels, tuple[int, int]]:
    """The piece of the page around a box, with a little paper on all sides, and where its corner is."""
    return cleaned.piece(box, 0.5, 0.2)


def merge(token: Token, second: Reading) -> Token:
    """A word after its second reading. Only what has the form of a number is believed more than before."""
    if second.text == token.text:
        return replace(token, confidence=max(token.confidence, AGREED)) if _is_number(token.text) else token
    text, rest = _better((token.text, token.confidence), (second.text, second.confidence))
    if figures(second.text) == figures(token.text):
        certain = FIGURES_AGREED if _is_number(token.text) and _is_number(second.text) else 0.0
        confidence = max(token.confidence, certain)
        return replace(token, text=text, confidence=confidence, alternatives=((rest, min(confidence, DIFFERENT)),))
    confidence = min(DOUBTED, max(token.confidence, second.confidence))
    lower = min(confidence, token.confidence, second.confidence)
    return replace(token, text=text, confidence=confidence, alternatives=((rest, lower),))


def _better(first: tuple[str, float], second: tuple[str, float]) -> tuple[str, str]:
    """The better of two readings, and the other."""
    for mark in _NOT_VIETNAMESE:
        if (mark in first[0]) != (mark in second[0]):
            return (second[0], first[0]) if mark in first[0] else (first[0], second[0])
    if _is_number(first[0]) != _is_number(second[0]):
        return (first[0], second[0]) if _is_number(first[0]) else (second[0], first[0])
    return (first[0], second[0]) if first[1] >= second[1] else (second[0], first[0])


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def figures(text: str) -> list[str]:
    """The numbers in a word with their decimal signs and percent: what both readings must agree on."""
    return re.findall(r"\d+(?:[.,/]\d+)*[%‰]?", text)


def _majority(votes: Sequence[tuple[str, float]]) -> tuple[str, float] | None:
    """The text on whose figures two readings agree, and how sure that is: not very, where the first contradicts."""
    for index, first in enumerate(votes):
        certain, similar = (AGREED, FIGURES_AGREED) if index == 0 else (_OUTVOTED, _OUTVOTED)
        for second in votes[index + 1 :]:
            if first[0] == second[0] and _is_number(first[0]):
                return first[0], certain
            one, other = first[0].translate(_LOOKS_LIKE), second[0].translate(_LOOKS_LIKE)
            if one == other and one.isdigit():
                return one, similar
            if _is_number(first[0]) and _is_number(second[0]) and figures(first[0]) == figures(second[0]):
                return _better(first, second)[0], similar
    return None


def _at(found: Sequence[Reading], x0: float, x1: float) -> Reading | None:
    """What was found between two places, as one word."""
    inside = [r for r in found if x0 - 2 <= (r.x0 + r.x1) / 2 <= x1 + 2]
    if not inside:
        return None
    return Reading("".join(r.text for r in inside), inside[0].x0, inside[-1].x1, min(r.confidence for r in inside))


def _distinct(readings: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    best: dict[str, float] = {}
    for text, confidence in readings:
        best[text] = max(best.get(text, 0.0), confidence)
    return tuple(sorted(best.items(), key=lambda item: -item[1]))


def _has_figure(text: str) -> bool:
    return any(c.isdigit() for c in text)
