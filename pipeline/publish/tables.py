"""What the stages found in one file, as rows of the published tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

import pyarrow as pa

from pipeline.models import (
    Box,
    Document,
    DocumentResult,
    Evidence,
    Extraction,
    Failure,
    Page,
    RestoredPage,
    Table,
    TableCell,
)
from pipeline.publish.schemas import PER_DOCUMENT, TABLES

Row = dict[str, Any]


def tables_of(result: DocumentResult, run_id: str, pipeline_version: str) -> dict[str, pa.Table]:
    """The rows of every per-document table for one file; tables without rows have none.

    `source_path` and `source_paths` name the file that was read; `with_paths` puts the paths of a later run there.
    """
    rows: dict[str, list[Row]] = {name: [] for name in PER_DOCUMENT}
    for document, extraction in result.documents:
        rows["documents"].append(_document_row(document, run_id, pipeline_version))
        rows["pages"] += map(_page_row, [document.document_id] * len(document.pages), document.pages)
        rows["table_cells"] += _cell_rows(document)
        rows["sections"] += _section_rows(document)
        rows["corrections"] += _correction_rows(document)
        for name, found in _extracted(extraction):
            rows[name] += map(_extracted_row, found)
    return {name: to_table(name, rows[name]) for name in PER_DOCUMENT}


def to_table(name: str, rows: list[Row]) -> pa.Table:
    """Rows as a table with the published schema; columns that no row has are null.

    Characters that UTF-8 cannot hold (lone surrogates) are replaced by a question mark.
    """
    schema = TABLES[name].arrow
    if not rows:
        return schema.empty_table()
    try:
        return pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([_encodable(row) for row in rows], schema=schema)


def with_paths(documents: pa.Table, paths: Mapping[str, tuple[str, ...]], missing: Set[str]) -> pa.Table:
    """The documents table with the paths that hold each content today (`paths`: sha256 → paths, sorted).

    `missing` are the contents that the input folder no longer holds.
    """
    hashes = documents["source_sha256"].to_pylist()
    documents = _replaced(documents, "source_path", [paths[sha][0] for sha in hashes])
    documents = _replaced(documents, "source_paths", [list(paths[sha]) for sha in hashes])
    return _replaced(documents, "source_missing", [sha in missing for sha in hashes])


def with_run(documents: pa.Table, run_id: str) -> pa.Table:
    """The documents table with the run that publishes the rows."""
    return _replaced(documents, "run_id", [run_id] * documents.num_rows)


def _replaced(table: pa.Table, name: str, values: list[Any]) -> pa.Table:
    field = table.schema.field(name)
    return table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))


def conform(name: str, table: pa.Table) -> pa.Table:
    """A table of an older version of the schema with today's columns; new ones are null, or empty where required."""
    schema = TABLES[name].arrow
    if table.schema.equals(schema):
        return table
    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else _filled(field, table.num_rows)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _filled(field: pa.Field, rows: int) -> pa.Array:
    if field.nullable:
        return pa.nulls(rows, field.type)
    if pa.types.is_list(field.type):
        empty: Any = []
    elif pa.types.is_string(field.type):
        empty = ""
    else:
        empty = pa.scalar(0).cast(field.type).as_py()
    return pa.array([empty] * rows, field.type)


def failure_rows(failures: Iterable[Failure], run_id: str) -> list[Row]:
    """Rows of the table failures."""
    return [dataclasses.asdict(failure) | {"run_id": run_id} for failure in failures]


def _document_row(document: Document, run_id: str, pipeline_version: str) -> Row:
    source, header, footer = document.source, document.header, document.footer
    return {
        "document_id": document.document_id,
        "source_path": source.relative_path,
        "source_paths": [source.relative_path],
        "source_missing": False,
        "source_sha256": source.sha256,
        "media_type": str(source.media_type),
        "page_count": len(document.pages),
        "first_page": document.pages[0].number if document.pages else 1,
        "read_method": _read_method(document.pages),
        "document_type": header.document_type,
        "document_type_code": header.document_type_code,
        "reference_number": header.reference_number,
        "issued_on": header.issued_on,
        "issued_on_date": header.issued_on_date,
        "issued_at": header.issued_at,
        "issuer": header.issuer,
        "issuer_superior": header.issuer_superior,
        "issuer_level": header.issuer_level,
        "province": header.province,
        "title": header.title,
        "signer": footer.signer,
        "signer_title": footer.signer_title,
        "signing_authority": " ".join(footer.signing_authority) or None,
        "recipients": list(footer.recipients),
        "addressees": list(header.addressees),
        "period_start": document.period_start,
        "period_end": document.period_end,
        "text_quality": _text_quality(document.pages),
        "confidence": header.confidence,
        "inferred": list(header.inferred),
        "run_id": run_id,
        "pipeline_version": pipeline_version,
    }


