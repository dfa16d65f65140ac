"""One typed, frozen settings object: flags over environment over file over defaults.

Environment names begin with `CHITHI_` and join levels with two underscores (`CHITHI_READ__LANGUAGE=vie`). The file
is `chithi.toml` in the working folder, or the one that `--config` names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

Positive = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]


class SettingsError(ValueError):
    """A setting is wrong; the message names it and says what is allowed."""


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadSettings(_Group):
    """How pages are read."""

    language: str = Field("vie", description="tesseract language of the pages")
    ocr_dpi: Positive = Field(300, description="resolution at which pages without a size of their own are rendered")
    ocr_timeout: Seconds = Field(180.0, description="seconds that tesseract may take for one page")
    max_pages: Positive = Field(2000, description="pages of one file; further pages are failures")
    max_pixels: Positive = Field(200_000_000, description="pixels of one page image; a larger page is a failure")
    max_text_bytes: Positive = Field(50_000_000, description="bytes of one text file; a larger file is a failure")


class RestoreSettings(_Group):
    """How text is restored."""

    model: Path | None = Field(None, description="language model; the one that chithi ships when not set")
    enabled: bool = Field(True, description="false: repair encodings only, leave words as they were read")


class RunSettings(_Group):
    """How the work is done."""

    jobs: Positive = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)), description="documents worked on side by side"
    )
    scheduler: str | None = Field(
        None, description="address of a dask scheduler (tcp://host:8786) whose workers do the work; see docs/cluster.md"
    )
    document_timeout: Seconds = Field(3600.0, description="seconds that one document may take")
    stall_timeout: Seconds = Field(600.0, description="seconds without a finished page before a document is stopped")
    memory_limit_mb: Positive = Field(4000, description="megabytes of memory that one worker may use")
    max_attempts: Positive = Field(2, description="times a document may break its worker before it is quarantined")
    keep_snapshots: Positive = Field(3, description="published snapshots that stay for a rollback")
    settle_seconds: Annotated[float, Field(ge=0)] = Field(
        2.0, description="a file that changed within this time may still be being copied: it waits for the next run"
    )


class Settings(BaseSettings):
    """All settings of a run."""

    model_config = SettingsConfigDict(env_prefix="CHITHI_", env_nested_delimiter="__", frozen=True, extra="forbid")

    input: Path = Field(Path("corpus"), description="folder of documents")
    output: Path = Field(Path("outputs"), description="folder of published tables")
    read: ReadSettings = ReadSettings()
    restore: RestoreSettings = RestoreSettings()
    run: RunSettings = RunSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(flags: dict[str, Any] | None = None, config: Path | None = None) -> Settings:
    """Settings from flags (nested dicts without what was not given), environment and file.

    Raises SettingsError where a value is wrong or the named file does not exist.
    """
    if config is not None and not config.is_file():
        raise SettingsError(f"{config}: no such settings file")

    class Located(Settings):
        model_config = SettingsConfigDict(
            env_prefix="CHITHI_",
            env_nested_delimiter="__",
            frozen=True,
            extra="forbid",
            toml_file=config or Path("chithi.toml"),
        )

    try:
        located = Located(**(flags or {}))
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, p['loc']))}: {p['msg']} (got {p['input']!r:.80})" for p in error.errors())
        raise SettingsError("; ".join(problems)) from error
    # Not the local class itself: workers get the settings pickled.
    return Settings.model_construct(**{name: getattr(located, name) for name in Settings.model_fields})
