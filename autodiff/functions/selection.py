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
    """Largest of two or more numbers.

    Parameters
    ----------
    a, b, *others : float, Value or array

    Returns
    -------
    float, Value or array
        nan if any of them is nan.

    Notes
    -----
    The derivative is 1 along the largest, else 0. At a tie of k numbers it is 1/k along each, constants counted.

    Examples
    --------
    >>> from autodiff import grad, maximum
    >>> maximum(1.0, 3.0, 2.0), grad(maximum, (0, 1))(2.0, 2.0)
    (3.0, (0.5, 0.5))
    """
    return c.maximum(a, b, *others)


@n_ary
def minimum(a: Any, b: Any, *others: Any) -> Any:
    """Smallest of two or more numbers.

    Parameters
    ----------
    a, b, *others : float, Value or array

    Returns
    -------
    float, Value or array
        nan if any of them is nan.

    Notes
    -----
    The derivative is 1 along the smallest, else 0. At a tie of k numbers it is 1/k along each, constants counted.

    Examples
    --------
    >>> from autodiff import grad, minimum
    >>> minimum(1.0, 3.0, 2.0), grad(minimum, (0, 1))(2.0, 2.0)
    (1.0, (0.5, 0.5))
    """
    return c.minimum(a, b, *others)


@binary
def heaviside(x: Any, at_zero: Any) -> Any:
    """Step from 0 to 1 at 0, with a value of your choice at 0.

    Parameters
    ----------
    x : float, Value or array
    at_zero : float, Value or array
        The value at 0.

    Returns
    -------
    float, Value or array
        0 below 0, `at_zero` at it, 1 above.

    Notes
    -----
    The derivative along `x` is 0. Along `at_zero` it is 1 at 0, else 0.

    Examples
    --------
    >>> from autodiff import grad, heaviside
    >>> heaviside(-1.0, 0.5), heaviside(0.0, 0.5), grad(heaviside, 1)(0.0, 0.5)
    (0.0, 0.5, 1.0)
    """
    return c.heaviside(x, at_zero)


@binary
def copysign(x: Any, y: Any) -> Any:
    """Absolute value of `x` with the sign of `y`.

    Parameters
    ----------
    x : float, Value or array
    y : float, Value or array
        The sign of a zero counts too.

    Returns
    -------
    float, Value or array
        ``|x|`` or ``-|x|``.

    Notes
    -----
    The derivative along `x` is sign(x)·sign(y), and 0 at `x` = 0. Along `y` it is 0.

    Examples
    --------
    >>> from autodiff import copysign, grad
    >>> copysign(2.0, -1.0), copysign(2.0, -0.0), grad(copysign)(2.0, -1.0)
    (-2.0, -2.0, -1.0)
    """
    return c.copysign(x, y)


def isnan(x: Any) -> Any:
    """Whether a number is nan.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    bool or array of bool
        While compiling a condition, for `where`.

    Examples
    --------
    >>> import math
    >>> from autodiff import isnan
    >>> isnan(math.inf), isnan(math.nan)
    (False, True)
    """
    return c.isnan(x)


def isinf(x: Any) -> Any:
    """Whether a number is infinite.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    bool or array of bool
        While compiling a condition, for `where`.

    Examples
    --------
    >>> import math
    >>> from autodiff import isinf
    >>> isinf(math.inf), isinf(math.nan)
    (True, False)
    """
    return c.isinf(x)


def isfinite(x: Any) -> Any:
    """Whether a number is neither infinite nor nan.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    bool or array of bool
        While compiling a condition, for `where`.

    Examples
    --------
    >>> import math
    >>> from autodiff import isfinite
    >>> isfinite(math.inf), isfinite(math.nan)
    (False, False)
    """
    return c.isfinite(x)


def sign(x: Scalar) -> Scalar:
    """Sign of a number.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: -1, 0 or 1, or nan at nan.

    Notes
    -----
    The derivative is 0.

    Examples
    --------
    >>> from autodiff import sign
    >>> sign(-3.0), sign(0.0), sign(3.0)
    (-1.0, 0.0, 1.0)
    """
    return rules.SIGN(x)


def floor(x: Scalar) -> Scalar:
    """Largest integer at most `x`.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: an integer as a float.

    Notes
    -----
    The derivative is 0.

    Examples
    --------
    >>> from autodiff import floor
    >>> floor(2.7), floor(-2.7)
    (2.0, -3.0)
    """
    return rules.FLOOR(x)


def ceil(x: Scalar) -> Scalar:
    """Smallest integer at least `x`.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: an integer as a float.

    Notes
    -----
    The derivative is 0.

    Examples
    --------
    >>> from autodiff import ceil
    >>> ceil(2.3), ceil(-2.3)
    (3.0, -2.0)
    """
    return rules.CEIL(x)


def step(x: Scalar) -> Scalar:
    """Step from 0 to 1 at 0, the derivative of `relu`.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: 1 above 0, else 0; nan at nan.

    Notes
    -----
    The derivative is 0. `heaviside` takes another value at 0.

    Examples
    --------
    >>> from autodiff import step
    >>> step(-1.0), step(0.0), step(2.0)
    (0.0, 0.0, 1.0)
    """
    return rules.STEP(x)


def abs(x: Scalar) -> Scalar:
    """Absolute value ``|x|``.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    The derivative is sign(x). At 0 it is 0, the subgradient of least norm, to every order: abs(x)**2 has no second
    derivative there, x*x has.

    Examples
    --------
    >>> import autodiff
    >>> autodiff.abs(-2.0), autodiff.grad(autodiff.abs)(-2.0), autodiff.grad(autodiff.abs)(0.0)
    (2.0, -1.0, 0.0)
    """
    return rules.ABS(x)


def clip(x: Scalar, low: Bound, high: Bound) -> Scalar:
    """Number kept within bounds: minimum(maximum(x, low), high).

    Parameters
    ----------
    x : float, Value or array
    low, high : float, Value or array
        The bounds.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [low, high].

    Notes
    -----
    The derivative along `x` is 1 within, 0 outside, and 0.5 at a bound.

    Examples
    --------
    >>> from autodiff import clip, grad
    >>> clip(5.0, 0.0, 1.0), grad(clip)(0.3, 0.0, 1.0), grad(clip)(1.0, 0.0, 1.0)
    (1.0, 1.0, 0.5)
    """
    return rules.MINIMUM(rules.MAXIMUM(x, low), high)


def where(condition: Any, a: Any, b: Any) -> Any:
    """Choice between two numbers, by a condition.

    Parameters
    ----------
    condition : bool, number, or array of them
        Such as ``x > 0``.
    a, b : float, Value or array
        The results where the condition holds, and where it does not.

    Returns
    -------
    float, Value or array
        Elementwise `a` or `b`.

    Notes
    -----
    The branch not taken has no edge in the graph, so no nan or infinity of it reaches the result or its derivatives.

    Examples
    --------
    >>> from autodiff import grad, sqrt, where
    >>> where(True, 1.0, 2.0), grad(lambda x: where(x > 0, sqrt(x), 0.0))(-1.0)
    (1.0, 0.0)
    """
    return WHERE(condition, a, b)
