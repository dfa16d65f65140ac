"""Header block, footer and first paragraphs together: who issued which document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.document_types import DocumentType, type_at_start, type_of_name, types_of_code
from pipeline.issuing_bodies import NamedBody, bodies_of_code, body_at_start, find_bodies, level_of_body
from pipeline.models import Header, IssuerLevel
from pipeline.segment.fields import Reference
from pipeline.segment.file_names import number_in_name
from pipeline.segment.header_block import HeaderBlock
from pipeline.segment.provinces import commonest_province, province_after_level, province_named
from pipeline.segment.rules import HeaderRules
from pipeline.segment.wording import body_in_running_case, is_capitals
from pipeline.vietnamese import fold, fold_in_place, one_tone_style

LONGEST_NAME = 40
"""Characters in which the name of a kind stands before `này`."""

LEAD_LENGTH = 4000
"""Characters of the first paragraphs in which the issuing body may name itself."""


def header_of(
    block: HeaderBlock,
    collective: str | None,
    lead: Sequence[str],
    folded: Sequence[str],
    file_name: str | None = None,
) -> Header:
    """The header's fields. `collective` is the body that the signature is for, `lead` the first paragraphs, `folded`
    the folded lines of the whole document, `file_name` the name of the file that begins with it.

    The confidence is the chance that all of the header is read and right: at most 0.67 where a number is printed that
    nobody could read.
    """
    inferred: list[str] = []
    confidence = 0.97
    reference = block.reference
    party = block.party or bool(reference and reference.is_party and not block.motto)
    kind = _kind(block, party, inferred) or _named_by_itself(folded, inferred)
    issuer, superior = _printed_issuer(block)
    if issuer is None:
        issuer = _inferred_issuer(block, collective, lead, party)
        if issuer:
            inferred.append("issuer")
            confidence -= 0.15
    level = _level(issuer, superior, block, lead, inferred)
    issued_at = block.dated.place if block.dated else None
    printed = issuer, superior  # who stands in the heading, with its place
    issuer = _with_superior(issuer, superior)
    issuer = _place_as_dated(_as_symbol_says(issuer, reference, block.decides), block, issued_at)
    if party and (organ := _organ_of_title(block, issuer)):
        issuer, superior = organ, issuer
    number = reference.value if reference else None
    if reference is not None and number is None:
        if reference.half_sure and _borne_out(reference, block, kind, issuer, party):
            number = reference.half_sure
            confidence -= HALF_SURE
        else:
            number = _printed_symbol(reference, block, issuer, party)
            confidence -= UNREAD
            if number and file_name and (named := _named_number(file_name, reference, block, kind)):
                number = named + number
                inferred.append("reference_number")
    letter = block.motto and (block.subject or block.addressed)  # which always carries a number
    if reference is None and (block.number_printed or letter):
        confidence -= UNREAD
    confidence -= DOUBTED_PRINT * max(0.0, block.doubt - USUAL_DOUBT)
    if block.dated is not None and block.dated.doubt:
        confidence -= 0.2
    if kind is None or (block.kind is None and not letter and reference is None):
        confidence -= 0.2
    province = _province(*printed, issued_at, folded, inferred)
    system = "party" if party else "state"
    return Header(
        document_type=kind.name if kind else None,
        document_type_code=(kind.code_in(system) or None) if kind else None,  # type: ignore[arg-type]
        reference_number=number,
        issued_on=block.dated.issued_on if block.dated else None,
        issued_at=one_tone_style(issued_at) if issued_at else None,
        issuer=issuer,
        issuer_superior=superior,
        issuer_level=level,
        title=_title(block),
        addressees=tuple(block.addressees),
        province=province,
        confidence=round(max(0.2, confidence), 2),
        inferred=tuple(inferred),
    )


UNREAD = 0.3
HALF_SURE = 0.12
DOUBTED_PRINT = 0.5
USUAL_DOUBT = 0.12
"""What the reader doubts of any line of capitals."""


def _title(block: HeaderBlock) -> str | None:
    title = " ".join(" ".join(block.title).split())
    return re.sub(r"^(\(?)V ?[/⁄ÍÌíìIl|] ?[vwyVWY](?=[\s.:])", r"\1V/v", title) or None


def _borne_out(
    reference: Reference, block: HeaderBlock, kind: DocumentType | None, issuer: str | None, party: bool
) -> bool:
    """Whether all else that is printed agrees with a number that the reader doubted a little: the day was read for
    sure (a pen that fills in the number fills in the day), and the symbol is that of the kind and of the issuer."""
    if block.dated is None or block.dated.doubt or len(block.dated.issued_on or "") < len("2020-01-01"):
        return False
    types = types_of_code(reference.type_code, "party" if party else "state")
    if kind is None or (types and kind not in types and not any(t.id == kind.general for t in types)):
        return False
    if not types and not block.subject:
        return False
    named = body_at_start(issuer) if issuer else None
    if named is None:
        return False
    codes = [reference.body_code, *re.split(r"[-/]", reference.symbol)]
    return any(coded.body == named.body for code in codes for coded in bodies_of_code(code))


def _printed_symbol(reference: Reference, block: HeaderBlock, issuer: str | None, party: bool) -> str | None:
    """The symbol with a blank for the number that a pen wrote before it; None where it may be misread itself.

    A symbol of known codes that are those of the printed kind and issuer is right; any other needs a sure reader.
    """
    types = types_of_code(reference.type_code, "party" if party else "state")
    if types and block.kind and block.kind not in types and not any(t.id == block.kind.general for t in types):
        return None
    if reference.symbol_sure:
        return reference.blank
    named = body_at_start(issuer) if issuer else None
    coded = bodies_of_code(reference.body_code if types else reference.type_code)
    if not coded or not (types or block.subject):
        return None
    agrees = named is None or any(c.body == named.body for c in coded)
    return reference.blank if agrees else None


def _named_number(file_name: str, reference: Reference, block: HeaderBlock, kind: DocumentType | None) -> str | None:
    """The number that the file's name gives, where a pen wrote it on the page."""
    year = block.dated.issued_on[:4] if block.dated and block.dated.issued_on else None
    name, code = (kind.name, reference.type_code) if kind else (None, None)
    return number_in_name(file_name, reference.symbol, name, code, year)


