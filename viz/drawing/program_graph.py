"""A compiled program as a graph: what is given, the steps that compute from it, and the results; folded to a page."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, final

from viz import text
from viz.drawing.folding import merged_edges
from viz.drawing.sketch import Edge, Role, Sketch, Vertex

Part = Literal["given", "leading", "further", "result"]
"""Leading steps are on the way to the result, further ones to its derivatives alone."""

Keys: TypeAlias = Sequence[Hashable]
"""For each node the group that it belongs to."""

FILLS = {"given": "#ffffff", "leading": "#d8daeb", "further": "#fee0b6", "result": "#ffffff"}
ROLES: dict[str, Role] = {"given": "input", "leading": "operation", "further": "operation", "result": "operation"}
NAMES = {"given": "given", "leading": "steps to the result", "further": "steps to the derivatives"}
MOST_PARTS = 4
"""Of a result that is put together from several blocks, as written on it."""
COLORS = "violet: on the way to the result; orange: to its derivatives alone"
DASHES = "dashed: the same for all records"
LONGEST_LINE = 56
MOST_OPERATIONS = 9
"""Of a group of steps, as written on it."""


@final
@dataclass(frozen=True, slots=True)
class ProgramNode:
    """One entry of a program's page, and the nodes that it reads."""

    part: Part
    lines: tuple[str, ...]
    batched: bool
    reads: tuple[int, ...]
    """The places of these nodes."""
    scope: tuple[str, ...] = ()
    operation: str = ""


def read_program(page: Any) -> list[ProgramNode]:
    """The nodes of a program's page, each after what it reads."""
    nodes: list[ProgramNode] = []
    of_rows: dict[str, int] = {}
    of_block: dict[int, int] = {}
    for entry in _given(page):
        of_rows[entry.name] = len(nodes)
        of_block.setdefault(entry.block, len(nodes))
        nodes.append(_node("given", (entry.name, entry.text, entry.shape), entry, ()))

    def read(entry: Any) -> tuple[int, ...]:
        pairs = zip(entry.reads, entry.sources, strict=True)
        return tuple(dict.fromkeys(of_rows.get(name, of_block[block]) for name, block in pairs))

    for section in page.steps:
        for entry in section.entries:
            lines = (f"{entry.name} = {entry.text}", entry.origin, entry.shape)
            nodes.append(_node("leading" if section.leading else "further", lines, entry, read(entry)))
            of_block[entry.block] = len(nodes) - 1
    for entry in page.results.entries:
        nodes.append(_node("result", (entry.name, *_contents(entry), entry.shape), entry, read(entry)))
    return nodes


def program_sketches(nodes: Sequence[ProgramNode]) -> Iterator[Sketch]:
    """A program as vertices without numbers: whole, then coarser and coarser, down to a vertex for each part."""
    yield _sketch(nodes, range(len(nodes)))
    deepest = max((len(node.scope) for node in nodes), default=0)
    for depth in range(deepest, 0, -1):
        keys = [_layer(node, place, depth) for place, node in enumerate(nodes)]
        yield _sketch(nodes, keys)
    yield _sketch(nodes, _repeated(nodes, keys) if deepest else _by_part(nodes))
    yield _sketch(nodes, _by_part(nodes))


def explained(page: Any, sketch: Sketch | None = None) -> list[str]:
    """What the colors and signs of a drawn program say; of a folded one, the signs that are still to be seen."""
    signs = page.legend
    if sketch is not None and sketch.folded:
        shown = " ".join(line for vertex in sketch.vertices for line in (vertex.title, *vertex.lines))
        signs = [entry for entry in signs if entry[0] in shown]
    return [COLORS, DASHES, *(f"{sign}: {meaning}" for sign, meaning in signs)]


def _given(page: Any) -> Iterator[Any]:
    """What is given: the parts of a block in which it is read, where they have names, else the block."""
    entries = [entry for section in (*page.steps, page.results) for entry in section.entries]
    read = {pair for entry in entries for pair in zip(entry.reads, entry.sources, strict=True)}
    names = {name for name, _ in read}
    for entry in page.given.entries:
        parts = [part for part in entry.parts if part.name in names]
        covered = {part.name for part in parts}
        if any(block == entry.block and name not in covered for name, block in read):
            yield entry
        yield from parts


def _node(part: Part, lines: tuple[str, ...], entry: Any, reads: tuple[int, ...]) -> ProgramNode:
    return ProgramNode(part, tuple(filter(None, lines)), entry.batched, reads, entry.scope, entry.operation)


def _contents(entry: Any) -> Iterator[str]:
    return (f"{part.name}: {part.text}" for part in entry.parts) if entry.parts else iter([entry.text])


