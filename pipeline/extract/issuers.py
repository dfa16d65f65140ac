"""Reads the name of an issuing body off a text: a chain of heads (`Ban Thường vụ`, `Chủ tịch Ủy ban nhân dân`), units
with the names after them (`huyện Hạ Lang`) and fields of ministries (`Lao động - Thương binh và Xã hội`).

The words are rules (`rules/citations.toml`, `[issuers]`). Letters without marks decide which words they are, capital
letters how far a name goes.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.citation_rules import CitationRules
from pipeline.issuing_bodies import body_at_start

_NAME_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"\s?,?\s|\s?[-–]\s?")
_MAX_LENGTH = 160
_MAX_NAME_WORDS = 4


def _alternation(words: tuple[str, ...]) -> str:
    longest_first = sorted(words, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s") for w in longest_first) + r")(?!\w)"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = CitationRules.load().issuers
    return (
        re.compile(_alternation(words.heads)),
        re.compile(_alternation(words.units)),
        re.compile(_alternation(words.fields)),
    )


def issuer_end(text: str, folded: str, start: int) -> int | None:
    """Where the issuer's name that begins at `start` ends; None where no issuer begins there.

    `folded` is `fold_in_place(text)`.
    """
    heads, units, fields = _patterns()
    end = _head_end(heads, text, folded, start)
    if end is None:
        return None
    capitals = text[start : end + 8].isupper()
    takes_name = _takes_name(folded[start:end])
    takes_field = _takes_field(folded[start:end])
    while end - start < _MAX_LENGTH:
        gap = _GAP.match(folded, end)
        if gap is None:
            break
        at = gap.end()
        comma = "," in gap.group() or "-" in gap.group()
        if (head := _head_end(heads, text, folded, at)) and (not comma or folded[at:head].startswith("chu nhiem")):
            takes_name, takes_field = _takes_name(folded[at:head]), _takes_field(folded[at:head])
            end = head
            continue
        match = units.match(folded, at) if not comma else None
        if match is None and takes_field:
            match = fields.match(folded, at)
        if match is not None:
            takes_name, takes_field = True, False
        elif not comma and takes_name and not capitals and (named := _name_end(text, at)) is not None:
            end, takes_name = named, False
            continue
        else:
            break
        end = match.end()
    return end


def _head_end(heads: re.Pattern[str], text: str, folded: str, start: int) -> int | None:
    """The end of the longest known body or word for one that begins here."""
    match = heads.match(folded, start)
    end = match.end() if match else 0
    if match and match.group() == "so" and text[start : start + 2].lower() == "số":
        return None
    if (
        "a" <= folded[start : start + 1] <= "z"
        and (body := body_at_start(text[start : start + 90]))
        and body.start == 0
    ):
        end = max(end, start + body.end)
    return end or None


def _takes_name(head: str) -> bool:
    """Whether a proper name may follow at once: `Tỉnh ủy Bình Thuận`, `Hội đồng nhân dân Thành phố`."""
    return not head.startswith(("thu tuong", "chinh phu", "quoc hoi", "uy ban thuong vu quoc hoi", "bo chinh tri"))


def _takes_field(head: str) -> bool:
    return head in {
        "bo",
        "so",
        "phong",
        "lien bo",
        "thanh tra",
        "cuc",
        "chi cuc",
        "tong cuc",
        "truong",
        "giam doc",
        "truong phong",
    }


def _name_end(text: str, start: int) -> int | None:
    """The end of a run of words that begin with a capital: `Hạ Lang`, `Bà Rịa - Vũng Tàu`, `Hồ Chí Minh`."""
    end: int | None = None
    position = start
    for _ in range(_MAX_NAME_WORDS):
        word = _NAME_WORD.match(text, position)
        if word is None or not word.group()[0].isupper() or (len(word.group()) > 1 and word.group().isupper()):
            break
        end = word.end()
        gap = re.compile(r" - (?=[^\W\d_a-z])| ").match(text, end)
        if gap is None:
            break
        position = gap.end()
    return end