def _read_method(pages: tuple[RestoredPage, ...]) -> str:
    methods = {p.page.method for p in pages}
    return methods.pop() if len(methods) == 1 else "mixed" if methods else "plain"


def _text_quality(pages: tuple[RestoredPage, ...]) -> float:
    weight = sum(len(p.text) for p in pages)
    return sum(p.quality * len(p.text) for p in pages) / weight if weight else 0.0


def _page_row(document_id: str, restored: RestoredPage) -> Row:
    page: Page = restored.page
    return {
        "document_id": document_id,
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "method": page.method,
        "ocr_confidence": page.ocr_confidence,
        "text_raw": page.text_raw,
        "text": restored.text,
        "rotation": page.rotation,
        "layer_decision": page.layer_decision,
        "layer_score": page.layer_score,
        "text_quality": restored.quality,
        "signatures": [dataclasses.asdict(s) for s in page.signatures],
    }


def _cell_rows(document: Document) -> Iterator[Row]:
    by_number = {restored.number: restored for restored in document.pages}
    for restored in document.pages:
        for index, table in enumerate(restored.page.tables, start=1):
            joined = restored.number - 1 in by_number
            for cell in table.cells:
                if joined and cell.row == table.split_row:
                    continue
                start, end = restored.alignment.from_raw(cell.start, cell.end)
                last = index == len(restored.page.tables)
                parts = [(restored, cell), *(_rests_of(cell, table, restored.number, by_number) if last else ())]
                texts, raws = zip(*(_cell_texts(*part) for part in parts), strict=True)
                yield {
                    "table_id": f"{document.document_id}-p{restored.number}-t{index}",
                    "document_id": document.document_id,
                    "page": restored.number,
                    "row": cell.row,
                    "column": cell.column,
                    "row_span": cell.row_span,
                    "column_span": cell.column_span,
                    "text": " ".join(filter(None, texts)),
                    "text_raw": " ".join(filter(None, raws)),
                    "header": cell.header,
                    "continues": table.continues,
                    "span_start": start,
                    "span_end": end,
                    "bbox": _box(cell.box or restored.page.box_of(cell.start, cell.end)),
                    "rest_bbox": _box(parts[1][1].box) if len(parts) > 1 else None,
                    "confidence": min(part.confidence for _, part in parts),
                }


def _cell_texts(restored: RestoredPage, cell: TableCell) -> tuple[str, str]:
    """The words of a cell as restored, and as read."""
    start, end = restored.alignment.from_raw(cell.start, cell.end)
    return " ".join(restored.text[start:end].split()), restored.page.text_raw[cell.start : cell.end]


def _rests_of(
    cell: TableCell, table: Table, number: int, by_number: Mapping[int, RestoredPage]
) -> Iterator[tuple[RestoredPage, TableCell]]:
    """Where a cell goes on on the next pages: only from the last row of a page on, where the page break split it."""
    row = cell.row
    while row == table.last_row:
        number += 1
        following = by_number.get(number)
        if following is None or not following.page.tables:
            return
        table = following.page.tables[0]
        rest = next((c for c in table.cells if c.row == table.split_row and c.column == cell.column), None)
        if rest is None:
            return
        yield following, rest
        if len(following.page.tables) > 1:
            return
        row = rest.row


def _section_rows(document: Document) -> Iterator[Row]:
    for section in document.sections:
        page = document.page(section.page)
        yield {
            **{f.name: getattr(section, f.name) for f in dataclasses.fields(section)},
            "document_id": document.document_id,
            "bbox": _box(page.box_of(section.span_start, section.span_end)),
            "quote": page.text[section.span_start : section.span_end],
            "quote_raw": page.raw_of(section.span_start, section.span_end),
        }


def _correction_rows(document: Document) -> Iterator[Row]:
    for page in document.pages:
        for correction in page.corrections:
            yield {
                "document_id": document.document_id,
                "page": page.number,
                "span_start": correction.start,
                "span_end": correction.end,
                "before": correction.before,
                "after": correction.after,
                "kind": correction.kind,
                "confidence": correction.confidence,
            }


def _extracted(extraction: Extraction) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The kinds of rows are the fields of Extraction; each has the name of its table."""
    for field in dataclasses.fields(extraction):
        found = getattr(extraction, field.name)
        if field.name == "citations":
            yield "citations", tuple(c for c in found if not c.named)
            yield "named_citations", tuple(c for c in found if c.named)
        else:
            yield field.name, found


def _extracted_row(found: Any) -> Row:
    row = {f.name: getattr(found, f.name) for f in dataclasses.fields(found) if f.name != "evidence"}
    return row | _evidence_row(found.evidence)


def _evidence_row(evidence: Evidence) -> Row:
    row = {f.name: getattr(evidence, f.name) for f in dataclasses.fields(evidence) if f.name != "box"}
    return row | {"bbox": _box(evidence.box)}


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else list(box)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    return value
