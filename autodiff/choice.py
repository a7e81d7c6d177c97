"""Choice: the row of `where`, and how slopes choose between two expressions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import numerics as n
from autodiff.primitive import Primitive

# The branch that is not taken has no edge, so no nan of its can reach the result.
WHERE: Primitive = Primitive(
    "where",
    n.where,
    np.where,
    (
        0.0,
        lambda out, condition, a, b: WHERE(condition, 1.0, 0.0),
        lambda out, condition, a, b: WHERE(condition, 0.0, 1.0),
    ),
    chooses=True,
    sympy=lambda sp, condition, a, b: sp.Piecewise((a, sp.Ne(condition, 0)), (b, True)),
)


def chosen(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, else `b`; without a node where the condition is known already, as it is
    for all but the symbols of a trace. A branch that costs something, or may be nan, is given as a function,
    called only if it is taken."""
    if _known(condition):
        taken = a if condition else b
        return taken() if callable(taken) else taken
    return WHERE(condition, *(branch() if callable(branch) else branch for branch in (a, b)))


def both(first: Any, second: Any) -> Any:
    """Whether both conditions hold; known not to as soon as one is known not to. A second one that costs
    something is given as a function, called only if the first may hold."""
    if _known(first) and not first:
        return False
    second = second() if callable(second) else second
    return False if _known(second) and not second else first * second


def _known(condition: Any) -> bool:
    return isinstance(condition, (int, np.bool_))  # bool is an int; a product of two is another
