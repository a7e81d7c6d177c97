"""A compiled program as DOT text."""

from __future__ import annotations

from typing import Any

from viz import text
from viz.drawing.program_graph import FILLS, LONGEST_LINE, explained, read_program
from viz.writers.dot import style


def write_program(graph: Any, program: Any, *, direction: str, legend: bool) -> None:
    """Add to `graph`, an empty graphviz.Digraph, the entries of the program's page, and an edge for all that each
    reads."""
    page = program.page
    title = text.left_aligned(*page.totals, *(explained(page) if legend else []))
    graph.attr(
        rankdir=direction, fontname=style.FONT, fontsize="10", fontcolor=style.FAINT, bgcolor="white", pad="0.15",
        nodesep="0.16", ranksep="0.35", label=title, labelloc="t", labeljust="l",
        tooltip="compiled program",
    )  # fmt: skip
    graph.attr("node", fontname=style.FONT, fontsize="11", margin="0.1,0.05", color=style.LINE, shape="box")
    graph.attr("edge", color=style.LINE, arrowsize="0.6")
    for place, node in enumerate(read_program(page)):
        rounded = ",rounded" if node.part in ("leading", "further") else ""
        looks = {"fillcolor": FILLS[node.part], "style": f"filled{rounded}{'' if node.batched else ',dashed'}"}
        looks |= {"peripheries": "2"} if node.part == "result" else {}
        short = [text.shortened(line, LONGEST_LINE) for line in node.lines]
        graph.node(f"n{place}", text.label(*short), tooltip=text.hover(*node.lines), **looks)
        for source in node.reads:
            graph.edge(f"n{source}", f"n{place}")
