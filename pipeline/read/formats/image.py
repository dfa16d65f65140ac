"""Picture files: PNG, JPEG, TIFF with one page or many."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import count

import numpy as np
from PIL import Image, ImageOps

from pipeline.models import Failure, Page, Source
from pipeline.read.assemble import PageFacts
from pipeline.read.errors import PageError, ReadError, too_many_pages
from pipeline.read.pictures.picture import Picture
from pipeline.read.recognition.ocr import read_picture
from pipeline.settings import ReadSettings

# A picture that does not say its resolution is taken for a page of this width (A4) in points.
_A4_WIDTH, _A4_HEIGHT = 595.0, 842.0
# What Pillow raises where the bytes of a picture make no sense.
_DAMAGE = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, AssertionError),
    *(struct.error, zlib.error, Image.DecompressionBombError),
)
_BELIEVABLE_DPI = (60.0, 1300.0)


def read_image(source: Source, settings: ReadSettings) -> Iterator[Page | Failure]:
    """Each frame as a page, turned as its EXIF data says.

    Raises ReadError: `unreadable`, `damaged_image`.
    """
    Image.MAX_IMAGE_PIXELS = None  # `max_pixels` is checked before any pixel is decoded
    try:
        image = Image.open(source.path)
    except OSError as error:
        if error.errno is None:
            raise ReadError("damaged_image", "is damaged and cannot be opened; save or scan it again") from error
        raise ReadError("unreadable", f"cannot be opened: {error.strerror}; check its permissions") from error
    except _DAMAGE as error:
        raise ReadError("damaged_image", "is damaged and cannot be opened; save or scan it again") from error
    with image:
        for number in count(1):
            try:
                image.seek(number - 1)
            except EOFError:
                return
            except _DAMAGE as error:
                # Where one frame ends and the next begins is lost, and with it all that follow.
                yield _damaged_page(source, image, number, error)
                return
            if number > settings.max_pages:
                yield too_many_pages(source, settings)
                return
            yield _read_frame(source, image, number, settings)


def _read_frame(source: Source, image: Image.Image, number: int, settings: ReadSettings) -> Page | Failure:
    try:
        picture = _picture(image, settings)
    except _DAMAGE as error:
        return _damaged_page(source, image, number, error)
    except PageError as error:
        return Failure(source.relative_path, source.sha256, number, "read", error.code, error.message)
    facts = PageFacts(number, "ocr", round(picture.width, 2), round(picture.height, 2))
    try:
        return read_picture(picture, facts, settings)
    except PageError as error:
        return Failure(source.relative_path, source.sha256, number, "read", error.code, error.message)


def _damaged_page(source: Source, image: Image.Image, number: int, error: Exception) -> Failure:
    """The failure of one frame. Raises ReadError where that is all there is."""
    if number == 1 and _frames(image) == 1:
        raise ReadError("damaged_image", f"is damaged ({type(error).__name__}); save or scan it again") from error
    message = f"this page of the picture is damaged ({type(error).__name__}: {error})"
    return Failure(source.relative_path, source.sha256, number, "read", "damaged_page", message)


def _frames(image: Image.Image) -> int:
    try:
        return int(getattr(image, "n_frames", 1))
    except _DAMAGE:
        return 1


def _picture(frame: Image.Image, settings: ReadSettings) -> Picture:
    if frame.width * frame.height > settings.max_pixels:
        raise PageError(
            "too_large", f"picture of {frame.width} × {frame.height} pixels; the limit is {settings.max_pixels}"
        )
    dpi = frame.info.get("dpi", (0, 0))
    turned = ImageOps.exif_transpose(frame)
    if "A" in turned.getbands() or "transparency" in turned.info:
        rgba = turned.convert("RGBA")
        turned = Image.new("RGB", rgba.size, "white")
        turned.paste(rgba, mask=rgba.getchannel("A"))
    elif turned.mode in ("I", "I;16", "F"):
        turned = _eight_bit(turned)
    grey = turned.mode in ("1", "L", "LA")
    pixels = np.asarray(turned.convert("L" if grey else "RGB"), dtype=np.uint8)
    resolution = _resolution(float(dpi[0] or 0), pixels.shape[1], pixels.shape[0])
    points = 72.0 / resolution
    return Picture(pixels, pixels.shape[1] * points, pixels.shape[0] * points)


def _eight_bit(image: Image.Image) -> Image.Image:
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255.0 / (high - low)) if high > low else np.full_like(values, 255.0)
    return Image.fromarray(scaled.astype(np.uint8))


def _resolution(stated: float, width: int, height: int) -> float:
    """Pixels per inch: as stated if that makes a page of believable size, else as if the picture were A4."""
    if _BELIEVABLE_DPI[0] <= stated <= _BELIEVABLE_DPI[1] and 3.0 <= width / stated <= 24.0:
        return stated
    page_width = _A4_WIDTH if width <= height else _A4_HEIGHT
    return max(20.0, width / page_width * 72.0)
