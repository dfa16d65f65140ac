"""Numbers that only tell more of what another number counts: `14 tàu có công suất từ 400 CV trở lên`.

Such a number is a part of the words around the other one: of an age, a size, a place, of those for whom it is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.comparators import ComparatorRules
from pipeline.extract.quantities import Quantity
from pipeline.extract.wording_rules import WordingRules

_RULES = WordingRules.load()
_PLACES = ("administrative", "organization", "facility")
_AT = re.compile(r"(?<!\w)(?:tại|ở|thuộc|trên địa bàn)\s{1,2}$", re.IGNORECASE)
_OF = re.compile(r"(?<!\w)của\s{1,2}$", re.IGNORECASE)
_FOR = re.compile(r"(?<!\w)cho\s{1,2}$", re.IGNORECASE)
_ON_ALL = re.compile(r"(?<!\w)(?:trên|ở) cả\s{1,2}$", re.IGNORECASE)
_FROM = re.compile(r"(?<!\w)từ\s{1,2}$", re.IGNORECASE)
_ONWARD = re.compile(r"\s{0,2}trở (?:lên|xuống)(?!\w)", re.IGNORECASE)
_PROPERTY = re.compile(rf"(?<!\w)(?:có|với) (?:{_RULES.words('property')})(?!\w)", re.IGNORECASE)
_REACHES = re.compile(rf"(?<!\w)(?:{_RULES.words('reaches')})(?!\w)", re.IGNORECASE)
_SIZE = re.compile(
    r"(?<!\w)(?:rộng|dày|cao|sâu|đường kính|khẩu độ|cao trình|bán kính|cách(?: [^\W\d]{1,12}){0,3})"
    r"(?: (?:từ|trên|dưới|tối thiểu|khoảng|là))?[\s+:]{1,2}$",
    re.IGNORECASE,
)
"""`mặt đường rộng 3,5 m`, `đập cao trên 15 m`"""
_RATED = re.compile(r"(?:sản phẩm|khách sạn|ocop|hạng|đạt|từ|cơ sở)\s{1,2}$", re.IGNORECASE)
"""`02 sản phẩm 5 sao`: a rank, not an area."""
_HAS_ONE = re.compile(
    r"\s[^\d%]{1,120}\s(?:có|trang bị|lắp đặt|đăng ký|xây dựng)(?: ít nhất| tối thiểu)?\s{1,2}$", re.IGNORECASE
)
"""`95% hộ gia đình trang bị 01 bình chữa cháy`: the one belongs to what the share counts."""
_MEASURED_TIME = re.compile(
    r"(?<!\w)thời gian (?:giải quyết|xử lý|thực hiện|cấp|thông quan|chờ|trả|tiếp cận|nộp|đi lại|lưu trú|làm)(?!\w)"
    r"[^.;:]{0,90}(?<!\w)(?:rút|giảm|rút ngắn|xuống|còn|từ|không quá|dưới)\s[^.;:]{0,30}$",
    re.IGNORECASE,
)
"""`Thời gian giải quyết hồ sơ rút từ 30 ngày xuống còn 20 ngày`: a time that is itself to be reached."""
_CUT = re.compile(r"[,.:](?!\d)|[;()\n\t]")
_PER_TIME = re.compile(r"/\s?(?:\d{1,3} )?(?:giây|phút|giờ|ngày|tuần|tháng|quý|năm)", re.IGNORECASE)


def own_numbers(text: str, quantities: Sequence[Quantity]) -> list[Quantity]:
    """The quantities that have words of their own, in order."""
    own: list[Quantity] = []
    for quantity in quantities:
        gap = text[own[-1].end : quantity.start] if own and quantity.start - own[-1].end <= 200 else None
        if gap is not None and _CUT.search(gap):
            gap = None
        after_share = bool(own) and own[-1].dimension == "ratio"
        if not _restricts(text, quantity, gap, after_share=after_share):
            own.append(quantity)
    return own


def is_time(quantity: Quantity) -> bool:
    """Whether it is a span of time or an age; `2,1 ngày/khách` is neither, but a rate."""
    if quantity.unit is None or quantity.dimension not in ("time", "age", "temperature"):
        return False
    return "/" not in quantity.unit.text or bool(_PER_TIME.search(quantity.unit.text))


def _restricts(text: str, quantity: Quantity, gap: str | None, *, after_share: bool) -> bool:
    """`gap` are the words since the number before, None where nothing joins the two; `after_share` is true where that
    number is a share."""
    if is_time(quantity):
        return _MEASURED_TIME.search(text, max(0, quantity.start - 150), quantity.start) is None
    unit, before = quantity.unit, text[max(0, quantity.start - 16) : quantity.start]
    if unit is None or quantity.total is not None:
        return False
    if unit.dimension == "length" and _SIZE.search(text, max(0, quantity.start - 40), quantity.start):
        return True
    if unit.text.lower() == "sao" and _RATED.search(before):
        return True
    place = unit.kind in _PLACES
    if place and _AT.search(before) and (gap is not None or not _is_alone(text, quantity)):
        return True
    if unit.dimension == "count" and _OF.search(before):
        return True
    if unit.kind == "criterion" and _ON_ALL.search(before):
        return True
    if gap is None:
        return False
    if (
        after_share
        and quantity.value == 1
        and quantity.upper is None
        and unit.dimension == "count"
        and _HAS_ONE.match(gap)
    ):
        return True
    if place and _FOR.search(before):
        return True
    limit = _FROM.search(before) is not None and _ONWARD.match(text, quantity.end) is not None
    return (limit and not _REACHES.search(gap)) or _has_property(text, quantity, gap)


def _has_property(text: str, quantity: Quantity, gap: str) -> bool:
    """`tàu có công suất trên 400 CV`: a property with a limit."""
    comparator = ComparatorRules.load().around(text, quantity.start, quantity.end)[0]
    return comparator not in ("=", "~") and _PROPERTY.search(gap) is not None and _REACHES.search(gap) is None


def _is_alone(text: str, quantity: Quantity) -> bool:
    """Whether the place is all that its stretch of the sentence counts: `quan trắc môi trường nước tại 15 điểm`."""
    following = text[quantity.end : quantity.end + 120]
    cut = _CUT.search(following)
    return not any(c.isdigit() for c in following[: cut.start() if cut else None])
