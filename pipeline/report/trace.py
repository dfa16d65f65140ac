"""What a document rests on and what rests on it: the chain of citations through a published snapshot.

`open_archive` reads the tables, `find_instruments` finds where to begin, `chain` walks up (what it is based on) and
down (who cites it). The result prints as a tree (`as_tree`); `pipeline.report.graphs` writes it for other tools.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq
from rich.markup import escape
from rich.text import Text
from rich.tree import Tree

from pipeline.reference_numbers import parse_reference
from pipeline.report.changes import read_changes
from pipeline.vietnamese import fold

Direction = Literal["up", "down"]
_TARGETS_SHOWN = 3
_RELATION_UP = {
    "legal_basis": "based on", "implements": "carries out", "amends": "amends", "replaces": "replaces",
    "repeals": "repeals", "mentions": "mentions",
}  # fmt: skip
_RELATION_DOWN = {
    "legal_basis": "basis of", "implements": "carried out by", "amends": "amended by", "replaces": "replaced by",
    "repeals": "repealed by", "mentions": "mentioned by",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One instrument with what a reader wants to see of it. `targets` are those of the ingested document;
    `ambiguous_with` are the ids of others that it may be."""

    instrument_id: str
    document_type: str | None
    reference_number: str | None
    issued_on: str | None
    issuer: str | None
    title: str | None
    document_id: str | None
    citation_count: int
    target_count: int = 0
    targets: tuple[str, ...] = ()
    province: str | None = None
    ambiguous_with: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Type and number, else the title."""
        if self.reference_number:
            return " ".join(part for part in (self.document_type, self.reference_number) if part)
        return self.title or self.document_type or self.instrument_id


@dataclass(frozen=True, slots=True)
class Edge:
    """One document cites another, or is said to change it."""

    source: str
    target: str
    relation: str
    mentions: int
    score: float
    ambiguous: bool


@dataclass(slots=True)
class Archive:
    """The graph of a snapshot: nodes by instrument id, edges by the id that cites and by the id that is cited."""

    nodes: dict[str, Node]
    cites: dict[str, list[Edge]] = field(default_factory=dict)
    cited_by: dict[str, list[Edge]] = field(default_factory=dict)

    def add(self, edge: Edge) -> None:
        """Add an edge to both indexes."""
        self.cites.setdefault(edge.source, []).append(edge)
        self.cited_by.setdefault(edge.target, []).append(edge)


def open_archive(snapshot: Path) -> Archive:
    """The graph of the tables in a snapshot's folder (`outputs/current`).

    Raises FileNotFoundError where the folder holds no `instruments` or `links`.
    """
    instruments = _rows(snapshot, "instruments", [f for f in Node.__slots__ if not f.startswith("target")])
    links = _rows(
        snapshot, "links", ["source_document_id", "instrument_id", "relation", "mentions", "score", "ambiguous_with"]
    )
    titles = {
        row["document_id"]: row
        for row in _rows(snapshot, "documents", ["document_id", "title", "issuer", "source_path"])
    }
    targets = _targets(snapshot)
    archive = Archive({})
    node_of_document: dict[str, str] = {}
    for row in instruments:
        document_id = row["document_id"]
        mine = targets.get(document_id, []) if document_id else []
        paper = titles.get(document_id, {})
        row["title"] = row["title"] or paper.get("title") or paper.get("source_path")
        row["issuer"] = row["issuer"] or paper.get("issuer")
        row["ambiguous_with"] = tuple(row["ambiguous_with"] or ())
        archive.nodes[row["instrument_id"]] = Node(**row, target_count=len(mine), targets=tuple(mine[:_TARGETS_SHOWN]))
        if document_id:
            node_of_document[document_id] = row["instrument_id"]
    for row in links:
        source_id = row["source_document_id"]
        source = node_of_document.get(source_id)
        if source is None:
            # A second copy of a document: it stands for itself.
            source = node_of_document[source_id] = source_id
            paper = titles.get(source_id, {})
            mine = targets.get(source_id, [])
            archive.nodes[source] = Node(
                source_id, None, None, None, paper.get("issuer"), paper.get("title") or paper.get("source_path"),
                source_id, 0, len(mine), tuple(mine[:_TARGETS_SHOWN]),
            )  # fmt: skip
        archive.add(
            Edge(
                source,
                row["instrument_id"],
                row["relation"],
                row["mentions"],
                row["score"],
                bool(row["ambiguous_with"]),
            )
        )
    for change in read_changes(snapshot):
        if change.by in archive.nodes and change.instrument_id in archive.nodes:
            archive.add(Edge(change.by, change.instrument_id, change.relation, change.mentions, 1.0, False))
    return archive


def _rows(snapshot: Path, table: str, columns: list[str]) -> list[dict[str, Any]]:
    folder = snapshot / table
    if not folder.exists():
        raise FileNotFoundError(f"{snapshot}: no table {table}; run `chithi ingest` first")
    rows: list[dict[str, Any]] = pq.read_table(folder, columns=columns).to_pylist()
    return rows


def _targets(snapshot: Path) -> dict[str, list[str]]:
    if not (snapshot / "targets").exists():
        return {}
    found: dict[str, list[str]] = {}
    for row in _rows(snapshot, "targets", ["document_id", "indicator", "comparator", "value_text", "unit_text"]):
        words = (
            row["indicator"],
            "" if row["comparator"] == "=" else row["comparator"],
            row["value_text"],
            row["unit_text"],
        )
        found.setdefault(row["document_id"], []).append(" ".join(w for w in words if w))
    return found


def find_instruments(archive: Archive, query: str) -> list[Node]:
    """The instruments that a number, an id or words of the title mean; ingested ones first, then the most cited."""
    wanted = fold(query)
    parsed = parse_reference(query) or parse_reference(query.upper())
    number = fold(parsed.text) if parsed else wanted
    exact = [
        n
        for n in archive.nodes.values()
        if query in (n.instrument_id, n.document_id) or (n.reference_number and fold(n.reference_number) == number)
    ]
    found = exact or [n for n in archive.nodes.values() if wanted and wanted in fold(f"{n.name} {n.title or ''}")]
    return sorted(found, key=lambda n: (n.document_id is None, -n.citation_count, n.issued_on or "", n.instrument_id))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the chain: the node, how it was reached, what lies beyond. `seen`: it stands elsewhere already."""

    node: Node
    edge: Edge | None
    beyond: tuple[Step, ...] = ()
    seen: bool = False


