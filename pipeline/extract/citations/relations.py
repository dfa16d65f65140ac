"""What a document does with another that it mentions: carries it out, rests on it, amends, replaces, repeals it.

The words are rules (`rules/relations.toml`); here is how they are weighed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline.citation_rules import RelationCue, RelationRules
from pipeline.vietnamese import fold_in_place

_BOUNDARY = re.compile(r";|[.!?]\s+(?=[^\W\d])|\n\s*\n")


class FoundCue(NamedTuple):
    """A cue and where it stands: `text[start:end]`."""

    cue: RelationCue
    start: int
    end: int


@cache
def _compiled() -> tuple[tuple[RelationCue, re.Pattern[str]], ...]:
    return tuple((cue, re.compile(cue.pattern)) for cue in RelationRules.load().cues)


def sentence_start(folded: str, position: int, furthest: int = 600) -> int:
    """Where the sentence or list item around `position` begins, at most `furthest` characters back."""
    floor = max(0, position - furthest)
    last = floor
    for match in _BOUNDARY.finditer(folded, floor, position):
        last = match.end()
    return last


def find_cue(
    text: str, start: int, end: int, only: RelationCue | None = None, floor: int | None = None
) -> FoundCue | None:
    """The cue that counts for the mention `text[start:end]`; None where the words say nothing.

    `text` may have its marks or have lost them. `only` tries a single cue. `floor` is where the sentence begins.
    """
    folded = text if text.isascii() else fold_in_place(text)
    begin = sentence_start(folded, start) if floor is None else floor
    best: FoundCue | None = None
    for cue, pattern in _compiled():
        if only is not None and cue.id != only.id:
            continue
        if cue.side == "after":
            match = pattern.match(folded, end, end + 120)
            if match:
                return FoundCue(cue, match.start(), match.end())
            continue
        window = max(begin, start - cue.reach - 140)
        for match in pattern.finditer(folded, window, start):
            if match.start() < begin or start - match.end() > cue.reach:
                continue
            if best is None or (match.end(), -match.start()) > (best.end, -best.start):
                best = FoundCue(cue, match.start(), match.end())
    return best
