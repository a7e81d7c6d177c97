"""Everything that belongs to a graph: what a node was made from, and what gradients left on it were made from."""

from __future__ import annotations

from collections.abc import Container, Iterator

from autodiff.graph import topological_order
from autodiff.reverse import NumberNode


def generations(root: NumberNode, known: Container[NumberNode]) -> Iterator[list[NumberNode]]:
    """The nodes below `root` that are not `known`, then those below their gradients, and so on.

    Within a generation operands come first. The caller makes the nodes of each generation known before
    it asks for the next: gradients may lead back to the nodes that they were left on.
    """
    pending = [root]
    while pending:
        fresh = [node for node in topological_order(*pending, until=known) if node not in known]
        yield fresh
        pending = [node.grad for node in fresh if has_recorded_gradient(node)]


def has_recorded_gradient(node: NumberNode) -> bool:
    """Whether the gradient on `node` is itself a node, as `backward(create_graph=True)` leaves it."""
    return type(node.grad) is type(node)
