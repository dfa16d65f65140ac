"""`rules/layout.toml`: printed lines that tell where they stand on a page."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, field_validator
from rapidfuzz import fuzz

from pipeline.rulebook import Rule, RuleFile, check_pattern, problems_with
from pipeline.vietnamese import fold

LayoutMark = Literal[
    "motto",
    "place_date",
    "number",
    "addressees",
    "recipients",
    "filed",
    "authority",
    "office",
    "page_number",
    "stamp",
    "stamp_head",
    "stamp_field",
    "framed_stamp",
    "signature_stamp",
    "end_mark",
    "sum_row",
]

# No line with a mark is longer; longer ones are running text and cost no time.
_LONGEST_LINE = 240
# By how many percent a part of a text may be more like a phrase than the part of its length that is most like it.
_MARGIN = 15.0


class LineRule(Rule):
    """One kind of telling line; see the head of `rules/layout.toml` for the fields."""

    role: LayoutMark
    pattern: str | None = None
    phrases: tuple[str, ...] = ()
    similarity: float = Field(80, ge=0, le=100)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        return None if value is None else check_pattern(value)

    @cached_property
    def _compiled(self) -> re.Pattern[str] | None:
        return re.compile(self.pattern) if self.pattern else None

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(fold(phrase) for phrase in self.phrases)

    def match(self, folded: str) -> re.Match[str] | None:
        """The match of the pattern in a folded line; None where it does not match or there is no pattern."""
        if self._compiled is None or len(folded) > _LONGEST_LINE:
            return None
        return self._compiled.search(folded)

    def matches(self, folded: str) -> bool:
        """Whether a folded line is of this kind."""
        if self.match(folded):
            return True
        return any(
            0.6 <= len(folded) / len(phrase) <= 1.6 and fuzz.ratio(phrase, folded) >= self.similarity
            for phrase in self._folded
        )

    def may_be_in(self, folded: str) -> bool:
        """False where no part of a folded text can be of this kind."""
        if self.pattern is not None:
            return True
        return any(fuzz.partial_ratio(phrase, folded) >= self.similarity - _MARGIN for phrase in self._folded)


class LayoutRules(RuleFile):
    """`rules/layout.toml`."""

    file_name: ClassVar[str] = "layout.toml"

    lines: tuple[LineRule, ...]

    @cached_property
    def _by_role(self) -> dict[str, tuple[LineRule, ...]]:
        roles = {rule.role for rule in self.lines}
        return {role: tuple(rule for rule in self.lines if rule.role == role) for role in roles}

    def of_role(self, role: LayoutMark) -> tuple[LineRule, ...]:
        """The rules of one role."""
        return self._by_role.get(role, ())

    def is_mark(self, role: LayoutMark, folded: str) -> bool:
        """Whether a folded line (`pipeline.vietnamese.fold`) has that role."""
        return any(rule.matches(folded) for rule in self.of_role(role))

    def may_hold(self, role: LayoutMark, folded: str) -> bool:
        """Whether a part of a folded text may have that role; quicker than to ask for every part."""
        return any(rule.may_be_in(folded) for rule in self.of_role(role))

    def check_examples(self) -> list[str]:
        """Every example has the role of its rule, no counter-example matches the rule."""
        return problems_with(self.lines, lambda rule, text: rule.matches(fold(text)))
