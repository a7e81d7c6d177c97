"""Graphs as JSON: a flat list of nodes, operands first, that loads without running anything.

    {"format": "valuegraph", "version": 1, "nodes": [
    {"data": 3.0, "label": "x", "grad": 6.0},
    {"operation": "mul", "operands": [0, 0], "data": 9.0, "grad": 1.0},
    {"operation": "add", "operands": [1, {"constant": 2.0}], "data": 11.0, "grad": 1.0}
    ], "roots": 2}

A node without an operation is a leaf. An operand is the index of an earlier node, or a constant. `data` is
the recorded number, written so that it is read back to the last bit; nan and the infinities, which JSON
lacks, are the strings "nan", "inf" and "-inf". `grad` is 0.0 where it is missing, and {"node": 7} where
the gradient is a node itself. `origin` holds `scope`, `role` and `source` where they are not empty. `roots` is
an index, a list of indices, or an object of named ones.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autodiff.errors import CoercionError, GraphFormatError
from autodiff.modes import Origin
from autodiff.primitive import Primitive, real_number
from autodiff.reverse import refuse_stale
from autodiff.rules import PRIMITIVES
from autodiff.serialization.generations import generations
from autodiff.serialization.json_check import FORMAT, VERSION, checked_document
from autodiff.serialization.json_record import Record, Roots
from autodiff.serialization.json_text import parsed
from autodiff.serialization.pickling import STATE_VERSION
from autodiff.value import Value

_encode = json.JSONEncoder(allow_nan=False, check_circular=False).encode


def to_json(roots: Value | Sequence[Value] | Mapping[str, Value]) -> str:
    """Write graphs as one JSON text, one node a line.

    Numbers, gradients, labels and origins are kept; a node that several roots share is written once.

    Parameters
    ----------
    roots : Value, sequence of Value, or mapping of str to Value
        The ends of the graphs.

    Returns
    -------
    str

    Raises
    ------
    StaleGraphError
        If data changed since a graph was recorded.
    CoercionError
        A TypeError, for roots that are not Values.
    GraphFormatError
        A ValueError, for labels or gradients that JSON cannot hold.

    Examples
    --------
    >>> print(to_json(Value(3.0, label="x") + 0.5))
    {"format": "valuegraph", "version": 1, "nodes": [
    {"data": 3.0, "label": "x"},
    {"operation": "add", "operands": [0, {"constant": 0.5}], "data": 3.5}
    ], "roots": 1}
    """
    places: dict[Value, int] = {}
    for root in _listed(roots):
        for generation in generations(root, places):
            places.update(zip(generation, range(len(places), len(places) + len(generation)), strict=True))
    if places:
        refuse_stale([*places])
    lines = ",\n".join([_encode(_record(node, place, places)) for node, place in places.items()])
    head = f'{{"format": {_encode(FORMAT)}, "version": {VERSION}, "nodes": ['
    return f'{head}\n{lines}\n], "roots": {_encode(_indices(roots, places))}}}'


def from_json(text: str, *, primitives: Iterable[Primitive] = (), verify: bool = False, max_nodes: int = 10**7) -> Any:
    """Read the graphs that `to_json` wrote, with the recorded numbers.

    Everything is checked before anything is built, and no operation runs without `verify`: a text from a stranger is
    safe.

    Parameters
    ----------
    text : str
    primitives : iterable of Primitive
        Operations of your own that the text may name, beside those of the table.
    verify : bool
        Compute each node again and compare to a relative 1e-12.
    max_nodes : int
        The largest graph to read.

    Returns
    -------
    Value, list of Value, or dict of str to Value
        As they were given to `to_json`.

    Raises
    ------
    GraphFormatError
        A ValueError that names the node, for a text that is not such a graph: not JSON, a newer version, an unknown
        operation, a wrong number of operands, a reference to the node itself or a later one, an operation on constants
        alone, a number beyond the floats, more than `max_nodes` nodes.
    CoercionError
        A TypeError, for anything but text.

    Examples
    --------
    >>> from_json(to_json(Value(3.0, label="x") * 2.0)).operands
    (Value(data=3.0, grad=0.0, label='x'), 2.0)
    """
    table = PRIMITIVES | {primitive.name: primitive for primitive in primitives}
    records, roots = checked_document(parsed(text, max_nodes=max_nodes), table, verify=verify, max_nodes=max_nodes)
    nodes: list[Value] = []
    for record in records:
        nodes.append(_node(record, nodes))
    for node, record in zip(nodes, records, strict=True):
        node.grad = nodes[record.grad] if type(record.grad) is int else record.grad
    return _rooted(roots, nodes)


def _listed(roots: Any) -> list[Value]:
    given = [*roots.values()] if isinstance(roots, Mapping) else roots
    given = [*given] if isinstance(given, Iterable) else [given]
    for root in given:
        if not isinstance(root, Value):
            raise CoercionError(f"to_json writes Values, got {root!r} of type {type(root).__name__}")
    return given


def _indices(roots: Any, places: Mapping[Value, int]) -> Roots:
    if isinstance(roots, Value):
        return places[roots]
    if isinstance(roots, Mapping):
        return {_root_name(name): places[root] for name, root in roots.items()}
    return [places[root] for root in roots]


def _root_name(name: Any) -> str:
    if isinstance(name, str):
        return name
    raise GraphFormatError(f"the names of roots must be text, got {name!r}; use str(...)")


def _rooted(roots: Roots, nodes: Sequence[Value]) -> Any:
    if isinstance(roots, int):
        return nodes[roots]
    if isinstance(roots, dict):
        return {name: nodes[place] for name, place in roots.items()}
    return [nodes[place] for place in roots]


def _record(node: Value, place: int, places: Mapping[Value, int]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if node.primitive is not None:
        record["operation"] = node.primitive.name
        record["operands"] = [
            {"constant": _written(operand)} if type(operand) is float else places[operand]  # type: ignore[index]  # not a float
            for operand in node.operands
        ]
    record["data"] = _written(node.data)
    if isinstance(node.grad, Value):
        record["grad"] = {"node": places[node.grad]}
    elif repr(node.grad) != "0.0":  # a gradient of -0.0 is written
        record["grad"] = _written(_gradient(node, place))
    if node.label is not None:
        record["label"] = _text(node.label, place, "label")
    if node.origin is not None:
        record["origin"] = _origin(node.origin, place)
    return record


def _gradient(node: Value, place: int) -> float:
    try:
        return real_number(node.grad)
    except CoercionError as error:
        raise GraphFormatError(f"node {place}, {node!r}, has a gradient that is not a number: {error}") from error


def _origin(origin: Origin, place: int) -> dict[str, Any]:
    fields = {
        "scope": [_text(name, place, "scope") for name in origin.scope],
        "role": _text(origin.role, place, "role"),
        "source": _text(origin.source, place, "source"),
    }
    return {name: content for name, content in fields.items() if content}


def _text(given: Any, place: int, what: str) -> str:
    if isinstance(given, str):
        return given
    raise GraphFormatError(f"the {what} of node {place} must be text, got {given!r}; use str(...)")


def _written(number: float) -> float | str:
    return number if math.isfinite(number) else repr(number)


def _node(record: Record, nodes: Sequence[Value]) -> Value:
    operands = tuple([nodes[operand] if type(operand) is int else operand for operand in record.operands])
    node = Value.__new__(Value)
    node.__setstate__((record.data, 0.0, record.label, record.primitive, operands, record.origin, False, STATE_VERSION))
    return node
