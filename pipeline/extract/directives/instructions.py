"""How one sentence tells somebody to do something: the grammar behind `directives.py`, on plain strings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.extract.directives.actors import MAX_ACTOR, begins_actor, masked, split_actors, tidy
from pipeline.extract.directives.doing_words import first_doing_word
from pipeline.extract.directives.rules import DirectiveRules, Modality, ModalityRule, Role
from pipeline.extract.quantities.clauses import sentences

_RULES = DirectiveRules.load()
_EXECUTES = _RULES.regex_of("execution")
_LEADS_IN = _RULES.regex_of("lead_in")
_LINKING = _RULES.regex_of("linking")
_SHARED_ACTION = _RULES.regex_of("shared_action")
_MUST = _RULES.regex_of("must")
_NO_TASK = _RULES.regex_of("no_task")
_NOT_TOLD = _RULES.regex_of("not_told")
_OBLIGED = _RULES.regex_of("obligation")
_OPENING = _RULES.regex_of("opening")
_WITH_WHOM = _RULES.regex_of("with_whom")
DATED_LINE = _RULES.regex_of("dated_line")
"""The time at the beginning of a line that sets a task to it: `Tháng 02: Phòng Y tế kiểm tra …`."""

MAX_ACTION = 1200
"""Characters of the longest action; a longer sentence is a broken page."""


@dataclass(frozen=True, slots=True)
class Governor:
    """Who is meant by the sentences and bullets that name nobody, and how far away he was named."""

    actor: str | None
    modality: Modality
    role: Role
    co_actors: tuple[str, ...] = ()
    confidence: float = 0.88


@dataclass(frozen=True, slots=True)
class Instruction:
    """`text[start:end]` tells `actor` to do `text[action_start:end]`.

    `rule` names how it was found, `leads_in` is true where it only opens a list of tasks.
    """

    start: int
    end: int
    action_start: int
    actor: str | None
    co_actors: tuple[str, ...]
    role: Role
    modality: Modality
    confidence: float
    rule: str
    leads_in: bool = False

    @property
    def governor(self) -> Governor:
        """What it says about the sentences after it."""
        role: Role = "requested" if self.modality in {"request", "propose"} else "lead"
        return Governor(self.actor, self.modality, role, self.co_actors)


_MARKER = re.compile(
    r"[\s;.,~_^ˆ'’`|!]{0,8}(?:[-–—+*•●▪►]\s{0,3}|(?:\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVX]{1,6}|[a-zđ])\s{0,2}[.),/-]+\s{0,3}){1,2}(?:[-–]\s{0,3})?)?"
)
_PARTS = re.compile(r";|,?\s(?=và\s{1,3}(?:giao|đề\s{1,3}nghị|yêu\s{1,3}cầu)\s)")


def begin_of(text: str, start: int, end: int) -> int:
    """Where the words of a sentence begin: behind its bullet or number and words like `Đồng thời,`."""
    match = _MARKER.match(text, start, end)
    position = match.end() if match else start
    link = _LINKING.match(text, position, end)
    return link.end() if link else position


def read_text(text: str, governor: Governor | None = None, default: Modality = "assign") -> list[Instruction]:
    """Every instruction of a paragraph. Who is named in a sentence is meant in the next ones that name nobody."""
    found: list[Instruction] = []
    current = governor
    for start, end in sentences(text):
        instruction = _read_part(text, start, min(end, start + 4 * MAX_ACTION), current, default)
        if instruction is not None:
            found.append(instruction)
        found.extend(_later_parts(text, instruction.action_start if instruction else start, end, default))
        if instruction is not None and instruction.actor is not None:
            named_here = instruction.rule != "governed"
            current = replace(
                instruction.governor, confidence=0.72 if named_here else (current or instruction).confidence
            )
    return found


def _later_parts(text: str, start: int, end: int, default: Modality) -> list[Instruction]:
    """What a sentence tells others behind a semicolon; the action of the first instruction may hold it too."""
    found = []
    ends = [match.start() for match in _PARTS.finditer(text, start, end)] + [end]
    for left, right in pairwise(ends):
        begin = begin_of(text, left + 1, right)
        told = _told(text, begin, right) if left > start else None
        other = told if told and told.start == begin else _named(text, begin, right, default, strict=left == start)
        if other is not None:
            found.append(replace(other, confidence=other.confidence - 0.08))
    return found


def _read_part(text: str, start: int, end: int, governor: Governor | None, default: Modality) -> Instruction | None:
    begin = begin_of(text, start, end)
    if begin >= end:
        return None
    told = _told(text, begin, end)
    if told is not None and told.start > begin and governor is not None and governor.actor is not None:
        verb = DirectiveRules.load().first_verb.match(text, begin)
        own = _governed(text, begin, end, governor) if verb else None
        if own is not None:  # a task of its own that asks others for something
            return own
    return told or _named(text, begin, end, default) or _governed(text, begin, end, governor)


# -------------------------------------------------------------------------------- somebody orders somebody: `Giao …`


def _told(text: str, begin: int, end: int) -> Instruction | None:
    rules = DirectiveRules.load()
    best: tuple[re.Match[str], ModalityRule] | None = None
    for rule in rules.modality:
        match = rule.first_told(text, begin, end)
        if match and (best is None or match.start() < best[0].start()) and _stands_first(text, begin, match.start()):
            best = (match, rule)
    if best is None:
        return None
    match, rule = best
    split = actor_and_action(text, match.end(), end)
    if split is None:
        return None
    actor_end, action_start = split
    at_begin = match.start() == begin
    return _instruction(
        text, match.start(), end, match.end(), actor_end, action_start,
        rule.modality, rule.role, 0.93 if at_begin else 0.86, rule.id,
    )  # fmt: skip


def _stands_first(text: str, begin: int, position: int) -> bool:
    """Whether what stands before an ordering verb is its subject or an opening, not a task of its own."""
    if position == begin:
        return True
    before = text[begin:position]
    if before.rstrip().endswith((",", ":", ";")):
        return _is_opening(text, begin, position)
    if begins_actor(text, begin) or "," in before:
        last = before.rpartition(",")[2].strip() or before
        return (
            begins_actor(last) and len(last) <= MAX_ACTOR // 2 and not _first_verb(text, position - len(last), position)
        )
    return False


def _is_opening(text: str, begin: int, position: int) -> bool:
    return position - begin <= MAX_ACTION and _OPENING.match(text, begin) is not None


def _first_verb(text: str, begin: int, end: int) -> int | None:
    match = DirectiveRules.load().verb.search(text, begin, end)
    return match.start() if match else None


# --------------------------------------------------------------------------------------------- an actor and his verb


def actor_and_action(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """(end of the actor, start of the action) of a sentence that begins with an actor at `begin`."""
    rules = DirectiveRules.load()
    limit = min(end, begin + MAX_ACTOR)
    hidden = masked(text[begin:limit])
    stop = _stop(hidden)
    reach = stop.start() if stop else len(hidden)
    verb = rules.verb.search(hidden, 1, reach)
    obliged = _OBLIGED.search(hidden, 1, min(reach, 260))
    if obliged and verb and obliged.start() < verb.start():
        verb = obliged
    adverbial = verb is not None and verb.group().startswith(("theo", "trên cơ sở", "căn cứ", "cần", "phải"))
    if obliged and not adverbial and (verb is None or obliged.start() > verb.start()):
        between = hidden[: obliged.start()]
        if not re.search(r",\s{1,3}$", between) and not _verb_after_comma(rules, between):
            verb = obliged
    if verb is None or _holds_more_than_names(hidden[: verb.start()]):
        doing = first_doing_word(hidden[: verb.start() if verb else reach])
        if doing is not None:
            return begin + len(hidden[:doing].rstrip(" ,\n")), begin + doing
    if verb is not None:
        often = _HOW_OFTEN.search(hidden, 1, verb.start())
        actor_end = len(hidden[: often.start() if often else verb.start()].rstrip(" ,\n"))
        if actor_end <= 1 or _NO_END_OF_A_NAME.search(hidden, max(0, actor_end - 8), actor_end):
            return None
        return begin + actor_end, begin + (often.start("words") if often else verb.start())
    if stop and stop.group().startswith(":"):
        after = begin + stop.end()
        return begin + stop.start(), len(text[:end]) - len(text[after:end].lstrip())
    return None


def _holds_more_than_names(words: str) -> bool:
    return words.rstrip().endswith(",") or sum(word.islower() for word in words.split()) > 3


_STOP = re.compile(r":\s|:$|[.;]\s{0,3}|\t")
_NO_END_OF_A_NAME = _RULES.regex_of("no_end_of_a_name")


_HOW_OFTEN = _RULES.regex_of("how_often")


def _stop(hidden: str) -> re.Match[str] | None:
    """Where a list of actors ends at the latest: a semicolon before another actor parts two of them."""
    for match in _STOP.finditer(hidden):
        if match.group()[0] == "." and not match.group()[1:]:
            continue
        if match.group()[0] != ";" or not begins_actor(hidden, match.end()):
            return match
    return None


def _verb_after_comma(rules: DirectiveRules, words: str) -> bool:
    return any(rules.verb.match(words, m.end()) for m in re.finditer(r",\s{1,3}", words))


_FOR = _RULES.regex_of("for_somebody")


def _behind_for(text: str, begin: int) -> int:
    """Where the name begins in `Đối với UBND các xã: huy động …`."""
    match = _FOR.match(text, begin)
    colon = text.find(":", begin, begin + 160) if match else -1
    return match.end() if match and colon > 0 and begins_actor(text, match.end()) else begin


def _named(text: str, begin: int, end: int, default: Modality, *, strict: bool = False) -> Instruction | None:
    rules = DirectiveRules.load()
    at = begin if strict else _behind_for(text, begin)
    if not begins_actor(text, at):
        later = None if strict else _actor_after_opening(text, begin, end)
        if later is None:
            return None
        at = later
    execution = None if strict or at != begin else _execution(text, at, end, default)
    if execution is not None:
        return execution
    split = actor_and_action(text, at, end)
    if split is None or _is_done_to(text, split[1], end):
        return None
    actor_end, action_start = split
    if text[actor_end:action_start].strip().startswith(":") and not _opens_with_verb(text, action_start, end):
        return None
    if _NOT_TOLD.search(text, max(at, actor_end - 40), min(end, action_start + 30)):
        return None
    obliged = _OBLIGED.match(text, action_start) is not None
    by_colon = text[actor_end:action_start].strip().startswith(":")
    rule = "obliged" if obliged else "named_before_colon" if by_colon else "named"
    confidence = rules.confidence[rule]
    return _instruction(
        text, begin, end, at, actor_end, action_start, default, "lead", confidence - 0.1 * (at != begin), rule
    )


def _is_done_to(text: str, start: int, end: int) -> bool:
    """Whether something is done to those who are named, and nobody must do it: `các hộ được xem xét hỗ trợ`."""
    return text.startswith("được", start) and _MUST.search(text, start, min(end, start + 80)) is None


def _opens_with_verb(text: str, start: int, end: int) -> bool:
    """Whether tasks stand behind a colon, not a list of names."""
    rules = DirectiveRules.load()
    if start >= end or rules.first_verb.match(text, start):
        return True
    return not begins_actor(text, start) and rules.verb.search(text, start, min(end, start + 60)) is not None


def _execution(text: str, begin: int, end: int, default: Modality) -> Instruction | None:
    """`Chánh Văn phòng, Giám đốc các Sở: …; Chủ tịch UBND các xã chịu trách nhiệm thi hành Quyết định này.`"""
    rules = DirectiveRules.load()
    match = _EXECUTES.search(text, max(begin, end - 240), end)
    if match is None or match.start() - begin > 2 * MAX_ACTOR or match.start() <= begin + 1:
        return None
    if _first_verb(masked(text[begin : match.start()]), 1, match.start() - begin) is not None:
        return None
    return _instruction(
        text,
        begin,
        end,
        begin,
        match.start(),
        match.start(),
        default,
        "lead",
        rules.confidence["execution"],
        "execution",
    )


def _actor_after_opening(text: str, begin: int, end: int) -> int | None:
    """Where the actor begins in `Trong quá trình thực hiện, các cơ quan …`; None without such an opening."""
    if not _OPENING.match(text, begin):
        return None
    for match in re.finditer(r"[,:]\s{1,3}", text[begin : min(end, begin + MAX_ACTOR)]):
        position = begin + match.end()
        if begins_actor(text, position):
            return position
    return None


def _governed(text: str, begin: int, end: int, governor: Governor | None) -> Instruction | None:
    if governor is None or _NOT_TOLD.search(text, begin, min(end, begin + 24)):
        return None
    confidence = governor.confidence
    dated = DATED_LINE.match(text, begin, end)
    action = begin if dated is None else end - len(text[dated.end() : end].lstrip())
    if not DirectiveRules.load().first_verb.match(text, action):
        if not _may_be_task(text, begin, end, governor):
            return None
        confidence -= 0.2
    found = _instruction(
        text, begin, end, begin, begin, action, governor.modality, governor.role, confidence, "governed"
    )
    return replace(found, actor=governor.actor, co_actors=tuple(dict.fromkeys((*governor.co_actors, *found.co_actors))))


_SURE_GOVERNOR = 0.75
_SHORT = 24


def _may_be_task(text: str, begin: int, end: int, governor: Governor) -> bool:
    """Whether a sentence that opens with no verb that the rules know is likely a task: it stands under somebody's name,
    is more than a few words, and does not begin as the name of a thing or a person does."""
    if governor.actor is None or governor.confidence < _SURE_GOVERNOR or end - begin < _SHORT or begin > _LONG_MARKER:
        return False
    return _NO_TASK.match(text, begin, end) is None and not begins_actor(text, begin)


_LONG_MARKER = 12
"""Characters of the longest marker: only the first sentence of a paragraph may be a task that no known verb opens."""


def _instruction(
    text: str, start: int, end: int, actor_start: int, actor_end: int, action_start: int,
    modality: Modality, role: Role, confidence: float, rule: str,
) -> Instruction:  # fmt: skip
    end = min(end, action_start + MAX_ACTION)
    end = start + len(text[start:end].rstrip(" \n./"))
    co_actors, found_role = _cooperation(text, action_start, end)
    if role == "lead" and found_role:
        role = found_role
    actor = tidy(_SHARED_ACTION.sub("", tidy(text[actor_start:actor_end]))) or None
    leads_in = _LEADS_IN.search(text, max(action_start, end - 200), end) is not None or text[end - 1 : end] == ":"
    return Instruction(
        start, max(end, action_start), action_start, actor, co_actors, role, modality, confidence, rule, leads_in
    )


_DUTY = _RULES.regex_of("duty")
_MATTER = _RULES.regex_of("matter")


def _cooperation(text: str, start: int, end: int) -> tuple[tuple[str, ...], Role | None]:
    """Those with whom the actor works, and his role by the first verb of the action."""
    rules = DirectiveRules.load()
    role: Role | None = None
    obliged = _DUTY.match(text, start)
    for rule in rules.role:
        if rule.regex.match(text, obliged.end() if obliged else start):
            role = rule.role
    with_whom = _WITH_WHOM.search(text, start, min(end, start + 200))
    if with_whom is None or not begins_actor(text, with_whom.end()):
        return (), role
    split = actor_and_action(text, with_whom.end(), end)
    stop = split[0] if split else min(end, with_whom.end() + MAX_ACTOR)
    phrase = _MATTER.split(text[with_whom.end() : stop])[0]
    return split_actors(phrase), role
