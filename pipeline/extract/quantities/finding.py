"""Component `chithi_quantities`: every number of a paragraph that counts or measures something, with its unit.

Left out are numbers that only name something: dates, parts of citations, list markers, `Điều 5`, `lần thứ XI`,
`mức độ 3, 4`. Reads nothing of other components; puts `Quantity` under `doc.spans["quantities"]`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.context import Context, add_found, context_of
from pipeline.extract.directives.rules import DirectiveRules
from pipeline.extract.quantities.comparators import ComparatorRules
from pipeline.extract.quantities.numbers import (
    Number,
    NumberHabit,
    find_numbers,
    find_numbers_in_words,
    parse_number,
)
from pipeline.extract.quantities.units import Unit, UnitRules
from pipeline.extract.quantities.wording_rules import WordingRules
from pipeline.extract.targets.cues import Label, TargetCues
from pipeline.extract.targets.facts import facts_of


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text[start:end]` is a number with its unit; `number_start` and `number_end` hold the number alone.

    With a range whose ends both carry the unit (`5% - 7%`) the span covers both. `upper` and `total` as in Number.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    value: float
    upper: float | None
    total: float | None
    unit: Unit | None
    doubtful: bool = False
    in_words: bool = False

    @property
    def dimension(self) -> str:
        """The dimension of the unit; `none` without one."""
        return self.unit.dimension if self.unit else "none"


_YEAR = r"(?:19|20)\d\d"
_DATES = re.compile(
    rf"\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?{_YEAR}(?!\d)"
    r"|ngày,?\s(?:mùng\s|mồng\s)?\d{1,2}(?:\s?[/-]\s?\d{1,2}(?![\d/])|,?\stháng\s\d{1,2}(?:,?\snăm\s\d{4})?)?"
    rf"|tháng\s\d{{1,2}}(?:\s?[/-]\s?{_YEAR}|,?\snăm\s{_YEAR})?(?!\s?[/\d])"
    rf"|(?<![\d/.,])(?:0?[1-9]|1[0-2])\s?/\s?{_YEAR}(?!\d)"
    rf"|quý\s\d(?:\s?[/-]\s?{_YEAR}|\snăm\s{_YEAR})?(?!\d)"
    rf"|(?<!\w)(?:năm|năm học|giai đoạn|nhiệm kỳ|đến|tới|từ|so với|khóa|cuối|hết|thời kỳ)\s{_YEAR}"
    rf"(?:\s?[-–—,và]{{1,3}}\s?(?:năm\s)?{_YEAR})?(?![\d.,/]*\d)"
    rf"|(?<![\d/.,]){_YEAR}\s?[-–—]\s?{_YEAR}(?![\d.,/]*\d)"
    r"|(?<![\d/.,])\d{1,2}\stháng\s(?:đầu|cuối|năm)"
    r"|(?<![\d/.,])\d{1,2}\s?(?:giờ|h|g)\s?\d{2}(?!\w)"
    r"|(?<![\d/.,])\d{1,2}\s(?:giờ|ngày|tuần|tháng|quý|năm)\s?/\s?(?:\d\s)?lần(?!\w)"
    r"|(?<!\w)thứ\s(?:hai|ba|tư|năm|sáu|bảy)",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"\s{0,4}(?:\(\d{1,3}\)\s{0,2}[-–.]?|\d{1,3}(?:\.\d{1,3}){1,4}\.?(?=\s)|\d{1,3}[.)/](?=\s{0,2}[^\W\d])"
    r"|\d{1,3}\s?[-–](?=\s{0,2}[^\W\d]))"
)
_WRITTEN_REFERENCE = re.compile(
    r"\d{1,5}\s?[-/]\s?(?:\d{4}\s?/\s?)?[A-ZĐ][A-Za-zĐđ]{0,6}\s?[-/]\s?[A-ZĐ][\wĐđ-]{0,20}"
    r"|(?<![\w.,])[2-6]G(?!\w)"
    r"|(?<![\w.,/-])0\d{2,5}(?![\d.,/%‰]*\d)(?=\s[A-ZĐÀÁÂÈÉÊÌÍÒÓÔÙÚÝĂĨŨƠƯ])"
    r"|(?:0|\+84)\d{2,3}[. ]?\d{3}[. ]?\d{3,4}(?!\d)"
)
_LIST_OF_LABELS = re.compile(r"(?:\s?,\s?|\s(?:và|đến)\s|\s?[-–]\s?)\d{1,3}(?![\d.,/]*\d)")
_YEAR_ALONE = re.compile(rf"{_YEAR}(?![\d.,/]*\d)")
_PER_POPULATION = {100.0, 1_000.0, 10_000.0, 100_000.0}
"""`80/100.000 ca`: a rate, not so many of so many."""
_ONE_OF = {1.0, 100.0, 1_000.0, 10_000.0, 100_000.0}
_NO_LABEL = 100
"""From here on a number of things is no name: `đi Nhật Bản 600 người` is not village 600."""
_LETTER_BEHIND = re.compile(r"[^\W\d_](?!\w)")
"""`Chương trình 30a`"""
_NO_MORE = re.compile(
    r"(?<!\w)không (?:để|cho|được)(?!\w)[^,;:.()]{0,60}(?<!\w)(?:quá|vượt|trên|hơn)\s{1,2}$", re.IGNORECASE
)
"""`không để phát sinh quá 02 vụ`"""
_FOR_EACH = re.compile(
    r"(?<!\w)(?:giá trị|thu nhập|sản phẩm|sản lượng|năng suất|bình quân|số|tỷ suất|bác sĩ|giường)(?!\w)[^.;:,]{0,70}"
    r"(?:trên|/|mỗi)\s{0,2}$",
    re.IGNORECASE,
)
_NAMES = re.compile(r" [A-ZĐÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯẠ-Ỹ](?<![a-zà-ỹ])[^\W\d]{0,8}[ ,]")
_TORN = re.compile(r" ?, | ,| ")
_RANGE_LINK = re.compile(r"\s{0,2}(?:[-–—÷]|đến|tới)\s{0,2}", re.IGNORECASE)
_ARTICLE = re.compile(
    r"(?:ít nhất|tối thiểu|tối đa|không quá|có thêm|thêm|đủ|cả)(?:\s(?:là|có|đạt|thêm|từ))?\s{1,2}$", re.IGNORECASE
)
_COUNTED = re.compile(
    r"(?<!\w)(?:số|tổng số) (?:tiêu chí|xã|phường|thôn|bản|trường|hộ|chi bộ|khu dân cư)(?!\w)[^,;:.()]{0,60}$",
    re.IGNORECASE,
)
"""`nâng tổng số tiêu chí đạt chuẩn lên 16/19`: what is counted stands before."""
_SHARE = re.compile(r"\s{0,2}(?:tổng số|tổng|số|diện tích|dân số)(?!\w)")
_OF_ALL_ONWARD = re.compile(
    r"\s{0,2}(?:tổng số|tổng|số|dân số|diện tích|kế hoạch|chỉ tiêu|dự toán)"
    r"(?: (?!loại|khá|giỏi|tốt|đạt|có|hoàn|chuẩn)[^\W\d]{1,8}){0,4}"
    r" trở (?P<way>lên|xuống)(?!\w)",
    re.IGNORECASE,
)
"""`95% dân số trở lên` compares; `80% số chi bộ xếp loại tốt trở lên` does not."""
_ON = re.compile(r"(?P<words>[^,;:.()]{1,150}) trên\s{1,2}$", re.IGNORECASE)
_ENDS = re.compile(r"\s{0,2}(?:[;,.)]|$)")
_MOVES = re.compile(r"(?<!\w)(?:tăng|giảm|nâng|hạ|rút|chuyển|đưa|kéo)(?!\w)[^,;:.()]{0,70}$", re.IGNORECASE)
_FROM = re.compile(r"(?<!\w)từ\s{1,2}$", re.IGNORECASE)
_NAMED_ONWARD = re.compile(
    r"(?:\s{1,2}(?!(?:loại|khá|giỏi|tốt|trung|bậc|hạng|cấp|đại|cao|sao|lớp|mức|đến|trở|đạt|chuẩn|trình|độ|sơ|hoàn|xuất|từ)(?!\w))[^\W\d]{1,9}){1,8}"
    r"\s{1,2}trở (?P<way>lên|xuống)(?!\w)",
    re.IGNORECASE,
)
"""`từ 90% tổ chức cơ sở đảng trở lên hoàn thành tốt nhiệm vụ`"""
_FEW_ONWARD = re.compile(r"(?:\s(?:mới|nghèo|giỏi|trẻ|nữ)){1,2}\s{1,2}trở lên(?!\w)", re.IGNORECASE)
"""`5.000 hội viên mới trở lên`"""
_NOT_A_NUMBER = re.compile(r"(?:thứ|tháng|lần|một trong|ngày|mùng|(?:lúa|ruộng|đất|màu)(?= ))\s{1,2}$", re.IGNORECASE)


def find_quantities(context: Context, doc: Doc | None = None) -> list[Quantity]:
    """The quantities of a paragraph, in order."""
    text = context.paragraph.text
    habit = facts_of(context).habit
    cells = context.paragraph.table is not None or "\t" in text
    masks = _Masks(text, context, marker=not cells)
    found: list[Quantity] = []
    words = find_numbers_in_words(text)
    numbers = sorted(chain(find_numbers(text, habit), (n for n in words if _counts(text, n))), key=lambda n: n.start)
    labelled_until = -1
    for number in numbers:
        if number.start < labelled_until or (found and number.start < found[-1].end):
            continue
        if masks.covers(number.start, number.end):
            continue
        unit = UnitRules.load().after(text, number.end, noun=_noun_after(doc, text, number.end))
        if number.in_words and (unit is None or unit.rule is None or _NAMES.match(text, unit.end)):
            continue
        if _is_denominator(text, number, unit) or (unit is None and _LETTER_BEHIND.match(text, number.end)):
            continue
        label = TargetCues.load().label_before(text, number.start)
        if label and not _outweighs(label, unit, text, number):
            more = _LIST_OF_LABELS.match(text, number.end)
            labelled_until = more.end() if more else number.end
            continue
        quantity = _quantity(text, number, unit, habit)
        if quantity:
            _append(found, quantity, text)
    return found


def _quantity(text: str, number: Number, unit: Unit | None, habit: NumberHabit) -> Quantity | None:
    value, upper, total, doubtful = number.value, number.upper, number.total, number.doubtful
    if total is not None:
        if total in _PER_POPULATION:
            total = None
        elif unit is None and _SHARE.match(text, number.end) and total:
            value, total = round(value / total, 6), None
        elif unit is None and value <= total and _COUNTED.search(text, max(0, number.start - 90), number.start):
            pass
        elif unit is None or value > total or unit.dimension not in ("count", "area", "length", "money"):
            return None
    literal = text[number.start : number.end]
    if (
        unit
        and unit.dimension == "count"
        and "/" not in literal
        and upper is None
        and literal.count(".") + literal.count(",") == 1
    ):
        counted = parse_number(literal, habit, countable=unit.factor == 1)
        if counted:
            value, doubtful = counted
    if unit is None and upper is not None and 1900 <= upper <= 2100:
        return None
    if unit is None and upper is None and _YEAR_ALONE.fullmatch(literal):
        return None
    end = unit.end if unit else number.end
    return Quantity(number.start, end, number.start, number.end, value, upper, total, unit, doubtful, number.in_words)


def _append(found: list[Quantity], quantity: Quantity, text: str) -> None:
    """Adds it, or makes one range of it and the one before (`5% - 7%`, `từ 5% đến 7%`), or one number of two that a
    blank parts (`1, 6 triệu`: doubtful)."""
    if found:
        last = found[-1]
        bare = last.unit is None and last.upper is None and last.total is None and not last.in_words
        if bare and quantity.unit and _TORN.fullmatch(text, last.number_end, quantity.start):
            found[-1] = _mended(last, quantity, text)
            return
        if _is_rest_of_sum(last, quantity, text):
            found[-1] = _summed(last, quantity)
            return
        link = _RANGE_LINK.fullmatch(text, last.end, quantity.start)
        same = last.unit and quantity.unit and last.unit.rule == quantity.unit.rule
        if link and same and last.upper is None and quantity.upper is None and last.value < quantity.value:
            found[-1] = Quantity(
                last.start, quantity.end, last.start, quantity.number_end, last.value, quantity.value, None,
                quantity.unit, last.doubtful or quantity.doubtful, last.in_words,
            )  # fmt: skip
            return
    found.append(quantity)


def _is_rest_of_sum(last: Quantity, quantity: Quantity, text: str) -> bool:
    """`1 tỷ 250 triệu đồng` is one sum of money."""
    one, other = last.unit, quantity.unit
    if one is None or other is None or one.rule is not None or other.dimension != "money" or "/" in other.text:
        return False
    alone = last.upper is None and quantity.upper is None and text[last.end : quantity.start] == " "
    return alone and one.factor > other.factor >= 1e3 and quantity.value * other.factor < one.factor


def _summed(last: Quantity, quantity: Quantity) -> Quantity:
    one, other = last.unit, quantity.unit
    assert one is not None
    assert other is not None
    value = float(f"{last.value + quantity.value * other.factor / one.factor:.12g}")
    canonical = f"{one.canonical} {other.normalized}"
    word = other.text.rpartition(" ")[2]
    unit = replace(other, start=one.start, text=f"{one.text} {word}", canonical=canonical, factor=one.factor)
    return replace(quantity, start=last.start, number_start=last.number_start, value=value, unit=unit)


def _mended(last: Quantity, quantity: Quantity, text: str) -> Quantity:
    """`1, 6 triệu` is 1.6 million, `31 500 tấn` 31,500 tonnes; of `2 8,5 tỷ` only the doubt is sure."""
    whole = text[last.number_start : last.number_end]
    tail = text[quantity.number_start : quantity.number_end]
    comma = text[last.number_end : quantity.start].strip()
    plain = whole.isdigit() and tail.isdigit() and not quantity.in_words
    if comma and plain and len(tail) <= 2:
        value = float(f"{whole}.{tail}")
    elif not comma and plain and len(tail) == 3 and len(whole) <= 3:
        value = float(whole + tail)
    else:
        return replace(quantity, doubtful=True)
    return replace(quantity, start=last.start, number_start=last.number_start, value=value, doubtful=True)


def _is_denominator(text: str, number: Number, unit: Unit | None) -> bool:
    """`giá trị sản phẩm trên 01 ha`, `trên 1 vạn dân`: for each so many, not so many."""
    if number.value not in _ONE_OF or unit is None or number.upper is not None or number.total is not None:
        return False
    if unit.dimension not in ("area", "count"):
        return False
    return bool(_FOR_EACH.search(text, max(0, number.start - 90), number.start))


def _outweighs(label: Label, unit: Unit | None, text: str, number: Number) -> bool:
    """Whether what follows a number, or its size, is stronger than the label before it."""
    if unit is not None and unit.dimension == "ratio":
        return True
    if not label.soft or unit is None:
        return False
    if unit.kind == "handout":
        return True
    if unit.dimension != "count":
        return unit.dimension not in ("time", "age")
    if number.value >= 10 * _NO_LABEL:
        return True
    return unit.rule is not None and (number.value >= _NO_LABEL or text[number.start - 1 : number.start] == ":")


def _counts(text: str, number: Number) -> bool:
    """Whether a number in words counts: `một` and `năm` alone mostly do not."""
    before = text[max(0, number.start - 24) : number.start]
    if _NOT_A_NUMBER.search(before):
        return False
    if number.upper is not None:
        return True
    words = text[number.start : number.end].lower()
    if " " in words or words in ("hai", "bốn", "sáu", "bảy", "tám", "chín", "mười"):
        return True
    return bool(_ARTICLE.search(before))


def _noun_after(doc: Doc | None, text: str, position: int) -> str | None:
    """The word that underthesea sees after the number."""
    if doc is None:
        return None
    while position < len(text) and text[position] == " ":
        position += 1
    token = doc.char_span(position, min(position + 1, len(text)), alignment_mode="expand")
    if token is None or token.start_char != position:
        return None
    return token.text


class _Masks:
    """Stretches of text whose numbers are no quantities."""

    def __init__(self, text: str, context: Context, *, marker: bool) -> None:
        spans = [(m.start(), m.end()) for m in _DATES.finditer(text) if not _is_quantity(text, m)]
        spans += [(m.start(), m.end()) for m in _WRITTEN_REFERENCE.finditer(text)]
        spans += [(c.start, c.end) for c in context.citations]
        first = _MARKER.match(text) if marker else None
        if first:
            spans.append((first.start(), first.end()))
        self._spans = _merged(spans)
        self._starts = [s for s, _ in self._spans]

    def covers(self, start: int, end: int) -> bool:
        index = bisect_right(self._starts, start)
        before = index > 0 and self._spans[index - 1][1] > start
        after = index < len(self._spans) and self._spans[index][0] < end and self._spans[index][1] > end
        return before or after


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    """`đến 12/12 xã` and `từ 2000 tấn` are no dates."""
    words = match.group(0).lower()
    if not words.startswith(("đến", "tới", "từ", "so với")):
        return False
    unit = UnitRules.load().after(text, match.end())
    if unit is None or unit.rule is None:
        return False
    return unit.dimension == "count" if "/" in words else unit.dimension not in ("time", "age")


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def is_bound(comparator: str) -> bool:
    """Whether it bounds a value on one side: `trên`, `không quá`."""
    return comparator not in ("=", "~", "between")


def comparator_of(text: str, quantity: Quantity) -> tuple[str, int, int]:
    """(comparator, start, end): `between` for ranges, else by the words around; the span takes these words in."""
    comparator, start, end = ComparatorRules.load().around(text, quantity.start, quantity.end)
    if comparator == ">" and _stands_on(text, quantity):
        return "=", quantity.start, end
    if comparator in ("=", ">") and quantity.upper is None:
        no_more = _NO_MORE.search(text, max(0, quantity.start - 90), quantity.start)
        if no_more:
            return "<=", no_more.start(), end
    if comparator == "=" and quantity.dimension not in ("none", "time", "age") and quantity.upper is None:
        alone = _FROM.search(text, max(0, start - 6), start)
        if alone and _ENDS.match(text, end) and not _MOVES.search(text, max(0, start - 80), start):
            return ">=", alone.start(), end
    if comparator == "=" and quantity.dimension == "ratio":
        onward = _OF_ALL_ONWARD.match(text, quantity.end)
        onward = onward or _NAMED_ONWARD.match(text, quantity.end)
        if onward:
            return (">=" if onward["way"].lower() == "lên" else "<="), start, onward.end()
    if comparator == "=" and quantity.dimension == "count" and _FEW_ONWARD.match(text, quantity.end):
        return ">=", start, end
    return ("between" if quantity.upper is not None else comparator), start, end


def _stands_on(text: str, quantity: Quantity) -> bool:
    """`tháo dỡ biển quảng cáo trên 8 tuyến phố`: where something is done that a verb and its object name."""
    if quantity.unit is None or not WordingRules.load().regex_of("surface").match(quantity.unit.text):
        return False
    before = _ON.search(text, max(0, quantity.start - 160), quantity.start)
    if before is None:
        return False
    verbs = list(DirectiveRules.load().first_verb.finditer(text, before.start(), before.end("words")))
    return bool(verbs) and bool(text[verbs[-1].end() : before.end("words")].strip())


def quantities_of(doc: Doc) -> Iterator[Quantity]:
    """What this component found."""
    for span in doc.spans.get("quantities", ()):
        yield span._.found


@Language.component("chithi_quantities")
def quantities(doc: Doc) -> Doc:
    """The component."""
    for quantity in find_quantities(context_of(doc), doc):
        add_found(doc, "quantities", quantity.start, quantity.end, quantity)
    return doc
