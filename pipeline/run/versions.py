"""Which version of code, rules, model and programs did a piece of work: the second half of every cache key.

The version of a stage is a hash of the modules that its package imports inside `pipeline`, of the rule files that
these modules load, and of the data files in its package. A changed unit rule thus leaves the version of reading alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import pipeline
from pipeline.models import Page, RestoredPage
from pipeline.rulebook import rules_folder
from pipeline.settings import Settings

_ROOT = Path(pipeline.__file__).parent
# Their values count, not their wording: settings are hashed by value, the models of a page by their schema.
_BY_VALUE = frozenset({"pipeline.settings", "pipeline.models", "pipeline"})
_KEEPERS = frozenset({"pipeline.run.cache"})  # what they keep and find again they do not change
_READERS = ("pdfplumber", "pdfminer.six", "pypdfium2", "pytesseract", "tesserocr", "opencv-python-headless", "pillow")

_COMMENT = re.compile(r"#[^\n]*")
_FROM = re.compile(r"^[ \t]*from (pipeline[\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import (pipeline[\w.]*)", re.MULTILINE)
_IMPORTED = re.compile(r"(?<!\bas )\b(?!as\b)\w+")
_RULE_FILE = re.compile(r"""["']([^"'/\s]+\.toml)["']""")


@dataclass(frozen=True, slots=True)
class Versions:
    """Short hashes; `result` covers everything that decides the rows of one document."""

    read: str
    restore: str
    result: str
    link: str
    discover: str = ""

    @property
    def pipeline(self) -> str:
        """What the column pipeline_version says."""
        return f"{pipeline.__version__}+{self.result}"


def versions_of(settings: Settings) -> Versions:
    """The versions that hold now."""
    read = _short(_code("pipeline.read"), _schema(Page), _programs(), settings.read.model_dump(mode="json"))
    model = settings.restore.model
    own_model = _digest(model) if model and model.is_file() else ""
    restore = _short(read, _code("pipeline.restore"), _schema(RestoredPage), settings.restore.enabled, own_model)
    later = [_code(name) for name in ("pipeline.segment", "pipeline.extract", "pipeline.run.document")]
    models = _digest(_ROOT / "models.py")
    result = _short(restore, later, models, _digest(_ROOT / "publish" / "tables.py"), _schema_of_tables())
    link = _short(_code("pipeline.link"), models, _package_version("polars"))
    return Versions(read, restore, result, link, _code("pipeline.discover"))


def _schema_of_tables() -> str:
    return _digest(_ROOT / "publish" / "schemas.py")


def _short(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:12]


@cache
def _schema(model: Any) -> str:
    return json.dumps(TypeAdapter(model).json_schema(), sort_keys=True)


@cache
def _programs() -> dict[str, str]:
    """The versions of what reads pages: libraries, tesseract, and its language files."""
    found = {name: _package_version(name) for name in _READERS}
    for flag in ("--version", "--list-langs"):
        try:
            answer = subprocess.run(["tesseract", flag], capture_output=True, timeout=20, check=False)
            found[f"tesseract {flag}"] = answer.stdout.decode("utf-8", "replace")
        except (OSError, subprocess.SubprocessError):
            found[f"tesseract {flag}"] = ""
    return found


def _package_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def _code(package: str) -> str:
    """A hash of all that a package runs on inside `pipeline`."""
    modules: dict[str, Path] = {}
    pending = [package, *_modules_below(package)]
    rules: set[str] = set()
    while pending:
        name = pending.pop()
        path = _file_of(name)
        if name in modules or name in _BY_VALUE | _KEEPERS or path is None:
            continue
        modules[name] = path
        imports, rule_files = _needs(path)
        pending += imports
        rules |= rule_files
    data = [p for p in sorted(_ROOT.joinpath(*package.split(".")[1:]).rglob("*")) if _is_data(p)]
    files = [*sorted(modules.values()), *(rules_folder() / name for name in sorted(rules)), *data]
    return _short([(path.name, _digest(path)) for path in files if path.is_file()])


def _modules_below(package: str) -> list[str]:
    folder = _ROOT.joinpath(*package.split(".")[1:])
    found = sorted(folder.rglob("*.py")) if folder.is_dir() else []
    return [".".join(["pipeline", *p.relative_to(_ROOT).with_suffix("").parts]) for p in found]


def _is_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in {".py", ".pyc"}


@cache
def _file_of(module: str) -> Path | None:
    base = _ROOT.joinpath(*module.split(".")[1:])
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


@cache
def _needs(path: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """The modules of `pipeline` that a module may import, and the rule files that it loads.

    Read off the text: every run does this for every module, and a parser would take longer than a night without news.
    """
    text = _COMMENT.sub("", path.read_text("utf-8"))
    modules: dict[str, None] = {}
    for module, names in _FROM.findall(text):
        modules |= dict.fromkeys([module, *(f"{module}.{name}" for name in _IMPORTED.findall(names))])
    modules |= dict.fromkeys(_IMPORT.findall(text))
    return tuple(modules), frozenset(_RULE_FILE.findall(text))


@cache
def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
