"""The rule files of this stage: section markers, header lines, footer lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import field_validator

from pipeline.rulebook import Rule, RuleFile, check_pattern
from pipeline.vietnamese import fold


class PatternRule(Rule):
    """A rule that is one regular expression, tried at the start of a text."""

    pattern: str

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        return check_pattern(pattern)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern)

    def matches(self, text: str) -> bool:
        """Whether the text begins as the rule says."""
        return self.regex.match(text) is not None


class WordsRule(Rule):
    """A rule that is a list of words; marks and case do not count."""

    words: tuple[str, ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Finds any of the words, in folded text."""
        longest_first = sorted({fold(w) for w in self.words}, key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def matches(self, text: str) -> bool:
        """Whether the text begins with one of the words."""
        return self.regex.match(fold(text)) is not None


def examples_that_fail(file_name: str, rules: Sequence[PatternRule | WordsRule]) -> list[str]:
    """One line for each example that a rule treats otherwise than it says."""
    missed = [
        f"{file_name}: {rule.id}: {text!r} does not match" for rule in rules for text in rule.examples
        if not rule.matches(text)
    ]  # fmt: skip
    caught = [
        f"{file_name}: {rule.id}: {text!r} matches" for rule in rules for text in rule.counter_examples
        if rule.matches(text)
    ]  # fmt: skip
    return missed + caught


class MarkerRule(PatternRule):
    """One form of section marker."""

    kind: str
    rank: int
    numbering: Literal["arabic", "roman", "letter", "word", "none"]
    runs_on: bool = False
    strong: bool = False


class SectionRules(RuleFile):
    """How the parts of a document are marked."""

    file_name: ClassVar[str] = "sections.toml"

    markers: tuple[MarkerRule, ...]
    bullets: tuple[PatternRule, ...]
    annexes: tuple[PatternRule, ...]
    attachments: tuple[PatternRule, ...]
    legal_bases: tuple[WordsRule, ...]
    closings: tuple[WordsRule, ...]

    def check_examples(self) -> list[str]:
        """Every example begins as its rule says."""
        rules: list[PatternRule | WordsRule] = [*self.markers, *self.bullets, *self.annexes, *self.attachments]
        rules += [*self.legal_bases, *self.closings]
        return examples_that_fail(self.file_name, rules)


class HeaderRules(RuleFile):
    """How the lines above the body read."""

    file_name: ClassVar[str] = "headers.toml"

    mottos: tuple[WordsRule, ...]
    numbers: tuple[PatternRule, ...]
    symbols: tuple[PatternRule, ...]
    dates: tuple[PatternRule, ...]
    subjects: tuple[PatternRule, ...]
    addressees: tuple[PatternRule, ...]
    authorities: tuple[WordsRule, ...]
    issuing_verbs: tuple[WordsRule, ...]
    stamps: tuple[PatternRule, ...]
    openings: tuple[WordsRule, ...]
    offices: tuple[WordsRule, ...]

    def check_examples(self) -> list[str]:
        """Every example begins as its rule says."""
        return examples_that_fail(
            self.file_name,
            (
                *self.mottos, *self.numbers, *self.symbols, *self.dates, *self.subjects, *self.addressees,
                *self.authorities, *self.issuing_verbs, *self.stamps, *self.openings,
                *self.offices,
            ),
        )  # fmt: skip


class AuthorityRule(PatternRule):
    """One way of signing for somebody: `KT.`."""

    code: str


class FooterRules(RuleFile):
    """How the lines below the body read."""

    file_name: ClassVar[str] = "footers.toml"

    recipients: tuple[PatternRule, ...]
    last_recipients: tuple[PatternRule, ...]
    authorities: tuple[AuthorityRule, ...]
    titles: tuple[WordsRule, ...]
    degrees: tuple[PatternRule, ...]
    noise: tuple[PatternRule, ...]
    surnames: tuple[WordsRule, ...]

    def check_examples(self) -> list[str]:
        """Every example begins as its rule says."""
        rules: list[PatternRule | WordsRule] = [*self.recipients, *self.last_recipients, *self.authorities]
        rules += [*self.titles, *self.degrees, *self.noise, *self.surnames]
        return examples_that_fail(self.file_name, rules)
