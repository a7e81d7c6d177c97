"""From a sketch to DOT text. Nothing here runs a program or touches a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from viz import text
from viz.drawing.options import Options
from viz.drawing.scale import Scale
from viz.drawing.sketch import Edge, Sketch, Vertex
from viz.drawing.vertices import contribution_text, gradient_sums, graph_scale
from viz.writers.dot import style
from viz.writers.dot.clusters import clusters, nest
from viz.writers.dot.legend import legend
from viz.writers.dot.room import labels_edges, labels_nodes

LONGEST_TITLE = 24
HASTY = 100
"""Beyond so many vertices the layout is allowed fewer passes: a tenth of the time, and hardly a difference."""


def write(graph: Any, sketch: Sketch, options: Options, notes: Sequence[str] = ()) -> None:
    """Add to `graph`, an empty graphviz.Digraph, everything that `sketch` shows under these options, below `notes`.

    Vertices are n0, n1, ... in topological order and clusters are numbered as they appear, so equal
    graphs have equal text.
    """
    scale = graph_scale(sketch)
    _set_defaults(graph, sketch, options, notes)
    _add_vertices(graph, sketch, options, scale)
    _add_edges(graph, sketch, options, scale)
    if options.legend:
        graph.subgraph(legend(sketch, options, scale))


def _set_defaults(graph: Any, sketch: Sketch, options: Options, notes: Sequence[str]) -> None:
    graph.attr(
        rankdir=options.direction, fontname=style.FONT, fontsize="10", fontcolor=style.FAINT, bgcolor="white",
        pad="0.15", nodesep="0.16", ranksep="0.45", tooltip="gradient graph",
    )  # fmt: skip
    graph.attr(
        "node", fontname=style.FONT, fontsize="11", margin="0.1,0.05", height="0.3", width="0.4", color=style.LINE
    )
    graph.attr("edge", fontname=style.FONT, fontsize="9", color=style.LINE, fontcolor=style.INK, arrowsize="0.6")
    if len(sketch.vertices) > HASTY:  # bounds the passes of dot that take most of its time
        graph.attr(nslimit="1", nslimit1="1", mclimit="0.2")
    said = [*(f"! {note}" for note in notes), *filter(None, [_note(sketch, options)])]
    if said:
        graph.attr(label=text.left_aligned(*said), labelloc="t", labeljust="l")


def _note(sketch: Sketch, options: Options) -> str:
    """What the picture leaves out, in one line; empty where it leaves out nothing."""
    if sketch.folded:
        groups = sum(vertex.role == "folded" for vertex in sketch.vertices)
        return f"{sketch.folded:,} of {sketch.total:,} nodes are folded into {groups:,}"
    return "" if labels_nodes(options, sketch) else f"{sketch.total:,} nodes: numbers are shown on hover"


def _add_vertices(graph: Any, sketch: Sketch, options: Options, scale: Scale) -> None:
    frames = clusters(vertex.scope for vertex in sketch.vertices)
    full = labels_nodes(options, sketch)
    sums = {place: [shown] for place, shown in gradient_sums(sketch, options).items()}
    for place, vertex in enumerate(sketch.vertices):
        attributes = style.node_attributes(vertex, scale)
        shown = [*vertex_lines(vertex, options), *sums.get(place, ())] if full else [_title(vertex)]
        around = frames[vertex.scope] if vertex.scope else graph
        around.node(f"n{place}", text.label(*shown), tooltip=text.hover(*vertex_details(vertex)), **attributes)
    nest(graph, frames)


def vertex_lines(vertex: Vertex, options: Options) -> list[str]:
    """The text of a vertex: title, value and gradient, as far as there are any and they are asked for."""
    if vertex.role == "constant":
        return [text.shown_number(vertex.number, options.precision)]
    lines = [_title(vertex)]
    if vertex.role == "folded":
        lines.append(f"{vertex.nodes:,} nodes")
    elif options.values:
        lines.append(f"data {text.shown_number(vertex.number, options.precision)}")
    if options.gradients:
        name = "peak grad" if vertex.role == "folded" else "grad"
        lines.append(f"{name} {text.shown_number(vertex.grad, options.precision)}")
    return lines


def _title(vertex: Vertex) -> str:
    title = text.shortened(vertex.title, LONGEST_TITLE)
    return f"{title} ({vertex.operation})" if vertex.operation not in ("", vertex.title) else title


def vertex_details(vertex: Vertex) -> list[str]:
    """What a vertex says on hover: everything, with all digits."""
    place = f" in {' / '.join(vertex.scope)}" if vertex.scope else ""
    if vertex.role == "folded":
        return [vertex.title, f"{vertex.nodes} nodes{place}, folded", f"largest grad {text.exact_number(vertex.grad)}"]
    lines = [
        vertex.title,
        f"{vertex.role} {vertex.operation}".rstrip() + place,
        f"data {text.exact_number(vertex.number)}",
    ]
    return lines if vertex.role == "constant" else [*lines, f"grad {text.exact_number(vertex.grad)}"]


def _add_edges(graph: Any, sketch: Sketch, options: Options, scale: Scale) -> None:
    full = labels_edges(options, sketch)
    for edge in sketch.edges:
        attributes = style.edge_attributes(edge, scale)
        if sketch.vertices[edge.tail].role == "constant":
            attributes = {"style": "dotted", "color": style.FAINT}
        if _enters_a_frame(sketch, edge):
            attributes["minlen"] = "2"  # its parameters fit in between, so that frames stand side by side
        shown = edge_text(edge, sketch.vertices[edge.head], options) if full else ""
        details = text.hover(*edge_details(edge))
        graph.edge(
            f"n{edge.tail}", f"n{edge.head}", text.label(f" {shown} ") if shown else None,
            tooltip=details, labeltooltip=details, **attributes,
        )  # fmt: skip


def _enters_a_frame(sketch: Sketch, edge: Edge) -> bool:
    """Whether an edge leads into the outermost frame of its head from somewhere else, with room for a detour."""
    if sketch.folded:
        return False
    inside = sketch.vertices[edge.head].scope[:1]
    return inside not in ((), sketch.vertices[edge.tail].scope[:1])


def edge_text(edge: Edge, head: Vertex, options: Options) -> str:
    """The text on an edge: its slope, what it adds, or how many edges it stands for; empty along a constant."""
    if edge.edges > 1:
        return f"×{edge.edges:,}"
    if edge.slope is None:
        return ""
    if options.contributions and edge.contribution is not None:
        return contribution_text(edge, head, lambda number: text.shown_number(number, options.precision))
    return text.shown_number(edge.slope, options.precision)


def edge_details(edge: Edge) -> list[str]:
    """What an edge says on hover, with all digits."""
    if edge.edges > 1:
        return [f"{edge.edges} edges, folded", f"sum of |slope × upstream| {text.exact_number(edge.contribution)}"]
    if edge.slope is None:
        return ["constant"]
    return [f"slope {text.exact_number(edge.slope)}", f"slope × upstream {text.exact_number(edge.contribution)}"]
