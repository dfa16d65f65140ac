"""Pages with text layers of every kind that archives hold: what `benchmarks.text_layers` judges."""

from __future__ import annotations

import io
import os
import random
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from pipeline.encodings import Encodings
from scripts.corpus import encodings as corpus_encodings
from scripts.corpus.layout import BODY_WIDTH, HEIGHT, LEFT, REGULAR, WIDTH, wrap
from scripts.corpus.paper import FONT_FILES, FONT_FOLDER, register_encoded_fonts, register_fonts

BELIEVED, REPAIRED, REJECTED, NONE = "believed", "repaired", "rejected", "none"
_LAYER = frozenset((BELIEVED, REPAIRED))
_PICTURE = frozenset((REJECTED, NONE))
_SIZE, _LEADING = 13.0, 18.0
_SCAN_DPI = 150
_VILLAGES = ("Đồng Mây", "Suối Nắng", "Tân Hưng", "Bãi Lộng", "Hải Nguyên", "Thượng Khê", "Cồn Ngọc", "Sơn Hạ")
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_GIVEN = ("Văn An", "Thị Bình", "Minh Châu", "Quốc Dũng", "Thu Hà", "Đức Huy", "Ngọc Lan", "Hữu Nghĩa", "Thanh Tùng")
_ENGLISH = (
    "The committee shall report to the council before the end of each quarter on the progress of all projects",
    "financed by the fund and on the measures taken to protect the forest and the people who live there.",
    "Each village keeps a register of households, of land that is planted, and of loans that were granted.",
)

Transform = Callable[[str], str]


def same(text: str) -> str:
    """The text as it is."""
    return text


@dataclass(frozen=True, slots=True)
class Kind:
    """One class of pages: how its layer is written, and which decisions are right for it.

    `scan`: an image of a page lies under the text, or over it (`under`). `hidden`: the text is invisible, as OCR
    programs leave it.
    """

    name: str
    right: frozenset[str]
    lines: Callable[[Material], list[str]]
    spell: Transform = same
    font: str = REGULAR
    scan: bool = False
    hidden: bool = False
    under: bool = False
    spread: bool = False


@dataclass(slots=True)
class Material:
    """Text to print: running paragraphs, in random order."""

    paragraphs: Iterator[str]
    random: random.Random

    def prose(self, lines: int | None = None) -> list[str]:
        """A page of running text: full in two cases of three."""
        wanted = lines or self.random.choice((40, 40, self.random.randint(6, 39)))
        found: list[str] = []
        while len(found) < wanted:
            found += wrap(next(self.paragraphs), REGULAR, _SIZE, BODY_WIDTH)
        return found[:wanted]

    def numbers(self) -> list[str]:
        """A page of a table: few words, many numbers."""
        rows = ["TT Xã Diện tích (ha) Sản lượng (tấn) Tỷ lệ (%)"]
        rows += [
            f"{n} Xã {self.random.choice(_VILLAGES)} "
            + " ".join(
                f"{self.random.uniform(1, 999):.{self.random.randint(0, 2)}f}".replace(".", ",") for _ in "12345"
            )
            for n in range(1, self.random.randint(10, 36))
        ]
        return rows

    def bare_numbers(self) -> list[str]:
        """A page of a wide table that holds numbers only."""
        return [" ".join(str(self.random.randint(0, 99999)) for _ in range(9)) for _ in range(30)]

    def names(self) -> list[str]:
        """A page of persons and places."""
        return [
            f"{n}. {self.random.choice(_FAMILY)} {self.random.choice(_GIVEN)} - {self.random.choice(_VILLAGES)}"
            for n in range(1, self.random.randint(8, 36))
        ]

    def english(self) -> list[str]:
        """A page in English."""
        text = " ".join(self.random.choice(_ENGLISH) for _ in range(20))
        return wrap(text, REGULAR, _SIZE, BODY_WIDTH)

    def cover(self) -> list[str]:
        """A cover sheet: a few words."""
        village = self.random.choice(_VILLAGES).upper()
        return [
            "ỦY BAN NHÂN DÂN",
            f"XÃ {village}",
            "ĐỀ ÁN",
            f"PHÁT TRIỂN XÃ {village}",
            f"Năm {2000 + self.random.randint(0, 30)}",
        ]

    def codes(self) -> list[str]:
        """A page of abbreviations and reference numbers."""
        kinds = ("QĐ-UBND", "KH-UBND", "TB-VPTU", "NQ-HĐND", "CV-BTCTU")
        return [f"{self.random.randint(1, 999)}/{self.random.choice(kinds)} UBND HĐND BCĐ VP" for _ in range(20)]

    def stamp(self) -> list[str]:
        """What signing software prints."""
        village, day = self.random.choice(_VILLAGES), self.random.randint(1, 28)
        month, year, hour = self.random.randint(1, 9), self.random.randint(2015, 2025), self.random.randint(7, 17)
        clock = f"{day:02d}.{month:02d}.{year} {hour:02d}:16:23 +07:00"
        return self.random.choice(
            (
                [
                    f"Ký bởi: Ủy ban nhân dân xã {village}",
                    "Email: xa@example.vn",
                    "Cơ quan: Huyện Sơn Hạ",
                    f"Thời gian ký: {clock}",
                ],
                [f"Người ký: {self.random.choice(_FAMILY)} {self.random.choice(_GIVEN)}", f"Ngày ký: {clock}"],
                [f"Digitally signed by Văn phòng xã {village}", f"Date: {clock}", "Location: Sơn Hạ"],
            )
        )

    def typed_in(self) -> list[str]:
        """Number and day typed over a scan."""
        return [
            f"{self.random.randint(1, 999)}",
            f"{self.random.randint(1, 28):02d}",
            f"{self.random.randint(1, 12):02d}",
        ]

    def nothing(self) -> list[str]:
        """An empty page."""
        return []


