"""Reference numbers (`23-CT/TU`, `1980/QĐ-TTg`, `20/2019/NQ-HĐND`): where they stand in a text and what they say.

The forms are rules (`rules/citations.toml`, `[[forms]]`); all of them start at a digit, so one scan for digits that
a separator follows finds every candidate, and only there the forms are tried in their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pipeline.citation_rules import CitationRules, Form
from pipeline.document_types import all_types, type_of_code, types_of_code
from pipeline.issuing_bodies import Body, IssuingBodies
from pipeline.misread_codes import by_look, look_of
from pipeline.vietnamese import fold

Style = Literal["state", "party"]

DASHES = r"\-‐‑‒–—−\u00ad"
_DASH = f"[{DASHES}]"
_YEAR = r"(?:19[4-9]\d|20\d\d)"
_UPPER = "A-ZĐÐ"
# One code: QĐ, UBND, TTg, CTr, QĐi, QyĐ, ThU, QH13, TB&XH; `QH 13` as some print it.
_CODE = (
    rf"(?:(?:QH|UBTVQH)\s\d{{1,2}}|[{_UPPER}][{_UPPER}&]{{1,14}}\d{{0,2}}(?:[a-zđ]{{1,2}}[{_UPPER}]{{0,6}})?|"
    rf"[{_UPPER}][a-z][{_UPPER}]{{1,4}}|Lt|Ng|[LPS])(?![^\W_])"
)
# Any letters that may be a misread code; the last must not go on.
_ANYTHING = r"(?:[^\W_]|[€$|!\]&]){2,9}(?![^\W_])"
_NUMBER = r"(?P<number>\d{1,5}[a-zđA-Z]?)"


class ReferenceNumber(NamedTuple):
    """The parts of a number. `type_code` is None where the symbol names no kind of document (`15/UBND-VX`)."""

    number: str
    year: str | None
    type_code: str | None
    body: str
    style: Style
    text: str

    @property
    def plain_number(self) -> str:
        """The running number without leading zeros: `08` is `8`."""
        return self.number.lstrip("0").lower() or "0"


@dataclass(frozen=True, slots=True)
class FoundReference:
    """`text[start:end]` is a number in the form `form`. `repaired`: it is not printed as it reads in `reference`."""

    start: int
    end: int
    reference: ReferenceNumber
    form: Form
    repaired: bool


@cache
def _type_codes() -> str:
    codes = {c for t in all_types() for s in t.system for c in t.codes_in(s) if len(c) > 1}
    lost = {c.replace("Đ", "D") for c in codes} | {c.replace("Đ", "Ð") for c in codes} | {c.upper() for c in codes}
    longest_first = sorted(codes | lost, key=lambda c: (-len(c), c))
    return "(?:" + "|".join(map(re.escape, longest_first)) + ")"


@cache
def _forms() -> tuple[tuple[Form, re.Pattern[str]], ...]:
    rules = CitationRules.load()
    parts = {
        "<N>": _NUMBER,
        "<YEAR>": _YEAR,
        "<D>": _DASH,
        "<TYPE>": _type_codes(),
        "<T>": _CODE,
        "<X>": _ANYTHING,
        "<PARTY>": rules.codes.party_bodies,
        "<STATE>": rules.codes.state_bodies,
    }
    compiled = []
    for form in rules.forms:
        pattern = form.pattern
        for name, part in parts.items():
            pattern = pattern.replace(name, part)
        compiled.append((form, re.compile(pattern)))
    return tuple(compiled)


# Where a number may begin: a digit run that a separator and a code (or a year) follow. Only there forms are tried.
_CANDIDATE = re.compile(rf"(?<![\w/])(?<!\d[.,])\d{{1,5}}[a-zđA-Z]?\s?[/{DASHES}]\s?(?:(?={_YEAR})|(?=[{_UPPER}]))")
# After `số` (here without marks) the separator may be lost, and letters may stand for digits (`O5`, `l2`).
_CUED = re.compile(
    rf"(?<!\w)(?:so|s6)\s?[:.]?\s{{0,3}}(?P<number>[\d][\doil|]{{0,4}}|[oil|][\doil|]{{1,4}}(?=\s?[/{DASHES}]))"
)
_DIGITS = str.maketrans("OoIl|", "00111")


def find_candidates(text: str, folded: str) -> list[tuple[int, bool]]:
    """Positions where a number may begin, in order, and whether `số` stands before it.

    `folded` is `fold_in_place(text)`.
    """
    places = {match.start(): False for match in _CANDIDATE.finditer(text)}
    places.update((match.start("number"), True) for match in _CUED.finditer(folded))
    return sorted(places.items())


def find_reference_at(text: str, position: int, *, cued: bool) -> FoundReference | None:
    """The number that begins at `position`; `cued` says that `số` or a document type's name stands before it."""
    text, mended = _with_digits(text, position)
    misread, plain = _forms_by_kind()
    found = _first(plain, text, position, mended, cued)
    if cued and (found is None or found.form.cue or goes_on(text, found.end) or not _is_known(found.reference)):
        other = _first(misread, text, position, mended, cued)
        if other is not None and (found is None or (found.end, found.form.cue) <= (other.end, True)):
            return other
    return found


