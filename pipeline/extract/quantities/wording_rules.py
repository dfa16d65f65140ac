"""The words around numbers, by `rules/wording.toml`, and the patterns that are built of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from pipeline.models import Direction
from pipeline.rulebook import PhraseFile, Rule, problems_with


class WordList(Rule):
    """Words of one use."""

    words: tuple[str, ...]


class DirectionRule(Rule):
    """Words that say which way a number shall go; the id is the direction."""

    id: Direction
    words: tuple[str, ...]
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    at_end: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One of the words, without what makes it something else."""
        after = "".join(rf"(?<!{re.escape(w)} )" for w in self.not_after)
        before = rf"(?!\s(?:{either(self.not_before)})(?!\w))" if self.not_before else ""
        last = rf"|(?<!\w)(?:{either(self.at_end)})\s{{0,2}}$" if self.at_end else ""
        return re.compile(rf"(?<!\w){after}(?:{either(self.words)})(?!\w){before}{last}", re.IGNORECASE)


class WordingRules(PhraseFile):
    """`rules/wording.toml`."""

    file_name: ClassVar[str] = "wording.toml"

    word_list: tuple[WordList, ...]
    direction: tuple[DirectionRule, ...]

    @cached_property
    def _by_id(self) -> dict[str, tuple[str, ...]]:
        return {rule.id: rule.words for rule in self.word_list}

    def words(self, *ids: str) -> str:
        """The words of some lists as one alternation, longest first.

        Raises KeyError where the file has no such list.
        """
        return either(word for one in ids for word in self._by_id[one])

    def of_list(self, list_id: str) -> frozenset[str]:
        """The words of one list."""
        return frozenset(self._by_id[list_id])

    def check_examples(self) -> list[str]:
        """A word of each list stands in its examples; directions are found in theirs, and not in the others."""
        problems = super().check_examples()
        problems += problems_with(self.word_list, lambda rule, text: words_of(rule.words).search(text) is not None)
        return problems + problems_with(self.direction, lambda rule, text: rule.pattern.search(text) is not None)


def either(words: Iterable[str]) -> str:
    """An alternation, longest first."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def words_of(words: Iterable[str]) -> re.Pattern[str]:
    """One of the words, whatever the case."""
    return re.compile(rf"(?<!\w)(?:{either(words)})(?!\w)", re.IGNORECASE)
