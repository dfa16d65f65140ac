"""How much speaks for a number being a target: the log-odds of the cues around it, by `rules/target_cues.toml`."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from pipeline.extract.context import Context
from pipeline.extract.deadlines.parts import is_task
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.quantities.clauses import LIGHT, Clause, strong_cuts
from pipeline.extract.quantities.finding import Quantity, comparator_of, is_bound
from pipeline.extract.quantities.wording import AS_MUCH, direction_of, scope_of
from pipeline.extract.stretches import last_match
from pipeline.extract.targets.cues import Cue, TargetCues
from pipeline.extract.targets.exemptions import ExemptionRules, in_condition
from pipeline.extract.targets.facts import GOALS, DocumentFacts
from pipeline.extract.targets.results import against_plan, is_compared, is_order, keeps
from pipeline.extract.targets.times import Times
from pipeline.models import Direction, ParagraphRole

_DIRECTION_REACH = 90
_SENTENCE_REACH = 1200
_CLOSED_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_COMPARISON = re.compile(r"(?<!\w)so với [^,;:.()]{0,60}", re.IGNORECASE)

LINKED = 1.0
"""What a target adds to the next number of its list, which shares its verb (`trồng 52 ha ngô, 18 ha lạc`)."""
ENUMERATED = 1.2
"""What comes to it where nothing but a comma parts the two (`50 tấn thức ăn, 2.000 liều vắc xin`)."""
CARRIED = 2.5
"""What a past number takes from those that it counts on (`hiện có 46 chi bộ với 1.235 đảng viên`)."""
OPENING = -2.0
"""What stands before the first part of a document tells why it is written, unless it names a goal."""
TASK = 1.2
"""What a verb of a task before a number says in a document that gives orders."""
DIRECT = 1.0
"""What comes to it where nothing stands between the verb and what is counted (`phát 15.000 tờ rơi`)."""
LISTED = 1.2
"""What a target adds to the next part of its sentence, behind a semicolon, where goals are listed."""
ENSURED = 1.3
"""What `bảo đảm 100%` and `không dưới` say by themselves, in a rule too."""
COMPARED = 0.9
"""What a comparator says: results are seldom `at least`."""
CONDITION = -6.0
"""What `Khi mưa trên 200 mm` says: when a rule holds, not what to reach."""
HEADLESS = -2.0
"""What a number takes from a text without any head or heading of goals, where its sentence names none either: it may be
a passage of news or of a law."""
EVERY = 1.5
"""What `100% hồ sơ được giải quyết đúng hạn` says by itself, in a rule too."""
REMARK = -3.0
"""A paragraph in brackets only adds a remark."""
COMPARED_WITH_BEFORE = -2.5
"""What `so với cùng kỳ` at the end of a list of changes says of all of them."""
IN_BRACKETS_BEFORE = -2.5
"""What a year gone by says of a number in brackets: `không còn xã nào (năm 2021 còn 4 xã)`."""
STILL_PAST = -2.0
"""What a sentence takes from the one before that only told what was, where it names no goal and no time itself."""
REPORT = -1.9
"""Weight of a document's type from which on it tells what was, unless a heading says otherwise."""

