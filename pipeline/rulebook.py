"""Loads `rules/*.toml` and checks each file against its typed schema.

A rule file is data that an expert may change: a subclass of `RuleFile` says what it must look like, and
`check_examples` says whether every rule matches its examples and none of its counter-examples. One test runs
`check_examples` of every registered file.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache, partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S")


def remembered(method: Callable[Concatenate[_S, _P], _R]) -> cached_property[Callable[_P, _R]]:
    """A method that knows its last few thousand answers, each object its own: the same words are asked about again,
    and pages of nothing but numbers ask about the same all the time. The arguments must be hashable."""

    def own(self: _S) -> Callable[_P, _R]:
        return cast(Callable[_P, _R], lru_cache(maxsize=4096)(partial(method, self)))

    return cached_property(own)


class RuleError(ValueError):
    """A rule file is missing or wrong; the message names the file, the rule, the field and what is wrong."""


def rules_folder() -> Path:
    """The folder of rules: inside the installed package, else beside it in a checkout."""
    installed = Path(str(files("pipeline"))) / "_rules"
    return installed if installed.is_dir() else Path(str(files("pipeline"))).parent / "rules"


class Rule(BaseModel):
    """What every rule has: a stable id, and examples that it must and must not match."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = ()

    @field_validator("*")
    @classmethod
    def _words_are_words(cls, value: Any, info: ValidationInfo) -> Any:
        """Empty words are found everywhere, words with a blank at an end nowhere."""
        if isinstance(value, tuple) and info.field_name not in {"examples", "counter_examples"}:
            wrong = [word for word in value if (isinstance(word, str) and word != word.strip()) or word == ""]
            if wrong:
                raise ValueError(f"empty, or with a blank at an end: {wrong}")
        return value


class PatternRule(Rule):
    """A rule that is one pattern; subclasses say in `source` what regular expression it stands for."""

    pattern: str

    @classmethod
    def source(cls, pattern: str) -> str:
        """The regular expression of a pattern: blanks may be wide, and no match begins inside a word."""
        return rf"(?<!\w)(?:{spaced(pattern)})"

    @property
    def flags(self) -> re.RegexFlag:
        """How letters match: in either case, where a subclass says nothing else."""
        return re.IGNORECASE

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        if not value:
            raise ValueError("an empty pattern is found everywhere")
        check_pattern(cls.source(value))
        return value

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.source(self.pattern), self.flags)

    def matches(self, text: str) -> bool:
        """Whether an example is one."""
        return self.regex.search(text) is not None


class VerbatimRule(PatternRule):
    """A rule whose pattern is the regular expression itself."""

    @classmethod
    def source(cls, pattern: str) -> str:
        """The pattern as it stands."""
        return pattern


class Phrase(PatternRule):
    """A pattern that one place of the code looks for by its id. `inside` may begin in the middle of a word or with a
    mark; `case`: letters match as written."""

    inside: bool = False
    case: bool = False

    @property
    def flags(self) -> re.RegexFlag:
        """In either case, or as written."""
        return re.NOFLAG if self.case else re.IGNORECASE

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(spaced(self.pattern) if self.inside else self.source(self.pattern), self.flags)


class RuleFile(BaseModel):
    """One file of rules. Subclasses set `file_name`, empty for a base of others; `check_examples` tries the rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: ClassVar[str]
    registered: ClassVar[dict[str, type[RuleFile]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.file_name:
            RuleFile.registered[cls.file_name] = cls

    @classmethod
    @cache
    def load(cls) -> Self:
        """The checked content of the file; read once per process.

        Raises RuleError where the file is missing, is not TOML, or does not fit the schema.
        """
        return cls.load_from(rules_folder() / cls.file_name)

    @classmethod
    def load_from(cls, path: Path) -> Self:
        """The same for a file anywhere."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise RuleError(f"{path}: {error}") from error
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise RuleError("\n".join(_explain(path, data, problem) for problem in error.errors())) from error

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            ids = (
                Counter(rule.id for rule in value if isinstance(rule, Rule)) if isinstance(value, tuple) else Counter()
            )
            if twice := sorted(rule_id for rule_id, count in ids.items() if count > 1):
                raise ValueError(f"{name}: more than one rule has the id {', '.join(twice)}")
        return self

    def check_examples(self) -> list[str]:
        """One line for each example that does not behave as the file says; empty where all do."""
        raise NotImplementedError(f"{type(self).__name__} must say how its rules are tried")


