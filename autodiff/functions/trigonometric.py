"""Circular and hyperbolic functions and their inverses; angles in radians."""

from __future__ import annotations

from typing import Any

from autodiff import compositions as c
from autodiff import rules
from autodiff.functions.scalar import Scalar, binary, n_ary

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cos",
    "cosh",
    "deg2rad",
    "degrees",
    "hypot",
    "rad2deg",
    "radians",
    "sin",
    "sinc",
    "sinh",
    "tan",
    "tanh",
]


def sin(x: Scalar) -> Scalar:
    """Sine.

    Parameters
    ----------
    x : float, Value or array
        An angle in radians.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [-1, 1].

    Notes
    -----
    The derivative is cos(x).

    Examples
    --------
    >>> from autodiff import grad, sin
    >>> sin(0.0), grad(sin)(0.0)
    (0.0, 1.0)
    """
    return rules.SIN(x)


def cos(x: Scalar) -> Scalar:
    """Cosine.

    Parameters
    ----------
    x : float, Value or array
        An angle in radians.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [-1, 1].

    Notes
    -----
    The derivative is -sin(x).

    Examples
    --------
    >>> from autodiff import cos, grad
    >>> cos(0.0), round(grad(cos)(1.0), 4)
    (1.0, -0.8415)
    """
    return rules.COS(x)


def tan(x: Scalar) -> Scalar:
    """Tangent.

    Parameters
    ----------
    x : float, Value or array
        An angle in radians.

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    The derivative is 1 + tan²(x).

    Examples
    --------
    >>> from autodiff import grad, tan
    >>> tan(0.0), round(grad(tan)(1.0), 4)
    (0.0, 3.4255)
    """
    return rules.TAN(x)


def asin(x: Scalar) -> Scalar:
    """Inverse sine.

    Parameters
    ----------
    x : float, Value or array
        A number in [-1, 1].

    Returns
    -------
    float, Value or array
        Of the kind of `x`: an angle in [-π/2, π/2], in radians; nan outside [-1, 1].

    Notes
    -----
    The derivative is 1/√(1 - x²).

    Examples
    --------
    >>> from autodiff import asin, grad
    >>> round(asin(1.0), 4), grad(asin)(0.0), grad(asin)(1.0)
    (1.5708, 1.0, inf)
    """
    return rules.ASIN(x)


def acos(x: Scalar) -> Scalar:
    """Inverse cosine.

    Parameters
    ----------
    x : float, Value or array
        A number in [-1, 1].

    Returns
    -------
    float, Value or array
        Of the kind of `x`: an angle in [0, π], in radians; nan outside [-1, 1].

    Notes
    -----
    The derivative is -1/√(1 - x²).

    Examples
    --------
    >>> from autodiff import acos, grad
    >>> round(acos(-1.0), 4), grad(acos)(0.0), grad(acos)(1.0)
    (3.1416, -1.0, -inf)
    """
    return rules.ACOS(x)


def atan(x: Scalar) -> Scalar:
    """Inverse tangent.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: an angle in [-π/2, π/2], in radians.

    Notes
    -----
    The derivative is 1/(1 + x²).

    Examples
    --------
    >>> from autodiff import atan, grad
    >>> round(atan(1.0), 4), grad(atan)(0.0)
    (0.7854, 1.0)
    """
    return rules.ATAN(x)


@binary
def atan2(y: Any, x: Any) -> Any:
    """Angle of the point (x, y).

    Parameters
    ----------
    y, x : float, Value or array
        The ordinate first.

    Returns
    -------
    float, Value or array
        An angle in [-π, π], in radians.

    Notes
    -----
    The derivatives are x/(x² + y²) along `y` and -y/(x² + y²) along `x`, and nan at the origin.

    Examples
    --------
    >>> from autodiff import atan2, grad
    >>> round(atan2(1.0, -1.0), 4), grad(atan2, (0, 1))(1.0, 0.0)
    (2.3562, (0.0, -1.0))
    """
    return rules.ATAN2(y, x)


def sinc(x: Scalar) -> Scalar:
    """Normalized sinc function sin(πx)/(πx), as `numpy.sinc`.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: 1 at 0, and 0 at every other whole number and at infinity.

    Notes
    -----
    The derivative is (cos(πx) - sinc(x))/x, and 0 at 0; near it both are series, so that no digits cancel.

    Examples
    --------
    >>> from autodiff import grad, sinc
    >>> sinc(0.0), round(sinc(0.5), 4), sinc(2.0), grad(sinc)(2.0)
    (1.0, 0.6366, 0.0, 0.5)
    """
    return rules.SINC(x)