def _organ_of_title(block: HeaderBlock, issuer: str | None) -> str | None:
    """The Party organ that a title names right under the kind (`CHỈ THỊ / CỦA BAN THƯỜNG VỤ TỈNH ỦY`), where the
    heading prints the committee whose organ it is."""
    if not block.title or not issuer or not fold(block.title[0]).startswith("cua "):
        return None
    words = " ".join(block.title[0].split(None, 1)[1:])
    named = body_at_start(words)
    printed = body_at_start(issuer)
    if named is None or printed is None or named.body.system != "party" or not is_capitals(words):
        return None
    organ = named.body != printed.body and fold(printed.body.name) in fold(named.body.name)
    return body_in_running_case(words) if organ else None


DAMAGED_LIKENESS = 70.0
"""Percent of likeness, without blanks and marks, from which on a damaged issuer is the body that the symbol names."""


def _as_symbol_says(issuer: str | None, reference: Reference | None, decides: str | None) -> str | None:
    """The name of the body of the symbol, where the printed one is that name with damage: `SỞYTÉ 1` above `KH-SYT`, or
    where nobody knows the printed one and the head of the symbol's body decides: `GIÁM ĐỐC SỞ Y TẾ`."""
    if not issuer or reference is None:
        return issuer
    printed = body_at_start(issuer)
    if printed is not None and not printed.body.stem:
        return issuer
    glued = re.sub(r"\W", "", fold(issuer))
    for code in (reference.body_code, reference.type_code):
        for coded in bodies_of_code(code, "state"):
            signed_for = printed is None and decides is not None and fold(coded.name) in fold(decides)
            if signed_for or fuzz.ratio(re.sub(r"\W", "", fold(coded.name)), glued) >= DAMAGED_LIKENESS:
                return coded.name
    return issuer


