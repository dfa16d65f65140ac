"""How far a number can be trusted as it stands: how surely it was read, and whether it can be what it seems."""

from __future__ import annotations

import re

from pipeline.extract.context import Context
from pipeline.extract.quantities.finding import Quantity

SURE_WORD = 0.9
"""From this confidence of the recogniser on a word costs nothing."""
UNSURE_WORD = 0.6
"""Below this confidence a number is as likely wrong as right."""
LEGIBLE = 0.5
"""Below this confidence a word beside the number is damage on the paper."""
NEAR_ILLEGIBLE = 0.8
"""What damage beside a number leaves of its confidence: a digit may have gone with it."""
UNSURE = 0.45
"""Most for a number whose readings differ, or that was hardly legible."""
IMPOSSIBLE = 0.3
"""Most for a number that cannot be what its words say, such as a share of more than the whole."""

_MAY_EXCEED = re.compile(
    r"(?<!\w)(?:tăng|giảm|vượt|hơn|gấp|so|so với|bằng|kế hoạch|chỉ tiêu|dự toán|cùng kỳ|nghị quyết|tốc độ|chỉ số|hệ số|"
    r"công suất|hiệu suất|định mức|nhu cầu|giao)(?!\w)",
    re.IGNORECASE,
)
_REACH = 120
_NEAR = 16


def trusted(context: Context, quantity: Quantity, confidence: float) -> float:
    """The confidence of what a quantity became, lowered by what speaks against the number itself."""
    if _is_impossible(context.paragraph.text, quantity):
        confidence = min(confidence, IMPOSSIBLE)
    return as_read(context, quantity.number_start, quantity.number_end, confidence)


def as_read(context: Context, start: int, end: int, confidence: float) -> float:
    """The confidence of what rests on the characters `start` to `end` of the paragraph, lowered where they were read
    with doubt."""
    sure = context.read_confidence(start, end)
    if sure is None:
        return confidence
    if (context.read_confidence(start, end, _NEAR) or 0.0) < LEGIBLE:
        confidence *= NEAR_ILLEGIBLE
    if sure >= SURE_WORD:
        return confidence
    lowered = confidence * (0.5 + 0.5 * sure / SURE_WORD)
    return min(lowered, UNSURE) if sure < UNSURE_WORD else lowered


def _is_impossible(text: str, quantity: Quantity) -> bool:
    """More than all of something; what only compares (`tăng 120%`, `150% kế hoạch`) may exceed the whole."""
    unit = quantity.unit
    whole = {"percent": 100.0, "permille": 1000.0}.get(unit.rule or "") if unit else None
    if whole is None or max(quantity.value, quantity.upper or 0.0) <= whole:
        return False
    around = text[max(0, quantity.start - _REACH) : quantity.start], text[quantity.end : quantity.end + _REACH // 2]
    return not any(_MAY_EXCEED.search(words) for words in around)
