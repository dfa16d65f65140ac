"""Signatures under seals, pens and rubber stamps: `python -m benchmarks.signatures [--pages 60] [--seed 1] [--show]`.

Printed for each form of signature, and for scans in colour, in grey and in black and white: how often signer, office
and authority were read right, left open, and read wrong; of the wrong ones, how many a reader of the tables would
believe (the footer's confidence is at least one half). `--keep FOLDER` writes the pages as PNG.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.models import Footer, MediaType, RestoredPage, Source
from pipeline.read.assemble import PageFacts
from pipeline.read.pictures.picture import Picture, Pixels, as_pixels
from pipeline.read.recognition.ocr import read_picture
from pipeline.segment import segment
from pipeline.settings import ReadSettings
from pipeline.vietnamese import fold
from scripts.corpus.layout import BOLD, ITALIC, REGULAR
from scripts.corpus.paper import FONT_FILES, FONT_FOLDER

BELIEVED = 0.5
_DPI = 200
_SCALE = _DPI / 72
_MIDDLE = 420.0  # of the signature, in points
_BODY = (
    "Các thôn, các đoàn thể của xã căn cứ kế hoạch này tổ chức thực hiện; trong quá trình thực",
    "hiện nếu có khó khăn thì phản ánh kịp thời về xã để xem xét, giải quyết theo quy định./.",
)
_RECIPIENTS = (
    "- Như trên;",
    "- Thường trực Đảng ủy;",
    "- Các thôn, các đoàn thể;",
    "- Đài Truyền thanh xã;",
    "- Lưu: VT.",
)
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Hồ", "Hà", "Đỗ", "Lý")
_MIDDLE_NAMES = ("Văn", "Thị", "Hữu", "Minh", "Ngọc", "Đức", "Thanh", "Quốc", "Hoàng")
_GIVEN = ("Mẫu", "Phúc", "Giang", "Việt", "Long", "Hạnh", "Bình", "Thảo", "Sơn", "Tuấn", "Liên", "Khánh")
_DEGREES = ("", "", "", "", "TS. ", "BS.CKII. ", "ThS. ")
_SEALS = (("CỘNG HÒA XHCN VIỆT NAM", "SỞ", "Y TẾ"), ("XÃ ĐỒNG MÂY HUYỆN SƠN HẠ", "ỦY BAN", "NHÂN DÂN"))

SCANS = ("colour", "grey", "black")
FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "head": (("GIÁM ĐỐC",), (), "Giám đốc"),
    "chairman": (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ("TM",), "Chủ tịch"),
    "deputy": (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), ("KT",), "Phó Giám đốc"),
    "deputy chairman": (("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), ("TM", "KT"), "Phó Chủ tịch"),
    "by order": (("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), ("TL",), "Chánh Văn phòng"),
    "stamped": (("GIÁM ĐỐC",), ("KT",), "Phó Giám đốc"),
    "stamped principal": (("HIỆU TRƯỞNG",), ("KT",), "Phó Hiệu trưởng"),
}
"""The printed lines of office, and the authorities and the office that they mean. In a stamped form a rubber stamp puts
the deputy's office under the head's, and a pen writes `KT` before that."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A page and what its signature says."""

    pixels: Pixels
    form: str
    scan: str
    signer: str
    office: str
    authorities: tuple[str, ...]


def _face(font: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT_FOLDER / FONT_FILES[font]), round(size * _SCALE))


