"""What a graph is, in plain data: two graphs are the same when their portraits are equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff import Value, topological_order

Portrait = list[tuple[Any, ...]]


def portrait(*roots: Value) -> Portrait:
    """A row for each root and each node below, gradients that are nodes included; references are by place."""
    order = _with_gradients(roots)
    places = {node: place for place, node in enumerate(order)}

    def shown(operand: Value | float) -> Any:
        return places[operand] if isinstance(operand, Value) else repr(operand)

    rows: Portrait = [("roots", *(places[root] for root in roots))]
    for node in order:
        rows.append(
            (repr(node.data), shown(node.grad), node.label, node.primitive, *map(shown, node.operands), node.origin)
        )
    return rows


def _with_gradients(roots: Sequence[Value]) -> list[Value]:
    order = topological_order(*roots)
    while True:
        gradients = [node.grad for node in order if isinstance(node.grad, Value)]
        longer = topological_order(*roots, *gradients)
        if len(longer) == len(order):
            return order
        order = longer
