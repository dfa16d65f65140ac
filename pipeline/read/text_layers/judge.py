"""Whether a PDF's own text layer may be believed, page by page, by how Vietnamese it is.

Measured on the words of two or more letters: how many are spelled as syllables, and how many of these carry marks.
Vietnamese running text has marks on two words of three; text that an English model read off a scan on hardly any.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.encodings import Encodings, detect_encoding
from pipeline.models import LayerDecision
from pipeline.read.token import Token
from pipeline.vietnamese import is_syllable, strip_marks

# A scan (an image over most of the page) with fewer visible letters than this over it: a stamp, not the page's text.
# What an OCR program has laid over it invisibly is its text, however short.
_FEW_LETTERS = 150
_FEWEST_HIDDEN_WORDS = 5
_HIDDEN = 0.5
# Image cover from which a page counts as a scan.
_SCAN_COVER = 0.5
# Below this share of syllables a layer over a scan is another program's poor reading.
_GOOD_SCAN_LAYER = 0.9
_GOOD_SCAN_MARKS = 0.5
# The same of a layer that is drawn over a picture for everybody to see.
_GOOD_SHOWN_LAYER, _GOOD_SHOWN_MARKS = 0.7, 0.4
# Below this share a born-digital layer has a broken map of its letters.
_GOOD_DIGITAL_LAYER = 0.35

# From this share of odd words on, of at least so many, a layer's map of letters is wrong throughout.
_ODD_SHARE, _FEWEST_ODD = 0.12, 8
_JOINERS = frozenset("-–—/.,:;&()'’%+_")

_WORD = re.compile(r"[^\W\d_]+")
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\uFFFD\uE000-\uF8FF]")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a text layer; `score` is the share of its words that are Vietnamese (0 to 1)."""

    decision: LayerDecision
    score: float | None


@dataclass(frozen=True, slots=True)
class Vietnameseness:
    """Counts of a text's words of two letters or more."""

    words: int
    syllables: int
    marked: int

    @property
    def syllable_share(self) -> float:
        """Share of the words that are spelled as syllables."""
        return self.syllables / self.words if self.words else 0.0

    @property
    def marked_share(self) -> float:
        """Share of the words that are syllables with marks."""
        return self.marked / self.words if self.words else 0.0


def judge(tokens: Sequence[Token], image_cover: float, hidden_share: float = 0.0) -> Judgement:
    """The decision for one page.

    `tokens` is its text layer without signature stamps, `image_cover` the share of the page under images,
    `hidden_share` the share of the letters that are invisible.
    """
    text = " ".join(token.text for token in tokens)
    letters = sum(c.isalpha() for c in text)
    if not text.strip():
        return Judgement("none", None)
    meant, repaired = trial_repair(tokens)
    if len(_UNMAPPED.findall(meant)) > 0.05 * max(1, letters):
        return Judgement("rejected", 0.0)
    measure = vietnameseness(meant)
    score = round(measure.syllable_share, 4) if measure.words else None
    if image_cover >= _SCAN_COVER:
        hidden = hidden_share > _HIDDEN
        few = measure.words < _FEWEST_HIDDEN_WORDS if hidden else letters < _FEW_LETTERS
        if few or not _is_good_over_scan(meant, measure, hidden):
            return Judgement("rejected", score)
    elif _is_gibberish(meant):
        return Judgement("rejected", 0.0)
    elif measure.words >= 20 and measure.syllable_share < _GOOD_DIGITAL_LAYER and not _plain_latin(meant):
        return Judgement("rejected", score)
    return Judgement("repaired" if repaired else "believed", score)


def _is_good_over_scan(meant: str, measure: Vietnameseness, hidden: bool) -> bool:
    """Whether a layer is as Vietnamese as right text is; one that is shown need not be so much, for no OCR left it."""
    if hidden:
        words = max(1, measure.words - _foreign_names(meant))
        return measure.syllables >= _GOOD_SCAN_LAYER * words and measure.marked_share >= _GOOD_SCAN_MARKS
    if _is_gibberish(meant):
        return False
    shown = measure.syllable_share >= _GOOD_SHOWN_LAYER and measure.marked_share >= _GOOD_SHOWN_MARKS
    return shown or _plain_latin(meant)


def trial_repair(tokens: Sequence[Token]) -> tuple[str, bool]:
    """What the text means once known encodings and misplaced marks are put right, and whether anything changed.

    Only for judging: the page keeps its characters as they are, restoration repairs them.
    """
    rules = Encodings.load()
    named = any(token.encoding for token in tokens)
    if named:
        text = " ".join(rules.named(t.encoding).decode(t.text) if t.encoding else t.text for t in tokens)
        return text, True
    text = " ".join(token.text for token in tokens)
    encoding, _ = detect_encoding(text)
    if encoding:
        return rules.named(encoding).decode(text), True
    meant = text
    for rule in rules.substitutions:
        if rule.always:
            meant = meant.translate({ord(seen): right for seen, right in rule.table.items()})
    return meant, meant != text or _has_loose_marks(text)


def _has_loose_marks(text: str) -> bool:
    """Combining marks that compose with nothing: shuffled letters."""
    return any(unicodedata.combining(c) for c in unicodedata.normalize("NFC", text))


def vietnameseness(text: str) -> Vietnameseness:
    """Counts over the words of a text; words with loose combining marks count by their letters."""
    loose = _has_loose_marks(text)
    if loose:
        text = "".join(c for c in text if not unicodedata.combining(c))
    words = syllables = marked = 0
    for word in _WORD.findall(text):
        if len(word) < 2:
            continue
        words += 1
        if is_syllable(word) or (loose and is_syllable(strip_marks(word))):
            syllables += 1
            marked += not word.isascii()
        elif word.isupper() and len(word) <= 7:
            words -= 1  # `UBND`, `HĐND`: abbreviations say nothing
    return Vietnameseness(words, syllables, marked)


def _foreign_names(text: str) -> int:
    """How many words look like names of other languages: a capital, small ASCII letters with vowels, no syllable."""
    names = re.findall(r"(?<!\w)[A-Z][a-z]{2,20}(?!\w)", text)
    return sum(re.search("[aeiouy]", name) is not None and not is_syllable(name) for name in names)


def _plain_latin(text: str) -> bool:
    """Text of another language with a sound map of its letters: nearly all ASCII, with vowels in its words."""
    words = [w for w in _WORD.findall(text) if len(w) > 2]
    ascii_words = [w for w in words if w.isascii()]
    with_vowels = [w for w in ascii_words if re.search("[aeiouyAEIOUY]", w)]
    return len(ascii_words) > 0.9 * len(words) and len(with_vowels) > 0.9 * max(1, len(ascii_words))


def _is_gibberish(text: str) -> bool:
    """Whether letters came out as signs all over: no word of any language has `>` or `@` between its letters."""
    words = [word for word in text.split() if len(word) > 1]
    odd = sum(map(_is_odd, words))
    return odd >= _FEWEST_ODD and odd > _ODD_SHARE * len(words)


def _is_odd(word: str) -> bool:
    if len(set(word)) == 1:
        return False  # `...`, `----`
    places = [place for place, c in enumerate(word) if c.isalnum() or unicodedata.combining(c)]
    if not places:
        return len(word) > 2 and not set(word) <= _JOINERS
    inside = word[places[0] : places[-1] + 1]
    return any(not (c.isalnum() or c in _JOINERS or unicodedata.combining(c)) for c in inside)