class _Sheet:
    """A page on which print, pens, rubber stamps and seals lie in layers of their own."""

    def __init__(self, rng: random.Random, height: int) -> None:
        self.rng = rng
        self.size = (round(595 * _SCALE), round(height * _SCALE))
        self.print, self.pen, self.seal = (Image.new("L", self.size, 255) for _ in range(3))

    def put(self, x: float, y: float, text: str, font: str = REGULAR, size: float = 13.0) -> None:
        ImageDraw.Draw(self.print).text((x * _SCALE, y * _SCALE), text, font=_face(font, size), fill=10)

    def centre(self, y: float, text: str, font: str = BOLD, size: float = 13.0) -> float:
        """Prints a line in the middle of the signature; returns where it begins."""
        x = _MIDDLE - ImageDraw.Draw(self.print).textlength(text, _face(font, size)) / _SCALE / 2
        self.put(x, y, text, font, size)
        return x

    def rubber(self, x: float, y: float, text: str, size: float = 13.0) -> None:
        """A rubber stamp: heavier, a little askew."""
        layer = Image.new("L", self.size, 255)
        ImageDraw.Draw(layer).text(
            (x * _SCALE, y * _SCALE), text, font=_face(BOLD, size), fill=10, stroke_width=1, stroke_fill=10
        )
        layer = layer.rotate(self.rng.uniform(-1.2, 1.2), center=(x * _SCALE, y * _SCALE), fillcolor=255)
        self.print.paste(Image.fromarray(np.minimum(np.asarray(self.print), np.asarray(layer))))

    def write(self, points: Sequence[tuple[float, float]], thickness: int) -> None:
        """A stroke of a pen through points."""
        sheet = as_pixels(np.asarray(self.pen).copy())
        line = np.array([(x * _SCALE, y * _SCALE) for x, y in points]).round().astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(sheet, [line], False, (20.0,), thickness, cv2.LINE_AA)
        self.pen = Image.fromarray(sheet)

    def stamp_seal(self, x: float, y: float) -> None:
        """A round seal: two circles, words between them, words inside."""
        around, *inside = self.rng.choice(_SEALS)
        radius, draw = 51.0 * self.rng.uniform(0.94, 1.06), ImageDraw.Draw(self.seal)
        for share, width in ((1.0, 5), (0.68, 3)):
            r = radius * share
            box = [(x - r) * _SCALE, (y - r) * _SCALE, (x + r) * _SCALE, (y + r) * _SCALE]
            draw.ellipse(box, outline=0, width=width)
        face = _face(BOLD, 8.5)
        for number, letter in enumerate(around):
            angle = np.radians(-140 + 280 * number / len(around))
            glyph = Image.new("L", (40, 40), 255)
            ImageDraw.Draw(glyph).text((12, 6), letter, font=face, fill=0)
            glyph = glyph.rotate(-np.degrees(angle), fillcolor=255)
            at = (x + 0.83 * radius * np.sin(angle), y - 0.83 * radius * np.cos(angle))
            self.seal.paste(0, (round(at[0] * _SCALE) - 20, round(at[1] * _SCALE) - 20), Image.eval(glyph, _inverse))
        for number, text in enumerate(inside):
            half = draw.textlength(text, _face(REGULAR, 11)) / _SCALE / 2
            where = ((x - half) * _SCALE, (y - 14 + 15 * number) * _SCALE)
            draw.text(where, text, font=_face(REGULAR, 11), fill=0)
        turned = self.seal.rotate(self.rng.uniform(-15, 15), center=(x * _SCALE, y * _SCALE), fillcolor=255)
        self.seal = turned

    def scanned(self, scan: str, noise: np.random.Generator) -> Pixels:
        """All layers on paper, as a scanner sees them."""
        layers = [np.asarray(layer).astype(np.float64) / 255 for layer in (self.print, self.pen, self.seal)]
        if scan == "colour":
            inks = ((15, 15, 18), (35, 45, 150), (200, 45, 50))
            paper = np.full((*layers[0].shape, 3), 250.0)
            for layer, ink in zip(layers, inks, strict=True):
                share = cv2.GaussianBlur(1 - layer, (0, 0), 0.6)[..., None] * 0.92
                paper = paper * (1 - share) + np.minimum(paper, np.array(ink)) * share
            return as_pixels(np.clip(paper + noise.normal(0, 4, paper.shape), 0, 255).astype(np.uint8))
        grey = cv2.GaussianBlur(255 * np.minimum(np.minimum(layers[0], layers[1]), layers[2]), (0, 0), 0.6)
        grey = np.clip(grey + noise.normal(0, 14 if scan == "black" else 6, grey.shape), 0, 255)
        return as_pixels(np.where(grey > 145, 255, 0).astype(np.uint8) if scan == "black" else grey.astype(np.uint8))


def _inverse(value: int) -> int:
    return 255 - value