def sinh(x: Scalar) -> Scalar:
    """Hyperbolic sine.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    The derivative is cosh(x).

    Examples
    --------
    >>> from autodiff import grad, sinh
    >>> sinh(0.0), grad(sinh)(0.0)
    (0.0, 1.0)
    """
    return rules.SINH(x)


def cosh(x: Scalar) -> Scalar:
    """Hyperbolic cosine.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number ≥ 1.

    Notes
    -----
    The derivative is sinh(x).

    Examples
    --------
    >>> from autodiff import cosh, grad
    >>> cosh(0.0), grad(cosh)(0.0)
    (1.0, 0.0)
    """
    return rules.COSH(x)


def tanh(x: Scalar) -> Scalar:
    """Hyperbolic tangent.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number in [-1, 1].

    Notes
    -----
    The derivative is 1 - tanh²(x), with full relative precision in the tails.

    Examples
    --------
    >>> from autodiff import grad, tanh
    >>> tanh(0.0), grad(tanh)(0.0), f"{grad(tanh)(20.0):.4e}"
    (0.0, 1.0, '1.6993e-17')
    """
    return rules.TANH(x)


def asinh(x: Scalar) -> Scalar:
    """Inverse hyperbolic sine.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Notes
    -----
    The derivative is 1/√(1 + x²).

    Examples
    --------
    >>> from autodiff import asinh, grad
    >>> asinh(0.0), grad(asinh)(0.0)
    (0.0, 1.0)
    """
    return rules.ASINH(x)


def acosh(x: Scalar) -> Scalar:
    """Inverse hyperbolic cosine.

    Parameters
    ----------
    x : float, Value or array
        A number ≥ 1.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: a number ≥ 0; nan for `x` below 1.

    Notes
    -----
    The derivative is 1/√(x² - 1).

    Examples
    --------
    >>> from autodiff import acosh, grad
    >>> acosh(1.0), grad(acosh)(1.0), round(grad(acosh)(2.0), 4)
    (0.0, inf, 0.5774)
    """
    return rules.ACOSH(x)


def atanh(x: Scalar) -> Scalar:
    """Inverse hyperbolic tangent.

    Parameters
    ----------
    x : float, Value or array
        A number in [-1, 1].

    Returns
    -------
    float, Value or array
        Of the kind of `x`: ±inf at ±1; nan outside [-1, 1].

    Notes
    -----
    The derivative is 1/(1 - x²).

    Examples
    --------
    >>> from autodiff import atanh, grad
    >>> atanh(0.0), atanh(1.0), grad(atanh)(0.0)
    (0.0, inf, 1.0)
    """
    return rules.ATANH(x)


def deg2rad(x: Scalar) -> Scalar:
    """Angle in radians of one in degrees. `radians` is the same function.

    Parameters
    ----------
    x : float, Value or array
        An angle in degrees.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: an angle in radians.

    Notes
    -----
    The derivative is π/180.

    Examples
    --------
    >>> from autodiff import deg2rad
    >>> round(deg2rad(180.0), 4)
    3.1416
    """
    return c.deg2rad(x)  # type: ignore[no-any-return]  # of the kind of x


def rad2deg(x: Scalar) -> Scalar:
    """Angle in degrees of one in radians. `degrees` is the same function.

    Parameters
    ----------
    x : float, Value or array
        An angle in radians.

    Returns
    -------
    float, Value or array
        Of the kind of `x`: an angle in degrees.

    Notes
    -----
    The derivative is 180/π.

    Examples
    --------
    >>> import math
    >>> from autodiff import rad2deg
    >>> rad2deg(math.pi)
    180.0
    """
    return c.rad2deg(x)  # type: ignore[no-any-return]  # of the kind of x


radians, degrees = deg2rad, rad2deg


@n_ary
def hypot(a: Any, b: Any, *others: Any) -> Any:
    """Length √(a² + b² + …) of a vector, without overflow.

    Parameters
    ----------
    a, b, *others : float, Value or array
        The components.

    Returns
    -------
    float, Value or array
        A number ≥ 0.

    Notes
    -----
    The derivative along each component is its share of the length, a/out. At the origin they are 0 to every order, so
    write a*a + b*b, not hypot(a, b)**2, where second derivatives at the origin count.

    Examples
    --------
    >>> from autodiff import grad, hypot
    >>> hypot(3.0, 4.0), hypot(2.0, 3.0, 6.0), grad(hypot, (0, 1))(3.0, 4.0)
    (5.0, 7.0, (0.6, 0.8))
    """
    return c.hypot(a, b, *others)
