"""The rule files of this stage: section markers, header lines, footer lines."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from pipeline.rulebook import Rule, RuleFile, VerbatimRule, problems_of
from pipeline.vietnamese import fold


class StartRule(VerbatimRule):
    """A regular expression that is tried at the start of a text; letters match as written."""

    @property
    def flags(self) -> re.RegexFlag:
        """Letters match as written."""
        return re.NOFLAG

    def matches(self, text: str) -> bool:
        """Whether the text begins as the rule says."""
        return self.regex.match(text) is not None


class WordsRule(Rule):
    """A rule that is a list of words; marks and case do not count."""

    words: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Finds any of the words, in folded text."""
        longest_first = sorted({fold(w) for w in self.words}, key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def matches(self, text: str) -> bool:
        """Whether the text begins with one of the words."""
        return self.regex.match(fold(text)) is not None


class WholeRule(WordsRule):
    """A rule that is a list of whole texts."""

    def matches(self, text: str) -> bool:
        """Whether the text is one of the words, and nothing more."""
        return self.regex.fullmatch(fold(text)) is not None


class MarkerRule(StartRule):
    """One form of section marker."""

    kind: str
    rank: int
    numbering: Literal["arabic", "roman", "letter", "word", "mixed", "none"]
    runs_on: bool = False
    strong: bool = False
    cost: float = 0.0


class SectionRules(RuleFile):
    """How the parts of a document are marked."""

    file_name: ClassVar[str] = "sections.toml"

    markers: tuple[MarkerRule, ...]
    bullets: tuple[StartRule, ...]
    annexes: tuple[StartRule, ...]
    attachments: tuple[StartRule, ...]
    forms: tuple[StartRule, ...]
    legal_bases: tuple[WordsRule, ...]
    closings: tuple[WordsRule, ...]

    def check_examples(self) -> list[str]:
        """Every example begins as its rule says."""
        rules: list[StartRule | WordsRule] = [*self.markers, *self.bullets, *self.annexes, *self.attachments]
        rules += [*self.forms, *self.legal_bases, *self.closings]
        return problems_of(rules)


class HeaderRules(RuleFile):
    """How the lines above the body read."""

    file_name: ClassVar[str] = "headers.toml"

    mottos: tuple[WordsRule, ...]
    numbers: tuple[StartRule, ...]
    symbols: tuple[StartRule, ...]
    dates: tuple[StartRule, ...]
    subjects: tuple[StartRule, ...]
    addressees: tuple[StartRule, ...]
    authorities: tuple[WordsRule, ...]
    issuing_verbs: tuple[WordsRule, ...]
    stamps: tuple[StartRule, ...]
    openings: tuple[WordsRule, ...]
    offices: tuple[WordsRule, ...]
    heads: tuple[WordsRule, ...]
    organs: tuple[WordsRule, ...]
    unnumbered: tuple[WordsRule, ...]

    @cached_property
    def organ_names(self) -> tuple[str, ...]:
        """How organs are called that name nobody without the body above them."""
        return tuple(words for rule in self.organs for words in rule.words)

    def check_examples(self) -> list[str]:
        """Every example begins as its rule says."""
        return problems_of((
            *self.mottos, *self.numbers, *self.symbols, *self.dates, *self.subjects, *self.addressees,
            *self.authorities, *self.issuing_verbs, *self.stamps, *self.openings,
            *self.offices, *self.heads, *self.organs, *self.unnumbered,
        ))  # fmt: skip


class AuthorityRule(StartRule):
    """One way of signing for somebody: `KT.`."""

    code: str


class FooterRules(RuleFile):
    """How the lines below the body read."""

    file_name: ClassVar[str] = "footers.toml"

    recipients: tuple[StartRule, ...]
    first_recipients: tuple[StartRule, ...]
    last_recipients: tuple[StartRule, ...]
    authorities: tuple[AuthorityRule, ...]
    titles: tuple[WordsRule, ...]
    deputies: tuple[WholeRule, ...]
    other_deputies: tuple[WordsRule, ...]
    degrees: tuple[StartRule, ...]
    witnesses: tuple[WordsRule, ...]
    noise: tuple[StartRule, ...]
    surnames: tuple[WordsRule, ...]

    def check_examples(self) -> list[str]:
        """Every example begins as its rule says."""
        rules: list[StartRule | WordsRule] = [*self.recipients, *self.first_recipients, *self.last_recipients]
        rules += [*self.authorities, *self.titles, *self.deputies, *self.other_deputies, *self.degrees]
        rules += [*self.witnesses, *self.noise, *self.surnames]
        return problems_of(rules)