_AMONG = re.compile(r"[\s,(]{0,3}(?:trong đó|bao gồm|gồm)(?!\w)", re.IGNORECASE)
_ENSURED = re.compile(r"(?<!\w)(?:bảo đảm|đảm bảo)(?: có| đạt| ít nhất| tối thiểu| trên| từ)?\s{1,2}$", re.IGNORECASE)
_ITEM = re.compile(r"\s{0,4}(?:[-–+*•]|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)/-]|[a-zđ]{1,2}[).,])?\s{0,3}[^\W\d][^.;]{3,160}")
_STATED = re.compile(r"(?::|(?<!\w)(?:đạt|là|còn|bằng)\s?(?:từ|trên|dưới|ít nhất|khoảng|tối thiểu|không quá)?)\s{0,2}$")
_ITEM_END = re.compile(r"[\s.;)]{0,4}(?:trở lên|\([^)]{0,80}\)|/năm)?[\s.;)]{0,4}")
_TIMES_AS_MUCH = re.compile(rf"(?<!\w){AS_MUCH}\s{{1,2}}", re.IGNORECASE)
"""`gấp 1,5 lần năm 2020`"""
_ORDER = re.compile(
    r"[,;]\s(?:vì vậy,? |do đó,? )?(?:yêu cầu|đề nghị|giao|phấn đấu|quyết tâm|cần|phải)(?!\w)", re.IGNORECASE
)
"""`Qua rà soát còn 36 hộ …; yêu cầu các xã hỗ trợ xây 36 nhà`"""
_OF_EVERY = re.compile(r"\s[^\W\d][^;:.\d]{3,120}(?<!\w)(?:được|đều|phải)(?!\w)", re.IGNORECASE)
_RAISED = re.compile(
    r"(?<!\w)(?:vận động|huy động|kêu gọi|thu hút|quyên góp|xã hội hóa|tiết kiệm)(?!\w)", re.IGNORECASE
)
_MILLION = 1e6
_VERB = 3
"""Words of the longest verb that may stand right before a number."""
_REACH = ("reach", "reach_given")
_NORMS = frozenset({"norm_clause", "technique", "funding", "cost", "price", "eligibility"})


@dataclass(frozen=True, slots=True)
class Judged:
    """`score` are the log-odds; `past` is true where it tells what was, `norm` where it is a price or a rule."""

    score: float
    past: bool
    cues: tuple[str, ...]
    norm: bool = False


class State:
    """What a clause hands on to the next of its sentence."""

    def __init__(self) -> None:
        self.sentence = -1
        self.indicator: str | None = None
        self.before: str | None = None
        self.direction: Direction | None = None
        self.scope: str | None = None
        self.past = False
        self.past_before = False
        self.norm = False
        self.reached = False
        self.judged_in = -1

    def follow(self, text: str, clause: Clause, indicator: str, *, bare: bool) -> None:
        """Takes in the words of the next clause; `bare` is true for an indicator that hangs on the one before."""
        own, cut = own_words(text, clause)
        if clause.sentence_start != self.sentence or cut or not (clause.linked or clause.inside):
            self.direction = self.scope = None
            same = clause.sentence_start == self.sentence
            self.past_before = self.past_before if same else self.past
            self.past, self.norm = self.past and same, self.norm and same
            if not same and cut:
                self.direction = _announced(text, clause)
        self.sentence = clause.sentence_start
        self.direction = direction_of(own[-_DIRECTION_REACH:]) or self.direction
        self.scope = scope_of(own) or self.scope
        if not bare:
            self.before = indicator
        self.indicator = indicator

    def close(self, clause: Clause, judged: Judged, *, target: bool, beside: bool) -> None:
        """Takes in what became of a clause; one that only stands `beside` another keeps what that one reached."""
        self.past = judged.past
        self.norm = judged.norm
        self.reached = target or (beside and self.reached and clause.sentence_start == self.judged_in)
        self.judged_in = clause.sentence_start


def _announced(text: str, clause: Clause) -> Direction | None:
    """The way named before a colon: `Kéo giảm tai nạn trên cả 3 tiêu chí: số vụ, số người chết từ 5 - 10%`."""
    start, end = clause.sentence_start, clause.quantity.start
    colon = text.rfind(":", max(start, end - 300), end)
    return direction_of(text[max(start, colon - 200) : colon]) if colon > start else None


_Open: TypeAlias = tuple[Cue, list[int], list[int]]
_Inside: TypeAlias = tuple[Cue, list[int], list[tuple[int, int]]]


