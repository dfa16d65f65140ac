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

from pipeline.extract.context import Context, add_found, context_of
from pipeline.extract.doubt import trusted
from pipeline.extract.quantities.clauses import Clause, clauses
from pipeline.extract.quantities.finding import Quantity, comparator_of, is_bound, quantities_of
from pipeline.extract.quantities.wording import direction_of, indicator_of
from pipeline.extract.tables.headings import column_days
from pipeline.extract.tables.targets import RowNumber, TableRows, layouts, row_numbers
from pipeline.extract.targets.changes import Role, roles
from pipeline.extract.targets.facts import GOALS, Days, DocumentFacts, facts_of
from pipeline.extract.targets.indicators import indicator_id
from pipeline.extract.targets.judging import (
    Judged,
    SentenceCues,
    State,
    Surroundings,
    heading_weight,
    is_reported,
    judge,
)
from pipeline.extract.targets.restrictions import own_numbers
from pipeline.extract.targets.signs import Seen, Sign, TargetConfidence, signs_of
from pipeline.extract.targets.times import Times
from pipeline.models import Comparator, Direction, ParagraphRole, Target

THRESHOLD = 0.5
"""Numbers that are less likely targets are not published: more of them would be wrong than right."""
TABLE_CELL = 0.93
"""A cell under a heading that says `Kế hoạch`, in a row with a unit."""
UNLIKE_COLUMNS = 0.85
"""What is left of that where several columns of unlike units are all taken for goals and none for a result."""
UNPLANNED = 0.8
"""No number is surer in a document that neither its kind nor any heading shows to set goals."""
BESIDE = 0.75
"""What is left of the confidence of a growth that only says how a target compares (`, tăng 5% so với năm 2020`)."""
MOST = 0.97
"""No reading of prose is surer than this."""
UNITLESS = 0.85
"""Nor of a number in prose that has no unit."""

