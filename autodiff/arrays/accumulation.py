"""Running sums and products, and gradients on a grid."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autodiff.arrays.entries import along, objects
from autodiff.errors import ShapeError
from autodiff.functions import reductions as f


def running_sum(a: Any, axis: int | None = None) -> Any:
    return along(lambda row: [*itertools.accumulate(row, operator.add)], a, axis)


def running_product(a: Any, axis: int | None = None) -> Any:
    return along(lambda row: [*itertools.accumulate(row, operator.mul)], a, axis)


def grid_gradient(a: Any, *spacing: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Central differences. They are linear in the entries, with the coefficients that NumPy finds for unit vectors."""
    array = objects(a)
    axes = range(array.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    steps = spacing * len(axes) if len(spacing) == 1 else spacing or (1.0,) * len(axes)
    if len(steps) != len(axes):
        raise ShapeError(f"np.gradient takes one spacing or one for each axis, got {len(spacing)} for {len(axes)} axes")
    made = []
    for place, step in zip(axes, steps, strict=True):
        weights: Any = np.gradient(np.eye(array.shape[place]), step, axis=0, edge_order=edge_order)  # type: ignore[call-overload]  # 1 or 2, which NumPy checks
        made.append(along(partial(_weighted_sums, weights), array, place))
    return made[0] if len(made) == 1 else tuple(made)


def _weighted_sums(weights: Any, row: list[Any]) -> list[Any]:
    return [_weighted_sum(row, each) for each in weights]


def _weighted_sum(row: list[Any], weights: Any) -> Any:
    pairs = [(entry, weight) for entry, weight in zip(row, weights.tolist(), strict=True) if weight]
    return f.dot([entry for entry, _ in pairs], [weight for _, weight in pairs])


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.cumsum: running_sum,
    np.cumprod: running_product,
    np.gradient: grid_gradient,
}