def signed_page(form: str, scan: str, seed: int) -> Signed:
    """The last page of a document with a signature of a form; the same for the same seed."""
    rng = random.Random(f"{seed} {form} {scan}")
    sheet = _Sheet(rng, 340)
    for number, line in enumerate(_BODY):
        sheet.put(70, 40 + 18 * number, line)
    sheet.put(70, 88, "Nơi nhận:", ITALIC, 12)
    for number, line in enumerate(_RECIPIENTS):
        sheet.put(70, 103 + 13.5 * number, line, REGULAR, 11)
    printed, authorities, office = FORMS[form]
    top = 86.0
    for line in printed:
        left = sheet.centre(top, line)
        top += 17
    if form.startswith("stamped"):
        down = rng.uniform(-8.0, -1.0)
        sheet.rubber(left + rng.uniform(-36, -18), top + down, office.upper())
        sheet.write(
            [(left - 24, 92), (left - 23, 101), (left - 24, 96), (left - 17, 91), (left - 22, 96), (left - 16, 101)], 2
        )
        sheet.write([(left - 13, 92), (left - 4, 91), (left - 8, 91), (left - 9, 102)], 2)
        top += 17 + down
    name = f"{rng.choice(_SURNAMES)} {rng.choice(_MIDDLE_NAMES)} {rng.choice(_GIVEN)}"
    degree = rng.choice(_DEGREES)
    feet = top + rng.uniform(66, 100)
    sheet.stamp_seal(_MIDDLE - rng.uniform(35, 70), top + rng.uniform(28, 48))
    _sign(sheet, top, rng)
    if rng.random() < 0.4:
        half = ImageDraw.Draw(sheet.print).textlength(degree + name, _face(BOLD, 13)) / _SCALE / 2
        sheet.rubber(_MIDDLE - half, feet, degree + name)
    else:
        sheet.centre(feet, degree + name)
    pixels = sheet.scanned(scan, np.random.default_rng([seed, *map(ord, form + scan)]))
    return Signed(pixels, form, scan, name, office, authorities)


def _sign(sheet: _Sheet, top: float, rng: random.Random) -> None:
    """A scrawl over the seal with a long last stroke."""
    x, y = _MIDDLE - 30, top + 40
    points = [(x, y)]
    for _ in range(rng.randint(5, 9)):
        x, y = x + rng.uniform(4, 12), top + 35 + rng.uniform(-20, 18)
        points.append((x, y))
    points.append((x + rng.uniform(20, 60), top + rng.uniform(15, 40)))
    sheet.write(points, rng.choice((2, 3)))


def footer_of(page: Pixels) -> Footer:
    """What the pipeline says of the page's signature."""
    picture = Picture(page, 595.0, page.shape[0] / _SCALE)
    read = read_picture(picture, PageFacts(1, "ocr", picture.width, picture.height), ReadSettings())
    source = Source(Path("scan.pdf"), "scan.pdf", "0" * 64, MediaType.PDF, 0)
    return segment(source, [RestoredPage(read, read.text_raw)])[0].footer


def outcomes(signed: Signed, footer: Footer) -> dict[str, str]:
    """`right`, `open`, `wrong` or `believed` (wrong, and the footer is believed) of signer, office and authority."""
    pairs = {
        "signer": (footer.signer or "", signed.signer),
        "office": (footer.signer_title or "", signed.office),
        "authority": (" ".join(footer.signing_authority), " ".join(signed.authorities)),
    }
    found = {}
    for field, (read, wanted) in pairs.items():
        if fold(read) == fold(wanted):
            found[field] = "right"
        elif not read:
            found[field] = "open"
        else:
            found[field] = "believed" if footer.confidence >= BELIEVED else "wrong"
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=63)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what was not read right")
    parser.add_argument("--keep", type=Path, help="folder for the pages")
    options = parser.parse_args(arguments)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for number in range(options.pages):
        form, scan = list(FORMS)[number % len(FORMS)], SCANS[number // len(FORMS) % len(SCANS)]
        signed = signed_page(form, scan, 1000 * options.seed + number)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            Image.fromarray(signed.pixels).save(options.keep / f"{number:03d} {scan} {form}.png")
        footer = footer_of(signed.pixels)
        for field, how in outcomes(signed, footer).items():
            for group in (form, scan, "all"):
                counts.setdefault((group, field), Counter())[how] += 1
            if options.show and how != "right":
                print(f"    {number} {scan} {form}: {field} {how}: {footer} wanted {signed.signer} {signed.office}")
    print("| pages | field | right | open | wrong | believed |\n|---|---|--:|--:|--:|--:|")
    for group in (*FORMS, *SCANS, "all"):
        for field in ("signer", "office", "authority"):
            count = counts.get((group, field), Counter())
            cells = (str(count[how]) for how in ("right", "open", "wrong", "believed"))
            print(f"| {group} | {field} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
