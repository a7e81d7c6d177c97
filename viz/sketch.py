"""What is to be drawn, as plain data: the vertices and edges of the graph below a Value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, final

from autodiff import Value, local_slopes, topological_order

Role = Literal["input", "parameter", "operation", "constant", "folded"]


@final
@dataclass(frozen=True, slots=True)
class Vertex:
    """One node of the picture: a Value, one use of a constant, or several of these folded into one."""

    role: Role
    title: str
    """The label, or else the symbol of the operation, or else the role; the group's name where folded."""
    operation: str = ""
    """The symbol of the operation that made the node; empty for leaves and folded nodes."""
    number: float | None = None
    """None where folded."""
    grad: float | None = None
    """None before a sweep and for constants. Where folded, the member's that is largest in magnitude."""
    scope: tuple[str, ...] = ()
    nodes: int = 1
    """How many nodes are folded into this one."""

    @property
    def alarming(self) -> bool:
        """The number or the gradient is nan or infinite."""
        return any(number is not None and not math.isfinite(number) for number in (self.number, self.grad))


@final
@dataclass(frozen=True, slots=True)
class Edge:
    """From an operand to what was made of it, by their places among the vertices."""

    tail: int
    head: int
    slope: float | None = None
    """The local slope; None along a constant and where edges are folded."""
    contribution: float | None = None
    """Slope times the upstream gradient: what the edge adds to the operand's gradient; None before a sweep.
    Where edges are folded, the sum of the magnitudes."""
    edges: int = 1
    """How many edges are folded into this one."""


@final
@dataclass(frozen=True, slots=True)
class Sketch:
    """Vertices in topological order, the root last, and edges in the order in which operands were read."""

    vertices: Sequence[Vertex]
    edges: Sequence[Edge]
    swept: bool
    """A sweep has run: the root has a gradient."""
    folded: int = 0
    """How many nodes are no longer drawn by themselves."""
    total: int = field(default=0)
    """How many nodes there were before anything was folded."""

    @property
    def root(self) -> Vertex:
        """The vertex that the drawing was asked for."""
        return self.vertices[-1]


def read(root: Value) -> Sketch:
    """The graph below `root` as it stands. Each use of a constant is a vertex of its own, before its user."""
    swept = _float(root.grad) != 0.0
    vertices: list[Vertex] = []
    edges: list[Edge] = []
    place: dict[int, int] = {}  # by identity: Values of equal numbers are different nodes
    for node in topological_order(root):
        uses = [*_uses(node, place, vertices)]
        place[id(node)] = head = len(vertices)
        vertices.append(_vertex(node, swept=swept))
        upstream = vertices[-1].grad
        for tail, slope in zip(uses, local_slopes(node), strict=True):
            edges.append(Edge(tail, head, slope, _contribution(slope, upstream)))
    return Sketch(vertices, edges, swept, total=len(vertices))


def _uses(node: Value, place: dict[int, int], vertices: list[Vertex]) -> Iterator[int]:
    """The place of each operand of `node`; constants are given theirs here."""
    for operand in node.operands:
        if isinstance(operand, Value):
            yield place[id(operand)]
        else:
            yield len(vertices)
            vertices.append(Vertex("constant", "constant", number=operand, scope=_scope(node)))


def _vertex(node: Value, *, swept: bool) -> Vertex:
    role = _role(node)
    operation = (node.primitive.symbol or node.primitive.name) if node.primitive else ""
    grad = _float(node.grad) if swept else None
    title = node.label if node.label and not node.label.isspace() else operation or role
    return Vertex(role, title, operation, node.data, grad, _scope(node))


def _role(node: Value) -> Role:
    if node.operands:
        return "operation"
    return "parameter" if node.origin and node.origin.role == "parameter" else "input"


def _scope(node: Value) -> tuple[str, ...]:
    return node.origin.scope if node.origin else ()


def _float(grad: Any) -> float:
    """A gradient as a number, also where it is itself a Value that can be differentiated again."""
    return float(grad.data if isinstance(grad, Value) else grad)


def _contribution(slope: float | None, upstream: float | None) -> float | None:
    return None if slope is None or upstream is None else slope * upstream
