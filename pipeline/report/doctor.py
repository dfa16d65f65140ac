"""Whether everything that chithi needs is there, and how to mend what is not."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.rulebook import RuleError, all_rule_files, rules_folder
from pipeline.settings import Settings

_LIBRARIES = ("pyarrow", "spacy", "underthesea", "pdfplumber", "pypdfium2", "pytesseract", "tesserocr", "pandas")
_OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. Where `needed` is false, its absence hurts only what `mend` says."""

    name: str
    fine: bool
    found: str
    mend: str = ""
    needed: bool = True


def examine(settings: Settings) -> Iterator[Check]:
    """Looks at everything, in the order in which a run needs it."""
    yield _python()
    yield _libraries()
    yield _tesseract()
    yield _language(settings.read.language)
    yield _poppler()
    yield _rules()
    yield _model(settings)
    yield _fonts()


def _python() -> Check:
    fine = sys.version_info >= _OLDEST_PYTHON
    return Check("Python", fine, platform.python_version(), "install Python 3.11 or newer")


def _libraries() -> Check:
    missing, found = [], []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    mend = f"missing: {', '.join(missing)}; run `make setup` or `pip install .` again"
    return Check("libraries", not missing, ", ".join(found), mend if missing else "")


def _answer(*command: str) -> str | None:
    """What a program prints; None where there is no such program or it fails."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return (done.stdout or done.stderr).decode("utf-8", "replace")


def _first_line(text: str | None) -> str:
    return text.strip().splitlines()[0] if text and text.strip() else "not found"


def _tesseract() -> Check:
    answer = _answer("tesseract", "--version")
    return Check("tesseract", answer is not None, _first_line(answer), "sudo apt-get install tesseract-ocr")


def _language(language: str) -> Check:
    known = set((_answer("tesseract", "--list-langs") or "").split())
    missing = [part for part in language.split("+") if part not in known]
    packages = " ".join(f"tesseract-ocr-{part.replace('_', '-')}" for part in missing)
    found = f"{language} is missing" if missing else language
    return Check("tesseract language", not missing, found, f"sudo apt-get install {packages}" if missing else "")


def _poppler() -> Check:
    answer = _answer("pdftoppm", "-v")
    mend = "sudo apt-get install poppler-utils; only needed to look at pages of PDFs as the benchmarks do"
    return Check("poppler", answer is not None, _first_line(answer), mend, needed=False)


def _rules() -> Check:
    """Loads every rule file that some module speaks of."""
    try:
        rule_files = all_rule_files()
        for rule_file in rule_files.values():
            rule_file.load()
    except (RuleError, ImportError) as error:
        return Check("rules", False, str(error), f"mend the file in {rules_folder()}, or install chithi again")
    return Check("rules", True, f"{len(rule_files)} files in {rules_folder()}")


def _model(settings: Settings) -> Check:
    from pipeline.restore.restorer import restorer

    return _tried("language model", lambda: str(restorer(settings.restore.model) and "loads"))


def _tried(name: str, try_it: Callable[[], str]) -> Check:
    try:
        return Check(name, True, try_it())
    except Exception as error:
        return Check(name, False, f"{type(error).__name__}: {error}", "install chithi again")


def _fonts() -> Check:
    names = (_answer("fc-list", ":lang=vi", "family") or "").strip().splitlines()
    mend = "sudo apt-get install fonts-croscore; only needed to print the documents of corpus/ anew"
    return Check("Vietnamese fonts", bool(names), f"{len(names)} families", mend, needed=False)
