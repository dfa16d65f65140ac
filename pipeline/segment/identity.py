"""Header block, footer and first paragraphs together: who issued which document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document_types import DocumentType, type_of_name, types_of_code
from pipeline.issuing_bodies import NamedBody, bodies_of_code, find_bodies, level_of_body
from pipeline.models import Header, IssuerLevel
from pipeline.segment.header import HeaderBlock
from pipeline.segment.provinces import commonest_province, province_after_level, province_named
from pipeline.segment.rules import HeaderRules
from pipeline.segment.wording import body_in_running_case
from pipeline.vietnamese import fold, fold_in_place, one_tone_style

LEAD_LENGTH = 4000
"""Characters of the first paragraphs in which the issuing body may name itself."""


def header_of(block: HeaderBlock, collective: str | None, lead: Sequence[str], folded: Sequence[str]) -> Header:
    """The header's fields. `collective` is the body that the signature is for, `lead` the first paragraphs, `folded`
    the folded lines of the whole document."""
    inferred: list[str] = []
    confidence = 0.97
    reference = block.reference
    party = block.party or bool(reference and reference.is_party and not block.motto)
    kind = _kind(block, party, inferred)
    issuer, superior = _printed_issuer(block)
    if issuer is None:
        issuer = _inferred_issuer(block, collective, lead, party)
        if issuer:
            inferred.append("issuer")
            confidence -= 0.15
    level = _level(issuer, superior, block, lead, inferred)
    if reference is not None and reference.value is None:
        confidence -= 0.3
    if reference is None and block.number_printed:
        confidence -= 0.3
    if block.dated is not None and block.dated.doubt:
        confidence -= 0.2
    if kind is None:
        confidence -= 0.2
    issued_at = block.dated.place if block.dated else None
    province = _province(issuer, superior, issued_at, folded, inferred)
    system = "party" if party else "state"
    return Header(
        document_type=kind.name if kind else None,
        document_type_code=(kind.code_in(system) or None) if kind else None,  # type: ignore[arg-type]
        reference_number=reference.value if reference else None,
        issued_on=block.dated.issued_on if block.dated else None,
        issued_at=one_tone_style(issued_at) if issued_at else None,
        issuer=issuer,
        issuer_superior=superior,
        issuer_level=level,
        title=" ".join(" ".join(block.title).split()) or None,
        addressees=tuple(block.addressees),
        province=province,
        confidence=round(max(0.2, confidence), 2),
        inferred=tuple(inferred),
    )


def _kind(block: HeaderBlock, party: bool, inferred: list[str]) -> DocumentType | None:
    if block.kind is not None:
        return block.kind
    letter = type_of_name("Công văn")
    if block.reference is not None:
        coded = types_of_code(block.reference.type_code, "party" if party else "state")
        if coded:
            if not (block.subject and coded[0] is letter):
                inferred.append("document_type")
            return coded[0]
    if block.subject or block.addressed:
        if not block.subject:
            inferred.append("document_type")
        return letter
    return None


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
