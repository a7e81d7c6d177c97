"""Operations: those of a trace in topological order, without the leaves, of which a network has many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def operations_below(roots: Sequence[Any]) -> list[Any]:
    """The operations that roots which are no numbers were made from, each after those that it reads, in the order of
    `graph.topological_order`."""
    order: list[Any] = []
    seen: set[Any] = set()
    stack: list[Any] = [x for x in reversed(roots) if type(x) is not float and x.primitive is not None]
    while stack:
        node = stack.pop()
        if node is None:  # every operand of the operation below has its place by now
            order.append(stack.pop())
        elif node not in seen:
            seen.add(node)
            stack += (node, None)
            for operand in reversed(node.operands):
                if type(operand) is not float and operand.primitive is not None and operand not in seen:
                    stack.append(operand)
    return order
