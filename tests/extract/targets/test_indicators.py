"""One id for the same indicator in any document, or none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.targets.indicators import IndicatorRules

GOLD = Path(__file__).resolve().parents[2] / "gold" / "indicators.tsv"


@pytest.mark.parametrize(
    ("printed", "dimension", "expected"),
    [
        ("Giảm tỷ lệ hộ nghèo", "ratio", "poverty_rate"),
        ("tỷ lệ hộ nghèo toàn huyện", "ratio", "poverty_rate"),
        ("Ty le ho ngheo", "ratio", "poverty_rate"),
        ("Tỷ lệ hộ nghèo", "money", None),
        ("tỷ lệ hộ cận nghèo", "ratio", "near_poverty_rate"),
        ("Tỷ lệ người dân tham gia BHYT", "ratio", "health_insurance_coverage"),
        ("độ che phủ rừng", "ratio", "forest_cover"),
        ("xã đạt chuẩn nông thôn mới", "count", "new_rural_communes"),
        ("xã đạt chuẩn nông thôn mới nâng cao", "count", "new_rural_advanced_communes"),
        ("tổ chức hội nghị biểu dương", "count", None),
        ("", "ratio", None),
    ],
)
def test_the_closest_or_none(printed: str, dimension: str, expected: str | None) -> None:
    found = IndicatorRules.load().closest(printed, dimension)
    assert (found[0] if found else None) == expected


with GOLD.open(encoding="utf-8", newline="") as _file:
    PRINTED = list(csv.DictReader(_file, delimiter="\t"))


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row["printed"])
def test_what_offices_print(row: dict[str, str]) -> None:
    """Wordings that no rule holds as they stand, and what is measured but is no known indicator."""
    found = IndicatorRules.load().closest(row["printed"], row["dimension"])
    assert (found[0] if found else "") == row["indicator_id"]


def test_there_are_enough_of_them_and_their_examples_hold() -> None:
    rules = IndicatorRules.load()
    assert len(rules.indicator) >= 120
    assert len({rule.id for rule in rules.indicator}) == len(rules.indicator)
    assert rules.check_examples() == []


@given(st.text(max_size=80), st.sampled_from(["ratio", "count", "none"]))
def test_any_words_are_answered(printed: str, dimension: str) -> None:
    found = IndicatorRules.load().closest(printed, dimension)
    assert found is None or 0 < found[1] <= 100