class PhraseFile(RuleFile):
    """A file of rules that also holds phrases."""

    file_name: ClassVar[str] = ""

    phrase: tuple[Phrase, ...]

    def regex_of(self, phrase_id: str) -> re.Pattern[str]:
        """The compiled phrase of that id.

        Raises RuleError where the file has none.
        """
        found = next((phrase for phrase in self.phrase if phrase.id == phrase_id), None)
        if found is None:
            raise RuleError(f"{self.file_name}: no phrase {phrase_id!r}")
        return found.regex

    def check_examples(self) -> list[str]:
        """Phrases that do not behave as their examples say; subclasses add their own rules."""
        return problems_of(self.phrase)


class _TriesItself(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def examples(self) -> tuple[str, ...]: ...
    @property
    def counter_examples(self) -> tuple[str, ...]: ...
    def matches(self, text: str, /) -> bool: ...


_AnyRule = TypeVar("_AnyRule", bound=Rule)


def problems_of(rules: Iterable[_TriesItself]) -> list[str]:
    """The same as `problems_with` for rules that say themselves what they match."""
    return [problem for rule in rules for problem in _problems(rule, rule.matches)]


def problems_with(rules: Iterable[_AnyRule], matches: Callable[[_AnyRule, str], bool]) -> list[str]:
    """One line for each example that a rule does not match, and for each counter-example that it does."""
    return [problem for rule in rules for problem in _problems(rule, partial(matches, rule))]


def _problems(rule: Rule | _TriesItself, matches: Callable[[str], bool]) -> list[str]:
    missed = [f"{rule.id}: does not match {text!r}" for text in rule.examples if not matches(text)]
    return missed + [f"{rule.id}: matches {text!r}" for text in rule.counter_examples if matches(text)]


def check_pattern(pattern: str) -> str:
    """The pattern itself, for validators of rules.

    Raises ValueError, which pydantic turns into a RuleError with the file and the field, where it is no regex, or one
    that repeats something without end.
    """
    try:
        re.compile(pattern, re.IGNORECASE)  # as most are used: `re` then remembers them
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    if endless := _ENDLESS.search(_IN_CLASS.sub("_", _ESCAPED.sub("_", pattern))):
        raise ValueError(f"{endless.group()!r} repeats without end: say how often, as in {{0,5}}")
    return pattern


_ESCAPED = re.compile(r"\\.", re.DOTALL)
_IN_CLASS = re.compile(r"\[\^?\]?[^\]]{0,400}\]")
_ENDLESS = re.compile(r"(?<=[^(|}])[*+]|\{\d{0,4},\}")


def spaced(pattern: str) -> str:
    """A blank of a rule's pattern stands for one to three blanks of the text, `~` for none to three."""
    return pattern.replace(" ", r"\s{1,3}").replace("~", r"\s{0,3}")


def any_of(words: Iterable[str]) -> str:
    """A pattern of one of the words, the longest first, so that no word hides a longer one."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def all_rule_files() -> dict[str, type[RuleFile]]:
    """Every kind of rule file by its name, wherever in the package it is declared."""
    package = import_module("pipeline")
    for module in walk_packages(package.__path__, "pipeline."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return dict(RuleFile.registered)


def _explain(path: Path, data: Any, problem: Any) -> str:
    """`units.toml: rule 'tan', field multiplier: Input should be a valid number (got 'x')`."""
    rule, node = "", data
    for part in problem["loc"]:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(node, dict) and "id" in node:
            rule = f" rule {node['id']!r},"
    field = ".".join(str(part) for part in problem["loc"])
    return f"{path.name}:{rule} field {field}: {problem['msg']} (got {problem.get('input')!r:.80})"
