"""What the readers of time limits share: the limit itself, the paragraph that it stands in, and its clause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.extract.deadlines.phrases import RULES
from pipeline.extract.deadlines.years import DocumentYears
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.directives.phrases import RULES as TASKS

Kind = Literal["by", "before", "on", "within", "recurring"]

_AIM = RULES.regex_of("aim")
_DONE_BEFORE = RULES.regex_of("done_before")
_STRIVEN = RULES.regex_of("striven")
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
    def stretches(self) -> list[tuple[int, int]]:
        """The one or two stretches of text that it is printed in, in order."""
        return sorted([(self.start, self.end), *([self.also] if self.also else [])])

    @property
    def low(self) -> int:
        """Where the first of its stretches begins."""
        return self.stretches[0][0]

    @property
    def high(self) -> int:
        """Where the last of its stretches ends."""
        return max(end for _, end in self.stretches)


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
    return TASKS.first_verb.match(text, begin, end) is not None or _AIM.match(text, begin, end) is not None


def tells_to_do(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a sentence holds the verb of a task."""
    begin = begin_of(text, start + len(text[start:end]) - len(text[start:end].lstrip(" -–+*•;,")), end)
    return (
        is_task(text, begin, end)
        or TASKS.verb.search(text, start, end) is not None
        or RULES.later_aim.search(text, start, end) is not None
    )


_FAR_BEFORE, _BEFORE, _RIGHT_BEFORE = 500, 120, 16
"""Characters before a limit in which a task is looked for, words that tell what has been, and words of an aim."""


def is_told(text: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    """Whether the words of a sentence around a limit `text[start:end]` hold the verb of a task."""
    return tells_to_do(text, max(sentence[0], start - _FAR_BEFORE), min(sentence[1], end + RIGHT))


def tells_what_was(text: str, start: int, position: int) -> bool:
    """Whether the words of a clause or sentence from `start` on, before a time at `position`, tell what has been."""
    return _DONE_BEFORE.search(text, max(start, position - _BEFORE), position) is not None


def is_striven_for(text: str, start: int, position: int) -> bool:
    """Whether words like `phấn đấu` stand right before a time at `position`."""
    return _STRIVEN.search(text, max(start, position - _RIGHT_BEFORE), position) is not None


def clause_start(text: str, start: int, position: int) -> int:
    start = max(start, position - 3 * LEFT)
    cut = max(text.rfind(";", start, position), text.rfind(": ", start, position))
    return start if cut < 0 else cut + 1
