"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

from typing import Any

from autodiff import rules
from autodiff.functions.scalar import Scalar, binary

__all__ = [
    "cbrt",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "reciprocal",
    "sqrt",
    "square",
    "xlogy",
]


def square(x: Scalar) -> Scalar:
    """Square x².

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    The derivative is 2x.

    Examples
    --------
    >>> from autodiff import grad, square
    >>> square(-3.0), grad(square)(-3.0)
    (9.0, -6.0)
    """
    return rules.SQUARE(x)


def reciprocal(x: Scalar) -> Scalar:
    """Reciprocal 1/x.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: inf at 0.

    Notes
    -----
    The derivative is -1/x².

    Examples
    --------
    >>> from autodiff import grad, reciprocal
    >>> reciprocal(2.0), reciprocal(0.0), grad(reciprocal)(2.0)
    (0.5, inf, -0.25)
    """
    return rules.RECIPROCAL(x)


def sqrt(x: Scalar) -> Scalar:
    """Square root √x.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: nan below 0.

    Notes
    -----
    The derivative is 1/(2√x), and inf at 0.

    Examples
    --------
    >>> from autodiff import grad, sqrt
    >>> sqrt(4.0), sqrt(-1.0), grad(sqrt)(4.0), grad(sqrt)(0.0)
    (2.0, nan, 0.25, inf)
    """
    return rules.SQRT(x)


def cbrt(x: Scalar) -> Scalar:
    """Real cube root ∛x.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: negative below 0.

    Notes
    -----
    The derivative is 1/(3·cbrt(x)²), and inf at 0.

    Examples
    --------
    >>> from autodiff import cbrt, grad
    >>> cbrt(-8.0), round(grad(cbrt)(8.0), 4), grad(cbrt)(0.0)
    (-2.0, 0.0833, inf)
    """
    return rules.CBRT(x)


def exp(x: Scalar) -> Scalar:
    """Exponential eˣ.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    It is its own derivative.

    Examples
    --------
    >>> from autodiff import exp, grad
    >>> exp(0.0), exp(1000.0), grad(exp)(0.0)
    (1.0, inf, 1.0)
    """
    return rules.EXP(x)


def expm1(x: Scalar) -> Scalar:
    """Exponential less one, eˣ - 1, with full relative precision near 0.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    The derivative is eˣ.

    Examples
    --------
    >>> from autodiff import expm1, grad
    >>> expm1(1e-20), grad(expm1)(0.0)
    (1e-20, 1.0)
    """
    return rules.EXPM1(x)


def exp2(x: Scalar) -> Scalar:
    """Power of two 2ˣ.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    The derivative is 2ˣ·ln 2.

    Examples
    --------
    >>> from autodiff import exp2, grad
    >>> exp2(3.0), round(grad(exp2)(0.0), 4)
    (8.0, 0.6931)
    """
    return rules.EXP2(x)


def log(x: Scalar) -> Scalar:
    """Natural logarithm ln x.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: -inf at 0, nan below.

    Notes
    -----
    The derivative is 1/x: inf at 0, nan below.

    Examples
    --------
    >>> from autodiff import grad, log
    >>> log(1.0), log(0.0), grad(log)(4.0)
    (0.0, -inf, 0.25)
    """
    return rules.LOG(x)


def log1p(x: Scalar) -> Scalar:
    """Natural logarithm ln(1 + x), with full relative precision near 0.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: -inf at -1, nan below.

    Notes
    -----
    The derivative is 1/(1 + x): inf at -1, nan below.

    Examples
    --------
    >>> from autodiff import grad, log1p
    >>> log1p(1e-20), grad(log1p)(1.0)
    (1e-20, 0.5)
    """
    return rules.LOG1P(x)


def log2(x: Scalar) -> Scalar:
    """Logarithm to base 2.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: -inf at 0, nan below.

    Notes
    -----
    The derivative is 1/(x·ln 2).

    Examples
    --------
    >>> from autodiff import grad, log2
    >>> log2(8.0), round(grad(log2)(1.0), 4)
    (3.0, 1.4427)
    """
    return rules.LOG2(x)


def log10(x: Scalar) -> Scalar:
    """Logarithm to base 10.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: -inf at 0, nan below.

    Notes
    -----
    The derivative is 1/(x·ln 10).

    Examples
    --------
    >>> from autodiff import grad, log10
    >>> log10(1000.0), round(grad(log10)(1.0), 4)
    (3.0, 0.4343)
    """
    return rules.LOG10(x)


@binary
def xlogy(x: Any, y: Any) -> Any:
    """Product x·ln(y), and 0 where `x` is 0: the limit that entropies need.

    Parameters
    ----------
    x, y : float, Value or array

    Returns
    -------
    float, Value or array
        nan for `y` below 0, unless `x` is 0.

    Notes
    -----
    The derivatives are ln(y) along `x` and x/y along `y`.

    Examples
    --------
    >>> from autodiff import grad, xlogy
    >>> xlogy(0.0, 0.0), xlogy(3.0, 1.0), grad(xlogy, (0, 1))(3.0, 1.0)
    (0.0, 0.0, (0.0, 3.0))
    """
    return rules.XLOGY(x, y)


@binary
def logaddexp(a: Any, b: Any) -> Any:
    """Logarithm of a sum of two exponentials, ln(eᵃ + eᵇ), without overflow.

    Parameters
    ----------
    a, b : float, Value or array

    Returns
    -------
    float, Value or array
        At least the larger of the two.

    Notes
    -----
    The derivatives are sigmoid(a - b) and sigmoid(b - a), and 0.5 each between equal infinities. `logsumexp` takes more
    than two.

    Examples
    --------
    >>> from autodiff import grad, logaddexp
    >>> round(logaddexp(1000.0, 1000.0), 4), grad(logaddexp, (0, 1))(0.0, 0.0)
    (1000.6931, (0.5, 0.5))
    """
    return rules.LOGADDEXP(a, b)
