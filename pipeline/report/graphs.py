"""Chains of citations as graphs and pictures: networkx, DOT, GraphML, and one self-contained page."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import networkx as nx
from jinja2 import Environment, PackageLoader, select_autoescape

from pipeline.report.trace import Archive, Edge, Node, Step, chain, counted


def as_graph(archive: Archive, instrument_ids: Iterable[str], depth: int = 4) -> nx.MultiDiGraph:
    """The chains of some instruments in both directions as a networkx graph: an edge leads from who cites to the cited.

    Nodes carry `label`, `issued_on`, `issuer`, `document_id`, `targets` and `level` (steps from the start, negative
    for what it rests on); edges `relation`, `mentions`, `score`. Values are never None, as GraphML asks.
    """
    graph = nx.MultiDiGraph()
    for start in instrument_ids:
        _add_node(graph, archive.nodes[start], 0)
        up, down = chain(archive, start, "up", depth), chain(archive, start, "down", depth)
        for direction, step in (("up", up), ("down", down)):
            for level, edge in _walk(step, -1 if direction == "up" else 1):
                _add_node(graph, archive.nodes[edge.source], level if direction == "down" else level + 1)
                _add_node(graph, archive.nodes[edge.target], level if direction == "up" else level - 1)
                graph.add_edge(
                    edge.source,
                    edge.target,
                    key=edge.relation,
                    relation=edge.relation,
                    mentions=edge.mentions,
                    score=edge.score,
                )
    return graph


def _walk(step: Step, sign: int, level: int = 0) -> Iterator[tuple[int, Edge]]:
    for following in step.beyond:
        assert following.edge is not None
        yield level + sign, following.edge
        yield from _walk(following, sign, level + sign)


def _add_node(graph: nx.MultiDiGraph, node: Node, level: int) -> None:
    if node.instrument_id in graph:
        return
    words = {name: getattr(node, name) or "" for name in ("issued_on", "issuer", "title", "document_id")}
    graph.add_node(node.instrument_id, label=node.name, **words, targets=node.target_count, level=level)


def as_dot(graph: nx.MultiDiGraph) -> str:
    """The graph in the DOT language of Graphviz."""
    lines = ["digraph citations {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    for name, data in graph.nodes(data=True):
        style = "" if data["document_id"] else ', style="rounded,dashed"'
        words = "\\n".join(_quoted(v) for v in (data["label"], data["issued_on"], data["issuer"]) if v)
        lines.append(f'  "{_quoted(name)}" [label="{words}"{style}];')
    for source, target, data in graph.edges(data=True):
        lines.append(f'  "{_quoted(source)}" -> "{_quoted(target)}" [label="{_quoted(data["relation"])}"];')
    return "\n".join([*lines, "}", ""])


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def as_graphml(graph: nx.MultiDiGraph) -> str:
    """The graph as GraphML."""
    stream = io.BytesIO()
    nx.write_graphml(graph, stream, encoding="utf-8")
    return stream.getvalue().decode("utf-8")


_BOX_WIDTH, _BOX_HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 250, 64, 110, 18, 10
_TOP = 44  # room for arrows over the boxes
_LONGEST = 36  # letters that a box has room for


def as_html(graph: nx.MultiDiGraph, title: str) -> str:
    """The graph as one self-contained page: what it rests on to the left, what cites it to the right."""
    place = _places(graph)
    environment = Environment(loader=PackageLoader("pipeline.report"), autoescape=select_autoescape(default=True))
    return environment.get_template("trace.html").render(
        title=title,
        width=max((x for x, _ in place.values()), default=0) + _BOX_WIDTH + 2 * _MARGIN,
        height=max((y for _, y in place.values()), default=0) + _BOX_HEIGHT + 2 * _MARGIN,
        box_width=_BOX_WIDTH,
        box_height=_BOX_HEIGHT,
        arrows=[_arrow(place, source, target, data["relation"]) for source, target, data in graph.edges(data=True)],
        boxes=[_box(place[name], data) for name, data in graph.nodes(data=True)],
    )


def _places(graph: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    levels: dict[int, list[str]] = {}
    for name, data in graph.nodes(data=True):
        levels.setdefault(data["level"], []).append(name)
    first = min(levels, default=0)
    tallest = max(map(len, levels.values()), default=0)
    place = {}
    for level, names in levels.items():
        offset = (tallest - len(names)) * (_BOX_HEIGHT + _GAP_Y) // 2
        names.sort(key=lambda name: (graph.nodes[name]["issued_on"], graph.nodes[name]["label"]))
        for index, name in enumerate(names):
            x = _MARGIN + (level - first) * (_BOX_WIDTH + _GAP_X)
            place[name] = (x, _TOP + offset + index * (_BOX_HEIGHT + _GAP_Y))
    return place


def _box(place: tuple[int, int], data: dict[str, Any]) -> dict[str, Any]:
    kind = "start" if data["level"] == 0 else ("own" if data["document_id"] else "cited")
    where = " · ".join(v for v in (data["issued_on"], data["issuer"]) if v)
    lines = [data["label"], where, *([counted(data["targets"])] if data["targets"] else [])]
    hint = " · ".join(v for v in (data["label"], where, data["title"]) if v)
    return {"x": place[0], "y": place[1], "kind": kind, "hint": hint, "lines": [_short(line) for line in lines]}


def _arrow(place: dict[str, tuple[int, int]], source: str, target: str, relation: str) -> dict[str, Any]:
    """Within a column beside the boxes, between neighbours straight on, over several columns above them."""
    (x1, y1), (x2, y2) = place[source], place[target]
    top, bottom = y1 + _BOX_HEIGHT // 2, y2 + _BOX_HEIGHT // 2
    columns = abs(x1 - x2) // (_BOX_WIDTH + _GAP_X)
    rise = _BOX_HEIGHT + _GAP_Y if columns > 1 else 0
    middle = (top + bottom) // 2
    if columns == 0:
        start = end = x1 + _BOX_WIDTH
        bend, words = start + _GAP_X // 2, (start - 50, middle + 4)
    else:
        start, end = (x1, x2 + _BOX_WIDTH) if x1 > x2 else (x1 + _BOX_WIDTH, x2)
        bend = (start + end) // 2
        words = (bend - 24, middle - 4 - rise * 3 // 4)
    path = f"M{start} {top}C{bend} {top - rise} {bend} {bottom - rise} {end} {bottom}"
    return {"path": path, "relation": relation, "x": words[0], "y": words[1]}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
