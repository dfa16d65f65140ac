"""Makes the file of one document in the form that its source asks for: paper, scan, photograph, old text …"""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pypdfium2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from PIL import Image

from scripts.corpus import damage, encodings, paper
from scripts.corpus.layout import BOLD, HEIGHT, MOTTO, STATE, WIDTH, LaidPage
from scripts.corpus.paper import FONT_FOLDER, HiddenWord
from scripts.corpus.source import Paragraph, Source, Table

_SEAL_FONT = str(FONT_FOLDER / "Tinos-Bold.ttf")
_STAMP_FONT = str(FONT_FOLDER / "Arimo-Bold.ttf")


def make(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    """The ending of the file's name and its bytes. Raises KeyError where the source names a kind that is not here."""
    return _KINDS[source.output["kind"]](source, pages)


def rasterise(pdf: bytes, dots_per_inch: int) -> list[damage.Picture]:
    """Every page of a PDF as a colour picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [np.asarray(page.render(scale=dots_per_inch / 72).to_pil().convert("RGB")) for page in document]


def _text_layer(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    return "pdf", paper.print_pdf(pages, source.name)


def _broken_map(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    """Looks right, but its letters `Ư ư` are copied out as `Ƣ ƣ`."""
    paper.register_encoded_fonts("Broken", encodings.BROKEN_TO_UNICODE)
    return "pdf", paper.print_pdf(
        pages,
        source.name,
        font_of=lambda word: "Broken" + word.font,
        spell=lambda word: encodings.broken_to_unicode(word.text),
    )


def _tcvn3_layer(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    """Set in 8-bit fonts: lines in capitals in `.VnTimeH`, all else in `.VnTime`."""
    small = encodings.TCVN3
    paper.register_encoded_fonts(".VnTime", small)
    capitals = {letter.upper(): byte for letter, byte in small.items() if letter.islower()}
    capitals |= {chr(code).upper(): chr(code) for code in range(ord("a"), ord("z") + 1)}
    paper.register_encoded_fonts(".VnTimeH", capitals)
    return "pdf", paper.print_pdf(
        pages,
        source.name,
        font_of=lambda word: (".VnTimeH" if word.line_in_capitals else ".VnTime") + word.font,
        spell=lambda word: encodings.tcvn3(word.text.lower() if word.line_in_capitals else word.text),
    )


def _scans(source: Source, pages: Sequence[LaidPage]) -> list[damage.Picture]:
    output = source.output
    clean = rasterise(paper.print_pdf(pages, source.name), output["dpi"])
    if output.get("shine_through") and len(clean) > 1:
        clean = [damage.bleed_through(p, clean[i - 1], output["seed"]) for i, p in enumerate(clean)]
    return [damage.scanner(picture, output["strength"], output["seed"] + i) for i, picture in enumerate(clean)]


def _encoded(pictures: Sequence[damage.Picture], output: dict[str, Any]) -> list[bytes]:
    if output.get("bilevel"):
        return [damage.bilevel_png(picture) for picture in pictures]
    return [damage.jpeg(picture, output.get("quality", 40)) for picture in pictures]


def _scan(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    images = _encoded(_scans(source, pages), source.output)
    return "pdf", paper.image_pdf(images, source.name, stamp=source.output.get("stamp", ()))


def _english_ocr_layer(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    """A scan over which somebody ran OCR for English."""
    pictures = _scans(source, pages)
    scale = 72 / source.output["dpi"]
    hidden = [_english_words(picture, scale) for picture in pictures]
    return "pdf", paper.image_pdf(_encoded(pictures, source.output), source.name, hidden=hidden)


def _english_ocr_text(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    texts = [_tesseract(picture, "txt").strip() for picture in _scans(source, pages)]
    return "txt", ("\n\f".join(texts) + "\n").encode("utf-8")


def _colour_scan(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    output = source.output
    scale = output["dpi"] / 72
    pictures = rasterise(paper.print_pdf(pages, source.name), output["dpi"])
    pictures[-1] = damage.seal(pictures[-1], _seal_place(source, pages[-1]), scale, output["seal"], _SEAL_FONT)
    pictures[0] = damage.incoming_stamp(pictures[0], (88, 10), scale, output["incoming"], _STAMP_FONT)
    damage.seed(output["seed"])
    noisy = [
        np.clip(damage.rotate(p, 0.3) + np.random.normal(0, 4, p.shape), 0, 255).astype(np.uint8) for p in pictures
    ]
    return "pdf", paper.image_pdf([damage.jpeg(p, output["quality"]) for p in noisy], source.name)


def _photograph(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    output = source.output
    picture = rasterise(paper.print_pdf(pages[:1], source.name), output["dpi"])[0]
    return "jpg", damage.jpeg(damage.photograph(picture, output["seed"]), output["quality"])


def _tiff(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    images = [Image.open(io.BytesIO(damage.bilevel_png(picture))) for picture in _scans(source, pages)]
    data = io.BytesIO()
    resolution = source.output["dpi"]
    images[0].save(
        data, "TIFF", save_all=True, append_images=images[1:], compression="group4", dpi=(resolution, resolution)
    )
    return "tif", data.getvalue()


def _png(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    picture = Image.fromarray(_scans(source, pages)[0])
    data = io.BytesIO()
    resolution = source.output["dpi"]
    picture.quantize(8).save(data, "PNG", optimize=True, dpi=(resolution, resolution))
    return "png", data.getvalue()


def _text(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    """What somebody pasted into an editor: the printed lines, in the encoding that the source names."""
    feed = "\f" if source.output.get("form_feeds") else "\n\n"
    text = feed.join("\n".join(page.lines) + "\n" for page in pages)
    if source.output.get("without_marks"):
        text = encodings.without_marks(text)
    if source.output["encoding"] == "tcvn3":
        lines = [line.lower() if line.isupper() else line for line in text.split("\n")]
        return "txt", encodings.tcvn3_bytes("\n".join(lines))
    return "txt", text.encode(source.output["encoding"])


def _word(source: Source, pages: Sequence[LaidPage]) -> tuple[str, bytes]:
    document = docx.Document()
    document.core_properties.author = "scripts/corpus"
    for text in (*source.superior, *source.issuer):
        document.add_paragraph(text)
    document.add_paragraph(source.number)
    for text in (STATE, MOTTO, source.place_date):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in (source.type, *source.title):
        paragraph = document.add_paragraph()
        paragraph.add_run(text).bold = True
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in source.blocks:
        if isinstance(block, Paragraph):
            document.add_paragraph().add_run(block.text).bold = block.style == "bold"
        elif isinstance(block, Table):
            table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
            for row, cells in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
    for text in ("Nơi nhận:", *source.recipients, *source.authority, source.signer):
        document.add_paragraph(text)
    data = io.BytesIO()
    document.save(data)
    return "docx", _without_times(data.getvalue())


def _without_times(archive: bytes) -> bytes:
    """The same Word file with one fixed time in every entry, so that each run gives the same bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, (2024, 1, 1, 0, 0, 0)), old.read(entry), zipfile.ZIP_DEFLATED)
    return data.getvalue()


