"""Pickles of graphs of any depth, in which every node stays one node.

A pickler follows references by recursion, and a long graph would exhaust the stack. The first node of
a graph that it meets therefore hands it a batch: a flat list of all nodes, operands first. When the
pickler comes to a node of the list it knows the operands already and goes no deeper. The nodes are
pickled as themselves, so the pickler's own memo recognizes them wherever else they occur: parameters and
a loss, or two roots of one graph, stay connected in one pickle.

A node must know whether its turn in a batch has come. The latest batch of each thread is remembered by a
weak reference, and lives only as long as its pickler. The memory affects the form of a pickle alone: a
node that is asked out of turn, as by a second pickler, starts a batch of its own.
"""

from __future__ import annotations

import copyreg
import threading
import weakref
from typing import Any, final

from autodiff.errors import GraphFormatError
from autodiff.modes import Origin
from autodiff.node import Node
from autodiff.primitive import Primitive, is_node
from autodiff.reverse import NumberNode
from autodiff.serialization.generations import generations, has_recorded_gradient
from autodiff.serialization.primitive_reference import reference

Reduced = tuple[Any, ...]
"""What `__reduce_ex__` returns: how to make an object again."""

STATE_VERSION = 1
"""Of the state of a node in a pickle. Pickles of version 0.1 of the library have none, and are of seven fields."""

_UNNUMBERED_FIELDS = 7

_of_thread = threading.local()


def reduced(node: NumberNode, _protocol: object) -> Reduced:
    """How `pickle` writes a node."""
    if not node.operands and not has_recorded_gradient(node):
        return _without_graph(node)
    latest = _latest_batch()
    if latest is not None and latest.expects(node):
        return _without_graph(node)
    # A node that was planned, and is asked again, is asked by another pickler: nothing is known of that one.
    batch = _Batch(node, {} if latest is None or node in latest.places else latest.places)
    _of_thread.latest = weakref.ref(batch)
    swept = [(entry, entry.grad) for entry in batch.nodes if has_recorded_gradient(entry)]
    return rebuilt, (batch, swept, node)


def rebuilt(_nodes: list[Node], swept: list[tuple[Node, Node]], root: Node) -> Node:
    """The root of an unpickled batch, after the gradients that are nodes were put back."""
    for node, gradient in swept:
        node.grad = gradient
    return root


def _without_graph(node: Any) -> Reduced:
    gradient = 0.0 if has_recorded_gradient(node) else node.grad
    stale = any(type(operand) is not float and operand.stamp > node.stamp for operand in node.operands)
    state = (node.data, gradient, node.label, node.primitive, node.operands, node.origin, stale, STATE_VERSION)
    return copyreg.__newobj__, (type(node),), state  # type: ignore[attr-defined]  # pickle's own, for __new__ alone


def checked_state(node: Any, state: Any) -> tuple[Any, ...]:
    """The seven fields of the state of a new node.

    Raises GraphFormatError (a ValueError) for a state of another version, and for content that no node can
    hold, so that a damaged file never becomes a wrong graph.
    """
    if not isinstance(state, tuple) or len(state) < _UNNUMBERED_FIELDS:
        raise GraphFormatError(f"the pickle holds no state of a Value: {state!r:.60}")
    *fields, version = state if len(state) > _UNNUMBERED_FIELDS else (*state, STATE_VERSION)
    if version != STATE_VERSION or len(fields) != _UNNUMBERED_FIELDS:
        raise GraphFormatError(
            f"the pickle is of version {version!r:.60}, and this library reads version {STATE_VERSION} and those of "
            "valuegraph 0.1; load it with the library that wrote it, and hand graphs over as JSON"
        )
    damaged = "state of a node that has one" if hasattr(node, "stamp") else _damaged(*fields)
    if damaged is not None:
        raise GraphFormatError(f"the pickle is damaged: it holds the {damaged}; write it again, or keep graphs as JSON")
    return tuple(fields)


def _damaged(
    number: Any, _gradient: Any, label: Any, primitive: Any, operands: Any, origin: Any, stale: Any
) -> str | None:
    """Which field holds what none can, if one does. A gradient may be anything, for anybody may assign it."""
    if type(number) is not float:
        return f"number {number!r:.60}"
    if label is not None and not isinstance(label, str):
        return f"label {label!r:.60}"
    if (origin is not None and not isinstance(origin, Origin)) or type(stale) is not bool:
        return f"origin {origin!r:.60} and mark {stale!r:.60}"
    if type(operands) is not tuple or not all(
        type(x) is float or (is_node(x) and hasattr(x, "stamp")) for x in operands
    ):
        return f"operands {type(operands).__name__} of what is neither number nor complete node"
    wanted = primitive.arity if isinstance(primitive, Primitive) else 0
    if (primitive is not None and not operands) or wanted not in (None, len(operands)):
        return f"operation {primitive!r:.60} of {len(operands)} operands"
    return None


def _latest_batch() -> _Batch | None:
    reference = getattr(_of_thread, "latest", None)
    return None if reference is None else reference()


@final
class _Batch:
    """The nodes below a root that no earlier batch of the same pickle has planned; it is pickled as a list."""

    __slots__ = ("__weakref__", "_next", "nodes", "places")

    def __init__(self, root: Any, places: dict[Any, int]) -> None:
        self._next = len(places)
        self.nodes: list[Any] = []
        self.places = places
        """Each node that is planned or done, with its place in the order of saving."""
        for generation in generations(root, places):
            places.update(zip(generation, range(len(places), len(places) + len(generation)), strict=True))
            self.nodes += generation

    def expects(self, node: Any) -> bool:
        """Whether the turn of `node` has come. Nodes before it that the pickler knew already are passed over."""
        place = self.places.get(node, -1)
        if place < self._next:
            return False
        self._next = place + 1
        return True

    def __reduce__(self) -> Reduced:
        return list, (), None, iter(self.nodes)


copyreg.pickle(Primitive, reference)
