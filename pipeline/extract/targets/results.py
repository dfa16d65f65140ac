"""Words that make numbers results: what they are compared with, what is only kept, what was before."""

from __future__ import annotations

import re

from pipeline.extract.quantities.clauses import Clause

_REACH = 600
_SENTENCE_END = re.compile(r"[;\n\t]|[.!?](?=\s|$)")
_SAME_TIME_BEFORE = re.compile(
    r"(?<!\w)(?:so với|so|bằng) (?:cùng (?:kỳ|thời điểm)|(?:năm|tháng|quý|kỳ|vụ) trước)(?!\w)",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"[^\W\d]{2}[ )]{1,2}(?:tăng|giảm|đạt|bằng|vượt|chiếm)(?: trên| khoảng| gần| hơn| thêm)?\s{1,2}$", re.IGNORECASE
)
_AGAINST_PLAN = re.compile(
    r"(?<!\w)(?:cao hơn|thấp hơn|vượt|vượt mức|bằng|so|so với|nhanh hơn|chậm hơn) "
    r"(?:so với |so |mức )?(?:các )?(?:mục tiêu|chỉ tiêu|kế hoạch|nghị quyết|dự toán)(?!\w)[^,;:.()\d]{0,60}",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"\s{0,3}(?:yêu cầu|đề nghị|giao|phân công|chỉ đạo|thống nhất|từ nay|thời gian tới|trong thời gian tới|cần|phải|"
    r"tiếp tục|tập trung|tăng cường|đẩy mạnh)(?!\w)",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"(?<!\w)(?:duy trì|bảo vệ|giữ vững|giữ|quản lý|chăm sóc|nâng cấp|sửa chữa|cải tạo|củng cố|khoanh nuôi|tu bổ|"
    r"bảo dưỡng|khai thác|phát huy)(?!\w)[^,;:.()\d]{0,40}$",
    re.IGNORECASE,
)


def against_plan(text: str) -> list[tuple[int, int]]:
    """The stretches that name a plan only as what something is compared with: `cao hơn kế hoạch đề ra`."""
    return [match.span() for match in _AGAINST_PLAN.finditer(text)]


def is_compared(text: str, clause: Clause) -> bool:
    """Whether a change stands in a list of changes that its sentence, at the end or already before, compares with what
    was: `than sạch tăng 24,9%, xi măng tăng 23,6% so với cùng kỳ`."""
    quantity = clause.quantity
    if quantity.dimension != "ratio" or _CHANGED.search(text, clause.before_start, quantity.start) is None:
        return False
    end = _SENTENCE_END.search(text, quantity.end, quantity.end + _REACH)
    stop = end.start() if end else min(len(text), quantity.end + _REACH)
    start = max(clause.sentence_start, quantity.start - _REACH)
    return _SAME_TIME_BEFORE.search(text, start, stop) is not None


def is_order(text: str, clause: Clause) -> bool:
    """Whether the sentence begins by telling somebody to do something."""
    return _ORDERS.match(text, clause.sentence_start) is not None


def keeps(before: str) -> bool:
    """Whether the words before a number keep what is there: `duy trì 186 câu lạc bộ hiện có`."""
    return _KEPT.search(before) is not None
