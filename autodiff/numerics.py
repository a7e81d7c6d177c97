"""How the special functions of the table are computed: on Python floats, and on NumPy arrays.

No derivative stands here. Each pair computes the same function; where a float version raises what
`math` raises, the array version holds the IEEE result.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

_SPLITTER = 2.0**27 + 1.0  # Veltkamp's: cuts 53 bits into two halves whose products are exact
_ROOT_HALF = math.sqrt(0.5)
_ROOT_HALF_TAIL = -4.833646656726457e-17  # sqrt(1/2) minus its nearest float
_TWO_OVER_ROOT_PI = 2.0 / math.sqrt(math.pi)
_ROOT_TWO_PI = math.sqrt(2.0 * math.pi)


def elementwise(function: Callable[..., float]) -> Callable[..., Any]:
    """`function` of floats as a function of arrays, for what NumPy has no ufunc for."""
    return np.vectorize(function, otypes=[float])


# Sigmoids. The exponential is always of a number at most 0, so nothing overflows.


def sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    decay = math.exp(x)
    return decay / (1.0 + decay)


def sigmoid_array(x: Any) -> Any:
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)


def logistic_pdf(x: float) -> float:
    """sigmoid(x)·sigmoid(-x)."""
    decay = math.exp(-abs(x))
    return decay / ((1.0 + decay) * (1.0 + decay))


def logistic_pdf_array(x: Any) -> Any:
    decay = np.exp(-np.abs(x))
    return decay / np.square(1.0 + decay)


def softplus(x: float) -> float:
    if x > 0.0:
        return x + math.log1p(math.exp(-x))
    return math.log1p(math.exp(x))


def softplus_array(x: Any) -> Any:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def logaddexp(a: float, b: float) -> float:
    if a == b:
        return a + math.log(2.0)
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def logsumexp(*terms: float) -> float:
    peak = max(terms)
    if math.isinf(peak):
        raise ValueError("infinite terms are left to IEEE arithmetic")
    return peak + math.log(sum_all(*[math.exp(term - peak) for term in terms]))


def logsumexp_array(*terms: Any) -> Any:
    return functools.reduce(np.logaddexp, terms)


# The bell curve. exp(-x²) loses |x²| ulp if x² is rounded first; the halves of x keep it exact.


def _split(x: float) -> tuple[float, float]:
    """`x` as high + low, each of at most 26 bits. Source: Veltkamp, in Dekker (1971)."""
    scaled = _SPLITTER * x
    high = scaled - (scaled - x)
    return high, x - high


def gaussian(x: float) -> float:
    """exp(-x²)."""
    if not abs(x) < 40.0:  # also nan; exp(-1600) is 0
        return math.exp(-x * x)
    high, low = _split(x)
    return math.exp(-high * high) * math.exp(-low * (x + high))


def normal_pdf(x: float) -> float:
    """exp(-x²/2) / sqrt(2π)."""
    if not abs(x) < 50.0:
        return math.exp(-0.5 * x * x)
    high, low = _split(x)
    return math.exp(-0.5 * high * high) * math.exp(-0.5 * low * (x + high)) / _ROOT_TWO_PI


def normal_cdf(x: float) -> float:
    """The probability that a standard normal variable is at most `x`: erfc(-x/√2) / 2.

    The rounding of x/√2 would cost x² ulp in the lower tail; one Newton term takes it back.
    """
    z = -x * _ROOT_HALF
    if not abs(z) < 40.0:
        return 0.5 * math.erfc(z)
    (a, b), (c, d) = _split(-x), _split(_ROOT_HALF)
    error = ((a * c - z) + a * d + b * c) + b * d - x * _ROOT_HALF_TAIL
    return 0.5 * (math.erfc(z) - _TWO_OVER_ROOT_PI * math.exp(-z * z) * error)


def gelu(x: float) -> float:
    return x * normal_cdf(x) if x != -math.inf else -0.0


def silu(x: float) -> float:
    return x * sigmoid(x) if x != -math.inf else -0.0


def silu_array(x: Any) -> Any:
    return np.where(x == -np.inf, -0.0, x * sigmoid_array(x))


def cbrt(x: float) -> float:
    """The C library's cube root is up to 4 ulp off; one Newton step from it is within one."""
    root = math.cbrt(x)
    return root - (root - x / (root * root)) / 3.0 if math.isfinite(x) else root


