"""Every rule file loads, every rule matches its examples, and a wrong file says what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.extract.deadlines.rules import DeadlineRules
from pipeline.rulebook import RuleError, all_rule_files, rules_folder

RULE_FILES = all_rule_files()


def test_every_rule_file_has_a_schema() -> None:
    on_disk = {path.name for path in rules_folder().glob("*.toml")}
    assert on_disk == set(RULE_FILES)


def test_the_manual_names_every_rule_file() -> None:
    manual = (Path(__file__).resolve().parent.parent / "docs" / "rules.md").read_text(encoding="utf-8")
    assert {name for name in RULE_FILES if name not in manual} == set()


@pytest.mark.parametrize("name", sorted(RULE_FILES))
def test_rules_match_their_examples(name: str) -> None:
    assert RULE_FILES[name].load().check_examples() == []


@pytest.mark.parametrize("name", sorted(RULE_FILES))
def test_a_wrong_file_names_file_and_field(name: str, tmp_path: Path) -> None:
    wrong = tmp_path / name
    wrong.write_text("no_such_field = 1\n", encoding="utf-8")
    with pytest.raises(RuleError, match=rf"{name}:.*no_such_field"):
        RULE_FILES[name].load_from(wrong)


def test_what_is_no_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    wrong = tmp_path / "units.toml"
    wrong.write_text("= 3", encoding="utf-8")
    with pytest.raises(RuleError, match=r"units\.toml"):
        next(iter(RULE_FILES.values())).load_from(wrong)


def test_a_form_of_time_prints_what_its_meaning_needs(tmp_path: Path) -> None:
    times = RULE_FILES["time_words.toml"]
    text = (rules_folder() / "time_words.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "time_words.toml"
    wrong.write_text(
        text + '\n[[form]]\nid = "season"\nspan = "months"\npattern = "vụ hè @year"\nexamples = ["vụ hè 2021"]\n',
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match=r"season.*@month, @month2"):
        times.load_from(wrong)


def test_a_phrase_that_is_missing_is_named() -> None:
    with pytest.raises(RuleError, match=r"deadlines\.toml: no phrase 'no_such'"):
        DeadlineRules.load().regex_of("no_such")


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    text = (rules_folder() / "units.toml").read_text(encoding="utf-8")
    begin = text.index("\n[[unit]]") + 1
    end = text.index("\n[[", begin + 2)
    wrong = tmp_path / "units.toml"
    wrong.write_text(text + "\n" + text[begin:end] + "\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"units\.toml.*more than one rule has the id"):
        RULE_FILES["units.toml"].load_from(wrong)


MISTAKES = {
    "no examples": ("deadlines.toml", """
[[cue]]
id = "wrong"
kind = "by"
strength = "strong"
confidence = 0.9
pattern = "không để quá"
""", "wrong.*examples: Field required"),
    "no time in an example": ("deadlines.toml", """
[[cue]]
id = "wrong"
kind = "by"
strength = "strong"
confidence = 0.9
pattern = "không để quá"
examples = ["không để quá ngày 15/3/2021"]
""", r"wrong.*examples.*no \\| says where the time begins"),
    "an unknown form of time": ("deadlines.toml", """
[[bare]]
id = "wrong"
kind = "by"
confidence = 0.9
spans = ["mnth"]
examples = ["tháng 3"]
""", "wrong.*spans.*mnth"),
    "endless repetition": ("deadlines.toml", """
[[undated]]
id = "wrong"
kind = "by"
confidence = 0.9
pattern = "trước mùa .*"
examples = ["trước mùa mưa"]
""", r"wrong.*pattern.*'\*' repeats without end"),
    "an empty pattern": ("deadlines.toml", """
[[undated]]
id = "wrong"
kind = "by"
confidence = 0.9
pattern = ""
examples = ["trước mùa mưa"]
""", "wrong.*pattern.*empty"),
    "a misspelt key": ("units.toml", """
[[unit]]
id = "wrong"
dimension = "count"
canonical = "basket"
multiplier = 1
wordigns = ["giỏ"]
examples = ["250 giỏ"]
""", "wrong.*wordigns"),
    "an unknown dimension": ("units.toml", """
[[unit]]
id = "wrong"
dimension = "wight"
canonical = "kg"
multiplier = 1
wordings = ["yến lúa"]
examples = ["2 yến lúa"]
""", "wrong.*dimension.*wight"),
    "a wording of another unit": ("units.toml", """
[[unit]]
id = "wrong"
dimension = "count"
canonical = "basket"
multiplier = 1
wordings = ["giỏ", "Trang trại"]
examples = ["250 giỏ"]
""", "'trang trại' of the unit wrong stands in farm too"),
    "a blank at the end": ("units.toml", """
[[unit]]
id = "wrong"
dimension = "count"
canonical = "basket"
multiplier = 1
wordings = ["giỏ "]
examples = ["250 giỏ"]
""", "wrong.*wordings.*blank at an end.*giỏ "),
    "an unknown kind of unit": ("indicators.toml", """
[[indicator]]
id = "wrong"
name = "Tỷ lệ hộ có nhà bếp"
unit_kinds = ["percent"]
wordings = ["tỷ lệ hộ có nhà bếp"]
examples = ["Tỷ lệ hộ có nhà bếp [%]"]
""", "wrong.*unit_kinds.*percent"),
    "no wordings": ("indicators.toml", """
[[indicator]]
id = "wrong"
name = "Tỷ lệ hộ có nhà bếp"
unit_kinds = ["ratio"]
wordings = []
examples = ["Tỷ lệ hộ có nhà bếp [%]"]
""", "wrong.*wordings"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_rule_is_refused(mistake: str, tmp_path: Path) -> None:
    name, rule, message = MISTAKES[mistake]
    wrong = tmp_path / name
    wrong.write_text((rules_folder() / name).read_text(encoding="utf-8") + rule, encoding="utf-8")
    with pytest.raises(RuleError, match=rf"{re.escape(name)}:.*{message}"):
        RULE_FILES[name].load_from(wrong)
