"""Wrong bytes made right by tables and spelling: legacy encodings, broken fonts, loose and misplaced marks.

Each step gives changes for the text before it; none of them needs the language model but the substitutions that are
wrong in some words, which ask for how usual a word is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from pipeline.encodings import Encodings, detect_encoding
from pipeline.encodings import edits as encoding_edits
from pipeline.models import Page
from pipeline.restore.remembered import Remembered
from pipeline.restore.rewriting import Change, Rewriting
from pipeline.restore.syllables import mend_marks
from pipeline.restore.words import lone_word
from pipeline.stretches import tally
from pipeline.vietnamese import is_syllable, one_tone_style

_MARKS = "\u0300-\u0304\u0306\u0309\u031b\u0323"
_LOOSE = re.compile(f"([^\\W\\d_])[ \u00a0]([{_MARKS}])([ \u00a0]?)")
_WORD = re.compile(r"[^\W\d_]+")
_MARK = re.compile(f"[{_MARKS}]")
_MARKED_WORD = re.compile(f"(?:[^\\W\\d_][{_MARKS}]{{0,3}})+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[" + "".join(_LIGATURES) + "]")
_USUAL = -5.0  # log10 frequency from which on a word is no misspelling
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,60}[^\W\d_](?!\S)")


class EncodingRepair:
    """Every repair in order; remembers which stretches without blanks hold a tone on a wrong letter."""

    def __init__(self, commonness: Callable[[str], float]) -> None:
        """`commonness` is the log10 frequency of a lower-case word (very low if unknown)."""
        self._commonness = commonness
        self._better = Remembered(self._better_word)
        self._mends = Remembered(self._holds_wrong_tone)

    def repair(self, page: Page, rewriting: Rewriting) -> None:
        """Applies every repair to the text of a page."""
        rewriting.apply(_legacy(page, rewriting.text))
        rewriting.apply(_characters(rewriting.text))
        rewriting.apply(_loose_marks(rewriting.text))
        rewriting.apply(_composed(rewriting.text))
        rewriting.apply(_doubtful_substitutions(rewriting.text, self._commonness))
        rewriting.apply(self._mended_words(rewriting.text))
        rewriting.apply(_tone_style(rewriting.text))

    def _mended_words(self, text: str) -> Iterator[Change]:
        """Words whose tone stands on a wrong letter. A usual word has it on the right one."""
        if any(map(self._mends.__getitem__, tally(text))):
            for match in _MARKED_WORD.finditer(text):
                if better := self._better[match.group()]:
                    yield Change(match.start(), match.end(), better, "encoding", 0.97)

    def _holds_wrong_tone(self, stretch: str) -> bool:
        if stretch.isascii():
            return False
        if word := lone_word(stretch):
            return self._better[word] is not None
        return any(self._better[word] for word in _MARKED_WORD.findall(stretch))

    def _better_word(self, word: str) -> str | None:
        if len(word) >= 12 or word.isascii() or self._commonness(word.lower()) >= _USUAL:
            return None
        return mend_marks(word)


def _legacy(page: Page, text: str) -> Iterator[Change]:
    if page.encodings:
        covered: set[int] = set()
        for start, end, name in page.encodings:
            for change in _decoded(text, start, min(end, len(text)), name, page.capitals):
                covered.update(range(change.start, change.end))
                yield change
        yield from _capital_letters(page, text, covered)
        return
    found, share = detect_encoding(text)
    if found is None:
        return
    at = 0
    for line in text.split("\n"):
        if not line.isascii() and _worth_decoding(line):
            yield from _decoded(text, at, at + len(line), found, None, 0.9 + 0.1 * min(1.0, share))
        at += len(line) + 1


def _worth_decoding(line: str) -> bool:
    """Whether the line does not already hold Vietnamese syllables with marks in Unicode (`ế`, `ư`, …)."""
    return not any(("\u0102" <= c <= "\u01b0" and c not in "ŒœŠšŸŽž") or "\u1ea0" <= c <= "\u1ef9" for c in line)


def _decoded(
    text: str, start: int, end: int, name: str, capitals: tuple[tuple[int, int], ...] | None, confidence: float = 1.0
) -> Iterator[Change]:
    """Changes that decode a span. Without fonts to tell (`capitals` is None) the case is guessed word by word."""
    segment = text[start:end]
    if capitals is None:
        yield from _guess_case(segment, start, list(encoding_edits(segment, name)), confidence)
        return
    spans = [(a, b) for a, b in capitals if a < end and b > start]
    for left, right, meant in encoding_edits(segment, name):
        inside = any(a <= start + left < b for a, b in spans)
        yield Change(start + left, start + right, meant.upper() if inside else meant, "encoding", confidence)


def _guess_case(segment: str, offset: int, edits: list[tuple[int, int, str]], confidence: float) -> Iterator[Change]:
    """A toned letter in a word of capitals is a capital: such fonts have no toned capitals of their own."""
    pieces: list[tuple[int, int]] = [(m.start(), m.end()) for m in re.finditer(r"\S+", segment)]
    index = 0
    for start, end in pieces:
        inside = []
        while index < len(edits) and edits[index][0] < end:
            inside.append(edits[index])
            index += 1
        if not inside:
            continue
        covered = {i for left, right, _ in inside for i in range(left, right)}
        plain = [segment[i] for i in range(start, end) if i not in covered and segment[i].isalpha()]
        capital = bool(plain) and all(c.isupper() for c in plain)
        if (capital and (len(plain) == 1 and segment[start] == plain[0])) or not plain:
            capital = _capitals_near(segment, start, end)
        for left, right, meant in inside:
            yield Change(offset + left, offset + right, meant.upper() if capital else meant, "encoding", confidence)


def _capitals_near(segment: str, start: int, end: int) -> bool:
    """Whether the plain letters of the words around are all capitals."""
    near = segment[max(0, start - 25) : start] + segment[end : end + 25]
    letters = [c for c in near if c.isascii() and c.isalpha()]
    return len(letters) > 2 and all(c.isupper() for c in letters)


def _capital_letters(page: Page, text: str, covered: set[int]) -> Iterator[Change]:
    """Small letters in a capital font, but those that decoding has made capitals already."""
    for start, end in page.capitals:
        for at in range(start, min(end, len(text))):
            if at not in covered and text[at].islower():
                yield Change(at, at + 1, text[at].upper(), "encoding", 1.0)


def _characters(text: str) -> Iterator[Change]:
    """Characters that never mean what they are: broken fonts, ligatures, odd blanks, invisible signs."""
    table: dict[str, str] = {}
    for rule in Encodings.load().substitutions:
        if rule.always:
            table.update(rule.table)
    pattern = re.compile("[" + "".join(map(re.escape, table)) + "]")
    for match in pattern.finditer(text):
        yield Change(match.start(), match.end(), table[match.group()], "encoding", 1.0)
    for match in _LIGATURE.finditer(text):
        yield Change(match.start(), match.end(), _LIGATURES[match.group()], "encoding", 1.0)
    for match in _BLANKS.finditer(text):
        yield Change(match.start(), match.end(), " ", "encoding", 1.0)
    for match in _INVISIBLE.finditer(text):
        yield Change(match.start(), match.end(), "", "encoding", 1.0)


def _loose_marks(text: str) -> Iterator[Change]:
    """A mark that stands apart from its word (`vu ̣Đa ̣ i`) goes back to it."""
    if not _MARK.search(text):
        return
    for match in _LOOSE.finditer(text):
        after = match.end()
        blank = " " if match.group(3) or text[after : after + 1].isalpha() else ""
        yield Change(match.start(), match.end(), match.group(1) + match.group(2) + blank, "encoding", 0.97)


def _composed(text: str) -> Iterator[Change]:
    if unicodedata.is_normalized("NFC", text):
        return
    for match in re.finditer(r"\S+", text):
        composed = unicodedata.normalize("NFC", match.group())
        if composed != match.group():
            yield Change(match.start(), match.end(), composed, "encoding", 1.0)


def _doubtful_substitutions(text: str, commonness: Callable[[str], float]) -> Iterator[Change]:
    """Letters that are wrong in some words only (`PHÕNG`): where the other spelling is a hundred times as usual."""
    for rule in Encodings.load().substitutions:
        if rule.always or not any(c in text for c in rule.table):
            continue
        translation = str.maketrans(rule.table)
        for match in _WORD.finditer(text):
            word = match.group()
            other = word.translate(translation)
            if other != word and is_syllable(other):
                gain = commonness(one_tone_style(other.lower())) - commonness(one_tone_style(word.lower()))
                if gain > 2.0 or not is_syllable(word):
                    yield Change(match.start(), match.end(), other, "encoding", 0.97)


def _tone_style(text: str) -> Iterator[Change]:
    styled = one_tone_style(text)
    if styled == text:
        return
    for match in _WORD.finditer(text):
        if (word := styled[match.start() : match.end()]) != match.group():
            yield Change(match.start(), match.end(), word, "encoding", 1.0)


def unspaced(text: str) -> Iterator[tuple[int, int, str]]:
    """Letter-spaced stretches (`Đ ộ c l ậ p`) without their blanks."""
    for match in _SPACED.finditer(text):
        yield match.start(), match.end(), match.group().replace(" ", "")