class SentenceCues:
    """Where in a paragraph the cues stand that count for all of a sentence behind them."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _places(self) -> tuple[list[_Open], list[_Inside]]:
        """The cues outside of brackets and those inside; most paragraphs hold no number that asks for them."""
        text = self._text
        brackets = [m.span() for m in _CLOSED_BRACKETS.finditer(text)]
        compared = [m.span() for m in _COMPARISON.finditer(text)]
        opened: list[_Open] = []
        inside: list[_Inside] = []
        plans = against_plan(text)
        for cue, places in TargetCues.load().places("sentence", text):
            if cue.weight > 0:
                places = [p for p in places if _around(plans, p[0]) is None]
            else:
                places = [p for p in places if _around(compared, p[0]) is None]
            hidden = [(start, end, _around(brackets, start)) for start, end in places]
            free = [(start, end) for start, end, bracket in hidden if bracket is None]
            held = [(start, end, bracket[1]) for start, end, bracket in hidden if bracket is not None]
            if free:
                opened.append((cue, [s for s, _ in free], [e for _, e in free]))
            if held:
                inside.append((cue, [s for s, _, _ in held], [(e, until) for _, e, until in held]))
        return opened, inside

    def before(self, begin: int, position: int) -> list[Cue]:
        """The cues in `text[begin:position]`; words in brackets count for numbers in the same brackets."""
        opened, inside = self._places
        found = [cue for cue, starts, ends in opened if _stands(starts, ends, begin, position)]
        for cue, starts, held in inside:
            index = bisect_left(starts, position) - 1
            if index >= 0 and starts[index] >= begin and held[index][0] <= position < held[index][1]:
                found.append(cue)
        return found


def _stands(starts: list[int], ends: list[int], begin: int, position: int) -> bool:
    """Whether one of the stretches lies in `[begin, position)`; they do not overlap."""
    index = bisect_left(starts, begin)
    return index < len(starts) and ends[index] <= position


def _around(spans: list[tuple[int, int]], position: int) -> tuple[int, int] | None:
    """The one of some stretches in order that holds a place."""
    index = bisect_left(spans, (position + 1, 0)) - 1
    return spans[index] if index >= 0 and spans[index][1] > position else None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the numbers of a paragraph are judged by."""

    context: Context
    facts: DocumentFacts
    times: Times
    sentence: SentenceCues

    @property
    def lead(self) -> list[Cue]:
        """The cues in the words that lead in the list."""
        facts, index = self.facts, self.context.index
        if index >= len(facts.lead) or not facts.lead[index]:
            return []
        known = self.context.memo.setdefault("cues of leads", {})
        lead = facts.lead[index]
        if lead not in known:
            cues = TargetCues.load()
            known[lead] = (cues.found("sentence", _CLOSED_BRACKETS.sub(" ", lead)), cues.found("lead", lead))
        sentence, leads = known[lead]
        return [*sentence, *leads]


