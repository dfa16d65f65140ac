"""Finds every mention of another document: numbers with all that stands around them, laws and resolutions by name, and
words that point back.

One pass over the characters of each paragraph finds the candidates (`reference_numbers`), the words around them give
type, date, issuer, term and title (`surroundings`), the mentions beside one another say more of each (`neighbours`),
and `resolution` completes short mentions from full ones of the same document.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from functools import cache

from pipeline.citation_rules import CitationRules
from pipeline.document_types import types_of_code
from pipeline.extract.citations import surroundings as context
from pipeline.extract.citations.continuation import following_paragraph, read_on
from pipeline.extract.citations.issuers import issuer_end
from pipeline.extract.citations.mentions import Mention
from pipeline.extract.citations.named_documents import find_named, find_pointers
from pipeline.extract.citations.neighbours import compare_neighbours
from pipeline.extract.citations.resolution import resolve
from pipeline.extract.context import LocatedCitation, read_confidence
from pipeline.extract.doubt import UNSURE, UNSURE_WORD
from pipeline.issuing_bodies import body_of_code
from pipeline.models import Citation, Document, Paragraph, ParagraphRole
from pipeline.reference_numbers import FoundReference, find_candidates, find_reference_at, goes_on, type_name_of
from pipeline.vietnamese import fold_in_place

_SKIPPED = {ParagraphRole.RECIPIENTS, ParagraphRole.SIGNATURE, ParagraphRole.NOISE}
_BETWEEN_ITEMS = re.compile(r"[\s,;]{0,3}(?:(?:va|hoac|cung|voi|den)\s)?(?:cac\s)?(?:so\s?:?\s?)?")
_SPACED = re.compile(r"(?<!\w)(?:so|s6)\s?[:.]?\s{0,3}(?:\d{1,2}\s){1,4}$")
_BLANK = re.compile(r"^\d{1,5}[a-zđA-Z]?(?=[/-])")
_LISTED = re.compile(r"\d{1,5}(?:\s?,\s?\d{1,5}){0,5}(?:\s?,\s?|\s?,?\sva\s)(?:so\s)?$")
_RUN = re.compile(r"\d{1,5}")
SHARED_SYMBOL = 0.85
_OWN_LINE = re.compile(r"\s{0,4}(?:so|s6)\s?[:.]?\s{0,4}")


def find_citations(document: Document) -> list[LocatedCitation]:
    """Every mention, in order. `citation.named` tells those without a printed number; ids are left empty."""
    mentions: list[Mention] = []
    for index, paragraph in enumerate(document.paragraphs):
        if paragraph.role in _SKIPPED or len(paragraph.text) < 8:
            continue
        found = find_mentions(paragraph.text, header=paragraph.role == ParagraphRole.HEADER)
        if found and (following := following_paragraph(document, index)) is not None:
            read_on(found[-1], paragraph, following)
        for mention in found:
            mention.paragraph = index
            if (
                paragraph.role == ParagraphRole.LEGAL_BASIS
                and mention.relation == "mentions"
                and not mention.change
                and not mention.weak
            ):
                mention.relation = "legal_basis"
        mentions.extend(found)
    return [_located(document, m) for m in resolve(mentions, document.header)]


def find_mentions(text: str, *, header: bool = False) -> list[Mention]:
    """The mentions in one running text, in order, not yet completed from one another.

    With `header`, a line that begins with `Số:` is the document's own number and no mention.
    """
    folded = fold_in_place(text)
    mentions = _numbered(text, folded, header)
    mentions += _alone(text, folded, mentions)
    mentions += _named(text, folded, mentions)
    mentions.sort(key=lambda m: m.start)
    compare_neighbours(text, folded, mentions)
    return mentions


# ------------------------------------------------------------------------------------------- numbered


def _numbered(text: str, folded: str, header: bool) -> list[Mention]:
    mentions: list[Mention] = []
    done = 0
    for position, cued in find_candidates(text, folded):
        if position < done or (header and _OWN_LINE.fullmatch(folded, 0, position)):
            continue
        mention = _read_mention(text, folded, position, cued, mentions[-1] if mentions else None)
        if mention is not None and header and mention.type_start is None and mention.follows is None:
            done = mention.end  # the document's own number
        elif mention is not None:
            mentions += [*_sharing_symbol(folded, mentions, mention), mention]
            done = mention.end
    return mentions


def _sharing_symbol(folded: str, mentions: list[Mention], last: Mention) -> list[Mention]:
    """New mentions of the numbers before a number that share its symbol, day and term: `Nghị quyết số 18, 19-NQ/TW`.

    The first of them was found as a number without symbol, and gets it here."""
    reference, previous = last.reference, mentions[-1] if mentions else None
    if reference is None or not reference.body or previous is None or previous.number is None:
        return []
    listed = _LISTED.match(folded, previous.number[0], last.start)
    if listed is None or previous.type_start is None or previous.reference is None or previous.reference.body:
        return []
    if last.type not in (None, previous.type):
        return []
    found: list[Mention] = []
    for number in _RUN.finditer(folded, listed.start(), last.start):
        text = number[0] + reference.text[len(reference.number) :]
        whole = reference._replace(number=number[0], text=text)
        if number.span() == previous.number:
            mention = previous
            mention.reference, mention.confidence, mention.rule = whole, SHARED_SYMBOL, last.rule
        else:
            mention = Mention(
                0, *number.span(), whole, SHARED_SYMBOL, last.rule, number=number.span(), follows=previous
            )
            found.append(mention)
        mention.type, mention.issued_on, mention.term = previous.type, last.issued_on, last.term
        previous = mention
    last.follows, last.type = last.follows or previous, previous.type
    return found


def _read_mention(text: str, folded: str, position: int, cued: bool, previous: Mention | None) -> Mention | None:
    start = position
    word = context.number_word_start(folded, position)
    if word is not None:
        start = word
    typed = context.type_before(text, folded, start)
    found = find_reference_at(text, position, cued=cued or word is not None or typed is not None)
    if found is None:
        return None
    lead = folded[max(0, start - 16) : start].rstrip()
    if any(lead.endswith(w) and not lead[: -len(w)][-1:].isalnum() for w in CitationRules.load().codes.not_documents):
        return None
    mention = Mention(0, start, found.end, found.reference, found.form.confidence, f"citations.toml:{found.form.id}")
    mention.number = _number_span(text, position)
    mention.spaced = _SPACED.search(folded, max(0, position - 16), position) is not None
    mention.certain = typed is not None or word is not None
    _set_type(mention, text, folded, start, typed, word is not None)
    if previous is not None and mention.type_start is None and _continues(folded, previous, start):
        mention.follows = previous
        if mention.type is None or not _code_says(mention) or _same_code(mention, previous):
            mention.type = previous.type
    if not _believable(mention, found, folded):
        return None
    if (provision := context.provision_before(folded, mention.start)) is not None:
        mention.provision = _provision(text[provision : mention.start])
        mention.start = provision
    _set_around(mention, text, folded, found)
    return mention


def _number_span(text: str, position: int) -> tuple[int, int]:
    match = _RUN.match(text, position)
    return (position, match.end() if match else position + 1)


def _provision(words: str) -> str | None:
    """`khoản 2 Điều 5 của` without the word that leads on to the document."""
    return re.sub(r"\s*(?:của|tại|ban hành kèm theo)$", "", words.strip(" ,")).strip(" ,") or None


def _set_type(mention: Mention, text: str, folded: str, start: int, typed: tuple[int, str] | None, cued: bool) -> None:
    """Type, by the printed words where they fit, else by the code."""
    assert mention.reference is not None
    coded = type_name_of(mention.reference)
    law = None
    if mention.reference.body.startswith(("QH", "UBTVQH", "HĐNN")) and typed is None:
        law = context.law_before(text, folded, start)
    if law is not None:
        mention.type_start, mention.start, mention.type = law[0], law[0], law[2]
        mention.title = text[law[0] : law[1]].strip()
        return
    across = None if typed is not None else context.type_across_issuer(text, folded, start)
    if across is not None:
        typed = across[:2]
        mention.issuer = text[slice(*across[2])].strip()
    if typed is None:
        mention.type = coded
        return
    begin, printed = typed
    named = context.canonical_type(printed) if printed else None
    verb = printed[:1].islower() and not cued and coded is not None and named != coded
    if verb and not _fits(named, mention):
        mention.type = coded
        return
    if named is not None and mention.reference.type_code is None:
        named = context.printed_type(printed) or named
    mention.type = named or coded or ("Công văn" if mention.reference.style == "state" else None)
    mention.type_start = mention.start = begin


def _fits(name: str | None, mention: Mention) -> bool:
    assert mention.reference is not None
    code = mention.reference.type_code
    return (
        name is not None and code is not None and name in {t.name for t in types_of_code(code, mention.reference.style)}
    )


def _same_code(mention: Mention, previous: Mention) -> bool:
    a, b = mention.reference, previous.reference
    return a is not None and b is not None and (a.type_code, a.body) == (b.type_code, b.body)


def _code_says(mention: Mention) -> bool:
    assert mention.reference is not None
    return mention.reference.type_code is not None


def _continues(folded: str, previous: Mention, start: int) -> bool:
    """Whether only `và số`, commas and the like stand between two mentions."""
    return start - previous.end <= 16 and _BETWEEN_ITEMS.fullmatch(folded, previous.end, start) is not None


def _believable(mention: Mention, found: FoundReference, folded: str) -> bool:
    """Numbers without `số`, type or list around them count where their own shape says enough."""
    reference = found.reference
    if not reference.body and reference.type_code is None:
        return mention.type_start is not None
    if found.form.cue and mention.type_start is None and mention.follows is None:
        return mention.type is not None or body_of_code(reference.body) is not None
    if mention.certain or mention.follows is not None or reference.year is not None:
        return True
    if reference.style == "party":
        return True
    if reference.type_code is not None and "-" in found.reference.text:
        return True
    after = folded[found.end : found.end + 12].lstrip(" ,(")
    return after.startswith(("ngay ", "cua "))


def _set_around(mention: Mention, text: str, folded: str, found: FoundReference) -> None:
    around = context.read_after(text, folded, found.end)
    mention.end = around.end
    mention.issued_on, mention.same_day = around.issued_on, around.same_day
    if around.issuer:
        mention.issuer = text[slice(*around.issuer)].strip()
    if mention.issuer is None and (who := context.issuer_before(text, folded, mention.start)) is not None:
        mention.issuer = text[slice(*who)].strip()
    if mention.issued_on is None:
        mention.issued_on = context.date_before(folded, mention.start)
    if around.term:
        mention.term = text[slice(*around.term)].strip()
    if around.title and mention.title is None:
        mention.title = " ".join(text[slice(*around.title)].split())
        mention.title_span = None if around.end >= around.title[1] else around.title
    if found.form.cue and goes_on(text, found.end):
        mention.confidence = min(mention.confidence, UNSURE)
    if found.repaired:
        mention.confidence = min(mention.confidence, 0.85)
    if mention.type is None:
        mention.confidence = min(mention.confidence, 0.8)
    if not mention.certain:
        mention.confidence = min(mention.confidence, 0.95)


# ---------------------------------------------------------------------------------- by number alone, by name


def _alone(text: str, folded: str, taken: list[Mention]) -> list[Mention]:
    """`Nghị quyết 19 của Chính phủ`: a number without `số` and symbol."""
    found = []
    occupied = _Occupied(taken)
    for match in _alone_pattern().finditer(folded):
        start = match.start()
        if not text[start].isupper() or occupied.overlaps(start, match.end()):
            continue
        reference = find_reference_at(text, match.start("number"), cued=True)
        if reference is None or reference.form.id != "number-alone":
            continue
        mention = Mention(0, start, match.end(), reference.reference, 0.6, "citations.toml:number-alone")
        mention.type = context.canonical_type(match["type"])
        mention.type_start = start
        _set_around(mention, text, folded, reference)
        found.append(mention)
    return found


@cache
def _alone_pattern() -> re.Pattern[str]:
    names = "|".join(fold_in_place(t) for t in CitationRules.load().alone.types)
    return re.compile(rf"(?<!\w)(?P<type>{names})\s(?P<number>\d{{1,4}})(?![\w/-])")


def _named(text: str, folded: str, taken: list[Mention]) -> list[Mention]:
    found: list[Mention] = []
    occupied = _Occupied(taken)
    for item in find_named(text, folded):
        if occupied.overlaps(item.start, item.end):
            continue
        mention = Mention(0, item.start, item.end, None, item.confidence, item.rule)
        mention.type, mention.type_start, mention.named = item.type, item.start, True
        mention.title = " ".join(text[slice(*item.name)].split()).rstrip(" ,(")
        mention.issued_on, mention.term = item.year, item.term
        around = context.read_after(text, folded, item.name[1] if not item.dated else item.end)
        mention.issued_on = item.year or around.issued_on
        mention.end = max(item.end, around.end)
        if around.issuer:
            mention.issuer = text[slice(*around.issuer)].strip()
        if (provision := context.provision_before(folded, mention.start)) is not None:
            mention.provision = _provision(text[provision : mention.start])
            mention.start = provision
        found.append(mention)
        occupied.add(mention)
    for pointer in find_pointers(text, folded):
        if occupied.overlaps(pointer.start, pointer.end):
            continue
        mention = Mention(0, pointer.start, pointer.end, None, 0.7, f"citations.toml:{pointer.rule.id}")
        mention.named, mention.points_back = True, True
        mention.type, mention.type_start = (
            context.canonical_type(folded[pointer.start : pointer.type_end]),
            pointer.start,
        )
        if pointer.rule.issuer:
            end = issuer_end(text, folded, pointer.end)
            if end is None or occupied.overlaps(pointer.start, end):
                continue
            mention.issuer, mention.end = text[pointer.end : end].strip(), end
        found.append(mention)
    return found


class _Occupied:
    """Spans that mentions have taken; they never overlap, so a neighbour's end decides."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._spans = sorted((m.start, m.end) for m in mentions)

    def overlaps(self, start: int, end: int) -> bool:
        index = bisect_left(self._spans, (end, 0)) - 1
        return index >= 0 and self._spans[index][1] > start

    def add(self, mention: Mention) -> None:
        insort(self._spans, (mention.start, mention.end))


