"""The domain table: for every primitive its mathematical definition, and where it is held to it.

The definitions are naive on purpose. mpmath evaluates them with 700 digits, so that no cancellation
or overflow matters, and they share no formula with the code under test.
"""

from __future__ import annotations

import math
from typing import Any

from mpmath import mp

from tests.autodiff.sampling import Axis, Box, Domain, even, magnitudes, near

# Pieces of the real line that many rows share.

MILD = even(-4.1, 3.7)
TINY_TO_HUGE = magnitudes(1e-150, 1e150)
TINY_TO_HUGE_NEGATIVE = magnitudes(1e-150, 1e150, negative=True)
PROBABILITY_TAILS = ((even(-708.0, 708.0),), (magnitudes(1e-300, 1.0),), (magnitudes(1e-300, 1.0, negative=True),))


def along(*axes: Axis) -> tuple[Box, ...]:
    """The boxes of an operation of one operand."""
    return tuple((axis,) for axis in axes)


LINE = along(MILD, magnitudes(1e-300, 1e300), magnitudes(1e-300, 1e300, negative=True))
POSITIVE = along(even(0.3, 4.0), magnitudes(1e-300, 1e300), near(1.0, even(-1e-6, 1e-6)))
INSIDE_ONE = along(
    even(-0.9, 0.91),
    magnitudes(1e-300, 0.5),
    magnitudes(1e-300, 0.5, negative=True),
    near(1.0, magnitudes(1e-16, 1e-2, negative=True)),
    near(-1.0, magnitudes(1e-16, 1e-2)),
)
PLANE = (
    (MILD, even(-3.6, 4.3)),
    (TINY_TO_HUGE, TINY_TO_HUGE),
    (TINY_TO_HUGE_NEGATIVE, TINY_TO_HUGE),
    (TINY_TO_HUGE, MILD),
)
VECTORS = ((MILD, even(-3.6, 4.3), even(-2.2, 2.3)), (MILD,), (MILD,) * 2, (even(-1e6, 1e5),) * 7)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _bell(x: Any) -> Any:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def _normal(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _cube_root(x: Any) -> Any:
    return mp.sign(x) * mp.cbrt(abs(x))


def _dot(*halves: Any) -> Any:
    return mp.fdot(halves[: len(halves) // 2], halves[len(halves) // 2 :])


def _norm(*components: Any) -> Any:
    return mp.sqrt(mp.fsum(x * x for x in components))


def _log_sum_exp(*terms: Any) -> Any:
    return mp.log(mp.fsum(mp.exp(x) for x in terms))


def _always(number: float) -> Axis:
    return lambda _: number


def _pow_partial(x: Any, y: Any, i: Any, j: Any) -> Any:
    """The derivative of x^y, from the terms of Leibniz's rule; it does not depend on a little more than i or j."""
    i, j = round(i), round(j)
    powers = [mp.polyval(_differentiated(_falling(i), j - k), y) * mp.log(x) ** k for k in range(j + 1)]
    return x ** (y - i) * mp.fsum(mp.binomial(j, k) * power for k, power in enumerate(powers))


def _pow_partial_scale(x: Any, y: Any, i: Any, j: Any) -> Any:
    i, j = round(i), round(j)
    powers = [abs(mp.polyval(_differentiated(_falling(i), j - k), -abs(y)) * mp.log(x) ** k) for k in range(j + 1)]
    return 4 * x ** (y - i) * mp.fsum(mp.binomial(j, k) * power for k, power in enumerate(powers))


def _falling(i: int) -> list[int]:
    """The coefficients of y·(y - 1)···(y - i + 1), the highest power first."""
    coefficients = [1]
    for factor in range(i):
        raised, lowered = [*coefficients, 0], [0, *coefficients]
        coefficients = [a - factor * b for a, b in zip(raised, lowered, strict=True)]
    return coefficients


def _differentiated(coefficients: list[int], times: int) -> list[int]:
    for _ in range(times):
        degree = len(coefficients) - 1
        coefficients = [c * (degree - k) for k, c in enumerate(coefficients[:-1])] or [0]
    return coefficients


def _gap_of_the_largest(*terms: float) -> float:
    first, *others = sorted(terms, reverse=True)
    return first - others[0] if others else 1.0


def _beyond_a_whole_number(x: float) -> float:
    return x - round(x)


def _beyond_a_half(x: float) -> float:
    return x - math.floor(x) - 0.5


def _beyond_a_multiple(x: float, y: float) -> float:
    return x / y - round(x / y)


def _few_digits(reference: Any) -> Any:
    """With as many digits as differences to the third order need; gamma functions take a second with 700."""

    def rounded(x: Any) -> Any:
        with mp.workdps(220 + max(0, int(mp.log10(abs(x))))):
            return reference(x)

    return rounded


def _pole(x: float) -> float:
    return x - round(x) if x < 0.5 else 1.0


def _lgamma_terms(x: Any) -> Any:
    if x > 0:
        return mp.log(x - 1) + abs(mp.loggamma(x - 1)) if 2 < x < 3 else abs(mp.loggamma(x))
    return abs(mp.loggamma(1 - x)) + abs(mp.log(abs(mp.sin(mp.pi * x)))) + mp.log(mp.pi)


def _digamma_terms(x: Any) -> Any:
    return abs(mp.digamma(x)) if x > 0 else abs(mp.digamma(1 - x)) + abs(mp.pi * mp.cot(mp.pi * x)) + mp.pi


NEAR_ONE_AND_TWO = (near(1.0, even(-1e-6, 1e-6)), near(2.0, even(-1e-6, 1e-6)))
QUOTIENTS = ((even(-7.3, 7.4), even(0.7, 2.9)), (even(-1e4, 1e4), even(-2.9, -0.3)))


DOMAINS: dict[str, Domain] = {
    # Choice and steps.
    "where": Domain(
        reference=lambda condition, a, b: a if condition else b,
        boxes=((even(-1.1, 1.0), MILD, MILD), (lambda _: 0.0, TINY_TO_HUGE, TINY_TO_HUGE)),
        kink=lambda condition, *_: condition or 1.0,
    ),
    "sign": Domain(reference=mp.sign, boxes=LINE, kink=lambda x: x),
    "step": Domain(reference=lambda x: mp.mpf(x > 0), boxes=LINE, kink=lambda x: x),
    "floor": Domain(
        reference=mp.floor, boxes=along(even(-7.3, 7.4), even(1e6 + 0.2, 1e6 + 0.8)), kink=_beyond_a_whole_number
    ),
    "ceil": Domain(
        reference=mp.ceil, boxes=along(even(-7.3, 7.4), even(1e6 + 0.2, 1e6 + 0.8)), kink=_beyond_a_whole_number
    ),
    "rint": Domain(reference=mp.nint, boxes=along(even(-7.3, 7.4), even(1e6 + 0.2, 1e6 + 0.4)), kink=_beyond_a_half),
    "floor_divide": Domain(reference=lambda x, y: mp.floor(x / y), boxes=QUOTIENTS, kink=_beyond_a_multiple),
    "mod": Domain(reference=lambda x, y: x - y * mp.floor(x / y), boxes=QUOTIENTS, kink=_beyond_a_multiple),
    # Arithmetic.
    "add": Domain(reference=lambda a, b: a + b, boxes=PLANE),
    "sub": Domain(reference=lambda a, b: a - b, boxes=PLANE),
    "mul": Domain(reference=lambda a, b: a * b, boxes=PLANE),
    "div": Domain(reference=lambda a, b: a / b, boxes=PLANE),
    "identity": Domain(reference=lambda x: x, boxes=LINE),
    "neg": Domain(reference=lambda x: -x, boxes=LINE),
    "abs": Domain(reference=abs, boxes=LINE, kink=lambda x: x),
    "square": Domain(reference=lambda x: x * x, boxes=(*along(MILD), (TINY_TO_HUGE,), (TINY_TO_HUGE_NEGATIVE,))),
    "reciprocal": Domain(
        reference=lambda x: 1 / x, boxes=(*along(even(0.3, 4.0)), (TINY_TO_HUGE,), (TINY_TO_HUGE_NEGATIVE,))
    ),
    # A negative base has no slope along the exponent: the edge values hold those.
    "pow": Domain(
        reference=lambda x, y: x**y,
        boxes=(
            (even(0.3, 3.1), even(-2.6, 2.7)),
            (TINY_TO_HUGE, even(-1.95, 1.95)),
            (even(0.5, 2.0), even(-900.0, 900.0)),
            (TINY_TO_HUGE, magnitudes(1e-150, 1.0)),
            (TINY_TO_HUGE, lambda share: float(round(4 * share) - 2)),
        ),
    ),
    # Used at x = 0 alone; elsewhere its terms may cancel.
    "pow_partial": Domain(
        reference=_pow_partial,
        boxes=tuple(
            (even(0.3, 3.1), even(-2.6, 2.7), _always(i), _always(j))
            for i, j in ((0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (2.0, 1.0), (0.0, 2.0))
        ),
        value_scale=lambda *operands: _pow_partial_scale(*operands),
        slope_scale=lambda x, y, i, j: _pow_partial_scale(x, y, i + 1, j) + _pow_partial_scale(x, y, i, j + 1),
        because="its terms, powers of ln x with coefficients of both signs, cancel",
    ),
    "leg": Domain(
        reference=lambda a, b: mp.sqrt(a * a - b * b),
        boxes=(
            (even(2.0, 4.0), even(-1.9, 1.8)),
            (_always(1.0), magnitudes(1e-150, 0.5)),
            (_always(1.0), near(-1.0, magnitudes(1e-16, 1e-2))),
            (near(1.0, magnitudes(1e-15, 0.1)), _always(1.0)),
            (magnitudes(2.0, 1e300), _always(1.0)),
        ),
    ),
    "xmuly": Domain(reference=lambda x, y: x * y, boxes=PLANE),
    "xdivy": Domain(reference=lambda x, y: x / y, boxes=PLANE),
    "sqrt": Domain(reference=mp.sqrt, boxes=POSITIVE),
    "cbrt": Domain(
        reference=_cube_root,
        boxes=along(even(0.3, 4.0), magnitudes(1e-300, 1e300), magnitudes(1e-300, 1e300, negative=True)),
    ),
    # Exponentials and logarithms. Below -708 results leave the normal floats.
    "exp": Domain(reference=mp.exp, boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "expm1": Domain(reference=lambda x: mp.exp(x) - 1, boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "exp2": Domain(
        reference=lambda x: mp.mpf(2) ** x,
        boxes=along(MILD, even(-1021.0, 1023.0), magnitudes(1e-300, 1.0), magnitudes(1e-300, 1.0, negative=True)),
    ),
    "log": Domain(reference=mp.log, boxes=POSITIVE),
    "log1p": Domain(
        reference=lambda x: mp.log(1 + x),
        boxes=along(
            even(-0.8, 4.0),
            magnitudes(1e-300, 1e300),
            magnitudes(1e-300, 0.999, negative=True),
            near(-1.0, magnitudes(1e-16, 0.1)),
        ),
    ),
    "log2": Domain(reference=lambda x: mp.log(x) / mp.log(2), boxes=POSITIVE),
    "log10": Domain(reference=lambda x: mp.log(x) / mp.log(10), boxes=POSITIVE),
    "xlogy": Domain(
        reference=lambda x, y: x * mp.log(y),
        boxes=((MILD, even(0.3, 4.0)), (TINY_TO_HUGE, TINY_TO_HUGE), (TINY_TO_HUGE_NEGATIVE, even(0.99, 1.01))),
    ),
    # Trigonometric and hyperbolic functions, and their inverses.
    "sin": Domain(reference=mp.sin, boxes=(*LINE[:1], *along(even(-1e6, 1e6), magnitudes(1e-300, 1e22)))),
    "cos": Domain(reference=mp.cos, boxes=(*LINE[:1], *along(even(-1e6, 1e6), magnitudes(1e-300, 1e22)))),
    "tan": Domain(reference=mp.tan, boxes=along(even(-1.4, 1.3), even(-1e6, 1e6), magnitudes(1e-300, 1e22))),
    "asin": Domain(reference=mp.asin, boxes=INSIDE_ONE),
    "acos": Domain(reference=mp.acos, boxes=INSIDE_ONE),
    # Beyond 1e154 the slope, 1/x², leaves the normal floats.
    "atan": Domain(reference=mp.atan, boxes=along(MILD, TINY_TO_HUGE, TINY_TO_HUGE_NEGATIVE)),
    "atan2": Domain(
        reference=mp.atan2,
        boxes=(
            (even(0.3, 4.1), even(-3.6, 4.3)),
            (TINY_TO_HUGE, TINY_TO_HUGE),
            (TINY_TO_HUGE, TINY_TO_HUGE_NEGATIVE),
            (TINY_TO_HUGE_NEGATIVE, MILD),
        ),
    ),
    "sinh": Domain(reference=mp.sinh, boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "cosh": Domain(reference=mp.cosh, boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "tanh": Domain(reference=mp.tanh, boxes=(*along(MILD, even(-353.0, 353.0)), *PROBABILITY_TAILS[1:])),
    "asinh": Domain(reference=mp.asinh, boxes=LINE),
    "acosh": Domain(
        reference=mp.acosh, boxes=along(even(1.2, 5.0), magnitudes(1.001, 1e300), near(1.0, magnitudes(1e-15, 0.1)))
    ),
    "atanh": Domain(reference=mp.atanh, boxes=INSIDE_ONE),
    # Activations and what they are made of.
    "sigmoid": Domain(reference=_sigmoid, boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "logistic_pdf": Domain(reference=lambda x: _sigmoid(x) * _sigmoid(-x), boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "log_sigmoid": Domain(reference=lambda x: mp.log(_sigmoid(x)), boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "softplus": Domain(reference=lambda x: mp.log(1 + mp.exp(x)), boxes=(*along(MILD), *PROBABILITY_TAILS)),
    "relu": Domain(reference=lambda x: max(x, mp.zero), boxes=LINE, kink=lambda x: x),
    "leaky_relu": Domain(
        reference=lambda x, a: x if x > 0 else a * x, boxes=((MILD, even(0.01, 0.7)), *PLANE[1:]), kink=lambda x, _: x
    ),
    "elu": Domain(
        reference=lambda x, a: x if x > 0 else a * (mp.exp(x) - 1),
        boxes=((MILD, even(0.2, 1.9)), (even(-700.0, 20.0), even(0.2, 1.9)), (TINY_TO_HUGE_NEGATIVE, MILD)),
        kink=lambda x, _: x,
    ),
    "silu": Domain(
        reference=lambda x: x * _sigmoid(x),
        boxes=(*along(MILD), *PROBABILITY_TAILS),
        slope_scale=lambda x: _sigmoid(x) + abs(x) * _sigmoid(x) * _sigmoid(-x),
        because="the slope's two terms cancel at its root, x = -1.278",
    ),
    "gaussian": Domain(
        reference=lambda x: mp.exp(-x * x),
        boxes=along(MILD, even(-26.6, 26.6), magnitudes(1e-300, 1.0), magnitudes(1e-300, 1.0, negative=True)),
    ),
    "normal_pdf": Domain(
        reference=_bell,
        boxes=along(MILD, even(-37.6, 37.6), magnitudes(1e-300, 1.0), magnitudes(1e-300, 1.0, negative=True)),
    ),
    "normal_cdf": Domain(
        reference=_normal,
        boxes=along(MILD, even(-37.4, 37.4), magnitudes(1e-300, 1.0), magnitudes(1e-300, 1.0, negative=True)),
    ),
    "erf": Domain(
        reference=mp.erf,
        boxes=along(MILD, even(-26.5, 26.5), magnitudes(1e-300, 1.0), magnitudes(1e-300, 1.0, negative=True)),
    ),
    "erfc": Domain(
        reference=mp.erfc,
        boxes=along(MILD, even(-26.5, 26.5), magnitudes(1e-300, 1.0), magnitudes(1e-300, 1.0, negative=True)),
    ),
    # Gamma functions, and sinc.
    "lgamma": Domain(
        reference=_few_digits(lambda x: mp.re(mp.loggamma(x))),
        boxes=along(even(0.05, 9.3), magnitudes(1e-300, 1e300), *NEAR_ONE_AND_TWO, even(-7.9, -0.1)),
        kink=_pole,
        value_scale=_lgamma_terms,
        slope_scale=_digamma_terms,
        because="just above 2 two terms cancel by half; below 0 terms cancel at roots, and the angle πx is rounded",
    ),
    "digamma": Domain(
        reference=_few_digits(mp.digamma),
        boxes=along(
            *(even(0.05, 9.3), magnitudes(1e-300, 1e300), near(1.4616321449683623, even(-1e-6, 1e-6)), even(-7.9, -0.1))
        ),
        kink=_pole,
        value_scale=_digamma_terms,
        because="below 0 the reflection has terms that cancel at roots, and the angle πx is rounded",
    ),
    "trigamma": Domain(
        reference=_few_digits(lambda x: mp.psi(1, x)),
        boxes=along(even(0.05, 9.3), magnitudes(1e-100, 1e100)),
        kink=_pole,
    ),
    "sinc": Domain(
        reference=mp.sincpi,
        boxes=along(MILD, even(-20.3, 21.2), magnitudes(1e-300, 0.5), magnitudes(1e-300, 0.5, negative=True)),
        kink=lambda x: x - round(x) if round(x) else 1.0,
        slope_scale=lambda x: 4 if abs(x) < 1 else 1 / abs(x),
        because="cos(πx) - sinc(x) has roots, where its terms cancel",
    ),
    "gelu": Domain(
        reference=lambda x: x * _normal(x),
        boxes=along(MILD, even(-37.4, 37.4), magnitudes(1e-300, 1.0), magnitudes(1e-300, 1.0, negative=True)),
        slope_scale=lambda x: _normal(x) + abs(x) * _bell(x),
        because="the slope's two terms cancel at its root, x = -0.752, and nearly so in the lower tail",
    ),
    # Extremes.
    "maximum": Domain(reference=max, boxes=PLANE, kink=lambda a, b: a - b),
    "minimum": Domain(reference=min, boxes=PLANE, kink=lambda a, b: a - b),
    "largest": Domain(reference=lambda *terms: max(terms), boxes=VECTORS, kink=_gap_of_the_largest),
    # Any number of operands.
    "hypot": Domain(reference=_norm, boxes=PLANE),
    "norm": Domain(
        reference=_norm, boxes=(*VECTORS[:1], *VECTORS[2:], (TINY_TO_HUGE,) * 4), kink=lambda *xs: float(any(xs))
    ),
    "sum": Domain(
        reference=lambda *terms: mp.fsum(terms),
        boxes=VECTORS,
        value_scale=lambda *terms: mp.fsum(map(abs, terms)),
        because="terms of both signs cancel",
    ),
    "mean": Domain(
        reference=lambda *terms: mp.fsum(terms) / len(terms),
        boxes=VECTORS,
        value_scale=lambda *terms: mp.fsum(map(abs, terms)) / len(terms),
        because="terms of both signs cancel",
    ),
    "prod": Domain(reference=lambda *factors: mp.fprod(factors), boxes=(*VECTORS, (magnitudes(1e-75, 1e75),) * 4)),
    "dot": Domain(
        reference=_dot,
        boxes=((MILD,) * 6, (MILD,) * 2, (even(-1e6, 1e5),) * 8),
        value_scale=lambda *halves: _dot(*map(abs, halves)),
        because="products of both signs cancel",
    ),
    "logaddexp": Domain(
        reference=_log_sum_exp,
        boxes=((MILD, even(-3.6, 4.3)), (even(-350.0, 350.0),) * 2, (even(-0.8, -0.6),) * 2),
        value_scale=lambda *terms: abs(max(terms)) + mp.log(2),
        because="the larger term and a logarithm of at most log(2) cancel where the result is near 0",
    ),
    "logsumexp": Domain(
        reference=_log_sum_exp,
        boxes=((MILD,) * 3, (MILD,), (even(-350.0, 350.0),) * 2, (even(-350.0, 350.0),) * 5, (even(-1.2, -1.0),) * 3),
        value_scale=lambda *terms: abs(max(terms)) + mp.log(len(terms)),
        because="the largest term and a logarithm of at most log(n) cancel where the result is near 0",
    ),
}
