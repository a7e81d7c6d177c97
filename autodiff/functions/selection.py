"""Choices, extremes and steps: functions with kinks and jumps."""

from __future__ import annotations

from typing import Any, TypeAlias

from autodiff import rules
from autodiff.choice import WHERE
from autodiff.functions.scalar import Array, Number, Scalar, binary

# abs is public too, but a star import would put it before Python's own.
__all__ = ["ceil", "clip", "floor", "maximum", "minimum", "sign", "step", "where"]


Bound: TypeAlias = Number | Array


@binary
def maximum(a: Any, b: Any) -> Any:
    """The larger of two. Slope 1 on the larger; at a tie 0.5 each, of a number too."""
    return rules.MAXIMUM(a, b)


@binary
def minimum(a: Any, b: Any) -> Any:
    """The smaller of two. Slope 1 on the smaller; at a tie 0.5 each, of a number too."""
    return rules.MINIMUM(a, b)


def sign(x: Scalar) -> Scalar:
    """-1, 0 or 1. Slope 0."""
    return rules.SIGN(x)


def floor(x: Scalar) -> Scalar:
    """The largest integer at most x, as a float. Slope 0."""
    return rules.FLOOR(x)


def ceil(x: Scalar) -> Scalar:
    """The smallest integer at least x, as a float. Slope 0."""
    return rules.CEIL(x)


def step(x: Scalar) -> Scalar:
    """1 above 0, else 0. Slope 0."""
    return rules.STEP(x)


def abs(x: Scalar) -> Scalar:
    """The absolute value ``|x|``. Slope sign(x); 0 at 0, the subgradient of least norm, and flat: abs(x)**2 has no
    second derivative there, x*x has.
    """
    return rules.ABS(x)


def clip(x: Scalar, low: Bound, high: Bound) -> Scalar:
    """x kept within low and high: minimum(maximum(x, low), high), with their slopes: 0.5 at either bound."""
    return rules.MINIMUM(rules.MAXIMUM(x, low), high)


def where(condition: Any, a: Any, b: Any) -> Any:
    """a where the condition holds, else b. The branch that is not taken has no edge in the graph, so that
    neither its value nor its slope can reach the result.

    >>> from autodiff import Value, sqrt
    >>> x = Value(-1.0)
    >>> y = where(x > 0, sqrt(x), 0.0)
    >>> y = y + x
    >>> y.backward()
    >>> y.data, x.grad
    (-1.0, 1.0)
    """
    return WHERE(condition, a, b)
