"""A picture as Graphviz itself understands its DOT text: nodes, edges and clusters with their attributes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import graphviz

from viz import wasm


@dataclass(frozen=True)
class Structure:
    graph: dict[str, Any]
    nodes: dict[str, dict[str, Any]]
    edges: list[tuple[str, str, dict[str, Any]]]
    clusters: dict[str, dict[str, Any]]
    """By name; `members` are the names of the nodes inside, `inner` those of the clusters right inside."""

    def between(self, tail: str, head: str) -> list[dict[str, Any]]:
        return [edge for start, end, edge in self.edges if (start, end) == (tail, head)]

    def titled(self, title: str) -> list[str]:
        """The names of the nodes with this first line."""
        return [name for name, node in self.nodes.items() if node["label"].split("\\n")[0] == title]


def parsed(picture: graphviz.Digraph, *, legend: bool = False) -> Structure:
    """The structure of a picture, without its legend unless asked for."""
    graph = json.loads(wasm.lay_out(picture.source, format="json", engine="dot", time_limit=60.0))
    objects = {entry["_gvid"]: entry for entry in graph.get("objects", ())}
    names = {number: entry["name"] for number, entry in objects.items()}

    def wanted(name: str) -> bool:
        return name.startswith("legend_") is legend

    nodes = {names[i]: entry for i, entry in objects.items() if "nodes" not in entry and wanted(names[i])}
    edges = [(names[edge["tail"]], names[edge["head"]], edge) for edge in graph.get("edges", ())]
    clusters = {
        entry["name"]: entry
        | {
            "members": {names[i] for i in entry["nodes"]},
            "inner": {names[i] for i in entry.get("subgraphs", ()) if names[i].startswith("cluster")},
        }
        for entry in objects.values()
        if entry["name"].startswith("cluster") and (entry["name"] == "cluster_legend") is legend
    }
    return Structure(graph, nodes, [edge for edge in edges if wanted(edge[0])], clusters)
