"""Rows of the published tables, and what the schemas promise of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.models import (
    Alignment,
    Box,
    Citation,
    Correction,
    Deadline,
    DigitalSignature,
    Directive,
    Document,
    DocumentResult,
    Edit,
    Evidence,
    Extraction,
    Failure,
    Footer,
    Header,
    Line,
    MediaType,
    Page,
    Percentage,
    RestoredPage,
    Section,
    Source,
    Table,
    TableCell,
    Target,
    Word,
)
from pipeline.publish.schemas import PER_DOCUMENT, SCHEMA_VERSION, TABLES, TableSchema
from pipeline.publish.tables import conform, failure_rows, tables_of, to_table, with_paths
from pipeline.publish.validate import key_problems, reference_problems, schema_problems

RAW = "1. Giam ho ngheo xuong 3%\nChỉ tiêu\t3%"
TEXT = "1. Giảm hộ nghèo xuống 3%\nChỉ tiêu\t3%"


def result() -> DocumentResult:
    """One document that has a row in every per-document table."""
    source = Source(Path("a.pdf"), "a.pdf", "ab" * 32, MediaType.PDF, 10)
    box = Box(10.0, 20.0, 200.0, 30.0)
    word = Word(3, 7, box, 0.8)
    cell = TableCell(0, 1, 35, 37, header=True)
    signature = DigitalSignature("Ủy ban nhân dân xã Đồng Mây", dt.datetime(2031, 1, 2, 3, tzinfo=dt.UTC), "Ký bởi …")
    page = Page(
        1, RAW, "ocr", (Line(0, 25, box, 0.9),), (word,), (Table((cell,)),), 595.0, 842.0, signatures=(signature,)
    )
    correction = Correction(3, 7, "Giam", "Giảm", "tone", 0.9)
    restored = RestoredPage(page, TEXT, Alignment((Edit(3, 7, 3, 7),)), (correction,), 0.9)
    section = Section("d-1", None, "1", "1.", "decimal", 1, None, "Giảm hộ nghèo xuống 3%", 1, 0, 25)
    evidence = Evidence(
        "d", "d-1", 1, 3, 25, box, "Giảm hộ nghèo xuống 3%", "Giam ho ngheo xuong 3%", 0.9, "units:percent"
    )
    document = Document("d", source, (restored,), Header(issued_on="2031-01-02"), Footer(), (), (section,))
    extraction = Extraction(
        targets=(
            Target("t", evidence, "hộ nghèo", None, "=", None, 3.0, None, "3", "%", "%", 3.0, "%", deadline_id="dl"),
        ),
        percentages=(Percentage("p", evidence, 3.0, None, "percent", "target", "hộ nghèo", "t"),),
        deadlines=(Deadline("dl", evidence, "by", None, dt.date(2031, 12, 31), None, None, None),),
        directives=(Directive("dv", evidence, "Phòng", None, ("Sở",), "lead", "assign", "giảm", ("dl",), ("t",)),),
        citations=(Citation("c", evidence, "Kế hoạch", "12/KH-UBND", "2030", None, None, "implements"),),
        named_citations=(Citation("n", evidence, "Luật", None, "2013", None, "Đất đai", "legal_basis"),),
    )
    return DocumentResult(source, ((document, extraction),))


def test_every_per_document_table_gets_its_rows() -> None:
    tables = tables_of(result(), "run", "1")
    assert {name: table.num_rows for name, table in tables.items()} == dict.fromkeys(PER_DOCUMENT, 1)
    for name, table in tables.items():
        assert schema_problems(name, table) == []
        assert key_problems(name, table) == []
    assert reference_problems(tables) == []


def test_rows_lead_back_to_the_page() -> None:
    tables = tables_of(result(), "run", "1")
    (section,) = tables["sections"].to_pylist()
    assert (section["quote"], section["quote_raw"]) == ("1. Giảm hộ nghèo xuống 3%", "1. Giam ho ngheo xuong 3%")
    (cell,) = tables["table_cells"].to_pylist()
    assert (cell["text"], cell["header"], TEXT[cell["span_start"] : cell["span_end"]]) == ("3%", True, "3%")
    (target,) = tables["targets"].to_pylist()
    assert target["bbox"] == [10.0, 20.0, 200.0, 30.0]
    (page,) = tables["pages"].to_pylist()
    assert page["signatures"][0]["signer"] == "Ủy ban nhân dân xã Đồng Mây"


def test_what_utf8_cannot_hold_is_replaced() -> None:
    rows = failure_rows([Failure("a\udcff.pdf", None, None, "read", "x", "bad \ud800")], "run")
    assert to_table("failures", rows)["source_path"].to_pylist() == ["a?.pdf"]


def test_paths_of_today_are_put_into_the_documents() -> None:
    documents = tables_of(result(), "run", "1")["documents"]
    (row,) = with_paths(documents, {"ab" * 32: ("b.pdf", "c.pdf")}, {"ab" * 32}).to_pylist()
    assert (row["source_path"], row["source_paths"], row["source_missing"]) == ("b.pdf", ["b.pdf", "c.pdf"], True)


def test_tables_of_an_older_schema_get_todays_columns() -> None:
    pages = tables_of(result(), "run", "1")["pages"]
    old = pages.drop_columns(["layer_score", "text_quality", "signatures"])
    new = conform("pages", old)
    assert new.schema.equals(TABLES["pages"].arrow)
    assert new["layer_score"].null_count == 1
    assert schema_problems("pages", new) == []


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_schemas_explain_themselves(table: TableSchema) -> None:
    names = [c.name for c in table.columns]
    assert len(names) == len(set(names))
    assert set(table.key) <= set(names)
    assert all(column.description and not column.description.endswith(".") for column in table.columns)
    for column, target in table.references:
        other, other_column = target.split(".")
        assert column in names
        assert other_column in TABLES[other].arrow.names
    assert table.arrow.metadata[b"schema_version"] == SCHEMA_VERSION.encode()


def test_each_kind_of_extracted_row_has_a_table() -> None:
    assert {f.name for f in fields(Extraction)} <= set(TABLES)


@pytest.mark.parametrize("name", PER_DOCUMENT)
def test_common_libraries_read_the_files_as_they_stand(name: str, tmp_path: Path) -> None:
    table = tables_of(result(), "run", "1")[name]
    folder = tmp_path / name
    folder.mkdir()
    pq.write_table(table, folder / "part-1.parquet", compression="zstd")
    pq.write_table(TABLES[name].arrow.empty_table(), folder / "part-2.parquet")
    read = pq.read_table(folder)
    assert read.num_rows == 1
    assert read.schema.field(0).metadata[b"description"]
    frame = pd.read_parquet(folder)
    assert list(frame.columns) == TABLES[name].arrow.names
    found = duckdb.sql(f"select count(*) from read_parquet('{folder}/*.parquet')").fetchall()
    assert found == [(1,)]


def test_broken_references_are_found() -> None:
    tables = tables_of(result(), "run", "1")
    lost = tables["deadlines"].slice(0, 0)
    problems = reference_problems(tables | {"deadlines": lost})
    assert problems == [
        "targets: 1 values of deadline_id are in no row of deadlines",
        "directives: 1 values of deadline_ids are in no row of deadlines",
    ]


def test_missing_values_and_repeated_keys_are_found() -> None:
    documents = tables_of(result(), "run", "1")["documents"]
    twice = pa.concat_tables([documents, documents])
    assert key_problems("documents", twice) == ["documents: 1 rows repeat a key ['document_id']"]
    index = documents.schema.get_field_index("title")
    assert schema_problems("documents", documents.remove_column(index))