def judge(around: Surroundings, clause: Clause, indicator: str, state: State) -> Judged:
    """The log-odds that a quantity is a target."""
    cues, context, facts = TargetCues.load(), around.context, around.facts
    text, quantity = context.paragraph.text, clause.quantity
    before = _CLOSED_BRACKETS.sub(" ", own_words(text, clause)[0])
    after = text[quantity.end : clause.after_end]
    section = heading_weight(facts, context.paragraph.section)
    reports = is_reported(facts, context.paragraph.section)
    comparator, limit_start, _ = comparator_of(text, quantity)
    compared = comparator not in ("=", "~")
    found = _near_cues(_since_order(before), _since_order(indicator), after, quantity, compared=compared)
    begin = max(clause.sentence_start, quantity.start - _SENTENCE_REACH)
    wide = list({cue.id: cue for cue in (*around.lead, *_wide_cues(around, begin, quantity.start))}.values())
    later = cues.found("after", after[:48])
    if compared and any(c.id in _REACH for c in found):
        later = [c for c in later if c.id != "past_after"]
    units = _unit_cues(quantity, f"{before} {indicator}")
    goal = any(c.weight > 0 for c in wide)
    score = cues.bias + section + sum(c.weight for c in (*found, *later, *units))
    rules = facts.document_weight < REPORT and goal
    score += facts.document_weight if section < GOALS and not rules else max(0.0, facts.document_weight)
    score += sum(c.weight for c in wide) * (0.4 if reports else 1.0)
    score += ENSURED if _ENSURED.search(text, max(0, quantity.start - 30), quantity.start) else 0.0
    score += COMPARED if compared else 0.0
    score += _of_item(text, clause)
    opens = context.paragraph.role is ParagraphRole.PREAMBLE and bool(context.document.sections)
    score += OPENING if opens and not goal else 0.0
    orders = facts.document_weight > 0 and section >= 0
    score += TASK if orders and _is_task(text, clause, found) else 0.0
    score += _direct(text, clause, found) if orders else 0.0
    score += LISTED if section >= GOALS and _goes_on(state, clause) else 0.0
    limit = limit_start if is_bound(comparator) else None
    exempt = ExemptionRules.load().of(text, clause, limit)
    conditional = CONDITION if in_condition(text, clause) else 0.0
    score += min([conditional, *(rule.weight for rule in exempt)])
    score += EVERY if _is_every(text, clause) else 0.0
    score += REMARK if _is_remark(text) else 0.0
    when = around.times.weight(clause, facts, reports=reports)
    if _is_times_as_much(quantity, before):
        when = max(0.0, when)  # the year behind it is the one compared with
    score += when
    plain = not goal and section < GOALS
    score += HEADLESS if plain and not (facts.headed or facts.plans or facts.document_weight) else 0.0
    gone_by = IN_BRACKETS_BEFORE if clause.inside and when < 0 else 0.0
    gone_by += COMPARED_WITH_BEFORE if plain and is_compared(text, clause) else 0.0
    gone_by += STILL_PAST if plain and state.past_before and when <= 0 and not is_order(text, clause) else 0.0
    score += gone_by
    past = min(when, section, gone_by) < 0 or any(c.id.startswith("past") for c in (*found, *wide, *later))
    norm = any(rule.norm for rule in exempt) or any(c.id in _NORMS for c in (*found, *units))
    among = _AMONG.match(before) is not None
    if state.past and not goal and when <= 0.4 and (clause.linked or among):
        score, past = score - CARRIED - among, True
    if (
        state.norm
        and not state.reached
        and not norm
        and (clause.inside or among or (clause.linked and LIGHT.fullmatch(before)))
    ):
        score, norm = score - CARRIED, True
    listed = clause.linked or (among and clause.sentence_start == state.judged_in)
    if listed and state.reached and not any(c.id in (*_REACH, "measured") for c in found):
        score += LINKED + (ENUMERATED if clause.linked and LIGHT.fullmatch(before) else 0.0)
    names = tuple(dict.fromkeys(c.id for c in (*wide, *found, *later, *units) if c.id[:5] != "unit_"))
    return Judged(score, past, names, norm)


def _wide_cues(around: Surroundings, begin: int, position: int) -> list[Cue]:
    """The cues before a number in its sentence; what tells of a state of things ends where an order begins."""
    cues = around.sentence.before(begin, position)
    if all(cue.weight > 0 for cue in cues):
        return cues
    orders = [match.start() for match in _ORDER.finditer(around.context.paragraph.text, begin, position)]
    still = around.sentence.before(orders[-1], position) if orders else cues
    return [cue for cue in cues if cue.weight > 0 or cue in still]


def _since_order(words: str) -> str:
    """The words from the last order among them on: `các mặt đã làm được, cần tiếp tục vận động …`."""
    order = last_match(_ORDER, words, 0, len(words))
    return words[order.start() :] if order else words


def _near_cues(before: str, indicator: str, after: str, quantity: Quantity, *, compared: bool) -> list[Cue]:
    """The cues in the words of the number itself. Behind `kích hoạt … cho ít nhất 60%` no past counts: `công dân đã
    được cấp căn cước` only says of whom; nor does it of what is kept (`duy trì 18 câu lạc bộ hiện có`). What is raised
    costs nothing (`vận động nguồn lực trị giá 2 tỷ đồng`)."""
    cues = TargetCues.load()
    own = cues.found("clause", before)
    found = own + cues.found("before", before)
    told = (any(c.id in _REACH for c in own) and compared) or keeps(before)
    found += [c for c in cues.found("clause", indicator) if c not in own and not (told and c.id.startswith("past"))]
    if any(c.id == _REACH[0] for c in found):
        found = [c for c in found if c.id != _REACH[1]]
    if quantity.dimension == "ratio":
        found = [c for c in found if c.id != "capacity"]
        found += cues.found("funding", f"{before} {after[:24]}")
    if quantity.dimension == "money":
        found += cues.found("funding", f"{before} {indicator}")
        found += [] if _RAISED.search(before) else cues.found("cost", f"{before} {indicator}")
    return found


