"""Approximations of special functions, in arithmetic that floats, arrays and symbols take alike.

Each is written once: arrays run it, and back ends and the page trace it. A function of the table that needs an
exponential too is put together in the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

# erf(x) = x + x·P(x²)/Q(x²) for |x| ≤ 27/32. Source: the C library of Sun Microsystems (fdlibm 5.3, 1993), s_erf.c.
_NEAR = (
    -2.37630166566501626084e-05, -5.77027029648944159157e-03, -2.84817495755985104766e-02,
    -3.25042107247001499370e-01, 1.28379167095512558561e-01,
)  # fmt: skip
_NEAR_BELOW = (
    -3.96022827877536812320e-06, 1.32494738004321644526e-04, 5.08130628187576562776e-03, 6.50222499887672944485e-02,
    3.97917223959155352819e-01, 1.0,
)  # fmt: skip

# (1 + 2x)·exp(x²)·erfc(x) for x ≥ 0 as a polynomial in (x - K)/(x + K). Source of the form and of K: Shepherd and
# Laframboise (1981), Math. Comp. 36, 249. The coefficients are those of its Chebyshev interpolant of degree 23, as
# powers of the variable, computed with 60 digits; its relative error is 5e-17.
_CENTER = 3.75
_TAIL = (
    3.2052623379289157e-10, -2.618520156503145e-09, -3.798189797736207e-09, 3.195398612057818e-08,
    2.3398534313040898e-08, -2.4851108650210706e-07, -5.741076073013916e-08, 1.7419011945194367e-06,
    -9.733875167494142e-07, -1.1437980374495534e-05, 2.2384138525656757e-05, 5.164649341002877e-05,
    -0.00029015404203352704, 0.000293714390578856, 0.001755625843431864, -0.00974657968596217, 0.028362277420377335,
    -0.05869339857631061, 0.09230432116025894, -0.10880393014246645, 0.08227673849014977, 0.003585415485479575,
    -0.14024059858554702,
)  # fmt: skip
_TAIL_AT_CENTER = 1.2375126308378275


GRID = 2.0**-19
"""40 on it has 25 bits, so that its square is exact in 53; and it differs from x by so little that 40·GRID³ is below an
ulp of 1."""


# For 1 ≤ y ≤ 2: lgamma(y) = (y - 1)·(y - 2)·P(2y - 3), and digamma(y) = (y - root)·Q(2y - 3). Both are Chebyshev
# interpolants as powers of the variable, computed with 60 digits. Their relative errors are 9e-18 and 2e-17.
_LGAMMA = (
    1.1273354955165048e-11, -3.533898162275879e-11, 5.18198984494436e-11, -1.6393816009998903e-10,
    6.533268528434416e-10, -2.0732827842398214e-09, 6.434152357291201e-09, -2.057761163373013e-08,
    6.623601939725099e-08, -2.138843561161159e-07, 6.948440187550096e-07, -2.274240971132041e-06,
    7.5113915317296576e-06, -2.509432984849446e-05, 8.510090378468051e-05, -0.0002945507014009265,
    0.0010498186644508718, -0.003913560937631659, 0.01572785026864121, -0.07297994795715297, 0.4831289505409809,
)  # fmt: skip
_DIGAMMA = (
    -8.25512972008104e-11, 2.4765474440031764e-10, -2.889363639216111e-10, 8.668257373761658e-10,
    -3.6788868183645545e-09, 1.10370884388543e-08, -3.166618072027162e-08, 9.500926192924096e-08,
    -2.8628755280038686e-07, 8.591324222417666e-07, -2.578107848270217e-06, 7.741156881253708e-06,
    -2.325823828431376e-05, 6.995020484160625e-05, -0.00021074841215733007, 0.000636888028319074,
    -0.0019350666647832667, 0.005936795278433826, -0.018550615381738605, 0.06013562106019355, -0.21181371064073026,
    0.951055876031833,
)  # fmt: skip
_ROOT, _ROOT_TAIL = 1.4616321449683622, 9.549995429965697e-17

# Bernoulli's numbers B₂, B₄, ..., of which the series of Stirling and its derivatives are made.
_BERNOULLI = tuple(enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510), start=1))
_OF_LGAMMA = [number / (2 * k * (2 * k - 1)) for k, number in reversed(_BERNOULLI)]
_OF_DIGAMMA = [number / (2 * k) for k, number in reversed(_BERNOULLI)]
_OF_TRIGAMMA = [number for _, number in reversed(_BERNOULLI)]
_OF_TETRAGAMMA = [number * (2 * k + 1) for k, number in reversed(_BERNOULLI)]

# sin(πx)/(πx) as a series in x², and its derivative over x.
_SINC = [(-1) ** k * math.pi ** (2 * k) / math.factorial(2 * k + 1) for k in reversed(range(14))]
_SINC_SLOPE = [2 * k * coefficient for k, coefficient in zip(reversed(range(1, 14)), _SINC, strict=False)]


def polynomial(coefficients: Sequence[float], x: Any) -> Any:
    """The polynomial with these coefficients, that of the highest power first."""
    first, *others = coefficients
    total: Any = first
    for coefficient in others:
        total = total * x + coefficient
    return total


def erf_near_zero(x: Any) -> Any:
    """erf(x) for |x| ≤ 27/32."""
    square = x * x
    return x + x * (polynomial(_NEAR, square) / polynomial(_NEAR_BELOW, square))


def split_exponent(x: Any, high: Any, rate: float) -> tuple[Any, Any]:
    """(e, rest) with exp(-rate·x²) = exp(e)·(1 + rest), for 0 ≤ x ≤ 40, from `high`, x on a grid of `GRID`.

    Rounding x² would cost |x²| ulp. In double precision the square of a number on the grid is exact, and what is left
    of x is small enough for a few terms of the exponential. In single precision the grid is too fine for that beyond
    16, and does no harm.
    """
    left = -rate * ((x - high) * (x + high))
    return -rate * (high * high), left * (1.0 + left * (0.5 + left * (1.0 / 6.0)))


def scaled_erfc(x: Any) -> tuple[Any, Any]:
    """(number, rest) with exp(x²)·erfc(x) = number·(1 + rest), for x ≥ 0.

    The rest takes back the rounding of the two sums that the quotient is made of.
    """
    at = (x - _CENTER) / (x + _CENTER)
    small = polynomial(_TAIL, at) * at
    above, below = _TAIL_AT_CENTER + small, 1.0 + 2.0 * x
    quotient = above / below
    lost_above, lost_below = small - (above - _TAIL_AT_CENTER), 2.0 * x - (below - 1.0)
    return quotient, 0.9 * (lost_above - lost_below * quotient)  # 0.9 is about 1/above


def lgamma_above_one(more: Any) -> Any:
    """lgamma(1 + more) for 0 ≤ more ≤ 1."""
    return more * (more - 1.0) * polynomial(_LGAMMA, 2.0 * more - 1.0)


def lgamma_beyond(y: Any, logarithm: Any) -> Any:
    """lgamma(y) for y ≥ 8, of which `logarithm` is log(y). Source: Stirling's series."""
    inverse = 1.0 / y
    return (y - 0.5) * (logarithm - 1.0) + (0.4189385332046727 + inverse * polynomial(_OF_LGAMMA, inverse * inverse))


