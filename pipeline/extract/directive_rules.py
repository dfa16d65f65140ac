"""The schema of `rules/directives.toml`."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from pipeline.extract.actors import begins_actor
from pipeline.rulebook import Rule, RuleFile, check_pattern
from pipeline.times.words import PatternRule, spaced

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

    def problems(self) -> list[str]:
        """Examples that order nobody, and counter-examples that do."""
        missed = [f"{self.id}: orders nobody in {t!r}" for t in self.examples if not self.first_told(t)]
        return missed + [f"{self.id}: orders somebody in {t!r}" for t in self.counter_examples if self.first_told(t)]

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


class ColumnRule(PatternRule):
    """How the heading of a column begins in tables that hand out tasks."""

    column: Literal["task", "lead", "cooperate", "time", "papers", "remarks"]


class Way(Rule):
    """A way in which somebody is told, and how often such an instruction is right."""

    confidence: float = Field(gt=0, lt=1)


class DirectiveRules(RuleFile):
    """All of `directives.toml`."""

    file_name: ClassVar[str] = "directives.toml"

    modality: tuple[ModalityRule, ...]
    role: tuple[RoleRule, ...]
    obligation: str
    lead_in: str
    not_told: str
    with_whom: str
    verbs: tuple[str, ...]
    verb_patterns: tuple[str, ...]
    not_verb: str
    opening: str
    execution: str
    linking: str
    results_heading: str
    ahead_heading: str
    column: tuple[ColumnRule, ...]
    way: tuple[Way, ...]

    @field_validator(
        "linking",
        "results_heading",
        "ahead_heading",
        "execution",
        "obligation",
        "lead_in",
        "not_told",
        "with_whom",
        "not_verb",
        "opening",
    )
    @classmethod
    def _compiles(cls, value: str) -> str:
        check_pattern(spaced(value))
        return value

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
    def _verb(self) -> str:
        words = "|".join(sorted(map(re.escape, self.verbs), key=len, reverse=True)).replace(r"\ ", " ")
        patterns = "|".join(f"(?:{pattern})" for pattern in self.verb_patterns)
        return spaced(rf"(?<!\w)(?!{self.not_verb})(?:{patterns}|(?:{words}))(?!\w)")

    @cached_property
    def obliged(self) -> re.Pattern[str]:
        """Words that say that the actor before them must."""
        return re.compile(r"(?<!\w)" + spaced(self.obligation) + r"(?!\w)")

    @cached_property
    def leads_in(self) -> re.Pattern[str]:
        """The end of a sentence that leads in a list of tasks."""
        return re.compile(spaced(self.lead_in), re.IGNORECASE)

    @cached_property
    def not_told_regex(self) -> re.Pattern[str]:
        """Words of a result: nobody is told to do it."""
        return re.compile(spaced(self.not_told), re.IGNORECASE)

    @cached_property
    def with_whom_regex(self) -> re.Pattern[str]:
        """Before those who cooperate."""
        return re.compile(spaced(self.with_whom), re.IGNORECASE)

    @cached_property
    def opening_regex(self) -> re.Pattern[str]:
        """Words before the comma after which the actor comes."""
        return re.compile(spaced(self.opening), re.IGNORECASE)

    @cached_property
    def linking_regex(self) -> re.Pattern[str]:
        """Words before the actor or verb that only link a sentence to the one before."""
        return re.compile(rf"(?:{spaced(self.linking)})\s{{0,3}}(?:là\s|với\s)?,?\s{{0,3}}", re.IGNORECASE)

    @cached_property
    def results_regex(self) -> re.Pattern[str]:
        """The beginning of a heading over what has been."""
        return re.compile(rf"(?<!\w)(?:{spaced(self.results_heading)})", re.IGNORECASE)

    @cached_property
    def ahead_regex(self) -> re.Pattern[str]:
        """Words of a heading over what is to be done."""
        return re.compile(rf"(?<!\w)(?:{spaced(self.ahead_heading)})", re.IGNORECASE)

    @cached_property
    def executes(self) -> re.Pattern[str]:
        """The end of a sentence that tells everybody named in it to carry out the document."""
        return re.compile(spaced(self.execution) + r"[\s./]{0,6}$")

    def check_examples(self) -> list[str]:
        """Rules that do not behave as their examples say."""
        return [problem for rule in (*self.modality, *self.role, *self.column) for problem in rule.problems()]
