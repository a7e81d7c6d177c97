"""The frames around layers and neurons: one nested cluster for each scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import graphviz

from viz import text
from viz.writers.dot import style

Scope: TypeAlias = tuple[str, ...]
DotGraph: TypeAlias = Any  # graphviz.Digraph, of a package without types

LONGEST_TITLE = 40


def clusters(scopes: Iterable[Scope]) -> dict[Scope, DotGraph]:
    """An empty cluster for each scope and each scope around it, numbered as they appear."""
    every = dict.fromkeys(scope[:depth] for scope in scopes for depth in range(1, len(scope) + 1))
    return {scope: _cluster(number, scope) for number, scope in enumerate(every)}


def nest(graph: DotGraph, frames: Mapping[Scope, DotGraph]) -> None:
    """Put the filled clusters into the ones around them, and the outermost into `graph`."""
    for scope in sorted(frames, key=len, reverse=True):  # a cluster is copied, so it must be complete by then
        around = frames[scope[:-1]] if len(scope) > 1 else graph
        around.subgraph(frames[scope])


def _cluster(number: int, scope: Scope) -> DotGraph:
    attributes = {
        "label": text.label(text.shortened(scope[-1], LONGEST_TITLE)),
        "tooltip": text.hover(" / ".join(scope)),
        "style": "rounded,filled",
        "fillcolor": "#f3f5f7" if len(scope) % 2 else "#e6eaee",
        "color": "#9aa5b1",
        "fontcolor": style.FAINT,
        "fontsize": "10",
        "labeljust": "l",
        "margin": "10",
    }
    return graphviz.Digraph(f"cluster_{number}", graph_attr=attributes)
