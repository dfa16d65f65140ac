"""Numbers that only tell more of what another number counts: `14 tàu có công suất từ 400 CV trở lên`.

Such a number is a part of the words around the other one: of an age, a size, a place, of those for whom it is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from pipeline.extract.deadlines.parts import is_task
from pipeline.extract.directives.actors import begins_actor
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.directives.rules import DirectiveRules
from pipeline.extract.quantities.comparators import ComparatorRules
from pipeline.extract.quantities.finding import Quantity
from pipeline.extract.quantities.wording_rules import WordingRules

_RULES = WordingRules.load()
_GAP = 140
_PLACES = ("administrative", "organization", "facility")
_AT = _RULES.regex_of("at_places")
_OF = _RULES.regex_of("of_whom")
_FOR = _RULES.regex_of("for_whom")
_ON_ALL = _RULES.regex_of("on_all")
_FROM = _RULES.regex_of("limit_from")
_ONWARD = _RULES.regex_of("limit_onward")
_PROPERTY = re.compile(rf"(?<!\w)(?:có|với) (?:{_RULES.words('property')})(?!\w)", re.IGNORECASE)
_REACHES = re.compile(rf"(?<!\w)(?:{_RULES.words('reaches')})(?!\w)", re.IGNORECASE)
_SIZE = _RULES.regex_of("size")
_RATED = _RULES.regex_of("rated")
_HAS_ONE = _RULES.regex_of("has_one")
_MEASURED_TIME = _RULES.regex_of("measured_time")
_SCALE = _RULES.regex_of("scale")
_THEN_SHARE = re.compile(
    r"[^,;:.()\d]{0,100}(?<!\w)(?:đạt|là|chiếm|còn)(?: tỷ lệ)?"
    r"(?: (?:từ|trên|dưới|khoảng|ít nhất|tối thiểu|gần|hơn|ít nhất là))?\s{1,2}",
    re.IGNORECASE,
)
"""Between `tiêm đủ 8 loại` and its `95%`."""
_NAMED_PLACES = re.compile(
    r"[^;:.()\d]{0,60} [A-ZĐÀ-Ỹ][^\W\d]{0,8} [A-ZĐÀ-Ỹ][^\W\d]{0,8}(?:,| và) [^;:.()\d]{0,80}(?<!\w)(?:đạt|còn|có|chiếm)"
    r"(?: (?:từ|trên|dưới|khoảng|ít nhất|tối thiểu))?\s{1,2}"
)
_SET_BY = re.compile(
    r"(?<!\w)(?:có|thêm|được|đạt|còn|cho|ít nhất|tối thiểu|trên|dưới|khoảng|từ|mỗi|duy trì|công nhận|hoàn thành)"
    r"\s{1,2}$",
    re.IGNORECASE,
)
_SIZES = ("volume", "length", "mass", "power", "voltage", "data")
_SIZE_GAP = re.compile(
    r"(?: (?!(?:cho|với|và|gồm|có|là|đạt|tại|ở|từ|dài|trồng|thu|sản lượng|tổng)(?!\w))[^\W\d]{1,10}){0,3}"
    r" (?:loại |cỡ )?"
)
"""Between `45 thùng rác` and its `120 lít`, `01 đội xung kích` and its `85 người`."""
_CUT = re.compile(r"[,.:](?!\d)|[;()\n\t]")
_EVERY = _RULES.regex_of("every")
_TIME_AND_AGAIN = _RULES.regex_of("time_and_again")
_ALL_SEASONS = _RULES.regex_of("all_seasons")
_ACTOR_REACH = 60
_PER_TIME = _RULES.regex_of("per_time")


def own_numbers(text: str, quantities: Sequence[Quantity]) -> list[Quantity]:
    """The quantities that have words of their own, in order."""
    own: list[Quantity] = []
    for quantity, following in zip_longest(quantities, quantities[1:]):
        gap = text[own[-1].end : quantity.start] if own and quantity.start - own[-1].end <= 200 else None
        if gap is not None and _CUT.search(gap):
            gap = None
        after_share = bool(own) and own[-1].dimension == "ratio"
        size = gap is not None and _is_size(quantity, own[-1], gap)
        inside = following is not None and (
            _is_inside(text, quantity, following) or _names_places(text, quantity, following)
        )
        if not size and not inside and not _restricts(text, quantity, gap, after_share=after_share):
            own.append(quantity)
    return own


def is_time(quantity: Quantity) -> bool:
    """Whether it is a span of time or an age; `2,1 ngày/khách` is neither, but a rate."""
    if quantity.unit is None or quantity.dimension not in ("time", "age", "temperature"):
        return False
    return "/" not in quantity.unit.text or bool(_PER_TIME.search(quantity.unit.text))


def _is_size(quantity: Quantity, counted: Quantity, gap: str) -> bool:
    """Whether it says how large each of the counted things is: `45 thùng rác 120 lít`."""
    if counted.dimension != "count" or not _SIZE_GAP.fullmatch(gap):
        return False
    group = counted.unit is not None and counted.unit.kind == "organization"
    people = quantity.unit is not None and quantity.unit.kind == "people"
    return quantity.dimension in _SIZES or (group and people)


def _names_places(text: str, quantity: Quantity, share: Quantity) -> bool:
    """`3 huyện vùng hạ Bình Châu, Đức Long đạt trên 85%`: the places are those that reach the share."""
    if quantity.unit is None or quantity.unit.kind not in _PLACES or share.dimension != "ratio":
        return False
    return share.start - quantity.end <= _GAP and _NAMED_PLACES.fullmatch(text, quantity.end, share.start) is not None


def _is_inside(text: str, quantity: Quantity, share: Quantity) -> bool:
    """Whether it belongs to the words of a share behind it: `tỷ lệ trẻ được tiêm đủ 8 loại vắc xin đạt 95%`."""
    if quantity.dimension not in ("count", "none") or share.dimension != "ratio" or quantity.total is not None:
        return False
    if share.start - quantity.end > _GAP or not _THEN_SHARE.fullmatch(text, quantity.end, share.start):
        return False
    start = max(quantity.start - _GAP, 0)
    cuts = [match.end() for match in _CUT.finditer(text, start, quantity.start)]
    start = cuts[-1] if cuts else start
    words = text[start : quantity.start]
    if len(words.split()) < 2 or _SET_BY.search(words):
        return False
    return not is_task(text, begin_of(text, start + len(words) - len(words.lstrip()), quantity.start), quantity.start)


def _restricts(text: str, quantity: Quantity, gap: str | None, *, after_share: bool) -> bool:
    """`gap` are the words since the number before, None where nothing joins the two; `after_share` is true where that
    number is a share."""
    if is_time(quantity):
        return _MEASURED_TIME.search(text, max(0, quantity.start - 150), quantity.start) is None
    if _ALL_SEASONS.match(text[quantity.number_end : quantity.number_end + 16]):
        return True
    unit, before = quantity.unit, text[max(0, quantity.start - 24) : quantity.start]
    if unit is None:
        return False
    if _TIME_AND_AGAIN.match(unit.text) and _EVERY.search(before):
        return True
    if gap is not None and unit.kind in _PLACES and _FOR.search(before):
        return True
    if quantity.total is not None:
        return False
    if "/" in unit.text and gap is not None and _SCALE.search(text, max(0, quantity.start - 40), quantity.start):
        return True
    if unit.dimension == "length" and _SIZE.search(text, max(0, quantity.start - 40), quantity.start):
        return True
    if unit.text.lower() == "sao" and _RATED.search(before):
        return True
    place = unit.kind in _PLACES
    if place and _names_actor(text, quantity):
        return True
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


def _names_actor(text: str, quantity: Quantity) -> bool:
    """Whether it belongs to the name of those who act: `Ban điều hành 52 khu phố duy trì …`."""
    start = max(0, quantity.start - _ACTOR_REACH)
    cuts = [match.end() for match in _CUT.finditer(text, start, quantity.start)]
    if not cuts and start:
        return False
    begin = begin_of(text, cuts[-1] if cuts else 0, quantity.start)
    words = text[begin : quantity.start].split()
    verbs = DirectiveRules.load()
    return (
        len(words) > 1
        and begins_actor(text, begin)
        and verbs.verb.search(text, begin, quantity.start) is None
        and verbs.verb.match(text, quantity.end + 1) is not None
    )
