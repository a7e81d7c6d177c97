"""Circular and hyperbolic functions and their inverses; angles in radians."""

from __future__ import annotations

from typing import Any

from autodiff import compositions as c
from autodiff import rules
from autodiff.functions.scalar import Scalar, binary, n_ary

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cos",
    "cosh",
    "deg2rad",
    "degrees",
    "hypot",
    "rad2deg",
    "radians",
    "sin",
    "sinh",
    "tan",
    "tanh",
]


def sin(x: Scalar) -> Scalar:
    """The sine. Slope cos(x)."""
    return rules.SIN(x)


def cos(x: Scalar) -> Scalar:
    """The cosine. Slope -sin(x)."""
    return rules.COS(x)


def tan(x: Scalar) -> Scalar:
    """The tangent. Slope 1 + tan²(x)."""
    return rules.TAN(x)


def asin(x: Scalar) -> Scalar:
    """The angle in [-π/2, π/2] whose sine is x; nan outside [-1, 1]. Slope 1/√(1 - x²)."""
    return rules.ASIN(x)


def acos(x: Scalar) -> Scalar:
    """The angle in [0, π] whose cosine is x; nan outside [-1, 1]. Slope -1/√(1 - x²)."""
    return rules.ACOS(x)


def atan(x: Scalar) -> Scalar:
    """The angle in (-π/2, π/2) whose tangent is x. Slope 1/(1 + x²)."""
    return rules.ATAN(x)


@binary
def atan2(y: Any, x: Any) -> Any:
    """The angle in [-π, π] of the point (x, y). Slopes x/(x² + y²) and -y/(x² + y²); nan at the origin."""
    return rules.ATAN2(y, x)


def sinh(x: Scalar) -> Scalar:
    """The hyperbolic sine. Slope cosh(x)."""
    return rules.SINH(x)


def cosh(x: Scalar) -> Scalar:
    """The hyperbolic cosine. Slope sinh(x)."""
    return rules.COSH(x)


def tanh(x: Scalar) -> Scalar:
    """The hyperbolic tangent. Slope 1 - tanh²(x), exact in the tails."""
    return rules.TANH(x)


def asinh(x: Scalar) -> Scalar:
    """The inverse of sinh. Slope 1/√(1 + x²)."""
    return rules.ASINH(x)


def acosh(x: Scalar) -> Scalar:
    """The inverse of cosh on [0, ∞); nan below 1. Slope 1/√(x² - 1)."""
    return rules.ACOSH(x)


def atanh(x: Scalar) -> Scalar:
    """The inverse of tanh; ±inf at ±1, nan outside. Slope 1/(1 - x²)."""
    return rules.ATANH(x)


def deg2rad(x: Scalar) -> Scalar:
    """An angle in degrees as one in radians. Slope π/180."""
    return c.deg2rad(x)  # type: ignore[no-any-return]  # of the kind of x


def rad2deg(x: Scalar) -> Scalar:
    """An angle in radians as one in degrees. Slope 180/π."""
    return c.rad2deg(x)  # type: ignore[no-any-return]  # of the kind of x


radians, degrees = deg2rad, rad2deg


@n_ary
def hypot(a: Any, b: Any, *others: Any) -> Any:
    """√(a² + b² + …) without overflow. Slopes a/out and b/out; 0 at the origin, and flat: write a*a + b*b, not
    hypot(a, b)**2, where second derivatives at the origin count."""
    return c.hypot(a, b, *others)
