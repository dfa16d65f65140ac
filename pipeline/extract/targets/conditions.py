"""Numbers that say when a rule holds: `Khi mưa trên 200 mm, …`, `có dưới 9 đảng viên thì …`."""

from __future__ import annotations

import re

from pipeline.extract.deadlines.parts import is_task
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.quantities.clauses import Clause

_REACH = 240
_LETTER = re.compile(r"[^\W\d_]")
_IF = re.compile(
    r"(?:^|[,;:.(–-]\s{0,2}|(?<!\w)(?:thì|và|hoặc)\s)"
    r"(?:khi|nếu|(?:trong |trừ |đối với )?trường hợp)(?!\w)",
    re.IGNORECASE,
)
_WHOEVER = re.compile(
    r"(?<!\w)(?:nơi|đơn vị|địa phương|cơ quan|tập thể|cá nhân|chi bộ|xã|huyện|trường|hộ|người) nào(?!\w)[^;.]{0,120}$",
    re.IGNORECASE,
)
"""`nơi nào không đạt 90% …`"""
_THOSE_WITH = re.compile(
    r"(?<!\w)(?:của|đối với|với|cho|tại|ở|từ|thuộc|rà soát|kiểm tra|thanh tra|kiểm điểm|phê bình|xử lý|thu hồi)"
    r" (?:các |những |nhóm |một số )?(?!(?:đó|đó là|có)(?!\w))[^,;:.()]{2,50} (?:có|đạt) "
    r"(?:tỷ lệ|tỉ lệ|kết quả|mức|số|khối lượng|tiến độ)(?!\w)[^,;:.()]{0,60}$",
    re.IGNORECASE,
)
"""`điều chuyển vốn của các dự án có tỷ lệ giải ngân dưới 40%`: a limit that only says which of some are meant."""
_NUMBER_OF_THOSE = re.compile(
    r"(?<!\w)(?:giảm (?:số )?|không (?:còn|để) (?:còn )?|xóa (?:các )?|số |"
    r"(?:trách nhiệm|kiểm điểm|phê bình|xử lý)[^,;:.()]{0,30} )"
    r"(?:xã|hộ|huyện|thôn|trường|đơn vị|dự án|vụ|người|chủ đầu tư|cơ quan|địa phương|doanh nghiệp|chi bộ|công trình) "
    r"(?:có|đạt) (?:tỷ lệ|tỉ lệ|kết quả|mức|số|khối lượng|tiến độ)(?!\w)[^,;:.()\d]{0,60}$",
    re.IGNORECASE,
)
"""`Giảm số xã có tỷ lệ tiêm phòng dưới 50%`"""
_FOR_THOSE = re.compile(
    r"(?<!\w)(?:đối với|của) (?:các |những )?(?:dự án|đơn vị|công trình|chủ đầu tư|nhà thầu|địa phương|xã|huyện|"
    r"cơ quan) (?:giải ngân|thực hiện|đạt|chậm|hoàn thành)(?!\w)[^,;:.()\d]{0,40}$",
    re.IGNORECASE,
)
"""`điều chuyển vốn đối với dự án giải ngân dưới 50%`"""
_THEN = re.compile(r"(?<!\w)thì(?!\w)|;|[.:]\s", re.IGNORECASE)
_COMMA = re.compile(r",\s")
_THEN_AFTER = re.compile(
    r"[^,;:.]{0,60}(?<!\w)(?:thì|"
    r"(?:sẽ )?bị (?:xử lý|xử phạt|phạt|cắt|trừ|hạ|phê bình|đình chỉ|thu hồi|loại|kỷ luật|truy cứu))(?!\w)",
    re.IGNORECASE,
)

_POINTS = re.compile(r"điểm|đ", re.IGNORECASE)
_RANKED = re.compile(
    r"\s{0,2}(?:trở lên|trở xuống)?[\s,:)]{0,3}(?:(?:thì|được|sẽ|là)\s){0,2}"
    r"(?:xếp|công nhận|đánh giá|đề nghị|khen|tặng|loại|đạt loại)(?!\w)",
    re.IGNORECASE,
)
"""`từ 90 điểm trở lên xếp loại xuất sắc`"""
_COUNTED_OFF = re.compile(r"(?<!\w)(?<!căn\s)cứ\s{1,2}$", re.IGNORECASE)
"""`Cứ 10 đoàn viên được bầu 01 đại biểu`"""

_WHEN_LIMIT = re.compile(
    r"(?<!\w)(?<!trong\s)(?:khi|nếu|những nơi)\s[^,;:.()]{2,60}(?<!\w)(?:trên|dưới|quá|vượt|từ)\s{1,2}$", re.IGNORECASE
)
"""`cấm qua lại khi nước ngập trên 30 cm`"""
_NONE_WITH = re.compile(r"(?<!\w)không (?:còn|có) [^,;:.()\d]{1,40}(?<!\w)(?:dưới|trên|từ)\s{1,2}$", re.IGNORECASE)
"""`không còn xã dưới 10 tiêu chí`"""
_SUPPORTS = re.compile(
    r"(?<!\w)(?:hỗ trợ|giảm|miễn,? giảm|trợ giá|cấp bù|bù giá)(?: thêm| tối đa| không quá| bằng)?\s{1,2}$",
    re.IGNORECASE,
)
_SUPPORTED = re.compile(
    r"\s(?:giá|chi phí|kinh phí|mức đóng|mức phí|học phí|lệ phí|tiền|lãi suất|tổng mức|cho|đối với|so với giá)(?!\w)",
    re.IGNORECASE,
)
"""`hỗ trợ 50% giá giống`: what is paid, not what is reached."""


def is_condition(text: str, clause: Clause, limit: int | None) -> bool:
    """Whether the number stands in what has to be so before something is to be done; `limit` is where its words begin
    where it is one (`dưới 40%`)."""
    quantity = clause.quantity
    if _THEN_AFTER.match(text, quantity.end, min(len(text), clause.after_end + 4)):
        return True
    if quantity.unit is not None and _POINTS.fullmatch(quantity.unit.text) and _RANKED.match(text, quantity.end):
        return True
    if _COUNTED_OFF.search(text, max(clause.sentence_start, quantity.start - 6), quantity.start):
        return True
    start = max(clause.sentence_start, quantity.start - _REACH)
    if _LETTER.search(text, start, quantity.start) is None:
        return False
    near = max(clause.sentence_start, quantity.start - 90)
    if _WHEN_LIMIT.search(text, near, quantity.start) or _NONE_WITH.search(text, near, quantity.start):
        return True
    if _WHOEVER.search(text, start, quantity.start):
        return True
    if limit is not None and any(p.search(text, start, limit) for p in (_THOSE_WITH, _NUMBER_OF_THOSE, _FOR_THOSE)):
        return True
    opened = None
    for match in _IF.finditer(text, start, quantity.start):
        opened = match
    if opened is None or _THEN.search(text, opened.end(), quantity.start):
        return False
    return not any(
        is_task(text, begin_of(text, comma.end(), quantity.start), quantity.start)
        for comma in _COMMA.finditer(text, opened.end(), quantity.start)
    )


def is_support(text: str, clause: Clause) -> bool:
    """Whether a share says how much of a price is paid for somebody."""
    quantity = clause.quantity
    if quantity.dimension != "ratio" or not _SUPPORTED.match(text, quantity.end):
        return False
    return _SUPPORTS.search(text, max(clause.sentence_start, quantity.start - 30), quantity.start) is not None
