"""Numeric cells of printed tables: `python -m benchmarks.tables [--pages 4] [--seeds 1 …] [--levels …] [--plain]`.

Tables as plans and reports hold them (row numbers, whole numbers, decimals, thousands, percent, permille, a row of sums
below or above, shares of a plan, columns that add up) are composed, printed in several fonts and damaged at the five
levels of `benchmarks.printed_pages`. A cell is right where its text is exactly the printed one; a wrong one is doubted
where its confidence is below 0.5.
`--plain` leaves the ruling lines out. `--show` prints every wrong cell.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.printed_pages import A4, LEVELS, PRINTED_DPI, Pixels, fonts
from pipeline.models import Page
from pipeline.read.assemble import PageFacts
from pipeline.read.pictures.picture import Picture
from pipeline.read.recognition.ocr import read_picture
from pipeline.read.recognition.second import second_reader
from pipeline.settings import ReadSettings

_VILLAGES = ("Đồng Mây", "Suối Nắng", "Tân Hưng", "Bãi Lộng", "Hải Nguyên", "Thượng Khê", "Cồn Ngọc", "Sơn Hạ")
_GOODS = ("Trồng rừng tập trung", "Sản lượng lúa", "Đàn bò", "Hộ nghèo", "Thu ngân sách", "Nước sạch", "Lao động mới")
_FORMS = ("count", "decimal", "hundredths", "thousands", "percent", "permille", "money", "small")
_NUMERIC = re.compile(r"[\d.,%‰]+")
_STEP = 22.0
# Share of the tables whose columns are made of each other.
_RELATED_SHARE = 0.35


@dataclass(slots=True)
class Tally:
    """What was read of the numeric cells of one level."""

    cells: int = 0
    right: int = 0
    doubted: int = 0
    doubted_right: int = 0
    seconds: float = 0.0
    wrong: list[tuple[str, str, float]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Counts what another has counted."""
        for name in ("cells", "right", "doubted", "doubted_right", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong += other.wrong


def compose(rng: random.Random) -> list[tuple[str, ...]]:
    """The rows of one table: a heading, villages or indicators, and often their sum."""
    return _related(rng) if rng.random() < _RELATED_SHARE else _unrelated(rng)


def _related(rng: random.Random) -> list[tuple[str, ...]]:
    """What was planned and done, the share of it, and of how many women and men."""
    form = rng.choice(("count", "decimal", "thousands"))
    people = [[float(rng.randint(0, 900)) for _ in range(2)] for _ in range(rng.randint(8, 22))]
    values = [
        [plan, round(plan * rng.uniform(0.6, 1.2), 1 if form == "decimal" else 0)]
        for plan in _plans(rng, form, len(people))
    ]
    sums = (
        [round(sum(column), 3) for column in zip(*values, strict=True)],
        [sum(column) for column in zip(*people, strict=True)],
    )

    def row(number: str, label: str, done: Sequence[float], who: Sequence[float]) -> tuple[str, ...]:
        share = f"{100 * done[1] / done[0]:.1f}".replace(".", ",")
        return (
            number,
            label,
            *(_written(v, form) for v in done),
            share,
            *(_written(v, "count") for v in (*who, sum(who))),
        )

    rows = [
        row(str(n), rng.choice(_GOODS), done, who)
        for n, (done, who) in enumerate(zip(values, people, strict=True), start=1)
    ]
    rows.insert(rng.choice((0, len(rows))), row("", "Tổng số", *sums))
    return [("TT", "Nội dung", "Kế hoạch", "Đã làm", "Tỷ lệ", "Nữ", "Nam", "Cộng")[: len(rows[0])], *rows]


def _plans(rng: random.Random, form: str, count: int) -> list[float]:
    return [max(1.0, _value(rng, form)) for _ in range(count)]


def _unrelated(rng: random.Random) -> list[tuple[str, ...]]:
    forms = [rng.choice(_FORMS) for _ in range(5)]
    labels = [f"Xã {v}" for v in _VILLAGES] if rng.random() < 0.6 else list(_GOODS)
    count = rng.randint(14, 24)
    values = [[_value(rng, form) for form in forms] for _ in range(count)]
    rows = [("TT", "Nội dung", *(f"Cột {c}" for c in "abcde"))]
    for number, line in enumerate(values, start=1):
        shown = [_written(v, f) for v, f in zip(line, forms, strict=True)]
        rows.append((str(number), rng.choice(labels), *shown))
    if rng.random() < 0.6:
        sums = [round(sum(line[n] for line in values), 3) for n in range(5)]
        shown = ["" if f in ("percent", "permille") else _written(s, f) for s, f in zip(sums, forms, strict=True)]
        rows.append(("", "Tổng cộng", *shown))
    return rows


def _value(rng: random.Random, form: str) -> float:
    match form:
        case "small":
            return float(rng.randint(0, 9))
        case "count":
            return float(rng.randint(0, 999))
        case "decimal":
            return round(rng.uniform(0, 300), 1)
        case "hundredths":
            return round(rng.uniform(0, 99), 2)
        case "thousands":
            return float(rng.randint(1000, 99999))
        case "money":
            return float(rng.randint(1_000_000, 99_999_999))
        case "percent":
            return round(rng.uniform(0, 100), rng.choice((0, 1, 2)))
        case _:
            return round(rng.uniform(0, 20), 1)


def _written(value: float, form: str) -> str:
    if form in ("decimal", "permille"):
        text = f"{value:.1f}"
    elif form == "hundredths":
        text = f"{value:.2f}"
    elif form == "percent":
        text = f"{value:g}"
    else:
        text = f"{value:,.0f}"
    text = text.translate(str.maketrans(",.", ".,"))
    return text + {"percent": "%", "permille": "‰"}.get(form, "")


def draw(rows: Sequence[Sequence[str]], font: Path, size: float, *, ruled: bool) -> Pixels:
    """The table as a picture at 300 dpi."""
    scale = PRINTED_DPI / 72
    count = len(rows[0]) - 2
    edges = [*accumulate((36, 130, *(360 / count for _ in range(count))), initial=45)]
    image = Image.new("L", (round(A4[0] * scale), round((len(rows) * _STEP + 120) * scale)), 255)
    pen = ImageDraw.Draw(image)
    face = ImageFont.truetype(str(font), round(0.86 * size * scale))
    bottom = 60 + _STEP * len(rows)
    for line in range(len(rows) + 1) if ruled else ():
        pen.line((edges[0] * scale, (60 + _STEP * line) * scale, edges[-1] * scale, (60 + _STEP * line) * scale), 0, 3)
    for edge in edges if ruled else ():
        pen.line((edge * scale, 60 * scale, edge * scale, bottom * scale), 0, 3)
    for number, row in enumerate(rows):
        for column, (text, (left, right)) in enumerate(zip(row, pairwise(edges), strict=True)):
            width = pen.textlength(text, face)
            x = (left + 4) * scale if column == 1 else (left + right) / 2 * scale - width / 2
            pen.text((x, (60 + _STEP * number + 3.5) * scale), text, font=face, fill=0)
    return np.asarray(image, dtype=np.uint8).copy()


def score(tally: Tally, rows: Sequence[Sequence[str]], page: Page) -> None:
    """Counts the numeric cells of one page."""
    found = {
        (cell.row, cell.column): (page.text_raw[cell.start : cell.end], cell.confidence)
        for table in page.tables[:1]
        for cell in table.cells
    }
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if not _NUMERIC.fullmatch(text):
                continue
            read, confidence = found.get((number, column), ("", 0.0))
            tally.cells += 1
            if read == text:
                tally.right += 1
                tally.doubted_right += confidence < 0.5
            else:
                tally.doubted += confidence < 0.5
                tally.wrong.append((text, read, confidence))


def run(level: str, pages: int, seed: int, tally: Tally, *, ruled: bool) -> None:
    """Reads tables of one level and counts their cells."""
    rng = random.Random(f"{seed} {level} tables")
    noise = np.random.default_rng([seed, 77, list(LEVELS).index(level)])
    faces = fonts()
    for number in range(pages):
        font, size = faces[number % len(faces)]
        rows = compose(rng)
        pixels, dpi = LEVELS[level](draw(rows, font, size, ruled=ruled), noise)
        height, width = pixels.shape[:2]
        picture = Picture(pixels, width * 72 / dpi, height * 72 / dpi)
        began = time.process_time()
        page = read_picture(picture, PageFacts(1, "ocr", picture.width, picture.height), ReadSettings())
        tally.seconds += time.process_time() - began
        score(tally, rows, page)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table of levels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=4, help="tables of each level (default: 4)")
    parser.add_argument("--levels", nargs="*", choices=list(LEVELS), default=list(LEVELS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--plain", action="store_true", help="tables without ruling lines")
    parser.add_argument("--show", action="store_true", help="print every wrong cell")
    options = parser.parse_args(arguments)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    second_reader(ReadSettings().language)
    print("| level | cells | right | wrong | of these doubted | right but doubted | CPU s a page |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    total = Tally()
    for level in options.levels:
        tally = Tally()
        for seed in options.seeds:
            run(level, options.pages, seed, tally, ruled=not options.plain)
        total.add(tally)
        print(row_of(level, tally, options.pages * len(options.seeds)), flush=True)
        for text, read, confidence in tally.wrong if options.show else ():
            print(f"    {text!r} read {read!r} {confidence:.2f}")
    print(row_of("all", total, options.pages * len(options.seeds) * len(options.levels)))


def row_of(level: str, tally: Tally, pages: int) -> str:
    """One row of the table."""
    wrong = tally.cells - tally.right
    shown = [
        level,
        str(tally.cells),
        f"{100 * tally.right / max(1, tally.cells):.2f} %",
        str(wrong),
        f"{tally.doubted} = {100 * tally.doubted / wrong:.0f} %" if wrong else "",
        f"{tally.doubted_right} = {100 * tally.doubted_right / max(1, tally.right):.2f} %",
        f"{tally.seconds / max(1, pages):.1f}",
    ]
    return f"| {' | '.join(shown)} |"


if __name__ == "__main__":
    main()
