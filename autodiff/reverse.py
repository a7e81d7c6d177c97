"""Reverse mode: the chain rule, once, from a root back to everything it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from autodiff.anomaly import attributed, check_slopes, check_swept, is_detecting_anomaly
from autodiff.branches import Flow
from autodiff.errors import StaleGraphError
from autodiff.graph import AnyNode, topological_order
from autodiff.node import Node
from autodiff.slopes import Edge, edges, local_slopes, recorded_slopes, slopes_in_floats

NumberNode = TypeVar("NumberNode", bound=Node)


def backward(root: Node, *, create_graph: bool = False) -> None:
    """Add the derivative of `root` to the `grad` of its leaves, and set that of every other node.

    With `create_graph` the gradients are nodes, recorded so that they can be differentiated again.
    Raises StaleGraphError if a number changed since the graph was recorded.
    """
    order = topological_order(root)
    refuse_stale(order)
    table = recorded_adjoints(order, root) if create_graph else adjoints(order, {root: 1.0})
    for node, adjoint in table.items():
        if node.operands:
            node._grad = adjoint
        else:
            node._grad = adjoint if node._grad is None else node._grad + adjoint


def recorded_adjoints(order: Sequence[AnyNode], root: AnyNode) -> dict[AnyNode, Any]:
    """The derivative of `root` along every node of a topological order, as nodes."""
    inputs = [node for node in order if not node.operands]
    table = pullback(edges(order, inputs, recorded_slopes), {root: 1.0})
    return {node: root.constant(adjoint) if type(adjoint) is float else adjoint for node, adjoint in table.items()}


def pullback(
    edges: Sequence[Edge[AnyNode]], seeds: Mapping[AnyNode, Any], *, zeros_stop: bool = False
) -> dict[AnyNode, Any]:
    """The adjoint of every node that the seeded ones were made from, from the edges in topological order.

    Adjoints are floats, nodes, or arrays of one output an entry; a node out of reach is missing. With
    `zeros_stop` nothing comes from a seed that is a node and 0 either.
    """
    table = dict(seeds)
    flow = Flow(seeds if zeros_stop else {})
    for node, operand, slope in attributed(reversed(edges), lambda edge: edge[0]):
        if node in table:
            term = flow.along(slope, node, operand, table[node], first=operand not in table)
            table[operand] = table[operand] + term if operand in table else term
    if is_detecting_anomaly():
        check_swept(reversed(edges), table)
    return table


def adjoints(order: Sequence[NumberNode], seeds: Mapping[NumberNode, float]) -> dict[NumberNode, float]:
    """The derivative of the seeded sum of roots along every node of a topological order."""
    table = dict.fromkeys(order, 0.0)
    table.update(seeds)
    if is_detecting_anomaly():
        for node in reversed(order):
            _push_checked(node, table)
        return table
    for node in reversed(order):
        if node.primitive is not None:
            try:
                (_push_binary if node.primitive.binary else _push)(node, table)
            except (ArithmeticError, ValueError):  # nothing is pushed yet: all slopes come first
                _push(node, table)
    return table


def _push(node: Any, table: dict[Any, float]) -> None:
    """Add the adjoint of `node` times each slope to the adjoint of that operand."""
    upstream = table[node]
    for operand, slope in zip(node.operands, slopes_in_floats(node), strict=True):
        if type(operand) is not float:
            table[operand] += upstream * slope


def _push_checked(node: Any, table: dict[Any, float]) -> None:
    """The same, with a check of every slope, product and sum."""
    slopes = local_slopes(node)
    check_slopes(node, table[node], slopes)
    _push(node, table)
    swept = [(node, *edge) for edge in zip(node.operands, slopes, strict=True) if edge[1] is not None]
    check_swept(swept, table)


def _push_binary(node: Any, table: dict[Any, float]) -> None:
    """`_push` for two operands, which most nodes have, without lists: the hot path of every sweep."""
    upstream = table[node]
    (a, b), (along_a, along_b) = node.operands, node.primitive.partials
    if type(b) is float:
        table[a] += upstream * (along_a if type(along_a) is float else along_a(node._number, a._number, b))
    elif type(a) is float:
        table[b] += upstream * (along_b if type(along_b) is float else along_b(node._number, a, b._number))
    else:
        if type(along_a) is not float:
            along_a = along_a(node._number, a._number, b._number)
        if type(along_b) is not float:
            along_b = along_b(node._number, a._number, b._number)
        table[a] += upstream * along_a
        table[b] += upstream * along_b


def refuse_stale(order: Sequence[Node]) -> None:
    """Raise StaleGraphError if a node was made before the number of one of its operands was assigned."""
    oldest = min([node.stamp for node in order if node.operands], default=0)
    if max([node.stamp for node in order]) > oldest:
        for node in order:
            _refuse_stale_operands(node)


def _refuse_stale_operands(node: Node) -> None:
    for operand in node.operands:
        if type(operand) is not float and operand.stamp > node.stamp:
            raise StaleGraphError(
                f"{operand!r} was assigned after {node.primitive} had used its old number; "
                "sweep before assigning data, or record the graph again"
            )
