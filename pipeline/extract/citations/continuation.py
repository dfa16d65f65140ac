"""Date and issuer of a mention that the next paragraph goes on with."""

from __future__ import annotations

import re

from pipeline.extract.citations.mentions import Mention
from pipeline.extract.citations.surroundings import read_after
from pipeline.models import Document, Paragraph, ParagraphRole
from pipeline.vietnamese import fold_in_place

_RUNNING = {ParagraphRole.LEGAL_BASIS, ParagraphRole.PREAMBLE, ParagraphRole.BODY, ParagraphRole.CLOSING}
_LONGEST_REST = 24
_OPEN_REST = re.compile(r"(?:ngay[\s\d/.-]{0,12}|cua)\s{0,3}$")
_PAGE_NUMBER = re.compile(r"\s\d{1,3}\s{0,3}$")  # what stands between `ngày` and the day on the next page
_READ_ON = 300
_SPECKS = " +*~^|'\"`•·°"  # what is read where a page's edge is dirty
_SPECK_LETTERS = 2


def following_paragraph(document: Document, index: int) -> Paragraph | None:
    """The paragraph after one, without the page numbers and specks between them."""
    later = document.paragraphs[index + 1 : index + 6]
    return next((p for p in later if p.role != ParagraphRole.NOISE and not _is_speck(p.text)), None)


def _is_speck(text: str) -> bool:
    return len(text.strip(_SPECKS)) <= _SPECK_LETTERS


def read_on(mention: Mention, paragraph: Paragraph, following: Paragraph) -> None:
    """Date and issuer may stand in the next paragraph: lines of a title are paragraphs of their own, and a page break
    may split a sentence (`số 04/CT-UBND ngày` | `22/02/2018 của …`)."""
    rest = paragraph.text[mention.end :].rstrip(_SPECKS)
    if len(rest) > _LONGEST_REST or rest.rstrip().endswith((".", ";", ":")):
        return
    if paragraph.role == ParagraphRole.HEADER:
        goes_on = following.role == ParagraphRole.HEADER and not rest.strip(" ,")
    else:
        broken_off = _OPEN_REST.search(fold_in_place(rest)) is not None
        running = paragraph.role in _RUNNING or (paragraph.role == ParagraphRole.HEADING and broken_off)
        goes_on = running and following.role in _RUNNING and (broken_off or following.text[:1].islower())
    if not goes_on:
        return
    text = f"{rest.rstrip()} {following.text[:_READ_ON]}"
    around = read_after(text, fold_in_place(text), 0)
    if around.issued_on is None and (number := _PAGE_NUMBER.search(rest)) is not None:
        text = f"{rest[: number.start()]} {following.text[:_READ_ON]}"
        around = read_after(text, fold_in_place(text), 0)
    mention.issued_on = mention.issued_on or around.issued_on
    if mention.issuer is None and around.issuer:
        mention.issuer = text[slice(*around.issuer)].strip()
