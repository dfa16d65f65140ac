"""The lines below the body: who gets the document, who signed it, as what and for whom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.models import ASIDE_ROLES, Footer, LineRole
from pipeline.segment.lines import TextLine
from pipeline.segment.markers import bullet_of
from pipeline.segment.persons import PRINTED, is_name, signer_of, without_degree
from pipeline.segment.rules import FooterRules, SectionRules
from pipeline.segment.wording import is_capitals, office_in_running_case, person_in_running_case
from pipeline.vietnamese import fold

SIGNATURE_LINES = 16
"""Lines between authority or title and the signer's name, at most (seal and signature leave some)."""

RECIPIENT_LINES = 80

SIGNED = 0.97
UNREAD_SIGNER = 0.5
UNREAD_OFFICE = 0.1
_END_MARK = re.compile(r"[./]\s?/\s?[.,]?\s*$")
_CAPITAL_WORD = r"[A-ZÀ-ỸĐ][A-ZÀ-ỸĐ./-]*"
_CAPITALS_AT_END = re.compile(
    rf"(?:^|[\s;,.])({_CAPITAL_WORD}(?:\s{{1,2}}(?:[-–]\s{{1,2}})?{_CAPITAL_WORD}){{1,6}})\s*$"
)


@dataclass(slots=True)
class FooterBlock:
    """Lines `start` to `end` (exclusive) of the document, and what they say."""

    start: int
    end: int
    footer: Footer
    signature_lines: set[int] = field(default_factory=set)


def read_footer(lines: Sequence[TextLine], start: int) -> FooterBlock | None:
    """The first footer after a line; None where the document has none."""
    return FooterSearch(lines, start).first(start, len(lines))


class FooterSearch:
    """Footers of the lines from `start` on, asked for again and again: each line is looked at once."""

    def __init__(self, lines: Sequence[TextLine], start: int) -> None:
        self._lines, self._looked = lines, start
        self._begun: list[int] = []  # lines above `_looked` at which a footer begins, in order
        self._opens: dict[int, bool] = {}
        self._ends: dict[int, bool | None] = {}
        self._read: dict[tuple[int, int], FooterBlock] = {}

    def first(self, start: int, end: int) -> FooterBlock | None:
        """The first footer that begins at line `start` or below, if the text ended before line `end`."""
        at = self._first_line(start, end)
        if at is None:
            return None
        if _is_last_recipient(self._lines[at]):
            at = _list_start(self._lines, start, at)
        span = at, min(end, at + RECIPIENT_LINES)  # further down nothing is read
        if span not in self._read:
            self._read[span] = _Reader(self._lines, *span).read()
        return self._read[span]

    def _first_line(self, start: int, end: int) -> int | None:
        doubtful = max(start, end - SIGNATURE_LINES)  # from here on it matters where the text ends
        while self._looked < doubtful and not (self._begun and self._begun[-1] >= start):
            if self._begins(self._looked, len(self._lines)):
                self._begun.append(self._looked)
            self._looked += 1
        at = bisect_left(self._begun, start)
        if at < len(self._begun) and self._begun[at] < doubtful:
            return self._begun[at]
        return next((at for at in range(doubtful, end) if self._begins(at, end)), None)

    def _begins(self, at: int, end: int) -> bool:
        """Whether a footer begins at a line: recipients, or a signature that stands above or without them."""
        line = self._lines[at]
        if line.role in ASIDE_ROLES or line.role is LineRole.TABLE:
            return False
        if line.role in {LineRole.RECIPIENTS, LineRole.SIGNATURE} or _is_recipients(line.text):
            return True
        if any(rule.matches(line.text) for rule in FooterRules.load().first_recipients) or _is_last_recipient(line):
            return True
        if at not in self._opens:
            self._opens[at] = _opens_signature(line.text) and _follows_an_end(self._lines, at)
        return self._opens[at] and self._is_signed_below(at, end)

    def _is_signed_below(self, at: int, end: int) -> bool:
        """Whether a name or the recipients follow below a line that opens a signature."""
        for below in range(at + 1, min(end, at + SIGNATURE_LINES)):
            if below not in self._ends:
                self._ends[below] = _ends_signature(self._lines[below].text)
            signed = self._ends[below]
            if signed is not None:
                return signed
        return False