_SILENT = {
    ParagraphRole.HEADER,
    ParagraphRole.LEGAL_BASIS,
    ParagraphRole.RECIPIENTS,
    ParagraphRole.SIGNATURE,
    ParagraphRole.NOISE,
}
_BARE_MEASURES = {"năng suất", "sản lượng", "diện tích", "năng suất đạt", "năng suất bình quân", "tổng sản lượng"}
_LETTER = re.compile(r"[^\W\d_]")
_KEEP = re.compile(r"[^,;:.()\d]{0,80}?(?<!\w)(?:giữ vững|duy trì)(?!\w)", re.IGNORECASE)
_MEASURE = re.compile(r"(?:tổng )?(?:diện tích|sản lượng|năng suất|gieo trồng|gieo cấy|trồng)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A quantity with what the component made of it: also those that are no targets, for the percentages."""

    quantity: Quantity
    role: Role
    score: float
    past: bool
    indicator: str
    target: Target | None
    signs: frozenset[Sign] = frozenset()


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
    if not in_order:
        return
    parts = roles(text, in_order, facts.goal_year)
    baselines = [c.quantity.end for c, role in zip(in_order, parts, strict=True) if role.part == "baseline"]
    reports = is_reported(facts, paragraph.section)
    times = Times(text, facts.year if reports else facts.goal_year, baselines)
    around = Surroundings(context, facts, times, SentenceCues(text))
    silent = paragraph.role in _SILENT
    state = State()
    for clause, role in zip(in_order, parts, strict=True):
        indicator, start, end = indicator_of(text, clause, state.indicator)
        state.follow(text, clause, indicator, bare=indicator.lower() in _BARE_MEASURES)
        judged = judge(around, clause, indicator, state)
        target, signs = None, frozenset[Sign]()
        wanted = role.part == "target" or (role.part == "growth" and state.reached)
        if not silent and wanted and _LETTER.search(indicator):
            target, signs = _target(around, clause, role, judged, (indicator, start, end), state)
        state.close(clause, judged, target=target is not None, beside=role.part != "target")
        yield FoundNumber(clause.quantity, role, judged.score, judged.past, indicator, target, signs)


def _rows_of(context: Context, facts: DocumentFacts) -> TableRows:
    rows = context.memo.get("tables")
    if not isinstance(rows, TableRows):
        paragraphs = context.document.paragraphs
        rows = context.memo["tables"] = layouts(
            context.document, facts.year, lambda n: heading_weight(facts, paragraphs[n].section) >= GOALS
        )
    return rows


def _of_row(context: Context, facts: DocumentFacts, rows: TableRows) -> Iterator[FoundNumber]:
    """The numbers of a row of a table of indicators; a result in the same row and unit is the baseline."""
    numbers = list(row_numbers(context.document, rows, context.index, facts.habit))
    for number in numbers:
        results = [n for n in numbers if n.column.role == "result" and n.measures_as(number)]
        baseline = results[-1].quantity.value if len({n.column.heading for n in results}) == 1 else None
        role = Role("change") if number.column.role in ("change", "growth") else Role(baseline=baseline)
        sure = UNLIKE_COLUMNS if rows.layout[context.index].unlike else 1.0
        target = _cell_target(context, facts, number, baseline, sure) if number.column.role == "target" else None
        yield FoundNumber(number.quantity, role, 2.0, number.column.role == "result", number.indicator, target)


def _cell_target(
    context: Context, facts: DocumentFacts, number: RowNumber, baseline: float | None, sure: float
) -> Target:
    quantity, unit, text = number.quantity, number.quantity.unit, context.paragraph.text
    past = facts.year is not None and number.column.year is not None and number.column.year < facts.year
    confidence = sure * (TABLE_CELL if unit else TABLE_CELL - 0.15) * (0.7 if quantity.doubtful or past else 1.0)
    comparator, start, end = comparator_of(text, quantity)
    comparator = number.column.comparator if comparator == "=" else comparator
    section = context.paragraph.section
    days = (
        column_days(number.column, facts.year)
        or (facts.section_period[section] if section is not None else None)
        or facts.period
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


def _target(
    around: Surroundings,
    clause: Clause,
    role: Role,
    judged: Judged,
    indicator: tuple[str, int, int],
    state: State,
) -> tuple[Target | None, frozenset[Sign]]:
    context, quantity, facts = around.context, clause.quantity, around.facts
    text, section = context.paragraph.text, context.paragraph.section
    likely = _likely(judged.score, quantity) * (BESIDE if role.part == "growth" else 1.0)
    if likely < THRESHOLD:
        return None, frozenset()
    comparator, start, end = comparator_of(text, quantity)
    wording, words_start, words_end = indicator
    start, end = min(start, words_start), max(end, words_end)
    known = _known_indicator(text, clause, wording, state, context.section.heading if context.section else None)
    signs = signs_of(
        Seen(
            text, clause, judged.score, judged.cues, wording, start, end,
            known=known is not None, compared=is_bound(comparator),
            section=heading_weight(facts, section),
        )
    )  # fmt: skip
    confidence = min(likely, TargetConfidence.load().of(signs))
    if facts.document_weight <= 0 and not (signs & {"goal", "known_indicator"}) and not facts.plans:
        confidence = min(confidence, UNPLANNED)
    target = _made(
        context, quantity, (start, end), confidence,
        f"target_cues.toml:{'+'.join(judged.cues) or 'bias'}",
        indicator=wording, indicator_id=known,
        comparator=_comparator(comparator), direction=role.direction or state.direction or _kept(text, clause),
        baseline=role.baseline, scope=state.scope, days=around.times.of(clause, facts, context),
    )  # fmt: skip
    return target, signs


def _kept(text: str, clause: Clause) -> Direction | None:
    """`9/9 thôn giữ vững danh hiệu`: what so many shall do is to keep something."""
    if clause.quantity.dimension not in ("ratio", "count"):
        return None
    return "maintain" if _KEEP.match(text, clause.quantity.end, clause.after_end) else None


def _known_indicator(text: str, clause: Clause, wording: str, state: State, heading: str | None) -> str | None:
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


def _likely(score: float, quantity: Quantity) -> float:
    """How likely a number with this score is a target at all."""
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, score * 0.75))))
    if quantity.doubtful:
        probability *= 0.7
    if quantity.in_words:
        probability *= 0.9
    return min(MOST if quantity.unit else UNITLESS, probability)


@Language.component("chithi_targets")
def targets(doc: Doc) -> Doc:
    """The component."""
    context = context_of(doc)
    for found in find_targets(context, list(quantities_of(doc))):
        add_found(doc, "numbers", found.quantity.start, found.quantity.end, found)
        if found.target:
            add_found(doc, "targets", found.quantity.start, found.quantity.end, found.target)
    return doc