def chain(archive: Archive, instrument_id: str, direction: Direction, depth: int = 4) -> Step:
    """The tree of what an instrument cites (`up`) or of what cites it (`down`), `depth` levels far.

    Raises KeyError for an unknown id.
    """
    seen: set[str] = set()

    def walk(current: str, edge: Edge | None, left: int) -> Step:
        node = archive.nodes[current]
        if current in seen:
            return Step(node, edge, seen=bool(_edges(archive, current, direction)))
        seen.add(current)
        if left == 0:
            return Step(node, edge)
        following = [(e.target if direction == "up" else e.source, e) for e in _edges(archive, current, direction)]
        return Step(node, edge, tuple(walk(other, e, left - 1) for other, e in following if other != current))

    return walk(instrument_id, None, depth)


def _edges(archive: Archive, instrument_id: str, direction: Direction) -> list[Edge]:
    """Edges of one node, one for each other node: the one that says most."""
    edges = (archive.cites if direction == "up" else archive.cited_by).get(instrument_id, [])
    best: dict[str, Edge] = {}
    for edge in sorted(edges, key=lambda e: (e.relation == "mentions", -e.mentions, e.relation)):
        best.setdefault(edge.target if direction == "up" else edge.source, edge)

    def order(edge: Edge) -> tuple[str, str]:
        other = archive.nodes[edge.target if direction == "up" else edge.source]
        return other.issued_on or "", other.name

    return sorted(best.values(), key=order)


def as_tree(archive: Archive, instrument_id: str, depth: int = 4) -> Tree:
    """The chain in both directions, for the terminal."""
    node = archive.nodes[instrument_id]
    root = Tree(_label(node, None, None))
    _show_targets(root, node)
    for direction, words in (("up", "rests on"), ("down", "is cited by")):
        step = chain(archive, instrument_id, "up" if direction == "up" else "down", depth)
        if step.beyond:
            _grow(root.add(Text(words, style="bold cyan")), step.beyond, "up" if direction == "up" else "down")
    others = [archive.nodes[other] for other in node.ambiguous_with if other in archive.nodes]
    if others:
        branch = root.add(Text("may be the same as", style="bold yellow"))
        for line in describe(others):
            branch.add(line)
    if not root.children:
        root.add(Text("no links", style="dim"))
    return root


def _grow(branch: Tree, steps: Iterable[Step], direction: Direction) -> None:
    for step in steps:
        label = _label(step.node, step.edge, direction)
        if step.seen:
            label.append("  (see above)", style="dim")
        twig = branch.add(label)
        if not step.seen:
            _show_targets(twig, step.node)
        _grow(twig, step.beyond, direction)


def _show_targets(branch: Tree, node: Node) -> None:
    for target in node.targets:
        branch.add(Text(target, style="green"))
    if node.target_count > len(node.targets):
        branch.add(Text(f"… and {counted(node.target_count - len(node.targets))}", style="green dim"))


def counted(targets: int) -> str:
    """`1 target`, `5 targets`."""
    return f"{targets} target" if targets == 1 else f"{targets} targets"


def _label(node: Node, edge: Edge | None, direction: Direction | None) -> Text:
    text = Text()
    if edge is not None:
        words = _RELATION_UP if direction == "up" else _RELATION_DOWN
        text.append(f"{words.get(edge.relation, edge.relation)} ", style="magenta")
    text.append(node.name, style="bold")
    for value in (node.issued_on, node.issuer):
        if value:
            text.append(f" · {value}")
    if node.target_count:
        text.append(f" · {counted(node.target_count)}", style="green")
    if node.document_id is None:
        text.append(" · not ingested", style="dim")
    if edge is not None and (edge.ambiguous or edge.score < 0.75):
        text.append(f" · doubtful ({edge.score:.2f})", style="yellow")
    return text


def _cited(node: Node) -> str:
    times = f"{node.citation_count} citation{'' if node.citation_count == 1 else 's'}"
    return times if node.document_id is None else f"{times}, ingested"


def describe(nodes: Iterable[Node]) -> list[str]:
    """One line per instrument, for a choice among several."""
    return [
        escape(" · ".join(v for v in (n.instrument_id, n.name, n.issued_on, n.issuer, n.province, _cited(n)) if v))
        for n in nodes
    ]
