"""A tesseract that crashes, hangs, or says what is no answer costs the page, with a code, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import psutil
import pytest

from pipeline.read.errors import PageError, ReadError
from pipeline.read.recognition.engine import read_by_program
from pipeline.settings import ReadSettings

# What the false program does; `$2` is where its table belongs.
ANSWERS = {
    "crashes": ("kill -SEGV $$", "ocr_failed"),
    "ends with an error": ("echo 'out of luck' >&2; exit 1", "ocr_failed"),
    "complains in bytes that are no text": (r"printf '\377\376\200' >&2; exit 1", "ocr_failed"),
    "says nothing": ("exit 0", "ocr_failed"),
    "writes an empty table": (': > "$2.tsv"', "ocr_failed"),
    "writes bytes that are no text": (r'printf "level\ttext\n5\t\377\376\n" > "$2.tsv"', "ocr_failed"),
    "writes another table": (r'printf "one\ttwo\n1\t2\n" > "$2.tsv"', "ocr_failed"),
    "hangs": ("exec sleep 4731", "ocr_timeout"),
}


@pytest.mark.parametrize(("script", "code"), ANSWERS.values(), ids=ANSWERS.keys())
def test_a_bad_answer_is_a_failure_of_the_page(
    script: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    questions = "[ $1 = --version ] && echo tesseract 5.3.0 && exit\n[ $# -lt 2 ] && exit"
    program.write_text(f"#!/bin/sh\n{questions}\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", str(program))
    with pytest.raises(PageError) as caught:
        read_by_program(np.full((40, 40), 255, np.uint8), ReadSettings(ocr_timeout=1.0))
    assert caught.value.code == code
    assert not [p for p in psutil.Process().children() if "sleep" in p.name()]


def test_one_that_cannot_even_say_its_version_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(-11, ["tesseract", "--version"])

    monkeypatch.setattr("pytesseract.image_to_data", crash)
    with pytest.raises(ReadError) as caught:
        read_by_program(np.full((40, 40), 255, np.uint8), ReadSettings())
    assert caught.value.code == "tesseract_missing"
