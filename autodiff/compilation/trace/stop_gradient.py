"""Stop-gradient: the operations of a trace that have no slope, because a graph has no edge there.

They are rows like those of the table, each an attribute of this module, so that programs pickle.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.primitive import Primitive


def _no_edge(*_: Any) -> None:
    """The slope along an operand that is cut off: not 0, for infinity times 0 is nan."""


def _truth(compare: Callable[[float, float], bool]) -> Callable[[float, float], float]:
    return lambda a, b: float(compare(a, b))


def _both(a: float, b: float) -> float:
    return float(a != 0.0 and b != 0.0)


def _either(a: float, b: float) -> float:
    return float(a != 0.0 or b != 0.0)


_TWO = (_no_edge, _no_edge)

# What is computed within no_grad() or detached.
DETACH = Primitive("detach", operator.pos, np.positive, (_no_edge,))

# Conditions, which are 1 or 0: comparisons, and what joins them.
LESS = Primitive("less", _truth(operator.lt), np.less, _TWO, "<")
LESS_EQUAL = Primitive("less_equal", _truth(operator.le), np.less_equal, _TWO, "≤")
GREATER = Primitive("greater", _truth(operator.gt), np.greater, _TWO, ">")
GREATER_EQUAL = Primitive("greater_equal", _truth(operator.ge), np.greater_equal, _TWO, "≥")
EQUAL = Primitive("equal", _truth(operator.eq), np.equal, _TWO, "=")
NOT_EQUAL = Primitive("not_equal", _truth(operator.ne), np.not_equal, _TWO, "≠")
AND = Primitive("logical_and", _both, np.logical_and, _TWO, "∧")
OR = Primitive("logical_or", _either, np.logical_or, _TWO, "∨")

COMPARISONS = {
    operator.lt: LESS,
    operator.le: LESS_EQUAL,
    operator.gt: GREATER,
    operator.ge: GREATER_EQUAL,
    operator.eq: EQUAL,
    operator.ne: NOT_EQUAL,
}
"""By Python's functions for them."""

CONDITIONS = frozenset({*COMPARISONS.values(), AND, OR})

LOGICAL = {
    np.logical_and: AND,
    np.bitwise_and: AND,
    np.logical_or: OR,
    np.bitwise_or: OR,
    np.logical_xor: NOT_EQUAL,
    np.bitwise_xor: NOT_EQUAL,
}
"""What NumPy's functions join conditions by."""
