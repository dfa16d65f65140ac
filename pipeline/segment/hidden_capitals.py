"""Capitals that a plain text in a legacy encoding no longer shows.

Typists of the TCVN3 years set headings in fonts that drew small letters as capitals (`.VnTimeH`). Where only the text
is left, such a line has no capital at all, which no line of running text that begins a paragraph has.
"""

from __future__ import annotations

import re

from pipeline.document_types import type_at_start
from pipeline.issuing_bodies import body_at_start
from pipeline.models import RestoredPage
from pipeline.segment.rules import FooterRules

HEADING_LENGTH = 120
HEADER_LINES = 8
HEADER_LINE_LENGTH = 60
"""Characters; a longer line has left the two columns of the header."""

_ROMAN = re.compile(r"[ivxl]{1,6}\s{0,2}[.)/-]\s{0,2}(?=[^\W\d_])")
_ENDED = re.compile(r"[.;:,!/]$")


def may_hide_capitals(page: RestoredPage) -> bool:
    """Whether a page is plain text from a legacy encoding: its fonts are lost."""
    return page.page.method == "plain" and any(c.kind == "encoding" for c in page.corrections)


class HiddenCapitals:
    """Follows the lines of one page and shows those in capitals that a font drew so."""

    def __init__(self, page: RestoredPage) -> None:
        self.active = may_hide_capitals(page)
        self.header = page.number == 1
        self.count = 0
        self.hidden_before = False
        self.before = ""

    def shown(self, text: str) -> str | None:
        """The line in capitals, letter for letter; None where it is as it was printed."""
        if not self.active:
            return None
        self.count += 1
        hidden = self._is_hidden(text)
        self.header = self.header and self.count < HEADER_LINES and len(text) <= HEADER_LINE_LENGTH
        if re.search(r"[^\W\d_]", text):
            self.hidden_before = hidden and type_at_start(text) is None
            self.before = text
        capitals = text.upper()
        return capitals if hidden and len(capitals) == len(text) else None

    def _is_hidden(self, text: str) -> bool:
        if len(text) > HEADING_LENGTH or text != text.lower() or not re.search(r"[^\W\d_]", text):
            return False
        if self.hidden_before or _ROMAN.match(text):
            return True
        if self.header and body_at_start(text):
            return True
        kind = type_at_start(text)
        if kind and kind[0].heading and kind[1] == text:
            return True
        rules, capitals = FooterRules.load(), text.upper()
        if any(rule.matches(capitals) for rule in rules.authorities):
            return True
        return bool(_ENDED.search(self.before)) and any(rule.regex.fullmatch(text) for rule in rules.titles)
