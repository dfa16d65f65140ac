"""Every rule file loads, every rule matches its examples, and a wrong file says what is wrong."""

from __future__ import annotations

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
    wrong.write_text(text + '\n[[form]]\nid = "season"\nspan = "months"\npattern = "vụ hè @year"\n', encoding="utf-8")
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
