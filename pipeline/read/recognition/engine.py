"""Tesseract on a whole page, in two ways: inside this process, and as a program of its own by pytesseract.

Inside is a third quicker (no start, no model to load for every page, a newer build of tesseract) and reads as well.
Pages full of specks may take it very long, and a program can be ended; and the program reads once more what the first
reading made little of. Measured by `python -m benchmarks.reading`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract
import tesserocr
from PIL import Image

from pipeline.read.errors import PageError, ReadError
from pipeline.read.pictures.picture import Pixels
from pipeline.read.recognition.second import model_folder
from pipeline.settings import ReadSettings

# Column layout of text of varying sizes: keeps the lines of both header columns apart and never drops a line.
_CONFIG = "--psm 4 --oem 1"
_LAYOUT, _MODEL = tesserocr.PSM.SINGLE_COLUMN, tesserocr.OEM.LSTM_ONLY
_LONGEST_SIDE = 32_767  # pixels: tesseract counts them in 16 bits
_NEEDED = frozenset({"level", "block_num", "par_num", "line_num", "left", "top", "width", "height", "conf", "text"})

Columns = dict[str, list[Any]]


def read_inside(grey: Pixels, settings: ReadSettings) -> Columns | None:
    """Tesseract's words of an image as columns, read inside this process; None where its model is not found.

    Raises PageError (`too_large`, `ocr_timeout`, `ocr_failed`).
    """
    _require_readable(grey)
    # Pages full of specks need the program: that it is missing shall show on the first page of a run.
    program = shutil.which(pytesseract.pytesseract.tesseract_cmd)
    api = _page_reader(settings.language) if program else None
    if api is None:
        return None
    started = time.monotonic()
    try:
        api.SetImage(Image.fromarray(np.ascontiguousarray(grey)))
        api.SetSourceResolution(300)
        if not api.Recognize(max(1, int(settings.ocr_timeout * 1000))):
            if time.monotonic() - started >= settings.ocr_timeout:
                raise _too_slow(settings)
            raise PageError("ocr_failed", "tesseract gave up on the page and no reason; look at the page")
        return _columns(api.GetTSVText(0))
    except RuntimeError as error:
        raise PageError("ocr_failed", f"tesseract failed: {error}; look at the page") from error
    finally:
        api.Clear()


def _require_readable(grey: Pixels) -> None:
    height, width = grey.shape[:2]
    if max(height, width) > _LONGEST_SIDE:
        raise PageError("too_large", f"page image of {width} × {height} pixels; the limit of a side is {_LONGEST_SIDE}")


@lru_cache(maxsize=2)
def _page_reader(language: str) -> Any:
    """The reader of pages of this process; None where the language's model is not found."""
    folder = model_folder(language)
    if folder is None:
        return None
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        return tesserocr.PyTessBaseAPI(path=str(folder), lang=language, psm=_LAYOUT, oem=_MODEL)
    except RuntimeError:
        return None


def _columns(table: str) -> Columns:
    """The columns of tesseract's own table, as pytesseract names them."""
    names = ("level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width", "height")
    columns: Columns = {name: [] for name in (*names, "conf", "text")}
    for row in table.split("\n"):
        cells = row.split("\t", 11)
        if len(cells) < 11:
            continue
        for name, cell in zip(names, cells, strict=False):
            columns[name].append(int(cell))
        columns["conf"].append(float(cells[10]))
        columns["text"].append(cells[11] if len(cells) > 11 else "")
    return columns


def read_by_program(grey: Pixels, settings: ReadSettings) -> Columns:
    """Tesseract's words of an image as columns, read by the installed program.

    Raises PageError (`too_large`, `ocr_timeout`, `ocr_failed`) and ReadError (`tesseract_missing`, `language_missing`).
    """
    _require_readable(grey)
    # One thread a process: more of them only stand in each other's way when documents are read side by side.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with tempfile.TemporaryDirectory(prefix="chithi-") as folder:
        path = Path(folder) / "page.bmp"
        path.write_bytes(cv2.imencode(".bmp", grey)[1].tobytes())  # raises where the disk is full; imwrite does not
        try:
            result: Columns = pytesseract.image_to_data(
                str(path),
                lang=settings.language,
                config=_CONFIG,
                timeout=settings.ocr_timeout,
                output_type=pytesseract.Output.DICT,
            )
            if not _NEEDED.issubset(result):
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
            ended = f"was ended by signal {-error.status}" if error.status < 0 else f"failed: {str(error)[:300]}"
            raise PageError("ocr_failed", f"tesseract {ended}") from error
        except RuntimeError as error:
            raise _too_slow(settings) from error


def _too_slow(settings: ReadSettings) -> PageError:
    return PageError(
        "ocr_timeout",
        f"tesseract took longer than {settings.ocr_timeout:g} s; raise read.ocr_timeout or look at the page",
    )
