"""A compiled program as a graph: what is given, the steps that compute from it, and the results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, final

from viz import text
from viz.drawing.sketch import Edge, Role, Sketch, Vertex

Part = Literal["given", "leading", "further", "result"]
"""Leading steps are on the way to the result, further ones to its derivatives alone."""

FILLS = {"given": "#ffffff", "leading": "#d8daeb", "further": "#fee0b6", "result": "#ffffff"}
ROLES: dict[str, Role] = {"given": "input", "leading": "operation", "further": "operation", "result": "operation"}
COLORS = "violet: on the way to the result; orange: to its derivatives alone"
DASHES = "dashed: the same for all records"
LONGEST_LINE = 56


@final
@dataclass(frozen=True, slots=True)
class ProgramNode:
    """One entry of a program's page, and the nodes that it reads."""

    name: str
    """Block %4 is b4, its rows %4[0:2] are b4_0_2, the first result is r0."""
    part: Part
    lines: tuple[str, ...]
    batched: bool
    reads: tuple[str, ...]


def read_program(page: Any) -> list[ProgramNode]:
    """The nodes of a program's page, each after what it reads."""
    nodes, names = _given(page)
    for section in page.steps:
        for entry in section.entries:
            names[entry.name] = f"b{entry.name[1:]}"
            lines = (f"{entry.name} = {entry.text}", entry.origin, entry.shape)
            part: Part = "leading" if section.leading else "further"
            nodes.append(_node(names[entry.name], part, lines, entry, names))
    for number, entry in enumerate(page.results.entries):
        nodes.append(_node(f"r{number}", "result", (entry.name, *_contents(entry), entry.shape), entry, names))
    return nodes


def program_sketch(program: Any) -> Sketch:
    """A program as vertices without numbers, for drawing."""
    nodes = read_program(program.page)
    places = {node.name: place for place, node in enumerate(nodes)}
    vertices = [
        Vertex(
            ROLES[node.part], text.shortened(node.lines[0], LONGEST_LINE), fill=FILLS[node.part],
            lines=tuple(text.shortened(line, LONGEST_LINE) for line in node.lines[1:]), result=node.part == "result",
            steady=not node.batched,
        )
        for node in nodes
    ]  # fmt: skip
    edges = [Edge(places[read], places[node.name]) for node in nodes for read in node.reads]
    return Sketch(vertices, edges, swept=False, total=len(vertices))


def explained(page: Any) -> list[str]:
    """What the colors and signs of a drawn program say."""
    return [COLORS, DASHES, *(f"{sign}: {meaning}" for sign, meaning in page.legend)]


def _given(page: Any) -> tuple[list[ProgramNode], dict[str, str]]:
    """What is given: the parts of a block in which it is read, where they have names, else the block; and the names
    of nodes by those of entries."""
    read = {name for section in (*page.steps, page.results) for entry in section.entries for name in entry.reads}
    nodes: list[ProgramNode] = []
    names: dict[str, str] = {}
    for entry in page.given.entries:
        parts = [part for part in entry.parts if part.name in read]
        covered = {part.name for part in parts}
        whole = any(name not in covered and _block(name) == entry.name for name in read)
        for found in [*([entry] if whole else []), *parts]:
            names[found.name] = _identifier(found.name)
            nodes.append(_node(names[found.name], "given", (found.name, found.text, found.shape), found, {}))
    return nodes, names


def _node(name: str, part: Part, lines: tuple[str, ...], entry: Any, names: dict[str, str]) -> ProgramNode:
    sources = [names[source] if source in names else names[_block(source)] for source in entry.reads] if names else []
    return ProgramNode(name, part, tuple(filter(None, lines)), entry.batched, tuple(dict.fromkeys(sources)))


def _contents(entry: Any) -> Iterator[str]:
    return (f"{part.name}: {part.text}" for part in entry.parts) if entry.parts else iter([entry.text])


def _block(name: str) -> str:
    """The name of the block that some rows are of."""
    return name.partition("[")[0]


def _identifier(name: str) -> str:
    """A name as a node's: letters, digits and underscores."""
    return "b" + "".join(c if c.isdigit() else "_" for c in name[1:]).strip("_")
