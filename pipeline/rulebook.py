"""Loads `rules/*.toml` and checks each file against its typed schema.

A rule file is data that an expert may change: a subclass of `RuleFile` says what it must look like, and
`check_examples` says whether every rule matches its examples and none of its counter-examples. One test runs
`check_examples` of every registered file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError


class RuleError(ValueError):
    """A rule file is missing or wrong; the message names the file, the rule, the field and what is wrong."""


def rules_folder() -> Path:
    """The folder of rules: inside the installed package, else beside it in a checkout."""
    installed = Path(str(files("pipeline"))) / "_rules"
    return installed if installed.is_dir() else Path(str(files("pipeline"))).parent / "rules"


class Rule(BaseModel):
    """What every rule has: a stable id, and examples that it must and must not match."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class RuleFile(BaseModel):
    """One file of rules. Subclasses set `file_name` and say in `check_examples` how a rule is tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: ClassVar[str]
    registered: ClassVar[dict[str, type[RuleFile]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
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

    def check_examples(self) -> list[str]:
        """One line for each example that does not behave as the file says; empty where all do."""
        raise NotImplementedError(f"{type(self).__name__} must say how its rules are tried")


def check_pattern(pattern: str) -> str:
    """The pattern itself, for validators of rules.

    Raises ValueError, which pydantic turns into a RuleError with the file and the field, where it is no regex.
    """
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


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
