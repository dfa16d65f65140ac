"""Where the name of an actor ends in a sentence, where what he does begins, and with whom he does it."""

from __future__ import annotations

import re

from pipeline.extract.directives.actors import MAX_ACTOR, begins_actor, masked, split_actors
from pipeline.extract.directives.doing_words import first_doing_word
from pipeline.extract.directives.phrases import DESCRIBED, LISTS_NAMES, MUST, OBLIGED, RULES
from pipeline.extract.directives.rules import Role

_DUTY = RULES.regex_of("duty")
_HOW_OFTEN = RULES.regex_of("how_often")
_INSERTED = RULES.regex_of("inserted")
_MATTER = RULES.regex_of("matter")
_NO_END_OF_A_NAME = RULES.regex_of("no_end_of_a_name")
_SAYS_WHAT_IS = RULES.regex_of("says_what_is")
_WITH_WHOM = RULES.regex_of("with_whom")
COMMA = re.compile(r",\s{1,3}")
_STOP = re.compile(r":\s|:$|[.;]\s{0,3}|\t")


def actor_and_action(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """(end of the actor, start of the action) of a sentence that begins with an actor at `begin`."""
    limit = min(end, begin + MAX_ACTOR)
    hidden = masked(text[begin:limit])
    stop = _stop(hidden)
    reach = stop.start() if stop else len(hidden)
    verb = _verb(hidden, reach)
    if verb is None or (not _is_duty(verb) and holds_more_than_names(hidden[: verb.start()])):
        doing = first_doing_word(hidden[: verb.start() if verb else reach])
        if doing is not None:
            name = hidden[:doing].rstrip(" ,\n")
            if not _NO_END_OF_A_NAME.search(name):
                return begin + len(name), begin + doing
    if verb is not None:
        return _before_verb(hidden, begin, verb)
    if stop and stop.group().startswith(":"):
        after = begin + stop.end()
        return begin + stop.start(), len(text[:end]) - len(text[after:end].lstrip())
    return None


def _verb(hidden: str, reach: int) -> re.Match[str] | None:
    """The verb of the sentence by the rules: a duty where one is printed, also behind verbs that belong to a name."""
    if DESCRIBED.match(hidden):
        return MUST.search(hidden, 1, reach)
    verb = RULES.verb.search(hidden, 1, reach)
    obliged = OBLIGED.search(hidden, 1, min(reach, 260))
    if obliged and verb and obliged.start() < verb.start():
        verb = obliged
    adverbial = verb is not None and verb.group().startswith(("theo", "trên cơ sở", "căn cứ", "cần", "phải"))
    if obliged and not adverbial and (verb is None or obliged.start() > verb.start()):
        between = hidden[: obliged.start()]
        commas = [comma.end() for comma in COMMA.finditer(between)]
        if len(between) not in commas and not any(RULES.verb.match(between, end) for end in commas):
            verb = obliged
    return verb


def _is_duty(verb: re.Match[str]) -> bool:
    """Whether it is the words of a duty, which stand right behind a name, however long."""
    return verb.group().endswith(("trách nhiệm", "nhiệm vụ"))


def _before_verb(hidden: str, begin: int, verb: re.Match[str]) -> tuple[int, int] | None:
    often = _HOW_OFTEN.search(hidden, 1, verb.start())
    inserted = _INSERTED.search(hidden, 1, often.start() if often else verb.start())
    between = inserted or often
    name_end, action = (between.start(), between.start("words")) if between else (verb.start(), verb.start())
    name = hidden[:name_end].rstrip(" ,\n")
    if len(name) <= 1 or _NO_END_OF_A_NAME.search(name) or _SAYS_WHAT_IS.search(name):
        return None
    return begin + len(name), begin + action


def holds_more_than_names(words: str) -> bool:
    """Whether words that begin with a name likely hold a verb too: more of them are written small than in a name."""
    return words.rstrip().endswith(",") or sum(word.islower() for word in words.split()) > 3


def _stop(hidden: str) -> re.Match[str] | None:
    """Where a list of actors ends at the latest: a semicolon before another actor parts two of them, a colon may lead
    in the names of `Giám đốc các Sở: Nội vụ, Tài chính`."""
    for match in _STOP.finditer(hidden):
        mark = match.group()
        if mark == ".":
            continue
        if mark[0] == ":" and LISTS_NAMES.search(hidden, max(0, match.start() - 24), match.end() + 48):
            continue
        if mark[0] != ";" or not begins_actor(hidden, match.end()):
            return match
    return None


def cooperation(text: str, start: int, end: int) -> tuple[tuple[str, ...], Role | None]:
    """Those with whom the actor works, and his role by the first verb of the action."""
    role: Role | None = None
    obliged = _DUTY.match(text, start)
    for rule in RULES.role:
        if rule.regex.match(text, obliged.end() if obliged else start):
            role = rule.role
    clause = text.find(";", start, end)
    with_whom = _WITH_WHOM.search(text, start, min(end if clause < 0 else clause, start + 200))
    if with_whom is None or not (
        begins_actor(text, with_whom.end()) or text[with_whom.end() : with_whom.end() + 1].isupper()
    ):
        return (), role
    split = actor_and_action(text, with_whom.end(), end)
    stop = split[0] if split else min(end, with_whom.end() + MAX_ACTOR)
    phrase = _MATTER.split(text[with_whom.end() : stop])[0]
    return split_actors(phrase), role
