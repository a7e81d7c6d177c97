"""What flows along the edges of a graph, where a trace leaves open whether anything does.

An eager choice has an edge to the branch taken and none to the other, and a direction of 0 reaches nothing. In
a trace both branches and all directions are there, and 0 times an infinite slope would be nan. So what comes out
of an undecided branch is chosen, not multiplied, and stays guarded by the condition all the way; and what may
have started as 0 is multiplied so that 0 stays 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from autodiff.choice import WHERE, chosen
from autodiff.primitive import is_node
from autodiff.rules import MAXIMUM, MUL, XMULY


@final
class Flow:
    """The conditions under which something has come to each node of a sweep, in either direction.

    Conditions are symbols that are 1 or 0; None means always.
    """

    def __init__(self, seeds: Mapping[Any, Any]) -> None:
        self._branches: dict[Any, Any] = {}
        """Of nodes that belong to an undecided branch of a trace."""
        self._starts: dict[Any, Any] = {}
        """Of nodes that only seeds which may be 0 have reached."""
        for node, seed in seeds.items():
            if is_node(seed):
                start = seed != 0.0
                if start is not True:
                    self._starts[node] = start

    @property
    def is_decided(self) -> bool:
        """Whether everything so far flows always: what an edge brings is the product, unless its slope is a choice."""
        return not self._branches and not self._starts

    def along(self, slope: Any, source: Any, target: Any, factor: Any, *, first: bool) -> Any:
        """What an edge brings from `source`, which has `factor`, to `target`; the `first` to come there or not."""
        branch, start = self._branches.get(source), self._starts.get(source)
        _join(self._branches, target, _branch(slope, branch), first=first)
        _join(self._starts, target, start, first=first)
        product = times(slope, factor) if start is None else _from(start, slope, factor)
        return product if branch is None else WHERE(branch, product, 0.0)


def times(slope: Any, factor: Any) -> Any:
    """The product, without a node where one of the two is the constant 1, and without one for a choice."""
    if type(slope) is float:
        return factor if slope == 1.0 else factor * slope
    condition = _undecided(slope)
    if condition is not None:
        _, a, b = slope.operands
        return WHERE(condition, factor if a == 1.0 else 0.0, factor if b == 1.0 else 0.0)
    return slope if type(factor) is float and factor == 1.0 else factor * slope


def _from(start: Any, slope: Any, factor: Any) -> Any:
    """The product, and 0 where nothing started, whatever the slope; as a function of the factor it stays linear."""
    if type(slope) is float or _undecided(slope) is not None:
        return times(slope, factor)
    return chosen(start, lambda: times(slope, factor), lambda: XMULY(factor, slope))


def _join(conditions: dict[Any, Any], target: Any, condition: Any, *, first: bool) -> None:
    if first:
        if condition is not None:
            conditions[target] = condition
    elif target in conditions:
        joined = _either(conditions.pop(target), condition)
        if joined is not None:
            conditions[target] = joined


def _either(one: Any, other: Any) -> Any:
    """Under one condition or the other."""
    if one is other:
        return one
    return None if one is None or other is None or _are_opposite(one, other) else MAXIMUM(one, other)


def _are_opposite(one: Any, other: Any) -> bool:
    """Whether they are the two branches of one choice."""
    names = {getattr(condition.primitive, "name", None) for condition in (one, other)}
    if names != {"equal", "not_equal"}:
        return False
    (a, zero), (b, other_zero) = one.operands, other.operands
    return a is b and type(zero) is float and type(other_zero) is float and zero == other_zero == 0.0


def _branch(slope: Any, outer: Any) -> Any:
    """The condition under which something flows along an edge, if it does into its node under `outer`."""
    condition = _undecided(slope)
    if condition is None:
        return outer
    taken = condition != 0.0 if slope.operands[1] == 1.0 else condition == 0.0
    return taken if outer is None else MUL(outer, taken)


def _undecided(slope: Any) -> Any:
    """The condition of a slope that is where(condition, 1, 0) or where(condition, 0, 1), if that is a symbol."""
    if getattr(slope, "primitive", None) is not WHERE:
        return None
    condition, a, b = slope.operands
    undecided = type(condition) is not float and type(a) is float and type(b) is float
    return condition if undecided and {a, b} == {0.0, 1.0} else None
