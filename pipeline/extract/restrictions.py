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
_CUT = re.compile(r"[,.:](?!\d)|[;()\n\t]")
_PER_TIME = _RULES.regex_of("per_time")


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
