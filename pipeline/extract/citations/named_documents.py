"""Documents that are cited without a number: laws by name and year, resolutions of plenums and congresses, and words
that point back (`Nghị quyết nêu trên`, `Chỉ thị của Ban Thường vụ Tỉnh ủy`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.citation_rules import BackReference, CitationRules, NamedForm
from pipeline.document_types import all_types
from pipeline.vietnamese import fold_in_place

_ROMAN = r"(?:[ivxl]{1,8})(?!\w)"
_DATE = r"\d{1,2}(?:/|-|\.| thang )\d{1,2}(?:/|-|\.| nam )\d{4}"


@dataclass(frozen=True, slots=True)
class NamedMention:
    """`text[start:end]` names a document. `year`, `term` are as printed, without marks and in capitals."""

    start: int
    end: int
    name: tuple[int, int]
    type: str | None
    year: str | None
    term: str | None
    confidence: float
    rule: str
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Pointer:
    """`text[start:end]` points to a document of a type that was named before."""

    start: int
    end: int
    type_end: int
    rule: BackReference


@cache
def type_names() -> str:
    """An alternation of all names of document types, without marks, the longest first."""
    names = {fold_in_place(name) for kind in all_types() for name in kind.all_names}
    longest_first = sorted(names, key=lambda n: (-len(n), n))
    return "(?:" + "|".join(re.escape(n).replace(r"\ ", " ") for n in longest_first) + ")"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + pattern.replace("<ROMAN>", _ROMAN).replace("<TYPES>", type_names()))


def compiled_named(rules: CitationRules) -> list[tuple[NamedForm, re.Pattern[str]]]:
    """Every named form with its pattern."""
    return [(form, _compile(form.pattern)) for form in rules.named]


def compiled_references(rules: CitationRules) -> list[tuple[BackReference, re.Pattern[str]]]:
    """Every back reference with its pattern."""
    return [(form, _compile(form.pattern)) for form in rules.back_references]


@cache
def _named() -> list[tuple[NamedForm, re.Pattern[str]]]:
    return compiled_named(CitationRules.load())


@cache
def _references() -> list[tuple[BackReference, re.Pattern[str]]]:
    return compiled_references(CitationRules.load())


@cache
def _law() -> re.Pattern[str]:
    law = CitationRules.load().law
    heads = "|".join(fold_in_place(h) for h in sorted(law.heads, key=len, reverse=True))
    return re.compile(
        rf"(?<!\w)(?P<name>(?P<head>{heads})(?P<words>(?: [^\s.;:()\d]{{1,12}}){{1,{law.max_words}}}?)),? "
        rf"(?:nam (?P<year>\d{{4}})(?!\d)|(?P<bare>(?:19|20)\d\d)(?![\d/]|\s?[-–])|(?P<date>ngay {_DATE}))"
    )


@cache
def _stops() -> re.Pattern[str]:
    words = "|".join(map(re.escape, CitationRules.load().law.stops))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


@cache
def _inside() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, CitationRules.load().law.inside)))


def find_named(text: str, folded: str) -> Iterator[NamedMention]:
    """Laws with a year or a date, constitutions, resolutions of plenums and congresses."""
    if "luat " in folded or "phap lenh " in folded:
        yield from _find_laws(text, folded)
    if "nghi quyet " not in folded and "ket luan " not in folded and "hien phap " not in folded:
        return
    for form, pattern in _named():
        for match in pattern.finditer(folded):
            if not text[match.start()].isupper():
                continue
            groups = match.groupdict()
            term = groups.get("term")
            kind = form.type or ("Kết luận" if match["name"].startswith("ket luan") else "Nghị quyết")
            yield NamedMention(
                match.start(),
                match.end(),
                match.span("name"),
                kind,
                groups.get("year"),
                f"khóa {term.upper()}"
                if term and form.id == "plenum"
                else (f"lần thứ {term.upper()}" if term else None),
                form.confidence,
                f"citations.toml:{form.id}",
            )


def _find_laws(text: str, folded: str) -> Iterator[NamedMention]:
    position = 0
    while match := _law().search(folded, position):
        # `theo luật này, Luật Đất đai năm 2013`: the innermost name is the one that the year belongs to, but for
        # `Luật sửa đổi, bổ sung một số điều của Luật …`, whose name holds the other's.
        if match["words"].startswith(" sua doi"):
            inner = -1
        else:
            inner = max(match["words"].rfind(f" {head} ") for head in ("luat", "bo luat", "phap lenh"))
        if inner >= 0:
            position = match.start("words") + inner + 1
            continue
        position = match.end()
        if not text[match.start()].isupper() or (
            inner < 0
            and not match["words"].startswith(" sua doi")
            and _stops().search(_inside().sub("", text[slice(*match.span("words"))].lower()))
        ):
            continue
        head = fold_in_place(match["head"])
        kind = next(h for h in CitationRules.load().law.heads if fold_in_place(h) == head)
        yield NamedMention(
            match.start(),
            match.end(),
            match.span("name"),
            kind,
            match["year"] or match["bare"],
            None,
            0.85 if match["bare"] is None else 0.75,
            "citations.toml:law",
            match["date"] is None,
        )


def find_pointers(text: str, folded: str) -> Iterator[Pointer]:
    """Words that point back to another document; those that mean the document itself are left out."""
    for rule, pattern in _references():
        if rule.own:
            continue
        for match in pattern.finditer(folded):
            if text[match.start()].isupper():
                yield Pointer(match.start(), match.end(), match.end("type"), rule)
