"""Functions that are exact as compositions of rows, so that they need none of their own.

They take floats, arrays, Values and symbols, as rows do. Where a choice is known, it leaves no node.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import rules
from autodiff.choice import both, chosen
from autodiff.errors import OptionError
from autodiff.primitive import is_node, real_number


def _operand(given: Any) -> Any:
    """A number as a float; nodes and arrays as they are. Raises CoercionError (a TypeError) for anything else.

    A comparison would raise a TypeError of Python's, or give an answer about something that is no number.
    """
    return given if is_node(given) or isinstance(given, (np.ndarray, np.generic)) else real_number(given)


def trunc(x: Any) -> Any:
    """The integer between 0 and x that is next to x."""
    x = _operand(x)
    return chosen(x < 0.0, lambda: rules.CEIL(x), lambda: rules.FLOOR(x))


def rounded(x: Any, decimals: int = 0) -> Any:
    """x to so many decimals, as NumPy rounds: scaled, to the nearest integer, halves to even, and scaled back."""
    if not hasattr(decimals, "__index__"):
        raise OptionError(f"decimals is a whole number, got {decimals!r}")
    if decimals == 0:
        return rules.RINT(x)
    scale = 10.0 ** abs(decimals)
    if decimals > 0:
        return rules.DIV(rules.RINT(rules.MUL(x, scale)), scale)
    return rules.MUL(rules.RINT(rules.DIV(x, scale)), scale)


def fmod(x: Any, y: Any) -> Any:
    """The remainder of x by y with the sign of x."""
    x, size = _operand(x), rules.ABS(y)
    return chosen(x < 0.0, lambda: -rules.MOD(-x, size), lambda: rules.MOD(x, size))


def divided(x: Any, y: Any) -> tuple[Any, Any]:
    """The floor of the quotient, and the remainder."""
    return rules.FLOOR_DIVIDE(x, y), rules.MOD(x, y)


def copysign(x: Any, y: Any) -> Any:
    """|x| with the sign of y, of a zero too."""
    size, y = rules.ABS(x), _operand(y)
    return chosen((y < 0.0) + (rules.RECIPROCAL(y) == -math.inf), lambda: -size, size)


def heaviside(x: Any, at_zero: Any) -> Any:
    """0 below 0, 1 above it, and `at_zero` at it."""
    return chosen(x == 0.0, _operand(at_zero), lambda: rules.STEP(x))


def deg2rad(x: Any) -> Any:
    """An angle in degrees as one in radians."""
    return rules.MUL(x, math.pi / 180.0)


def rad2deg(x: Any) -> Any:
    """An angle in radians as one in degrees."""
    return rules.MUL(x, 180.0 / math.pi)


def logit(x: Any) -> Any:
    """ln(x/(1 - x)). Near 1/2 two logarithms would cancel; the inverse of tanh does not."""
    x = _operand(x)
    near = both(x > 0.25, lambda: x < 0.75)
    return chosen(
        near,
        lambda: 2.0 * rules.ATANH(2.0 * x - 1.0),
        lambda: rules.LOG(x) - rules.LOG1P(-x),
    )


def isnan(x: Any) -> Any:
    """Whether x is not a number."""
    x = _operand(x)
    return x != x


def isinf(x: Any) -> Any:
    """Whether x is infinite."""
    return rules.ABS(x) == math.inf


def isfinite(x: Any) -> Any:
    """Whether x is neither infinite nor nan."""
    return rules.ABS(x) < math.inf


def signbit(x: Any) -> Any:
    """Whether x has a minus, a zero too."""
    return (x < 0.0) | (rules.RECIPROCAL(x) == -math.inf)


def maximum(a: Any, b: Any, *others: Any) -> Any:
    """The largest. Of more than two it is one node, whose slope at a tie of k is 1/k each."""
    return rules.LARGEST(a, b, *others) if others else rules.MAXIMUM(a, b)


def minimum(a: Any, b: Any, *others: Any) -> Any:
    """The smallest: the largest of the negatives, negated, where there are more than two."""
    if not others:
        return rules.MINIMUM(a, b)
    return rules.NEG(rules.LARGEST(*(rules.NEG(term) for term in (a, b, *others))))


def hypot(a: Any, b: Any, *others: Any) -> Any:
    """The Euclidean length of any number of components."""
    return rules.NORM(a, b, *others) if others else rules.HYPOT(a, b)
