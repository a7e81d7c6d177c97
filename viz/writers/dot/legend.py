"""The legend: what the colors, shapes and lines of this picture say, and no more than it uses."""

from __future__ import annotations

import itertools
from typing import Any

import graphviz

from viz import text
from viz.drawing.model import Drawing
from viz.drawing.options import Options
from viz.drawing.scale import Scale
from viz.writers.dot import style
from viz.writers.dot.room import labels_edges

ROLES = ("input", "parameter", "operation", "constant", "folded")
ROWS = 3
TICKS = 23  # characters: as wide as the scale above them

_FRAME = {"label": "", "style": "rounded", "color": "#c5ccd3", "margin": "6", "tooltip": "legend"}
_UNSEEN = {"style": "invis", "minlen": "1"}
_SAMPLE = {"fontsize": "9", "height": "0.2", "width": "0.3", "margin": "0.08,0.03", "fillcolor": style.BLANK}


def legend(drawing: Drawing, options: Options, scale: Scale) -> Any:
    """A cluster, apart from the graph, with the scale of the gradients, the shapes and the lines in use.

    Each of its ranks is held in its order by invisible edges.
    """
    graph = graphviz.Digraph("cluster_legend", graph_attr=_FRAME, node_attr=_SAMPLE, edge_attr=_UNSEEN)
    across = options.direction in ("LR", "RL")
    draw_scale = _scale_across if across else _scale_down
    numbers = (draw_scale(graph, drawing, options, scale) if options.gradients else []) + _lines(
        graph, drawing, options
    )
    roles = _roles(graph, drawing)
    rows = ROWS if across else len(roles)
    ranks = [numbers, *(roles[start : start + rows] for start in range(0, len(roles), rows))]
    for rank in filter(None, ranks):
        _hold(graph, rank[::-1] if across else rank)  # across, a rank runs from the bottom up
    for left, right in itertools.pairwise(filter(None, ranks)):
        graph.edge(left[0], right[0])
    return graph


def _hold(graph: Any, rank: list[str]) -> None:
    """Keep these nodes on one rank and in this order."""
    together = graphviz.Digraph(graph_attr={"rank": "same"})
    for name in rank:
        together.node(name)
    for first, second in itertools.pairwise(rank):
        together.edge(first, second, minlen="0")
    graph.subgraph(together)


def _scale_across(graph: Any, drawing: Drawing, options: Options, scale: Scale) -> list[str]:
    """The scale with its ticks below."""
    if not drawing.swept:
        return _no_scale(graph)
    low, high = _ends(scale, options)
    _bar(graph)
    ticks = text.label(f"{low:<{TICKS // 2}}0{high:>{TICKS // 2}}")
    graph.node("legend_ticks", ticks, shape="plaintext", margin="0", height="0.15")
    return ["legend_scale", "legend_ticks"]


def _scale_down(graph: Any, drawing: Drawing, options: Options, scale: Scale) -> list[str]:
    """The scale between its ends."""
    if not drawing.swept:
        return _no_scale(graph)
    low, high = _ends(scale, options)
    _bar(graph)
    graph.node("legend_low", text.label(low), shape="plaintext", margin="0")
    graph.node("legend_high", text.label(high), shape="plaintext", margin="0")
    return ["legend_low", "legend_scale", "legend_high"]


def _no_scale(graph: Any) -> list[str]:
    unswept = text.left_aligned(f"grad {text.ABSENT}: backward()", "has not been run")
    graph.node("legend_scale", unswept, shape="plaintext")
    return ["legend_scale"]


def _bar(graph: Any) -> None:
    graph.node(
        "legend_scale", "", shape="box", style="striped", fillcolor=style.stripes(), color=style.LINE,
        width="1.75", height="0.18", tooltip="grad, on a logarithmic scale; the root is left out",
    )  # fmt: skip


def _ends(scale: Scale, options: Options) -> tuple[str, str]:
    digits = min(options.precision, 4)
    return text.shown_number(-scale.largest, digits), text.shown_number(scale.largest, digits)


def _roles(graph: Any, drawing: Drawing) -> list[str]:
    used = {vertex.role for vertex in drawing.vertices}
    samples: dict[str, dict[str, str]] = {role: style.SHAPES[role] for role in ROLES if role in used}
    samples["result"] = style.SHAPES[drawing.vertices[-1].role] | {"peripheries": "2"}
    if any(vertex.starts for vertex in drawing.vertices):
        samples["nan or inf starts"] = style.ALARM | {"shape": "box"}
    if any(vertex.alarming and not vertex.starts for vertex in drawing.vertices):
        samples["nan or inf"] = style.INFECTED | {"shape": "box", "style": "filled,dashed"}
    for name, attributes in samples.items():
        graph.node(f"legend_{name}", text.label(name), **attributes)
    return [f"legend_{name}" for name in samples]


def _lines(graph: Any, drawing: Drawing, options: Options) -> list[str]:
    shown = "slope × upstream" if options.contributions and drawing.swept else "local slope"
    lines = [f"edge: {shown}"] if labels_edges(options, drawing) else ["slopes: on hover"] if options.slopes else []
    if drawing.swept:
        lines += ["width: |slope × upstream|", "dashed: 0"]
    if not lines:
        return []
    graph.node("legend_lines", text.left_aligned(*lines), shape="plaintext")
    return ["legend_lines"]
