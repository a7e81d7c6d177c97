"""A compiled program as a graph: what is given, the steps that compute from it, and the results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from viz import style, text

GIVEN = {"fillcolor": style.BLANK}
LEADING = {"fillcolor": "#d8daeb", "style": "filled,rounded"}
FURTHER = {"fillcolor": "#fee0b6", "style": "filled,rounded"}
RESULT = {"fillcolor": style.BLANK, "peripheries": "2"}
COLORS = "violet: on the way to the result; orange: to its derivatives alone"
DASHES = "dashed: the same for all records"
LONGEST_LINE = 56


def write_program(graph: Any, program: Any, *, direction: str, legend: bool) -> None:
    """Add to `graph`, an empty graphviz.Digraph, the entries of the program's page, and an edge for all that each
    reads. Block %4 is b4, its rows %4[0:2] are b4_0_2, the first result is r0."""
    page = program.page
    explained = [COLORS, DASHES, *(f"{sign}: {meaning}" for sign, meaning in page.legend)]
    title = text.left_aligned(*page.totals, *(explained if legend else []))
    graph.attr(
        rankdir=direction, fontname=style.FONT, fontsize="10", fontcolor=style.FAINT, bgcolor="white", pad="0.15",
        nodesep="0.16", ranksep="0.35", label=title, labelloc="t", labeljust="l",
        tooltip="compiled program",
    )  # fmt: skip
    graph.attr("node", fontname=style.FONT, fontsize="11", margin="0.1,0.05", color=style.LINE, shape="box")
    graph.attr("edge", color=style.LINE, arrowsize="0.6")
    names = _add_given(graph, page)
    for section in page.steps:
        for entry in section.entries:
            names[entry.name] = f"b{entry.name[1:]}"
            lines = [f"{entry.name} = {entry.text}", entry.origin, entry.shape]
            _add_node(graph, names[entry.name], entry, lines, LEADING if section.leading else FURTHER)
            _add_edges(graph, names, entry)
    for number, entry in enumerate(page.results.entries):
        names[entry.name] = f"r{number}"
        _add_node(graph, f"r{number}", entry, [entry.name, *_contents(entry), entry.shape], RESULT)
        _add_edges(graph, names, entry)


def _add_given(graph: Any, page: Any) -> dict[str, str]:
    """Add what is given: the parts of a block in which it is read, where they have names, else the block. Returns
    the names of nodes by those of entries."""
    read = {name for section in (*page.steps, page.results) for entry in section.entries for name in entry.reads}
    names: dict[str, str] = {}
    for entry in page.given.entries:
        parts = [part for part in entry.parts if part.name in read]
        covered = {part.name for part in parts}
        whole = any(name not in covered and _block(name) == entry.name for name in read)
        for node in [*([entry] if whole else []), *parts]:
            names[node.name] = _identifier(node.name)
            _add_node(graph, names[node.name], node, [node.name, node.text, node.shape], GIVEN)
    return names


def _contents(entry: Any) -> Iterator[str]:
    return (f"{part.name}: {part.text}" for part in entry.parts) if entry.parts else iter([entry.text])


def _add_node(graph: Any, name: str, entry: Any, lines: list[str], look: dict[str, str]) -> None:
    attributes = {"style": "filled"} | look
    if not entry.batched:
        attributes["style"] += ",dashed"
    shown = [line for line in lines if line]
    short = [text.shortened(line, LONGEST_LINE) for line in shown]
    graph.node(name, text.label(*short), tooltip=text.hover(*shown), **attributes)


def _add_edges(graph: Any, names: dict[str, str], entry: Any) -> None:
    sources = [names[source] if source in names else names[_block(source)] for source in entry.reads]
    for source in dict.fromkeys(sources):
        graph.edge(source, names[entry.name])


def _block(name: str) -> str:
    """The name of the block that some rows are of."""
    return name.partition("[")[0]


def _identifier(name: str) -> str:
    """A name as a node's: letters, digits and underscores."""
    return "b" + "".join(c if c.isdigit() else "_" for c in name[1:]).strip("_")
