"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

from typing import Any

from autodiff import rules
from autodiff.functions.scalar import Scalar, binary

__all__ = [
    "cbrt",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "reciprocal",
    "sqrt",
    "square",
    "xlogy",
]


def square(x: Scalar) -> Scalar:
    """x². Slope 2x."""
    return rules.SQUARE(x)


def reciprocal(x: Scalar) -> Scalar:
    """1/x; inf at 0. Slope -1/x²."""
    return rules.RECIPROCAL(x)


def sqrt(x: Scalar) -> Scalar:
    """√x; nan below 0. Slope 1/(2√x), inf at 0."""
    return rules.SQRT(x)


def cbrt(x: Scalar) -> Scalar:
    """The real cube root of x, negative below 0. Slope 1/(3·cbrt(x)²), inf at 0."""
    return rules.CBRT(x)


def exp(x: Scalar) -> Scalar:
    """eˣ. Its own slope."""
    return rules.EXP(x)


def expm1(x: Scalar) -> Scalar:
    """eˣ - 1, exact near 0. Slope eˣ."""
    return rules.EXPM1(x)


def exp2(x: Scalar) -> Scalar:
    """2ˣ. Slope 2ˣ·ln 2."""
    return rules.EXP2(x)


def log(x: Scalar) -> Scalar:
    """The natural logarithm; -inf at 0, nan below. Slope 1/x."""
    return rules.LOG(x)


def log1p(x: Scalar) -> Scalar:
    """ln(1 + x), exact near 0; -inf at -1, nan below. Slope 1/(1 + x)."""
    return rules.LOG1P(x)


def log2(x: Scalar) -> Scalar:
    """The logarithm to base 2. Slope 1/(x·ln 2)."""
    return rules.LOG2(x)


def log10(x: Scalar) -> Scalar:
    """The logarithm to base 10. Slope 1/(x·ln 10)."""
    return rules.LOG10(x)


@binary
def xlogy(x: Any, y: Any) -> Any:
    """x·ln(y), and 0 where x is 0: the limit that entropies need. Slopes ln(y) and x/y."""
    return rules.XLOGY(x, y)


@binary
def logaddexp(a: Any, b: Any) -> Any:
    """ln(eᵃ + eᵇ) without overflow. Slopes sigmoid(a - b) and sigmoid(b - a); 0.5 each between equal infinities."""
    return rules.LOGADDEXP(a, b)
