"""How SymPy writes each operation. One that has no row here becomes a function with its own name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Row: TypeAlias = Callable[..., Any]
"""The expression of an operation, from the module `sympy` and the expressions of its operands."""


def _named(name: str) -> Row:
    return lambda sp, *operands: getattr(sp, name)(*operands)


def _sigmoid(sp: Any, x: Any) -> Any:
    return 1 / (1 + sp.exp(-x))


def _normal_cdf(sp: Any, x: Any) -> Any:
    return sp.erfc(-x / sp.sqrt(2)) / 2


def _norm(sp: Any, *xs: Any) -> Any:
    return sp.sqrt(sp.Add(*(x**2 for x in xs)))


def _log_sum_exp(sp: Any, *xs: Any) -> Any:
    return sp.log(sp.Add(*(sp.exp(x) for x in xs)))


def _dot(sp: Any, *halves: Any) -> Any:
    half = len(halves) // 2
    return sp.Add(*(a * b for a, b in zip(halves[:half], halves[half:], strict=True)))


def _cube_root(sp: Any, x: Any) -> Any:
    third = sp.Rational(1, 3)
    return sp.Piecewise((x**third, x >= 0), (-((-x) ** third), True))


def _pow_partial(sp: Any, x: Any, y: Any, i: Any, j: Any) -> Any:
    base, exponent = sp.Dummy(positive=True), sp.Dummy()
    return sp.diff(base**exponent, (base, round(i)), (exponent, round(j))).subs({base: x, exponent: y})


def _nearest(sp: Any, x: Any) -> Any:
    """The nearest integer, halves to the even one."""
    quarter = (2 * x - 1) / 4
    return sp.floor(x + sp.Rational(1, 2)) + sp.ceiling(quarter) - sp.floor(quarter) - 1


ROWS: dict[str, Row] = {
    "where": lambda sp, condition, a, b: sp.Piecewise((a, sp.Ne(condition, 0)), (b, True)),
    "sign": _named("sign"),
    "floor": _named("floor"),
    "ceil": _named("ceiling"),
    "rint": _nearest,
    "floor_divide": lambda sp, x, y: sp.floor(x / y),
    "mod": _named("Mod"),
    "step": lambda sp, x: sp.Piecewise((1, x > 0), (0, True)),
    "add": _named("Add"),
    "sub": lambda sp, a, b: a - b,
    "mul": _named("Mul"),
    "div": lambda sp, a, b: a / b,
    "identity": lambda sp, x: x,
    "neg": lambda sp, x: -x,
    "abs": _named("Abs"),
    "square": lambda sp, x: x**2,
    "reciprocal": lambda sp, x: 1 / x,
    "pow": _named("Pow"),
    "sqrt": _named("sqrt"),
    "cbrt": _cube_root,
    "exp": _named("exp"),
    "expm1": lambda sp, x: sp.exp(x) - 1,
    "exp2": lambda sp, x: sp.Integer(2) ** x,
    "log": _named("log"),
    "log1p": lambda sp, x: sp.log(1 + x),
    "log2": lambda sp, x: sp.log(x) / sp.log(2),
    "log10": lambda sp, x: sp.log(x) / sp.log(10),
    "xlogy": lambda sp, x, y: x * sp.log(y),
    **{name: _named(name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "atan2")},
    **{name: _named(name) for name in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")},
    "sigmoid": _sigmoid,
    "log_sigmoid": lambda sp, x: -sp.log(1 + sp.exp(-x)),
    "softplus": lambda sp, x: sp.log(1 + sp.exp(x)),
    "relu": lambda sp, x: sp.Max(x, 0),
    "leaky_relu": lambda sp, x, a: sp.Piecewise((x, x > 0), (a * x, True)),
    "elu": lambda sp, x, a: sp.Piecewise((x, x > 0), (a * (sp.exp(x) - 1), True)),
    "silu": lambda sp, x: x * _sigmoid(sp, x),
    "gaussian": lambda sp, x: sp.exp(-(x**2)),
    "normal_pdf": lambda sp, x: sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi),
    "normal_cdf": _normal_cdf,
    "erf": _named("erf"),
    "erfc": _named("erfc"),
    "gelu": lambda sp, x: x * _normal_cdf(sp, x),
    **{name: _named("Max") for name in ("maximum", "largest")},
    "minimum": _named("Min"),
    "leg": lambda sp, a, b: sp.sqrt(a**2 - b**2),
    "logistic_pdf": lambda sp, x: _sigmoid(sp, x) * _sigmoid(sp, -x),
    "pow_partial": _pow_partial,
    "xmuly": lambda sp, x, y: x * y,
    "xdivy": lambda sp, x, y: x / y,
    "hypot": _norm,
    "norm": _norm,
    "sum": _named("Add"),
    "mean": lambda sp, *terms: sp.Add(*terms) / len(terms),
    "prod": _named("Mul"),
    "dot": _dot,
    "logaddexp": _log_sum_exp,
    "logsumexp": _log_sum_exp,
}
