"""Facts about written Vietnamese that every stage shares: letters, tones, syllables, and the two tone styles.

The tone style written here is the older one (`hòa`, `thúy`, `ủy`), which state documents use most; `hoà`, `thuý`, `uỷ`
are the same words. Source of the two styles: Decision 240/QĐ of 1984 of the Ministry of Education and common usage.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LIST_LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The order in which Vietnamese documents letter their points (Decree 30/2020/NĐ-CP writes đ after d)."""

_TONE_STYLE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE_STYLE_PATTERN = re.compile(r"(?:[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|[uU][ỳýỷỹỵỲÝỶỸỴ])(?<![qQ]..)(?!\w)")

_FOLDED = str.maketrans("đĐ", "dD")


def one_tone_style(text: str) -> str:
    """The same text with `oà oè uỷ` written `òa òe ủy` at the end of a syllable.

    Length and case stay; NFC in, NFC out.
    """

    def swap(match: re.Match[str]) -> str:
        pair = match.group(0)
        new = _TONE_STYLE[pair.lower()]
        return "".join(n.upper() if p.isupper() else n for p, n in zip(pair, new, strict=True))

    return _TONE_STYLE_PATTERN.sub(swap, text)


def strip_marks(text: str) -> str:
    """The text without tones and other marks: `Đại hội` → `Dai hoi`. One character in, one out, for NFC input."""
    return text.translate(_WITHOUT_MARKS)


class _WithoutMarks(dict[int, str]):
    """The letters that were met so far, without their marks: `str.translate` asks for each new one once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        decomposed = unicodedata.normalize("NFD", letter)
        base = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
        self[code] = (base if len(base) == 1 else letter).translate(_FOLDED)
        return self[code]


_WITHOUT_MARKS = _WithoutMarks()


def fold(text: str) -> str:
    """For comparison only: NFC, without marks, lower case, runs of white space as one blank."""
    return " ".join(strip_marks(unicodedata.normalize("NFC", text)).lower().split())


_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx]"
_RHYME = (
    "(?:oai|oay|uay|uây|uôi|uya|uyê|uyu|iêu|yêu|ươi|ươu|oeo|oao|ueo|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|yê|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uo|uô|uơ|uy|ưa|ưi|ươ|ưu|ya|"
    "[aăâeêioôơuưy])(?:ch|ng|nh|[cmnpt])?"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?{_RHYME}")
_BARE_SYLLABLE = re.compile(strip_marks(_SYLLABLE.pattern))
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a word is spelled as one Vietnamese syllable can be (whatever its case and tone style)."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in decomposed if c in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    if not _SYLLABLE.fullmatch(bare):
        return False
    stopped = bare.endswith(("c", "ch", "p", "t"))
    return not stopped or (bool(tones) and tones[0] in {"\u0301", "\u0323"})


def is_bare_syllable(word: str) -> bool:
    """Whether a word, but for its marks and its case, is spelled as a Vietnamese syllable can be."""
    return _BARE_SYLLABLE.fullmatch(strip_marks(word.lower())) is not None


def _folding_table() -> dict[int, str]:
    letters = (chr(c) for c in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    table = {ord(c): strip_marks(c).lower() for c in letters}
    blanks = dict.fromkeys((c for c in range(0x3001) if chr(c).isspace()), " ")
    return {code: c for code, c in table.items() if len(c) == 1} | blanks | {0x2011: "-"}


_FOLDING = _folding_table()


def fold_in_place(text: str) -> str:
    """For search: NFC text without marks and capitals, any white space a blank, each character where it was."""
    folded = text.translate(_FOLDING)
    lower = folded.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)  # `İ` grows by lowering
