"""How SymPy writes operations: the forms that several rows of the table name, or that take more than one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Form: TypeAlias = Callable[..., Any]
"""The expression of an operation, from the module `sympy` and the expressions of its operands."""


def sigmoid(sp: Any, x: Any) -> Any:
    return 1 / (1 + sp.exp(-x))


def normal_cdf(sp: Any, x: Any) -> Any:
    return sp.erfc(-x / sp.sqrt(2)) / 2


def norm(sp: Any, *xs: Any) -> Any:
    return sp.sqrt(sp.Add(*(x**2 for x in xs)))


def log_sum_exp(sp: Any, *xs: Any) -> Any:
    return sp.log(sp.Add(*(sp.exp(x) for x in xs)))


def dot(sp: Any, *halves: Any) -> Any:
    half = len(halves) // 2
    return sp.Add(*(a * b for a, b in zip(halves[:half], halves[half:], strict=True)))


def cube_root(sp: Any, x: Any) -> Any:
    third = sp.Rational(1, 3)
    return sp.Piecewise((x**third, x >= 0), (-((-x) ** third), True))


def pow_partial(sp: Any, x: Any, y: Any, i: Any, j: Any) -> Any:
    base, exponent = sp.Dummy(positive=True), sp.Dummy()
    return sp.diff(base**exponent, (base, round(i)), (exponent, round(j))).subs({base: x, exponent: y})


def nearest(sp: Any, x: Any) -> Any:
    """The nearest integer, halves to the even one."""
    quarter = (2 * x - 1) / 4
    return sp.floor(x + sp.Rational(1, 2)) + sp.ceiling(quarter) - sp.floor(quarter) - 1