def _with_superior(issuer: str | None, superior: str | None) -> str | None:
    """`Văn phòng` under `Tỉnh ủy Đồng Mây` is `Văn phòng Tỉnh ủy Đồng Mây`: the word alone names nobody."""
    if not issuer or not superior:
        return issuer
    organ = next((name for name in HeaderRules.load().organ_names if _begins(issuer, name)), None)
    if organ is not None:
        return " ".join([organ, superior, issuer[len(organ) :].strip()]).strip()
    named = body_at_start(issuer)
    if named is None or not named.body.stem:
        return issuer
    return f"{issuer} {superior}" if fold(issuer) == fold(named.body.name) else issuer


def _begins(text: str, name: str) -> bool:
    """Whether a text is a name, or goes on after it with a place: `Ban Chấp hành tỉnh Đồng Mây`."""
    rest = fold(text).removeprefix(fold(name))
    return rest != fold(text) and (not rest or rest.startswith((" tinh ", " huyen ", " thanh pho ", " thi xa ")))


def _place_as_dated(issuer: str | None, block: HeaderBlock, issued_at: str | None) -> str | None:
    """The issuer with the marks of its place from the date line, where both read the same before restoration."""
    if not issuer or not issued_at or not block.issuers_raw:
        return issuer
    raw, place = fold(block.issuers_raw[-1]), fold(issued_at)
    named = body_at_start(issuer)
    if named is None or not raw.endswith(" " + place) or fold(issuer).endswith(" " + place):
        return issuer
    words = issuer[named.end :].split()
    kept = words[: max(0, len(words) - len(issued_at.split()))]
    return " ".join([issuer[: named.end].strip(), *kept, issued_at])


def _kind(block: HeaderBlock, party: bool, inferred: list[str]) -> DocumentType | None:
    if block.kind is not None:
        return block.kind
    letter = type_of_name("Công văn")
    if block.reference is not None:
        coded = types_of_code(block.reference.type_code, "party" if party else "state")
        if block.subject and not party and not bodies_of_code(block.reference.body_code):
            coded = ()  # `2345/CT-TTHT` under `CỤC THUẾ`: the first code is the office's, the second a desk's
        if coded:
            if not (block.subject and coded[0] is letter):
                inferred.append("document_type")
            return coded[0]
    if block.subject or block.addressed:
        if not block.subject:
            inferred.append("document_type")
        return letter
    return None


_THIS = re.compile(r" nay(?!\w)")
_OPENING_LINES = 40
_DRAWN_UP = re.compile(
    r"(?<!\w)(?:xay dung|ban hanh|lap) (?=(?:[^.:;]|\.(?=\d)){4,300}(?<!\w)(?:nhu sau|sau day)\s{0,2}[:.])"
)
"""`Ủy ban nhân dân xã xây dựng Kế hoạch …, nội dung như sau:`"""
_ABOVE_IS = re.compile(r"(?<!\w)tren day la (?:toan bo )?(?:noi dung )?")


def _named_by_itself(folded: Sequence[str], inferred: list[str]) -> DocumentType | None:
    """The kind that a document without a heading calls itself: `Nghị định này`, `Trên đây là báo cáo …`."""
    votes: Counter[str] = Counter()
    for line in folded:
        for match in _ABOVE_IS.finditer(line):
            if named := type_at_start(line[match.end() :]):
                votes[named[0].name] += 1
        for match in _THIS.finditer(line):
            words = line[max(0, match.start() - LONGEST_NAME) : match.start()].split()
            names = (type_of_name(" ".join(words[at:])) for at in range(len(words)))
            if named_so := next(filter(None, names), None):
                votes[named_so.name] += 1
    if not votes:
        opening = " ".join(folded[:_OPENING_LINES])
        drawn_up = (type_at_start(opening[match.end() :]) for match in _DRAWN_UP.finditer(opening))
        votes.update(named[0].name for named in drawn_up if named)
    if not votes:
        return None
    inferred.append("document_type")
    return type_of_name(votes.most_common(1)[0][0])