def _is_last_recipient(line: TextLine) -> bool:
    return any(rule.matches(line.text) for rule in FooterRules.load().last_recipients)


def _list_start(lines: Sequence[TextLine], start: int, last: int) -> int:
    """Where a list of recipients begins whose heading was not read: its entries are short and marked."""
    first = last
    for at in range(last - 1, max(start, last - 40) - 1, -1):
        line = lines[at]
        if line.role in ASIDE_ROLES:
            continue
        if line.role is LineRole.TABLE or len(line.text) > 75:
            break
        if bullet_of(line.text):
            first = at
        elif first - at > 2:
            break
    return first


def _is_recipients(text: str) -> bool:
    return any(rule.matches(text[:60]) for rule in FooterRules.load().recipients)


def _authority(text: str) -> re.Match[str] | None:
    for rule in FooterRules.load().authorities:
        match = rule.regex.match(text)
        if match and is_capitals(text):
            return match
    return None


TITLE_LIKENESS = 86.0
"""Percent of likeness to an office, without marks: `Phó Chủ Tịc`, `GIAM ĐÓC`."""


def _is_title(text: str) -> bool:
    text = text.strip(" .,;:*|_-")
    if len(text) >= 70 or not (is_capitals(text) or len(text.split()) <= 4):
        return False
    if is_capitals(text) and any(rule.matches(text) for rule in FooterRules.load().titles):
        return True
    if not all(w[:1].isupper() for w in text.split()):
        return False
    return process.extractOne(fold(text), _offices(), scorer=fuzz.ratio, score_cutoff=TITLE_LIKENESS) is not None


def _is_deputy(text: str, head: str) -> bool:
    """Whether an office is the deputy of the one printed above it: `GIÁM ĐỐC / PHÓ GIÁM ĐỐC` is `KT. GIÁM ĐỐC`."""
    return fold(office_in_running_case(text)) == "pho " + fold(office_in_running_case(head))


def _signs_for_one_head(title: str) -> bool:
    return any(rule.matches(title) for rule in FooterRules.load().deputies)


@cache
def _offices() -> list[str]:
    return [fold(words) for rule in FooterRules.load().titles for words in rule.words]


def _opens_signature(text: str) -> bool:
    return len(text) < 90 and (_authority(text) is not None or _is_title(text) or _is_witness(text))


def _is_witness(text: str) -> bool:
    """Whether a line is the office of somebody who signs beside the signer: `THƯ KÝ`."""
    text = text.strip(" .,;:*|_-")
    printed = is_capitals(text) or len(text.split()) <= 4
    return printed and len(text) < 40 and any(rule.matches(text) for rule in FooterRules.load().witnesses)


def _follows_an_end(lines: Sequence[TextLine], at: int) -> bool:
    """Whether the text above a line has ended, so that a signature may begin there."""
    before = next((li for li in reversed(lines[max(0, at - 4) : at]) if li.role not in ASIDE_ROLES), None)
    return before is None or bool(re.search(r"[./!;”\"]\s*$", before.text)) or is_capitals(before.text)


def _ends_signature(text: str) -> bool | None:
    """Whether a line under a signature is its name or the recipients; None where the signature may still go on."""
    if _is_recipients(text) or is_person(text):
        return True
    goes_on = _opens_signature(text) or is_capitals(text) or len(text) < 30 or _is_noise(text)
    return None if goes_on else False


def _is_noise(text: str) -> bool:
    return any(rule.matches(text) for rule in FooterRules.load().noise)


def _is_called(text: str) -> bool:
    """Whether a text begins with a surname of the rules, after degrees."""
    return any(rule.matches(without_degree(text)) for rule in FooterRules.load().surnames)


def _without_degree_after(text: str) -> str:
    """A recipient without the degree of the signer beside it: `Lưu: VT. BS.CKII.`"""
    head, _, last = text.rpartition(" ")
    degree = any(rule.regex.fullmatch(last + " ") for rule in FooterRules.load().degrees)
    return _without_degree_after(head) if head and degree else text


