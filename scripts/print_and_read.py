"""Prints paragraphs as page images, damages them as scanners do, reads them with tesseract, and aligns both texts.

    python scripts/print_and_read.py TEXT_FOLDER PAIRS.tsv --pages 120 --language eng

Each line of the result is `read <tab> printed <tab> count`: what tesseract made of the printed word or words. From
these pairs `python -m pipeline.restore.train` learns which letters are taken for which. The same seed gives the same
pages. Needs tesseract and a font with Vietnamese glyphs (`fonts-croscore` holds Tinos).
"""

from __future__ import annotations

import argparse
import collections
import io
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from pipeline.restore.pairs import align_words
from pipeline.restore.train import is_held_out, paragraphs

FONTS = (
    "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf",
    "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf",
    "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf",
    "/usr/share/fonts/truetype/croscore/Tinos-Bold.ttf",
    "/usr/share/fonts/truetype/croscore/Tinos-Italic.ttf",
)
WIDTH, HEIGHT, MARGIN = 8.27, 11.69, 0.9  # inches


def wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The paragraph in lines that fit the width in pixels."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def page(source: Iterator[str], rng: random.Random, dpi: int) -> tuple[np.ndarray, list[str]]:
    """One page image (grey) and its printed lines."""
    size = int(rng.choice((12, 13, 13, 14, 14)) * dpi / 72)
    font = ImageFont.truetype(rng.choice(FONTS), size)
    image = Image.new("L", (int(WIDTH * dpi), int(HEIGHT * dpi)), 255)
    draw = ImageDraw.Draw(image)
    lines: list[str] = []
    y, step = MARGIN * dpi, size * rng.uniform(1.2, 1.6)
    while y < (HEIGHT - MARGIN) * dpi:
        text = next(source)
        if rng.random() < 0.06:
            text = text.upper()
        for line in wrap(text, font, (WIDTH - 2 * MARGIN) * dpi):
            if y >= (HEIGHT - MARGIN) * dpi:
                break
            draw.text((MARGIN * dpi, y), line, font=font, fill=rng.randint(0, 40))
            lines.append(line)
            y += step
    return np.asarray(image), lines


def damage(image: np.ndarray, rng: random.Random, level: int) -> np.ndarray:
    """The page as a scanner gives it: 0 clean, 1 blur and grain, 2 worse with skew, 3 a poor copy, 4 a faint one."""
    if level == 0:
        return image
    if level == 4:
        return faint(image, rng)
    generator = np.random.default_rng(rng.randrange(2**32))
    height, width = image.shape
    turned = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-0.3, 0.3) * level, 1.0)
    image = cv2.warpAffine(image, turned, (width, height), borderValue=255.0)
    image = cv2.GaussianBlur(image, (0, 0), 0.5 + 0.35 * level * rng.random())
    grain = generator.normal(0, 6 * level, image.shape)
    image = np.clip(image + grain, 0, 255).astype(np.uint8)
    if level >= 2:
        _, image = cv2.threshold(image, rng.randint(120, 200), 255, cv2.THRESH_BINARY)
    if level >= 3:
        image = (
            cv2.dilate(image, np.ones((2, 2), np.uint8))
            if rng.random() < 0.6
            else cv2.erode(image, np.ones((2, 2), np.uint8))
        )
    return image


def faint(image: np.ndarray, rng: random.Random) -> np.ndarray:
    """A scan at low resolution, made black and white so that thin strokes break: what old scanners deliver."""
    generator = np.random.default_rng(rng.randrange(2**32))
    height, width = image.shape
    scale = rng.uniform(0.45, 0.7)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 0.7)) + generator.normal(0, 10, small.shape)
    grey = np.clip(small, 0, 255).astype(np.uint8)
    _, bilevel = cv2.threshold(grey, rng.randint(110, 190), 255, cv2.THRESH_BINARY)
    return cv2.resize(bilevel, (width, height), interpolation=cv2.INTER_CUBIC)


def read(image: np.ndarray, language: str, dpi: int) -> list[str]:
    """The lines that tesseract reads."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG", dpi=(dpi, dpi))
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", language, "--psm", "6"],
        input=stream.getvalue(),
        capture_output=True,
        check=True,
        timeout=300,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    return [line for line in done.stdout.decode().splitlines() if line.strip()]


def stream_of(folder: Path, rng: random.Random, held_out: bool, prefix: str) -> Iterator[str]:
    """Paragraphs in random order; only those that training does not see where `held_out`."""
    chosen = [
        text
        for name, text in paragraphs(folder, prefix)
        if is_held_out(text) == held_out and len(text) > 60 and (held_out or rng.random() < 0.02)
    ]
    rng.shuffle(chosen)
    while True:
        yield from chosen


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("text", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--language", default="eng")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--prefix", default="", help="only files whose name begins so")
    parser.add_argument("--levels", default="0,1,1,2,2,3")
    parser.add_argument("--keep", type=Path, help="folder for the printed and read text of each page")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    source = stream_of(options.text, rng, options.held_out, options.prefix)
    levels = [int(level) for level in options.levels.split(",")]
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    for number in range(options.pages):
        dpi = rng.choice((200, 300, 300))
        image, printed = page(source, rng, dpi)
        lines = read(damage(image, rng, levels[number % len(levels)]), options.language, dpi)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{number:03}.printed.txt").write_text("\n".join(printed))
            (options.keep / f"{number:03}.read.txt").write_text("\n".join(lines))
        counts.update(align_words(" ".join(lines).split(), " ".join(printed).split()))
        if number % 10 == 9:
            print(number + 1, "pages", sum(counts.values()), "pairs", flush=True)
            options.pairs.write_text("".join(f"{a}\t{b}\t{n}\n" for (a, b), n in sorted(counts.items())))
    options.pairs.write_text("".join(f"{a}\t{b}\t{n}\n" for (a, b), n in sorted(counts.items())))


if __name__ == "__main__":
    main()
