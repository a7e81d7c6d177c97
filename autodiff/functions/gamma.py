"""The logarithm of the gamma function, and its derivative."""

from __future__ import annotations

from autodiff import rules
from autodiff.functions.scalar import Scalar

__all__ = ["digamma", "lgamma"]


def lgamma(x: Scalar) -> Scalar:
    """Logarithm of the absolute value of the gamma function; lgamma(n + 1) is ln(n!).

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: inf at 0 and at negative whole numbers.

    Notes
    -----
    The derivative is `digamma`, to every order.

    References
    ----------
    Between 1 and 2, a Chebyshev interpolant computed with 60 digits. Beyond 8, Stirling's series.

    Examples
    --------
    >>> from autodiff import grad, lgamma
    >>> lgamma(1.0), round(lgamma(5.0), 4), round(grad(lgamma)(1.0), 4)
    (0.0, 3.1781, -0.5772)
    """
    return rules.LGAMMA(x)


def digamma(x: Scalar) -> Scalar:
    """Derivative of `lgamma`.

    Parameters
    ----------
    x : float, Value or array

    Returns
    -------
    float, Value or array
        Of the kind of `x`: -inf at 0, nan at negative whole numbers.

    Notes
    -----
    The derivative is the trigamma function, ``Σ 1/(x + k)²`` for k from 0 on.

    References
    ----------
    Between 1 and 2, a Chebyshev interpolant over the distance from the root, computed with 60 digits. Beyond 8, the
    derivative of Stirling's series.

    Examples
    --------
    >>> from autodiff import digamma, grad
    >>> round(digamma(1.0), 4), round(grad(digamma)(1.0), 4)
    (-0.5772, 1.6449)
    """
    return rules.DIGAMMA(x)
