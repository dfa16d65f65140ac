"""Component `chithi_targets`: which quantities somebody must reach.

Every quantity of a paragraph gets a score from the cues around it (`rules/target_cues.toml`); what scores above the
threshold is a `Target`, with what it measures, the comparator, the direction, the baseline, where and when it holds.
Reads `doc.spans["quantities"]`; puts `FoundNumber` for each quantity under `doc.spans["numbers"]` and `Target`
(without ids) under `doc.spans["targets"]`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.changes import Role, roles
from pipeline.extract.clauses import Clause, clauses, strong_cuts
from pipeline.extract.context import Context, add_found, context_of
from pipeline.extract.cues import Cue, TargetCues
from pipeline.extract.doubt import trusted
from pipeline.extract.facts import Days, DocumentFacts, facts_of
from pipeline.extract.indicators import indicator_id
from pipeline.extract.instructions import begin_of
from pipeline.extract.limit_parts import is_task
from pipeline.extract.quantities import Quantity, comparator_of, quantities_of
from pipeline.extract.restrictions import own_numbers
from pipeline.extract.table_headings import column_days
from pipeline.extract.tables import RowNumber, TableRows, layouts, row_numbers
from pipeline.extract.wording import direction_of, indicator_of, scope_of
from pipeline.models import Comparator, Direction, ParagraphRole, Target
from pipeline.times.periods import Period, find_periods

_DIRECTION_REACH = 90
THRESHOLD = 0.5
"""Rows below this confidence are not published: more of them would be wrong than right."""
TABLE_CELL = 0.93
"""A cell under a heading that says `Kế hoạch`, in a row with a unit."""
LINKED = 1.0
"""What a target adds to the next number of its list, which shares its verb (`trồng 52 ha ngô, 18 ha lạc`)."""
CARRIED = 2.5
"""What a past number takes from those that it counts on (`hiện có 46 chi bộ với 1.235 đảng viên`)."""
OPENING = -2.0
"""What stands before the first part of a document tells why it is written, unless it names a goal."""
TASK = 1.2
"""What a verb of a task before a number says in a document that gives orders."""
LISTED = 1.2
"""What a target adds to the next part of its sentence, behind a semicolon, where goals are listed."""
ENSURED = 1.3
"""What `bảo đảm 100%` and `không dưới` say by themselves, in a rule too."""
REPORT = -1.9
"""Weight of a document's type from which on it tells what was, unless a heading says otherwise."""
CLEAR_GOAL = 1.5
"""Weight of a heading from which on its section says what shall be."""
MOST = 0.97
"""No reading of prose is surer than this."""

