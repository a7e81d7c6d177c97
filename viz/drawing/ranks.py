"""How far edges reach: what the time of a layout grows with, more than with nodes."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from viz.drawing.sketch import Edge, Sketch


def total_reach(sketch: Sketch) -> int:
    """The number of ranks that all edges cross together, each vertex standing as early as it can, a leaf as late.

    `dot` puts a node of its own on every rank that an edge crosses. Edges against the order of the
    vertices, which folding can make, count as one rank.
    """
    ranks = ranked(sketch)
    return sum(max(1, ranks[edge.head] - ranks[edge.tail]) for edge in sketch.edges)


def ranked(sketch: Sketch) -> list[int]:
    """The rank of each vertex, each standing as early as it can, a leaf as late."""
    forward = sorted((edge for edge in sketch.edges if edge.tail < edge.head), key=attrgetter("head"))
    ranks = _earliest(forward, len(sketch.vertices))
    heads = {edge.head for edge in forward}
    for edge in reversed(forward):  # the last to be written is the nearest user
        if edge.tail not in heads:
            ranks[edge.tail] = ranks[edge.head] - 1
    return ranks


def _earliest(forward: Sequence[Edge], vertices: int) -> list[int]:
    """The length of the longest path to each vertex; `forward` is in order of heads."""
    ranks = [0] * vertices
    for edge in forward:
        ranks[edge.head] = max(ranks[edge.head], ranks[edge.tail] + 1)
    return ranks
