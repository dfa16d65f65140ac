"""Where the tone mark of a syllable stands, and how a damaged syllable is put right by spelling alone."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pipeline.vietnamese import is_syllable, one_tone_style, strip_marks

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_VOWELS = frozenset("aăâeêioôơuưy")
_MARKED = frozenset("ăâêôơư")


def split_tone(word: str) -> tuple[str, str]:
    """The word without its tone marks (NFC), and those marks in order."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in decomposed if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES)), tones


def place_tone(base: str, tone: str) -> str:
    """A syllable without tone, and its tone on the letter where the older style writes it."""
    if not tone:
        return base
    lower = base.lower()
    places = [i for i, c in enumerate(lower) if c in _VOWELS]
    if len(places) > 1 and lower.startswith(("qu", "gi")):
        places = [i for i in places if i != 1] or places
    if not places:
        return base
    marked = [i for i in places if lower[i] in _MARKED]
    closed = places[-1] < len(base) - 1
    if marked:
        at = marked[-1]
    elif len(places) == 1:
        at = places[0]
    elif len(places) == 2:
        at = places[1] if closed else places[0]
    else:
        at = places[1]
    return unicodedata.normalize("NFC", base[: at + 1] + tone + base[at + 1 :])


@lru_cache(maxsize=1 << 15)
def plain(word: str) -> str:
    """A word as the vocabulary has it: in lower case and one tone style."""
    return one_tone_style(word.lower())


@lru_cache(maxsize=1 << 15)
def bare(word: str) -> str:
    """A word in lower case without its marks."""
    return strip_marks(word.lower())


@lru_cache(maxsize=16384)
def mend_marks(word: str) -> str | None:
    """The syllable that a word with its tone on a wrong letter is (`hôị` → `hội`); None where it is none or fine."""
    if word.isascii():
        return None
    base, tones = split_tone(word)
    if len(set(tones)) != 1:
        return None
    mended = one_tone_style(place_tone(base, tones[0]))
    if mended == one_tone_style(word) or not is_syllable(mended):
        return None
    return mended
