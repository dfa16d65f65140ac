"""The chain of citations as a tree, a graph and pictures."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.report.graphs import as_dot, as_graph, as_graphml, as_html
from pipeline.report.trace import Archive, as_tree, chain, describe, find_instruments, open_archive

NODES = [
    # id, type, number, date, issuer, document
    ("central", "Quyết định", "1750/QĐ-TTg", "2016-10-17", "Thủ tướng Chính phủ", None),
    ("province", "Chỉ thị", "31-CT/TU", "2017-04-21", "Ban Thường vụ Tỉnh ủy", "p.pdf"),
    ("district", "Kế hoạch", "05/KH-UBND", "2018-01-02", "UBND huyện <Thanh Sơn Hạ>", "d.pdf"),
    ("commune", "Kế hoạch", "02/KH-UBND", "2018-02-02", "UBND xã Đồng Mây", "c.pdf"),
]
LINKS = [
    ("p.pdf", "central", "legal_basis", 0.98),
    ("d.pdf", "province", "implements", 0.98),
    ("d.pdf", "province", "mentions", 0.98),
    ("c.pdf", "district", "implements", 0.6),
    ("c.pdf", "province", "implements", 0.98),
    ("copy.pdf", "province", "mentions", 0.98),
]


def write(snapshot: Path, name: str, rows: list[dict[str, object]]) -> None:
    (snapshot / name).mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), snapshot / name / "part-0.parquet")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    instruments = [
        {
            "instrument_id": i,
            "document_type": t,
            "reference_number": n,
            "issued_on": d,
            "issuer": o,
            "title": None,
            "document_id": p,
            "province": None,
            "ambiguous_with": ["central"] if i == "commune" else [""][:0],
        }
        | {"citation_count": sum(link[1] == i for link in LINKS)}
        for i, t, n, d, o, p in NODES
    ]
    write(tmp_path, "instruments", instruments)
    links = [
        {
            "source_document_id": s,
            "instrument_id": i,
            "relation": r,
            "mentions": 1,
            "score": v,
            "ambiguous_with": [""][:0],
        }
        for s, i, r, v in LINKS
    ]
    write(tmp_path, "links", links)
    papers = ["p.pdf", "d.pdf", "c.pdf", "copy.pdf"]
    write(
        tmp_path,
        "documents",
        [{"document_id": p, "title": f"title of {p}", "issuer": None, "source_path": p} for p in papers],
    )
    targets = [
        {"document_id": "c.pdf", "indicator": f"chỉ tiêu {n}", "comparator": ">=", "value_text": "95", "unit_text": "%"}
        for n in range(5)
    ]
    write(tmp_path, "targets", targets)
    return open_archive(tmp_path)


def test_finds_by_number_id_and_words(archive: Archive) -> None:
    for query in ("31-CT/TU", "31 - ct/tu", "province", "p.pdf"):
        assert [n.instrument_id for n in find_instruments(archive, query)] == ["province"]
    assert {n.instrument_id for n in find_instruments(archive, "kế hoạch")} == {"district", "commune"}
    assert find_instruments(archive, "99/QĐ-TTg") == []
    assert describe(find_instruments(archive, "31-CT/TU")) == [
        "province · Chỉ thị 31-CT/TU · 2017-04-21 · Ban Thường vụ Tỉnh ủy · 4 citations, ingested"
    ]


def test_walks_up_and_down_and_shows_each_once(archive: Archive) -> None:
    up = chain(archive, "commune", "up")
    assert [s.node.instrument_id for s in up.beyond] == ["province", "district"]
    assert [s.node.instrument_id for s in up.beyond[0].beyond] == ["central"]
    (again,) = up.beyond[1].beyond
    assert again.seen
    assert again.beyond == ()
    down = chain(archive, "central", "down", depth=1)
    assert [s.node.instrument_id for s in down.beyond] == ["province"]
    assert down.beyond[0].beyond == ()
    with pytest.raises(KeyError):
        chain(archive, "nobody", "up")


def test_the_tree_says_relation_date_issuer_targets_and_doubt(archive: Archive) -> None:
    stream = io.StringIO()
    Console(file=stream, width=200).print(as_tree(archive, "district"))
    words = stream.getvalue()
    assert "carries out Chỉ thị 31-CT/TU · 2017-04-21 · Ban Thường vụ Tỉnh ủy" in words
    assert "based on Quyết định 1750/QĐ-TTg · 2016-10-17 · Thủ tướng Chính phủ · not ingested" in words
    assert "carried out by Kế hoạch 02/KH-UBND · 2018-02-02 · UBND xã Đồng Mây · 5 targets · doubtful (0.60)" in words
    assert "chỉ tiêu 0 >= 95 %" in words
    assert "… and 2 targets" in words


def test_graphs_for_other_tools(archive: Archive) -> None:
    graph = as_graph(archive, ["province"])
    assert set(graph) == {"central", "province", "district", "commune", "copy.pdf"}
    assert graph.nodes["central"]["level"] == -1
    assert graph.nodes["district"]["level"] == 1
    assert graph.has_edge("province", "central", key="legal_basis")
    assert nx.parse_graphml(as_graphml(graph)).number_of_nodes() == 5
    dot = as_dot(graph)
    assert '"province" -> "central" [label="legal_basis"];' in dot
    page = as_html(graph, "31-CT/TU")
    assert "UBND huyện &lt;Thanh Sơn Hạ&gt;" in page
    svg = page[page.index("<svg") : page.index("</svg>") + 6]
    assert len(ElementTree.fromstring(svg).findall(".//rect")) == 5


def test_a_cycle_ends(archive: Archive) -> None:
    from pipeline.report.trace import Edge

    archive.add(Edge("central", "commune", "mentions", 1, 0.9, False))
    assert chain(archive, "commune", "up", depth=20).node.instrument_id == "commune"
    assert set(as_graph(archive, ["commune"], depth=20)) >= {"central", "commune"}


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no table instruments"):
        open_archive(tmp_path)
