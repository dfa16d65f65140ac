"""The schema of `rules/deadlines.toml`."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from pipeline.rulebook import PatternRule, PhraseFile, Rule, problems_of

REACH = 130
"""Characters before a time in which its cue is looked for."""


class Before(PatternRule):
    """Words that stand right before a time."""

    @classmethod
    def source(cls, pattern: str) -> str:
        """The words, and nothing but blanks behind them."""
        return super().source(pattern) + r"\s{0,3}$"

    def start(self, before: str) -> int | None:
        """Where the words begin in the text that stands before a time; None where they do not end it."""
        match = self.regex.search(before)
        return match.start() if match else None

    def matches(self, text: str) -> bool:
        """Whether the words stand before the `|` of an example."""
        return self.start(text.partition("|")[0]) is not None


TimeSpan = Literal[
    "day", "days", "day_of_month", "week", "month", "months", "quarter", "part_of_year", "half_year", "year", "years",
    "near", "lunar_day", "lunar", "memorial", "part",
]  # fmt: skip
"""Forms of times that a rule may ask for; `part` is any whose first, middle or last part is meant."""


class Cue(Before):
    """Words that make the time behind them a limit."""

    kind: Literal["by", "before", "on", "within"]
    strength: Literal["strong", "weak"]
    confidence: float = Field(gt=0, lt=1)
    spans: tuple[TimeSpan, ...] = ()

    @field_validator("examples", "counter_examples")
    @classmethod
    def _show_the_time(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if without := [text for text in values if "|" not in text]:
            raise ValueError(f"no | says where the time begins: {without}")
        return values


class Bare(Rule):
    """A time that is a limit without a cue. `ranged`: only `từ … đến …`; `year_end`: only `cuối năm` with its year;
    `hour`: only with its hour; `ahead`: only where it is still to come."""

    kind: Literal["by", "before", "on", "within"]
    confidence: float = Field(gt=0, lt=1)
    spans: tuple[TimeSpan, ...]
    ranged: bool = False
    year_end: bool = False
    hour: bool = False
    ahead: bool = False

    def fits(self, span: str, *, ranged: bool, year_end: bool, hour: bool, ahead: bool) -> bool:
        """Whether the rule speaks of a time of that form."""
        asked = ((self.ranged, ranged), (self.year_end, year_end), (self.hour, hour), (self.ahead, ahead))
        return span in self.spans and all(has for wanted, has in asked if wanted)


class Undated(PatternRule):
    """A limit that names an event and no day; the group `limit` is the limit itself."""

    kind: Literal["by", "before", "on", "within"]
    confidence: float = Field(gt=0, lt=1)


class DeadlineRules(PhraseFile):
    """All of `deadlines.toml`."""

    file_name: ClassVar[str] = "deadlines.toml"

    cue: tuple[Cue, ...]
    blocked: tuple[Before, ...]
    bare: tuple[Bare, ...]
    undated: tuple[Undated, ...]

    @cached_property
    def later_aim(self) -> re.Pattern[str]:
        """A verb of what is to be reached, behind a comma or the like."""
        return re.compile(r"[,;:]\s{1,3}" + self.regex_of("aim").pattern)

    def cue_before(self, before: str, span: str, part: str | None) -> tuple[Cue, int] | None:
        """The cue right before a time of a form, and where it begins: of several the longest."""
        found = [
            (cue, start)
            for cue in self.cue
            if not cue.spans or span in cue.spans or (part is not None and "part" in cue.spans)
            if (start := cue.start(before)) is not None
        ]
        return min(found, key=lambda pair: pair[1]) if found else None

    def is_blocked(self, before: str, *, ahead: bool = False, finishes: bool = False) -> bool:
        """Whether words before a cue make it none. Those that tell history speak of no day that is `ahead`, and a state
        of things is none that a clause `finishes`."""
        idle = (("history", ahead), ("state_of_things", finishes))
        return any(rule.start(before) is not None for rule in self.blocked if (rule.id, True) not in idle)

    def check_examples(self) -> list[str]:
        """Rules that do not behave as their examples say."""
        return super().check_examples() + problems_of((*self.cue, *self.blocked, *self.undated))
