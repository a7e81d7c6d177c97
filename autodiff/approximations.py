"""Approximations of special functions, in arithmetic that floats, arrays and symbols take alike.

Each is written once: arrays run it, and back ends and the page trace it. A function of the table that needs an
exponential too is put together in the table.
"""

from __future__ import annotations

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