def cbrt_array(x: Any) -> Any:
    """NumPy's cube root with the same Newton step, where there is one to take."""
    root = np.cbrt(x)
    refined = root - (root - x / (root * root)) / 3.0
    return np.where(np.isfinite(refined), refined, root)


# Kinked functions. A nan fails every comparison and must come out as nan.


def step(x: float) -> float:
    return 1.0 if x > 0.0 else 0.0 if x <= 0.0 else x


def step_array(x: Any) -> Any:
    return np.heaviside(x, 0.0)


def sign(x: float) -> float:
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0 if x == 0.0 else x


def relu(x: float) -> float:
    return 0.0 if x <= 0.0 else x


def relu_array(x: Any) -> Any:
    return np.maximum(x, 0.0)


def maximum(a: float, b: float) -> float:
    if a > b or a != a:
        return a
    return b if a != b or b else float(np.maximum(a, b))  # which of two zeros: as arrays have it, on any processor


def minimum(a: float, b: float) -> float:
    if a < b or a != a:
        return a
    return b if a != b or b else float(np.minimum(a, b))


def leaky_relu(x: float, negative_slope: float) -> float:
    return x if x > 0.0 else negative_slope * x


def leaky_relu_array(x: Any, negative_slope: Any) -> Any:
    return np.where(x > 0, x, negative_slope * x)


def elu(x: float, alpha: float) -> float:
    return x if x > 0.0 else alpha * math.expm1(x)


def elu_array(x: Any, alpha: Any) -> Any:
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0.0, x)))  # np.minimum may make -0.0 to 0.0


def where(condition: float, a: float, b: float) -> float:
    return a if condition else b


def floor(x: float) -> float:
    return math.copysign(math.floor(x), x)  # as IEEE 754 has it, -0.0 stays what it is


def ceil(x: float) -> float:
    return math.copysign(math.ceil(x), x)


def rint(x: float) -> float:
    return math.copysign(round(x), x) if math.isfinite(x) else x


# Powers and quotients.

_SQUARED_IN_RANGE = 2.0**-500, 2.0**500  # squares of what is between are normal floats


def leg(a: float, b: float) -> float:
    """√(a² - b²)."""
    if _SQUARED_IN_RANGE[0] < abs(a) < _SQUARED_IN_RANGE[1]:
        return math.sqrt((abs(a) - abs(b)) * (abs(a) + abs(b)))
    return math.sqrt(abs(a) - abs(b)) * math.sqrt(abs(a) + abs(b))


def leg_array(a: Any, b: Any) -> Any:
    return np.sqrt(np.abs(a) - np.abs(b)) * np.sqrt(np.abs(a) + np.abs(b))


_HIGHEST_ORDER = 100


def pow_partial(x: float, y: float, i: float, j: float) -> float:
    return float(pow_partial_array(*map(np.float64, (x, y, i, j))))


def pow_partial_array(x: Any, y: Any, i: Any, j: Any) -> Any:
    orders = {*zip(*(numbers.ravel().tolist() for numbers in np.broadcast_arrays(i, j)), strict=True)}
    x, y, i, j = np.broadcast_arrays(x, y, i, j)
    made = np.full(x.shape, np.nan)
    with np.errstate(all="ignore"):
        for order in orders:
            if all(-0.5 < times < _HIGHEST_ORDER for times in order):
                at = (i == order[0]) & (j == order[1])
                made[at] = _pow_partial(x[at], y[at], *map(round, order))
    return made