# ------------------------------------------------------------------------------------------- spellings


def _tcvn3(text: str) -> str:
    return corpus_encodings.tcvn3(text)


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for seen, meant in Encodings.load().named("vni").table.items():
        if meant not in table or (len(seen), seen.isupper() != meant.isupper()) < (
            len(table[meant]),
            table[meant].isupper() != meant.isupper(),
        ):
            table[meant] = seen
    return table


def _vni(text: str) -> str:
    table = _vni_table()
    return "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _shuffled(text: str) -> str:
    """Marks before the letters that carry them."""
    out: list[str] = []
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter) and out:
            out.insert(len(out) - 1, letter)
        else:
            out.append(letter)
    return "".join(out)


def _apart(text: str) -> str:
    """A blank after each tone, as some printers leave."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(f"{c} " if c in "\u0323\u0309" else c for c in decomposed)


def _unmapped(text: str) -> str:
    """A font without a map to letters: private characters."""
    return "".join(chr(0xF000 + ord(c) % 0xFF) if c.isalpha() else c for c in text)


def _shifted(text: str) -> str:
    """A font whose map is off by some places: other letters throughout."""
    bare = corpus_encodings.without_marks(text)
    return "".join(chr((ord(c) - 97 + 29) % 94 + 33) if c.isalpha() else c for c in bare.lower())


def _nearly_right(text: str) -> str:
    """What a good Vietnamese OCR leaves: two marks in a hundred words lost."""
    words = text.split()
    return " ".join(corpus_encodings.without_marks(w) if hash_of(w, n) % 50 == 0 else w for n, w in enumerate(words))


def hash_of(word: str, place: int) -> int:
    """A number that is the same on every run."""
    return sum(ord(c) * (31 + i) for i, c in enumerate(word)) + 17 * place


KINDS = (
    Kind("Unicode", _LAYER, Material.prose),
    Kind("TCVN3 fonts", frozenset((REPAIRED,)), Material.prose, _tcvn3, ".VnTime" + REGULAR),
    Kind("TCVN3, fonts renamed", frozenset((REPAIRED,)), Material.prose, _tcvn3, "Encoded" + REGULAR),
    Kind("VNI fonts", frozenset((REPAIRED,)), Material.prose, _vni, "VNI-Times" + REGULAR),
    Kind("VNI, fonts renamed", frozenset((REPAIRED,)), Material.prose, _vni, "Encoded" + REGULAR),
    Kind("Ƣ for Ư", frozenset((REPAIRED,)), Material.prose, corpus_encodings.broken_to_unicode, "Encoded" + REGULAR),
    Kind("decomposed marks", _LAYER, Material.prose, _decomposed, "Encoded" + REGULAR),
    Kind("shuffled marks", frozenset((REPAIRED,)), Material.prose, _shuffled, "Encoded" + REGULAR),
    Kind("blank after marks", frozenset((REPAIRED,)), Material.prose, _apart, "Encoded" + REGULAR),
    Kind("letter-spaced", _LAYER, Material.prose, spread=True),
    Kind("numbers and few words", _LAYER, Material.numbers),
    Kind("numbers only", _LAYER, Material.bare_numbers),
    Kind("names", _LAYER, Material.names),
    Kind("abbreviations", _LAYER, Material.codes),
    Kind("English", _LAYER, Material.english),
    Kind("cover sheet", _LAYER, Material.cover),
    Kind("no map to letters", _PICTURE, Material.prose, _unmapped, "Encoded" + REGULAR),
    Kind("wrong map to letters", _PICTURE, Material.prose, _shifted),
    Kind("empty page", frozenset((NONE,)), Material.nothing),
    Kind("scan, no layer", frozenset((NONE,)), Material.nothing, scan=True),
    Kind("scan, Vietnamese OCR", _LAYER, Material.prose, _nearly_right, scan=True, hidden=True),
    Kind("scan, OCR of few words", _LAYER, Material.cover, scan=True, hidden=True),
    Kind("scan, OCR of numbers", _LAYER, Material.numbers, scan=True, hidden=True),
    Kind("scan, OCR of names", _LAYER, Material.names, scan=True, hidden=True),
    Kind("scan, marks lost", _PICTURE, Material.prose, corpus_encodings.without_marks, scan=True, hidden=True),
    Kind("scan, signature stamp", _PICTURE, Material.stamp, scan=True),
    Kind("scan, typed number", _PICTURE, Material.typed_in, scan=True),
    Kind("under a scan, Vietnamese OCR", _LAYER, Material.prose, _nearly_right, scan=True, under=True),
    Kind("under a scan, marks lost", _PICTURE, Material.prose, corpus_encodings.without_marks, scan=True, under=True),
    Kind("picture under Unicode", _LAYER, Material.prose, scan=True),
)  # fmt: skip
READ_BY_ENGLISH = Kind("scan, English OCR", _PICTURE, Material.prose, scan=True, hidden=True)


def print_kind(kind: Kind, material: Material, pages: int) -> bytes:
    """A PDF of that many pages of one class."""
    _register()
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(WIDTH, HEIGHT), invariant=1)
    paper = ImageReader(Image.new("L", (60, 85), 250))
    for _ in range(pages):
        if kind.scan and not kind.under:
            canvas.drawImage(paper, 0, 0, WIDTH, HEIGHT)
        draw_lines(canvas, [kind.spell(line) for line in kind.lines(material)], kind)
        if kind.under:
            canvas.drawImage(paper, 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def draw_lines(canvas: Canvas, lines: Sequence[str], kind: Kind) -> None:
    """The lines of one page from the top."""
    for number, line in enumerate(lines):
        text = canvas.beginText()
        text.setFont(kind.font, 8.0 if kind.lines is Material.stamp else _SIZE)
        text.setTextRenderMode(3 if kind.hidden else 0)
        text.setTextOrigin(LEFT, HEIGHT - 70 - number * (10.0 if kind.lines is Material.stamp else _LEADING))
        text.textOut("  ".join(" ".join(word) for word in line.split()) if kind.spread and number % 8 == 0 else line)
        canvas.drawText(text)


def _register() -> None:
    if REGULAR in pdfmetrics.getRegisteredFontNames() and "Encoded" + REGULAR in pdfmetrics.getRegisteredFontNames():
        return
    register_fonts()
    for prefix in (".VnTime", "VNI-Times", "Encoded"):
        register_encoded_fonts(prefix, {})


def english_pages(material: Material, pages: int) -> bytes:
    """Scans over which tesseract's English model has left its words."""
    _register()
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(WIDTH, HEIGHT), invariant=1)
    paper = ImageReader(Image.new("L", (60, 85), 250))
    face = ImageFont.truetype(str(FONT_FOLDER / FONT_FILES[REGULAR]), round(_SIZE * _SCAN_DPI / 72))
    for _ in range(pages):
        lines = material.prose()[: material.random.randint(8, 24)]
        canvas.drawImage(paper, 0, 0, WIDTH, HEIGHT)
        draw_lines(canvas, read_as_english(lines, face, material.random), READ_BY_ENGLISH)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def read_as_english(lines: Sequence[str], face: ImageFont.FreeTypeFont, rng: random.Random) -> list[str]:
    """What tesseract's English model reads of printed lines."""
    scale = _SCAN_DPI / 72
    image = Image.new("L", (round(WIDTH * scale), round((len(lines) * _LEADING + 60) * scale)), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((60 * scale, (30 + number * _LEADING) * scale), line, font=face, fill=20)
    grain = np.random.default_rng(rng.randrange(2**32)).normal(0, rng.choice((4, 12, 20)), (image.height, image.width))
    noisy = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    stream = io.BytesIO()
    noisy.save(stream, "BMP")
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", "eng", "--psm", "6", "--dpi", str(_SCAN_DPI)],
        input=stream.getvalue(), capture_output=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    return [line for line in done.stdout.decode().splitlines() if line.strip()]


def paragraphs_in(folder: Path, seed: int) -> Iterator[str]:
    """The held-out paragraphs of a folder of text, in random order, again and again."""
    from pipeline.restore.train import is_held_out, paragraphs

    chosen = [text for _, text in paragraphs(folder) if is_held_out(text) and len(text) > 80]
    random.Random(seed).shuffle(chosen)
    while True:
        yield from chosen
