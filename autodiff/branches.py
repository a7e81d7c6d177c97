"""Choices that a trace leaves open: keeping the slopes of a branch that is not taken out of the result.

An eager choice has an edge to the branch taken and none to the other. In a trace both are there, and 0
times the infinite slope of a branch not taken would be nan. So what comes out of an undecided branch is
chosen, not multiplied, and stays guarded by the condition all the way down.
"""

from __future__ import annotations

from typing import Any

from autodiff.choice import WHERE
from autodiff.rules import MAXIMUM, MUL


def selected(slope: Any, factor: Any) -> Any:
    """`factor` where the choice behind `slope` takes this branch, else 0; None if `slope` is no such choice."""
    condition = _undecided(slope)
    if condition is None:
        return None
    _, chosen, other = slope.operands
    return WHERE(condition, factor if chosen == 1.0 else 0.0, factor if other == 1.0 else 0.0)


def branch_guard(slope: Any, guard: Any) -> Any:
    """The condition under which something flows along an edge, if it does into its node under `guard`.

    Conditions are symbols that are 1 or 0; None means always.
    """
    condition = _undecided(slope)
    if condition is None:
        return guard
    taken = condition != 0.0 if slope.operands[1] == 1.0 else condition == 0.0
    return taken if guard is None else MUL(guard, taken)


def either(guard: Any, other: Any) -> Any:
    """Under one condition or the other; None means always."""
    return None if guard is None or other is None else MAXIMUM(guard, other)


def guarded(guard: Any, term: Any) -> Any:
    """`term` under the condition, else 0."""
    return term if guard is None else WHERE(guard, term, 0.0)


def _undecided(slope: Any) -> Any:
    """The condition of a slope that is where(condition, 1, 0) or where(condition, 0, 1), if that is a symbol."""
    if getattr(slope, "primitive", None) is not WHERE:
        return None
    condition, a, b = slope.operands
    undecided = type(condition) is not float and type(a) is float and type(b) is float
    return condition if undecided and {a, b} == {0.0, 1.0} else None