def _layer(node: ProgramNode, place: int, depth: int) -> Hashable:
    """Steps of one part of the program in one scope; those without a scope too, but no result, and nothing given."""
    if node.part == "result" or (node.part == "given" and not node.scope):
        return place
    return node.part, node.scope[:depth]


def _by_part(nodes: Sequence[ProgramNode]) -> Keys:
    return [place if node.part == "result" else node.part for place, node in enumerate(nodes)]


def _repeated(nodes: Sequence[ProgramNode], keys: Keys) -> Keys:
    """Groups that follow one another and hold the same operations, such as equal layers, as one."""
    members: dict[Hashable, list[ProgramNode]] = {}
    for key, node in zip(keys, nodes, strict=True):
        members.setdefault(key, []).append(node)
    runs: dict[Hashable, Hashable] = {}
    for part in ("given", "leading", "further"):
        groups = [key for key, found in members.items() if found[0].part == part and found[0].scope]
        for alike, run in itertools.groupby(groups, lambda key: tuple(node.operation for node in members[key])):
            first, *others = run
            if alike:
                runs.update(dict.fromkeys(others, first))
    return [runs.get(key, key) for key in keys]


def _sketch(nodes: Sequence[ProgramNode], keys: Keys) -> Sketch:
    groups: dict[Hashable, list[ProgramNode]] = {}
    for key, node in zip(keys, nodes, strict=True):
        groups.setdefault(key, []).append(node)
    numbers = {key: number for number, key in enumerate(groups)}
    place = [numbers[key] for key in keys]
    edges = [Edge(read, number) for number, node in enumerate(nodes) for read in node.reads]
    vertices = [_vertex(found[0]) if len(found) == 1 else _group(key, found) for key, found in groups.items()]
    folded = sum(vertex.nodes for vertex in vertices if vertex.nodes > 1)
    return Sketch(vertices, merged_edges(edges, place), swept=False, folded=folded, total=len(nodes))


def _vertex(node: ProgramNode) -> Vertex:
    title, *lines = (text.shortened(line, LONGEST_LINE) for line in node.lines)
    if len(lines) > MOST_PARTS + 2:  # and the shape
        lines = [*lines[:MOST_PARTS], f"… {len(lines) - MOST_PARTS - 1} more", lines[-1]]
    return Vertex(
        ROLES[node.part], title, fill=FILLS[node.part], lines=tuple(lines), result=node.part == "result",
        steady=not node.batched, details=node.lines,
    )  # fmt: skip


def _group(key: Hashable, members: Sequence[ProgramNode]) -> Vertex:
    """Several steps, or several things given, as one vertex that says where they belong and what they do."""
    part = members[0].part
    noun = "inputs" if part == "given" else "steps"
    scopes = list(dict.fromkeys(member.scope[:1] for member in members if member.scope))
    lines = [f"{len(members)} {noun}" + (f" in {len(scopes)} equal groups" if _are_equal(members, scopes) else "")]
    if part != "given":
        lines.append(_operations([member.operation for member in members]))
    title = text.shortened(_group_title(key, part, scopes), LONGEST_LINE)
    return Vertex(
        "folded", title, fill=FILLS[part], nodes=len(members),
        lines=tuple(text.shortened(line, LONGEST_LINE) for line in lines),
        steady=not any(member.batched for member in members), details=tuple(member.lines[0] for member in members),
    )  # fmt: skip


def _group_title(key: Hashable, part: Part, scopes: Sequence[tuple[str, ...]]) -> str:
    scope = key[1] if isinstance(key, tuple) else ()
    if not scope:
        return NAMES[part]
    place = " / ".join(scope) if len(scopes) == 1 else f"{scopes[0][0]} … {scopes[-1][0]}  ×{len(scopes)}"
    return {"given": f"parameters of {place}", "further": f"derivatives of {place}"}.get(part, place)


def _are_equal(members: Sequence[ProgramNode], scopes: Sequence[tuple[str, ...]]) -> bool:
    """Whether each scope holds the same operations."""
    held = {scope: [member.operation for member in members if member.scope[:1] == scope] for scope in scopes}
    first = next(iter(held.values()), [])
    alike = all(operations == first for operations in held.values())
    return len(scopes) > 1 and alike and sum(map(len, held.values())) == len(members)


def _operations(names: Sequence[str]) -> str:
    """Which operations, in order; each once, and how often, where there are many."""
    if len(names) <= MOST_OPERATIONS:
        return ", ".join(names)
    counts = {name: names.count(name) for name in dict.fromkeys(names)}
    return ", ".join(f"{count} {name}" if count > 1 else name for name, count in counts.items())