def is_person(text: str) -> bool:
    """Whether a line is a person's name, with or without degrees before it."""
    text = without_degree(text)
    return is_name(text) and not _is_title(text) and not _authority(text)


class _Reader:
    def __init__(self, lines: Sequence[TextLine], start: int, end: int) -> None:
        self.lines, self.start, self.end = lines, start, end
        self.recipients: list[str] = []
        self.authorities: list[str] = []
        self.offices: list[str] = []
        self.deputised: str | None = None  # the office for whose holder a deputy signs
        self.signer: str | None = None
        self.sureness = 1.0
        self.signature_lines: set[int] = set()
        self.in_recipients = False
        self.list_closed = False
        self.last_office = -9
        self.turns: list[bool] = []  # whose names are still to come, in order: True for the signer, False for a witness

    def read(self) -> FooterBlock:
        at = self.start
        self.in_recipients = bullet_of(self.lines[at].text) is not None
        unknown = 0
        while at < self.end and at - self.start < RECIPIENT_LINES:
            line = self.lines[at]
            if at > self.start and self._is_next_part(at, line):
                break
            known = line.role in {*ASIDE_ROLES, LineRole.RECIPIENTS, LineRole.SIGNATURE}
            if (self._take(at, line) if line.role not in ASIDE_ROLES else True) or known:
                unknown = 0
            else:
                unknown += 1
                if unknown > 3 or len(line.text) > 100:
                    at -= unknown - 1
                    break
            at += 1
        title = office_in_running_case(" ".join(self.offices)) if self.offices else self._deputy()
        if title and _signs_for_one_head(title) and not self.authorities and self._is_scanned():
            self.authorities.append("KT")
        footer = Footer(
            signer=person_in_running_case(self.signer) if self.signer else None,
            signer_title=title or None,
            signing_authority=tuple(self.authorities),
            confidence=self._confidence(),
            recipients=tuple(r for text in self.recipients if (r := text.strip(" .;,:/-")) and re.search(r"\w", r)),
        )
        return FooterBlock(self.start, at, footer, self.signature_lines)

    def _deputy(self) -> str | None:
        """What a signer is whose own office was not read, but for whom he signs: only a deputy signs `KT.`"""
        words = office_in_running_case(self.deputised) if self.deputised else ""
        offices = (w for rule in FooterRules.load().titles for w in rule.words if words.startswith(w))
        head = max(offices, key=len, default="")
        own = any(rule.matches(head) for rule in FooterRules.load().other_deputies)
        return f"Phó {head}" if head and not own else None

    def _is_scanned(self) -> bool:
        return any(self.lines[at].confidence < PRINTED for at in self.signature_lines)

    def _confidence(self) -> float:
        """Of the signature: low where somebody signs whose name or office was not read."""
        if self.signer is None:
            return UNREAD_SIGNER
        return round(min(SIGNED, self.sureness) - (0.0 if self.offices else UNREAD_OFFICE), 2)

    def _sign(self, at: int, text: str) -> None:
        """Takes a line as the signer's name, if it is sure enough."""
        found = signer_of(text, self.lines[at].confidence)
        if found:
            self.signer, self.sureness = found

    def _is_next_part(self, at: int, line: TextLine) -> bool:
        """Whether an annex or an attached document begins here."""
        rules = SectionRules.load()
        if line.role in {LineRole.RECIPIENTS, LineRole.SIGNATURE}:
            return False
        if line.role in {LineRole.TABLE, LineRole.HEADER_LEFT, LineRole.HEADER_RIGHT}:
            return True
        if any(rule.matches(line.text) for rule in (*rules.annexes, *rules.attachments)):
            return True
        complete = self.signer is not None and (bool(self.recipients) or not self.in_recipients)
        if bullet_of(line.text) or is_person(line.text) or _opens_signature(line.text):
            return False
        return (complete or self.list_closed) and self._new_page(at)

    def _new_page(self, at: int) -> bool:
        """Whether a line is the first on its page but for page numbers and stamps."""
        before = next((li for li in reversed(self.lines[self.start : at]) if li.role not in ASIDE_ROLES), None)
        return before is not None and before.page != self.lines[at].page

    def _take(self, at: int, line: TextLine) -> bool:
        text = line.text
        intro = next((m for rule in FooterRules.load().recipients if (m := rule.regex.match(text[:60]))), None)
        if intro:
            self.in_recipients = True
            rest = text[intro.end() :].strip()
            if rest and not self._signature(at, rest) and not self._split(at, rest):
                self.recipients.append(rest)
            return True
        if line.role is LineRole.SIGNATURE:
            known = self._signature(at, text)
            capital = text[:1].upper() + text[1:]
            if not known and self.signer is None and is_person(capital) and _is_called(capital):
                self._sign(at, capital)
            self.signature_lines.add(at)
            return True
        cells = [c for c in re.split(r"\t|\s{3,}", text) if c.strip()]
        if len(cells) > 1:
            taken = [self._cell(at, cell, line) for cell in cells]
            return all(taken)
        return self._cell(at, text, line)

    def _cell(self, at: int, text: str, line: TextLine) -> bool:
        bullet = bullet_of(text)
        if bullet and (self.in_recipients or line.role is LineRole.RECIPIENTS):
            rest = text[bullet[1] :]
            if not self._split(at, rest):
                self.recipients.append(rest)
            self.list_closed = bool(re.match(r"\s*L[ưu]u", rest))
            return True
        if self._signature(at, text):
            self.signature_lines.add(at)
            return True
        goes_on = self.recipients and self.in_recipients and len(text) < 90
        if goes_on and (line.role is LineRole.RECIPIENTS or not self.list_closed or text[:1].islower()):
            if not self._split(at, text):
                self.recipients[-1] += " " + text
            return True
        return bool(_END_MARK.search(text)) and len(text) < 6

    def _signature(self, at: int, text: str) -> bool:
        text = text.strip()
        if _is_noise(text):
            return True
        if _is_witness(text):
            self.turns.append(False)
            return True
        if self.turns and not self.turns[0] and is_person(text):
            self.turns.pop(0)
            return True
        match = _authority(text)
        if (match or _is_title(text)) and not (self.turns and self.turns[-1]):
            self.turns.append(True)
        if match and len(text) < 90:
            code = next(r.code for r in FooterRules.load().authorities if r.regex.match(text))
            if code == "KT" and _is_title(text[match.end() :]):
                self.deputised = text[match.end() :]
            if code not in self.authorities and self.signer is None:
                self.authorities.append(code)
                if code == "Q":
                    self.offices = [text]
            self.last_office = at
            return True
        if _is_title(text):
            if self.signer is None:
                if self.offices and "KT" not in self.authorities and _is_deputy(text, self.offices[-1]):
                    self.authorities.append("KT")  # a pen wrote it, or the seal hides it
                if self.deputised and fold(text) == fold(self.deputised):
                    text = f"PHÓ {text}"  # nobody signs for himself
                self.offices = [text]
                self.last_office = at
            return True
        if self.signer is None and is_person(text) and (self.authorities or self.offices):
            self._sign(at, text)
            self.turns = self.turns[1:]
            return True
        if is_capitals(text) and at - self.last_office <= 2 and len(text) < 60 and self.signer is None:
            if self.offices and self.last_office == at - 1:
                self.offices.append(text)
                self.last_office = at
            return True
        return False

    def _split(self, at: int, text: str) -> bool:
        """A recipient and a part of the signature that were read as one line."""
        match = _CAPITALS_AT_END.search(text)
        if match and (match.start(1) > 0) and _opens_signature(match.group(1)):
            self.recipients.append(text[: match.start(1)])
            return self._signature(at, match.group(1)) or True
        for part in reversed(list(re.finditer(r"(?<=[;,.])\s+", text))):
            before, after = text[: part.start()], text[part.end() :]
            signs = self.signer is None and bool(self.authorities or self.offices)
            if signs and is_person(after) and _is_called(after):
                self.recipients.append(_without_degree_after(before))
                self._sign(at, after)
                return True
            if _is_noise(after):
                self.recipients.append(before)
                return True
        return False
