"""Walks over a recorded graph. They are iterative, in an order that can be reproduced, and know no calculus."""

from __future__ import annotations

from collections.abc import Container
from typing import TypeVar

from autodiff.node import GraphNode

AnyNode = TypeVar("AnyNode", bound=GraphNode)


def topological_order(*roots: AnyNode, until: Container[AnyNode] = frozenset()) -> list[AnyNode]:
    """Every node that the roots were made from, each after all of its parents; the roots are included.

    Parameters
    ----------
    *roots : Value
    until : container of Value
        Nodes whose own operands are left out.

    Returns
    -------
    list of Value
        The order depends on the graph alone: two runs of one program give the same.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(2.0, label="x")
    >>> [node.data for node in topological_order(x * x + 1.0)]
    [2.0, 4.0, 5.0]
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
    """The leaves that the roots were made from, in topological order.

    Parameters
    ----------
    *roots : Value

    Returns
    -------
    list of Value
        The nodes that no operation made.

    Examples
    --------
    >>> from autodiff import Value
    >>> x, y = Value(2.0, label="x"), Value(3.0, label="y")
    >>> [leaf.label for leaf in leaves(x * y + x)]
    ['x', 'y']
    """
    return [node for node in topological_order(*roots) if not node.operands]
