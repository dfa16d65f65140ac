"""Numbers that say when a rule holds: `Khi mưa trên 200 mm, …`, `có dưới 9 đảng viên thì …`."""

from __future__ import annotations

import re

from pipeline.extract.clauses import Clause
from pipeline.extract.instructions import begin_of
from pipeline.extract.limit_parts import is_task

_REACH = 240
_IF = re.compile(
    r"(?:^|[,;:.(–-]\s{0,2}|(?<!\w)(?:thì|và|hoặc)\s)"
    r"(?:khi|nếu|(?:trong |trừ |đối với )?trường hợp)(?!\w)",
    re.IGNORECASE,
)
_THEN = re.compile(r"(?<!\w)thì(?!\w)|;|[.:]\s", re.IGNORECASE)
_COMMA = re.compile(r",\s")
_THEN_AFTER = re.compile(
    r"[^,;:.]{0,60}(?<!\w)(?:thì|"
    r"(?:sẽ )?bị (?:xử lý|xử phạt|phạt|cắt|trừ|hạ|phê bình|đình chỉ|thu hồi|loại|kỷ luật|truy cứu))(?!\w)",
    re.IGNORECASE,
)


def is_condition(text: str, clause: Clause) -> bool:
    """Whether the number stands in what has to be so before something is to be done."""
    quantity = clause.quantity
    if _THEN_AFTER.match(text, quantity.end, min(len(text), clause.after_end + 4)):
        return True
    start = max(clause.sentence_start, quantity.start - _REACH)
    opened = None
    for match in _IF.finditer(text, start, quantity.start):
        opened = match
    if opened is None or _THEN.search(text, opened.end(), quantity.start):
        return False
    return not any(
        is_task(text, begin_of(text, comma.end(), quantity.start), quantity.start)
        for comma in _COMMA.finditer(text, opened.end(), quantity.start)
    )
