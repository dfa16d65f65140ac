"""What the readers of time limits share: the limit itself, the paragraph that it stands in, and its clause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.extract.deadlines.rules import DeadlineRules
from pipeline.extract.deadlines.years import DocumentYears
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.directives.rules import DirectiveRules

Kind = Literal["by", "before", "on", "within", "recurring"]

_AIM = DeadlineRules.load().regex_of("aim")
LEFT, RIGHT = 320, 220
"""Characters of a clause that are looked at before and after its limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit: `text[start:end]` is the limit with its cue, `text[quote_start:quote_end]` its clause."""

    start: int
    end: int
    kind: Kind
    due_start: date | None
    due_end: date | None
    recurrence: str | None
    inferred: bool
    confidence: float
    rule: str
    quote_start: int = 0
    quote_end: int = 0
    also: tuple[int, int] | None = None
    """A second stretch that belongs to it: `hằng năm … trước ngày 30/11`."""

    @property
    def low(self) -> int:
        """Where the first of its stretches begins."""
        return min(self.start, self.also[0]) if self.also else self.start

    @property
    def high(self) -> int:
        """Where the last of its stretches ends."""
        return max(self.end, self.also[1]) if self.also else self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a limit is judged by beside its words: `forbidden` are spans of citations, `closed` stands for a preamble or
    a title, where only plain limits count, `opening` for the preamble."""

    text: str
    years: DocumentYears
    section: int | None = None
    forbidden: tuple[tuple[int, int], ...] = ()
    closed: bool = False
    opening: bool = False


def is_task(text: str, begin: int, end: int) -> bool:
    """Whether a verb of a task, or of what is to be reached, stands at `begin`."""
    rules = DirectiveRules.load()
    return rules.first_verb.match(text, begin, end) is not None or _AIM.match(text, begin, end) is not None


def tells_to_do(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a sentence holds the verb of a task."""
    rules, aims = DirectiveRules.load(), DeadlineRules.load()
    begin = begin_of(text, start + len(text[start:end]) - len(text[start:end].lstrip(" -–+*•;,")), end)
    return (
        is_task(text, begin, end)
        or rules.verb.search(text, start, end) is not None
        or aims.later_aim.search(text, start, end) is not None
    )


def clause_start(text: str, start: int, position: int) -> int:
    start = max(start, position - 3 * LEFT)
    cut = max(text.rfind(";", start, position), text.rfind(": ", start, position))
    return start if cut < 0 else cut + 1
