"""Turns clean page images into what scanners and telephones make of paper. Every function is repeatable by its seed."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from augraphy import (
    AugraphyPipeline,
    BadPhotoCopy,
    DirtyDrum,
    Folding,
    InkBleed,
    LightingGradient,
    NoiseTexturize,
    ShadowCast,
    SubtleNoise,
)
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]

_ALWAYS = 1.0

Phases = tuple[list[Any], list[Any], list[Any]]  # what augraphy does to the ink, the paper, and the scan


def _light() -> Phases:
    ink = InkBleed(intensity_range=(0.1, 0.2), kernel_size=(3, 3), severity=(0.1, 0.2), p=_ALWAYS)
    return [ink], [], [SubtleNoise(subtle_range=6, p=_ALWAYS)]


def _medium() -> Phases:
    ink = InkBleed(intensity_range=(0.2, 0.4), kernel_size=(3, 3), severity=(0.2, 0.3), p=_ALWAYS)
    paper = NoiseTexturize(sigma_range=(2, 3), turbulence_range=(2, 4), p=_ALWAYS)
    drum = DirtyDrum(line_width_range=(1, 2), line_concentration=0.015, noise_intensity=0.12, p=_ALWAYS)
    return [ink], [paper], [drum, SubtleNoise(subtle_range=10, p=_ALWAYS)]


def _copy() -> Phases:
    dust = BadPhotoCopy(
        noise_type=1,
        noise_side="left",
        noise_iteration=(1, 1),
        noise_size=(1, 2),
        noise_value=(60, 140),
        noise_sparsity=(0.3, 0.5),
        noise_concentration=(0.1, 0.2),
        blur_noise=0,
        wave_pattern=0,
        edge_effect=0,
        p=_ALWAYS,
    )
    return [], [], [dust]


_PHASES: dict[str, Callable[[], Phases]] = {"light": _light, "medium": _medium, "copy": _copy}
_SKEW = {"light": 0.2, "medium": 0.5, "copy": 0.4}  # degrees


def seed(value: int) -> None:
    """Makes augraphy, numpy, OpenCV and random repeatable."""
    random.seed(value)
    np.random.seed(value)
    cv2.setRNGSeed(value)


def scanner(picture: Picture, strength: str, value: int) -> Picture:
    """A grey scan: a little skew, ink that spreads, and by `strength` (`light medium copy`) more or less dirt."""
    seed(value)
    ink, paper, post = _PHASES[strength]()
    damaged = AugraphyPipeline(ink_phase=ink, paper_phase=paper, post_phase=post)(picture)
    angle = random.choice((-1, 1)) * _SKEW[strength]
    return _grey(rotate(damaged, angle))


def photograph(picture: Picture, value: int) -> Picture:
    """A photograph of the page on a desk: seen from aslant, unevenly lit, with a shadow across it."""
    seed(value)
    lit = AugraphyPipeline(
        ink_phase=[],
        paper_phase=[],
        post_phase=[
            Folding(fold_count=1, fold_noise=0.0, fold_angle_range=(0, 0), gradient_width=(0.1, 0.15),
                    gradient_height=(0.005, 0.01), p=_ALWAYS),
            LightingGradient(light_position=None, max_brightness=250, min_brightness=150, mode="gaussian", p=_ALWAYS),
            ShadowCast(shadow_side="right", shadow_vertices_range=(2, 3), shadow_width_range=(0.3, 0.45),
                       shadow_height_range=(0.4, 0.6), shadow_opacity_range=(0.35, 0.45),
                       shadow_iterations_range=(1, 1),
                       shadow_blur_kernel_range=(151, 201), p=_ALWAYS),
        ],
    )(picture)  # fmt: skip
    height, width = lit.shape[:2]
    desk = np.full((int(height * 1.08), int(width * 1.12), 3), (70, 92, 118), np.uint8)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    reached = [[0.075, 0.035], [1.04, 0.055], [1.085, 1.045], [0.03, 1.05]]  # where the corners of the page come to lie
    seen = (np.array(reached) * (width, height)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    size = (desk.shape[1], desk.shape[0])
    warped = cv2.warpPerspective(lit, matrix, size)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    desk[mask > 127] = warped[mask > 127]
    return np.asarray(cv2.GaussianBlur(desk, (3, 3), 0.6), np.uint8)


def bleed_through(picture: Picture, other: Picture, value: int) -> Picture:
    """The page with the back of the sheet shining through."""
    seed(value)
    mirrored = cv2.GaussianBlur(cv2.flip(other, 1), (5, 5), 2.0).astype(np.float32)
    return np.clip(picture.astype(np.float32) - 0.12 * (255 - mirrored), 0, 255).astype(np.uint8)


def rotate(picture: Picture, degrees: float) -> Picture:
    """The page turned a little, the corners filled with paper."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    fill = (255, 255, 255) if picture.ndim == 3 else 255
    turned = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=fill)
    return np.asarray(turned, np.uint8)


