"""Anomalies: the first nan or infinity, forward or backward, traced to the line that made its node."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, NoReturn, TypeVar

import numpy as np

from autodiff.errors import AnomalyError
from autodiff.modes import changed_mode, current_mode, current_tracer
from autodiff.node import Node
from autodiff.sources import is_noting_sources

Item = TypeVar("Item")


def detect_anomaly() -> AbstractContextManager[None]:
    """Find the line that made a nan: within this context the first nan or infinity raises AnomalyError.

    The error, an ArithmeticError, is raised by the operation or the sweep that met it. It names the operation, its
    operands, the label, and the file, line and columns of the user's code that recorded the node, for derivatives of
    any order. Record graphs inside the context as well. Outside nothing is checked, and nothing costs.

    Returns
    -------
    context manager
        Also a decorator.

    Examples
    --------
    >>> from autodiff import Value, sqrt
    >>> x = Value(0.0, label="x")
    >>> with detect_anomaly():
    ...     sqrt(x * x).backward()
    Traceback (most recent call last):
        ...
    autodiff.errors.AnomalyError: the slope of sqrt along its operand is inf where sqrt(0.0) is 0.0, ...
    """
    return changed_mode(anomaly=True)


def is_detecting_anomaly() -> bool:
    """Whether `detect_anomaly()` is active in this context.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_detecting_anomaly()
    False
    """
    mode = current_mode()
    return mode is not None and mode.anomaly


def check_number(node: Node) -> None:
    """Raise AnomalyError if the number of a node just made is not finite."""
    if not math.isfinite(node._number):
        _fail(f"{_formula(node)} is {node._number}", node)


def check_slopes(node: Any, upstream: float, slopes: Iterable[float | None]) -> None:
    """Raise AnomalyError if a slope of a node, or its product with the adjoint of the node, is not finite."""
    for position, slope in enumerate(slopes):
        if slope is not None and not math.isfinite(upstream * slope):
            which = "its operand" if len(node.operands) == 1 else f"operand {position}"
            product = "" if not math.isfinite(slope) else f", which times its adjoint {upstream} is {upstream * slope}"
            found = f"the slope of {_name(node)} along {which} is {slope}{product}"
            _fail(f"{found} where {_formula(node)} is {node._number}", node)


def check_swept(edges: Iterable[tuple[Any, Any, Any]], table: Mapping[Any, Any], *, forward: bool = False) -> None:
    """Raise AnomalyError if a sweep over these edges, in this order, left a derivative that is not finite.

    `table` has what it left on each node: products and sums of finite numbers may overflow as well.
    """
    for node, operand, slope in edges:
        reached = node if forward else operand
        left = getattr(table.get(reached, 0.0), "_number", table.get(reached, 0.0))
        if not np.all(np.isfinite(left)):
            _fail(
                f"the {'tangent' if forward else 'adjoint'} of {_operand(reached)} is {left}: "
                f"too much flows along a slope of {getattr(slope, 'number', slope)} of {_formula(node)}",
                node,
            )


def attributed(items: Iterable[Item], node_of: Callable[[Item], Any]) -> Iterable[Item]:
    """The items; while each is worked on, nodes recorded count as made where the node of that item was.

    Active only where somebody will ask: while sources are noted, and in a trace.
    """
    return _attributed(items, node_of) if is_noting_sources() or current_tracer() is not None else items


def _attributed(items: Iterable[Item], node_of: Callable[[Item], Any]) -> Iterator[Item]:
    for origin, group in itertools.groupby(items, lambda item: node_of(item).origin):
        with changed_mode(origin=origin):
            yield from group


def _fail(finding: str, node: Any) -> NoReturn:
    label = f", labeled {node.label!r}" if node.label is not None else ""
    source = f", recorded at {node.origin.source}" if node.origin and node.origin.source else ""
    hint = _hint(node)
    raise AnomalyError(f"{finding}{label}{source}{f'; {hint}' if hint else ''}")


def _name(node: Any) -> str:
    return "a leaf" if node.primitive is None else str(node.primitive.name)


def _formula(node: Any) -> str:
    shown = [_operand(operand) for operand in node.operands[:4]]
    more = len(node.operands) - len(shown)
    return f"{_name(node)}({', '.join(shown)}{f', and {more} more' if more else ''})"


def _operand(operand: Any) -> str:
    if type(operand) is float:
        return str(operand)
    return f"{operand.label}={operand._number}" if operand.label is not None else str(operand._number)


def _hint(node: Any) -> str:
    """What usually mends it, where that is known."""
    if node.primitive is None:
        return ""
    squared = _squared(node.operands[0]) if node.primitive.name == "sqrt" else ""
    return squared or str(node.primitive.hint)


def _squared(operand: Any) -> str:
    """What says the same as the root of this square without a root, or nothing."""
    if type(operand) is float or operand.primitive is None:
        return ""
    inner = operand.primitive.name
    if inner == "square" or (inner == "mul" and operand.operands[0] is operand.operands[1]):
        return "sqrt(x*x) has no slope at 0: use abs(x)"
    if inner == "pow" and operand.operands[1] == 2.0:
        return "sqrt(x**2) has no slope at 0: use abs(x)"
    if inner in ("add", "sum", "dot"):
        return "a root of a sum of squares has no slope at 0: use hypot(a, b) or norm(xs)"
    return ""