def _is_times_as_much(quantity: Quantity, words: str) -> bool:
    unit = quantity.unit
    return unit is not None and unit.text.lower() == "lần" and _TIMES_AS_MUCH.search(words) is not None


def _unit_cues(quantity: Quantity, words: str) -> list[Cue]:
    """What the unit says; a sum of money for each of something is a price unless it is earned or produced."""
    cues, unit = TargetCues.load(), quantity.unit
    kinds = {unit.dimension, unit.kind or ("unlisted" if unit.rule is None else "")} if unit else {"none"}
    kinds -= {"time", "none"} if quantity.total is not None else {"time"}
    if _is_times_as_much(quantity, words):
        kinds = {"ratio"}
    if unit and unit.dimension == "money" and "/" in unit.text and not cues.found("earned", words):
        kinds |= {"price" if unit.factor < _MILLION else "price_in_millions"}
    return [cue for kind in sorted(kinds) if (cue := cues.exact("unit", kind))]


def own_words(text: str, clause: Clause) -> tuple[str, bool]:
    """The words before a number after the last strong cut, and whether there was one."""
    start, end = clause.before_start, clause.quantity.start
    cuts = [m for m in strong_cuts(text, start, end) if text[m.end() : end].strip(" ,:(")]
    return (text[cuts[-1].start() : end], True) if cuts else (text[start:end], False)


def heading_weight(facts: DocumentFacts, section: int | None) -> float:
    """What the headings around a section say."""
    return facts.heading_weight[section] if section is not None else 0.0


def is_reported(facts: DocumentFacts, section: int | None) -> bool:
    """Whether a section tells what was, as the document's type does and no heading denies."""
    return facts.document_weight <= REPORT and heading_weight(facts, section) < GOALS


def _is_task(text: str, clause: Clause, found: list[Cue]) -> bool:
    """Whether the words before a number begin with what is to be done: `Nạo vét 186 km kênh mương`."""
    if any(c.id in _REACH or c.weight < 0 for c in found):
        return False
    begin = _begin(text, clause)
    return is_task(text, begin, clause.quantity.start)


def _is_every(text: str, clause: Clause) -> bool:
    quantity = clause.quantity
    return quantity.dimension == "ratio" and quantity.value == 100 and _OF_EVERY.match(text, quantity.end) is not None


def _is_remark(text: str) -> bool:
    return text.startswith("(") and text.rstrip(" .;").endswith(")") and text.count("(") == 1


def _direct(text: str, clause: Clause, found: list[Cue]) -> float:
    """What a verb says that stands right before what is counted, with no word against it."""
    cues, begin, end = TargetCues.load(), _begin(text, clause), clause.quantity.start
    words = text[begin:end]
    if any(c.weight < 0 for c in found) or len(words.split()) > _VERB:
        return 0.0
    if is_task(text, begin, end) or any(c.id in _REACH for c in cues.found("clause", words)):
        return DIRECT if clause.quantity.dimension == "count" else 0.0
    return cues.weight("direct", words)


def _begin(text: str, clause: Clause) -> int:
    """Where the words begin that are a number's own, behind a bullet or a mark."""
    words, _ = own_words(text, clause)
    start = clause.quantity.start - len(words)
    start += len(words) - len(words.lstrip(" ,;:"))
    return begin_of(text, start, clause.quantity.start)


def _goes_on(state: State, clause: Clause) -> bool:
    """Whether the clause goes on, behind a semicolon, in a sentence that has just set a target."""
    return state.reached and not clause.linked and clause.sentence_start == state.judged_in


def _of_item(text: str, clause: Clause) -> float:
    """A list item that says nothing but `what: how much` states a target where goals are listed."""
    quantity = clause.quantity
    before = text[: quantity.start] if quantity.start < 200 else ""
    if not before or not _ITEM.match(before):
        return 0.0
    stated = _STATED.search(before) is not None
    whole = _ITEM_END.fullmatch(text, quantity.end, len(text)) is not None if len(text) - quantity.end < 120 else False
    return 0.6 * stated + 0.8 * whole
