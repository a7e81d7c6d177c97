"""Reductions along axes: one node an entry of the result, wherever the table has a row for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import rules
from autodiff.arrays.entries import Axes, objects, reduced
from autodiff.arrays.value_array import wrapped
from autodiff.errors import ShapeError
from autodiff.functions import reductions as f
from autodiff.primitive import map_elements


def total(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return reduced(f.sum, a, axis, keepdims=keepdims)


def product(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return reduced(f.prod, a, axis, keepdims=keepdims)


def arithmetic_mean(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return reduced(f.mean, a, axis, keepdims=keepdims)


def average(a: Any, axis: Axes = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    """The weighted mean; NumPy's own asks whether weights add to 0, which no trace can answer."""
    entries = objects(a)
    shares = objects(np.ones(entries.shape) if weights is None else weights)
    if shares.shape != entries.shape:
        if not isinstance(axis, int) or shares.shape != (entries.shape[axis],):
            raise ShapeError(
                f"np.average takes weights of the shape {entries.shape}, or as many as there are along an axis, got "
                f"{shares.shape}"
            )
        shares = np.moveaxis(np.broadcast_to(shares, np.moveaxis(entries, axis, -1).shape), -1, axis)
    total_share = objects(total(shares, axis, keepdims=keepdims))
    weighted = objects(total(map_elements(rules.MUL, (entries, shares)), axis, keepdims=keepdims))
    out = map_elements(rules.DIV, (weighted, total_share))
    return (wrapped(out), wrapped(np.broadcast_to(total_share, np.shape(out)))) if returned else out


def _extreme(name: str, function: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    def of_row(row: list[Any]) -> Any:
        if not row:
            raise ShapeError(f"np.{name} needs at least one entry along the axis, got none")
        return function(row)

    return of_row


def _largest(row: list[Any]) -> Any:
    return rules.LARGEST(*row)


def _smallest(row: list[Any]) -> Any:
    """-max(-x), so that ties share the slope as for the largest."""
    return rules.NEG(rules.LARGEST(*map(rules.NEG, row)))


def largest(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return reduced(_extreme("max", _largest), a, axis, keepdims=keepdims)


def smallest(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return reduced(_extreme("min", _smallest), a, axis, keepdims=keepdims)


def spread(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    """The largest less the smallest."""
    return reduced(_extreme("ptp", lambda row: _largest(row) - _smallest(row)), a, axis, keepdims=keepdims)


def log_sum_exp(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return reduced(f.logsumexp, a, axis, keepdims=keepdims)


def _deviations(row: list[Any]) -> list[Any]:
    center = f.mean(row)
    return [entry - center for entry in row]


def _degrees_of_freedom(row: list[Any], ddof: float) -> float:
    """At least 0, as NumPy has it: a variance is never negative."""
    return max(float(len(row) - ddof), 0.0)


def variance(a: Any, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    def of_row(row: list[Any]) -> Any:
        gaps = _deviations(row)
        return rules.DIV(f.dot(gaps, gaps), _degrees_of_freedom(row, ddof))

    return reduced(of_row, a, axis, keepdims=keepdims)


def deviation(a: Any, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    """The standard deviation, as a norm: its slopes are 0, and not nan, where all entries are equal."""

    def of_row(row: list[Any]) -> Any:
        return rules.DIV(f.norm(_deviations(row)), rules.SQRT(_degrees_of_freedom(row, ddof)))

    return reduced(of_row, a, axis, keepdims=keepdims)


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.sum: total,
    np.prod: product,
    np.mean: arithmetic_mean,
    np.average: average,
    np.max: largest,
    np.min: smallest,
    np.ptp: spread,
    np.var: variance,
    np.std: deviation,
}
