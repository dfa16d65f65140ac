"""Every rule file loads, every rule matches its examples, and a wrong file says what is wrong."""

from __future__ import annotations

import json
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


RIGHT: dict[str, tuple[str, dict[str, object]]] = {
    "cue": ("deadlines.toml", {
        "id": "wrong", "kind": "by", "strength": "strong", "confidence": 0.9, "pattern": "không để quá",
        "examples": ["không để quá |ngày 15/3/2021"],
    }),
    "bare": ("deadlines.toml", {
        "id": "wrong", "kind": "by", "confidence": 0.9, "spans": ["month"], "examples": ["tháng 3"],
    }),
    "undated": ("deadlines.toml", {
        "id": "wrong", "kind": "by", "confidence": 0.9, "pattern": "trước mùa", "examples": ["trước mùa mưa"],
    }),
    "unit": ("units.toml", {
        "id": "wrong", "dimension": "count", "canonical": "basket", "multiplier": 1, "wordings": ["giỏ"],
        "examples": ["250 giỏ"],
    }),
    "indicator": ("indicators.toml", {
        "id": "wrong", "name": "Tỷ lệ hộ có nhà bếp", "unit_kinds": ["ratio"], "wordings": ["tỷ lệ hộ có nhà bếp"],
        "examples": ["Tỷ lệ hộ có nhà bếp [%]"],
    }),
}  # fmt: skip
"""A rule of each table that may be added to its file."""

MISTAKES: dict[str, tuple[str, dict[str, object], str]] = {
    "no examples": ("cue", {"examples": None}, "wrong.*examples: Field required"),
    "no time in an example": (
        "cue",
        {"examples": ["không để quá ngày 15/3/2021"]},
        r"wrong.*examples.*no \| says where the time begins",
    ),
    "an unknown form of time": ("bare", {"spans": ["mnth"]}, "wrong.*spans.*mnth"),
    "endless repetition": ("undated", {"pattern": "trước mùa .*"}, r"wrong.*pattern.*'\*' repeats without end"),
    "an empty pattern": ("undated", {"pattern": ""}, "wrong.*pattern.*empty"),
    "an id that there is": ("unit", {"id": "farm"}, "more than one rule has the id"),
    "a misspelt key": ("unit", {"wordings": None, "wordigns": ["giỏ"]}, "wrong.*wordigns"),
    "an unknown dimension": ("unit", {"dimension": "wight"}, "wrong.*dimension.*wight"),
    "a wording of another unit": (
        "unit",
        {"wordings": ["giỏ", "Trang trại"]},
        "'trang trại' of the unit wrong stands in farm too",
    ),
    "a blank at the end": ("unit", {"wordings": ["giỏ "]}, "wrong.*wordings.*blank at an end.*giỏ "),
    "an unknown kind of unit": ("indicator", {"unit_kinds": ["percent"]}, "wrong.*unit_kinds.*percent"),
    "no wordings": ("indicator", {"wordings": []}, "wrong.*wordings"),
}
"""Of each mistake: the rule that it is made in, what it puts in the place of what is right, and what is said of it."""


def _file_with(table: str, changes: dict[str, object], folder: Path) -> tuple[str, Path]:
    """A rule file to which a rule was added, and its name. Values look the same in JSON and TOML."""
    name, rule = RIGHT[table]
    lines = [f"{key} = {json.dumps(v, ensure_ascii=False)}" for key, v in (rule | changes).items() if v is not None]
    changed = folder / name
    text = (rules_folder() / name).read_text(encoding="utf-8")
    changed.write_text("\n".join([text, f"[[{table}]]", *lines, ""]), encoding="utf-8")
    return name, changed


@pytest.mark.parametrize("table", RIGHT)
def test_a_rule_without_a_mistake_is_accepted(table: str, tmp_path: Path) -> None:
    name, changed = _file_with(table, {}, tmp_path)
    RULE_FILES[name].load_from(changed)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_rule_is_refused(mistake: str, tmp_path: Path) -> None:
    table, changes, message = MISTAKES[mistake]
    name, wrong = _file_with(table, changes, tmp_path)
    with pytest.raises(RuleError, match=rf"{re.escape(name)}:.*{message}"):
        RULE_FILES[name].load_from(wrong)