def _printed_issuer(block: HeaderBlock) -> tuple[str | None, str | None]:
    if not block.issuers:
        return None, None
    names = [body_in_running_case(name.strip(" *.-–_")) for name in block.issuers]
    return names[-1], names[-2] if len(names) > 1 else None


_PLACE_AFTER = re.compile(
    r"\s(?:tỉnh|huyện|quận|thị xã|thị trấn|thành phố|xã|phường)(?:\s[A-ZÀ-ỸĐ][\wÀ-ỹ]*(?:\s-\s[A-ZÀ-ỸĐ][\wÀ-ỹ]*)?){0,4}"
)
_NOT_THE_SUBJECT = re.compile(r"(?<!\w)(?:cua|tai|theo|do|den|cho|gui|boi|va|voi|ve|cac|toi|tu|,)$")


def _inferred_issuer(block: HeaderBlock, collective: str | None, lead: Sequence[str], party: bool) -> str | None:
    """The body that acts in the first paragraphs and fits the symbol; else the symbol's, else the signature's."""
    acting = _acting_bodies(" \n ".join(lead)[:LEAD_LENGTH])
    if block.decides:
        return body_in_running_case(block.decides)
    if block.reference is not None:
        coded = bodies_of_code(block.reference.body_code, "party" if party else None)
        for named, text in acting:
            if any(c.body == named.body for c in coded):
                return text
        if coded:
            return coded[0].name
    signing = body_in_running_case(collective) if collective else None
    if signing:
        for _, text in acting:
            if fold(text).startswith(fold(signing)) or fold(signing) in fold(text):
                return text
    if acting:
        return acting[0][1]
    return signing


def _acting_bodies(text: str) -> list[tuple[NamedBody, str]]:
    """Bodies that a text names as the subject of `yêu cầu`, `ban hành`, …, with their place."""
    folded = fold_in_place(text)
    found = []
    for named in find_bodies(text):
        if _NOT_THE_SUBJECT.search(folded[max(0, named.start - 12) : named.start].rstrip()):
            continue
        place = _PLACE_AFTER.match(text, named.end)
        end = place.end() if place else named.end
        after = folded[end : end + 30]
        verb = next((m for rule in HeaderRules.load().issuing_verbs if (m := rule.regex.search(after))), None)
        if verb and not re.search(r"[.;:,\n]", after[: verb.start()]):
            found.append((named, one_tone_style(" ".join(text[named.start : end].split()))))
    return found


def _level(
    issuer: str | None, superior: str | None, block: HeaderBlock, lead: Sequence[str], inferred: list[str]
) -> IssuerLevel | None:
    for name in (issuer, superior):
        if name and (level := level_of_body(name)):
            if "issuer" in inferred:
                inferred.append("issuer_level")
            return level
    if block.reference is not None:
        coded = [c for c in bodies_of_code(block.reference.body_code) if c.level]
        if coded:
            inferred.append("issuer_level")
            return coded[0].level
    if issuer:  # `Ủy ban nhân dân` alone: as the first paragraphs call it
        for _, text in _acting_bodies(" \n ".join(lead)[:LEAD_LENGTH]):
            if fold(text).startswith(fold(issuer)) and (level := level_of_body(text)):
                inferred.append("issuer_level")
                return level
    return None


def _province(
    issuer: str | None, superior: str | None, issued_at: str | None, folded: Sequence[str], inferred: list[str]
) -> str | None:
    for text in (issuer, superior):
        if text and (found := province_after_level(text)):
            return found
    if issued_at and (found := province_named(issued_at)):
        return found
    found = commonest_province(folded)
    if found:
        inferred.append("province")
    return found
