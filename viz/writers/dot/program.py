"""The drawing of a compiled program as DOT text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from viz import text
from viz.drawing.model import Drawing
from viz.writers.dot import style


def write_program(graph: Any, drawing: Drawing, sentences: Sequence[str], *, direction: str) -> None:
    """Add to `graph`, an empty graphviz.Digraph, the steps of a program, below some sentences."""
    graph.attr(
        rankdir=direction, fontname=style.FONT, fontsize="10", fontcolor=style.FAINT, bgcolor="white", pad="0.15",
        nodesep="0.16", ranksep="0.35", label=text.left_aligned(*sentences), labelloc="t", labeljust="l",
        tooltip="compiled program",
    )  # fmt: skip
    graph.attr("node", fontname=style.FONT, fontsize="11", margin="0.1,0.05", color=style.LINE, shape="box")
    graph.attr("edge", color=style.LINE, arrowsize="0.6")
    for vertex in drawing.vertices:
        rounded = ",rounded" if vertex.role == "operation" and not vertex.result else ""
        dashed = ",dashed" if vertex.paint.dash else ""
        looks = {"fillcolor": vertex.paint.fill, "style": f"filled{rounded}{dashed}"}
        looks |= {"peripheries": "2"} if vertex.result else {}
        shown = text.label(vertex.name, *vertex.lines)
        graph.node(vertex.key, shown, tooltip=text.hover(*vertex.details), **looks)
    for line in drawing.lines:
        graph.edge(line.tail, line.head)
