"""The picture of a PDF page: its own scanned image pixel for pixel where it is one, else a rendering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.read.errors import PageError

Pixels = npt.NDArray[np.uint8]

_LOWEST_DPI, _HIGHEST_DPI = 100.0, 600.0
_POINTS_PER_INCH = 72.0


def as_pixels(array: Any) -> Pixels:
    """The same array, known to hold bytes."""
    return np.asarray(array, dtype=np.uint8)


def shrink(pixels: Pixels, side: float) -> Pixels:
    """The picture made smaller until its longer side has `side` pixels; a smaller one as it is."""
    while max(pixels.shape[:2]) >= 2 * side:
        # Halves are many times quicker than other shares.
        rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
        if min(rows, columns) < 1:
            break
        halved = cv2.resize(pixels[: 2 * rows, : 2 * columns], (columns, rows), interpolation=cv2.INTER_AREA)
        pixels = as_pixels(halved)
    factor = max(pixels.shape[:2]) / side
    if factor <= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] / factor)), max(1, round(pixels.shape[0] / factor)))
    return as_pixels(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels (grey: height × width; colour: height × width × RGB) and its size in points."""

    pixels: Pixels
    width: float
    height: float

    @property
    def points_per_pixel(self) -> float:
        """Points for one pixel; pixels are square."""
        return float(self.width / self.pixels.shape[1])


def page_picture(page: pdfium.PdfPage, dpi: int, max_pixels: int) -> Picture:
    """The picture of a page, at the resolution of its own scan if it is one.

    Raises PageError `too_large` where it has more than `max_pixels`.
    """
    width, height = page.get_size()
    images = _images(page)
    scan = max(images, key=lambda i: _area(i.get_bounds()), default=None)
    if scan is not None and _area(scan.get_bounds()) >= 0.5 * width * height:
        if len(images) == 1 and not _draws_more(page) and (exact := _exact(page, scan, max_pixels)) is not None:
            return Picture(exact, width, height)
        left, _, right, _ = scan.get_bounds()
        own = scan.get_metadata().width / max(1.0, right - left) * _POINTS_PER_INCH
        dpi = round(min(_HIGHEST_DPI, max(_LOWEST_DPI, own)))
    scale = dpi / _POINTS_PER_INCH
    if width * height * scale * scale > max_pixels:
        raise PageError(
            "too_large", f"page of {width * scale:.0f} × {height * scale:.0f} pixels; the limit is {max_pixels}"
        )
    bitmap = page.render(scale=scale, draw_annots=True)
    try:
        return Picture(_rgb(bitmap), width, height)
    finally:
        bitmap.close()


def _images(page: pdfium.PdfPage) -> list[Any]:
    return list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _draws_more(page: pdfium.PdfPage) -> bool:
    """Whether lines, forms or visible stamps lie over the scan; invisible text (a text layer) does not count."""
    if pdfium_c.FPDFPage_GetAnnotCount(page) > 0:
        return True
    for item in page.get_objects(max_depth=1):
        if item.type in (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_FORM, pdfium_c.FPDF_PAGEOBJ_SHADING):
            return True
        if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item)
            if mode != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
                return True
    return False


def _area(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return max(0.0, right - left) * max(0.0, top - bottom)


def _exact(page: pdfium.PdfPage, scan: Any, max_pixels: int) -> Pixels | None:
    """The scan's own pixels, where it fills the page upright; None where the page must be rendered."""
    width, height = page.get_size()
    left, bottom, right, top = scan.get_bounds()
    fills = left < 2 and bottom < 2 and right > width - 2 and top > height - 2
    a, b, c, d, _, _ = scan.get_matrix().get()
    upright = a > 0 and d > 0 and abs(b) < 1e-3 and abs(c) < 1e-3 and page.get_rotation() == 0
    if not fills or not upright or left < -2 or bottom < -2 or right > width + 2 or top > height + 2:
        return None
    facts = scan.get_metadata()
    if facts.width * facts.height > max_pixels:
        raise PageError("too_large", f"scan of {facts.width} × {facts.height} pixels; the limit is {max_pixels}")
    # Oblong pixels (fax): the rendering makes them square.
    if abs(facts.width / width - facts.height / height) > 0.02 * facts.width / width:
        return None
    if facts.width / width * _POINTS_PER_INCH > _HIGHEST_DPI:
        return None
    try:
        return _rgb(scan.get_bitmap(render=False))
    except pdfium.PdfiumError:
        return None


def _rgb(bitmap: pdfium.PdfBitmap) -> Pixels:
    """A copy of the pixels as grey or RGB, transparency on white."""
    array = np.asarray(bitmap.to_numpy())
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim == 2:
        return np.array(array, dtype=np.uint8)
    if np.array_equal(array[::7, ::7, 0], array[::7, ::7, 1]) and np.array_equal(
        array[::7, ::7, 1], array[::7, ::7, 2]
    ):
        return np.array(array[:, :, 1], dtype=np.uint8)
    swapped = bitmap.mode.startswith("BGR")
    if array.shape[2] == 4:
        code = cv2.COLOR_BGRA2RGB if swapped else cv2.COLOR_RGBA2RGB
    else:
        code = cv2.COLOR_BGR2RGB if swapped else cv2.COLOR_RGB2BGR
        if not swapped:
            return np.array(array, dtype=np.uint8)
    return np.array(cv2.cvtColor(array, code), dtype=np.uint8)
