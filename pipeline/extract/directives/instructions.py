"""How one sentence tells somebody to do something: the grammar behind `directives.py`, on plain strings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.extract.directives.actors import MAX_ACTOR, begins_actor, masked, tidy
from pipeline.extract.directives.doing_words import begins_with_doing_word
from pipeline.extract.directives.phrases import DATED_LINE, FOR_SOMEBODY, LEADS_IN, MUST, OBLIGED, RULES
from pipeline.extract.directives.rules import Modality, ModalityRule, Role
from pipeline.extract.directives.subjects import COMMA, actor_and_action, cooperation
from pipeline.extract.quantities.clauses import sentences

_BARE_DUTY = RULES.regex_of("bare_duty")
_EXECUTES = RULES.regex_of("execution")
_LINKING = RULES.regex_of("linking")
_SHARED_ACTION = RULES.regex_of("shared_action")
_INFORMS = RULES.regex_of("informs")
_MAY = RULES.regex_of("may")
_NO_TASK = RULES.regex_of("no_task")
_NOT_TOLD = RULES.regex_of("not_told")
_SUFFERS = RULES.regex_of("suffers")
_OPENING = RULES.regex_of("opening")

_BARE_DUTY_AT_END = re.compile(rf"(?P<blank>\s{{1,3}})(?:{_BARE_DUTY.pattern})\s{{0,3}}$")
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
        return Governor(self.actor, self.modality, role_of(self.modality), self.co_actors)


def role_of(modality: Modality) -> Role:
    """The part of one who is told so: who is asked need not lead."""
    return "requested" if modality in {"request", "propose"} else "lead"


_MARKER = re.compile(
    r"[\s;.,~_^ˆ'’`|!]{0,8}(?:[-–—+*•●▪►]\s{0,3}|\d{1,2}(?:\.\d{1,2}){1,2}\s{1,2}(?=[A-ZĐÀ-Ỹ])"
    r"|(?:\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVX]{1,6}|[a-zđ])\s{0,2}[.),/-]+\s{0,3}){1,2}(?:[-–]\s{0,3})?)?"
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
        found.extend(_later_parts(text, instruction, start, end, default))
        if instruction is not None and instruction.actor is not None:
            named_here = instruction.rule != "governed"
            current = replace(
                instruction.governor, confidence=0.72 if named_here else (current or instruction).confidence
            )
    return found


def _later_parts(text: str, first: Instruction | None, start: int, end: int, default: Modality) -> list[Instruction]:
    """What a sentence tells others behind a semicolon; the action of the first instruction may hold it too."""
    found = []
    start, co_actors = (first.action_start, first.co_actors) if first else (start, ())
    ends = [match.start() for match in _PARTS.finditer(text, start, end)] + [end]
    for left, right in pairwise(ends):
        begin = begin_of(text, left + 1, right)
        told = _told(text, begin, right) if left > start else None
        other = told if told and told.start == begin else _named(text, begin, right, default, strict=left == start)
        if other is not None and other.actor not in co_actors:
            found.append(replace(other, confidence=other.confidence - 0.08))
    return found


def _read_part(text: str, start: int, end: int, governor: Governor | None, default: Modality) -> Instruction | None:
    begin = begin_of(text, start, end)
    if begin >= end:
        return None
    told = _told(text, begin, end)
    if told is not None and told.start > begin and governor is not None and governor.actor is not None:
        verb = RULES.first_verb.match(text, begin)
        own = _governed(text, begin, end, governor) if verb else None
        if own is not None:  # a task of its own that asks others for something
            return own
    return told or _named(text, begin, end, default) or _governed(text, begin, end, governor)


# -------------------------------------------------------------------------------- somebody orders somebody: `Giao …`


def _told(text: str, begin: int, end: int) -> Instruction | None:
    best: tuple[re.Match[str], ModalityRule] | None = None
    for rule in RULES.modality:
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
    match = RULES.verb.search(text, begin, end)
    return match.start() if match else None


def ordered_to(text: str) -> tuple[ModalityRule, int] | None:
    """The ordering verb that a text begins with, and where the name behind it begins: `Đề nghị các chủ đầu tư`."""
    begin = begin_of(text, 0, len(text))
    for rule in RULES.modality:
        match = rule.told.match(text, begin)
        if match and begins_actor(text, match.end()):
            return rule, match.end()
    return None


# ------------------------------------------------------------------------------- somebody does: `Sở Y tế kiểm tra …`


def _behind_for(text: str, begin: int) -> int:
    """Where the name begins in `Đối với UBND các xã: huy động …`."""
    match = FOR_SOMEBODY.match(text, begin)
    colon = text.find(":", begin, begin + 160) if match else -1
    return match.end() if match and colon > 0 and begins_actor(text, match.end()) else begin


def _named(text: str, begin: int, end: int, default: Modality, *, strict: bool = False) -> Instruction | None:
    at = begin if strict else _behind_for(text, begin)
    if not begins_actor(text, at):
        later = None if strict else _actor_after_opening(text, begin, end)
        if later is None:
            return None
        at = later
    execution = None if strict or at != begin else _execution(text, at, end, default)
    if execution is not None:
        return execution
    duty = _BARE_DUTY_AT_END.search(text, at, end)
    split = (duty.start(), duty.end("blank")) if duty and duty.start() > at else actor_and_action(text, at, end)
    if split is None:
        return None
    if _by_colon(text, split) and begins_actor(text, split[1]):  # `Ban Giám đốc: Phó Giám đốc trực tiếp chỉ đạo …`
        inner = actor_and_action(text, split[1], end)
        at, split = (split[1], inner) if inner and not _by_colon(text, inner) else (at, split)
    actor_end, action_start = split
    if _is_done_to(text, at, action_start, end):
        return None
    if _by_colon(text, split) and not _opens_with_verb(text, action_start, end):
        return None
    if _NOT_TOLD.search(text, max(at, actor_end - 40), min(end, action_start + 30)):
        return None
    if _INFORMS.match(text, action_start, end):
        return None
    obliged = OBLIGED.match(text, action_start) is not None
    by_colon = _by_colon(text, split)
    rule = "obliged" if obliged else "named_before_colon" if by_colon else "named"
    confidence = RULES.confidence[rule]
    return _instruction(
        text, begin, end, at, actor_end, action_start, default, "lead", confidence - 0.1 * (at != begin), rule
    )


def _by_colon(text: str, split: tuple[int, int]) -> bool:
    return text[split[0] : split[1]].strip().startswith(":")


def _is_done_to(text: str, name: int, start: int, end: int) -> bool:
    """Whether something is done to those who are named or they may do it, and nobody must: `các hộ được xem xét hỗ
    trợ`, `Chánh Thanh tra có quyền yêu cầu …`, `ai vắng mặt sẽ bị xử lý`."""
    if _SUFFERS.search(text, start, min(end, start + 240)):
        return True
    passive = text.startswith(("được", "bị"), start) or _MAY.search(text, name, min(end, start + 160)) is not None
    return passive and MUST.search(text, start, min(end, start + 80)) is None


def _opens_with_verb(text: str, start: int, end: int) -> bool:
    """Whether tasks stand behind a colon, not a list of names, and not what somebody has said or has."""
    if start >= end or RULES.first_verb.match(text, start):
        return True
    if begins_actor(text, start):
        return False
    if text[start].isupper() and end - start > _SHORT and _NO_TASK.match(text, start, end) is None:
        return True
    return RULES.verb.search(text, start, min(end, start + _NEAR_THE_COLON)) is not None


_NEAR_THE_COLON = 24


def _execution(text: str, begin: int, end: int, default: Modality) -> Instruction | None:
    """`Chánh Văn phòng, Giám đốc các Sở: …; Chủ tịch UBND các xã chịu trách nhiệm thi hành Quyết định này.`"""
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
        RULES.confidence["execution"],
        "execution",
    )


def _actor_after_opening(text: str, begin: int, end: int) -> int | None:
    """Where the actor begins in `Trong quá trình thực hiện, các cơ quan …`, in `chậm nhất ngày 10 tháng sau Cục Thuế
    phải …`, and behind a topic: `Nông nghiệp: Ban Nông nghiệp xã …`; None without such an opening."""
    limit = min(end, begin + MAX_ACTOR)
    opened = _OPENING.match(text, begin) is not None
    for match in _LATER_ACTOR.finditer(text, begin, limit if opened else min(limit, begin + _MAX_TOPIC)):
        mark, position = match.group()[0], match.end()
        if not (opened or mark == ":") or not begins_actor(text, position):
            continue
        split = actor_and_action(text, position, end) if mark != "," else None
        if mark == ":" and not opened and (split is None or _by_colon(text, split)):
            return None
        if mark not in ",:" and (split is None or MUST.match(text, split[1], end) is None):
            continue
        return position
    return None


_LATER_ACTOR = re.compile(r"[,:]\s{1,3}|\s(?=[A-ZĐ])")
_MAX_TOPIC = 80


def _governed(text: str, begin: int, end: int, governor: Governor | None) -> Instruction | None:
    if governor is None:
        return None
    confidence = governor.confidence
    dated = DATED_LINE.match(text, begin, end)
    action = begin if dated is None else end - len(text[dated.end() : end].lstrip())
    follows = _task_after_opening(text, action, end)
    if not follows and _NOT_TOLD.search(text, begin, min(end, begin + 24)):
        return None
    if _MAY.match(text, action, end) or (governor.confidence <= _FOLLOWS and _is_item(text, begin, end)):
        return None
    if not follows and not RULES.opens_task.match(text, action):
        if not _may_be_task(text, begin, end, governor):
            return None
        confidence -= 0.2
    found = _instruction(
        text, begin, end, begin, begin, action, governor.modality, governor.role, confidence, "governed"
    )
    return replace(found, actor=governor.actor, co_actors=tuple(dict.fromkeys((*governor.co_actors, *found.co_actors))))


_FOLLOWS = 0.72
"""Confidence of a governor that was only named in the paragraph before, which is a whole order by itself."""
_LONG_ITEM = 100


def _is_item(text: str, begin: int, end: int) -> bool:
    """Whether a line is an item of a list of names or services, not a sentence: `Cấp lại giấy phép hành nghề`."""
    return end - begin < _LONG_ITEM and begin <= _LONG_MARKER and text[begin:].rstrip()[-1:] not in ".;:,/"


def _task_after_opening(text: str, begin: int, end: int) -> bool:
    """Whether a task follows its condition or its object: `Đối với hồ sơ quá hạn, nộp …`, `Khi có cháy phải …`."""
    if _OPENING.match(text, begin) is None:
        return False
    first = RULES.first_verb
    reach = min(end, begin + _MAX_OPENING)
    if any(first.match(text, comma.end(), end) for comma in COMMA.finditer(text, begin, reach)):
        return True
    must = MUST.search(text, begin, reach)
    return must is not None and not any(begins_actor(text, m.end()) for m in COMMA.finditer(text, begin, must.start()))


_MAX_OPENING = 120
"""Characters of the longest condition before a task that names nobody."""

_NEAR_GOVERNOR = 0.75
_SURE_GOVERNOR = 0.8
_SHORT = 24


def _may_be_task(text: str, begin: int, end: int, governor: Governor) -> bool:
    """Whether a sentence that opens with no verb that the rules know is likely a task: it stands under somebody's name,
    is more than a few words, and does not begin as the name of a thing or a person does."""
    if governor.actor is None or governor.confidence < _NEAR_GOVERNOR or end - begin < _SHORT or begin > _LONG_MARKER:
        return False
    if _NO_TASK.match(text, begin, end) is not None or begins_actor(text, begin):
        return False
    return governor.confidence >= _SURE_GOVERNOR or begins_with_doing_word(text[begin:end])


_LONG_MARKER = 12
"""Characters of the longest marker: only the first sentence of a paragraph may be a task that no known verb opens."""


def _instruction(
    text: str, start: int, end: int, actor_start: int, actor_end: int, action_start: int,
    modality: Modality, role: Role, confidence: float, rule: str,
) -> Instruction:  # fmt: skip
    end = min(end, action_start + MAX_ACTION)
    end = start + len(text[start:end].rstrip(" \n./"))
    co_actors, found_role = cooperation(text, action_start, end)
    if role == "lead" and found_role:
        role = found_role
    actor = tidy(_SHARED_ACTION.sub("", tidy(text[actor_start:actor_end]))) or None
    leads_in = (
        LEADS_IN.search(text, max(action_start, end - 200), end) is not None
        or text[end - 1 : end] == ":"
        or _BARE_DUTY.fullmatch(text, action_start, end) is not None
    )
    return Instruction(
        start, max(end, action_start), action_start, actor, co_actors, role, modality, confidence, rule, leads_in
    )