def _pow_partial(x: Any, y: Any, i: int, j: int) -> Any:
    """The derivative of x^y, i times along x and j times along y; where x is 0 its limit from above.

    It is x^(y-i)·q(ln x) with a polynomial q. At (0, 0) all are 0, as the slopes of x^y are decided there.
    """
    coefficients = _log_polynomial(y, i, j)
    power, logarithm = np.float_power(x, y - i), np.log(x)
    smooth, leading, degree = 0.0 * y, 0.0 * y, np.zeros_like(y)
    for k, coefficient in enumerate(coefficients):
        there = coefficient != 0.0
        smooth = np.where(there, smooth + coefficient * logarithm**k, smooth)
        leading = np.where(there, coefficient * (-1.0) ** k, leading)
        degree = np.where(there, k, degree)
    rising = np.where(degree > 0.0, leading * np.inf, leading * power)
    limit = np.where((leading == 0.0) | (y > i) | ((y == 0.0) & (i + j > 0)), 0.0, rising)
    made = np.where(x == 0.0, limit, np.where(leading == 0.0, 0.0 * x, power * smooth))
    return np.where(y == y, made, y)


def _log_polynomial(y: Any, i: int, j: int) -> list[Any]:
    """The coefficients q of ∂ⁱ∂ʲ x^y = x^(y-i)·Σ q[k]·ln(x)ᵏ: that of k is a derivative of y·(y-1)···(y-i+1)."""
    derivatives = [np.ones_like(y)] + [np.zeros_like(y)] * j  # of that product along y, to order j
    for factor in range(i):
        before = [np.zeros_like(y), *derivatives]
        derivatives = [(y - factor) * at + order * before[order] for order, at in enumerate(derivatives)]
    return [math.comb(j, k) * derivatives[j - k] for k in range(j + 1)]


def xmuly(x: float, y: float) -> float:
    return 0.0 if x == 0.0 else x * y


def xmuly_array(x: Any, y: Any) -> Any:
    return np.where(x == 0, 0.0, x * y)


def xdivy(x: float, y: float) -> float:
    return 0.0 if x == 0.0 and y == 0.0 else x / y


def xdivy_array(x: Any, y: Any) -> Any:
    return np.where((x == 0) & (y == 0), 0.0, x / y)


def xlogy(x: float, y: float) -> float:
    return 0.0 if x == 0.0 and y == y else x * math.log(y)


def xlogy_array(x: Any, y: Any) -> Any:
    return np.where((x == 0) & (y == y), 0.0, x * np.log(y))


# Functions of any number of operands.


def largest(*terms: float) -> float:
    return functools.reduce(maximum, terms)


def largest_array(*terms: Any) -> Any:
    return functools.reduce(np.maximum, terms)


def sum_all(*terms: float) -> float:
    """From left to right, each sum rounded once, as array code does and every Python: the builtin `sum` compensates
    for rounding from 3.12 on."""
    total = 0.0
    for term in terms:
        total += term
    return total


def sum_array(*terms: Any) -> Any:
    return functools.reduce(np.add, terms)


def mean(*terms: float) -> float:
    return sum_all(*terms) / len(terms)


def mean_array(*terms: Any) -> Any:
    return sum_array(*terms) / len(terms)


def prod_array(*factors: Any) -> Any:
    return functools.reduce(np.multiply, factors)


def dot(*halves: float) -> float:
    """The first half of the operands times the second half, added up from left to right as `sum_all` does."""
    half = len(halves) // 2
    total = 0.0
    for product in map(operator.mul, halves[:half], halves[half:]):  # faster than a product in the loop
        total += product
    return total


def dot_array(*halves: Any) -> Any:
    half = len(halves) // 2
    return sum_array(*map(np.multiply, halves[:half], halves[half:]))


def norm_array(*components: Any) -> Any:
    return functools.reduce(np.hypot, components, 0.0)
