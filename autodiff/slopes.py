"""The local slopes of a recorded node: the numbers on the edges of its graph, and the same as nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from autodiff.anomaly import attributed, check_slopes, is_detecting_anomaly
from autodiff.errors import ShapeError
from autodiff.graph import AnyNode
from autodiff.node import GraphNode, Node

Edge: TypeAlias = tuple[AnyNode, AnyNode, Any]
"""A node, one of its operands, and the slope of the first along the second."""


def local_slopes(node: Node) -> Sequence[float | None]:
    """The slope of a node along each of its operands, in their order.

    Parameters
    ----------
    node : Value

    Returns
    -------
    sequence of float or None
        None along a constant. Empty for a leaf.

    Examples
    --------
    >>> from autodiff import Value
    >>> local_slopes(Value(3.0) * Value(5.0))
    [5.0, 3.0]
    """
    return _without_constants(node, slopes_in_floats(node))


def recorded_slopes(node: GraphNode) -> Sequence[Any]:
    """The same slopes as nodes, recorded from `node` and its operands, so that they can be differentiated."""
    try:
        slopes = _evaluated(node, node, node.operands)
    except (ArithmeticError, ValueError):  # constants become leaves, whose division by zero is IEEE's
        slopes = _evaluated(node, node, [node.constant(x) if type(x) is float else x for x in node.operands])
    return _without_constants(node, slopes)


def slopes_in_floats(node: Node) -> Sequence[float]:
    """The slopes along all operands of a node, with no meaning along constants: what sweeps multiply by."""
    numbers = [x if type(x) is float else x._number for x in node.operands]
    try:
        return _evaluated(node, node._number, numbers)
    except (ArithmeticError, ValueError):  # IEEE values, where Python's own operators raise
        with np.errstate(all="ignore"):
            slopes = _evaluated(node, np.float64(node._number), [*map(np.float64, numbers)])
        return [*map(float, slopes)]


def _evaluated(node: GraphNode, out: Any, operands: Sequence[Any]) -> Sequence[Any]:
    primitive = node.primitive
    if primitive is None:
        return ()
    if isinstance(primitive.partials, tuple):
        return [
            partial if isinstance(partial, float) else 0.0 if type(operand) is float else partial(out, *operands)
            for operand, partial in zip(node.operands, primitive.partials, strict=True)
        ]
    slopes = primitive.partials(out, *operands)
    if len(slopes) != len(operands):
        raise ShapeError(f"{primitive.name} was given {len(operands)} operands, but its slopes are {len(slopes)}")
    return slopes


def _without_constants(node: GraphNode, slopes: Sequence[Any]) -> list[Any]:
    along = list(slopes)
    if float in map(type, node.operands):
        along = [None if type(operand) is float else slope for operand, slope in zip(node.operands, along, strict=True)]
    if along and node.primitive is not None and node.primitive.chooses:
        along[0] = None  # what decides has no edge, so that an infinity times its slope of 0 is not nan
    return along


def edges(
    order: Iterable[AnyNode], inputs: Iterable[AnyNode], slopes: Callable[[Any], Sequence[Any]] = local_slopes
) -> list[Edge[AnyNode]]:
    """The edges on every path from one of `inputs` up through a topological order, each with its slope."""
    reached = set(inputs)
    found: list[Edge[AnyNode]] = []
    checked = is_detecting_anomaly()
    for node in attributed(order, lambda node: node):
        if not reached.isdisjoint(node.operands):
            reached.add(node)
            along = slopes(node)
            if checked:
                check_slopes(node, 1.0, [slope for slope in along if type(slope) is float])
            for operand, slope in zip(node.operands, along, strict=True):
                if slope is not None and operand in reached:
                    found.append((node, operand, slope))
    return found
