"""Conditions: comparisons, and what joins them. They are 1 or 0 and have no slope, because a graph has no edge there.

Values compare by their numbers at once and record nothing; the symbols of a trace record these rows. Each is an
attribute of this module, so that programs pickle.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np

from autodiff.primitive import Primitive, no_edge


def _truth(compare: Callable[[float, float], bool]) -> Callable[[float, float], float]:
    return lambda a, b: float(compare(a, b))


def _both(a: float, b: float) -> float:
    return float(a != 0.0 and b != 0.0)


def _either(a: float, b: float) -> float:
    return float(a != 0.0 or b != 0.0)


_TWO = (no_edge, no_edge)

LESS = Primitive("less", _truth(operator.lt), np.less, _TWO, "<", methods=("__lt__",))
LESS_EQUAL = Primitive("less_equal", _truth(operator.le), np.less_equal, _TWO, "≤", methods=("__le__",))
GREATER = Primitive("greater", _truth(operator.gt), np.greater, _TWO, ">", methods=("__gt__",))
GREATER_EQUAL = Primitive("greater_equal", _truth(operator.ge), np.greater_equal, _TWO, "≥", methods=("__ge__",))
EQUAL = Primitive("equal", _truth(operator.eq), np.equal, _TWO, "=", methods=("__eq__",))
NOT_EQUAL = Primitive("not_equal", _truth(operator.ne), np.not_equal, _TWO, "≠", methods=("__ne__",))
AND = Primitive("logical_and", _both, np.logical_and, _TWO, "∧")
OR = Primitive("logical_or", _either, np.logical_or, _TWO, "∨")

COMPARISONS = (LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL)
CONDITIONS = frozenset({*COMPARISONS, AND, OR})
