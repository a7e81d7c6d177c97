"""Reverse mode: the chain rule, once, from a root back to everything it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autodiff.errors import StaleGraphError
from autodiff.graph import AnyNode, topological_order
from autodiff.node import Node


def backward(root: Node) -> None:
    """Add the derivative of `root` to the `grad` of its leaves, and set that of every other node.

    Raises StaleGraphError if a number changed since the graph was recorded.
    """
    order = topological_order(root)
    refuse_stale(order)
    for node, adjoint in adjoints(order, {root: 1.0}).items():
        if node.operands:
            node.grad = adjoint
        else:
            node.grad += adjoint


def adjoints(order: Sequence[AnyNode], seeds: Mapping[AnyNode, float]) -> dict[AnyNode, float]:
    """The derivative of the seeded sum of roots along every node of a topological order."""
    table = dict.fromkeys(order, 0.0)
    table.update(seeds)
    for node in reversed(order):
        operands = node.operands
        if len(operands) == 2:  # most nodes: the general case below, without its lists
            upstream = table[node]
            (a, b), (along_a, along_b) = operands, _binary_slopes(node)
            if along_a is not None:
                table[a] += upstream * along_a
            if along_b is not None:
                table[b] += upstream * along_b
        elif operands:
            upstream = table[node]
            for operand, slope in zip(operands, local_slopes(node), strict=True):
                if slope is not None:
                    table[operand] += upstream * slope
    return table


def local_slopes(node: Node) -> Sequence[float | None]:
    """The slope of `node` along each of its operands, in order; None along a constant. Empty for a leaf."""
    numbers = [x if type(x) is float else x.number for x in node.operands]
    try:
        return _evaluated(node, node.number, numbers)
    except (ArithmeticError, ValueError):
        with np.errstate(all="ignore"):
            slopes = _evaluated(node, np.float64(node.number), [*map(np.float64, numbers)])
        return [None if slope is None else float(slope) for slope in slopes]


def _evaluated(node: Node, out: float, numbers: Sequence[float]) -> list[float | None]:
    if node.primitive is None:
        return []
    partials = node.primitive.partials
    if isinstance(partials, tuple):
        return [
            None if type(operand) is float else partial(out, *numbers)
            for operand, partial in zip(node.operands, partials, strict=True)
        ]
    slopes = partials(out, *numbers)
    return [None if type(operand) is float else slope for operand, slope in zip(node.operands, slopes, strict=True)]


def _binary_slopes(node: Node) -> Sequence[float | None]:
    partials = node.primitive.partials  # type: ignore[union-attr]  # a node with operands has a primitive
    if type(partials) is not tuple:
        return local_slopes(node)
    a, b = node.operands
    x = a if type(a) is float else a.number
    y = b if type(b) is float else b.number
    try:
        return (
            None if type(a) is float else partials[0](node.number, x, y),
            None if type(b) is float else partials[1](node.number, x, y),
        )
    except (ArithmeticError, ValueError):
        return local_slopes(node)


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
