"""Derivatives on a recorded graph, returned and not left on its nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.errors import CoercionError, ShapeError
from autodiff.graph import topological_order
from autodiff.modes import current_tracer
from autodiff.primitive import is_node, real_number
from autodiff.refusals import refused
from autodiff.reverse import adjoints, pullback, refuse_stale
from autodiff.slopes import edges, recorded_slopes
from autodiff.sources import user_line
from autodiff.value import Value


def gradients(
    outputs: Value | Sequence[Value],
    inputs: Sequence[Value],
    *,
    weights: Sequence[Any] | None = None,
    create_graph: bool = False,
) -> list[Any]:
    """The derivatives of recorded Values along others, returned and not left on the nodes.

    Parameters
    ----------
    outputs : Value or sequence of Value
        Several are summed, with `weights`.
    inputs : sequence of Value
        Leaves or interior nodes. Along one that no output depends on the derivative is 0.
    weights : sequence of float or Value, optional
        One for each output; by default 1.
    create_graph : bool
        Return Values that can be differentiated again.

    Returns
    -------
    list of float, or list of Value
        One for each of `inputs`. No `grad` is touched.

    Raises
    ------
    ShapeError
        A ValueError, unless there is one weight for each output.
    CoercionError
        A TypeError, for an output or input that is no Value, or a weight that is no real number.
    StaleGraphError
        If data changed since the graph was recorded.

    Examples
    --------
    >>> x, y = Value(2.0), Value(3.0)
    >>> gradients(x * x * y, [x, y])
    [12.0, 4.0]
    """
    if current_tracer() is not None:
        raise refused(
            f"gradients was called while compiling, at {user_line()}, where there is no recorded graph; "
            "differentiate a function by autodiff.grad, vjp or jvp"
        )
    roots = [outputs] if isinstance(outputs, Value) else list(outputs)
    for node in (*roots, *inputs):
        if not isinstance(node, Value):
            raise CoercionError(
                f"gradients works on recorded Values, got {node!r}; use autodiff.grad on plain functions"
            )
    seeds = _seeds(roots, [1.0] * len(roots) if weights is None else list(weights))
    order = topological_order(*roots)
    refuse_stale(order)
    if not create_graph:
        table = adjoints(order, {node: weight._number if is_node(weight) else weight for node, weight in seeds.items()})
        return [table.get(node, 0.0) for node in inputs]
    recorded = pullback(edges(order, inputs, recorded_slopes), seeds)
    found = [recorded.get(node, 0.0) for node in inputs]
    return [adjoint if isinstance(adjoint, Value) else Value.constant(adjoint) for adjoint in found]


def _seeds(roots: Sequence[Value], weights: Sequence[Any]) -> dict[Value, Any]:
    if len(weights) != len(roots):
        raise ShapeError(f"gradients needs one weight for each output, got {len(weights)} for {len(roots)}")
    return added_up(roots, [weight if is_node(weight) else real_number(weight) for weight in weights])


def added_up(nodes: Sequence[Any], weights: Sequence[Any]) -> dict[Value, Any]:
    """The weight of each node, summed where a node stands twice; constants have none."""
    seeds: dict[Value, Any] = {}
    for node, weight in zip(nodes, weights, strict=True):
        if is_node(node):
            seeds[node] = seeds[node] + weight if node in seeds else weight
    return seeds
