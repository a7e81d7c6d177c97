"""What a walk over a graph needs to know of its nodes, and no more."""

from __future__ import annotations

from typing import Any, Protocol

from autodiff.primitive import Primitive


class Node(Protocol):
    """A number in a graph: how it was made, and what a sweep left on it.

    An operand is a Node or, for a constant, a Python float. Nodes hash by identity.
    """

    number: float
    """The number itself."""
    grad: Any
    """What the last sweeps left: a float, or a node where the gradient is itself to be differentiated."""
    label: str | None
    primitive: Primitive | None
    """The operation that made the node; None on a leaf."""
    operands: tuple[Any, ...]
    """What that operation read, in order; empty on a leaf."""
    stamp: int
    """When the node was made or its number was last assigned, in ticks of `autodiff.value`."""

    def constant(self, number: float) -> Any:
        """A leaf of the same kind that stands for a constant."""
