"""The verb behind a name that no rule knows: verbs are an open class, and a tagger knows more of them than a list."""

from __future__ import annotations

import re
from functools import lru_cache

from underthesea import pos_tag

from pipeline.extract.directives.actors import begins_actor
from pipeline.extract.directives.phrases import RULES
from pipeline.vietnamese import one_tone_style

MAX_NAME = 240
"""Characters within which the verb must come: what is tagged behind them is seldom the sentence's own verb."""

_STATES = RULES.regex_of("states")
_PART_OF_A_NAME = RULES.regex_of("part_of_a_name")
_JUDGED = RULES.verbs
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
        if tag == "V" and start > 1 and words[start].islower() and not _belongs_to_names(words, start):
            return None if _STATES.match(words, start) else start
    return None


def _belongs_to_names(words: str, start: int) -> bool:
    """Whether a word with a verb's tag is none here: the rules have not taken it for one, it is part of a name (`Các
    huyện ủy`), or another name begins there (`các xã, thủ trưởng các đơn vị`)."""
    if words.startswith(_JUDGED, start) or _PART_OF_A_NAME.match(words, start):
        return True
    before = words[:start].rstrip()
    return before.endswith("&") or (before.endswith((",", ";", " và")) and begins_actor(words, start))


@lru_cache(maxsize=8192)
def begins_with_doing_word(words: str) -> bool:
    """Whether the first word of a bullet is a verb by the tags, as it is written or in lower case: the tagger takes a
    word with a capital for a name."""
    words = one_tone_style(words[:_FIRST_FEW])
    forms = (words, words[:1].lower() + words[1:])
    return any(tags[0][1] == "V" and not tags[0][0][0].isdigit() for form in forms if (tags := pos_tag(form)))


_FIRST_FEW = 40
"""Characters of a bullet that tell whether its first word is a verb."""
