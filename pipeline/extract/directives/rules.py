"""The schema of `rules/directives.toml`."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from pipeline.extract.directives.actors import begins_actor
from pipeline.rulebook import PatternRule, PhraseFile, Rule, any_of, check_pattern, problems_of, spaced

Modality = Literal["assign", "require", "request", "propose"]
Role = Literal["lead", "cooperate", "advise", "requested"]


class ModalityRule(PatternRule):
    """A verb that orders, asks or proposes, and stands before the one who is told."""

    modality: Modality
    role: Role

    @cached_property
    def told(self) -> re.Pattern[str]:
        """The verb where it is one: not after words that make it a noun."""
        before = "".join(f"(?<!{word})" for word in _NOUN_BEFORE)
        return re.compile(rf"(?<![\w-]){before}{spaced(self.pattern)}\s{{0,3}}:?\s{{1,3}}", re.IGNORECASE)

    def matches(self, text: str) -> bool:
        """Whether an example orders somebody."""
        return self.first_told(text) is not None

    def first_told(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first place where the verb stands before an actor."""
        for match in self.told.finditer(text, start, len(text) if end is None else end):
            if begins_actor(text, match.end()):
                return match
        return None


_NOUN_BEFORE = (
    r"được\s", r"theo\s", r"ứng\s", r"các\s", r"những\s", r"dung\s", r"bàn\s", r"vụ\s", r"nhu\s", r"của\s", r"có\s",
    r"tiêu\s", r"bị\s", r"mục\sđích,\s", r"đã\s", r"xã\s", r"lý\s", r"với\s",
)  # fmt: skip


class RoleRule(PatternRule):
    """What a verb says about the part that the actor plays."""

    role: Role


class VerbPattern(PatternRule):
    """Where a word that is a noun too is a verb; letters match as written."""

    @classmethod
    def source(cls, pattern: str) -> str:
        """The regular expression of a pattern: whole words."""
        return rf"(?<!\w)(?:{spaced(pattern)})(?!\w)"

    @property
    def flags(self) -> re.RegexFlag:
        """As written."""
        return re.NOFLAG


class NotVerb(Rule):
    """Words that begin like a verb and are none, one or a few in each pattern; letters match as written."""

    patterns: tuple[str, ...] = Field(min_length=1)

    @field_validator("patterns")
    @classmethod
    def _all_compile(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            check_pattern(spaced(value))
        return values

    def matches(self, text: str) -> bool:
        """Whether an example holds such words."""
        return any(re.search(rf"(?<!\w)(?:{spaced(pattern)})", text) for pattern in self.patterns)


class ColumnRule(PatternRule):
    """How the heading of a column begins in tables that hand out tasks."""

    column: Literal["task", "lead", "cooperate", "time", "papers", "remarks"]


class Way(Rule):
    """A way in which somebody is told, and how often such an instruction is right."""

    confidence: float = Field(gt=0, lt=1)


class DirectiveRules(PhraseFile):
    """All of `directives.toml`."""

    file_name: ClassVar[str] = "directives.toml"

    modality: tuple[ModalityRule, ...]
    role: tuple[RoleRule, ...]
    verbs: tuple[str, ...]
    first_verbs: tuple[str, ...]
    verb_pattern: tuple[VerbPattern, ...]
    not_verb: tuple[NotVerb, ...]
    column: tuple[ColumnRule, ...]
    way: tuple[Way, ...]

    @field_validator("verbs", "first_verbs")
    @classmethod
    def _each_once(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if twice := sorted(word for word, count in Counter(values).items() if count > 1):
            raise ValueError(f"stands more than once: {', '.join(twice)}")
        return values

    @cached_property
    def confidence(self) -> dict[str, float]:
        """The confidence of each way."""
        return {way.id: way.confidence for way in self.way}

    @cached_property
    def verb(self) -> re.Pattern[str]:
        """A verb that begins an action, inside a sentence."""
        return re.compile(self._verb)

    @cached_property
    def first_verb(self) -> re.Pattern[str]:
        """The same at the beginning of a sentence, where it has a capital."""
        return re.compile(self._verb, re.IGNORECASE)

    @cached_property
    def opens_task(self) -> re.Pattern[str]:
        """The same, and words that are verbs only where they open a task: `Chuyển 20 ha đất …`."""
        words = any_of(self.first_verbs).replace(r"\ ", " ")
        return re.compile(rf"{self._verb}|(?:{spaced(words)})(?!\w)", re.IGNORECASE)

    @cached_property
    def _verb(self) -> str:
        words = any_of(self.verbs).replace(r"\ ", " ")
        patterns = "|".join(f"(?:{rule.pattern})" for rule in self.verb_pattern)
        others = "|".join(pattern for rule in self.not_verb for pattern in rule.patterns)
        return spaced(rf"(?<!\w)(?<!&\s)(?!{others})(?:{patterns}|(?:{words}))(?!\w)")

    def check_examples(self) -> list[str]:
        """Rules that do not behave as their examples say."""
        patterns = (*self.modality, *self.role, *self.column, *self.verb_pattern)
        return super().check_examples() + problems_of(patterns) + problems_of(self.not_verb)
