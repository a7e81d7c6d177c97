"""A drawing of vertices as DOT text, which Graphviz places. Nothing here runs a program or touches a file."""

from __future__ import annotations

from typing import Any

from viz import text
from viz.drawing.model import Drawing, Line, Vertex
from viz.drawing.options import Options
from viz.drawing.scale import Scale
from viz.drawing.vertices import contribution_text
from viz.writers.dot import style
from viz.writers.dot.clusters import clusters, nest
from viz.writers.dot.legend import legend
from viz.writers.dot.room import labels_edges, labels_nodes

LONGEST_TITLE = 24
HASTY = 100
"""Beyond so many vertices the layout is allowed fewer passes: a tenth of the time, and hardly a difference."""


def write(graph: Any, drawing: Drawing, options: Options) -> None:
    """Add to `graph`, an empty graphviz.Digraph, everything that `drawing` shows under these options, below its notes.

    Vertices are n0, n1, ... in topological order and clusters are numbered as they appear, so equal
    graphs have equal text.
    """
    scale = Scale(drawing.largest, drawing.decades)
    _set_defaults(graph, drawing, options)
    _add_vertices(graph, drawing, options, scale)
    _add_lines(graph, drawing, options, scale)
    if options.legend:
        graph.subgraph(legend(drawing, options, scale))


def _set_defaults(graph: Any, drawing: Drawing, options: Options) -> None:
    graph.attr(
        rankdir=options.direction, fontname=style.FONT, fontsize="10", fontcolor=style.FAINT, bgcolor="white",
        pad="0.15", nodesep="0.16", ranksep="0.45", tooltip="gradient graph",
    )  # fmt: skip
    graph.attr(
        "node", fontname=style.FONT, fontsize="11", margin="0.1,0.05", height="0.3", width="0.4", color=style.LINE
    )
    graph.attr("edge", fontname=style.FONT, fontsize="9", color=style.LINE, fontcolor=style.INK, arrowsize="0.6")
    if len(drawing.vertices) > HASTY:  # bounds the passes of dot that take most of its time
        graph.attr(nslimit="1", nslimit1="1", mclimit="0.2")
    said = [*(f"! {note}" for note in drawing.notes), *drawing.remarks]
    if said:
        graph.attr(label=text.left_aligned(*said), labelloc="t", labeljust="l")


def _add_vertices(graph: Any, drawing: Drawing, options: Options, scale: Scale) -> None:
    frames = clusters(vertex.scope for vertex in drawing.vertices)
    full = labels_nodes(options, drawing)
    for vertex in drawing.vertices:
        attributes = style.node_attributes(vertex, scale)
        shown = vertex_lines(vertex, options) if full else [_title(vertex)]
        around = frames[vertex.scope] if vertex.scope else graph
        around.node(vertex.key, text.label(*shown), tooltip=text.hover(*vertex_details(vertex)), **attributes)
    nest(graph, frames)


def vertex_lines(vertex: Vertex, options: Options) -> list[str]:
    """The text of a vertex: title, value, gradient and what that is the sum of, as far as these are asked for."""
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
    return lines if vertex.starts or not vertex.note else [*lines, vertex.note]


def _title(vertex: Vertex) -> str:
    title = text.shortened(vertex.name, LONGEST_TITLE)
    return f"{title} ({vertex.operation})" if vertex.operation not in ("", vertex.name) else title


def vertex_details(vertex: Vertex) -> list[str]:
    """What a vertex says on hover, in the words of its text: everything, with all digits."""
    place = f" in {' / '.join(vertex.scope)}" if vertex.scope else ""
    if vertex.role == "folded":
        return [vertex.name, f"{vertex.nodes} nodes{place}, folded", f"largest grad {text.exact_number(vertex.grad)}"]
    lines = [
        vertex.name,
        f"{vertex.role} {vertex.operation}".rstrip() + place,
        f"data {text.exact_number(vertex.number)}",
    ]
    return lines if vertex.role == "constant" else [*lines, f"grad {text.exact_number(vertex.grad)}"]


def _add_lines(graph: Any, drawing: Drawing, options: Options, scale: Scale) -> None:
    full = labels_edges(options, drawing)
    vertices = {vertex.key: vertex for vertex in drawing.vertices}
    for line in drawing.lines:
        tail, head = vertices[line.tail], vertices[line.head]
        attributes = style.edge_attributes(line, scale)
        if tail.role == "constant":
            attributes = {"style": "dotted", "color": style.FAINT}
        if not drawing.folds and head.scope[:1] not in ((), tail.scope[:1]):
            attributes["minlen"] = "2"  # into a frame: its parameters fit in between, so that frames stand side by side
        shown = line_text(line, head, options) if full else ""
        details = text.hover(*line_details(line))
        graph.edge(
            line.tail, line.head, text.label(f" {shown} ") if shown else None,
            tooltip=details, labeltooltip=details, **attributes,
        )  # fmt: skip


def line_text(line: Line, head: Vertex, options: Options) -> str:
    """The text on a line: its slope, what it adds, or how many edges it stands for; empty along a constant."""
    if line.edges > 1:
        return f"×{line.edges:,}"
    if line.slope is None:
        return ""
    if options.contributions and line.contribution is not None:
        return contribution_text(line, head, lambda number: text.shown_number(number, options.precision))
    return text.shown_number(line.slope, options.precision)


def line_details(line: Line) -> list[str]:
    """What a line says on hover, with all digits."""
    if line.edges > 1:
        return [f"{line.edges} edges, folded", f"sum of |slope × upstream| {text.exact_number(line.contribution)}"]
    if line.slope is None:
        return ["constant"]
    return [f"slope {text.exact_number(line.slope)}", f"slope × upstream {text.exact_number(line.contribution)}"]
