"""The schema of `rules/deadlines.toml`."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from pipeline.rulebook import Rule, RuleFile, check_pattern
from pipeline.times.words import spaced

REACH = 130
"""Characters before a time in which its cue is looked for."""


class Before(Rule):
    """Words that stand right before a time."""

    pattern: str

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        check_pattern(spaced(value))
        return value

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The words, and nothing but blanks behind them."""
        return re.compile(rf"(?<!\w)(?:{spaced(self.pattern)})\s{{0,3}}$", re.IGNORECASE)

    def start(self, before: str) -> int | None:
        """Where the words begin in the text that stands before a time; None where they do not end it."""
        match = self.regex.search(before)
        return match.start() if match else None

    def problems(self) -> list[str]:
        """Examples in which the words do not stand before the `|`, and counter-examples in which they do."""
        missed = [f"{self.id}: not before {t!r}" for t in self.examples if self.start(t.partition("|")[0]) is None]
        wrong = [
            f"{self.id}: before {t!r}" for t in self.counter_examples if self.start(t.partition("|")[0]) is not None
        ]
        return missed + wrong


class Cue(Before):
    """Words that make the time behind them a limit."""

    kind: Literal["by", "before", "on", "within"]
    strength: Literal["strong", "weak"]
    confidence: float = Field(gt=0, lt=1)
    spans: tuple[str, ...] = ()


class Bare(Rule):
    """A time that is a limit without a cue. `ranged`: only `từ … đến …`; `year_end`: only `cuối năm` with its year;
    `hour`: only with its hour; `ahead`: only where it is still to come."""

    kind: Literal["by", "before", "on", "within"]
    confidence: float = Field(gt=0, lt=1)
    spans: tuple[str, ...]
    ranged: bool = False
    year_end: bool = False
    hour: bool = False
    ahead: bool = False

    def fits(self, span: str, *, ranged: bool, year_end: bool, hour: bool, ahead: bool) -> bool:
        """Whether the rule speaks of a time of that form."""
        asked = ((self.ranged, ranged), (self.year_end, year_end), (self.hour, hour), (self.ahead, ahead))
        return span in self.spans and all(has for wanted, has in asked if wanted)


class DeadlineRules(RuleFile):
    """All of `deadlines.toml`."""

    file_name: ClassVar[str] = "deadlines.toml"

    cue: tuple[Cue, ...]
    blocked: tuple[Before, ...]
    bare: tuple[Bare, ...]
    label: str
    programme: str
    done_after: str
    done_before: str
    periodic: str
    regular_noun: str
    regular_verb: str
    regular_end: str
    aim: str
    goal_heading: str
    reached: str
    striven: str

    @cached_property
    def label_regex(self) -> re.Pattern[str]:
        """`Thời gian thực hiện:`."""
        return re.compile(rf"(?<!\w){spaced(self.label)}", re.IGNORECASE)

    @cached_property
    def programme_regex(self) -> re.Pattern[str]:
        """The name of a plan or movement."""
        return re.compile(rf"(?<!\w){spaced(self.programme)}(?!\w)", re.IGNORECASE)

    @cached_property
    def done_after_regex(self) -> re.Pattern[str]:
        """Words of a past clause behind its time."""
        return re.compile(spaced(self.done_after), re.IGNORECASE)

    @cached_property
    def done_before_regex(self) -> re.Pattern[str]:
        """Words of a past clause before its time."""
        return re.compile(spaced(self.done_before), re.IGNORECASE)

    @cached_property
    def aim_regex(self) -> re.Pattern[str]:
        """A verb of what is to be reached, at the place that is looked at."""
        return re.compile(rf"{spaced(self.aim)}(?!\w)", re.IGNORECASE)

    @cached_property
    def later_aim_regex(self) -> re.Pattern[str]:
        """The same behind a comma or the like."""
        return re.compile(rf"[,;:]\s{{1,3}}{spaced(self.aim)}(?!\w)")

    @cached_property
    def goal_heading_regex(self) -> re.Pattern[str]:
        """`Mục tiêu đến`, as the beginning of a heading."""
        return re.compile(rf"{spaced(self.goal_heading)}\s{{1,3}}", re.IGNORECASE)

    @cached_property
    def reached_regex(self) -> re.Pattern[str]:
        """What a year sets behind it."""
        return re.compile(spaced(self.reached), re.IGNORECASE)

    @cached_property
    def striven_regex(self) -> re.Pattern[str]:
        """Words before a year that is striven for."""
        return re.compile(rf"(?<!\w){spaced(self.striven)}$", re.IGNORECASE)

    @cached_property
    def periodic_regex(self) -> re.Pattern[str]:
        """`định kỳ` as an adverb."""
        return re.compile(r"(?<!\w)" + spaced(self.periodic), re.IGNORECASE)

    @cached_property
    def regular_noun_regex(self) -> re.Pattern[str]:
        """A noun right before `hàng năm`."""
        return re.compile(rf"(?<!\w)(?:{spaced(self.regular_noun)})\s{{0,3}}$", re.IGNORECASE)

    @cached_property
    def regular_verb_regex(self) -> re.Pattern[str]:
        """A verb of what is done again and again."""
        return re.compile(rf"(?<!\w)(?:{spaced(self.regular_verb)})(?!\w)", re.IGNORECASE)

    @cached_property
    def regular_end_regex(self) -> re.Pattern[str]:
        """What may follow `hàng năm` that belongs to the verb before it."""
        return re.compile(spaced(self.regular_end), re.IGNORECASE)

    def cue_before(self, before: str, span: str, part: str | None) -> tuple[Cue, int] | None:
        """The cue right before a time of a form, and where it begins: of several the longest."""
        found = [
            (cue, start)
            for cue in self.cue
            if not cue.spans or span in cue.spans or (part is not None and "part" in cue.spans)
            if (start := cue.start(before)) is not None
        ]
        return min(found, key=lambda pair: pair[1]) if found else None

    def is_blocked(self, before: str, *, ahead: bool = False) -> bool:
        """Whether words before a cue make it none; those that tell history speak of no day that is `ahead`."""
        return any(rule.start(before) is not None for rule in self.blocked if not (ahead and rule.id == "history"))

    def check_examples(self) -> list[str]:
        """Rules that do not behave as their examples say."""
        return [problem for rule in (*self.cue, *self.blocked) for problem in rule.problems()]