_SILENT = {
    ParagraphRole.HEADER,
    ParagraphRole.LEGAL_BASIS,
    ParagraphRole.RECIPIENTS,
    ParagraphRole.SIGNATURE,
    ParagraphRole.NOISE,
}
_AMONG = re.compile(r"[\s,(]{0,3}(?:trong đó|bao gồm|gồm)(?!\w)", re.IGNORECASE)
_CLOSED_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_ENSURED = re.compile(r"(?<!\w)(?:bảo đảm|đảm bảo)(?: có| đạt| ít nhất| tối thiểu| trên| từ)?\s{1,2}$", re.IGNORECASE)
_BARE_MEASURES = {"năng suất", "sản lượng", "diện tích", "năng suất đạt", "năng suất bình quân", "tổng sản lượng"}
_MEASURE = re.compile(r"(?:tổng )?(?:diện tích|sản lượng|năng suất|gieo trồng|gieo cấy|trồng)\s", re.IGNORECASE)
_ITEM = re.compile(r"\s{0,4}(?:[-–+*•]|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)/-]|[a-zđ]{1,2}[).,])?\s{0,3}[^\W\d][^.;]{3,160}")
_STATED = re.compile(r"(?::|(?<!\w)(?:đạt|là|còn|bằng)\s?(?:từ|trên|dưới|ít nhất|khoảng|tối thiểu|không quá)?)\s{0,2}$")
_ITEM_END = re.compile(r"[\s.;)]{0,4}(?:trở lên|\([^)]{0,80}\)|/năm)?[\s.;)]{0,4}")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A quantity with what the component made of it: also those that are no targets, for the percentages."""

    quantity: Quantity
    role: Role
    score: float
    past: bool
    indicator: str
    target: Target | None


@dataclass(frozen=True, slots=True)
class _Judged:
    score: float
    past: bool
    cues: tuple[str, ...]


def find_targets(context: Context, quantities: list[Quantity]) -> Iterator[FoundNumber]:
    """What each quantity of a paragraph is, in order."""
    paragraph, text = context.paragraph, context.paragraph.text
    facts = facts_of(context)
    rows = _rows_of(context, facts)
    if context.index in rows.headings:
        return
    if context.index in rows.layout:
        yield from _of_row(context, facts, rows)
        return
    in_order = list(clauses(text, own_numbers(text, quantities)))
    parts = roles(text, in_order)
    periods = list(find_periods(text, facts.year))
    silent = paragraph.role in _SILENT
    state = _State()
    for clause, role in zip(in_order, parts, strict=True):
        indicator, start, end = indicator_of(text, clause, state.indicator)
        state.follow(text, clause, indicator)
        judged = _judge(context, facts, clause, indicator, periods, state)
        target = None
        if not silent and role.part == "target" and indicator:
            target = _target(context, facts, clause, role, judged, (indicator, start, end), state, periods)
        state.past, state.reached, state.judged_in = judged.past, target is not None, clause.sentence_start
        yield FoundNumber(clause.quantity, role, judged.score, judged.past, indicator, target)


def _rows_of(context: Context, facts: DocumentFacts) -> TableRows:
    rows = context.memo.get("tables")
    if not isinstance(rows, TableRows):
        rows = context.memo["tables"] = layouts(context.document, facts.year)
    return rows


def _of_row(context: Context, facts: DocumentFacts, rows: TableRows) -> Iterator[FoundNumber]:
    """The numbers of a row of a table of indicators; a result in the same row and unit is the baseline."""
    numbers = list(row_numbers(context.document, rows, context.index, facts.habit))
    results = [n for n in numbers if n.column.role == "result"]
    baseline = results[-1].quantity.value if len({n.column.heading for n in results}) == 1 else None
    for number in numbers:
        role = Role("change") if number.column.role == "change" else Role(baseline=baseline)
        target = _cell_target(context, facts, number, baseline) if number.column.role == "target" else None
        yield FoundNumber(number.quantity, role, 2.0, number.column.role == "result", number.indicator, target)


def _cell_target(context: Context, facts: DocumentFacts, number: RowNumber, baseline: float | None) -> Target:
    quantity, unit, text = number.quantity, number.quantity.unit, context.paragraph.text
    past = facts.year is not None and number.column.year is not None and number.column.year < facts.year
    confidence = (TABLE_CELL if unit else TABLE_CELL - 0.15) * (0.7 if quantity.doubtful or past else 1.0)
    comparator, start, end = comparator_of(text, quantity)
    section = context.paragraph.section
    days = (
        column_days(number.column) or (facts.section_period[section] if section is not None else None) or facts.period
    )
    heading = context.section.heading if context.section else None
    return _made(
        context, quantity, (min(start, number.indicator_start), end), confidence, "table_columns.toml:target",
        indicator=number.indicator, indicator_id=indicator_id(number.indicator, unit, heading),
        comparator=_comparator(comparator), direction=direction_of(number.indicator), baseline=baseline,
        scope=number.scope, days=days,
    )  # fmt: skip


def _made(
    context: Context,
    quantity: Quantity,
    span: tuple[int, int],
    confidence: float,
    rule: str,
    *,
    indicator: str,
    indicator_id: str | None,
    comparator: Comparator,
    direction: Direction | None,
    baseline: float | None,
    scope: str | None,
    days: Days | None,
) -> Target:
    text, unit = context.paragraph.text, quantity.unit
    return Target(
        target_id="",
        evidence=context.evidence(*span, round(trusted(context, quantity, confidence), 3), rule),
        indicator=indicator,
        indicator_id=indicator_id,
        comparator=comparator,
        direction=direction,
        value=quantity.value,
        value_upper=quantity.upper,
        value_text=text[quantity.number_start : quantity.number_end],
        unit_text=unit.text if unit else None,
        unit=unit.canonical if unit else None,
        normalized_value=_normalized(quantity.value * unit.factor) if unit and unit.normalized else None,
        normalized_unit=unit.normalized if unit else None,
        baseline=baseline,
        total=quantity.total,
        scope=scope,
        period_start=days[0] if days else None,
        period_end=days[1] if days else None,
    )


class _State:
    """What a clause hands on to the next of its sentence."""

    def __init__(self) -> None:
        self.sentence = -1
        self.indicator: str | None = None
        self.before: str | None = None
        self.direction: Direction | None = None
        self.scope: str | None = None
        self.past = False
        self.reached = False
        self.judged_in = -1

    def follow(self, text: str, clause: Clause, indicator: str) -> None:
        """Takes in the words of the next clause."""
        own, cut = _own_words(text, clause)
        if clause.sentence_start != self.sentence or cut or not (clause.linked or clause.inside):
            self.direction = self.scope = None
            self.past = self.past and clause.sentence_start == self.sentence
        self.sentence = clause.sentence_start
        self.direction = direction_of(own[-_DIRECTION_REACH:]) or self.direction
        self.scope = scope_of(own) or self.scope
        if indicator.lower() not in _BARE_MEASURES:
            self.before = indicator
        self.indicator = indicator


def _own_words(text: str, clause: Clause) -> tuple[str, bool]:
    """The words before a number after the last strong cut, and whether there was one."""
    start, end = clause.before_start, clause.quantity.start
    cuts = [m for m in strong_cuts(text, start, end) if text[m.end() : end].strip(" ,:(")]
    return (text[cuts[-1].start() : end], True) if cuts else (text[start:end], False)


def _target(
    context: Context,
    facts: DocumentFacts,
    clause: Clause,
    role: Role,
    judged: _Judged,
    indicator: tuple[str, int, int],
    state: _State,
    periods: list[Period],
) -> Target | None:
    text, quantity = context.paragraph.text, clause.quantity
    confidence = _confidence(judged.score, quantity)
    if confidence < THRESHOLD:
        return None
    comparator, start, end = comparator_of(text, quantity)
    wording, words_start, words_end = indicator
    start, end = min(start, words_start), max(end, words_end)
    heading = context.section.heading if context.section else None
    return _made(
        context, quantity, (start, end), confidence, f"target_cues.toml:{'+'.join(judged.cues) or 'bias'}",
        indicator=wording, indicator_id=_known_indicator(text, clause, wording, state, heading),
        comparator=_comparator(comparator), direction=role.direction or state.direction, baseline=role.baseline,
        scope=state.scope, days=_days(clause, periods, facts, context),
    )  # fmt: skip


def _known_indicator(text: str, clause: Clause, wording: str, state: _State, heading: str | None) -> str | None:
    """The id of the wording: by itself, with what the number before it measured (`năng suất` of `Diện tích lúa`), with
    what leads in (`Cơ cấu kinh tế: nông nghiệp 25%`), with the heading."""
    unit = clause.quantity.unit
    if wording.lower() in _BARE_MEASURES and state.before:
        return indicator_id(f"{wording} {_MEASURE.sub('', state.before)}", unit, None)
    start = text.rfind(":", max(clause.sentence_start, clause.quantity.start - 300), clause.quantity.start)
    lead = text[max(clause.sentence_start, start - 80) : start] if start >= 0 else None
    return (
        indicator_id(wording, unit, None) or indicator_id(wording, unit, lead) or indicator_id(wording, unit, heading)
    )


def _comparator(word: str) -> Comparator:
    known: dict[str, Comparator] = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "~": "~", "between": "between"}
    return known.get(word, "=")


def _normalized(value: float) -> float:
    """Without the noise of binary fractions: 50.2 x 10^9 is 50200000000."""
    return float(f"{value:.12g}")


def _judge(
    context: Context, facts: DocumentFacts, clause: Clause, indicator: str, periods: list[Period], state: _State
) -> _Judged:
    """The log-odds that a quantity is a target."""
    cues, text, quantity = TargetCues.load(), context.paragraph.text, clause.quantity
    before, _ = _own_words(text, clause)
    sentence = text[max(clause.sentence_start, quantity.start - 1200) : quantity.start]
    after = text[quantity.end : clause.after_end]
    index = context.paragraph.section
    lead = facts.lead[context.index] if context.index < len(facts.lead) else ""
    found = cues.found("clause", f"{before} {indicator}") + cues.found("before", before)
    if quantity.dimension == "ratio":
        found = [c for c in found if c.id != "capacity"]
    if quantity.dimension in ("money", "ratio"):
        found += cues.found("funding", f"{before} {indicator if quantity.dimension == 'money' else after[:24]}")
    if quantity.dimension == "money":
        found += cues.found("cost", f"{before} {indicator}")
    section = _heading_weight(facts, index)
    reports = facts.document_weight <= REPORT and section < CLEAR_GOAL
    score = cues.bias + sum(c.weight for c in found) + section
    score += facts.document_weight if section < CLEAR_GOAL else max(0.0, facts.document_weight)
    wide = cues.found("sentence", _CLOSED_BRACKETS.sub(" ", f"{lead} {sentence}")) + cues.found("lead", lead)
    later = cues.found("after", after[:48])
    score += sum(c.weight for c in wide) * (0.4 if reports else 1.0) + sum(c.weight for c in later)
    goal = any(c.weight > 0 for c in wide)
    unit = quantity.unit
    kinds = {unit.dimension, unit.kind or ("unlisted" if unit.rule is None else "")} if unit else {"none"}
    kinds -= {"none"} if quantity.total is not None else set()
    score += sum(cues.exact_weight("unit", kind) for kind in kinds if kind != "time")
    score += ENSURED if _ENSURED.search(text, max(0, quantity.start - 30), quantity.start) else 0.0
    comparator = comparator_of(text, quantity)[0]
    score += 0.9 if comparator not in ("=", "~") else 0.0
    score += _of_item(text, clause)
    opens = context.paragraph.role is ParagraphRole.PREAMBLE and bool(context.document.sections)
    score += OPENING if opens and not goal else 0.0
    score += TASK if facts.document_weight > 0 and section >= 0 and _is_task(text, clause, found) else 0.0
    score += LISTED if section >= CLEAR_GOAL and _goes_on(state, clause) else 0.0
    when = _when(clause, periods, facts, reports)
    score += when
    past = (
        when < 0 or any(c.id.startswith("past") for c in (*found, *wide, *later)) or _heading_weight(facts, index) < 0
    )
    among = _AMONG.match(before) is not None
    if state.past and not goal and when <= 0.4 and (clause.linked or among):
        score, past = score - CARRIED - among, True
    if clause.linked and state.reached and not any(c.id in ("reach", "measured") for c in found):
        score += LINKED
    names = tuple(dict.fromkeys(c.id for c in (*wide, *found, *later)))
    return _Judged(score, past, names)


def _is_task(text: str, clause: Clause, found: list[Cue]) -> bool:
    """Whether the words before a number begin with what is to be done: `Nạo vét 186 km kênh mương`."""
    if any(c.id == "reach" or c.weight < 0 for c in found):
        return False
    words, _ = _own_words(text, clause)
    start = clause.quantity.start - len(words)
    return is_task(text, begin_of(text, start, clause.quantity.start), clause.quantity.start)


def _goes_on(state: _State, clause: Clause) -> bool:
    """Whether the clause goes on, behind a semicolon, in a sentence that has just set a target."""
    return state.reached and not clause.linked and clause.sentence_start == state.judged_in


def _heading_weight(facts: DocumentFacts, section: int | None) -> float:
    return facts.heading_weight[section] if section is not None else 0.0


def _of_item(text: str, clause: Clause) -> float:
    """A list item that says nothing but `what: how much` states a target where goals are listed."""
    quantity = clause.quantity
    before = text[: quantity.start] if quantity.start < 200 else ""
    if not before or not _ITEM.match(before):
        return 0.0
    stated = _STATED.search(before) is not None
    whole = _ITEM_END.fullmatch(text, quantity.end, len(text)) is not None if len(text) - quantity.end < 120 else False
    return 0.6 * stated + 0.8 * whole


def _when(clause: Clause, periods: list[Period], facts: DocumentFacts, reports: bool) -> float:
    """Past years speak against a target, years to come for it; in what reports, the year itself is past too."""
    first = facts.year if reports else facts.goal_year
    if first is None:
        return 0.0
    own = [p for p in periods if not p.against and clause.sentence_start <= p.start < clause.after_end]
    before = [p for p in own if p.start < clause.quantity.start]
    near = [p for p in before if p.start >= clause.before_start] or [p for p in own if p not in before] or before
    if not near:
        return 0.0
    latest = max(p.last.year for p in near)
    if latest < first:
        return -3.5
    if latest > first:
        return 2.0 if reports else 1.0
    return -1.5 if reports else 0.4


def _days(clause: Clause, periods: list[Period], facts: DocumentFacts, context: Context) -> Days | None:
    """The time a target holds for: named beside it, earlier in its sentence, by its list, its section, the document."""
    own = [p for p in periods if not p.against]
    text, quantity = context.paragraph.text, clause.quantity
    opening = max(
        text.rfind(";", max(clause.sentence_start, quantity.start - 800), quantity.start), clause.sentence_start
    )
    closing = text.find(";", quantity.end, clause.after_end)
    before = [p for p in own if opening <= p.start < quantity.start]
    after = [p for p in own if quantity.end <= p.start < (closing if closing >= 0 else clause.after_end)]
    if not before and not after and opening > clause.sentence_start:
        first = text.find(";", clause.sentence_start, quantity.start)
        colon = text.find(":", clause.sentence_start, first)
        before = [p for p in own if clause.sentence_start <= p.start < colon]
    if before or after:
        chosen = before[-1] if before and (before[-1].start >= clause.before_start or not after) else after[0]
        return chosen.first, chosen.last
    section = context.paragraph.section
    return (
        facts.own_list_period[context.index]
        or (facts.section_period[section] if section is not None else None)
        or facts.list_period[context.index]
        or facts.period
    )


def _confidence(score: float, quantity: Quantity) -> float:
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, score * 0.75))))
    if quantity.doubtful:
        probability *= 0.7
    if quantity.in_words:
        probability *= 0.9
    return min(MOST, probability)


@Language.component("chithi_targets")
def targets(doc: Doc) -> Doc:
    """The component."""
    context = context_of(doc)
    for found in find_targets(context, list(quantities_of(doc))):
        add_found(doc, "numbers", found.quantity.start, found.quantity.end, found)
        if found.target:
            add_found(doc, "targets", found.quantity.start, found.quantity.end, found.target)
    return doc
