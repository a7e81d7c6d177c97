"""Forward mode: the chain rule from inputs up, over the edges of a recorded graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.anomaly import attributed, check_swept, is_detecting_anomaly
from autodiff.branches import selected
from autodiff.graph import AnyNode
from autodiff.slopes import Edge


def pushforward(edges: Sequence[Edge[AnyNode]], tangents: Mapping[AnyNode, Any]) -> dict[AnyNode, Any]:
    """The tangent of every node that the seeded ones reach, from the edges in topological order.

    Tangents are floats, nodes, or arrays of one direction an entry; a node out of reach is missing,
    for its tangent is 0 whatever the slopes, infinite ones included.
    """
    table = dict(tangents)
    for node, operand, slope in attributed(edges, lambda edge: edge[0]):
        if operand in table:
            term = times(slope, table[operand])
            table[node] = table[node] + term if node in table else term
    if is_detecting_anomaly():
        check_swept(edges, table, forward=True)
    return table


def times(slope: Any, factor: Any) -> Any:
    """The product, without a node where one of the two is the constant 1, and without one for a choice."""
    if type(slope) is float:
        return factor if slope == 1.0 else factor * slope
    chosen = selected(slope, factor)
    if chosen is not None:
        return chosen
    return slope if type(factor) is float and factor == 1.0 else factor * slope
