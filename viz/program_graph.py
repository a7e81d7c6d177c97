"""A compiled program as a graph: its blocks of rows, and the steps that fill them from one another."""

from __future__ import annotations

from typing import Any

from viz import style, text

EACH_RECORD = {"style": "filled", "fillcolor": "#d8daeb"}
ONCE = {"style": "filled", "fillcolor": style.BLANK}
NOTE = "filled: a column for each record; white: computed once for all; double border: a result"
LONGEST_ORIGIN = 32


def write_program(graph: Any, program: Any, *, direction: str) -> None:
    """Add to `graph`, an empty graphviz.Digraph, every block of `program` and every step between them.

    Blocks are b0, b1, ... as in the printed program.
    """
    graph.attr(
        rankdir=direction, fontname=style.FONT, fontsize="10", fontcolor=style.FAINT, bgcolor="white",
        pad="0.15", nodesep="0.16", ranksep="0.35", label=text.label(NOTE), labelloc="t", labeljust="l",
        tooltip="compiled program",
    )  # fmt: skip
    graph.attr("node", fontname=style.FONT, fontsize="11", margin="0.1,0.05", color=style.LINE, shape="box")
    graph.attr("edge", color=style.LINE, arrowsize="0.6")
    results = {read.block for output in program.outputs for _, read in output.parts if hasattr(read, "block")}
    for number, block in enumerate(program.blocks[: program.given]):
        _add_block(graph, program, number, [block.name], results)
    for step in program.steps:
        lines = [step.primitive.symbol or step.primitive.name, *([step.origin] if step.origin else [])]
        _add_block(graph, program, step.out, lines, results)
        for source in dict.fromkeys(read.block for read in step.reads if hasattr(read, "block")):
            graph.edge(f"b{source}", f"b{step.out}")


def _add_block(graph: Any, program: Any, number: int, lines: list[str], results: set[int]) -> None:
    block = program.blocks[number]
    attributes = dict(EACH_RECORD if block.batched else ONCE)
    if number >= program.given:
        attributes["style"] += ",rounded"
    if number in results:
        attributes["peripheries"] = "2"
    shape = f"{block.rows} × records" if block.batched else f"{block.rows}"
    shown = [text.shortened(line, LONGEST_ORIGIN) for line in lines]
    graph.node(f"b{number}", text.label(*shown, shape), tooltip=text.label(f"%{number}", *lines, shape), **attributes)
