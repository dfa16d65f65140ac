"""Which known indicator a printed one is, by `rules/indicators.toml`: one id for it in any document, or none.

Wordings are compared without marks and case by rapidfuzz; required and forbidden words and the kind of the unit
decide between those that are close. Doubt gives no id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar, Literal

from pydantic import Field
from rapidfuzz import fuzz, process

from pipeline.extract.quantities.units import Dimension, Unit, UnitRules
from pipeline.rulebook import Rule, RuleFile, problems_with
from pipeline.vietnamese import fold

_NOT_WORDS = re.compile(r"[^a-z0-9%]+")
_AROUND = re.compile(
    r"\b(?:giam|tang|phan dau|dat|tren dia ban|toan|huyen|tinh|xa|thanh pho|ty le|muc|so|hang nam|moi|co|la|"
    r"con|duoc|cua|va|cac|tren|trong|den|nam|ve|it nhat|toi thieu|cap|danh hieu|chuan|nang|duy tri)\b"
)


class IndicatorRule(Rule):
    """One indicator: what it is called, how it is printed, in which units it is measured."""

    name: str
    unit_kinds: tuple[Dimension | Literal["none"], ...] = Field(min_length=1)
    wordings: tuple[str, ...] = Field(min_length=1)
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wording:
    rule: IndicatorRule
    folded: str
    core: frozenset[str]


class IndicatorRules(RuleFile):
    """`rules/indicators.toml`."""

    file_name: ClassVar[str] = "indicators.toml"

    abbreviations: dict[str, str]
    """Short forms, without marks, and what they stand for: `bhyt`."""
    indicator: tuple[IndicatorRule, ...]

    def plain(self, words: str) -> str:
        """Words without marks, case and signs, short forms written out."""
        return " ".join(self.abbreviations.get(word, word) for word in _NOT_WORDS.sub(" ", fold(words)).split())

    @cached_property
    def _wordings(self) -> tuple[_Wording, ...]:
        return tuple(
            _Wording(rule, folded, frozenset(_core(folded)))
            for rule in self.indicator
            for folded in map(self.plain, rule.wordings)
        )

    @cached_property
    def _choices(self) -> tuple[str, ...]:
        return tuple(w.folded for w in self._wordings)

    @cached_property
    def _guards(self) -> dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]]:
        return {
            rule.id: (
                tuple(tuple(map(self.plain, word.split("/"))) for word in rule.required),
                tuple(map(self.plain, rule.forbidden)),
            )
            for rule in self.indicator
        }

    def closest(self, printed: str, dimension: str) -> tuple[str, float] | None:
        """(id, score from 0 to 100) of the indicator, None where none is close enough or two are as close."""
        plain = self.plain(printed)
        core = set(_core(plain))
        if not plain:
            return None
        best: dict[str, float] = {}
        for _, _, index in process.extract(
            plain, self._choices, scorer=fuzz.token_set_ratio, score_cutoff=80, limit=40
        ):
            wording = self._wordings[index]
            rule = wording.rule
            if dimension not in rule.unit_kinds or not self._allowed(rule.id, plain):
                continue
            score = _closeness(plain, core, wording)
            if score > best.get(rule.id, 0.0):
                best[rule.id] = score
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < 70 or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < 1):
            return None
        return ranked[0]

    def _allowed(self, rule_id: str, plain: str) -> bool:
        required, forbidden = self._guards[rule_id]
        padded = f" {plain} "
        return all(any(f" {w}" in padded for w in either) for either in required) and not any(
            f" {w} " in padded for w in forbidden
        )

    def says(self, rule_id: str, printed: str) -> bool:
        """Whether at least half of the printed words are words of the rule."""
        own = set(_core(self.plain(printed)))
        words = set().union(*(w.core for w in self._wordings if w.rule.id == rule_id))
        return bool(own) and 2 * len(own & words) >= len(own)

    def check_examples(self) -> list[str]:
        """`indicator [unit]` leads to the rule's id; a counter-example does not."""
        return problems_with(self.indicator, lambda rule, text: self._id_of(text) == rule.id)

    def _id_of(self, example: str) -> str | None:
        printed, _, unit = example.rstrip("]").partition(" [")
        dimension = _dimension_of(unit)
        closest = self.closest(printed, dimension) if dimension else None
        return closest[0] if closest else None


def _dimension_of(unit: str) -> str | None:
    """What the number before a printed unit measures; `none` where there is no unit, None where no rule knows it."""
    if not unit.strip():
        return "none"
    named = UnitRules.load().named(unit, 0)
    found = named[0] if named else UnitRules.load().after(f"1 {unit}", 1)
    return found.dimension if found else None


def _core(plain: str) -> list[str]:
    return _AROUND.sub(" ", plain).split()


def _closeness(plain: str, core: set[str], wording: _Wording) -> float:
    """How much of the rule's wording is printed, and how much of what is printed is the wording's."""
    wanted = wording.core or frozenset(wording.folded.split())
    shared = sum(1 for word in wanted if word in core or word in plain.split())
    recall = shared / len(wanted)
    precision = len(core & wanted) / len(core) if core else 1.0
    if recall < 0.8 or precision < 0.3:
        return 0.0
    return 45 * recall + 35 * precision + 0.2 * fuzz.token_sort_ratio(plain, wording.folded)


@lru_cache(maxsize=8192)
def _closest(printed: str, dimension: str) -> str | None:
    found = IndicatorRules.load().closest(printed, dimension)
    return found[0] if found else None


def indicator_id(printed: str, unit: Unit | None, heading: str | None) -> str | None:
    """The id of a printed indicator; the heading of its section helps where the words alone are too few."""
    dimension = unit.dimension if unit else "none"
    found = _closest(printed[:300], dimension)
    if found is None and heading and len(printed.split()) <= 4:
        found = _closest(f"{heading[:120]} {printed}", dimension)
        if found and not IndicatorRules.load().says(found, printed):
            return None
    return found
