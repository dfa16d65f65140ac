"""Pages printed from text and damaged as offices damage them: what `benchmarks.reading` reads.

Levels: `clean` (300 dpi), `fax` (200 dpi, black and white), `noisy` (150 dpi, noise, blur, JPEG, skew), `shadow` (200
dpi, colour, shadow, bleed-through, a red seal over the text), `photograph` (perspective, uneven light, blur, JPEG),
`stamps` (200 dpi, colour, JPEG, a seal and a stamp of incoming mail in blue or purple over the text).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]

PRINTED_DPI = 300
A4 = (595.0, 842.0)
FONTS = (
    ("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf", 14.0),
    ("/usr/share/fonts/truetype/croscore/Arimo-Regular.ttf", 13.0),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", 12.0),
    ("/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf", 13.0),
)
_VILLAGES = ("Đồng Mây", "Suối Nắng", "Tân Hưng", "Bãi Lộng", "Hải Nguyên", "Thượng Khê", "Cồn Ngọc")
_COLUMNS = (60, 95, 235, 300, 365, 430, 495, 550)
_TABLE_ROWS = 14


@dataclass(frozen=True, slots=True)
class Sample:
    """One damaged page: its picture, its resolution, its lines; `cells` are the rows of its table, if it has one."""

    level: str
    pixels: Pixels
    dpi: float
    lines: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...] = ()


def fonts() -> list[tuple[Path, float]]:
    """The installed fonts of `FONTS` and their sizes in points.

    Raises FileNotFoundError where there are fewer than three.
    """
    present = [(Path(path), size) for path, size in FONTS if Path(path).is_file()]
    if len(present) < 3:
        raise FileNotFoundError("install fonts-croscore, fonts-dejavu-core and fonts-noto-core (three of their fonts)")
    return present


def print_page(
    paragraphs: Sequence[str], font: Path, size: float, most_lines: int = 30, paper: tuple[float, float] = A4
) -> tuple[Pixels, list[str]]:
    """Paragraphs on a page, cut below the last line, and the lines as they were printed. `paper` is in points."""
    scale = PRINTED_DPI / 72
    image = Image.new("L", (round(paper[0] * scale), round(paper[1] * scale)), 255)
    draw = ImageDraw.Draw(image)
    face = ImageFont.truetype(str(font), round(size * scale))
    left, right, top, step = 85 * scale, (paper[0] - 40) * scale, 60 * scale, 1.38 * size * scale
    printed: list[str] = []
    for paragraph in paragraphs:
        words = paragraph.split()
        indent = 28 * scale
        while words and len(printed) < most_lines:
            count = 1
            while count < len(words) and draw.textlength(" ".join(words[: count + 1]), face) < right - left - indent:
                count += 1
            printed.append(" ".join(words[:count]))
            draw.text((left + indent, top), printed[-1], font=face, fill=0)
            words, top, indent = words[count:], top + step, 0.0
        top += 0.3 * step
    height = min(image.height, round(top + 60 * scale))
    return np.asarray(image, dtype=np.uint8)[:height].copy(), printed


def print_table(rng: random.Random, font: Path, size: float) -> tuple[Pixels, list[tuple[str, ...]]]:
    """A ruled table of numbers of every form, and its rows."""
    scale = PRINTED_DPI / 72
    image = Image.new("L", (round(A4[0] * scale), round((_TABLE_ROWS * 22 + 120) * scale)), 255)
    draw = ImageDraw.Draw(image)
    face = ImageFont.truetype(str(font), round(0.86 * size * scale))
    top, bottom = 60, 60 + 22 * _TABLE_ROWS
    for line in range(_TABLE_ROWS + 1):
        height = (top + 22 * line) * scale
        draw.line((_COLUMNS[0] * scale, height, _COLUMNS[-1] * scale, height), fill=0, width=3)
    for column in _COLUMNS:
        draw.line((column * scale, top * scale, column * scale, bottom * scale), fill=0, width=3)
    rows: list[tuple[str, ...]] = []
    for number in range(_TABLE_ROWS):
        row = (str(number + 1), f"Xã {rng.choice(_VILLAGES)}", *(_number(rng) for _ in range(5)))
        for text, (left, right) in zip(row, pairwise(_COLUMNS), strict=True):
            x = (left + right) / 2 * scale - draw.textlength(text, face) / 2
            draw.text((x, (top + 22 * number + 3.5) * scale), text, font=face, fill=0)
        rows.append(row)
    return np.asarray(image, dtype=np.uint8).copy(), rows


def _number(rng: random.Random) -> str:
    tail = f"{rng.randint(0, 99):02d}"
    return rng.choice(
        (
            str(rng.randint(0, 9)),
            str(rng.randint(10, 999)),
            f"{rng.randint(1, 99)},{rng.randint(0, 9)}",
            f"{rng.randint(1, 99)},{tail}",
            f"{rng.randint(1, 99)}.{rng.randint(0, 999):03d}",
            f"{rng.randint(1, 100)}%",
            f"{rng.randint(0, 99)},{rng.randint(0, 9)}%",
        )
    )


# ------------------------------------------------------------------------------------------------ damage

Damage = Callable[[Pixels, np.random.Generator], tuple[Pixels, float]]


def _bytes(values: npt.NDArray[np.float64]) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)


def _scaled(image: Pixels, factor: float) -> Pixels:
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _turned(image: Pixels, degrees: float) -> Pixels:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    flags = cv2.INTER_CUBIC
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), flags=flags, borderValue=(255.0,)), dtype=np.uint8)


def _jpeg(image: Pixels, quality: int) -> Pixels:
    flag = cv2.IMREAD_GRAYSCALE if image.ndim == 2 else cv2.IMREAD_COLOR
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, flag), dtype=np.uint8)


def _clean(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    return image, PRINTED_DPI


def _fax(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    small = _scaled(image, 2 / 3)
    ragged = _turned(_bytes(small + rng.normal(0, 18, small.shape)), rng.uniform(-0.5, 0.5))
    return np.where(ragged > 140, 255, 0).astype(np.uint8), PRINTED_DPI * 2 / 3


def _noisy(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    small = _turned(_scaled(image, 0.5), rng.uniform(-1.5, 1.5))
    pale = cv2.GaussianBlur(small, (0, 0), 0.7).astype(np.float64) * 0.8 + 30
    return _jpeg(_bytes(pale + rng.normal(0, 16, pale.shape)), 40), PRINTED_DPI / 2


def _grain(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    """So much noise that raw tesseract takes minutes for a page and reads nothing of it."""
    small = _turned(_scaled(image, 0.5), rng.uniform(-1.5, 1.5))
    pale = cv2.GaussianBlur(small, (0, 0), 0.7).astype(np.float64) * 0.8 + 30
    return _jpeg(_bytes(pale + rng.normal(0, 40, pale.shape)), 40), PRINTED_DPI / 2


def _shadow(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    paper = _scaled(image, 2 / 3).astype(np.float64)
    height, width = paper.shape
    behind = cv2.GaussianBlur(np.ascontiguousarray(paper[:, ::-1]), (0, 0), 2)
    paper = np.minimum(paper, 255 - (255 - behind) * 0.18)
    paper = (paper * 0.85 + 25) * (0.55 + 0.45 * np.linspace(0, 1, width)[None, :] ** 0.7)
    colour = np.stack([paper, paper * 0.98, paper * 0.93], axis=-1)
    seal = np.zeros((height, width), np.uint8)
    middle = (int(width * 0.6), int(height * 0.6))
    cv2.circle(seal, middle, 170, (255.0,), 6)
    cv2.circle(seal, middle, 120, (255.0,), 3)
    cv2.putText(seal, "UY BAN NHAN DAN", (middle[0] - 150, middle[1]), cv2.FONT_HERSHEY_SIMPLEX, 1, (255.0,), 3)
    share = (cv2.GaussianBlur(seal, (0, 0), 1) / 255 * 0.85)[..., None]
    red = np.array([205, 45, 50.0])[None, None]
    colour = colour * (1 - share) + np.minimum(colour, red * colour / 255 * 1.1) * share
    return _bytes(colour + rng.normal(0, 5, colour.shape)), PRINTED_DPI * 2 / 3


_INKS = ((45, 60, 175), (95, 50, 165), (30, 95, 190), (120, 60, 170))


def _stamped(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    """A scan in colour with a round seal and a stamp of incoming mail in blue or purple ink over the text."""
    paper = np.repeat(_scaled(image, 2 / 3)[..., None], 3, axis=2).astype(np.float64)
    paper = paper * 0.9 + np.array([22.0, 20, 14])
    height, width = paper.shape[:2]
    for round_seal in (True, False):
        stamp = np.zeros((height, width), np.uint8)
        across, down = int(width * rng.uniform(0.3, 0.7)), int(height * rng.uniform(0.15, 0.5))
        if round_seal:
            cv2.circle(stamp, (across, down), 150, (255.0,), 5)
            cv2.circle(stamp, (across, down), 105, (255.0,), 3)
            cv2.putText(stamp, "VAN PHONG", (across - 95, down + 8), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (255.0,), 3)
        else:
            cv2.rectangle(stamp, (across - 190, down - 75), (across + 190, down + 75), (255.0,), 4)
            for line, text in enumerate(("DEN", "So: 1457", "Ngay: 12-3-2018")):
                at = (across - 170, down - 30 + 45 * line)
                cv2.putText(stamp, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255.0,), 3)
        stamp = _turned_stamp(stamp, (across, down), rng.uniform(-12, 12))
        share = (cv2.GaussianBlur(stamp, (0, 0), 1) / 255 * rng.uniform(0.7, 0.95))[..., None]
        ink = np.array(_INKS[rng.integers(len(_INKS))], dtype=np.float64)[None, None]
        paper = paper * (1 - share) + np.minimum(paper, ink * paper / 255 * 1.1) * share
    return _jpeg_colour(_bytes(paper + rng.normal(0, 4, paper.shape)), 80), PRINTED_DPI * 2 / 3


def _turned_stamp(stamp: Pixels, middle: tuple[int, int], degrees: float) -> Pixels:
    matrix = cv2.getRotationMatrix2D(middle, degrees, 1.0)
    return np.asarray(cv2.warpAffine(stamp, matrix, (stamp.shape[1], stamp.shape[0])), dtype=np.uint8)


def _jpeg_colour(image: Pixels, quality: int) -> Pixels:
    """As `_jpeg`, which takes the channels in any order, but for how much of each colour it keeps."""
    return np.ascontiguousarray(_jpeg(np.ascontiguousarray(image[..., ::-1]), quality)[..., ::-1])


def _photograph(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    sheet = _scaled(np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), dtype=np.uint8), 0.62)
    height, width = sheet.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * rng.uniform(0.02, 0.07, (4, 2))
    target = (corners + inward * np.array([width, height])).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    table = (90.0, 70.0, 60.0)
    seen = cv2.warpPerspective(sheet, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=table)
    down, across = np.mgrid[0:height, 0:width]
    distance = ((across - width * 0.3) / width) ** 2 + ((down - height * 0.4) / height) ** 2
    lit = seen * (0.5 + 0.5 * np.exp(-distance * 1.5))[..., None]
    blurred = cv2.GaussianBlur(lit, (0, 0), 0.9)
    return _jpeg(_bytes(blurred + rng.normal(0, 7, blurred.shape)), 60), PRINTED_DPI * 0.62


LEVELS: dict[str, Damage] = {
    "clean": _clean,
    "fax": _fax,
    "noisy": _noisy,
    "shadow": _shadow,
    "photograph": _photograph,
    "stamps": _stamped,
}


def _sideways(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    return np.ascontiguousarray(np.rot90(image)), PRINTED_DPI


def _coarse(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    small = _scaled(image, 1 / 3)
    return _jpeg(_bytes(small + rng.normal(0, 3, small.shape)), 75), PRINTED_DPI / 3


def _fine(image: Pixels, rng: np.random.Generator) -> tuple[Pixels, float]:
    large = np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    return _bytes(large + rng.normal(0, 4, large.shape)), PRINTED_DPI * 2


# Pages of other shapes and sizes: how the paper lies (points), and what becomes of it.
SHAPES: dict[str, tuple[tuple[float, float], Damage]] = {
    "landscape": (A4[::-1], _clean),
    "sideways": (A4[::-1], _sideways),
    "100dpi": (A4, _coarse),
    "600dpi": (A4, _fine),
    "grain": (A4, _grain),
}


def make_samples(paragraphs: Sequence[str], level: str, pages: int, seed: int = 1) -> list[Sample]:
    """`pages` pages of text and one with a table, damaged at a level; the same for the same seed."""
    rng = random.Random(f"{seed} {level}")
    noise = np.random.default_rng([seed, [*LEVELS, *SHAPES].index(level)])
    paper, damage = SHAPES[level] if level in SHAPES else (A4, LEVELS[level])
    lines_a_page = round(30 * min(1.0, paper[1] / A4[1]))
    faces = fonts()
    samples = []
    for number in range(pages):
        font, size = faces[number % len(faces)]
        start = rng.randrange(max(1, len(paragraphs) - 40))
        image, lines = print_page(paragraphs[start : start + 40], font, size, lines_a_page, paper)
        pixels, dpi = damage(image, noise)
        samples.append(Sample(level, pixels, dpi, tuple(lines)))
    font, size = faces[rng.randrange(len(faces))]
    image, rows = print_table(rng, font, size)
    pixels, dpi = damage(image, noise)
    samples.append(Sample(level, pixels, dpi, (), tuple(rows)))
    return samples
