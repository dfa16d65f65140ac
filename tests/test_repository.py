"""What the project promises about itself: documented targets, a small repository, no traces of any machine."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000


def _tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


# Set by the user, and what tools look for there: a file that a command dropped by mistake is seen at once.
TOP_LEVEL = {
    *("pipeline", "rules", "corpus", "outputs", "tests", "Makefile", "pyproject.toml"),
    *("benchmarks", "docs", "notebooks", "scripts", "README.md", "LICENSE", ".ci", ".gitignore"),
    *(f"requirements{extra}.lock" for extra in ("", "-dev", "-bench", "-cluster", "-corpus")),
}


def test_the_top_level_holds_only_what_belongs_there() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in _tracked()} <= TOP_LEVEL


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)) - {"setup-dev", "setup-bench", "unit"}
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in shown.splitlines() if line.startswith("  make ")} == targets


def test_the_readme_shows_the_two_commands_first() -> None:
    commands = re.findall(r"^(make \S+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands[:2] == ["make ingest", "make test"]


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]


def test_models_and_corpus_stay_small() -> None:
    def size(folder: str) -> int:
        return sum(path.stat().st_size for path in _tracked() if path.is_relative_to(ROOT / folder))

    assert size("pipeline/restore/model") <= 25 * MEGABYTE
    assert size("corpus") <= 6 * MEGABYTE


def test_notebooks_hold_no_output() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert all(not cell.get("outputs") for cell in cells), path.name


def test_nothing_names_a_machine_or_a_registry() -> None:
    traces = re.compile(
        r"/(?:work|root|home)/[a-z]|" + "|".join(("pypi" + r"\.org", "python" + "hosted", "deb" + r"\.debian\.org")),
        re.I,
    )
    for path in _tracked():
        if path.suffix in {".pdf", ".png", ".jpg", ".tiff", ".tif", ".docx", ".npy", ".bin", ".npz"} or path == Path(
            __file__
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = traces.search(text)
        assert not found, f"{path.relative_to(ROOT)}: {found and found.group(0)}"
