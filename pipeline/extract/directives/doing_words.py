"""The verb behind a name that no rule knows: verbs are an open class, and a tagger knows more of them than a list."""

from __future__ import annotations

import re
from functools import lru_cache

from underthesea import pos_tag

from pipeline.extract.directives.rules import DirectiveRules
from pipeline.vietnamese import one_tone_style

MAX_NAME = 240
"""Characters within which the verb must come: what is tagged behind them is seldom the sentence's own verb."""

_STATES = DirectiveRules.load().regex_of("states")


_JUDGED = DirectiveRules.load().verbs
"""What the rules know as a verb, and have not taken for one here."""
_COMMITTEE = re.compile(r"Ủy ban nhân dân|Ủy ban")


def _abbreviated(match: re.Match[str]) -> str:
    """The tagger takes `ban` for a verb; of as many characters, so that places stay."""
    return ("UBND" if match.group().endswith("dân") else "UB").ljust(len(match.group()))


@lru_cache(maxsize=8192)
def first_doing_word(words: str) -> int | None:
    """Where the first verb stands in a sentence that begins with a name; None where it only says what is or has.

    Names of bodies hold verbs too (`Ban Chỉ huy`), but with a capital. The tags are those of underthesea's conditional
    random field.
    """
    words = _COMMITTEE.sub(_abbreviated, one_tone_style(words[:MAX_NAME]))
    position = 0
    for token, tag in pos_tag(words):
        first = token.split()[0] if token.split() else token
        start = words.find(first, position)
        if start < 0:
            return None
        position = start + len(first)
        if tag == "V" and start > 1 and words[start].islower() and not words.startswith(_JUDGED, start):
            return None if _STATES.match(words, start) else start
    return None
