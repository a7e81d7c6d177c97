"""Choices, extremes and steps: functions with kinks and jumps."""

from __future__ import annotations

from typing import Any, TypeAlias

from autodiff import compositions as c
from autodiff import rules
from autodiff.choice import WHERE
from autodiff.functions.scalar import Array, Number, Scalar, binary, n_ary

# abs is public too, but a star import would put it before Python's own.
__all__ = [
    "ceil",
    "clip",
    "copysign",
    "floor",
    "heaviside",
    "isfinite",
    "isinf",
    "isnan",
    "maximum",
    "minimum",
    "sign",
    "step",
    "where",
]


Bound: TypeAlias = Number | Array


@n_ary
def maximum(a: Any, b: Any, *others: Any) -> Any:
    """The largest of two or more. Slope 1 on the largest; at a tie of k numbers 1/k each, constants counted.

    >>> maximum(1.0, 3.0, 2.0)
    3.0
    """
    return c.maximum(a, b, *others)


@n_ary
def minimum(a: Any, b: Any, *others: Any) -> Any:
    """The smallest of two or more. Slope 1 on the smallest; at a tie of k numbers 1/k each, constants counted.

    >>> minimum(1.0, 3.0, 2.0)
    1.0
    """
    return c.minimum(a, b, *others)


@binary
def heaviside(x: Any, at_zero: Any) -> Any:
    """0 below 0, 1 above it, and `at_zero` at it. Slope 0 along x; along `at_zero` 1 at 0, else 0."""
    return c.heaviside(x, at_zero)


@binary
def copysign(x: Any, y: Any) -> Any:
    """The absolute value of x with the sign of y, of a zero too. Slopes sign(x)·sign(y), 0 at x = 0; and 0."""
    return c.copysign(x, y)


def isnan(x: Any) -> Any:
    """Whether x is not a number, elementwise. A truth for numbers and Values, a condition while compiling."""
    return c.isnan(x)


def isinf(x: Any) -> Any:
    """Whether x is infinite, elementwise. A truth for numbers and Values, a condition while compiling."""
    return c.isinf(x)


def isfinite(x: Any) -> Any:
    """Whether x is a finite number, elementwise. A truth for numbers and Values, a condition while compiling."""
    return c.isfinite(x)


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
