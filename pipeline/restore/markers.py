"""Markers and fixed phrases repaired by the rules of `rules/restoration.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from pipeline.restore.rewriting import Change
from pipeline.rulebook import RuleFile, VerbatimRule, problems_with


class Repair(VerbatimRule):
    """One repair; see the head of the file for the fields."""

    becomes: str
    damaged_only: bool
    confidence: Annotated[float, Field(gt=0, le=1)]
    readings: tuple[tuple[str, str], ...] = ()

    @property
    def flags(self) -> re.RegexFlag:
        """Letters match as written; `^` is the beginning of any line."""
        return re.MULTILINE

    def changes(self, text: str) -> Iterator[Change]:
        """What the rule changes."""
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


_LIST_LETTER = re.compile(r"^[ \t]{0,8}([a-zđ©¢¡ïíì])[.)](?=[ \t])", re.MULTILINE)
_READ_FOR = {"©": "c", "¢": "c", "¡": "i", "ï": "i", "í": "i", "ì": "i"}  # signs that are no letter of any list


def repair_list_letters(text: str) -> Iterator[Change]:
    """`d)` that follows `c)` and `d)` is `đ)`: lists of Vietnamese letters go on a, b, c, d, đ, e.

    A sign that follows the letter before the one that it looks like is that letter: `©)` after `b)`, `ï)` after `h)`.
    """
    before = ""
    for match in _LIST_LETTER.finditer(text):
        letter = match.group(1)
        if letter == "d" and before[-2:] == "cd":
            letter = "đ"
            yield Change(match.start(1), match.end(1), letter, "marker", 0.95)
        elif (meant := _READ_FOR.get(letter)) and before[-1:] == chr(ord(meant) - 1):
            letter = meant
            yield Change(match.start(1), match.end(1), letter, "marker", 0.9)
        before = before[-1:] + letter


def repair_markers(text: str, *, damaged: bool) -> Iterator[Change]:
    """The changes of all rules that hold for a page."""
    for rule in Restoration.load().repairs:
        if damaged or not rule.damaged_only:
            yield from rule.changes(text)
    yield from repair_list_letters(text)