def digamma_between(y: Any) -> Any:
    """digamma(y) for 1 ≤ y ≤ 2."""
    return ((y - _ROOT) - _ROOT_TAIL) * polynomial(_DIGAMMA, 2.0 * y - 3.0)


def digamma_beyond(y: Any, logarithm: Any) -> Any:
    """digamma(y) for y ≥ 8: the derivative of Stirling's series."""
    inverse = 1.0 / y
    square = inverse * inverse
    return logarithm - (0.5 * inverse + square * polynomial(_OF_DIGAMMA, square))


def trigamma_above(x: Any) -> Any:
    """trigamma(x) for x > 0: its series, ten steps further on, where few terms do."""
    inverse = 1.0 / (x + 10.0)
    square = inverse * inverse
    total = square * (0.5 + inverse * polynomial(_OF_TRIGAMMA, square))
    for k in reversed(range(10)):
        part = 1.0 / (x + float(k))
        total = total + part * part
    return inverse + total


def tetragamma_above(x: Any) -> Any:
    """The derivative of trigamma, for x > 0."""
    inverse = 1.0 / (x + 10.0)
    square = inverse * inverse
    total = square * inverse * (1.0 + inverse * polynomial(_OF_TETRAGAMMA, square))
    for k in reversed(range(10)):
        part = 1.0 / (x + float(k))
        total = total + 2.0 * part * part * part
    return -(square + total)


def sinc_near_zero(x: Any) -> Any:
    """sin(πx)/(πx) for |x| ≤ 1/2."""
    return polynomial(_SINC, x * x)


def sinc_slope_near_zero(x: Any) -> Any:
    """Its derivative."""
    return x * polynomial(_SINC_SLOPE, x * x)