def goes_on(text: str, end: int) -> bool:
    """Whether a separator and letters follow a number, so that its symbol was not read to its end."""
    return _UNREAD.match(text, end) is not None


# After a number that was read to its end no separator with further letters stands.
_UNREAD = re.compile(rf"\s?[/⁄∕.~{DASHES}]\s?[^\W_]")


@cache
def _forms_by_kind() -> tuple[tuple[tuple[Form, re.Pattern[str]], ...], tuple[tuple[Form, re.Pattern[str]], ...]]:
    """The forms for misread codes, and all others."""
    return tuple(f for f in _forms() if f[0].misread), tuple(f for f in _forms() if not f[0].misread)


def _first(
    forms: tuple[tuple[Form, re.Pattern[str]], ...], text: str, position: int, mended: bool, cued: bool
) -> FoundReference | None:
    for form, pattern in forms:
        if not form.cue or cued:
            found = _try(form, pattern, text, position, mended)
            if found is not None:
                return found
    return None


def _is_known(reference: ReferenceNumber) -> bool:
    """Whether each code of a number is one that the rules know."""
    codes = [c for c in (reference.type_code, *reference.body.split("-")) if c]
    exact, _, _ = _known(reference.style)
    return all(c in exact or c.rstrip("0123456789") in exact for c in codes)


def match_form(form: Form, text: str) -> FoundReference | None:
    """What one form reads at the start of a text."""
    return next((_try(f, pattern, text, 0, False) for f, pattern in _forms() if f.id == form.id), None)


def _with_digits(text: str, position: int) -> tuple[str, bool]:
    """The text with letters read as digits in the running number at `position` (`O5-NQ/TU`)."""
    run = _RUN.match(text, position)
    if run is None or "".join(filter(None, run.groups())).isdigit():
        return text, False
    return text[:position] + run.group().translate(_DIGITS) + text[run.end() :], True


# The running number, and the year of a normative act.
_RUN = re.compile(rf"([\dOoIl|]{{1,5}})(?=\s?[/{DASHES}])(?:\s?/\s?([12][\dOoIl|]{{3}})(?=\s?/))?")


def _try(form: Form, pattern: re.Pattern[str], text: str, position: int, mended: bool) -> FoundReference | None:
    match = pattern.match(text, position)
    if match is None or _GOES_ON.match(text, match.end()):
        return None
    symbol = match["symbol"]
    if "slash" in pattern.groupindex:
        at = match.start("slash") - match.start("symbol")
        symbol = symbol[:at] + "/" + symbol[at + 1 :]
    lead = text[match.end("number") : match.start("symbol")].strip()
    if form.misread:
        symbol = _OTHER_SLASHES.sub("/", symbol).replace("~", "-")
        lead = "-" if form.style == "party" else lead
    reference = _from_parts(match["number"], match.groupdict().get("year"), symbol, form, lead)
    if form.misread and (reference.type_code not in _type_codes_of(form.style) or not _is_known(reference)):
        return None
    repaired = mended or _differs(match.group(), reference.text)
    return FoundReference(match.start(), match.end(), reference, form, repaired)


_OTHER_SLASHES = re.compile("[⁄∕]")
_GOES_ON = re.compile(rf"[/{DASHES}]\d")  # `12/KB-01` names no document


def _differs(printed: str, canonical: str) -> bool:
    """Whether more than blanks and the kind of dash differ."""
    return _ANY_DASH.sub("-", _BLANKS.sub("", printed)).replace("Ð", "Đ") != canonical


_ANY_DASH = re.compile(_DASH)
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(rf"\s*({_DASH}|/)\s*")


