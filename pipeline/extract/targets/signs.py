"""What a target can be trusted for: signs of how well it is understood, weighed by `rules/target_confidence.toml`.

The score of the cues says whether a number is a target. Whether all that is said of it is right (what it measures, how
it compares, which way it goes) shows in other things: is the indicator a known one, are its words whole and its own, do
others stand beside it. The weights come from documents that the rules did not know; `python -m benchmarks.calibration`
fits them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from pipeline.extract.quantities.clauses import Clause
from pipeline.extract.targets.cues import TargetCues
from pipeline.extract.targets.facts import GOALS
from pipeline.rulebook import RuleFile

Sign = Literal[
    "goal", "known_indicator", "measured", "share", "count", "score_from_2", "score_from_4", "known_and_measured",
    "against", "one_or_two_words", "three_words", "many_words", "digits", "inherited", "cut", "no_unit", "unknown_unit",
    "money", "price", "rate", "in_words", "bracket", "linked", "crowd", "limit", "limit_of_a_count",
]  # fmt: skip
"""What each is, the rule file says."""

_REACH = 600
_MANY_WORDS = 14
_CROWD = 4
_NUMBER = re.compile(r"\d[\d.,]*")
_EDGE = re.compile(r"(?:^|[.;:,\n\t–•+*()-])[\s\d.)a-zđ]{0,3}$")


def likely(bias: float, weights: Mapping[str, float], signs: Iterable[str]) -> float:
    """The probability that belongs to the sum of a bias and of the weights of some signs."""
    return 1 / (1 + math.exp(-(bias + sum(weights.get(sign, 0.0) for sign in signs))))


class SignWeight(BaseModel):
    """How much a sign adds to the log-odds that a target is right in every attribute; `about` says what it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Sign
    weight: float
    about: str


class TargetConfidence(RuleFile):
    """`rules/target_confidence.toml`."""

    file_name: ClassVar[str] = "target_confidence.toml"

    bias: float
    sign: tuple[SignWeight, ...]

    @model_validator(mode="after")
    def _once(self) -> TargetConfidence:
        if len(self._weights) != len(self.sign):
            raise ValueError("a sign stands twice")
        return self

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {sign.id: sign.weight for sign in self.sign}

    def of(self, signs: Iterable[str]) -> float:
        """How likely a target with these signs is right in every attribute."""
        return likely(self.bias, self._weights, signs)

    def check_examples(self) -> list[str]:
        """Weights have no examples."""
        return []


@dataclass(frozen=True, slots=True)
class Seen:
    """What the signs of a target are read from: `text[start:end]` is its quote, `section` what its headings weigh."""

    text: str
    clause: Clause
    score: float
    cues: tuple[str, ...]
    indicator: str
    start: int
    end: int
    known: bool
    compared: bool
    section: float


def signs_of(seen: Seen) -> frozenset[Sign]:
    """The signs of a target."""
    text, clause, cues = seen.text, seen.clause, set(seen.cues)
    quantity, unit, words = clause.quantity, clause.quantity.unit, seen.indicator.split()
    counted, measured = quantity.dimension == "count", "measured" in cues
    opening = " ".join(words[:2]).lower()
    numbers = _NUMBER.findall(text, max(clause.sentence_start, quantity.start - _REACH), quantity.start)
    found: dict[Sign, bool] = {
        "goal": "strive" in cues or seen.section >= GOALS,
        "known_indicator": seen.known,
        "measured": measured,
        "known_and_measured": seen.known and measured,
        "share": quantity.dimension == "ratio",
        "count": counted,
        "score_from_2": seen.score >= 2,
        "score_from_4": seen.score >= 4,
        "against": seen.section < 0 or not cues.isdisjoint(TargetCues.load().against),
        "one_or_two_words": len(words) <= 2,
        "three_words": len(words) == 3,
        "many_words": len(words) >= _MANY_WORDS,
        "digits": any(c.isdigit() for c in seen.indicator),
        "inherited": opening not in " ".join(text[seen.start : seen.end].split()).lower(),
        "cut": _EDGE.search(text, max(0, seen.start - 8), seen.start) is None,
        "no_unit": unit is None,
        "unknown_unit": unit is not None and unit.rule is None,
        "money": quantity.dimension == "money",
        "price": quantity.dimension == "money" and unit is not None and "/" in unit.text,
        "rate": quantity.dimension != "money" and unit is not None and "/" in unit.text,
        "in_words": quantity.in_words,
        "bracket": clause.inside,
        "linked": clause.linked,
        "crowd": len(numbers) >= _CROWD,
        "limit": seen.compared,
        "limit_of_a_count": seen.compared and counted,
    }
    return frozenset(sign for sign, holds in found.items() if holds)
