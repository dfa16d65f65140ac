"""Pages without a text layer that can be believed: cleaned, read by tesseract, laid out."""

from __future__ import annotations

import os
import subprocess
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract

from pipeline.models import Box, Page
from pipeline.read.assemble import PageFacts, assemble_page
from pipeline.read.cells import read_cells_again
from pipeline.read.clean import Cleaned, Transform, clean
from pipeline.read.errors import PageError, ReadError
from pipeline.read.layout import PageShape, lay_out, make_rows
from pipeline.read.picture import Picture, Pixels
from pipeline.read.signatures import take_signatures
from pipeline.read.table_numbers import check_numbers
from pipeline.read.token import Token
from pipeline.read.twice import read_numbers_twice
from pipeline.read.upright import missing_turn, quarter_turn, turned
from pipeline.settings import ReadSettings
from pipeline.vietnamese import is_syllable

# Column layout of text of varying sizes: keeps the lines of both header columns apart and never drops a line.
_CONFIG = "--psm 4 --oem 1"
# Below this confidence, what is neither a syllable nor a number is dirt.
_NOISE = 0.3
_COLUMNS = frozenset({"level", "block_num", "par_num", "line_num", "left", "top", "width", "height", "conf", "text"})
# Pixels of a picture too low or too narrow for a single letter.
_LOWEST_LETTER = 8


def read_picture(picture: Picture, facts: PageFacts, settings: ReadSettings) -> Page:
    """The page as tesseract reads it, the right way up.

    Raises PageError (`ocr_timeout`, `ocr_failed`) and ReadError (`tesseract_missing`, `language_missing`).
    """
    if min(picture.pixels.shape[:2]) < _LOWEST_LETTER:
        return assemble_page(facts, ())
    turn = quarter_turn(picture, settings.language)
    picture = turned(picture, turn)
    cleaned = clean(picture.pixels)
    tokens = [] if cleaned.blank else recognise(cleaned, settings)
    if further := missing_turn(cleaned, tokens, settings.language):
        turn, picture = (turn + further) % 360, turned(picture, further)
        cleaned = clean(picture.pixels)
        tokens = recognise(cleaned, settings)
    rest, signatures = take_signatures(make_rows(tokens))
    height, width = cleaned.grey.shape
    lines = lay_out(rest, PageShape(width, height), cleaned.tables)
    lines = read_cells_again(lines, cleaned, settings.language)
    lines = check_numbers(lines, cleaned)
    lines = read_numbers_twice(lines, cleaned, settings.language)
    if turn in (90, 270):
        facts = replace(facts, width=facts.height, height=facts.width)
    facts = replace(facts, signatures=facts.signatures + signatures, rotation=turn)
    return assemble_page(facts, lines, cleaned.tables, PlaceOnPage(cleaned.to_page, picture.points_per_pixel))


@dataclass(frozen=True, slots=True)
class PlaceOnPage:
    """Boxes in pixels of the cleaned image → points of the page."""

    to_page: Transform
    points_per_pixel: float

    def __call__(self, box: Box) -> Box:
        """The upright box around the four corners where they stand on the page."""
        corners = np.array([[x, y, 1.0] for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
        mapped = corners @ self.to_page.T
        on_page = mapped[:, :2] / mapped[:, 2:] * self.points_per_pixel
        (x0, y0), (x1, y1) = on_page.min(axis=0), on_page.max(axis=0)
        return Box(round(float(x0), 2), round(float(y0), 2), round(float(x1), 2), round(float(y1), 2))


def recognise(cleaned: Cleaned, settings: ReadSettings) -> list[Token]:
    """The words on a cleaned image, their boxes in its pixels."""
    data = run_tesseract(cleaned.grey, _CONFIG, settings)
    tokens = []
    rows: dict[tuple[int, int, int], int] = {}
    for index, text in enumerate(data["text"]):
        text = unicodedata.normalize("NFC", str(text)).strip()
        if not text or data["level"][index] != 5:
            continue
        place = (data["block_num"][index], data["par_num"][index], data["line_num"][index])
        confidence = max(0.0, min(1.0, float(data["conf"][index]) / 100))
        if confidence < _NOISE and not _could_be_a_word(text):
            continue
        left, top, width, height = (float(data[k][index]) for k in ("left", "top", "width", "height"))
        tokens.append(
            Token(
                text=text,
                box=Box(left, top, left + width, top + height),
                confidence=confidence,
                row=rows.setdefault(place, len(rows)),
            )
        )
    return tokens


def _could_be_a_word(text: str) -> bool:
    """Whether specks and scrawls hardly ever look like this: a syllable, or something with a digit in it."""
    return any(c.isdigit() for c in text) or is_syllable(text.strip(".,;:!?()\"'“”-"))


def run_tesseract(grey: Pixels, config: str, settings: ReadSettings) -> dict[str, list[Any]]:
    """Tesseract's words of an image, as columns."""
    # One thread a process: more of them only stand in each other's way when documents are read side by side.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with tempfile.TemporaryDirectory(prefix="chithi-") as folder:
        path = Path(folder) / "page.bmp"
        path.write_bytes(cv2.imencode(".bmp", grey)[1].tobytes())  # raises where the disk is full; imwrite does not
        try:
            result: dict[str, list[Any]] = pytesseract.image_to_data(
                str(path),
                lang=settings.language,
                config=config,
                timeout=settings.ocr_timeout,
                output_type=pytesseract.Output.DICT,
            )
            if not _COLUMNS.issubset(result):
                raise PageError("ocr_failed", "tesseract gave no words and no reason")
            return result
        except (ValueError, FileNotFoundError) as error:
            raise PageError("ocr_failed", f"tesseract gave what cannot be read: {str(error)[:300]}") from error
        except subprocess.SubprocessError as error:  # it cannot even say its version
            raise ReadError("tesseract_missing", f"tesseract does not run ({error}); install it again") from error
        except pytesseract.TesseractNotFoundError as error:
            raise ReadError(
                "tesseract_missing", "tesseract is not installed; install the Debian package tesseract-ocr"
            ) from error
        except pytesseract.TesseractError as error:
            if "Failed loading language" in str(error) or "couldn't load any languages" in str(error):
                raise ReadError(
                    "language_missing",
                    f"tesseract has no language {settings.language!r}; "
                    f"install the Debian package tesseract-ocr-{settings.language}",
                ) from error
            raise PageError("ocr_failed", f"tesseract failed: {str(error)[:300]}") from error
        except RuntimeError as error:
            raise PageError(
                "ocr_timeout",
                f"tesseract took longer than {settings.ocr_timeout:g} s; raise read.ocr_timeout or look at the page",
            ) from error
