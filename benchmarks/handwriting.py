"""Numbers and dates that a pen wrote into printed headers: `python -m benchmarks.handwriting [--pages 120] [--seed 1]`.

The figures are drawn as strokes with the slant, size, thickness and unrest of a hand, on scans in grey and in black
and white. Printed for each kind of blank: how often it was left open, read right, and read wrong; of the wrong ones,
how many a reader of the tables would believe (the document's confidence is at least one half).
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.models import Header, MediaType, RestoredPage, Source
from pipeline.read.assemble import PageFacts
from pipeline.read.pictures.picture import Picture, Pixels, as_pixels
from pipeline.read.recognition.ocr import read_picture
from pipeline.segment import segment
from pipeline.settings import ReadSettings
from scripts.corpus.layout import REGULAR
from scripts.corpus.paper import FONT_FILES, FONT_FOLDER

BELIEVED = 0.5
_DPI = 200
_CAPITAL = 0.66  # height of capitals in sizes of the font
_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0.3, 0.0), (0.05, 0.3), (0.05, 0.7), (0.3, 1.0), (0.55, 0.7), (0.55, 0.3), (0.3, 0.0)),),
    "1": (((0.1, 0.3), (0.35, 0.0), (0.33, 0.5), (0.3, 1.0)),),
    "2": (((0.05, 0.25), (0.25, 0.0), (0.5, 0.2), (0.4, 0.5), (0.05, 1.0), (0.3, 0.95), (0.6, 1.0)),),
    "3": (((0.05, 0.1), (0.4, 0.0), (0.5, 0.25), (0.2, 0.48), (0.55, 0.65), (0.45, 0.95), (0.0, 0.95)),),
    "4": (((0.35, 0.0), (0.0, 0.65), (0.6, 0.6)), ((0.45, 0.35), (0.4, 1.05))),
    "5": (((0.15, 0.05), (0.1, 0.45), (0.4, 0.4), (0.55, 0.7), (0.35, 1.0), (0.0, 0.95)), ((0.15, 0.05), (0.55, 0.0))),
    "6": (((0.5, 0.0), (0.1, 0.4), (0.05, 0.85), (0.3, 1.0), (0.5, 0.75), (0.3, 0.55), (0.08, 0.75)),),
    "7": (((0.0, 0.05), (0.55, 0.0), (0.3, 0.5), (0.2, 1.05)), ((0.15, 0.5), (0.5, 0.45))),
    "8": (((0.45, 0.1), (0.1, 0.1), (0.15, 0.4), (0.5, 0.7), (0.3, 1.0), (0.05, 0.75), (0.45, 0.3), (0.45, 0.1)),),
    "9": (((0.5, 0.2), (0.2, 0.0), (0.05, 0.3), (0.3, 0.5), (0.5, 0.2), (0.45, 0.6), (0.3, 1.05)),),
}


def write(page: Pixels, figures: str, left: float, feet: float, height: float, rng: random.Random) -> None:
    """Figures as a hand writes them, from `left` on, about `height` high; in pixels."""
    slant, size, thickness = rng.uniform(-0.1, 0.45), height * rng.uniform(0.85, 1.7), rng.uniform(1.3, 3.4)
    ink, width = rng.uniform(0, 90), rng.uniform(0.75, 1.15)
    feet += height * rng.uniform(-0.25, 0.25)
    for figure in figures:
        for stroke in _STROKES[figure]:
            points = np.array([(x + rng.gauss(0, 0.035), y + rng.gauss(0, 0.035)) for x, y in stroke])
            smooth = _smooth(points)
            across = left + (smooth[:, 0] * width + (1 - smooth[:, 1]) * slant) * size
            down = feet - (1 - smooth[:, 1]) * size
            line = np.stack([across, down], axis=1)
            fixed = np.round(line * 16).astype(np.int32).reshape(-1, 1, 2)
            cv2.polylines(page, [fixed], False, (ink,), max(1, round(thickness)), cv2.LINE_AA, 4)
        left += (0.62 * width + rng.uniform(-0.04, 0.12)) * size
        feet += height * rng.gauss(0, 0.04)


def _smooth(points: np.ndarray) -> np.ndarray:
    """A curve through the points (Catmull-Rom)."""
    around = np.vstack([points[:1], points, points[-1:]])
    steps = np.linspace(0, 1, 8, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False):
        parts.append(
            0.5
            * (2 * b + (c - a) * steps + (2 * a - 5 * b + 4 * c - d) * steps**2 + (3 * b - a - 3 * c + d) * steps**3)
        )
    return np.vstack([*parts, points[-1:]])


def page_with(number: str, day: str, month: str, pen: str, rng: random.Random) -> Pixels:
    """A page whose header has the number, the day, or day and month written by a pen; the rest is printed."""
    scale = _DPI / 72
    size = rng.choice((12.0, 13.0, 14.0)) * scale
    face = ImageFont.truetype(str(FONT_FOLDER / FONT_FILES[REGULAR]), round(size))
    image = Image.new("L", (round(595 * scale), round(420 * scale)), 255)
    draw = ImageDraw.Draw(image)
    written: list[tuple[str, float, float]] = []

    def put(left: float, top: float, *parts: tuple[str, bool]) -> None:
        x = left * scale
        for text, by_pen in parts:
            if by_pen:
                gap = size * rng.uniform(0.55, 0.75) * len(text) + size * 0.35
                written.append((text, x + size * 0.15, top * scale + size * 0.9))
                x += gap
            else:
                draw.text((x, top * scale), text, font=face, fill=15)
                x += face.getlength(text)

    put(70, 40, ("ỦY BAN NHÂN DÂN", False))
    put(270, 40, ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", False))
    put(85, 60, ("XÃ ĐỒNG MÂY", False))
    put(310, 60, ("Độc lập - Tự do - Hạnh phúc", False))
    put(70, 90, ("Số: ", False), (number, "number" in pen), ("/KH-UBND", False))
    put(
        290,
        90,
        ("Đồng Mây, ngày ", False),
        (day, "day" in pen),
        (" tháng ", False),
        (month, "month" in pen),
        (" năm 2017", False),
    )
    put(250, 130, ("KẾ HOẠCH", False))
    put(180, 150, ("Phát triển cây chè năm 2018", False))
    for line in range(9):
        put(70, 185 + 20 * line, ("Các thôn chuẩn bị đất, giống và phân bón để trồng chè đúng thời vụ.", False))
    page = as_pixels(np.asarray(image).copy())
    for text, left, feet in written:
        write(page, text, left, feet, size * _CAPITAL, rng)
    return page


def header_of(page: Pixels) -> Header:
    """What the pipeline says of the page's header."""
    picture = Picture(page, 595.0, page.shape[0] * 72 / _DPI)
    read = read_picture(picture, PageFacts(1, "ocr", picture.width, picture.height), ReadSettings())
    source = Source(Path("scan.pdf"), "scan.pdf", "0" * 64, MediaType.PDF, 0)
    return segment(source, [RestoredPage(read, read.text_raw)])[0].header


