"""Component `chithi_percentages`: every percent, permille and percentage point, with its role.

Reads `doc.spans["numbers"]`; puts `Percentage` (without ids) under `doc.spans["percentages"]`. A percentage that is a
target shares the span of its Target.
"""

from __future__ import annotations

import re
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.context import Context, add_found, context_of
from pipeline.extract.doubt import trusted
from pipeline.extract.quantities.finding import Quantity, quantities_of
from pipeline.extract.targets.facts import facts_of
from pipeline.extract.targets.finding import FoundNumber
from pipeline.models import Percentage

Role = Literal["target", "result", "baseline", "change", "other"]

_UNITS: dict[str, Literal["percent", "permille", "percentage_point"]] = {
    "percent": "percent",
    "permille": "permille",
    "percentage_point": "percentage_point",
}
_RISE = re.compile(r"(?<!\w)(?:tăng|giảm|vượt|hạ|thấp hơn|cao hơn)(?:\s\w{1,8}){0,3}\s{0,2}$", re.IGNORECASE)


def percentage_of(context: Context, quantity: Quantity, number: FoundNumber | None) -> Percentage | None:
    """The percentage of a quantity; None where its unit is another."""
    unit = _UNITS.get(quantity.unit.rule or "") if quantity.unit else None
    if unit is None:
        return None
    role = _role(context, quantity, number)
    confidence = 0.98 if not quantity.doubtful else 0.7
    if role == "target" and number and number.target:
        confidence = number.target.evidence.confidence
    elif role in ("result", "other"):
        confidence = 0.85 * confidence
    if role != "target" or not (number and number.target):
        confidence = trusted(context, quantity, confidence)
    return Percentage(
        percentage_id="",
        evidence=context.evidence(quantity.start, quantity.end, round(confidence, 3), f"units.toml:{unit}"),
        value=quantity.value,
        value_upper=quantity.upper,
        unit=unit,
        role=role,
        subject=(number.indicator or None) if number else None,
    )


def _role(context: Context, quantity: Quantity, number: FoundNumber | None) -> Role:
    if number is None:
        return "other"
    if number.role.part == "growth":
        return "change"
    if number.target is not None or number.role.part == "end":
        return "target"
    if number.role.part == "baseline":
        return "baseline"
    before = context.paragraph.text[max(0, quantity.start - 40) : quantity.start]
    if number.role.part == "change" or _RISE.search(before):
        return "change"
    reports = facts_of(context).document_weight < -1 and facts_of(context).document_weight > -2.4
    return "result" if number.past or reports else "other"


@Language.component("chithi_percentages")
def percentages(doc: Doc) -> Doc:
    """The component."""
    context = context_of(doc)
    numbers = {s._.found.quantity.start: s._.found for s in doc.spans.get("numbers", ())}
    every = {q.start: q for q in quantities_of(doc)} | {start: n.quantity for start, n in numbers.items()}
    for start in sorted(every):
        quantity = every[start]
        found = percentage_of(context, quantity, numbers.get(start))
        if found:
            add_found(doc, "percentages", quantity.start, quantity.end, found)
    return doc
