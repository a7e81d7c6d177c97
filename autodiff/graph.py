"""Walks over a recorded graph. They are iterative, in an order that can be reproduced, and know no calculus."""

from __future__ import annotations

from collections.abc import Container
from typing import TypeVar

from autodiff.node import GraphNode

AnyNode = TypeVar("AnyNode", bound=GraphNode)


def topological_order(*roots: AnyNode, until: Container[AnyNode] = frozenset()) -> list[AnyNode]:
    """The roots and every node that they were made from, each node after all of its parents.

    The walk goes down to leaves and to the nodes of `until`. The order depends on the graph alone:
    two runs of one program give the same.
    """
    order: list[AnyNode] = []
    seen: set[AnyNode] = set()
    stack: list[AnyNode | None] = [*reversed(roots)]
    while stack:
        node = stack.pop()
        if node is None:  # every parent of the node below has its place by now
            order.append(stack.pop())  # type: ignore[arg-type]  # below a None there is a node
        elif node not in seen:
            seen.add(node)
            if node.operands and node not in until:
                stack += (node, None)
                for operand in reversed(node.operands):
                    if type(operand) is not float and operand not in seen:
                        stack.append(operand)
            else:
                order.append(node)
    return order


def leaves(*roots: AnyNode) -> list[AnyNode]:
    """The nodes that the roots were made from and no operation made, in topological order.

    >>> from autodiff import Value
    >>> x, y = Value(2.0, label="x"), Value(3.0, label="y")
    >>> [leaf.label for leaf in leaves(x * y + x)]
    ['x', 'y']
    """
    return [node for node in topological_order(*roots) if not node.operands]
