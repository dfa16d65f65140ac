"""How far targets are trusted: what is well understood stands above what could be something else."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from benchmarks.calibration import LINES, Line, fitted, judged
from pipeline.extract import extract
from pipeline.extract.targets.signs import Sign, TargetConfidence
from pipeline.rulebook import RuleError, rules_folder
from tests.extract.plans import plan


def confidence(sentence: str, heading: str = "Mục tiêu cụ thể") -> float:
    (target,) = extract(plan((heading, [sentence]))).targets
    return target.evidence.confidence


CLEAR = "Phấn đấu tỷ lệ hộ nghèo giảm còn 3%."


def test_a_known_indicator_among_goals_is_sure() -> None:
    assert confidence(CLEAR) >= 0.9


@pytest.mark.parametrize(
    "sentence",
    [
        "Phấn đấu huy động 25 tỷ đồng.",
        "Phấn đấu trồng 30 chậu.",
        "Phấn đấu giảm 12 vụ.",
        "Phấn đấu đạt năm nghìn gốc.",
    ],
)
def test_what_is_less_known_is_less_sure(sentence: str) -> None:
    assert confidence(sentence) < min(0.9, confidence(CLEAR))


def test_every_sign_has_one_weight_of_its_own_way() -> None:
    rules = TargetConfidence.load()
    assert sorted(sign.id for sign in rules.sign) == sorted(get_args(Sign))
    assert rules.of(["known_indicator"]) >= rules.of([]) >= rules.of(["no_unit"])


def test_the_weights_are_those_of_the_fit() -> None:
    rows = [line.split("\t") for line in LINES.read_text(encoding="utf-8").splitlines()[1:]]
    weights = fitted([Line(name, right == "y", frozenset(signs.split("+"))) for name, right, signs in rows])
    rules = TargetConfidence.load()
    assert rules.bias == pytest.approx(weights["bias"], abs=0.006)
    assert {s.id: s.weight for s in rules.sign} == pytest.approx(
        {sign: weights[sign] for sign in get_args(Sign)}, abs=0.006
    )


def test_a_sign_that_tells_nothing_weighs_little() -> None:
    told = [Line("a", right=True, signs=frozenset({"goal"}))] * 20 + [Line("a", right=False, signs=frozenset())] * 20
    weights = fitted(told)
    assert weights["goal"] > 1
    assert weights["money"] == 0


def test_a_sign_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = (rules_folder() / "target_confidence.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "target_confidence.toml"
    wrong.write_text(text + '\n[[sign]]\nid = "goal"\nweight = 1.0\nabout = "again"\n', encoding="utf-8")
    with pytest.raises(RuleError, match="a sign stands twice"):
        TargetConfidence.load_from(wrong)


def test_targets_are_held_against_gold(tmp_path: Path) -> None:
    (tmp_path / "p1.txt").write_text(f"KẾ HOẠCH\nNăm 2031\n\nI. MỤC TIÊU\n{CLEAR}\n", encoding="utf-8")
    header = "doc\tindicator\tcomparator\tvalue\tvalue_upper\tunit\tdirection\tbaseline\ttotal\toptional"
    for comparator, right in (("=", True), (">", False)):
        row = f"p1\ttỷ lệ hộ nghèo\t{comparator}\t3\t\t%\t\t\t\t"
        (tmp_path / "targets.tsv").write_text(f"{header}\n{row}\n", encoding="utf-8")
        (line,) = judged("mine", tmp_path, tmp_path)
        assert (line.right, line.set) == (right, "mine")
        assert {"goal", "share"} <= line.signs
