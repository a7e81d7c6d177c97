"""Operations: those of a trace in topological order, without the leaves, of which a network has many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.compilation.trace.symbol import Symbol


def operations_below(roots: Sequence[Any]) -> list[Symbol]:
    """The operations that symbols among the roots were made from, each after those that it reads, in the order of
    `graph.topological_order`."""
    order: list[Symbol] = []
    seen: set[Symbol] = set()
    stack: list[Symbol | None] = [x for x in reversed(roots) if type(x) is Symbol and x.primitive is not None]
    while stack:
        node = stack.pop()
        if node is None:  # every operand of the operation below has its place by now
            order.append(stack.pop())  # type: ignore[arg-type]  # below a None there is an operation
        elif node not in seen:
            seen.add(node)
            stack += (node, None)
            for operand in reversed(node.operands):
                if type(operand) is Symbol and operand.primitive is not None and operand not in seen:
                    stack.append(operand)
    return order
