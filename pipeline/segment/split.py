"""Where one document of a file ends and the next begins: at the top of a page, or in the middle of one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document_types import types_of_code
from pipeline.issuing_bodies import body_at_start
from pipeline.models import ASIDE_ROLES, LineRole, RestoredPage
from pipeline.segment.cells import cells_of
from pipeline.segment.fields import find_place_and_date, find_reference
from pipeline.segment.footer import FooterSearch
from pipeline.segment.header import HEADER_LINES, HEADER_ROLES, read_header
from pipeline.segment.header_block import HeaderBlock
from pipeline.segment.lines import Layout, TextLine
from pipeline.segment.rules import HeaderRules, SectionRules
from pipeline.segment.wording import is_capitals

TOP_LINES = 14
"""Lines of a page in which a second header block must stand."""

HEADER = 8
"""Lines at the top of a document above which no signature stands."""

LINES_OF_LAYOUT = 400
"""Lines from which the layout of a document is told that may begin in the middle of a page."""

LINES_BEFORE_MOTTO = 5
"""Lines of the issuer, and of the number under it, that may stand above the motto where columns follow each other."""

FORM_LINES = 3
"""Lines above a header block in which a form is announced as one."""

MONTH_LENGTH = len("2020-01")
_MOTTO_LENGTH = 18
_CAPITALS = 0.6
_BLANK = re.compile(r"…|\.{3}|_{3}")
_COPIES = ("Bản sao", "Bản trích sao")
_OPENING_QUOTES = ("“", '"', "«")


def document_starts(lines: Sequence[TextLine], pages: dict[int, RestoredPage]) -> list[int]:
    """The first line of each document of a file; always begins with 0.

    A second document begins with a motto and a number or date of its own, after the one before it has been signed. A
    form in an annex carries the motto too, but neither is filled in. In the middle of a page, where forms and examples
    stand more often than documents, an issuer and a date and a kind, a subject or addressees are wanted as well.
    """
    starts = [0]
    footers = FooterSearch(lines, HEADER)
    for at, line in enumerate(lines):
        if not at:
            continue
        if line.first_of_page:
            if _is_header(lines, at, pages) and _is_signed(footers, starts[-1] + HEADER, at):
                starts.append(at)
        elif _may_be_motto(line):
            begins = _block_start(lines, at)
            further = begins > starts[-1] and not any(li.first_of_page for li in lines[begins : at + 1])
            if further and _is_own_document(lines, footers, starts[-1], begins, pages):
                starts.append(begins)
    return starts


def _is_header(lines: Sequence[TextLine], top: int, pages: dict[int, RestoredPage]) -> bool:
    motto = number = dated = False
    annexes = SectionRules.load().annexes
    for at in range(top, min(top + TOP_LINES, len(lines))):
        line = lines[at]
        if line.role is LineRole.TABLE or (at > top and line.first_of_page):
            break
        if any(rule.matches(line.text) for rule in annexes):
            return False
        page = pages[line.page]
        for cell in cells_of(line, at, page):
            if cell.motto:
                motto = True
            elif reference := find_reference(cell.text, page, cell.start):
                number = number or bool(reference.value and re.match(r"\d", reference.value)) or reference.value is None
            elif found := find_place_and_date(cell.text, page, cell.start):
                dated = dated or (found.place is not None and len(found.issued_on or "") >= MONTH_LENGTH)
    return motto and (number or dated)


def _is_signed(footers: FooterSearch, start: int, end: int) -> bool:
    """Whether the lines of a document below its header, or some of them, hold a signature or a list of recipients."""
    block = footers.first(min(start, end), end)
    return block is not None and bool(block.footer.signer or block.footer.signer_title or block.footer.recipients)


# ------------------------------------------------------------------------------- in the middle of a page


def _may_be_motto(line: TextLine) -> bool:
    """Whether it is worth while to look closer: a heading in capitals."""
    if line.role is not LineRole.BODY and line.role not in HEADER_ROLES:
        return False
    return len(line.text) >= _MOTTO_LENGTH and line.capitals >= _CAPITALS


def _block_start(lines: Sequence[TextLine], motto: int) -> int:
    """The first line of the header block around a motto: its left column, or the issuer printed above it."""
    start = motto
    for at in range(motto - 1, max(0, motto - LINES_BEFORE_MOTTO) - 1, -1):
        line = lines[at]
        if line.page != lines[motto].page:
            break
        if line.role in HEADER_ROLES or (is_capitals(line.text) and body_at_start(line.text)):
            start = at
        elif not (is_capitals(line.text) or any(rule.matches(line.text) for rule in HeaderRules.load().numbers)):
            break
    return start


def _is_own_document(
    lines: Sequence[TextLine], footers: FooterSearch, start: int, at: int, pages: dict[int, RestoredPage]
) -> bool:
    """Whether a document begins at a line in the middle of a page, after the one that began at `start`."""
    if _is_shown(lines, at, pages) or not _is_signed(footers, start + HEADER, at):
        return False
    top = lines[at : at + LINES_OF_LAYOUT]
    if not any(re.search(r"\d", line.text) for line in top[:HEADER_LINES]):
        return False  # no date
    block = read_header(top, pages, Layout.of(top))
    return _is_filled_in(block, pages[lines[at].page]) and _is_signed(footers, at + block.end, len(lines))


def _is_shown(lines: Sequence[TextLine], at: int, pages: dict[int, RestoredPage]) -> bool:
    """Whether a header block is a form or an example: the lines above it say so, or it is quoted."""
    above = [li for li in lines[max(0, at - 8) : at] if li.role not in ASIDE_ROLES and li.page == lines[at].page]
    if not above:
        return False
    rules = SectionRules.load()
    if any(rule.matches(li.text) for li in above[-FORM_LINES:] for rule in (*rules.annexes, *rules.forms)):
        return True
    quoted = lines[at].text.startswith(_OPENING_QUOTES) and pages[lines[at].page].page.method != "ocr"
    return quoted or above[-1].text.rstrip().endswith((":", ","))


def _is_filled_in(block: HeaderBlock, page: RestoredPage) -> bool:
    """Whether a header block says who issued the document, when, and what it is.

    What an office writes under a copy that it made (`SAO Y BẢN CHÍNH`) is no document of its own.
    """
    if not block.motto or not block.issuers or any(_BLANK.search(text) for text in block.issuers):
        return False
    if block.dated is None or block.dated.place is None or len(block.dated.issued_on or "") < MONTH_LENGTH:
        return False
    reference = block.reference
    if reference is None and not block.number_printed and page.page.method != "ocr":
        return False
    if reference is not None and any(t.name.startswith(_COPIES) for t in types_of_code(reference.type_code)):
        return False
    return bool(block.kind or block.subject or block.addressed)