def seal(picture: Picture, centre: tuple[float, float], scale: float, words: str, font_file: str) -> Picture:
    """A round red seal over the signature; `centre` in points, `scale` in pixels a point."""
    image = Image.fromarray(picture)
    layer = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(layer)
    x, y = centre[0] * scale, centre[1] * scale
    red = (205, 40, 45)
    for radius, width in ((50, 2.4), (46, 0.8), (27, 1.0)):
        r = radius * scale
        draw.ellipse((x - r, y - r, x + r, y + r), outline=red, width=max(1, round(width * scale)))
    _star(draw, x, y, 17 * scale, red)
    _around(layer, words, (x, y), 36.5 * scale, font_file, round(9 * scale), red)
    return np.asarray(_multiply(image, layer))


def incoming_stamp(
    picture: Picture, corner: tuple[float, float], scale: float, lines: Sequence[str], font_file: str
) -> Picture:
    """The blue stamp of the office that received the paper; `corner` in points."""
    image = Image.fromarray(picture)
    layer = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(layer)
    blue = (45, 60, 165)
    x, y = corner[0] * scale, corner[1] * scale
    font = ImageFont.truetype(font_file, round(9 * scale))
    height = (14 * len(lines) + 6) * scale
    draw.rectangle((x, y, x + 136 * scale, y + height), outline=blue, width=max(1, round(1.2 * scale)))
    for number, line in enumerate(lines):
        draw.text((x + 5 * scale, y + (4 + 14 * number) * scale), line, fill=blue, font=font)
    return np.asarray(_multiply(image, layer.rotate(1.5, center=(x, y), fillcolor="white")))


def jpeg(picture: Picture, quality: int) -> bytes:
    """The picture as JPEG."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=quality, optimize=True)
    return data.getvalue()


def bilevel_png(picture: Picture, threshold: int = 150) -> bytes:
    """Black and white only, as many office scanners save."""
    data = io.BytesIO()
    black_and_white = np.where(_grey(picture) > threshold, 255, 0).astype(np.uint8)
    Image.fromarray(black_and_white).convert("1").save(data, "PNG", optimize=True)
    return data.getvalue()


def _grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8) if picture.ndim == 3 else picture


def _multiply(below: Image.Image, above: Image.Image) -> Image.Image:
    product = np.asarray(below.convert("RGB")).astype(np.uint16) * np.asarray(above).astype(np.uint16) // 255
    return Image.fromarray(product.astype(np.uint8))


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
    turns = np.arange(10) * np.pi / 5 - np.pi / 2
    lengths = np.where(np.arange(10) % 2 == 0, radius, radius * 0.4)
    draw.polygon([(x + r * np.cos(t), y + r * np.sin(t)) for t, r in zip(turns, lengths, strict=True)], fill=colour)


def _around(
    layer: Image.Image,
    words: str,
    centre: tuple[float, float],
    radius: float,
    font_file: str,
    size: int,
    colour: tuple[int, int, int],
) -> None:
    font = ImageFont.truetype(font_file, size)
    step = 300 / max(1, len(words))
    for number, letter in enumerate(words):
        angle = -150 + step * (number + 0.5)
        box = Image.new("RGB", (size * 2, size * 2), "white")
        ImageDraw.Draw(box).text((size, size), letter, fill=colour, font=font, anchor="mm")
        turned = box.rotate(-angle, fillcolor="white")
        at = np.radians(angle - 90)
        corner = (round(centre[0] + radius * np.cos(at)) - size, round(centre[1] + radius * np.sin(at)) - size)
        area = (corner[0], corner[1], corner[0] + size * 2, corner[1] + size * 2)
        layer.paste(_multiply(layer.crop(area), turned), corner)
