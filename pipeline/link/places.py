"""Which office a citation speaks of: its level, province, district and commune, from the words and the code.

Everything is worked out once per distinct string and then joined, so that a million citations cost little.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from pipeline.issuing_bodies import IssuingBodies, bodies_of_code, level_of_body
from pipeline.vietnamese import fold

_NAME = r"(?P<name>[a-z][a-z']*(?:[ -]+[a-z][a-z']*){0,4})"
_END = r"(?=$|[,;.(]| khoa | nhiem ky | ve )"
_UNITS = {
    "tinh": "province", "tinh uy": "province", "tinh doan": "province", "thanh uy": "province",
    "huyen": "district", "quan": "district", "thi xa": "district", "huyen uy": "district", "quan uy": "district",
    "thi uy": "district", "thanh pho": "city", "tp": "city", "tp.": "city",
    "xa": "commune", "phuong": "commune", "thi tran": "commune", "dac khu": "commune",
}  # fmt: skip
_UNIT = re.compile(
    r"(?<!\w)(?P<unit>" + "|".join(re.escape(u) for u in sorted(_UNITS, key=len, reverse=True)) + r")(?!\w)\s*"
)
_NOT_NAMES = {"dang", "cac", "va", "ve", "o", "tai", "cap", "nay", "uy", "doan", "khoa"}
_SHORTEST_NAME = 3
_MINISTRY_CODE = re.compile(r"B[A-ZĐ&]{1,9}|UBDT|TTCP|NHNN|KTNN|BHXH|TAND?TC|VKSNDTC|TCT|TCHQ|TLĐ|HĐBT|HĐNN\d*|HĐCP")


class Place(NamedTuple):
    """Names without marks; empty where the words do not say."""

    level: str
    province: str
    district: str
    commune: str


@lru_cache(maxsize=200_000)
def place_of_issuer(issuer: str | None) -> Place:
    """What an issuer's name says: `UBND huyện Hạ Lang` is the district `ha lang` of a province that is not said."""
    if not issuer:
        return Place("", "", "", "")
    names = {"province": "", "district": "", "commune": ""}
    level = level_of_body(issuer) or ""
    folded = fold(issuer)
    cities = {fold(c) for c in IssuingBodies.load().cities.names}
    matches = list(_UNIT.finditer(folded))
    for index, match in enumerate(matches):
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(folded)
        words = re.split(r"[,;.(]", folded[match.end() : stop])[0].replace("-", " ").split()
        while words and words[0] in _NOT_NAMES:
            words = []
        name = " ".join(takewhile(_is_word, words[:4]))
        name = "" if name.isalpha() and len(name) < _SHORTEST_NAME else name  # `Tỉnh ủv`, `Huyện ùy`
        unit = _UNITS[match["unit"]]
        if unit == "city":
            unit = "province" if name in cities else "district"
        elif match["unit"] == "thanh uy" and name not in cities:
            unit = "district" if name else "province"
        if name and not names[unit]:
            names[unit] = name
    return Place(level, names["province"], names["district"], names["commune"])


def _is_word(token: str) -> bool:
    """Whether only letters or digits stand in a token; specks of a stamp end a name."""
    return token.replace("'", "").isalnum()


@lru_cache(maxsize=50_000)
def level_of_symbol(body: str, type_code: str, style: str, year: bool) -> str:
    """The level that the code says: `TTg` is central, `TU` a province, `UBND` says nothing."""
    if style == "party":
        found = bodies_of_code(body, "party") or bodies_of_code(body)
        levels = {c.level for c in found if not c.body.place or c.level}
        return next(iter(levels)) or "" if len(levels) == 1 else ("province" if body.endswith("TU") else "")
    if body.startswith(("UBND", "HĐND", "HDND", "UB")) and not body.startswith("UBDT"):
        return ""
    if year and type_code in {"TT", "NĐ", "TTLT"}:
        return "central"
    found = bodies_of_code(body, "state")
    if found:
        return found[0].level or ""
    return "central" if _MINISTRY_CODE.fullmatch(body.split("-")[0]) else ""


_UNIT_WORDS = ("tinh ", "thanh pho ", "tp. ", "tp ", "huyen ", "quan ", "thi xa ", "xa ", "phuong ", "thi tran ")


def bare_place(place: str) -> str:
    """A place name without marks, dashes and the word for its unit."""
    folded = " ".join(fold(place).replace("-", " ").split())
    unit = next((u for u in _UNIT_WORDS if folded.startswith(u)), "")
    return folded.removeprefix(unit)