def outcome(header: Header, number: str, date: tuple[str, str], pen: str) -> str:
    """`open`, `right`, `wrong` or `believed` (wrong, and the document is believed) of what the pen wrote."""
    day, month = date
    printed = header.reference_number or "/"
    read: list[tuple[str, str]] = []
    if "number" in pen:
        read.append((printed.split("/")[0], number))
    if "day" in pen:
        read.append(((header.issued_on or "")[8:10], f"{int(day):02d}"))
    if "month" in pen:
        read.append(((header.issued_on or "")[5:7], f"{int(month):02d}"))
    if any(found and found != wanted for found, wanted in read):
        return "believed" if header.confidence >= BELIEVED else "wrong"
    return "right" if all(found for found, _ in read) else "open"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    kinds = ("number", "day", "number day", "number day month")
    found: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for index in range(options.pages):
        pen = kinds[index % len(kinds)]
        number, day, month = str(rng.randint(1, 2999)), f"{rng.randint(1, 28):02d}", str(rng.randint(1, 12))
        page = page_with(number, day, month, pen, rng)
        if index % 3 == 0:
            page = as_pixels(cv2.threshold(page, 150, 255, cv2.THRESH_BINARY)[1])
        header = header_of(page)
        told = outcome(header, number, (day, month), pen)
        found[pen][told] += 1
        if told in ("wrong", "believed"):
            said = f"{header.reference_number} {header.issued_on} ({header.confidence})"
            print(f"{told}: {number} {day}/{month} read as {said}")
    print("| by pen | pages | left open | right | wrong | of these believed |\n|---|--:|--:|--:|--:|--:|")
    for kind, counts in found.items():
        wrong = counts["wrong"] + counts["believed"]
        print(f"| {kind} | {counts.total()} | {counts['open']} | {counts['right']} | {wrong} | {counts['believed']} |")


if __name__ == "__main__":
    main()
