"""What compiled functions are held to: the graph of each record, built and swept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import Value, compile

Point = tuple[float, ...]
SMALLEST_NORMAL = 2.0**-1022  # below it a compiled result may be 0


def by_graph(function: Callable[..., Any], point: Sequence[float]) -> tuple[float, list[float]]:
    """Value and gradient of a function of scalars at one point, from a graph of Values."""
    leaves = [*map(Value, point)]
    out = function(*leaves)
    if not isinstance(out, Value):
        return float(out), [0.0] * len(leaves)
    out.backward()
    return out.data, [leaf.grad for leaf in leaves]


def by_graphs(function: Callable[..., Any], points: Sequence[Point]) -> np.ndarray:
    """A row for each point: the value, then the gradient."""
    return np.array([[value, *gradient] for value, gradient in (by_graph(function, point) for point in points)])


def by_program(function: Callable[..., Any], points: Sequence[Point], **options: Any) -> np.ndarray:
    """The same from one compiled function, all points as one batch."""
    count = len(points[0])
    compiled = compile(function, batched=range(count), **options)
    value, gradient = compiled.value_and_grad(*columns(points), argnums=range(count))
    return np.column_stack([value, *gradient])


def columns(points: Sequence[Point]) -> list[np.ndarray]:
    """One array of records for each operand."""
    return [np.array(column) for column in zip(*points, strict=True)]


def disagreements(computed: Any, expected: Any, *, ulps: float, scale: Any = 0.0) -> list[tuple[Any, ...]]:
    """Where two arrays differ by more than so many ulp of `scale`, or of the expected number if that is larger.

    A nan agrees with a nan alone, and an infinity with itself.
    """
    pairs = np.broadcast_arrays(computed, expected, scale)
    return [
        (place, a, b)
        for place, (a, b, magnitude) in enumerate(zip(*(array.ravel().tolist() for array in pairs), strict=True))
        if not _agree(a, b, ulps, magnitude)
    ]


def _agree(a: float, b: float, ulps: float, scale: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if a == b:
        return True
    if math.isinf(a) or math.isinf(b):
        return False
    return abs(a - b) <= max(ulps * math.ulp(max(abs(b), scale)), SMALLEST_NORMAL)
