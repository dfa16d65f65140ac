"""Units after a number, by `rules/units.toml`: `tỷ đồng`, `tấn/ha`, `triệu đồng/người/năm`, `xã, thị trấn`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from pipeline.extract.quantities.numbers import NumberHabit, find_numbers, parse_number
from pipeline.rulebook import Rule, RuleFile, problems_with

Dimension = Literal[
    "ratio", "money", "area", "length", "mass", "volume", "energy", "power", "voltage", "speed", "data",
    "temperature", "time", "age", "count",
]  # fmt: skip


class UnitRule(Rule):
    """One unit: `multiplier` of it make one `canonical`; `symbol` is its own name where that is not the canonical."""

    dimension: Dimension
    canonical: str
    multiplier: float
    wordings: tuple[str, ...]
    kind: str | None = None
    symbol: str | None = None


class MultiplierRule(BaseModel):
    """A word between number and unit that multiplies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    word: str
    value: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as found: `text[start:end]`. `factor` leads from the printed value to `normalized`.

    `rule` is the id of the rule in `units.toml`; None where the noun is not listed there.
    """

    start: int
    end: int
    text: str
    rule: str | None
    dimension: str
    kind: str | None
    canonical: str | None
    factor: float
    normalized: str | None


_ENGLISH = {100.0: "hundred", 1e3: "thousand", 1e4: "ten thousand", 1e6: "million", 1e9: "billion", 1e12: "trillion"}
_GAP = re.compile(r"[ \u00a0]{0,3}[“\"]?(?:\([^\W\d]{2,12}(?: [^\W\d]{2,12}){0,8}\)[ \u00a0]{0,2})?")
_PER = re.compile(r" ?/ ?(?P<count>\d{1,3}(?:\.\d{3}){0,2}|một)? ?| (?:trên|mỗi|một) (?=ha\b|hộ\b|người\b|năm\b)")
_CALENDAR_YEAR = re.compile(r"năm (?:19|20)\d\d(?!\d)", re.IGNORECASE)
"""`từ 7 triệu năm 2005 lên 14 triệu`: no millions of years."""
_WORD = re.compile(r"[^\W\d_]{1,30}")
_JOIN = re.compile(r"\s?, ")


class UnitRules(RuleFile):
    """`rules/units.toml`."""

    file_name: ClassVar[str] = "units.toml"

    blocked: tuple[str, ...]
    not_units: tuple[str, ...]
    multiplier: tuple[MultiplierRule, ...]
    unit: tuple[UnitRule, ...]

    @model_validator(mode="after")
    def _wordings_are_apart(self) -> Self:
        owner: dict[str, str] = {word.lower(): "blocked" for word in self.blocked}
        for rule in self.unit:
            for word in {wording.lower() for wording in rule.wordings}:
                if word in owner:
                    raise ValueError(f"the wording {word!r} of the unit {rule.id} stands in {owner[word]} too")
                owner[word] = rule.id
        return self

    @cached_property
    def by_wording(self) -> dict[str, UnitRule]:
        """Each wording in lower case."""
        return {w.lower(): rule for rule in self.unit for w in rule.wordings}

    @cached_property
    def _known(self) -> dict[str, UnitRule | None]:
        blocked: dict[str, UnitRule | None] = dict.fromkeys(self.blocked)
        return blocked | self.by_wording

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(w) for w in self._known}, reverse=True))

    @cached_property
    def _multipliers(self) -> dict[str, float]:
        return {m.word: m.value for m in self.multiplier}

    @cached_property
    def _not_units(self) -> frozenset[str]:
        return frozenset(self.not_units)

    def named(self, text: str, start: int) -> tuple[UnitRule, int] | None:
        """The unit whose longest wording stands at `text[start:]`, and where it ends."""
        window = text[start : start + self._lengths[0] + 1].lower()
        for length in self._lengths:
            if length > len(window) or window[:length] not in self._known:
                continue
            following = window[length : length + 1]
            if following.isalnum() and window[length - 1].isalnum():
                continue
            rule = self._known[window[:length]]
            return (rule, start + length) if rule else None
        return None

    def after(self, text: str, position: int, *, noun: str | None = None) -> Unit | None:
        """The unit of the number that ends at `position`; `noun` is what to take where no rule knows the word."""
        gap = _GAP.match(text, position)
        start = gap.end() if gap else position
        factor, cursor = self._multiply(text, start)
        found = self.named(text, cursor)
        if found is None or (factor != 1 and _CALENDAR_YEAR.match(text, cursor)):
            return self._other(text, start, cursor, factor, noun)
        rule, end = found
        if rule.dimension == "count":
            end = self._joined(text, end)
        multiplied = factor
        factor *= rule.multiplier
        name = rule.symbol or (rule.canonical if rule.multiplier == 1 else rule.id)
        if multiplied != 1:
            name = f"{_ENGLISH.get(multiplied, f'{multiplied:g}')} {name}"
        normalized = rule.canonical
        for _ in range(3):
            per = self._per(text, end)
            if per is None:
                break
            per_name, per_normal, per_factor, end = per
            name, normalized, factor = f"{name}/{per_name}", f"{normalized}/{per_normal}", factor / per_factor
        return Unit(start, end, text[start:end], rule.id, rule.dimension, rule.kind, name, factor, normalized)

    def _multiply(self, text: str, start: int) -> tuple[float, int]:
        factor, cursor = 1.0, start
        for _ in range(3):
            word = _WORD.match(text, cursor)
            value = self._multipliers.get(word.group(0).lower()) if word else None
            if word is None or value is None:
                break
            factor, cursor = factor * value, word.end()
            if text[cursor : cursor + 1] == " ":
                cursor += 1
        return factor, cursor

    def _other(self, text: str, start: int, cursor: int, factor: float, noun: str | None) -> Unit | None:
        if noun and text.startswith(noun, cursor) and self.is_noun(noun):
            end = cursor + len(noun)
            return Unit(start, end, text[start:end], None, "count", None, None, factor, None)
        if factor != 1:
            end = cursor if text[cursor - 1 : cursor] != " " else cursor - 1
            return Unit(start, end, text[start:end], None, "count", None, _ENGLISH.get(factor), factor, None)
        return None

    def is_noun(self, word: str) -> bool:
        """Whether a word that no rule knows may be what is counted."""
        first = word.split(" ")[0]
        letters = word.replace(" ", "")
        return letters.isalpha() and word.islower() and word not in self._not_units and first not in self._not_units

    def _joined(self, text: str, end: int) -> int:
        """`công trình, mô hình`: a second counted noun right after the first, where nothing else follows it."""
        comma = _JOIN.match(text, end)
        if comma is None:
            return end
        second = self.named(text, comma.end())
        if second is None or second[0].dimension != "count":
            return end
        rest = text[second[1] : second[1] + 2].strip()
        return second[1] if not rest or rest[0] in ".;,)" else end

    def _per(self, text: str, end: int) -> tuple[str, str, float, int] | None:
        slash = _PER.match(text, end)
        if slash is None:
            return None
        count = 1.0
        if slash["count"] and slash["count"] != "một":
            parsed = parse_number(slash["count"], NumberHabit(",", "."))
            count = parsed[0] if parsed and parsed[0] else 1.0
        factor, cursor = self._multiply(text, slash.end())
        found = self.named(text, cursor)
        if found is None:
            word = _WORD.match(text, cursor)
            if word is None or "/" not in slash.group(0) or not word.group(0).islower():
                return None
            name = word.group(0)
            return (name, name, count * factor, word.end())
        rule, stop = found
        name = rule.symbol or (rule.canonical if rule.multiplier == 1 else rule.id)
        if count * factor != 1:
            name = f"{count * factor:g} {name}"
        return name, rule.canonical, count * factor * rule.multiplier, stop

    def check_examples(self) -> list[str]:
        """Each example is a number with that unit, to its end; no counter-example is."""
        problems = problems_with(self.unit, lambda rule, text: self._found_in(text)[0] == rule.id)
        cut = ((rule.id, text) for rule in self.unit for text in rule.examples if self._found_in(text)[1] != len(text))
        return problems + [f"{rule}: does not match the whole of {text!r}" for rule, text in cut]

    def _found_in(self, example: str) -> tuple[str | None, int]:
        number = next(find_numbers(example, NumberHabit()), None)
        unit = self.after(example, number.end) if number else None
        if unit is None:
            return None, 0
        return (None if "/" in unit.text and unit.rule is None else unit.rule), unit.end
