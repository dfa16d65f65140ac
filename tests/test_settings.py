"""Flags over environment over file over defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.settings import Settings, SettingsError, load_settings


def test_flags_win_over_environment_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "chithi.toml"
    file.write_text("[run]\njobs = 2\nmemory_limit_mb = 900\nmax_attempts = 7\n", encoding="utf-8")
    monkeypatch.setenv("CHITHI_RUN__JOBS", "3")
    monkeypatch.setenv("CHITHI_RUN__MEMORY_LIMIT_MB", "800")
    run = load_settings({"run": {"jobs": 4}}, file).run
    assert (run.jobs, run.memory_limit_mb, run.max_attempts) == (4, 800, 7)


def test_the_file_of_the_working_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chithi.toml").write_text('output = "elsewhere"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_settings().output == Path("elsewhere")


def test_a_wrong_value_names_the_setting() -> None:
    with pytest.raises(SettingsError, match=r"run\.jobs.*greater than 0.*'0'|run\.jobs.*greater than 0"):
        load_settings({"run": {"jobs": 0}})


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("colour = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="colour"):
        load_settings(config=file)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such settings file"):
        load_settings(config=tmp_path / "none.toml")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().output = Path("x")  # type: ignore[misc]
