"""The lines above the body: who issued the document, its number, place, date, kind, title and addressees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from pipeline.document_types import DocumentType, type_at_start
from pipeline.issuing_bodies import NamedBody, body_at_start, glued_body
from pipeline.models import ASIDE_ROLES, LineRole, RestoredPage
from pipeline.segment.cells import Cell, cells_of
from pipeline.segment.fields import PlaceAndDate, find_place_and_date, find_reference
from pipeline.segment.header_block import HeaderBlock
from pipeline.segment.lines import Layout, TextLine
from pipeline.segment.markers import bullet_of, marker_of
from pipeline.segment.rules import HeaderRules, SectionRules, WordsRule
from pipeline.segment.wording import is_capitals
from pipeline.vietnamese import fold

HEADER_LINES = 60
"""Lines in which a header must end."""

STRAY_LINES = 4
"""Lines above a header block or in it that may be passed over: what a fax, a stamp or a pen put there."""

STRAY_LENGTH = 80
"""Characters of such a line: a stamp's words may stand beside those of both columns."""

TITLE_LINES = 12
MARKED = 0.3
"""From this freshness on a line with a section marker ends the title."""

HEADER_ROLES = {LineRole.HEADER_LEFT, LineRole.HEADER_RIGHT}

_PLACE_WORDS = ("tỉnh ", "huyện ", "quận ", "xã ", "phường ", "thị trấn ", "thị xã ", "thành phố ", "tp ", "tp. ")


def _specks(text: str) -> int:
    """How many characters before the first word are specks of the scan."""
    match = re.match(r"(?:[^\w(“\"]|_){1,4}(?=[^\W\d_])", text)
    return match.end() if match else 0


_SCRAP = re.compile(r".{0,24}[^\w\s.,;:(/-]\s{1,3}(?=[A-ZĐ])")
"""What a stamp leaves to the left of a line in the middle: it ends in a sign that no line of a header has."""

EDGES = " *.-–—_~|:;,'’‘`\"“”"
"""What a scanner or a drawn line leaves around a name."""


def _is_organ(named: NamedBody | None) -> bool:
    """Whether a body's own name begins with a place word: `Huyện ủy`, not `xã Đồng Mây`."""
    return named is not None and (fold(named.body.name) + " ").startswith(tuple(map(fold, _PLACE_WORDS)))


def _cleaned(text: str) -> str:
    """A line without the specks and dashes that a scanner reads before its first word."""
    return re.sub(r"^(?:[^\w(]|_){1,8}(?=[^\W\d_])|^.{1,30}?(?=Kính gửi ?:)", "", text)


def read_header(lines: Sequence[TextLine], pages: dict[int, RestoredPage], layout: Layout) -> HeaderBlock:
    """The header block that the lines begin with; empty where they begin with the body."""
    return _Reader(lines, pages, layout).read()


