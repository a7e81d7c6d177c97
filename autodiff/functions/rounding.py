"""Rounding and remainders: flat but for their jumps."""

from __future__ import annotations

from typing import Any

from autodiff import compositions as c
from autodiff import rules
from autodiff.functions.scalar import Scalar, binary

# round is public too, but a star import would put it before Python's own.
__all__ = ["floor_divide", "fmod", "mod", "remainder", "rint", "trunc"]


def rint(x: Scalar) -> Scalar:
    """Nearest integer, halves to the even one.

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
    >>> from autodiff import rint
    >>> rint(0.5), rint(1.5), rint(-2.7)
    (0.0, 2.0, -3.0)
    """
    return rules.RINT(x)


def round(x: Scalar, decimals: int = 0) -> Scalar:
    """Nearest number with this many decimals, halves to even, as NumPy rounds.

    Parameters
    ----------
    x : float, Value or array
    decimals : int, optional
        Negative rounds to tens, hundreds and so on.

    Returns
    -------
    float, Value or array
        Of the kind of `x`.

    Raises
    ------
    OptionError
        A ValueError, for `decimals` that is no whole number.

    Notes
    -----
    The derivative is 0.

    Examples
    --------
    >>> import autodiff
    >>> autodiff.round(2.675, 2), autodiff.round(1250.0, -2), autodiff.round(2.5)
    (2.68, 1200.0, 2.0)
    """
    return c.rounded(x, decimals)  # type: ignore[no-any-return]  # of the kind of x


def trunc(x: Scalar) -> Scalar:
    """Integer part: the nearest integer towards 0.

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
    >>> from autodiff import trunc
    >>> trunc(2.7), trunc(-2.7)
    (2.0, -2.0)
    """
    return c.trunc(x)  # type: ignore[no-any-return]  # of the kind of x


@binary
def floor_divide(x: Any, y: Any) -> Any:
    """Floor of the quotient ⌊x/y⌋, also written x // y.

    Parameters
    ----------
    x, y : float, Value or array

    Returns
    -------
    float, Value or array
        An integer as a float. For `y` = 0 an infinity, or nan if `x` is 0 too.

    Notes
    -----
    The derivatives are 0.

    Examples
    --------
    >>> from autodiff import floor_divide
    >>> floor_divide(7.0, 2.0), floor_divide(-7.0, 2.0), floor_divide(1.0, 0.0)
    (3.0, -4.0, inf)
    """
    return rules.FLOOR_DIVIDE(x, y)


@binary
def mod(x: Any, y: Any) -> Any:
    """Remainder x - y·⌊x/y⌋, with the sign of `y`, also written x % y. `remainder` is the same function.

    Parameters
    ----------
    x, y : float, Value or array

    Returns
    -------
    float, Value or array
        nan for `y` = 0.

    Notes
    -----
    The derivatives are 1 along `x` and -⌊x/y⌋ along `y`. Where it jumps, at multiples of `y`, they are those of the
    branch that begins there.

    Examples
    --------
    >>> from autodiff import grad, mod
    >>> mod(7.0, 3.0), mod(-7.0, 3.0), grad(mod, (0, 1))(7.0, 3.0)
    (1.0, 2.0, (1.0, -2.0))
    """
    return rules.MOD(x, y)


remainder = mod


@binary
def fmod(x: Any, y: Any) -> Any:
    """Remainder of x/y with the sign of `x`, as in C.

    Parameters
    ----------
    x, y : float, Value or array

    Returns
    -------
    float, Value or array
        nan for `y` = 0.

    Notes
    -----
    The derivatives are 1 along `x` and -trunc(x/y) along `y`.

    Examples
    --------
    >>> from autodiff import fmod, grad
    >>> fmod(7.0, 3.0), fmod(-7.0, 3.0), grad(fmod, (0, 1))(-7.0, 3.0)
    (1.0, -1.0, (1.0, 2.0))
    """
    return c.fmod(x, y)