def _seal_place(source: Source, page: LaidPage) -> tuple[float, float]:
    """Left of and above the signer's name, where seals are set; the middle of the page's foot where nobody signs."""
    name = [w for w in page.words if w.font == BOLD and w.text == source.signer.split()[0]]
    return (name[-1].x - 14, name[-1].y - 36) if name else (WIDTH / 2, HEIGHT - 120)


def _tesseract(picture: damage.Picture, form: str) -> str:
    """What tesseract reads with its English model."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "page.png"
        Image.fromarray(picture).save(image)
        command = ["tesseract", str(image), "stdout", "-l", "eng", "--psm", "4", *(() if form == "txt" else (form,))]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, env=environment).stdout


def _english_words(picture: damage.Picture, scale: float) -> list[HiddenWord]:
    words = []
    for line in _tesseract(picture, "tsv").splitlines()[1:]:
        cells = line.split("\t")
        if cells[0] == "5" and cells[11].strip():
            x, y, width, height = (float(value) * scale for value in cells[6:10])
            text = cells[11].encode("cp1252", "replace").decode("cp1252")
            words.append(HiddenWord(text, x, y, x + width, y + height))
    return words


_KINDS: dict[str, Callable[[Source, Sequence[LaidPage]], tuple[str, bytes]]] = {
    "text_layer": _text_layer,
    "broken_map": _broken_map,
    "tcvn3_layer": _tcvn3_layer,
    "scan": _scan,
    "english_ocr_layer": _english_ocr_layer,
    "english_ocr_text": _english_ocr_text,
    "colour_scan": _colour_scan,
    "photograph": _photograph,
    "tiff": _tiff,
    "png": _png,
    "text": _text,
    "word": _word,
}
