"""How far rounding alone may carry the results of a program: a bound for each output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.gradcheck.subject import Floats
from autodiff.recording import record_call
from autodiff.reverse import pullback
from autodiff.slopes import edges
from autodiff.value import Value

_ULPS = 4.0  # within which each primitive is accurate
_EPSILON = 2.0**-52
_AT_ONCE = 64  # outputs a sweep


def rounding_bounds(function: Callable[[list[Any]], Any], point: Sequence[float]) -> Floats:
    """The sum over all nodes of (a few ulp of the node) · |slope of the output along it|, for each output.

    To first order this bounds the rounding error of the output, and that of any other program with these
    operations in it. Nodes along which the slope is not finite are left out.
    """
    call = record_call(function, (list(point),), {}, 0)
    between = edges(call.order, call.inputs)
    bounds = np.zeros(len(call.outputs))
    for start in range(0, len(call.outputs), _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        with np.errstate(all="ignore"):
            table = pullback(between, _seeds(call.outputs[block]))
            for node, adjoint in table.items():
                if node.operands:
                    share = abs(node.data) * np.abs(adjoint)
                    bounds[block] += np.where(np.isfinite(share), share, 0.0)
    return _ULPS * _EPSILON * bounds


def _seeds(outputs: Sequence[Any]) -> dict[Value, Any]:
    seeds: dict[Value, Any] = {}
    for out, direction in zip(outputs, np.eye(len(outputs)), strict=True):
        if isinstance(out, Value):
            seeds[out] = seeds[out] + direction if out in seeds else direction
    return seeds
