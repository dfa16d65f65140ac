"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real sample documents beside the checkout; tests that need it skip where it is missing."""
    folder = Path(os.environ.get("CHITHI_SHARED", ROOT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip(f"no sample documents at {folder} (set CHITHI_SHARED to their folder)")
    return folder
