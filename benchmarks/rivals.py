"""What other programs read on a page: raw tesseract, and OCRmyPDF with its own clean-up. What was read once is kept.

A reading is found again by the content of the page and by the program, its version and its options, so that a
benchmark can be repeated for the time that chithi itself takes. A reading from the store tells its processor seconds
and no wall seconds: these depend on what else the machine was doing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2

from benchmarks.measuring import ROOT, cpu_seconds
from pipeline.read.pictures.picture import Picture, Pixels, as_pixels

STORE = ROOT / "benchmarks" / "work" / "readings"
PEER = ROOT / ".venv-peer" / "bin" / "ocrmypdf"
MISSING_PEER = (
    "OCRmyPDF is not installed, so its column stays empty: run `make setup-peer`, and for its clean-up "
    "`apt-get install unpaper`"
)
MISSING_CLEAN_UP = "unpaper is not installed, so OCRmyPDF runs without --clean: `apt-get install unpaper`"
_RAW_DPI = 300


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a page, the processor seconds it took, and the wall seconds if it was read just now."""

    text: str
    cpu: float
    wall: float | None


def read_raw(picture: Picture, dpi: float, *, fresh: bool = False) -> Reading:
    """The picture as raw tesseract reads it, brought to 300 dpi; `fresh` reads it now, whatever is stored."""
    pixels = _as_written(picture)
    if abs(dpi - _RAW_DPI) > 1:
        factor = _RAW_DPI / dpi
        pixels = as_pixels(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))
    options = ("tesseract", "-l", "vie", "--psm", "4", "--dpi", str(_RAW_DPI))

    def read(folder: Path) -> str:
        path = folder / "page.bmp"
        cv2.imwrite(str(path), pixels)
        command = [options[0], str(path), "-", *options[1:]]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return _stored((_version("tesseract"), *options), pixels, read, fresh=fresh)


def peer_program() -> str | None:
    """Where OCRmyPDF is installed: in the environment that `make setup-peer` makes, or on the path."""
    return str(PEER) if PEER.is_file() else shutil.which("ocrmypdf")


def read_peer(program: str, picture: Picture, dpi: float) -> Reading:
    """The picture as OCRmyPDF reads it with its own clean-up; without `--clean` where `unpaper` is missing."""
    pixels = _as_written(picture)
    clean_up = ("--deskew", "--clean") if shutil.which("unpaper") else ("--deskew",)
    options = ("-l", "vie", *clean_up, "--jobs", "1", "--image-dpi", str(round(dpi)), "-q", "--output-type", "none")

    def read(folder: Path) -> str:
        page, text = folder / "page.png", folder / "page.txt"
        cv2.imwrite(str(page), pixels)
        done = subprocess.run(
            [program, *options, "--sidecar", str(text), str(page), "-"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program} ended with exit code {done.returncode}: {done.stderr[-400:]}")
        return text.read_text(encoding="utf-8")

    return _stored((_version(program), _version("tesseract"), *options), pixels, read, fresh=False)


def _as_written(picture: Picture) -> Pixels:
    """The pixels in the order in which OpenCV writes colours."""
    if picture.pixels.ndim == 2:
        return picture.pixels
    return as_pixels(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR))


@lru_cache(maxsize=8)
def _version(program: str) -> str:
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return " ".join((shown.stdout or shown.stderr).split()[:2])


def _stored(how: Sequence[str], pixels: Pixels, read: Callable[[Path], str], *, fresh: bool) -> Reading:
    key = hashlib.sha256(repr((how, pixels.shape)).encode() + pixels.tobytes()).hexdigest()
    path = STORE / f"{key}.json"
    if path.is_file() and not fresh:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Reading(kept["text"], kept["cpu"], None)
    with tempfile.TemporaryDirectory() as folder:
        began, cpu = time.perf_counter(), cpu_seconds()
        text = read(Path(folder))
        reading = Reading(text, cpu_seconds() - cpu, time.perf_counter() - began)
    STORE.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"text": reading.text, "cpu": reading.cpu}), encoding="utf-8")
    part.replace(path)
    return reading
