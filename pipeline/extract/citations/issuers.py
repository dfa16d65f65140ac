"""Reads the name of an issuing body off a text: a chain of heads (`Ban Thường vụ`, `Chủ tịch Ủy ban nhân dân`), units
with the names after them (`huyện Hạ Lang`) and fields of ministries (`Lao động - Thương binh và Xã hội`).

The words are rules (`rules/citations.toml`, `[issuers]`). Letters without marks decide which words they are, capital
letters how far a name goes.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.citation_rules import CitationRules
from pipeline.document_types import type_at_start
from pipeline.issuing_bodies import body_at_start

_NAME_WORD = re.compile(r"[^\W\d_]+")
_SMALL_WORD = re.compile(r"\s([^\W\d_]{2,})(?!\w)")
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
        re.compile(_alternation((*words.heads, *words.offices))),
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
    office = _is_office(text, folded, start, end)
    while end - start < _MAX_LENGTH:
        gap = _GAP.match(folded, end)
        if gap is None:
            break
        at = gap.end()
        comma = "," in gap.group() or "-" in gap.group()
        if (head := _head_end(heads, text, folded, at)) and (not comma or folded[at:head].startswith("chu nhiem")):
            takes_name, takes_field = _takes_name(folded[at:head]), _takes_field(folded[at:head])
            office = _is_office(text, folded, at, head)
            end = head
            continue
        match = _unit(units, text, folded, at) if not comma else None
        if match is None and takes_field:
            match = fields.match(folded, at)
        if match is not None:
            takes_name, takes_field, office = True, False, False
        elif office and not capitals and (named := _office_words_end(text, folded, end)) is not None:
            end, takes_name, takes_field = named, False, False
            continue
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
    if match and text[start].islower() and match.group() in _only_offices():
        match = None
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


@cache
def _offices() -> tuple[frozenset[str], re.Pattern[str], frozenset[str]]:
    words = CitationRules.load().issuers
    return frozenset(words.offices), re.compile(_alternation(words.office_words)), frozenset(words.office_stops)


@cache
def _only_offices() -> frozenset[str]:
    """Heads that in small letters are any school or centre."""
    return _offices()[0] - frozenset(CitationRules.load().issuers.heads)


def _is_office(text: str, folded: str, start: int, end: int) -> bool:
    """Whether a head takes a name of many words, as `Bệnh viện` does."""
    return text[start].isupper() and folded[start:end] in _offices()[0]


def _office_words_end(text: str, folded: str, end: int) -> int | None:
    """Where the next words of an office's name end that ends at `end` so far: a word with a capital and the small one
    that completes it (`Quản lý`, `Thủy lợi`), or a known group of small ones (`kiểm soát bệnh tật`)."""
    _, groups, stops = _offices()
    gap = re.compile(r"\s(?:[-–]\s|(?:và|&)\s(?=[^\W\d_]))?").match(text, end)
    if gap is None:
        return None
    if group := groups.match(folded, gap.end()):
        return group.end()
    word = _NAME_WORD.match(text, gap.end())
    if word is None or not word.group()[0].isupper():
        return None
    if gap.group().strip() and type_at_start(text[word.start() : word.start() + 60]):
        return None  # `của Bệnh viện … và Công văn số …`
    small = _SMALL_WORD.match(text, word.end())
    abbreviated = len(word.group()) > 1 and word.group().isupper()
    if small is None or abbreviated or not small.group(1).islower():
        return word.end()
    begin = small.start(1)
    known = folded[begin : small.end()] in stops or _patterns()[1].match(folded, begin)
    return word.end() if known else small.end()


def _unit(units: re.Pattern[str], text: str, folded: str, at: int) -> re.Match[str] | None:
    """The unit that begins here; `Quản` of `Quản lý` is no `quận`, `xã hội` no `xã`."""
    match = units.match(folded, at)
    if match is None or folded.startswith(" hoi", match.end()):
        return None
    printed = text[at : match.end()].lower()
    return None if match.group() == "quan" and printed not in {"quan", "quận"} else match


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
