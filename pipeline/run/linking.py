"""Linking as part of a run: what it reads of a snapshot, and what it writes."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link import Linked, link
from pipeline.publish.schemas import TABLES
from pipeline.publish.snapshot import SnapshotWriter
from pipeline.publish.tables import conform
from pipeline.run.link_state import KeptState, load_state, save_state

CITING = ("citations", "named_citations")
_NOT_LINKED = {"bbox", "quote", "quote_raw", "rule"}  # what linking does not look at, and what is large
_LINKED_COLUMNS = [c.name for c in TABLES["citations"].columns if c.name not in _NOT_LINKED]
_DOCUMENT_COLUMNS = ["document_id", "document_type", "reference_number", "issued_on", "issuer", "issuer_superior",
                     "issuer_level", "issued_at", "province", "title"]  # fmt: skip


def write_tables_of_links(writer: SnapshotWriter, version: str) -> None:
    """Writes `instruments`, `links` and the instruments of citations, and keeps the state. `version` is of linking."""
    kept = load_state(writer.layout, writer.previous, version)
    documents = {p.batch: writer.part(p, _DOCUMENT_COLUMNS) for p in writer.parts_of("documents")}
    known = _known_batches(writer, kept.parts) & documents.keys() if kept else set()
    tables = [pa.concat_tables([_empty("documents", _DOCUMENT_COLUMNS), *documents.values()])]
    for name in CITING:
        parts = [writer.part(p, _LINKED_COLUMNS) for p in writer.parts_of(name) if p.batch not in known]
        tables.append(pa.concat_tables([_empty(name, _LINKED_COLUMNS), *parts]))
    unread = pa.array([i for b in sorted(known) for i in documents[b]["document_id"].to_pylist()], pa.string())
    linked = link(tables[0], tables[1], tables[2], kept.state if kept else None, unread if kept else None)
    writer.write("instruments", writer.run_id, conform("instruments", linked.instruments))
    writer.write("links", writer.run_id, conform("links", linked.links))
    still = {b for b in known if not _any_in(documents[b]["document_id"], linked.moved)}
    for name in CITING:
        _write_instrument_ids(writer, name, linked, still)
    folder, files = (kept.folder, kept.files) if kept else (None, {})
    keeping = KeptState(linked.state, _checksums(writer), folder, files)
    save_state(writer.layout, writer.run_id, version, keeping, writer.previous)


def warm_up() -> None:
    """Links two papers that nobody reads: patterns and engine are then loaded, half a second that a run has to spare
    while it waits for its first child."""
    facts = {"reference_number": ["12/KH-UBND", "5-CT/TU"], "issued_on": ["2024-03-05"] * 2,
             "issuer": ["Ủy ban nhân dân huyện Suối Cát, tỉnh Lam Giang", "Tỉnh ủy Lam Giang"]}  # fmt: skip
    documents = pa.table({"document_id": ["one", "other"], "title": ["Kế hoạch", None], **facts})
    citations = pa.table({"document_id": ["one", "other"], "citation_id": ["1", "2"], **facts})
    link(documents, citations, citations.slice(0, 1))


def _empty(table: str, columns: list[str]) -> pa.Table:
    return TABLES[table].arrow.empty_table().select(columns)


def _checksums(writer: SnapshotWriter) -> dict[str, str]:
    return {f"{p.table}/{p.batch}": p.sha256 for name in (*CITING, "documents") for p in writer.parts_of(name)}


def _known_batches(writer: SnapshotWriter, parts: Mapping[str, str]) -> set[str]:
    """The batches whose citations are those that the state knows."""
    now = _checksums(writer)
    batches = {p.batch for p in writer.parts_of("documents") if f"documents/{p.batch}" in parts}
    return {b for b in batches if all(now.get(f"{n}/{b}") == parts.get(f"{n}/{b}") for n in CITING)}


def _any_in(values: pa.ChunkedArray, wanted: pa.Array) -> bool:
    return bool(pc.any(pc.is_in(values, value_set=wanted)).as_py())


def _write_instrument_ids(writer: SnapshotWriter, name: str, linked: Linked, still: set[str]) -> None:
    """Puts the ids into each part of a citing table; parts in which none changed stay as they are, as do the batches
    `still`."""
    parts = [p for p in writer.parts_of(name) if p.batch not in still]
    if not parts:
        return
    field = TABLES[name].arrow.field("instrument_id")
    known = linked.instrument_of_citation["citation_id"].combine_chunks()
    ids = linked.instrument_of_citation["instrument_id"].combine_chunks()
    for part in parts:
        before = writer.part(part, ["citation_id", "instrument_id"])
        after = ids.take(pc.index_in(before["citation_id"].combine_chunks(), value_set=known))
        if not before["instrument_id"].combine_chunks().equals(after):
            table = writer.part(part)
            index = table.schema.get_field_index("instrument_id")
            writer.write(name, part.batch, table.set_column(index, field, after))