def _from_parts(number: str, year: str | None, symbol: str, form: Form, lead: str) -> ReferenceNumber:
    """`lead` is what stands between the running number and the symbol."""
    style = form.style
    if not symbol:
        return ReferenceNumber(number, year, None, "", style, number)
    parts = _SEPARATORS.split(symbol)
    codes = [canonical_code(code, style) for code in parts[::2]]
    separators = ["/" if s == "/" else "-" for s in parts[1::2]]
    if form.misread:
        codes = [
            codes[0] if n == 0 and codes[0] in _type_codes_of(style) else _mended(codes[n], style, first=n == 0)
            for n in range(len(codes))
        ]
    if style == "party":
        separators[0] = "/"
        type_code: str | None = codes[0]
    else:
        places = codes[:2] if form.id == "old-ministry" else codes[:1]
        type_code = next((c for c in places if types_of_code(c, "state")), None)
    joined = codes[0] + "".join(s + c for s, c in zip(separators, codes[1:], strict=True))
    body = "-".join(c for c in codes if c != type_code)
    if year:
        text = f"{number}{'-' if _ANY_DASH.match(lead) else '/'}{year}/{joined}"
    elif style == "party" or (form.cue and _ANY_DASH.fullmatch(lead)):
        text = f"{number}-{joined}"
    else:
        text = number + ("" if form.id == "old-ministry" and not lead else "/") + joined
    return ReferenceNumber(number, year, type_code, body, style, text)


@lru_cache(maxsize=8192)
def canonical_code(code: str, style: Style) -> str:
    """The code with lost marks, capitals and footnote digits mended where a known code says how: `QD` is `QĐ`."""
    code = _BLANKS.sub("", code).replace("Ð", "Đ")
    base = code.rstrip("0123456789")
    exact, upper, folded = _known(style)
    for index, key in ((exact, base), (upper, base.upper()), (folded, fold(base))):
        if key in index:
            whole = index[key]
            footnote = whole in _body_codes() and whole not in CitationRules.load().codes.with_term
            return whole if footnote else whole + code[len(base) :]
    return code


def _mended(code: str, style: Style, *, first: bool) -> str:
    """The one known code of a type (`first`) or body that a code looks like, else the code itself."""
    exact, _, _ = _known(style)
    return code if not first and code in exact else _looks(style, first).get(look_of(code), code)


@cache
def _looks(style: Style, types: bool) -> Mapping[str, str]:
    return by_look(sorted(_type_codes_of(style)) if types else _body_codes())


@cache
def _type_codes_of(style: Style) -> frozenset[str]:
    return frozenset(c for t in all_types() if style in t.system for c in t.codes_in(style))


@cache
def _known(style: Style) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Codes as written, in capitals and without marks. Types come first: `HD` of a type wins over a body's."""
    types = [c for t in all_types() if style in t.system for c in t.codes_in(style)]
    codes = [*types, *_body_codes()]
    exact = {c: c for c in codes}
    upper = {c.upper(): c for c in reversed(codes)}
    folded = {fold(c): c for c in reversed(codes)}
    return exact, upper, folded


def _other_spellings(body: Body) -> list[str]:
    """Older codes; not those that only write today's in other capitals."""
    return [c for c in body.old_codes if c.casefold() != body.code.casefold()]


@cache
def _body_codes() -> tuple[str, ...]:
    bodies = IssuingBodies.load()
    plain = [c for b in bodies.bodies if not b.stem for c in (b.code, *_other_spellings(b)) if c]
    ends = [b.code + s.code for b in bodies.bodies if b.stem for s in bodies.suffixes]
    return tuple(dict.fromkeys([*CitationRules.load().codes.known, *plain, *ends]))


@lru_cache(maxsize=200_000)
def parse_reference(text: str | None) -> ReferenceNumber | None:
    """The parts of a number that stands alone (`/CT-UBND` has none); None where it is no number with a symbol."""
    if not text:
        return None
    stripped = text.strip()
    found = find_reference_at(stripped, 0, cued=True)
    if found is None or found.end < len(stripped):
        return None
    return found.reference


def type_name_of(reference: ReferenceNumber) -> str | None:
    """The kind of document that the code names; a state symbol without one is a `Công văn`."""
    if reference.type_code is not None:
        kind = type_of_code(reference.type_code, reference.style)
        return kind.name if kind else None
    if reference.style == "state" and not reference.year and "-" in reference.body:
        return "Công văn"
    return None
