"""Which lines may begin a section, and all that each marker may mean.

Nothing is decided here: `Il.` may be II, `1.` may be a damaged I. The sequence of all markers decides (`tree.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.segment.numerals import letter_value, repaired_roman, roman, roman_value, unlike_roman, word_value
from pipeline.segment.rules import MarkerRule, SectionRules
from pipeline.vietnamese import fold

MARKER_LENGTH = 40
"""Characters of a line in which a marker must end."""

LOST_STROKE = 1.8
LOOKALIKE = 0.8
ONE_FOR_ROMAN = 2.4
_LOOKS_LIKE = {"©": "c", "¢": "c", "ø": "g", "e": "c"}
"""What a scanner makes of a letter before a parenthesis; `e` may be itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a marker. `numbers` are the counts from the outside in: `3.1` is (3, 1), `a2` (1, 2)."""

    kind: str
    rank: int
    style: str
    numbers: tuple[int, ...]
    label: str
    cost: float
    rule: str
    runs_on: bool = False
    strong: bool = False
    repaired: bool = False

    @property
    def last(self) -> str:
        """The last part of a label of several: the 1 of `3.1`, the a of `4.a`."""
        return str(_PARTS.findall(self.label)[-1])


_PARTS = re.compile(r"\d+|[^\W\d]+")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a line begins with: `text[:end]` is the marker as printed, and one or more readings of it."""

    printed: str
    end: int
    readings: tuple[Reading, ...]

    @property
    def lost_capitals(self) -> bool:
        """Whether a font showed the heading in capitals that the text has in small letters."""
        return any(r.kind == "capital_letter" and r.label.islower() for r in self.readings)


_MAY_BE = re.compile(r".{0,9}?[.,:)/–—-]|PH|Ph|CH|Ch|M[ỤụUu]|[ĐÐ][IiÊê]|\d|[IVXL|l!]", re.DOTALL)


_SPECK = re.compile(
    r"(?:[|'’‘`~^\\;:,=_]{1,2}\s{1,2}|_{1,2})(?=(?:\d{1,2}(?:\.\d{1,2}){0,2}|[IVX]{1,4}|[a-eđ])\s?[.)/-])"
    r"|[-–—]\s{1,2}(?=\d{1,2}[.)]\s[A-ZÀ-ỸĐ])"
)
"""Dust that a scanner reads before a marker: `| 2.3. Tỷ lệ`, `_2. Giao Sở`, `- 7. Giao Sở`."""

DOUBTED = 0.4