class _Reader:
    def __init__(self, lines: Sequence[TextLine], pages: dict[int, RestoredPage], layout: Layout) -> None:
        self.lines, self.pages, self.layout = lines, pages, layout
        self.block = HeaderBlock(end=0)
        self.last_issuer_line = -9
        self.issuers_above: tuple[list[str], list[str]] = ([], [])

    def read(self) -> HeaderBlock:
        limit = min(len(self.lines), HEADER_LINES)
        at = 0
        while at < limit:
            line = self.lines[at]
            if line.role in ASIDE_ROLES or self._is_noise(line):
                self.block.noise.add(at)
                at += 1
                continue
            following = self._step(at, line)
            if following is None:
                if self._stands_above(at):
                    self._pass_over_issuers(at)
                elif self._stands_between(at):
                    self.block.noise.add(at)
                else:
                    break
                following = at + 1
            at = following
        self.block.end = at
        if not self.block.issuers:
            self.block.issuers, self.block.issuers_raw = self.issuers_above
        return self.block

    def _pass_over_issuers(self, at: int) -> None:
        """Takes the offices named so far, above a stray line, for a stamp's, unless no other is named below."""
        block = self.block
        if block.issuers:
            self.issuers_above = block.issuers, block.issuers_raw
            block.issuers, block.issuers_raw = [], []
        block.noise.update(range(at + 1))

    def _is_noise(self, line: TextLine) -> bool:
        if any(rule.matches(line.text) for rule in HeaderRules.load().stamps):
            return True
        return not re.search(r"\w", line.text) and len(line.text) < 60 and bullet_of(line.text) is None

    def _stands_above(self, at: int) -> bool:
        """Whether nothing of a header has been read but the name of an office, and one begins right below."""
        block = self.block
        if block.motto or block.kind or block.reference or block.dated or block.title or block.addressed:
            return False
        lines = (line for line in self.lines[at + 1 : HEADER_LINES] if not self._is_noise(line))
        below = [line for line in islice(lines, STRAY_LINES) if line.page == self.lines[at].page]
        return any(line.role in HEADER_ROLES or self._holds_motto(line) for line in below)

    def _holds_motto(self, line: TextLine) -> bool:
        return any(cell.motto for cell in cells_of(line, 0, self.pages[line.page]))

    def _stands_between(self, at: int) -> bool:
        """Whether a short line is no part of a header that goes on below it: what a stamp or a pen put there."""
        block, line = self.block, self.lines[at]
        begun = block.motto or block.reference is not None or block.dated is not None
        if block.kind is not None or block.addressed or not begun or len(line.text) > STRAY_LENGTH:
            return False
        if any(rule.matches(line.text) for rule in SectionRules.load().legal_bases):
            return False
        for below in self.lines[at + 1 : at + 1 + STRAY_LINES]:
            if below.page != line.page or len(below.text) > STRAY_LENGTH:
                return False
            kind = self._kind(below)
            if kind is not None and is_capitals(kind[1]) and below.text.rstrip(EDGES).endswith(kind[1]):
                return True
            if any(rule.matches(_cleaned(below.text)) for rule in HeaderRules.load().addressees):
                return True
        return False

    def _step(self, at: int, line: TextLine) -> int | None:
        """The next line to look at, or None where the body begins here."""
        block = self.block
        if any(rule.matches(_cleaned(line.text)) for rule in HeaderRules.load().addressees):
            return self._addressees(at)
        if block.kind is None and (found := self._kind(line)):
            return self._titled(at, *found)
        if block.kind is not None:
            if self._decides(line):
                block.decides = " ".join(filter(None, [block.decides, line.text]))
                return at + 1
            if line.role not in HEADER_ROLES:
                return None
        if block.addressed and line.role not in HEADER_ROLES:
            if block.addressees:
                return None
            end = self._addressee_lines(at, [])
            return end if end > at else None
        used = False
        for cell in cells_of(line, at, self.pages[line.page]):
            used = self._cell(cell, line) or used
        if used or line.role in HEADER_ROLES:
            return at + 1
        if block.subject and self._subject_goes_on(at, line):
            block.title.append(line.text)
            return at + 1
        return None

    # ------------------------------------------------------------------ the two columns

    def _cell(self, cell: Cell, line: TextLine) -> bool:
        block = self.block
        if cell.motto:
            block.motto = True
            block.party = block.party or cell.motto == "party"
            return True
        page = self.pages[cell.page]
        if block.reference is None and (reference := find_reference(cell.text, page, cell.start)):
            block.reference, block.number_printed = reference, True
            return True
        if block.dated is None and cell.side != "left" and (dated := self._dated(cell, page)):
            block.dated = dated
            return True
        subject = next((m for rule in HeaderRules.load().subjects if (m := rule.regex.match(cell.text))), None)
        if subject:
            block.subject = True
            block.title.append(cell.text)
            return True
        written = block.subject or (block.reference is not None and not is_capitals(cell.text))
        if written and cell.side == "left" and len(cell.text) > 3:
            if block.subject and is_capitals(cell.text) and body_at_start(cell.text.strip(EDGES)):
                return True  # the stamp of the office that received the letter
            block.subject = True  # under the number stands the subject, even where `V/v` was not read
            block.title.append(cell.text)
            return True
        if any(rule.regex.match(cell.text) for rule in HeaderRules.load().numbers):
            block.number_printed = True
            return True
        return self._issuer(cell, line)

    def _dated(self, cell: Cell, page: RestoredPage) -> PlaceAndDate | None:
        dated = find_place_and_date(cell.text, page, cell.start)
        if dated is None or (cell.side == "none" and dated.place is None and len(cell.text) > 45):
            return None
        rest = cell.text[: dated.start].strip() + cell.text[dated.end :].strip(" .")
        return dated if len(rest) < 12 else None

    def _issuer(self, cell: Cell, line: TextLine) -> bool:
        block = self.block
        if block.subject or (block.reference and cell.side != "left"):
            return False
        if cell.side == "right" or len(cell.text) > 90:
            return False
        text = cell.text.strip(EDGES)
        if not is_capitals(text) and not (cell.side == "left" and body_at_start(text)):
            return False
        named = body_at_start(text) or glued_body(text)
        starts_name = named is not None or any(rule.matches(text) for rule in HeaderRules.load().heads)
        goes_on = block.issuers and cell.line - self.last_issuer_line <= 2 and not re.search(r"\d\s?/", text)
        if goes_on and (text.lower() + " ").startswith(_PLACE_WORDS) and not _is_organ(named):
            starts_name = False
        if not starts_name and not goes_on:
            return False
        raw = self.pages[cell.page].raw_of(cell.start, cell.end).strip(EDGES)
        if starts_name or not goes_on:
            block.issuers.append(text)
            block.issuers_raw.append(raw)
        else:
            block.issuers[-1] += " " + text
            block.issuers_raw[-1] += " " + raw
        block.doubt = max(block.doubt, 1.0 - line.confidence)
        self.last_issuer_line = cell.line
        return True

    def _subject_goes_on(self, at: int, line: TextLine) -> bool:
        if self.block.addressed or len(self.block.title) >= TITLE_LINES:
            return False
        before = self.lines[at - 1]
        if line.gap > self.layout.gap and not line.text[:1].islower():
            return False
        return line.text[:1].islower() or (len(line.text) < 0.7 * self.layout.width and len(before.text) < 60)

    # --------------------------------------------------------------------- kind and title

    def _kind(self, line: TextLine) -> tuple[DocumentType, str] | None:
        """The kind where a line is its heading: the name alone, or the name and the title in capitals."""
        if len(line.text) > 200:
            return None
        text = line.text[_specks(line.text) :]
        scrap = _SCRAP.match(line.text)
        bare = line.text[scrap.end() if scrap else 0 :].strip(EDGES)
        if is_capitals(bare) and (named := type_at_start(bare)) and len(named[1]) == len(bare):
            text = bare
        found = type_at_start(text)
        if found is None or not found[0].heading:
            return None
        rest = text[len(found[1]) :].strip(" .*")
        if line.role in HEADER_ROLES:
            return found if not rest and is_capitals(text) else None
        if not rest:
            alone = is_capitals(text) or line.centred or line.gap > self.layout.gap or not self.block.title
            return found if alone else None
        if is_capitals(line.text) and not rest.startswith((":", "–", "-")):
            return found
        titled = is_capitals(found[1]) and line.text.lower() != line.text
        first = not self.block.issuers and (line.centred or line.bold) and len(line.text) < 120
        return found if titled or first else None

    def _titled(self, at: int, kind: DocumentType, words: str) -> int:
        block, lines = self.block, self.lines
        block.kind = kind
        block.doubt = max(block.doubt, 1.0 - lines[at].confidence)
        text = lines[at].text
        rest = text[text.find(words) + len(words) :].strip(" .*:")
        if re.search(r"\w", rest):
            block.title = [rest]
        elif block.subject:
            block.title = []
        at += 1
        taken: list[int] = []
        while at < min(len(lines), HEADER_LINES) and len(block.title) < TITLE_LINES:
            line = lines[at]
            if line.role in ASIDE_ROLES or self._is_noise(line):
                block.noise.add(at)
            elif any(rule.matches(line.text) for rule in SectionRules.load().attachments):
                taken = []
                at = self._parenthesis_end(at) + 1
                continue
            elif self._title_goes_on(line, lines[taken[-1]] if taken else None):
                block.title.append(line.text)
                block.doubt = max(block.doubt, 1.0 - line.confidence)
                taken.append(at)
            else:
                break
            at += 1
        return at

    def _parenthesis_end(self, at: int) -> int:
        """The last line of a remark in parentheses that begins at a line."""
        if self.lines[at].text.startswith("("):
            for end in range(at, min(at + 4, len(self.lines))):
                if ")" in self.lines[end].text:
                    return end
        return at

    def _title_goes_on(self, line: TextLine, before: TextLine | None) -> bool:
        sections, rules = SectionRules.load(), HeaderRules.load()
        if any(rule.matches(line.text) for rule in sections.legal_bases):
            return False
        if any(rule.matches(_cleaned(line.text)) for rule in rules.addressees):
            return False
        if self._decides(line) or bullet_of(line.text) or line.text.endswith(":"):
            return False
        marker = marker_of(line.text)
        if marker and (before is None or self.layout.freshness(before, line, line.text[marker.end :]) >= MARKED):
            return False
        opening = any(rule.matches(line.text) for rule in rules.openings)
        if before is None:
            # the line under the kind: the title, unless it is plainly a first paragraph
            centred = line.centred or self.layout.is_centred(line)
            plain = line.box is not None and not centred and not line.bold and self._is_full(line)
            return not (plain and opening) and len(line.text) < 250
        if line.text[:1].islower():
            return True
        if opening and self._is_full(line) and not (line.bold and before.bold):
            return False  # a first line, indented and ragged, can look centred
        if line.box and before.box:
            if line.centred or self.layout.is_centred(line) or (line.bold and before.bold):
                return True
            if before.centred or before.bold != line.bold or self.layout.is_centred(before):
                return False
        if line.box is None and line.gap > self.layout.gap and self._is_full(line):
            return False  # set apart, and as wide as running text
        if line.gap > max(self.layout.gap, before.gap if before.gap < 2 else 1):
            return before.text.endswith(",")
        if re.search(r"[.:;]$", before.text) or (opening and self._is_full(line)):
            return False
        return not (self._is_full(line) and not self._is_full(before))

    def _is_full(self, line: TextLine) -> bool:
        return len(line.text) >= 0.8 * self.layout.width

    def _decides(self, line: TextLine) -> bool:
        if not is_capitals(line.text) or len(line.text) > 120:
            return False
        if self.block.decides is not None:
            return line.gap == 0 and type_at_start(line.text) is None and marker_of(line.text) is None
        return any(rule.matches(line.text) for rule in HeaderRules.load().authorities)

    # ------------------------------------------------------------------------ addressees

    def _addressees(self, at: int) -> int:
        block, lines = self.block, self.lines
        block.addressed = True
        first = lines[at]
        text = _cleaned(first.text)
        intro = next(m for rule in HeaderRules.load().addressees if (m := rule.regex.match(text)))
        rest = text[intro.end() :]
        rest = rest[bullet[1] :] if (bullet := bullet_of(rest)) else rest
        return self._addressee_lines(at + 1, [rest.strip()] if rest.strip() else [])

    def _addressee_lines(self, at: int, found: list[str]) -> int:
        block, lines = self.block, self.lines
        while at < min(len(lines), HEADER_LINES):
            line = lines[at]
            if line.role in ASIDE_ROLES or line.role in HEADER_ROLES:
                if line.role in ASIDE_ROLES:
                    block.noise.add(at)
                    at += 1
                    continue
                break
            bullet = bullet_of(line.text)
            if bullet and self._opens_body(line.text[bullet[1] :]):
                break
            if bullet and not (found and self._is_full(line) and line.text.rstrip().endswith(":")):
                found.append(line.text[bullet[1] :])
            elif line.text.startswith("("):
                at = self._parenthesis_end(at)
            elif not found:
                found.append(line.text)
            elif self._addressee_goes_on(lines[at - 1], line):
                found[-1] += " " + line.text
            else:
                break
            at += 1
        block.addressees = [cleaned for text in found if (cleaned := text.strip(" .;,")) and re.search(r"\w", cleaned)]
        return at

    def _opens_body(self, text: str) -> bool:
        return any(rule.matches(text) for rule in SectionRules.load().legal_bases)

    def _addressee_goes_on(self, before: TextLine, line: TextLine) -> bool:
        if re.search(r"[.;)]$", before.text):
            return False
        openings: list[WordsRule] = [*SectionRules.load().legal_bases, *HeaderRules.load().openings]
        if any(rule.matches(line.text) for rule in openings):
            return line.text[:1].islower()
        return self.layout.freshness(before, line, line.text) < 0.5 or line.text[:1].islower()
