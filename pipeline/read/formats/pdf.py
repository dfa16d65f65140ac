"""PDF files: each page by its text layer where that can be believed, else by OCR."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from typing import Any

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.encodings import Encodings, detect_encoding
from pipeline.models import WHOLE, DigitalSignature, Failure, Page, Share, Source
from pipeline.read.assemble import PageFacts, assemble_page
from pipeline.read.errors import PageError, ReadError, too_many_pages
from pipeline.read.formats.annotations import Annotations
from pipeline.read.layout.order import PageShape, lay_out, make_rows
from pipeline.read.layout.signatures import is_signature, make_signature, take_signatures
from pipeline.read.pictures.picture import page_picture
from pipeline.read.recognition.ocr import read_picture
from pipeline.read.tables.aligned import aligned_tables
from pipeline.read.text_layers.judge import Judgement, judge
from pipeline.read.text_layers.words import TextLayer, read_text_layer
from pipeline.read.token import Token
from pipeline.settings import ReadSettings


def read_pdf(source: Source, settings: ReadSettings, share: Share = WHOLE) -> Iterator[Page | Failure]:
    """The pages of a PDF in order, or those of a share, a failure for each that cannot be read.

    Raises ReadError: `damaged_pdf`, `encrypted_pdf`, `no_pages`, `unreadable`.
    """
    document = _open(source)
    try:
        count = len(document)
        if count == 0:
            raise ReadError("no_pages", "is a PDF without pages; export it again")
        with _Layers(source) as layers, closing(Annotations(source.path)) as annotations:
            for index in range(share.first, min(count, settings.max_pages), share.count):
                try:
                    yield _read_page(document, layers, annotations, index, settings)
                except PageError as error:
                    yield _failure(source, index + 1, error.code, error.message)
        if count > settings.max_pages and share.first == 0:
            yield too_many_pages(source, settings, count)
    finally:
        document.close()


def _failure(source: Source, page: int, code: str, message: str) -> Failure:
    return Failure(source.relative_path, source.sha256, page, "read", code, message)


def _open(source: Source) -> pdfium.PdfDocument:
    try:
        with source.path.open("rb") as file:
            if not file.read(1):
                raise ReadError("empty_file", "is empty (0 bytes); copy it again")
        return pdfium.PdfDocument(str(source.path))
    except OSError as error:
        raise ReadError("unreadable", f"cannot be opened: {error.strerror or error}; check its permissions") from error
    except pdfium.PdfiumError as error:
        # First, since pdfium sets no code for it and shows that of the last file that failed in this process.
        if _has_no_pages(source):
            raise ReadError("no_pages", "is a PDF without pages; export it again") from error
        code = getattr(error, "err_code", None)
        if code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY) or "password" in str(error).lower():
            raise ReadError("encrypted_pdf", "needs a password; save a copy without one") from error
        raise ReadError("damaged_pdf", "is damaged and cannot be opened; copy or export it again") from error


def _has_no_pages(source: Source) -> bool:
    """Whether the file is sound but empty, which pdfium does not tell from damage."""
    with suppress(Exception), pdfplumber.open(source.path) as document:
        return len(document.pages) == 0 and bool(document.doc.catalog)
    return False


class _Layers:
    """The text layers of a file. A page whose layer breaks the parser has none: its picture is read."""

    def __init__(self, source: Source) -> None:
        self._path = source.path
        self._document: Any = None

    def __enter__(self) -> _Layers:
        # pdfminer raises whatever a wrong byte leads to; pdfium, which shows the page, has opened the file already.
        with suppress(Exception):
            self._document = pdfplumber.open(self._path)
        return self

    def __exit__(self, *_: object) -> None:
        if self._document is not None:
            with suppress(Exception):
                self._document.close()

    def of_page(self, index: int) -> TextLayer | None:
        """The layer of a page, counted from 0; None where it cannot be read."""
        if self._document is None:
            return None
        page = None
        try:
            page = self._document.pages[index]
            return read_text_layer(page)
        except Exception:
            # Any error of the parser means the same here: this layer is not to be had.
            return None
        finally:
            if page is not None:
                with suppress(Exception):
                    page.close()


def _read_page(
    document: pdfium.PdfDocument, layers: _Layers, annotations: Annotations, index: int, settings: ReadSettings
) -> Page:
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise PageError("damaged_page", "this page is damaged and cannot be opened") from error
    try:
        width, height = page.get_size()
        if width < 1 or height < 1:
            raise PageError("damaged_page", f"this page has no size ({width:g} × {height:g} points)")
        layer = layers.of_page(index)
        added, stamps = _annotations(annotations.groups(page, index))
        judgement, rest, signatures = judge_layer(layer)
        facts = partial(
            PageFacts,
            number=index + 1,
            width=round(width, 2),
            height=round(height, 2),
            layer_decision=judgement.decision,
            layer_score=judgement.score,
            signatures=stamps + signatures,
        )
        if layer is not None and judgement.decision in ("believed", "repaired"):
            shape = PageShape(width, height, _decoder(rest))
            words = [*rest, *added]
            tables = (*layer.grids, *aligned_tables(words, shape, layer.grids))
            return assemble_page(facts(method="text_layer"), lay_out(words, shape, tables), tables)
        if layer is not None and judgement.decision == "none" and not layer.anything_drawn:
            return assemble_page(facts(method="text_layer"), ())
        return read_picture(page_picture(page, settings.ocr_dpi, settings.max_pixels), facts(method="ocr"), settings)
    except pdfium.PdfiumError as error:
        raise PageError("damaged_page", f"this page cannot be shown: {error}") from error
    finally:
        page.close()


def _annotations(groups: list[list[Token]]) -> tuple[list[Token], tuple[DigitalSignature, ...]]:
    """The words that annotations add to the text, and those that are the stamp of a signature."""
    words: list[Token] = []
    stamps: list[DigitalSignature] = []
    for group in groups:
        lines = [row.tokens for row in make_rows(group)]
        if is_signature(lines):
            stamps.append(make_signature(lines))
        else:
            words += group
    return words, tuple(stamps)


def judge_layer(layer: TextLayer | None) -> tuple[Judgement, list[Token], tuple[DigitalSignature, ...]]:
    """What becomes of a layer, its words without signature stamps, and the stamps."""
    if layer is None:
        return Judgement("none", None), [], ()
    rest, signatures = take_signatures(make_rows(layer.tokens))
    judgement = judge(rest, layer.image_cover, layer.hidden_share)
    if layer.upright_share < 0.5 and judgement.decision != "none":
        # Text set sideways on the page: only the picture can be turned.
        judgement = Judgement("rejected", judgement.score)
    return judgement, rest, signatures


def _decoder(tokens: list[Token]) -> Any:
    """How to understand the raw words of this page while it is laid out."""
    rules = Encodings.load()
    whole, _ = detect_encoding(" ".join(t.text for t in tokens if not t.encoding))

    def decode(token: Token) -> str:
        name = token.encoding or whole
        return rules.named(name).decode(token.text) if name else token.text

    return decode
