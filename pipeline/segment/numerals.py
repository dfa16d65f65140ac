"""Numbers as section markers write them: Roman, lettered, in words, and as scanners misread them."""

from __future__ import annotations

import re

from pipeline.vietnamese import LIST_LETTERS

_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = re.compile(r"(?:X{0,3}|XL|LX{0,3})(?:IX|IV|V?I{0,3})")
_LOOKS_LIKE_I = str.maketrans({**dict.fromkeys("|l1!TÍÌÏÎ", "I"), "H": "II"})
_UNLIKE = re.compile(r"[THÍÌÏÎ]")
_WORDS = {
    "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7,
}  # fmt: skip


def roman_value(text: str) -> int | None:
    """`XIV` → 14; None where it is no well-formed numeral."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    total = 0
    for digit, following in zip(text, [*text[1:], ""], strict=True):
        value = _ROMAN_DIGITS[digit]
        total += -value if following and _ROMAN_DIGITS[following] > value else value
    return total or None


def roman(number: int) -> str:
    """14 → `XIV`; for 1 to 89."""
    tens, ones = divmod(number, 10)
    tens_text = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX"][min(tens, 8)]
    return tens_text + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]


def repaired_roman(text: str) -> tuple[int, bool] | None:
    """The value of a numeral whose `I` may be read as `|`, `l`, `1`, `!` or `T`, and whether it had to be repaired."""
    value = roman_value(text)
    if value is not None:
        return value, False
    value = roman_value(text.translate(_LOOKS_LIKE_I))
    return (value, True) if value is not None else None


def unlike_roman(text: str) -> bool:
    """Whether a repaired numeral holds a letter that is far from `I`: `T`, or `H` for two of them."""
    return _UNLIKE.search(text) is not None


def letter_value(text: str) -> int | None:
    """`a` → 1, `đ` → 5; tones that a scanner put on it do not count."""
    letter = {"á": "a", "à": "a", "â": "a"}.get(text.lower(), text.lower())
    position = LIST_LETTERS.find(letter)
    return position + 1 if len(letter) == 1 and position >= 0 else None


def word_value(folded: str) -> int | None:
    """`nhat` → 1."""
    return _WORDS.get(folded)
