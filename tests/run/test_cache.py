"""What reading and restoring produced is kept, found again, and never believed when damaged or of another version."""

from __future__ import annotations

import ast
import datetime as dt
import os
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline
from pipeline.models import (
    Alignment,
    Box,
    Correction,
    DigitalSignature,
    Edit,
    Failure,
    Line,
    LineRole,
    MediaType,
    Page,
    Reading,
    RestoredPage,
    Source,
    Table,
    TableCell,
    Word,
)
from pipeline.run import versions
from pipeline.run.cache import StageCache, tidy_cache
from pipeline.run.fragments import Fragments, Outcome
from pipeline.run.versions import Versions, versions_of
from pipeline.settings import ReadSettings, Settings

SOURCE = Source(Path("a.pdf"), "a.pdf", "ab" * 32, MediaType.PDF, 10)
VERSIONS = Versions("r1", "s1", "x1", "l1")
BOX = Box(1.5, 2.25, 100.1, 20.3)
PAGE = Page(
    1,
    "Giam ngheo\tx",
    "ocr",
    (Line(0, 10, BOX, 0.9, LineRole.TABLE, centred=True),),
    (Word(0, 4, BOX, 0.5, (("Giảm", 0.4),)),),
    (Table((TableCell(0, 0, 0, 4, header=True, box=BOX),), BOX),),
    595.0,
    842.0,
    90,
    0.8,
    "rejected",
    0.2,
    (DigitalSignature("Ủy ban", dt.datetime(2031, 1, 2, tzinfo=dt.UTC), "Ký bởi"),),
)
READING = Reading((PAGE,), (Failure("a.pdf", "ab" * 32, 2, "read", "ocr_timeout", "too long"),))
RESTORED = RestoredPage(
    PAGE, "Giảm nghèo\tx", Alignment((Edit(0, 4, 0, 4),)), (Correction(0, 4, "Giam", "Giảm", "tone", 0.9),), 0.7
)


def test_what_is_kept_comes_back_the_same(tmp_path: Path) -> None:
    cache = StageCache(tmp_path, VERSIONS)
    assert cache.reading(SOURCE) is None
    cache.keep_reading(SOURCE, READING)
    cache.keep_restored(SOURCE, [RESTORED])
    assert cache.reading(SOURCE) == READING
    assert cache.restored(SOURCE, READING) == (RESTORED,)


def test_other_versions_and_contents_find_nothing(tmp_path: Path) -> None:
    StageCache(tmp_path, VERSIONS).keep_reading(SOURCE, READING)
    assert StageCache(tmp_path, replace(VERSIONS, read="r2")).reading(SOURCE) is None
    assert StageCache(tmp_path, VERSIONS).reading(replace(SOURCE, sha256="cd" * 32)) is None
    assert StageCache(tmp_path, replace(VERSIONS, result="x2")).reading(SOURCE) == READING


def test_a_retry_does_not_believe_a_reading_with_failures(tmp_path: Path) -> None:
    StageCache(tmp_path, VERSIONS).keep_reading(SOURCE, READING)
    assert StageCache(tmp_path, VERSIONS, retry_failed=True).reading(SOURCE) is None
    StageCache(tmp_path, VERSIONS).keep_reading(SOURCE, replace(READING, failures=()))
    assert StageCache(tmp_path, VERSIONS, retry_failed=True).reading(SOURCE) is not None
    assert StageCache(tmp_path, VERSIONS, renew=True).reading(SOURCE) is None


@pytest.mark.parametrize("damage", [b"", b"\xff" * 30, b"\x10\0\0\0\0\0\0\0junk"])
def test_a_damaged_entry_counts_as_missing(tmp_path: Path, damage: bytes) -> None:
    cache = StageCache(tmp_path, VERSIONS)
    cache.keep_reading(SOURCE, READING)
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())
    path.write_bytes(damage)
    assert cache.reading(SOURCE) is None


def test_entries_that_nothing_can_use_go_after_a_month(tmp_path: Path) -> None:
    cache = StageCache(tmp_path, VERSIONS)
    cache.keep_reading(SOURCE, READING)
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())

    def tidied(contents: set[str], versions: Versions) -> int:
        return sum(tidy_cache(tmp_path, contents, versions, turn) for turn in range(16))

    assert tidied(set(), VERSIONS) == 0
    os.utime(path, (0, time.time() - 40 * 86400))
    assert tidied({SOURCE.sha256}, VERSIONS) == 0
    assert tidied({SOURCE.sha256}, replace(VERSIONS, read="r2")) == 1
    assert not path.exists()


def test_damaged_fragments_count_as_missing(tmp_path: Path) -> None:
    fragments = Fragments(tmp_path, "v")
    outcome = Outcome("ab" * 32, "failed", READING.failures, attempts=2)
    fragments.write(outcome, {})
    assert fragments.outcome("ab" * 32) == outcome
    assert Fragments(tmp_path, "w").outcome("ab" * 32) is None
    path = fragments.path("ab" * 32)
    path.write_bytes(path.read_bytes()[:-10])
    assert fragments.outcome("ab" * 32) is None


def test_versions_change_with_what_a_stage_runs_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions_of(Settings())
    changed = versions_of(Settings(read=ReadSettings(ocr_dpi=400)))
    assert changed.read != before.read
    assert changed.link == before.link
    real = versions._digest

    def touched(path: Path) -> str:
        return real(path) + ("!" if path.name == "units.toml" else "")

    versions._code.cache_clear()
    monkeypatch.setattr(versions, "_digest", touched)
    after = versions_of(Settings())
    versions._code.cache_clear()
    assert (after.read, after.restore) == (before.read, before.restore), "a unit rule must not OCR anything again"
    assert after.result != before.result


def test_what_a_module_needs_is_read_off_its_text_as_a_parser_reads_it() -> None:
    for path in sorted(Path(pipeline.__file__).parent.glob("r*/**/*.py")):
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        strings = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        rules = {s for s in strings if re.fullmatch(r"[^/\s]+\.toml", s)}
        modules, rule_files = versions._needs(path)
        assert set(modules) == {name for name in names if name.split(".")[0] == "pipeline"}, path
        assert rule_files == rules, path
