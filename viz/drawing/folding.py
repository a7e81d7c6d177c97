"""Folding a large graph until it can be read and laid out: by neuron, by layer, by likeness, by distance.

Groups come from the scopes that the nodes were made in, the innermost first. What has no scope is
folded with its like, which puts the records of a batch one upon the other, and in the end by its
distance from the root. Every fold is counted; nothing is dropped.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from viz.drawing.ranks import ranked, total_reach
from viz.drawing.sketch import Edge, Sketch, Vertex

Keys: TypeAlias = Sequence[Hashable]
"""For each vertex the group that it belongs to."""

FARTHEST = 6000
"""The most ranks that all edges may cross together: so many take some seconds to lay out."""

MOST_EDGES = 1000
"""More than so many edges of a folded picture could not be told apart."""

LONGEST_ROW, TALLEST_RANK = 9, 15
"""What fits 1280 by 850 pixels with text of at least 9: the most ranks, and the most vertices on one."""

_REST = object()
"""The group of all that is too far from the root; equal to no scope."""


def fits(sketch: Sketch, nodes: int) -> bool:
    """Whether the picture has at most `nodes` vertices, and edges that can be laid out in seconds."""
    return len(sketch.vertices) <= nodes and total_reach(sketch) <= FARTHEST


def fits_page(sketch: Sketch) -> bool:
    """Whether the picture fits a page with text that can be read: few enough ranks, and vertices on each."""
    if len(sketch.vertices) > LONGEST_ROW * TALLEST_RANK:
        return False
    ranks = Counter(ranked(sketch))
    return len(ranks) <= LONGEST_ROW and max(ranks.values()) <= TALLEST_RANK


def fold(sketch: Sketch, nodes: int, *, page: bool = False) -> Sketch:
    """The finest of the foldings of `sketch` that fits into `nodes` vertices, at least 2, and onto a page if asked.

    The root is never folded.
    """

    def legible(folded: Sketch) -> bool:
        return len(folded.edges) <= MOST_EDGES and fits(folded, nodes) and (not page or fits_page(folded))

    alike: Keys = ()
    for alike in _coarser_and_coarser(sketch):
        if len(set(alike[:-1])) < nodes:  # else there is nothing to look at
            folded = merged(sketch, alike)
            if legible(folded):
                return folded
    return _nearest_that(legible, sketch, alike, nodes - 2)  # besides the root and the rest


def _coarser_and_coarser(sketch: Sketch) -> Iterator[Keys]:
    deepest = max(len(vertex.scope) for vertex in sketch.vertices)
    for depth in range(deepest, 0, -1):
        yield [vertex.scope[:depth] or place for place, vertex in enumerate(sketch.vertices)]
    yield _alike(sketch)


def _alike(sketch: Sketch) -> Keys:
    """Outermost scopes; without a scope, nodes of one operation or role whose users are in the same groups."""
    users: list[list[int]] = [[] for _ in sketch.vertices]
    for edge in sketch.edges:
        users[edge.tail].append(edge.head)
    keys: list[Hashable] = [None] * len(sketch.vertices)
    numbers: dict[Hashable, int] = {}
    for place in range(len(keys) - 1, -1, -1):  # users come after what they use
        vertex = sketch.vertices[place]
        kind = vertex.operation or vertex.role
        group = vertex.scope[:1] or (kind, frozenset(keys[user] for user in users[place]))
        keys[place] = vertex.scope[:1] or numbers.setdefault(group, len(numbers))
    return keys


def _nearest_that(legible: Callable[[Sketch], bool], sketch: Sketch, alike: Keys, kept: int) -> Sketch:
    """The first groups counted from the root backwards, at most `kept`, and all others as one: so many as are legible.

    Each fold is made of the one before, so that a large graph is walked once.
    """
    outward = list(dict.fromkeys(reversed(alike)))
    keys: Keys = alike
    while True:
        near = set(outward[:kept])
        keys = [key if key in near else _REST for key in keys]
        sketch = merged(sketch, keys)
        if legible(sketch) or not kept:
            return sketch
        keys = list(dict.fromkeys([*keys[:-1], None]))  # of the vertices that there are now, the root last
        kept = kept * 3 // 4


def merged(sketch: Sketch, keys: Keys) -> Sketch:
    """One vertex for each group of vertices with equal keys, and one edge for all edges between two groups."""
    keys = [*keys[:-1], None]  # the root stays by itself
    groups: dict[Hashable, list[Vertex]] = {}
    for key, vertex in zip(keys, sketch.vertices, strict=True):
        groups.setdefault(key, []).append(vertex)
    numbers = {key: number for number, key in enumerate(groups)}
    place = [numbers[key] for key in keys]
    vertices = [_folded(key, members) for key, members in groups.items()]
    return Sketch(
        vertices,
        merged_edges(sketch.edges, place),
        sketch.swept,
        folded=sum(vertex.nodes for vertex in vertices if vertex.role == "folded"),
        total=sketch.total,
    )


def _folded(key: Hashable, members: Sequence[Vertex]) -> Vertex:
    if len(members) == 1:
        return members[0]
    grads = [vertex.grad for vertex in members if vertex.grad is not None]
    scope = key if isinstance(key, tuple) else ()
    title = scope[-1] if scope else "the rest" if key is _REST else members[0].operation or members[0].role
    return Vertex(
        "folded",
        title,
        grad=max(grads, key=_magnitude, default=None),
        scope=scope[:-1],
        nodes=sum(vertex.nodes for vertex in members),
    )


def merged_edges(edges: Sequence[Edge], place: Sequence[int]) -> list[Edge]:
    """One edge for all that lead from one group to another; `place` gives the group of each vertex."""
    between: dict[tuple[int, int], list[Edge]] = {}
    for edge in edges:
        pair = place[edge.tail], place[edge.head]
        if pair[0] != pair[1]:
            between.setdefault(pair, []).append(edge)
    return [_merged_edge(*pair, parallel) for pair, parallel in between.items()]


def _merged_edge(tail: int, head: int, parallel: Sequence[Edge]) -> Edge:
    if len(parallel) == 1:
        return replace(parallel[0], tail=tail, head=head)
    known = [abs(edge.contribution) for edge in parallel if edge.contribution is not None]
    return Edge(tail, head, contribution=sum(known) if known else None, edges=sum(edge.edges for edge in parallel))


def _magnitude(grad: float) -> float:
    return math.inf if math.isnan(grad) else abs(grad)
