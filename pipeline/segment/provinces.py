"""Provinces named in a text (`rules/provinces.toml`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import ClassVar

from pipeline.rulebook import Rule, RuleFile, problems_with
from pipeline.vietnamese import fold, fold_in_place


class ProvinceRule(Rule):
    """Provinces of one time."""

    names: tuple[str, ...]


class Provinces(RuleFile):
    """All provinces, of any time."""

    file_name: ClassVar[str] = "provinces.toml"

    provinces: tuple[ProvinceRule, ...]

    def check_examples(self) -> list[str]:
        """An example names one of the rule's provinces."""
        return problems_with(self.provinces, lambda rule, text: province_after_level(text) in rule.names)


@cache
def _names() -> dict[str, str]:
    return {_key(name): name for rule in Provinces.load().provinces for name in rule.names}


def _key(name: str) -> str:
    return " ".join(re.split(r"[\s–-]+", fold(name)))


@cache
def _after_level() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=len, reverse=True)
    names = "|".join(r"[ –-]{1,3}".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(rf"(?<!\w)(?:tinh|thanh pho|tp\.?|tinh uy|thanh uy|dang bo tinh) {{0,2}}({names})(?!\w)")


def province_after_level(text: str) -> str | None:
    """The first province that stands after `tỉnh` or `thành phố`."""
    match = _after_level().search(fold_in_place(text))
    return _names()[_key(match.group(1))] if match else None


def province_named(text: str) -> str | None:
    """The province whose name a text is, alone (`Cao Bằng`, `TP. Hồ Chí Minh`)."""
    return _names().get(re.sub(r"^(?:tp\.?|thanh pho|tinh) ?", "", _key(text)))


def commonest_province(folded_texts: Iterable[str]) -> str | None:
    """The province that most lines name after `tỉnh` or `thành phố`; None where two are named as often."""
    counts = Counter(_key(m.group(1)) for text in folded_texts for m in _after_level().finditer(text))
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return _names()[ranked[0][0]]
