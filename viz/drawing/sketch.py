"""What is to be drawn, as plain data: the vertices and edges of the graph below a Value."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, final

from autodiff import Value, local_slopes
from viz.drawing.states import first_not_finite
from viz.subject import Subject

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
    starts: bool = False
    """The number or the gradient is the first that is nan or infinite: what it was made from is not."""
    lines: tuple[str, ...] = ()
    """Further text, of a step of a program."""
    result: bool = False
    fill: str = ""
    """The color of a step of a program; none for nodes, whose gradient is their color."""
    steady: bool = False
    """Of a program: the same for all records."""
    details: tuple[str, ...] = ()
    """Of a program: what is said on hover."""

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


def read(subject: Subject, *, constants: str = "shared") -> Sketch:
    """The graph of a subject as it stands.

    Constants are one vertex for each number if "shared", one for each use if "separate", each before its first
    user, and none if "hidden".
    """
    reading = _Reading(subject, constants)
    for node in subject.order:
        reading.add(node)
    vertices = reading.vertices
    vertices[-1] = replace(vertices[-1], result=True)
    return Sketch(vertices, reading.edges, subject.swept, total=len(vertices))


@final
class _Reading:
    """Vertices and edges as they are met in topological order."""

    def __init__(self, subject: Subject, constants: str) -> None:
        self.subject, self.constants = subject, constants
        self.starts = first_not_finite(subject)
        self.vertices: list[Vertex] = []
        self.edges: list[Edge] = []
        self.place: dict[int, int] = {}  # by identity: Values of equal numbers are different nodes
        self.shared: dict[str, int] = {}

    def add(self, node: Value) -> None:
        """Add a node after its constants, and the edges into it."""
        uses = [self._use(operand, _scope(node)) for operand in node.operands]
        self.place[id(node)] = head = len(self.vertices)
        self.vertices.append(self._vertex(node))
        upstream = self.vertices[-1].grad
        for tail, slope in zip(uses, local_slopes(node), strict=True):
            if tail is not None:
                self.edges.append(Edge(tail, head, slope, _contribution(slope, upstream)))

    def _use(self, operand: Value | float, scope: tuple[str, ...]) -> int | None:
        if isinstance(operand, Value):
            return self.place[id(operand)]
        if self.constants == "hidden":
            return None
        known = self.shared.get(repr(operand)) if self.constants == "shared" else None
        if known is not None:
            inside = self.vertices[known].scope
            if inside != scope:
                self.vertices[known] = replace(self.vertices[known], scope=_common(inside, scope))
            return known
        self.shared[repr(operand)] = len(self.vertices)
        self.vertices.append(Vertex("constant", "constant", number=operand, scope=scope))
        return len(self.vertices) - 1

    def _vertex(self, node: Value) -> Vertex:
        role = _role(node)
        operation = (node.primitive.symbol or node.primitive.name) if node.primitive else ""
        grad = self.subject.gradients[node] if self.subject.swept else None
        title = node.label if node.label and not node.label.isspace() else operation or role
        return Vertex(role, title, operation, node.data, grad, _scope(node), starts=node in self.starts)


def _common(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes around both."""
    return tuple(first for first, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _role(node: Value) -> Role:
    if node.operands:
        return "operation"
    return "parameter" if node.origin and node.origin.role == "parameter" else "input"


def _scope(node: Value) -> tuple[str, ...]:
    return node.origin.scope if node.origin else ()


def _contribution(slope: float | None, upstream: float | None) -> float | None:
    return None if slope is None or upstream is None else slope * upstream
