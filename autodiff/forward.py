"""Forward mode: the chain rule from inputs up, over the edges of a recorded graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.anomaly import attributed, check_swept, is_detecting_anomaly
from autodiff.branches import Flow
from autodiff.graph import AnyNode
from autodiff.slopes import Edge


def pushforward(
    edges: Sequence[Edge[AnyNode]], tangents: Mapping[AnyNode, Any], *, zeros_stop: bool = False
) -> dict[AnyNode, Any]:
    """The tangent of every node that the seeded ones reach, from the edges in topological order.

    Tangents are floats, nodes, or arrays of one direction an entry; a node out of reach is missing,
    for its tangent is 0 whatever the slopes, infinite ones included. With `zeros_stop` nothing reaches further
    from a tangent that is a node and 0 either.
    """
    table = dict(tangents)
    flow = Flow(tangents if zeros_stop else {})
    for node, operand, slope in attributed(edges, lambda edge: edge[0]):
        if operand in table:
            term = flow.along(slope, operand, node, table[operand], first=node not in table)
            table[node] = table[node] + term if node in table else term
    if is_detecting_anomaly():
        check_swept(edges, table, forward=True)
    return table
