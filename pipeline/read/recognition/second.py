"""A second reader for small pieces of a page: tesseract inside this process, without a start for every piece."""

from __future__ import annotations

import os
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import tesserocr
from PIL import Image

from pipeline.models import Box
from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.token import Token

_MARGIN = 12
# It tells the terminal of boxes on the edge of a picture, which it cuts itself.
tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)

BLOCK, SPARSE = tesserocr.PSM.SINGLE_BLOCK, tesserocr.PSM.SPARSE_TEXT
_DIGITS = "0123456789.,%‰-+/"
_FOLDERS = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata")


@dataclass(frozen=True, slots=True)
class Reading:
    """One word of a second reading: where it begins and ends in the piece, from left to right, in its pixels."""

    text: str
    x0: float
    x1: float
    confidence: float


class SecondReader:
    """Reads single lines. One for each process and language: `second_reader`."""

    def __init__(self, folder: str, language: str) -> None:
        # One thread, as for the first reading.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        self._api = tesserocr.PyTessBaseAPI(
            path=folder, lang=language, psm=tesserocr.PSM.SINGLE_LINE, oem=tesserocr.OEM.LSTM_ONLY
        )

    def read(self, piece: Pixels, scale: float, *, digits_only: bool = False) -> list[Reading]:
        """The words on a piece of a page that shows one line, after scaling it; with `digits_only` as a number."""
        if min(piece.shape) < 3:
            return []
        mode = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        size = (max(8, round(piece.shape[1] * scale)), max(8, round(piece.shape[0] * scale)))
        scaled = as_pixels(cv2.resize(piece, size, interpolation=mode))
        framed = cv2.copyMakeBorder(scaled, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=(255.0,))
        self._api.SetVariable("tessedit_char_whitelist", _DIGITS if digits_only else "")
        return [
            Reading(token.text, token.box.x0 / scale, token.box.x1 / scale, token.confidence)
            for line in self._words(as_pixels(framed), tesserocr.PSM.SINGLE_LINE)
            for token in line
        ]

    def read_all(self, piece: Pixels, mode: int) -> list[list[Token]]:
        """The words on a piece of a page by lines, their boxes in its pixels; `mode` is BLOCK or SPARSE."""
        if min(piece.shape) < 3:
            return []
        framed = cv2.copyMakeBorder(piece, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=(255.0,))
        self._api.SetVariable("tessedit_char_whitelist", "")
        return self._words(as_pixels(framed), mode)

    def _words(self, framed: Pixels, mode: int) -> list[list[Token]]:
        """The words on a framed picture by lines; boxes count without the frame."""
        self._api.SetPageSegMode(mode)
        self._api.SetImage(Image.fromarray(np.ascontiguousarray(framed)))
        self._api.SetSourceResolution(300)
        lines: list[list[Token]] = []
        if not self._api.Recognize():
            return lines
        words = self._api.GetIterator()
        for word in tesserocr.iterate_level(words, tesserocr.RIL.WORD) if words else ():
            if not lines or word.IsAtBeginningOf(tesserocr.RIL.TEXTLINE):
                lines.append([])
            try:
                text = unicodedata.normalize("NFC", word.GetUTF8Text(tesserocr.RIL.WORD)).strip()
            except RuntimeError:
                continue  # an empty line
            box = word.BoundingBox(tesserocr.RIL.WORD)
            if not text or box is None:
                continue
            confidence = max(0.0, min(1.0, word.Confidence(tesserocr.RIL.WORD) / 100))
            lines[-1].append(Token(text, Box(*(float(side - _MARGIN) for side in box)), confidence))
        self._api.Clear()
        return [line for line in lines if line]


@lru_cache(maxsize=4)
def second_reader(language: str) -> SecondReader | None:
    """The reader of this process; None where the language's model is not found: then everything is read once."""
    folder = model_folder(language)
    if folder is None:
        return None
    try:
        return SecondReader(str(folder), language)
    except RuntimeError:
        return None


@lru_cache(maxsize=4)
def model_folder(language: str) -> Path | None:
    """Where the installed tesseract keeps its models: tesserocr's own default is the current folder."""
    candidates = [Path(prefix) for prefix in [os.environ.get("TESSDATA_PREFIX")] if prefix]
    candidates += [path / "tessdata" for path in candidates]
    try:
        listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
        match = re.search(r'"([^"\n]{1,400})"', listed.stdout + listed.stderr)
        if match:
            candidates.append(Path(match[1]))
    except (OSError, subprocess.SubprocessError):
        pass
    for pattern in _FOLDERS:
        candidates += sorted(Path("/").glob(pattern.lstrip("/")))
    first = language.split("+", maxsplit=1)[0]
    return next((folder for folder in candidates if (folder / f"{first}.traineddata").is_file()), None)