# ------------------------------------------------------------------------------------------------ as citations


def _as_read(document: Document, paragraph: Paragraph, mention: Mention) -> tuple[str | None, float]:
    """Number and confidence of a mention. A number that was hardly read is doubted; one that stands apart from the
    printed `/KH-SYT`, as a pen fills it in, is blank."""
    text, confidence = mention.reference.text if mention.reference else None, mention.confidence
    if text is None or mention.number is None:
        return text, confidence
    if mention.spaced:
        return _BLANK.sub("", text), min(confidence, UNSURE)
    sure = read_confidence(document, paragraph, *mention.number)
    if sure is None or sure >= UNSURE_WORD:
        return text, confidence
    apart = re.compile(r"\s{1,6}[/⁄∕]").match(paragraph.text, mention.number[1])
    blank = _BLANK.sub("", text) if apart else text
    return blank, min(confidence, UNSURE)


def _located(document: Document, mention: Mention) -> LocatedCitation:
    paragraph: Paragraph = document.paragraphs[mention.paragraph]
    reference, confidence = _as_read(document, paragraph, mention)
    evidence = document.evidence(paragraph, mention.start, mention.end, round(confidence, 3), mention.rule)
    citation = Citation(
        citation_id="",
        evidence=evidence,
        document_type=mention.type,
        reference_number=reference,
        issued_on=mention.issued_on,
        issuer=mention.issuer,
        title=mention.title,
        relation=mention.relation,
        short_form=mention.short_form,
        provision=mention.provision,
        term=mention.term,
        named=mention.named,
        change=mention.change,
        changed_by=mention.changed_by,
    )
    return LocatedCitation(mention.paragraph, mention.start, mention.end, citation)
