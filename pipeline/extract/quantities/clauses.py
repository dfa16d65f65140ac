"""Which words of a sentence belong to which of its quantities.

`Diện tích lúa 85ha, năng suất 5,2 tấn/ha` says what is measured before the number, `84% gia đình văn hóa, trên 97%
thôn văn hóa` after it. The gap between two numbers is cut in two: the end of the first's words, the start of the
second's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.extract.quantities.finding import Quantity
from pipeline.extract.quantities.wording_rules import WordingRules

MAX_WORDS_OF_A_SIDE = 600
"""Characters looked at on each side of a number; keeps the work linear in a sentence of any length."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The words of one quantity: `text[before_start:quantity.start]` and `text[quantity.end:after_end]`.

    Its sentence begins at `sentence_start`. `linked` is true where only a comma or `và` parts the clause from the one
    before, `inside` where it stands in brackets after it.
    """

    quantity: Quantity
    before_start: int
    after_end: int
    sentence_start: int
    linked: bool = False
    inside: bool = False


_SENTENCE_END = re.compile(r"[.!?…]{1,3}[)”\"]?(?=\s{0,3}(?P<next>\S)|\s{0,3}$)")
_MARKER_ONLY = re.compile(r"\s{0,4}\(?[\dIVXivxa-zđ.]{1,8}")
_ABBREVIATION = re.compile(r"(?<!\w)(?:TP|TS|ThS|PGS|GS|BS|KS|CN|P|Q|TX|TT|v\.v|đ/c|ĐC|STT|Tr)\.$")
STRONG = re.compile(
    rf";|(?<!\w)(?:{WordingRules.load().words('strong')})(?!\w)\s?:?|\n|\t|(?<=\D):(?=\s?[^\s])", re.IGNORECASE
)
_WEAK = re.compile(r",(?!\d)|(?<!\w)(?:và|với|hoặc)(?!\w)|\s[-–]\s|\)")
LIGHT = re.compile(rf"(?:[\s,:(–-]|(?<!\w)(?:{WordingRules.load().words('light')})(?!\w)){{0,12}}", re.IGNORECASE)


_FOR_WHOM = re.compile(r"(?<=\w\s)cho (?:khoảng |trên |hơn |ít nhất |tối thiểu |gần )?$", re.IGNORECASE)
"""`45 lớp dạy nghề cho khoảng 1.500 nông dân`: the words before it are those of the first number."""
_AIM = re.compile(r"phấn đấu\s?:?", re.IGNORECASE)


def strong_cuts(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The strong cuts between two places; `phấn đấu` with only light words up to `end` is none, it belongs to the words
    before it (`Tỷ lệ hộ nghèo phấn đấu còn 2%`)."""
    found = list(STRONG.finditer(text, start, end))
    if found and _AIM.fullmatch(found[-1].group()) and LIGHT.fullmatch(text, found[-1].end(), end):
        before = found[-2].end() if len(found) > 1 else start
        if _LETTERS.search(text, before, found[-1].start()):
            found.pop()
    return found


_LETTERS = re.compile(r"[^\W\d_]{2}")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence; a full stop inside a number or after an abbreviation ends none."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ends(text, start, match):
            yield start, match.end()
            start = match.end()
    if start < len(text):
        yield start, len(text)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    following = match["next"]
    if following is not None:
        apart = text[match.end()].isspace()
        if not (following.isupper() or (apart and (following.isdigit() or following in '“"(+-•*'))):
            return False
        if not apart and (text[match.start() - 1 : match.start()].isdigit() or following.isdigit()):
            return False
    if _MARKER_ONLY.fullmatch(text, start, match.start()):
        return False
    return _ABBREVIATION.search(text[max(0, match.end() - 6) : match.end()]) is None


def clauses(text: str, quantities: Sequence[Quantity]) -> Iterator[Clause]:
    """One clause for each quantity, in order."""
    position = 0
    for start, end in sentences(text):
        inside: list[Quantity] = []
        while position < len(quantities) and quantities[position].start < end:
            inside.append(quantities[position])
            position += 1
        yield from _of_sentence(text, start, end, inside)


def _of_sentence(text: str, start: int, end: int, inside: Sequence[Quantity]) -> Iterator[Clause]:
    cuts: list[tuple[int, int, bool, bool]] = []
    for left, right in pairwise(inside):
        cuts.append(cut_gap(text, left, right))
    for number, quantity in enumerate(inside):
        before = cuts[number - 1] if number else (start, start, False, False)
        after_end = cuts[number][0] if number < len(cuts) else end
        yield Clause(
            quantity,
            max(before[1], quantity.start - MAX_WORDS_OF_A_SIDE),
            min(after_end, quantity.end + MAX_WORDS_OF_A_SIDE),
            start,
            linked=before[2],
            inside=before[3],
        )


def cut_gap(text: str, left: Quantity, right: Quantity) -> tuple[int, int, bool, bool]:
    """(end of the left quantity's words, start of the right's, linked, in brackets)."""
    gap_start, gap_end = left.end, right.start
    if gap_end - gap_start > 2 * MAX_WORDS_OF_A_SIDE:
        return gap_start + MAX_WORDS_OF_A_SIDE, gap_end - MAX_WORDS_OF_A_SIDE, False, False
    gap = text[gap_start:gap_end]
    strong = strong_cuts(text, gap_start, gap_end)
    if strong:
        last = strong[-1]
        keep = last.group(0).strip(" ;:\n\t") != ""
        return strong[0].start(), last.start() if keep else last.end(), False, False
    bracket = gap.rfind("(")
    if bracket >= 0 and ")" not in gap[bracket:]:
        return gap_start + bracket, gap_start + bracket + 1, True, True
    weak = list(_WEAK.finditer(gap))
    if not weak:
        beneficiary = _FOR_WHOM.search(gap) if left.dimension == "count" else None
        cut = gap_start + beneficiary.start() if beneficiary else gap_start
        return cut, cut, True, False
    light = [m for m in weak if LIGHT.fullmatch(gap[m.end() :])]
    if light:
        chosen = light[0] if gap[: light[0].start()].strip() else light[-1]
    elif (
        left.dimension == "ratio"
        and not gap.lstrip().startswith((",", ")"))
        and LIGHT.fullmatch(gap[: weak[0].start()]) is None
    ):
        chosen = weak[-1]
    else:
        chosen = weak[0]
    return gap_start + chosen.start(), gap_start + chosen.end(), True, False
