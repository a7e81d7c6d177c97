"""The interface of nodes that walks over a graph and sweeps over its numbers need."""

from __future__ import annotations

from typing import Any, Protocol

from autodiff.modes import Origin
from autodiff.primitive import Primitive


class GraphNode(Protocol):
    """A node of a graph: how it was made.

    An operand is a node or, for a constant, a Python float. Nodes hash by identity.
    """

    label: str | None
    origin: Origin | None
    primitive: Primitive | None
    """The operation that made the node; None on a leaf."""
    operands: tuple[Any, ...]
    """The operands of that operation, in order; empty on a leaf."""

    def constant(self, number: float) -> Any:
        """A leaf of the same kind for a constant."""


class Node(GraphNode, Protocol):
    """A node that has a number, and a gradient that sweeps assign."""

    _number: float
    """The number itself, as the engine reads it; everybody else reads `data`."""
    data: float
    """The same, which raises TraceError while a function is being compiled."""
    _grad: Any
    """The gradient itself, as sweeps read and assign it; everybody else uses `grad`."""
    grad: Any
    """A float, None for none yet, or a node if the gradient can be differentiated again."""
    stamp: int
    """When the node was made or its number was last assigned, in ticks of `autodiff.value`."""