def _doubted(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple(replace(reading, cost=reading.cost + DOUBTED) for reading in readings)


def marker_of(text: str) -> Marker | None:
    """The marker that a line begins with; None where it begins with none."""
    head = text[:MARKER_LENGTH]
    if speck := _SPECK.match(head):
        found = marker_of(text[speck.end() :])
        return replace(found, end=found.end + speck.end(), readings=_doubted(found.readings)) if found else None
    if not _MAY_BE.match(head):
        return None
    marker = _marker_at(head)
    if marker is None or text[marker.end : marker.end + 1] not in (" ", "\t"):
        return marker
    tail = text[marker.end :]
    return replace(marker, end=marker.end + len(tail) - len(tail.lstrip()))


@lru_cache(maxsize=8192)
def _marker_at(head: str) -> Marker | None:
    readings: list[Reading] = []
    printed, end = "", 0
    for rule in SectionRules.load().markers:
        if rule.kind == "damaged" and not all(reading.repaired for reading in readings):
            continue
        match = rule.regex.match(head)
        if match is None:
            continue
        found = _readings(rule, match)
        if found:
            readings += found
            if match.end() > end:
                end, printed = match.end(), match.group().strip()
    return Marker(printed, end, tuple(readings)) if readings else None


def bullet_of(text: str) -> tuple[str, int] | None:
    """The id of the bullet that a line begins with, and where the text after it begins."""
    for rule in SectionRules.load().bullets:
        match = rule.regex.match(text[:8])
        if match:
            return rule.id, match.end()
    return None


def _readings(rule: MarkerRule, match: re.Match[str]) -> list[Reading]:
    ordinal = match.group("ordinal")
    style = re.sub(r"\s", "", match.group("delimiter") or "")

    def reading(numbers: tuple[int, ...], label: str, cost: float = 0.0, repaired: bool = False) -> Reading:
        return Reading(
            rule.kind, rule.rank, style, numbers, label, cost + rule.cost, f"{SectionRules.file_name}:{rule.id}",
            rule.runs_on, rule.strong, repaired,
        )  # fmt: skip

    if rule.numbering == "none":
        return [reading((), "", 1.5, repaired=True)]
    if rule.numbering == "arabic":
        return [reading(*found) for found in _arabic(ordinal)]
    if rule.numbering == "mixed":
        parts = _PARTS.findall(ordinal)
        values = [int(part) if part.isdigit() else letter_value(part) for part in parts]
        return [reading(tuple(v for v in values if v), ".".join(parts))] if all(values) else []
    if rule.numbering == "letter":
        value = letter_value(ordinal)
        label = ordinal if ordinal.isupper() else ordinal.lower()
        found = [reading((value,), {"á": "a", "à": "a", "â": "a"}.get(label, label))] if value else []
        if meant := _LOOKS_LIKE.get(ordinal):
            meant_value = letter_value(meant)
            assert meant_value is not None
            found.append(reading((meant_value,), meant, LOOKALIKE, repaired=True))
        return found
    if rule.strong and ordinal == "1":
        return [reading((1,), "1")]  # `Chương 1`; its neighbours say whether I is meant
    return [reading(*found) for found in _roman(ordinal, upper=rule.kind != "parentheses_roman")]


_FIGURES = dict.fromkeys("lI|!ÍÌÏÎ", "1") | {"S": "5", "§": "8", "O": "0"}
"""What a scanner makes of a figure that stands alone."""


def _arabic(ordinal: str) -> list[tuple[tuple[int, ...], str, float, bool]]:
    repaired = _FIGURES.get(ordinal)
    if repaired is not None:
        return [((int(repaired),), repaired, 1.2, True)] if repaired != "0" else []
    suffix = re.fullmatch(r"(\d{1,3})([a-zđ])", ordinal)
    if suffix:  # `Điều 5a` stands between 5 and 6
        return [((int(suffix.group(1)),), ordinal, 0.3, False)]
    numbers = tuple(int(part) for part in re.split(r"\s?\.\s?", ordinal))
    if 0 in numbers or any(len(part) > 1 and part[0] == "0" for part in re.split(r"\s?\.\s?", ordinal)[1:]):
        return []
    return [(numbers, ".".join(map(str, numbers)), 0.0, False)]


_LOWERED = re.compile(r"[IVX][ivx]{1,4}")
"""`Iv.`: a heading in capitals that somebody has set in small letters, but for the first."""


def _roman(ordinal: str, upper: bool) -> list[tuple[tuple[int, ...], str, float, bool]]:
    if not upper:
        value = roman_value(ordinal.upper())
        return [((value,), ordinal, 0.0, False)] if value else []
    if ordinal.isdigit() and not set(ordinal) <= {"1"}:
        return [((int(ordinal),), ordinal, 0.0, False)]
    if _LOWERED.fullmatch(ordinal):
        ordinal = ordinal.upper()
    word = word_value(fold(ordinal))
    if word is not None:
        return [((word,), roman(word), 0.0, False)]
    found = repaired_roman(ordinal)
    if found is None:
        return []
    value, repaired = found
    cost = (ONE_FOR_ROMAN if set(ordinal) <= {"1"} else 1.0 if unlike_roman(ordinal) else 0.5) if repaired else 0.0
    found_all: list[tuple[tuple[int, ...], str, float, bool]] = [((value,), roman(value), cost, repaired)]
    if not repaired and roman(value + 1) == ordinal + "I":  # a scanner may lose one stroke of III
        found_all.append(((value + 1,), roman(value + 1), LOST_STROKE, True))
    return found_all
