"""Numbers that say from where another starts: `từ 13,18% xuống 13,08%`, `(năm 2020: 5%)`, `tăng 5% so với năm 2020`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.quantities.clauses import Clause
from pipeline.models import Direction

Part = Literal["target", "baseline", "end", "change", "growth"]
"""`growth` is what a target grows by against another time: it says again in other terms what is to be reached."""

_FROM = re.compile(r"(?<!\w)từ\s{1,2}(?:mức\s|khoảng\s|trên\s|dưới\s|gần\s)?$", re.IGNORECASE)
_MOVE = re.compile(
    r"\s{0,2}(?:\(?(?:vào |trong |cuối )?năm \d{4}\)?|hiện nay|\(hiện nay\))?\s?,?\s?"
    r"(?:(?P<down>giảm xuống còn|xuống còn|giảm còn|giảm xuống|xuống dưới|xuống|hạ còn)|"
    r"(?P<up>tăng lên|lên đến|lên tới|lên trên|lên|tăng)|còn|thành)"
    r"\s{1,2}(?:khoảng |trên |dưới |mức |không quá |tối đa |ít nhất |tối thiểu |gần |hơn )?",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\(?\s?(?:(?:thực hiện )?(?:vụ|năm|năm học|kỳ|quý|nhiệm kỳ|giai đoạn) trước|"
    r"(?:đầu|cuối) (?:năm|kỳ|nhiệm kỳ)(?: \d{4})?|năm \d{4}|hiện nay|hiện tại|cùng kỳ|"
    r"(?:thực hiện|th|ước|ước thực hiện|ước th|ưth)(?: năm)? \d{4})"
    r"\s?(?:tương ứng\s?)?(?:là|đạt|:|ước đạt)?\s{0,2}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PLANNED = re.compile(
    r"\(?\s?(?:kế hoạch|kh|nghị quyết|nq|chỉ tiêu|dự toán)(?: năm)?(?: \d{4})?(?: giao| đề ra| đặt ra)?"
    r"\s?(?:là|:)?\s{0,2}(?:dưới |trên )?",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"(?<!\w)so với [^();:.]{2,50}\(\s?$", re.IGNORECASE)
"""`tăng 4 triệu đồng so với năm 2022 (32 triệu đồng)`"""
_RISE = re.compile(r"\s?(?:tăng|giảm|vượt)(?: thêm| khoảng| trên| gần)?\s{0,2}", re.IGNORECASE)
_CHANGE = re.compile(
    r"[\s,(]{0,3}(?:tăng|giảm|vượt|bằng|cao hơn|thấp hơn|đạt)(?: thêm| khoảng| trên| gần| bình quân)?\s{0,2}",
    re.IGNORECASE,
)
_LIST_GAP = re.compile(r"\s?[,;]\s?(?:và )?|\s(?:và|-|–)\s")
_GROWTH = re.compile(
    r"[\s,]{0,3}(?:và )?(?:tăng|giảm|cao hơn|thấp hơn)(?: thêm| khoảng| trên| gần| bình quân| hơn)?\s{0,2}",
    re.IGNORECASE,
)
_FALL = re.compile(r"[\s,]{0,3}(?:và )?(?:giảm|thấp)", re.IGNORECASE)
_AGAINST_TIME = re.compile(
    r"\s{0,2}so (?:với )?(?!(?:kế hoạch|dự toán|chỉ tiêu|nghị quyết|mục tiêu|chỉ số)(?!\w))", re.IGNORECASE
)
_COMPARED = re.compile(
    r"\s{0,2}(?:/năm )?(?:so|kế hoạch|dự toán|cùng kỳ|so với|chỉ tiêu|nghị quyết)(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Role:
    """What a quantity is beside the others of its sentence. `of` is the index of the clause that it belongs to."""

    part: Part = "target"
    of: int | None = None
    baseline: float | None = None
    direction: Direction | None = None


def roles(text: str, clauses: Sequence[Clause], goal_year: int | None = None) -> list[Role]:
    """One role for each clause; `goal_year` is the first year that the document plans for."""
    found = [Role() for _ in clauses]
    for index, clause in enumerate(clauses):
        quantity = clause.quantity
        before = text[max(clause.sentence_start, quantity.start - 40) : quantity.start]
        following = clauses[index + 1] if index + 1 < len(clauses) else None
        if following is not None and _FROM.search(before):
            move = _MOVE.fullmatch(text, quantity.end, following.quantity.start)
            if move and _same_unit(clause, following):
                _move(found, index, clause, move, clauses)
                continue
        if found[index].part != "target":
            continue
        previous = clauses[index - 1] if index else None
        if previous is None or previous.sentence_start != clause.sentence_start:
            continue
        own = text[clause.before_start : quantity.start].lstrip(" ,")
        against = clause.inside and _AGAINST.search(
            text, max(clause.sentence_start, quantity.start - 60), quantity.start
        )
        if against and _same_unit(previous, clause):
            target = next((n for n in range(index - 1, -1, -1) if found[n].part == "target"), None)
            if target is not None and _same_unit(clauses[target], clause):
                found[index] = Role("baseline", of=target)
                found[target] = Role("target", None, quantity.value, found[target].direction)
                continue
        if (clause.inside or _was(own, goal_year)) and _EARLIER.fullmatch(own) and _same_unit(previous, clause):
            found[index] = Role("baseline", of=index - 1)
            found[index - 1] = Role(
                found[index - 1].part, found[index - 1].of, quantity.value, found[index - 1].direction
            )
        elif found[index - 1].part == "baseline" and clause.linked and _same_bracket(text, previous, clause):
            found[index] = Role("baseline", of=found[index - 1].of)
        elif not clause.inside and _grows(text, clause, own):
            fall = _FALL.match(own) is not None
            found[index] = Role("growth", of=index - 1, direction="decrease" if fall else "increase")
        elif _compares(text, clause, own):
            found[index] = Role("change", of=index - 1)
    return found


def _was(own: str, goal_year: int | None) -> bool:
    """`, năm 2013 là 21 triệu đồng` in a plan for 2014"""
    named = _YEAR.search(own)
    return goal_year is not None and named is not None and int(named.group()) < goal_year


def _same_bracket(text: str, previous: Clause, clause: Clause) -> bool:
    """`(năm 2021 tương ứng là 25%, 42%, 33%)`"""
    between = text[previous.quantity.end : clause.quantity.start]
    opened = text.rfind("(", max(clause.sentence_start, previous.quantity.start - 60), previous.quantity.start)
    return opened >= 0 and _LIST_GAP.fullmatch(between) is not None


def _grows(text: str, clause: Clause, own: str) -> bool:
    """`, tăng 5% so với năm 2020`, but not `, vượt 5% so với kế hoạch`."""
    return clause.linked and bool(_GROWTH.fullmatch(own) and _AGAINST_TIME.match(text, clause.quantity.end))


def _compares(text: str, clause: Clause, own: str) -> bool:
    """`(kế hoạch là 8%)` and `, tăng 5% so với năm 2020` only say how the number before compares."""
    if clause.inside and (_PLANNED.fullmatch(own) or _RISE.fullmatch(own)):
        return True
    apart = not (clause.linked or clause.inside)
    return not apart and bool(_CHANGE.fullmatch(own) and _COMPARED.match(text, clause.quantity.end))


def _move(found: list[Role], index: int, clause: Clause, move: re.Match[str], clauses: Sequence[Clause]) -> None:
    direction: Direction | None = "decrease" if move["down"] else "increase" if move["up"] else None
    value = clause.quantity.value
    end_value = clauses[index + 1].quantity.value
    if direction is None:
        direction = "decrease" if end_value < value else "increase"
    amount = index - 1 if index and clause.inside and found[index - 1].part == "target" else None
    if amount is not None and _same_unit(clauses[amount], clause):
        found[amount] = Role("target", None, value, direction)
        found[index] = Role("baseline", of=amount)
        found[index + 1] = Role("end", of=amount)
    else:
        found[index] = Role("baseline", of=index + 1)
        found[index + 1] = Role("target", None, value, direction)


def _same_unit(left: Clause, right: Clause) -> bool:
    one, other = left.quantity.unit, right.quantity.unit
    if one is None or other is None:
        return True
    return one.dimension == other.dimension
