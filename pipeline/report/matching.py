"""When an extracted row is the row that the gold asks for, and which of its attributes are right.

A gold row is a mapping of printed strings; an extracted row a mapping of typed values. A test answers None where the
gold does not say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from pipeline.vietnamese import one_tone_style, strip_marks

GoldRow = Mapping[str, str]
Row = Mapping[str, Any]
Same = Callable[[GoldRow, Row], bool]
Test = Callable[[GoldRow, Row], bool | None]

_PATH = re.compile(r"(?:[0-9]+|[ivxlc]+|[a-zđ])(?:\.(?:[0-9]+|[ivxlc]+|[a-zđ]))*")


@dataclass(frozen=True)
class Rule:
    """How the rows of one table are compared."""

    same: Same
    attributes: Mapping[str, Test]
    shown: str = "quote"  # the column that names an extra row in the list of errors


def text(value: Any) -> str:
    """The value as text; empty for None."""
    return "" if value is None else str(value)


def folded(value: Any) -> str:
    """Letters, digits and `% ‰ /` only, without marks, lower case, runs of anything else as one blank."""
    plain = strip_marks(one_tone_style(unicodedata.normalize("NFC", text(value)))).lower()
    return re.sub(r"[^a-z0-9%‰/]+", " ", plain).strip()


def squeezed(value: Any) -> str:
    """The same without blanks: for reference numbers."""
    return folded(value).replace(" ", "")


def path_key(path: Any) -> str:
    """A section path in lower case without anything but digits, Latin letters and dots."""
    return re.sub(r"[^0-9a-zđ.]", "", text(path).lower()).strip(".")


def is_numbered_path(key: str) -> bool:
    """Whether every part of a path is a number or a letter: bullets and unnumbered parts are not in the gold."""
    return bool(_PATH.fullmatch(key))


def close(wanted: str, found: Any) -> bool:
    """Whether two numbers are the same to one part in a million; False where one is missing."""
    if wanted == "" or found is None:
        return False
    a, b = float(wanted), float(found)
    return abs(a - b) <= 1e-6 * max(1.0, abs(a))


def alike(wanted: str, found: Any, least: float) -> bool:
    """Whether the words of one are those of the other, by rapidfuzz's token set ratio (0 to 100)."""
    return bool(fuzz.token_set_ratio(folded(wanted), folded(found)) >= least)


def _day(value: Any) -> str:
    return text(value)[:10]


def _given(column: str, test: Callable[[str, Any], bool], found: str | None = None) -> Test:
    """A test that speaks only where the gold has a value in `column`."""
    name = found or column
    return lambda gold, row: test(gold[column], row.get(name)) if gold.get(column) else None


def _exact(column: str, found: str | None = None) -> Test:
    name = found or column
    return lambda gold, row: text(row.get(name)) == gold[column]


def _in_section(gold: GoldRow, row: Row) -> bool | None:
    if not gold.get("section"):
        return None
    wanted, found = path_key(gold["section"]), path_key(row.get("section_path"))
    return found == wanted or found.startswith(wanted + ".")


def _same_target(gold: GoldRow, row: Row) -> bool:
    if not close(gold["value"], row.get("value")):
        return False
    wanted, found = folded(gold["unit"]), folded(row.get("unit_text"))
    return wanted == found or bool(wanted and found and (wanted in found or found in wanted))


def _same_deadline(gold: GoldRow, row: Row) -> bool:
    if fuzz.partial_ratio(folded(gold["cue"]), folded(row.get("quote"))) < 85:
        return False
    if gold["kind"] == "recurring":
        return row.get("kind") == "recurring"
    return _day(row.get("due_end")) == gold["end"]


def _same_names(wanted: str, found: Sequence[str] | None) -> bool:
    """Whether two lists name the same, whatever their order; the gold parts its names by `;`."""
    return fuzz.token_sort_ratio(folded(wanted), folded(" ".join(found or ()))) >= 85 or not (wanted or found)


def _same_named(gold: GoldRow, row: Row) -> bool:
    return alike(f"{gold['type']} {gold['title']}", f"{text(row.get('document_type'))} {text(row.get('title'))}", 85)


def _same_percentage(gold: GoldRow, row: Row) -> bool:
    return row.get("unit") == gold["unit"] and close(gold["value"], row.get("value"))


def _same_cell(gold: GoldRow, row: Row) -> bool:
    place = (str(row.get("row")), str(row.get("column")))
    return place == (gold["row"], gold["column"]) and folded(row.get("text")) == folded(gold["text"])


RULES: Mapping[str, Rule] = {
    "targets": Rule(
        _same_target,
        {
            "indicator": lambda gold, row: alike(gold["indicator"], row.get("indicator"), 80),
            "section": _in_section,
            "comparator": _exact("comparator"),
            "direction": _given("direction", lambda wanted, found: text(found) == wanted),
            "value_upper": _given("value_upper", close),
            "baseline": _given("baseline", close),
            "total": _given("total", close),
        },
    ),
    "deadlines": Rule(
        _same_deadline,
        {
            "section": _in_section,
            "kind": _exact("kind"),
            "start": _given("start", lambda wanted, found: _day(found) == wanted, "due_start"),
        },
    ),
    "citations": Rule(
        lambda gold, row: squeezed(gold["number"]) == squeezed(row.get("reference_number")),
        {
            "type": lambda gold, row: folded(gold["type"]) == folded(row.get("document_type")),
            "date": _given("date", lambda wanted, found: _day(found) == wanted, "issued_on"),
            "issuer": _given("issuer", lambda wanted, found: alike(wanted, found, 85)),
        },
    ),
    "named_citations": Rule(
        _same_named,
        {
            "date": _given("date", lambda wanted, found: _day(found) == wanted, "issued_on"),
            "issuer": _given("issuer", lambda wanted, found: alike(wanted, found, 85)),
        },
    ),
    "percentages": Rule(
        _same_percentage,
        {
            "value_upper": _given("value_upper", close),
            "role": _given("role", lambda wanted, found: text(found) == wanted),
        },
    ),
    "directives": Rule(
        lambda gold, row: fuzz.partial_ratio(folded(gold["action"]), folded(row.get("action"))) >= 85,
        {
            "section": _in_section,
            "actor": _given("actor", lambda wanted, found: alike(wanted, found, 85)),
            "co_actors": lambda gold, row: (
                _same_names(gold["co_actors"], row.get("co_actors")) if "co_actors" in gold else None
            ),
            "role": _given("role", lambda wanted, found: text(found) == wanted),
            "modality": _given("modality", lambda wanted, found: text(found) == wanted),
        },
        shown="action",
    ),
    "table_cells": Rule(
        _same_cell, {"header": _given("header", lambda wanted, found: text(found).lower() == wanted)}, shown="text"
    ),
}

DOCUMENT_FIELDS = {
    "type": "document_type",
    "number": "reference_number",
    "date": "issued_on",
    "place": "issued_at",
    "issuer": "issuer",
    "signer": "signer",
    "signer_title": "signer_title",
}


def field_is_right(field: str, wanted: str, found: Any) -> bool:
    """Whether one field of a document is right: dates as exact as the gold, numbers by letter, the rest by words."""
    if field == "date":
        return _day(found).startswith(wanted)
    if field == "number":
        return squeezed(found) == squeezed(wanted)
    return alike(wanted, found, 90)
