"""Numbers that nobody has to reach, by the words around them (`rules/exemptions.toml`), and numbers in a clause of
`khi`, `nếu`: `Khi mưa trên 200 mm, …`.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar

from pydantic import Field, field_validator, model_validator

from pipeline.extract.deadlines.parts import is_task
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.quantities.clauses import Clause
from pipeline.extract.quantities.finding import Quantity, comparator_of, is_bound
from pipeline.extract.quantities.numbers import NumberHabit, find_numbers
from pipeline.extract.quantities.units import UnitRules
from pipeline.extract.stretches import last_match
from pipeline.rulebook import Rule, RuleFile, check_pattern, problems_with, spaced

_REACH = 240
_LETTER = re.compile(r"[^\W\d_]")
_IF = re.compile(
    r"(?:^|[,;:.(–-]\s{0,2}|(?<!\w)(?:thì|và|hoặc)\s)"
    r"(?:khi|nếu|(?:trong |trừ |đối với )?trường hợp)(?!\w)",
    re.IGNORECASE,
)
_THEN = re.compile(r"(?<!\w)thì(?!\w)|;|[.:]\s", re.IGNORECASE)
_COMMA = re.compile(r",\s")


class Exemption(Rule):
    """One setting of words; the head of the rule file says what each field means."""

    weight: float = Field(lt=0)
    before: str | None = None
    after: str | None = None
    limit: bool = False
    dimensions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    reach: int = Field(default=_REACH, gt=0, le=_REACH)
    reach_after: int | None = Field(default=None, gt=0, le=_REACH)
    norm: bool = False

    @field_validator("before", "after")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        return value and check_pattern(spaced(value))

    @model_validator(mode="after")
    def _says_where(self) -> Exemption:
        if not (self.before or self.after):
            raise ValueError("neither `before` nor `after`")
        return self

    @cached_property
    def _before(self) -> re.Pattern[str] | None:
        return re.compile(rf"(?<!\w)(?:{spaced(self.before)})\s{{0,2}}$", re.IGNORECASE) if self.before else None

    @cached_property
    def _after(self) -> re.Pattern[str] | None:
        return re.compile(spaced(self.after), re.IGNORECASE) if self.after else None

    def fits(self, text: str, quantity: Quantity, start: int, end: int, limit: int | None) -> bool:
        """Whether a number stands in such words; its sentence begins at `start`, its own words end at `end`, and the
        words of its limit, if it is one, begin at `limit`."""
        if self.limit and limit is None:
            return False
        if self.dimensions and quantity.dimension not in self.dimensions:
            return False
        if self.units and (quantity.unit is None or quantity.unit.text.lower() not in self.units):
            return False
        end = min(len(text), quantity.end + self.reach_after) if self.reach_after else end
        if self._after and self._after.match(text, quantity.end, end) is None:
            return False
        until = limit if self.limit and limit is not None else quantity.start
        return self._before is None or bool(self._before.search(text, max(start, quantity.start - self.reach), until))


class ExemptionRules(RuleFile):
    """`rules/exemptions.toml`."""

    file_name: ClassVar[str] = "exemptions.toml"

    exemption: tuple[Exemption, ...]

    def of(self, text: str, clause: Clause, limit: int | None) -> list[Exemption]:
        """Those that hold for a number; `limit` is where its words begin where it is a limit (`dưới 40%`)."""
        end = min(len(text), clause.after_end + 4)
        return [rule for rule in self.exemption if rule.fits(text, clause.quantity, clause.sentence_start, end, limit)]

    def check_examples(self) -> list[str]:
        """The number behind the `|` of an example is exempt by the rule, that of a counter-example is not."""
        return problems_with(self.exemption, _fits_example)


def _fits_example(rule: Exemption, example: str) -> bool:
    text, position = example.replace("|", "", 1), example.find("|")
    number = next((n for n in find_numbers(text, NumberHabit()) if n.start == position), None)
    if number is None:
        return False
    unit = UnitRules.load().after(text, number.end)
    quantity = Quantity(
        number.start, unit.end if unit else number.end, number.start, number.end,
        number.value, number.upper, number.total, unit,
    )  # fmt: skip
    comparator, start, _ = comparator_of(text, quantity)
    return rule.fits(text, quantity, 0, len(text), start if is_bound(comparator) else None)


def in_condition(text: str, clause: Clause) -> bool:
    """Whether the number stands in what has to be so before something is to be done."""
    quantity = clause.quantity
    start = max(clause.sentence_start, quantity.start - _REACH)
    if _LETTER.search(text, start, quantity.start) is None:
        return False
    opened = last_match(_IF, text, start, quantity.start)
    if opened is None or _THEN.search(text, opened.end(), quantity.start):
        return False
    return not any(
        is_task(text, begin_of(text, comma.end(), quantity.start), quantity.start)
        for comma in _COMMA.finditer(text, opened.end(), quantity.start)
    )
