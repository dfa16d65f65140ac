"""Completes short mentions from full ones of the same document, as eyecite does for court opinions: only where exactly
one candidate is left."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.extract.citations.mentions import Mention
from pipeline.models import Header
from pipeline.reference_numbers import parse_reference
from pipeline.vietnamese import fold


def resolve(mentions: list[Mention], header: Header) -> list[Mention]:
    """The mentions that count, completed: without the document's own number, and without what points to nothing."""
    others = [m for m in mentions if not _is_own(m, header)]
    _complete_symbols(others)
    _complete_dates(others)
    counted = []
    earlier: dict[str | None, dict[str, Mention]] = {}
    for mention in others:
        if _find_antecedent(mention, earlier.get(mention.type, {})) if mention.points_back else _says_which(mention):
            counted.append(mention)
        if mention.key is not None and not mention.points_back:
            earlier.setdefault(mention.type, {}).setdefault(mention.key, mention)
    return counted


def _says_which(mention: Mention) -> bool:
    """A bare number that nothing completed needs a date or an issuer to name a document."""
    bare = mention.reference is not None and mention.key is None
    return not bare or mention.issued_on is not None or mention.issuer is not None


def _is_own(mention: Mention, header: Header) -> bool:
    own = parse_reference(header.reference_number)
    if own is None or mention.reference is None or mention.reference.text.casefold() != own.text.casefold():
        return False
    return (
        mention.issued_on is None
        or header.issued_on is None
        or mention.issued_on.startswith(header.issued_on)
        or (header.issued_on.startswith(mention.issued_on))
    )


def _complete_symbols(mentions: list[Mention]) -> None:
    """`Nghị quyết 54` takes the symbol of the one earlier `54-NQ/TW`; else it stays with its bare number."""
    full: dict[tuple[str, str | None], dict[str, Mention]] = {}
    for mention in mentions:
        if mention.reference is None:
            continue
        number = mention.reference.plain_number, mention.type
        if mention.key is not None:
            full.setdefault(number, {}).setdefault(mention.key, mention)
        elif len(full.get(number, {})) == 1:
            (source,) = full[number].values()
            mention.reference, mention.short_form, mention.confidence = source.reference, True, 0.9


def _complete_dates(mentions: list[Mention]) -> None:
    full: dict[str, list[Mention]] = {}
    for mention in mentions:
        if mention.key is not None and mention.issued_on is not None:
            full.setdefault(mention.key, []).append(mention)
    for mention in mentions:
        if mention.key is None or mention.issued_on is not None:
            continue
        source = _only([m for m in full.get(mention.key, ()) if _agree(m.issuer, mention.issuer)])
        if source is not None:
            mention.issued_on = source.issued_on
            mention.issuer = mention.issuer or source.issuer
            mention.title = mention.title or source.title
            mention.term = mention.term or source.term
            mention.short_form = True


def _only(found: Iterable[Mention]) -> Mention | None:
    """The first mention, where all name the same day."""
    candidates = list(found)
    if not candidates or len({m.issued_on for m in candidates}) > 1:
        return None
    return next((m for m in candidates if m.issuer), candidates[0])


def _agree(a: str | None, b: str | None) -> bool:
    if not a or not b:
        return True
    x, y = fold(a), fold(b)
    return x in y or y in x or x.split()[-1] == y.split()[-1]


_MOST_CANDIDATES = 50


def _find_antecedent(mention: Mention, earlier: dict[str, Mention]) -> bool:
    """Give a pointing mention the number, date and issuer of the one document of its type that it can mean."""
    if len(earlier) > _MOST_CANDIDATES:
        return False
    fitting = [m for m in earlier.values() if mention.issuer is None or (m.issuer and _agree(m.issuer, mention.issuer))]
    if len(fitting) != 1:
        return False
    (source,) = fitting
    mention.reference, mention.issued_on = source.reference, source.issued_on
    mention.issuer, mention.title, mention.term = mention.issuer or source.issuer, source.title, source.term
    mention.short_form = True
    return True
