"""One sweep on tables of its own: slopes, gradients and absolute flow, by a node's place in the order."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TypeAlias, final

from autodiff import Value, local_slopes, topological_order
from autodiff.errors import StaleGraphError
from viz.errors import CoercionError

Edge: TypeAlias = tuple[int, int, float]
"""The place of an operand, its index among the operands, and the slope along it."""


@final
class Sweep:
    """What one sweep from `root` finds. No node is changed, and no `.grad` is read.

    With `above`, only the edges on paths from that node are swept, and what is found holds for nodes on them.

    Raises StaleGraphError if a number changed since the graph was recorded, and CoercionError (a
    TypeError) unless `root` is a Value.
    """

    def __init__(self, root: Value, *, above: Value | None = None) -> None:
        self.root = required_value(root, "root")
        self.order = topological_order(root)
        self.place = dict(zip(self.order, range(len(self.order)), strict=True))
        _refuse_stale(self.order)
        if above is None:
            self.edges: Sequence[Sequence[Edge]] = [_edges(node, self.place) for node in self.order]
        else:
            self.edges = _edges_above(above, self.order, self.place)

    @functools.cached_property
    def gradients(self) -> Sequence[float]:
        """The derivative of the root along each node, summed in the order in which `backward` sums."""
        table = self._seeded()
        for head in range(len(self.order) - 1, -1, -1):
            upstream = table[head]
            for tail, _, slope in self.edges[head]:
                table[tail] += upstream * slope
        return table

    @functools.cached_property
    def absolute(self) -> Sequence[float]:
        """The absolute flow of each node: the sum over its paths to the root of the |product| of their slopes."""
        table = self._seeded()
        for head in range(len(self.order) - 1, -1, -1):
            upstream = table[head]
            for tail, _, slope in self.edges[head]:
                table[tail] += upstream * abs(slope)
        return table

    @functools.cached_property
    def uses(self) -> Sequence[Sequence[tuple[int, int, float]]]:
        """For each node who reads it: the reader's place, the index of the operand, the slope; the last reader first.

        That is the order in which a sweep reaches them.
        """
        table: list[list[tuple[int, int, float]]] = [[] for _ in self.order]
        for head in range(len(self.order) - 1, -1, -1):
            for tail, index, slope in self.edges[head]:
                table[tail].append((head, index, slope))
        return table

    def gradient(self, node: Value) -> float:
        """The derivative of the root along `node`: 0 where no path leads from it to the root."""
        return self.gradients[self.place[node]] if node in self.place else 0.0

    def _seeded(self) -> list[float]:
        table = [0.0] * len(self.order)
        table[-1] = 1.0  # the root is the last of its own order
        return table


def required_value(given: object, name: str) -> Value:
    """`given`, if it is a Value. Raises CoercionError (a TypeError) that names the argument."""
    if not isinstance(given, Value):
        raise CoercionError(f"{name} must be a Value of a recorded graph, got {given!r} of {type(given).__name__}")
    return given


def _edges(node: Value, place: dict[Value, int]) -> Sequence[Edge]:
    if not node.operands:
        return ()
    return [
        (place[operand], index, slope)  # type: ignore[index]  # a float is never in `place`
        for index, (operand, slope) in enumerate(zip(node.operands, local_slopes(node), strict=True))
        if slope is not None and operand in place
    ]


def _edges_above(start: Value, order: Sequence[Value], place: dict[Value, int]) -> Sequence[Sequence[Edge]]:
    """The edges between nodes that depend on `start`. Who reads such a node depends on it too, so no use is missing."""
    reached: dict[Value, int] = {start: place[start]} if start in place else {}
    found: list[Sequence[Edge]] = []
    for head, node in enumerate(order):
        inner: Sequence[Edge] = ()
        if not reached.keys().isdisjoint(node.operands):
            inner = _edges(node, reached)
            if inner:
                reached[node] = head
        found.append(inner)
    return found


def _refuse_stale(order: Sequence[Value]) -> None:
    oldest = min([node.stamp for node in order if node.operands], default=0)
    if max([node.stamp for node in order]) <= oldest:
        return
    for node in order:
        for operand in node.parents:
            if operand.stamp > node.stamp:
                raise StaleGraphError(
                    f"{operand!r} was assigned after {node.primitive} had used its old number; "
                    "record the graph again, or ask before assigning data"
                )
