"""Markers and fixed phrases repaired by the rules of `rules/restoration.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from pipeline.restore.rewriting import Change
from pipeline.rulebook import RuleFile, VerbatimRule, check_pattern, problems_with
from pipeline.vietnamese import LIST_LETTERS


class Repair(VerbatimRule):
    """One repair; see the head of the file for the fields."""

    becomes: str
    damaged_only: bool
    confidence: Annotated[float, Field(gt=0, le=1)]
    readings: tuple[tuple[str, str], ...] = ()
    only_with: str | None = None

    @field_validator("only_with")
    @classmethod
    def _may_be_searched(cls, value: str | None) -> str | None:
        if value is not None:
            check_pattern(value)
        return value

    @cached_property
    def _sign(self) -> re.Pattern[str] | None:
        return re.compile(self.only_with) if self.only_with else None

    @property
    def flags(self) -> re.RegexFlag:
        """Letters match as written; `^` is the beginning of any line."""
        return re.MULTILINE

    def changes(self, text: str) -> Iterator[Change]:
        """What the rule changes."""
        if self._sign and not self._sign.search(text):
            return
        for match in self.regex.finditer(text):
            after = match.expand(self.becomes)
            if after != match.group():
                same = len(after) - len(after.lstrip()) if match.group()[:1].isspace() else 0
                yield Change(match.start() + same, match.end(), after[same:], "marker", self.confidence)


class Restoration(RuleFile):
    """`rules/restoration.toml`."""

    file_name: ClassVar[str] = "restoration.toml"

    repairs: tuple[Repair, ...]

    def check_examples(self) -> list[str]:
        """Every example changes, no counter-example does, every reading comes out as it says."""
        problems = problems_with(self.repairs, lambda rule, text: any(True for _ in rule.changes(text)))
        for rule in self.repairs:
            for before, after in rule.readings:
                if (got := rule.regex.sub(rule.becomes, before)) != after:
                    problems.append(f"{rule.id}: {before!r} becomes {got!r}, not {after!r}")
        return problems


_SIGNS = "©¢€¡ïíìîÏÍÌÎøä"  # no letters of any list; a reader takes letters for them
_LIST_LETTER = re.compile(rf"^[ \t]{{0,8}}([a-zđ12{_SIGNS}])[.)](?=[ \t])", re.MULTILINE)
_READ_FOR = dict.fromkeys("¡ïíìîÏÍÌÎ", "i") | dict.fromkeys("©¢€", "c") | {"ø": "g", "ä": "a"}
_ALSO_READ_FOR = dict.fromkeys("©¢€", "e")
_ONE_LETTER_ONLY = frozenset(_READ_FOR.keys() - _ALSO_READ_FOR.keys())


def repair_list_letters(text: str, *, read: bool = False) -> Iterator[Change]:
    """`d)` that follows `c)` and `d)` is `đ)`: lists of Vietnamese letters go on a, b, c, d, đ, e.

    A sign that follows the letter before the one that it looks like is that letter: `©)` after `b)`, `ï)` after `h)`.
    Where a machine has `read` the text, the sign is that letter, too, if no list letter stands before it or no other
    letter looks so, `đ)` that follows `c)` and is not followed by `e)` is `d)`, and `1)` or `l)` between `h)` and `k)`
    is `i)`.
    """
    found = _list_letters(text)
    before = ""
    for place, match in enumerate(found):
        letter = match.group(1)
        meant, confidence = _meant(letter, before, found[place + 1].group(1) if place + 1 < len(found) else "", read)
        if meant != letter:
            yield Change(match.start(1), match.end(1), meant, "marker", confidence)
        before = before[-1:] + meant


def _list_letters(text: str) -> list[re.Match[str]]:
    """The letters of lists; a figure is one only if `1` stands in the place of `i`."""
    found = list(_LIST_LETTER.finditer(text))
    letters = ["", *(match.group(1) for match in found), ""]
    beside = zip(letters, letters[2:], strict=False)
    return [
        m
        for m, around in zip(found, beside, strict=True)
        if not m.group(1).isdigit() or m.group(1) + "".join(around) == "1hk"
    ]


def _meant(letter: str, before: str, after: str, read: bool) -> tuple[str, float]:
    """The letter meant, by the two before it and the one after it, and how sure that is."""
    if letter == "d" and before[-2:] == "cd":
        return "đ", 0.95
    if letter == "đ" and read and before[-1:] == "c" and after != "e":
        return "d", 0.85
    if letter in {"1", "l"} and before[-1:] + after == "hk":
        return ("i", 0.85) if read else (letter, 1.0)
    for meant in (_READ_FOR.get(letter), _ALSO_READ_FOR.get(letter)):
        if meant and before and before[-1] + meant in LIST_LETTERS:
            return meant, 0.9
    alone = letter in _READ_FOR and (not before or letter in _ONE_LETTER_ONLY)
    return (_READ_FOR[letter], 0.8) if read and alone else (letter, 1.0)


def repair_markers(text: str, *, damaged: bool, read: bool = False) -> Iterator[Change]:
    """The changes of all rules that hold for a page; `read`: by a machine."""
    for rule in Restoration.load().repairs:
        if damaged or not rule.damaged_only:
            yield from rule.changes(text)
    yield from repair_list_letters(text, read=read)
