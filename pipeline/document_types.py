"""The kinds of documents (`rules/document_types.toml`): codes to names and back.

Sources: Decree 30/2020/NĐ-CP Annex III (state), Guidance 36-HD/VPTW of 2018 (Party), Joint Circular
55/2005/TTLT-BNV-VPCP and Circular 01/2011/TT-BNV (older codes).
"""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar, Literal

from pydantic import model_validator

from pipeline.rulebook import Rule, RuleFile, problems_with
from pipeline.vietnamese import fold, fold_in_place

System = Literal["state", "party", "union"]


class DocumentType(Rule):
    """One kind of document."""

    name: str
    code: str
    party_code: str | None = None
    system: tuple[System, ...]
    old_codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    general: str | None = None
    normative: bool = False
    heading: bool = True

    @property
    def all_names(self) -> tuple[str, ...]:
        """The name and every other way of writing it."""
        return (self.name, *self.names)

    def code_in(self, system: System) -> str:
        """The code that such a document carries; empty where it carries none."""
        return self.party_code if system == "party" and self.party_code is not None else self.code

    def codes_in(self, system: System) -> tuple[str, ...]:
        """Every code, today's first."""
        return tuple(dict.fromkeys(c for c in (self.code_in(system), *self.old_codes) if c))


class DocumentTypes(RuleFile):
    """All kinds of documents."""

    file_name: ClassVar[str] = "document_types.toml"

    types: tuple[DocumentType, ...]

    @model_validator(mode="after")
    def _general_types_exist(self) -> DocumentTypes:
        known = {t.id for t in self.types}
        for kind in self.types:
            if kind.general is not None and kind.general not in known:
                raise ValueError(f"type {kind.id!r}: no type {kind.general!r} to be a special case of")
        return self

    def check_examples(self) -> list[str]:
        """Examples are codes or names; counter-examples must lead elsewhere or nowhere."""
        return problems_with(self.types, lambda kind, text: kind in _leads_to(text))


def _leads_to(text: str) -> set[DocumentType]:
    found = {t for system in _SYSTEMS for t in types_of_code(text, system)[:2]}
    named = type_of_name(text)
    return found | ({named} if named else set())


_SYSTEMS: tuple[System, ...] = ("state", "party", "union")


def all_types() -> tuple[DocumentType, ...]:
    """Every kind of document, in the order of the file."""
    return DocumentTypes.load().types


@cache
def _by_code(system: System) -> tuple[dict[str, list[DocumentType]], ...]:
    """Three indexes, the strictest first: the code as written, in capitals, and without marks."""
    exact: dict[str, list[DocumentType]] = {}
    upper: dict[str, list[DocumentType]] = {}
    folded: dict[str, list[DocumentType]] = {}
    current = [(t, c) for t in all_types() if system in t.system for c in t.codes_in(system)[:1]]
    older = [(t, c) for t in all_types() if system in t.system for c in t.codes_in(system)[1:]]
    for kind, code in (*current, *older):
        for index, key in ((exact, code), (upper, code.upper()), (folded, fold(code))):
            if kind not in index.setdefault(key, []):
                index[key].append(kind)
    return exact, upper, folded


def types_of_code(code: str, system: System = "state") -> tuple[DocumentType, ...]:
    """The kinds that a code stands for, likeliest first: (`QĐ`, party) is `Quyết định` or `Quy định`.

    The code as written wins over another case, and that over lost marks, so that `HD` and `HĐ` stay apart.
    """
    code = code.strip().replace("Ð", "Đ")
    exact, upper, folded = _by_code(system)
    if code in exact:
        return tuple(exact[code])
    if any(code in _by_code(other)[0] for other in _SYSTEMS):
        return ()
    return tuple(upper.get(code.upper()) or folded.get(fold(code)) or ())


def type_of_code(code: str, system: System = "state") -> DocumentType | None:
    """The likeliest kind that a code stands for (`TT` is `Thông tư` of the state, `Thông tri` of the Party)."""
    found = types_of_code(code, system)
    return found[0] if found else None


@cache
def _by_name() -> dict[str, DocumentType]:
    return {fold(name): kind for kind in reversed(all_types()) for name in kind.all_names}


def type_of_name(name: str) -> DocumentType | None:
    """The kind with that name, whatever its case, tone style or lost marks."""
    return _by_name().get(fold(name).strip(" .:"))


@cache
def _name_pattern() -> re.Pattern[str]:
    longest_first = sorted(_by_name(), key=len, reverse=True)
    return re.compile("(" + "|".join(re.escape(name).replace(r"\ ", " +") for name in longest_first) + r")(?!\w)")


def type_at_start(text: str) -> tuple[DocumentType, str] | None:
    """The kind that a text begins with, and the words that name it there: the longest name wins.

    `CHƯƠNG TRÌNH HÀNH ĐỘNG thực hiện …` is a `Chương trình hành động`.
    """
    stripped = text.lstrip()
    match = _name_pattern().match(fold_in_place(stripped[:80]))
    if match is None:
        return None
    return _by_name()[" ".join(match.group(1).split())], stripped[: match.end()]
