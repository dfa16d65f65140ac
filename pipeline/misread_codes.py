"""Codes in reference numbers whose letters OCR took for others that look alike (`U8ND`, `€T`, `IU`).

A code is put right only where exactly one known code looks like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.vietnamese import strip_marks

# Letters that print alike, each group under one name. Source: confusions of tesseract on pages printed and damaged.
_ALIKE = ("O0Qo", "I1lTi|!]Jt", "B8ß", "S5$s", "C€c(", "G6", "UVuv", "gq9py", "Zz2")
_LOOK = {letter: group[0] for group in _ALIKE for letter in group}


def look_of(code: str) -> str:
    """The code with letters that look alike made equal; marks do not count."""
    return "".join(_LOOK.get(letter, letter) for letter in strip_marks(code))


def by_look(codes: Iterable[str]) -> Mapping[str, str]:
    """From the look of each code to the code; looks that several codes share are left out."""
    found: dict[str, dict[str, str]] = {}
    for code in codes:
        bare = strip_marks(code)
        same = found.setdefault(look_of(code), {})
        same[bare] = code if code == bare else same.get(bare, code)
    return {look: next(iter(same.values())) for look, same in found.items() if len(same) == 1}
