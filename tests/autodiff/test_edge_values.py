"""The points where libraries disagree: value and gradient, row by row.

The rule: the gradient where it is defined; the minimum-norm subgradient at a convex kink; the limit,
infinity allowed, otherwise; nan where the operand is outside the domain.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff import (
    Value,
    acos,
    asin,
    atan2,
    atanh,
    cbrt,
    ceil,
    clip,
    elu,
    floor,
    gaussian,
    gelu,
    hypot,
    leaky_relu,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logsumexp,
    maximum,
    minimum,
    norm,
    normal_pdf,
    prod,
    reciprocal,
    relu,
    sigmoid,
    sign,
    silu,
    softplus,
    sqrt,
    step,
    tanh,
    where,
    xlogy,
)

INF, NAN = math.inf, math.nan

Case = tuple[str, Callable[..., Any], tuple[float, ...], float, tuple[float, ...]]

# (case, expression, point, value, gradient). Written with operators, which on floats are Python's own.
OPERATORS: list[Case] = [
    ("x**0 at 0", lambda x: x**0, (0.0,), 1.0, (0.0,)),
    ("x**0 next to 0", lambda x: x**0, (5e-324,), 1.0, (0.0,)),
    ("x**1 at 0", lambda x: x**1, (0.0,), 0.0, (1.0,)),
    ("x**2.0 at 0", lambda x: x**2.0, (0.0,), 0.0, (0.0,)),
    ("x**-1 at 0", lambda x: x**-1, (0.0,), INF, (-INF,)),
    ("x**0.5 at 0", lambda x: x**0.5, (0.0,), 0.0, (INF,)),
    ("x**0.3 at 0", lambda x: x**0.3, (0.0,), 0.0, (INF,)),
    ("x**0.3 at inf", lambda x: x**0.3, (INF,), INF, (0.0,)),
    ("(-1)**0.5", lambda x: x**0.5, (-1.0,), NAN, (NAN,)),
    ("(-8)**(1/3)", lambda x: x ** (1 / 3), (-8.0,), NAN, (NAN,)),
    ("x**y at (0, 0)", lambda x, y: x**y, (0.0, 0.0), 1.0, (0.0, 0.0)),
    ("x**y at (0, 2)", lambda x, y: x**y, (0.0, 2.0), 0.0, (0.0, 0.0)),
    ("x**y at (-2, 3)", lambda x, y: x**y, (-2.0, 3.0), -8.0, (12.0, NAN)),
    ("x**3 at -2", lambda x: x**3, (-2.0,), -8.0, (12.0,)),
    ("0**y at 2", lambda y: 0.0**y, (2.0,), 0.0, (0.0,)),
    ("1/x at 0", lambda x: 1 / x, (0.0,), INF, (-INF,)),
    ("1/x at -0", lambda x: 1 / x, (-0.0,), -INF, (-INF,)),
    ("0/x at 0", lambda x: 0 / x, (0.0,), NAN, (NAN,)),
    ("x/y is one division", lambda x, y: x / y, (49.0, 49.0), 1.0, (1 / 49, -1 / 49)),
    ("inf - inf", lambda x, y: x - y, (INF, INF), NAN, (1.0, -1.0)),
    ("x - x at inf", lambda x: x - x, (INF,), NAN, (0.0,)),
    ("x*x at nan", lambda x: x * x, (NAN,), NAN, (NAN,)),
    ("inf * 0", lambda x, y: x * y, (INF, 0.0), NAN, (0.0, INF)),
    ("overflow", lambda x: x * x, (1e200,), INF, (2e200,)),
    ("abs at 0", lambda x: abs(x), (0.0,), 0.0, (0.0,)),
    ("sqrt(x*x) at 0", lambda x: sqrt(x * x), (0.0,), 0.0, (NAN,)),
    ("where(x > 0, sqrt(x), 0) at -1", lambda x: where(x > 0, sqrt(x), 0.0), (-1.0,), 0.0, (0.0,)),
    ("where(x > 0, sqrt(x), 0) at 4", lambda x: where(x > 0, sqrt(x), 0.0), (4.0,), 2.0, (0.25,)),
    ("where(x > 0, x, 1/x) at 0", lambda x: where(x >= 0, x, 1 / x), (0.0,), 0.0, (1.0,)),
]

# Written with functions alone, which take floats as well.
FUNCTIONS: list[Case] = [
    ("reciprocal at 0", reciprocal, (0.0,), INF, (-INF,)),
    ("sqrt at 0", sqrt, (0.0,), 0.0, (INF,)),
    ("sqrt(-x) at 0", lambda x: sqrt(-x), (0.0,), 0.0, (-INF,)),
    ("sqrt(max(x, 0)) at -0", lambda x: sqrt(maximum(x, 0.0)), (-0.0,), 0.0, (INF,)),
    ("sqrt(max(0, -x)) at 0", lambda x: sqrt(maximum(0.0, -x)), (0.0,), 0.0, (-INF,)),
    ("sqrt at -1", sqrt, (-1.0,), NAN, (NAN,)),
    ("cbrt at 0", cbrt, (0.0,), 0.0, (INF,)),
    ("cbrt at -8", cbrt, (-8.0,), -2.0, (1 / 12,)),
    ("cbrt at inf", cbrt, (INF,), INF, (0.0,)),
    ("hypot at (0, 0)", hypot, (0.0, 0.0), 0.0, (0.0, 0.0)),
    ("hypot at (3e200, 4e200)", hypot, (3e200, 4e200), 5e200, (0.6, 0.8)),
    ("norm at the origin", lambda *xs: norm(xs), (0.0, 0.0, 0.0), 0.0, (0.0, 0.0, 0.0)),
    ("norm of one zero", lambda x: norm([x]), (0.0,), 0.0, (0.0,)),
    ("hypot at (inf, 3)", hypot, (INF, 3.0), INF, (1.0, 0.0)),
    ("hypot at (3, -inf)", hypot, (3.0, -INF), INF, (0.0, -1.0)),
    ("hypot at (inf, inf)", hypot, (INF, INF), INF, (NAN, NAN)),
    ("hypot at (inf, nan)", hypot, (INF, NAN), INF, (NAN, NAN)),
    ("norm at (1, -inf, 2)", lambda *xs: norm(xs), (1.0, -INF, 2.0), INF, (0.0, -1.0, 0.0)),
    ("norm at (inf, inf)", lambda *xs: norm(xs), (INF, INF), INF, (NAN, NAN)),
    ("atan2 at (inf, 1)", atan2, (INF, 1.0), math.pi / 2, (0.0, 0.0)),
    ("atan2 at (1, -inf)", atan2, (1.0, -INF), math.pi, (0.0, 0.0)),
    ("atan2 at (inf, inf)", atan2, (INF, INF), math.pi / 4, (0.0, 0.0)),
    ("atan2 at (0, 0)", atan2, (0.0, 0.0), 0.0, (NAN, NAN)),
    ("atan2 at (0, -1)", atan2, (0.0, -1.0), math.pi, (-1.0, 0.0)),
    ("log at 0", log, (0.0,), -INF, (INF,)),
    ("log at -0", log, (-0.0,), -INF, (INF,)),
    ("log(-x) at 0", lambda x: log(-x), (0.0,), -INF, (-INF,)),
    ("log2(-x) at 0", lambda x: log2(-x), (0.0,), -INF, (-INF,)),
    ("log10(-x) at 0", lambda x: log10(-x), (0.0,), -INF, (-INF,)),
    ("xlogy(1, -x) at 0", lambda x: xlogy(1.0, -x), (0.0,), -INF, (-INF,)),
    ("-log1p(-x) at 1", lambda x: -log1p(-x), (1.0,), INF, (INF,)),
    ("log at -1", log, (-1.0,), NAN, (NAN,)),
    ("log1p at -1", log1p, (-1.0,), -INF, (INF,)),
    ("log1p at -2", log1p, (-2.0,), NAN, (NAN,)),
    ("asin at 1", asin, (1.0,), math.pi / 2, (INF,)),
    ("acos at 1", acos, (1.0,), 0.0, (-INF,)),
    ("acos at 2", acos, (2.0,), NAN, (NAN,)),
    ("atanh at 1", atanh, (1.0,), INF, (INF,)),
    ("atanh at 2", atanh, (2.0,), NAN, (NAN,)),
    ("xlogy(x, x) at 0", lambda x: xlogy(x, x), (0.0,), 0.0, (-INF,)),
    ("xlogy at (0, 0)", xlogy, (0.0, 0.0), 0.0, (-INF, 0.0)),
    ("xlogy at (0, 2)", xlogy, (0.0, 2.0), 0.0, (math.log(2.0), 0.0)),
    ("xlogy at (1, -1)", xlogy, (1.0, -1.0), NAN, (NAN, NAN)),
    ("xlogy at (1, 0)", xlogy, (1.0, 0.0), -INF, (-INF, INF)),
    ("abs at 0", abs, (0.0,), 0.0, (0.0,)),
    ("abs at nan", abs, (NAN,), NAN, (NAN,)),
    ("sign at 0", sign, (0.0,), 0.0, (0.0,)),
    ("floor at 2", floor, (2.0,), 2.0, (0.0,)),
    ("floor at inf", floor, (INF,), INF, (0.0,)),
    ("ceil at nan", ceil, (NAN,), NAN, (NAN,)),
    ("ceil of a negative fraction", lambda x: atan2(ceil(x), -1.0), (-0.5,), -math.pi, (0.0,)),
    ("floor at -0", lambda x: atan2(floor(x), -1.0), (-0.0,), -math.pi, (0.0,)),
    ("step at 0", step, (0.0,), 0.0, (0.0,)),
    ("relu at 0", relu, (0.0,), 0.0, (0.0,)),
    ("relu at nan", relu, (NAN,), NAN, (NAN,)),
    ("relu at -inf", relu, (-INF,), 0.0, (0.0,)),
    ("leaky_relu at 0", lambda x: leaky_relu(x, 0.1), (0.0,), 0.0, (0.1,)),
    ("leaky_relu at nan", lambda x: leaky_relu(x, 0.1), (NAN,), NAN, (NAN,)),
    ("elu at 0", lambda x: elu(x, 0.5), (0.0,), 0.0, (0.5,)),
    ("elu at -1000", elu, (-1000.0,), -1.0, (0.0,)),
    ("elu at 1000", elu, (1000.0,), 1000.0, (1.0,)),
    ("silu at inf", silu, (INF,), INF, (1.0,)),
    ("silu at -inf", silu, (-INF,), 0.0, (0.0,)),
    ("gelu at inf", gelu, (INF,), INF, (1.0,)),
    ("gelu at -inf", gelu, (-INF,), 0.0, (0.0,)),
    ("gaussian at inf", gaussian, (INF,), 0.0, (0.0,)),
    ("normal_pdf at -inf", normal_pdf, (-INF,), 0.0, (0.0,)),
    ("maximum at a tie", maximum, (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("maximum against a constant", lambda x: maximum(x, 0.0), (0.0,), 0.0, (0.5,)),
    ("maximum with the constant first", lambda x: maximum(0.0, x), (0.0,), 0.0, (0.5,)),
    ("maximum of x and x", lambda x: maximum(x, x), (2.0,), 2.0, (1.0,)),
    ("maximum at nan", maximum, (NAN, 1.0), NAN, (NAN, NAN)),
    ("maximum at the other nan", maximum, (1.0, NAN), NAN, (NAN, NAN)),
    ("minimum at a tie", minimum, (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("minimum against a constant", lambda x: minimum(x, 1.0), (1.0,), 1.0, (0.5,)),
    ("nested maxima keep their nesting", lambda x, y, z: maximum(maximum(x, y), z), (1.0,) * 3, 1.0, (0.25, 0.25, 0.5)),
    ("clip on its upper bound", lambda x: clip(x, 0.0, 1.0), (1.0,), 1.0, (0.5,)),
    ("clip on its lower bound", lambda x: clip(x, 0.0, 1.0), (0.0,), 0.0, (0.5,)),
    ("clip on an infinite bound", lambda x: clip(x, 0.0, INF), (INF,), INF, (0.5,)),
    ("prod with one zero", lambda *xs: prod(xs), (2.0, 0.0, 3.0), 0.0, (0.0, 6.0, 0.0)),
    ("prod with two zeros", lambda *xs: prod(xs), (0.0, 0.0, 3.0), 0.0, (0.0, 0.0, 0.0)),
    ("sigmoid at 1000", sigmoid, (1000.0,), 1.0, (0.0,)),
    ("sigmoid at -1000", sigmoid, (-1000.0,), 0.0, (0.0,)),
    ("sigmoid at 40", sigmoid, (40.0,), 1.0, (4.248354255291589e-18,)),
    ("tanh at 20", tanh, (20.0,), 1.0, (1.6993417021166355e-17,)),
    ("tanh at inf", tanh, (INF,), 1.0, (0.0,)),
    ("softplus at 1000", softplus, (1000.0,), 1000.0, (1.0,)),
    ("softplus at -1000", softplus, (-1000.0,), 0.0, (0.0,)),
    ("logaddexp at (-inf, -inf)", logaddexp, (-INF, -INF), -INF, (0.5, 0.5)),
    ("logaddexp at (inf, inf)", logaddexp, (INF, INF), INF, (0.5, 0.5)),
    ("logaddexp at (inf, 0)", logaddexp, (INF, 0.0), INF, (1.0, 0.0)),
    ("logaddexp at (-inf, 0)", logaddexp, (-INF, 0.0), 0.0, (0.0, 1.0)),
    ("logaddexp at (1000, 0)", logaddexp, (1000.0, 0.0), 1000.0, (1.0, 0.0)),
    ("logsumexp of -inf", lambda *xs: logsumexp(xs), (-INF, -INF, -INF, -INF), -INF, (0.25,) * 4),
    ("logsumexp of one", lambda x: logsumexp([x]), (3.0,), 3.0, (1.0,)),
]

EVERY_CASE = pytest.mark.parametrize(
    ("expression", "point", "value", "gradient"),
    [pytest.param(*case[1:], id=case[0]) for case in OPERATORS + FUNCTIONS],
)


@EVERY_CASE
def test_on_values(expression: Any, point: Any, value: float, gradient: Any) -> None:
    leaves = [*map(Value, point)]
    root = expression(*leaves)
    root.backward()
    assert type(root.data) is float
    assert _same(root.data, value)
    for leaf, slope in zip(leaves, gradient, strict=True):
        assert type(leaf.grad) is float
        assert _same(leaf.grad, slope), (leaf, slope)


@pytest.mark.parametrize(
    ("expression", "point", "value"), [pytest.param(*case[1:4], id=case[0]) for case in OPERATORS + FUNCTIONS]
)
def test_on_arrays(expression: Any, point: Any, value: float) -> None:
    columns = [np.full(2, number) for number in point]
    with np.errstate(all="ignore"):  # the operators are NumPy's own
        assert [_same(float(number), value) for number in expression(*columns)] == [True, True]


@pytest.mark.parametrize(("expression", "point", "value"), [pytest.param(*case[1:4], id=case[0]) for case in FUNCTIONS])
def test_on_floats(expression: Any, point: Any, value: float) -> None:
    result = expression(*point)
    assert type(result) is float
    assert _same(result, value)


def test_the_branch_not_taken_has_no_edge() -> None:
    x, taken = Value(-1.0), Value(5.0)
    not_taken = sqrt(x)
    assert where(x > 0, not_taken, taken).parents == (taken,)


def test_a_constant_exponent_has_no_edge() -> None:
    x = Value(-2.0)
    assert (x**3).parents == (x,)


def test_plain_operators_on_a_quotient_would_round_twice() -> None:
    """What `x/y` as `x * y**-1` gives, so that the row above is known to hold something."""
    assert 49.0 * 49.0**-1 != 1.0


def _same(computed: float, expected: float) -> bool:
    """Equal to the last bit but for four ulp; a nan equals a nan, an infinity itself."""
    if math.isnan(expected):
        return math.isnan(computed)
    return computed == expected or (
        math.isfinite(expected) and abs(computed - expected) <= 4 * math.ulp(expected) and expected != 0.0
    )
