"""Comparators around a number, by `rules/comparators.toml`."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar

from pipeline.extract.quantities.numbers import NumberHabit, find_numbers
from pipeline.extract.quantities.units import UnitRules
from pipeline.models import Comparator
from pipeline.rulebook import Rule, RuleFile, any_of, problems_with, remembered

_FILL = r"(?:\s{1,2}(?:là|đạt|có|bằng|được|thêm|phải|còn|từ|tỷ lệ|mức|ở mức|đạt tỷ lệ|đạt mức|mỗi \w{1,12})(?!\w)){0,3}"
_REACH = 60


class ComparatorRule(Rule):
    """One way to compare, and the words for it."""

    comparator: Comparator
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class ComparatorRules(RuleFile):
    """`rules/comparators.toml`."""

    file_name: ClassVar[str] = "comparators.toml"

    comparator: tuple[ComparatorRule, ...]

    @cached_property
    def _before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?P<word>{any_of(self._words_before)}){_FILL}\s{{0,3}}$", re.IGNORECASE)

    @cached_property
    def _after(self) -> re.Pattern[str]:
        return re.compile(rf"\s{{0,2}}(?P<word>{any_of(self._words_after)})(?!\w)", re.IGNORECASE)

    @cached_property
    def _words_before(self) -> dict[str, ComparatorRule]:
        return {w: rule for rule in self.comparator for w in rule.before}

    @cached_property
    def _words_after(self) -> dict[str, ComparatorRule]:
        return {w: rule for rule in self.comparator for w in rule.after}

    @remembered
    def _at_end(self, words: str) -> tuple[ComparatorRule, int] | None:
        """The comparator at the end of some words, and where it begins."""
        match = self._before.search(words)
        return (self._words_before[match["word"].lower()], match.start()) if match else None

    def before(self, text: str, position: int) -> tuple[ComparatorRule, int] | None:
        """The comparator that ends at `position`, and where it begins."""
        window_start = max(0, position - _REACH)
        found = self._at_end(text[window_start:position])
        return (found[0], window_start + found[1]) if found else None

    def after(self, text: str, position: int) -> tuple[ComparatorRule, int] | None:
        """The comparator that begins at `position`, and where it ends."""
        match = self._after.match(text, position, position + _REACH)
        return (self._words_after[match["word"].lower()], match.end()) if match else None

    def around(self, text: str, start: int, end: int) -> tuple[Comparator, int, int]:
        """(comparator, start, end) with the span widened by the words of it."""
        before, after = self.before(text, start), self.after(text, end)
        comparator: Comparator = "="
        if before:
            comparator, start = before[0].comparator, before[1]
        if after:
            comparator, end = after[0].comparator, after[1]
        return comparator, start, end

    def check_examples(self) -> list[str]:
        """The first number of each example is compared as the rule says; that of a counter-example is not."""
        return problems_with(self.comparator, lambda rule, text: self._found_in(text) == rule.comparator)

    def _found_in(self, example: str) -> str | None:
        number = next(find_numbers(example, NumberHabit()), None)
        if number is None:
            return None
        unit = UnitRules.load().after(example, number.end)
        return self.around(example, number.start, unit.end if unit else number.end)[0]
