"""The corpus holds what the tests and the evaluation rely on: every kind and damage, gold that fits its documents."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from pipeline.vietnamese import one_tone_style

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
GOLD = ROOT / "tests" / "gold" / "corpus"
SOURCES = sorted((ROOT / "scripts" / "corpus" / "documents").glob("*.toml"))
NAMES = [path.stem for path in SOURCES]
MOST_BYTES = 6_000_000


def rows(table: str) -> list[dict[str, str]]:
    with (GOLD / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def file_of(name: str) -> Path:
    (path,) = [p for p in CORPUS.iterdir() if p.stem == name]
    return path


def text_of(name: str) -> str:
    return " ".join((GOLD / "text" / f"{name}.txt").read_text(encoding="utf-8").split())


def test_every_source_has_one_document_and_nothing_else_is_there() -> None:
    assert sorted(path.stem for path in CORPUS.iterdir()) == NAMES
    assert sorted(path.stem for path in (GOLD / "text").iterdir()) == NAMES
    assert sum(path.stat().st_size for path in CORPUS.iterdir()) <= MOST_BYTES


def test_no_name_begins_another() -> None:
    """The gold names a document by the beginning of its file's name."""
    assert [(a, b) for a in NAMES for b in NAMES if a != b and b.startswith(a)] == []


def test_every_kind_and_damage_is_there() -> None:
    outputs = [tomllib.loads(path.read_text(encoding="utf-8"))["output"] for path in SOURCES]
    assert {output["kind"] for output in outputs} == {
        "text_layer", "broken_map", "tcvn3_layer", "scan", "english_ocr_layer", "english_ocr_text", "colour_scan",
        "photograph", "tiff", "png", "text", "word",
    }  # fmt: skip
    encodings = {output.get("encoding") for output in outputs}
    assert {"utf-16", "utf-8-sig", "utf-8", "tcvn3"} <= encodings
    assert len({row["type"] for row in rows("documents")}) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_every_document_has_gold(name: str) -> None:
    for table in ("documents", "sections", "deadlines", "citations"):
        assert any(row["doc"] == name for row in rows(table)), table


@pytest.mark.parametrize("table", ["targets", "deadlines"])
def test_gold_rows_stand_in_sections_that_exist(table: str) -> None:
    paths = {(row["doc"], row["path"]) for row in rows("sections")}
    wrong = [row for row in rows(table) if row["section"] and (row["doc"], row["section"]) not in paths]
    assert wrong == []


def test_cues_and_reference_numbers_are_printed() -> None:
    for row in rows("deadlines"):
        assert row["cue"] in text_of(row["doc"]), row
    for row in rows("citations"):
        assert row["number"].replace(" ", "") in text_of(row["doc"]).replace(" ", ""), row


def test_gold_values_are_of_the_agreed_kinds() -> None:
    assert {row["comparator"] for row in rows("targets")} <= {"=", ">", ">=", "<", "<=", "~", "between"}
    assert {row["direction"] for row in rows("targets")} <= {"increase", "decrease", "maintain", ""}
    assert {row["kind"] for row in rows("deadlines")} <= {"by", "before", "on", "within", "recurring"}
    for row in rows("targets"):
        assert bool(row["value_upper"]) == (row["comparator"] == "between"), row
    for row in rows("deadlines"):
        for day in (row["start"], row["end"]):
            assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", day), row


def test_numbers_and_dates_match_along_the_chains() -> None:
    """A citation of a document of the corpus has that document's number and date."""
    issued = {row["number"]: row["date"] for row in rows("documents") if row["number"][:1] not in {"", "/"}}
    followed = Counter()
    for row in rows("citations"):
        if row["number"] in issued and row["date"]:
            assert row["date"] == issued[row["number"]], row
            followed[row["number"]] += 1
    assert {"05/CT-UBND", "27/KH-UBND", "19-CT/TU", "312-TB/VPTU", "31/NQ-HĐND", "03/CTr-UBND"} <= set(followed)


def layer_of(name: str) -> str:
    with pypdfium2.PdfDocument(file_of(name)) as document:
        return unicodedata.normalize("NFC", " ".join(page.get_textpage().get_text_range() for page in document))


def test_text_layers_hold_the_damage_that_their_sources_name() -> None:
    clean, broken, old = (layer_of(name) for name in NAMES if name[:2] in {"01", "16", "20"})
    assert "Tỷ lệ hộ nghèo" in clean
    assert "ƣ" in broken
    assert "ư" not in broken
    assert "Kiªn cè ho¸ tr" in old
    assert "uû ban nh©n d©n" in old
    stamp, english, scan = (layer_of(name) for name in NAMES if name[:2] in {"09", "10", "13"})
    assert stamp.startswith("Signed by")
    assert "THONG BAO" in english
    assert scan.strip() == ""


def test_text_files_are_in_the_encodings_that_their_sources_name() -> None:
    raw = {name[:2]: file_of(name).read_bytes() for name in NAMES if file_of(name).suffix == ".txt"}
    assert raw["07"].decode("utf-16").startswith("ỦY BAN NHÂN DÂN")
    assert raw["08"].decode("utf-8-sig").count("\f") == 2
    assert raw["18"].isascii()
    assert "®¶ng céng s¶n viÖt nam" in raw["19"].decode("latin-1")
    with pytest.raises(UnicodeDecodeError):
        raw["19"].decode("utf-8")


def test_printed_text_is_vietnamese_in_nfc() -> None:
    for name in NAMES:
        text = text_of(name)
        assert text == unicodedata.normalize("NFC", text)
        assert "Ủy ban nhân dân" in one_tone_style(text) or "UBND" in text
