"""Names of those who sign: what is a name, and how sure it is."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import OSA

from pipeline.segment.rules import FooterRules
from pipeline.segment.wording import is_capitals
from pipeline.vietnamese import fold, is_syllable

EDGES = " .,;:*|_-–—~\"'“”‘’`"
PRINTED = 0.97
"""From this confidence of the reader on a line did not come from an image."""

LEGIBLE = 0.72
"""Below this confidence of the reader a name under a seal counts as not read."""

REPAIRABLE_SURNAME = 4
"""Letters that a surname has at least whose marks or one letter are put right: shorter ones are too many."""

WELL_READ = 0.9
"""From this confidence of the reader on a full name is believed whose surname the rules do not know."""

FULL_NAME = 3
"""Words that such a name, or one with a repaired surname, has at least."""

MIDDLE_NAMES = ("văn", "thị")
"""Second words of names, which begin none of two words."""

PEOPLES = "peoples"
"""The rule of surnames and first words of names that are not spelled in Vietnamese."""

UNKNOWN_SURNAME = 0.75
REPAIRED_SURNAME = 0.75

_NAME_WORD = re.compile(r"[A-ZÀ-ỸĐ][\w'’]{0,8}$|[A-ZÀ-ỸĐ]{2,8}$")
_CUT_DEGREE = re.compile(r"[A-Z]{1,4}\.\s{0,2}(?=[A-ZÀ-ỸĐ]{2})")


def without_degree(text: str) -> str:
    """A name without the degrees before it and the specks around it."""
    text = text.strip(EDGES)
    for rule in FooterRules.load().degrees:
        match = rule.regex.match(text)
        if match:
            return text[match.end() :].strip(EDGES)
    cut = _CUT_DEGREE.match(text)  # `S. NGUYỄN`: the seal hides `T`
    return text[cut.end() :] if cut and _surname(text[cut.end() :]) else text


def is_name(text: str) -> bool:
    """Whether a text has the form of a person's name, two to six words."""
    text = text.strip(EDGES)
    words = text.split()
    if not 2 <= len(words) <= 6 or any(c.isdigit() for c in text):
        return False
    peoples = _is_of_peoples(words[0])
    if not all(_NAME_WORD.match(w) and (peoples or is_syllable(w)) for w in words):
        return False
    return _has_surname(text) or not is_capitals(text)


def signer_of(text: str, confidence: float) -> tuple[str, float] | None:
    """The name of a line in the signature and its confidence; None where an image leaves it in doubt.

    `confidence` is the reader's of that line. A name from an image needs a surname of the rules: what seal and pen
    leave of other print often looks like a name.
    """
    name = without_degree(text)
    printed = confidence >= PRINTED
    if not printed and (confidence < LEGIBLE or _is_cut(name)):
        return None
    if _has_surname(name):
        return name, PRINTED if printed else confidence
    surname, full = _surname(name), len(name.split()) >= FULL_NAME
    if surname and full:
        first, _, rest = name.partition(" ")
        return f"{surname.upper() if first.isupper() else surname} {rest}", min(confidence, REPAIRED_SURNAME)
    if printed or (full and confidence >= WELL_READ) or _is_of_peoples(name.split()[0]):
        return name, min(confidence, UNKNOWN_SURNAME)
    return None


def _is_of_peoples(word: str) -> bool:
    """Whether a name that begins so is spelled in the way of its people: `Y Blô`, `H’Lan Êban`."""
    first = re.split(r"['’]", word)[0].lower()
    return first in _surnames(PEOPLES)


def _is_cut(name: str) -> bool:
    """Whether the seal hides the surname: `Văn Mẫu`."""
    words = name.split()
    return len(words) == 2 and words[0].lower() in MIDDLE_NAMES


def _has_surname(name: str) -> bool:
    first = name.split()[0].lower() if name.split() else ""
    return first in _surnames()


@cache
def _surnames(kind: str | None = None) -> dict[str, str]:
    rules = [rule for rule in FooterRules.load().surnames if kind is None or rule.id == kind]
    return {word.lower(): word for rule in rules for word in rule.words}


def _surname(name: str) -> str | None:
    """The one surname that a damaged first word can be: `Hoằng` is Hoàng, `Nhuyễn` is Nguyễn."""
    first = name.split()[0].lower() if name.split() else ""
    if first in _surnames():
        return _surnames()[first]
    if len(first) < REPAIRABLE_SURNAME:
        return None
    folded = fold(first)
    alike = {w for w in _surnames().values() if fold(w) == folded}
    if not alike:
        alike = {w for w in _surnames().values() if len(w) > REPAIRABLE_SURNAME and OSA.distance(fold(w), folded) == 1}
    return alike.pop() if len(alike) == 1 else None
