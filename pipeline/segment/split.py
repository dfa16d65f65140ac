"""Where one document of a file ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import LineRole, RestoredPage
from pipeline.segment.cells import cells_of
from pipeline.segment.fields import find_place_and_date, find_reference
from pipeline.segment.footer import read_footer
from pipeline.segment.lines import TextLine
from pipeline.segment.rules import SectionRules

TOP_LINES = 14
"""Lines of a page in which a second header block must stand."""

MONTH_LENGTH = len("2020-01")


def document_starts(lines: Sequence[TextLine], pages: dict[int, RestoredPage]) -> list[int]:
    """The first line of each document of a file; always begins with 0.

    A second document begins at the top of a page with a motto and a number or date of its own, after the one before
    it has been signed. A form in an annex carries the motto too, but neither is filled in.
    """
    starts = [0]
    tops = [at for at, line in enumerate(lines) if at and line.first_of_page]
    for top in tops:
        if _is_header(lines, top, pages) and _signed_before(lines, starts[-1], top):
            starts.append(top)
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
        for cell in cells_of(line, at, pages[line.page]):
            page = pages[cell.page]
            if cell.motto:
                motto = True
            elif reference := find_reference(cell.text, page, cell.start):
                number = number or bool(reference.value and re.match(r"\d", reference.value)) or reference.value is None
            elif found := find_place_and_date(cell.text, page, cell.start):
                dated = dated or (found.place is not None and len(found.issued_on or "") >= MONTH_LENGTH)
    return motto and (number or dated)


def _signed_before(lines: Sequence[TextLine], start: int, end: int) -> bool:
    """Whether the lines between hold a signature or a list of recipients."""
    block = read_footer(lines[start:end], min(8, end - start))
    return block is not None and bool(block.footer.signer or block.footer.signer_title or block.footer.recipients)
