"""Factors: the three numbers whose product a weight of a neuron gets from one use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from autodiff import Value
from viz.why.sweep import Sweep

_SUMS = ("add", "sum", "identity")
_PRODUCTS = ("dot", "mul")


@final
@dataclass(frozen=True, slots=True)
class Factors:
    """What comes in × the slope of the activation × the gradient of the root along the neuron's output."""

    comes_in: float
    steepness: float
    """1 where the neuron has no activation."""
    upstream: float
    total: Value
    """Σ: the neuron's sum."""
    output: Value
    """What the activation made of the sum; the sum itself without one."""
    source: Value | None
    """The node whose value comes in; None for a constant, and where 1 does: a bias."""

    @property
    def product(self) -> float:
        """The three together: what this use adds to the gradient."""
        return self.comes_in * self.steepness * self.upstream

    @property
    def values(self) -> tuple[float, float, float]:
        """The three numbers, from the weight to the root."""
        return self.comes_in, self.steepness, self.upstream


def three_factors(sweep: Sweep, use: tuple[int, int, float]) -> Factors | None:
    """The factors of one use of a weight, or None where that is not a term of a neuron's sum."""
    head, index, slope = use
    reader = sweep.order[head]
    name = reader.primitive.name if reader.primitive else ""
    if name not in (*_PRODUCTS, *_SUMS):
        return None
    total = _sum_above(sweep, head)
    readers = sweep.uses[total]
    output, steepness = total, 1.0
    if len(readers) == 1 and _is_activation(sweep.order[readers[0][0]], sweep.order[total]):
        output, _, steepness = readers[0]
    elif name not in _PRODUCTS:
        return None
    other = _other_factor(reader, index) if name in _PRODUCTS else None
    order = sweep.order
    return Factors(slope, steepness, sweep.gradients[output], order[total], order[output], other)


def _sum_above(sweep: Sweep, place: int) -> int:
    """The last of the sums that a term goes into, each with slope 1 and read once."""
    while len(sweep.uses[place]) == 1:
        head, _, slope = sweep.uses[place][0]
        primitive = sweep.order[head].primitive
        if primitive is None or primitive.name not in _SUMS or slope != 1.0 or not _in_one_neuron(sweep, place, head):
            break
        place = head
    return place


def _in_one_neuron(sweep: Sweep, place: int, head: int) -> bool:
    below, above = sweep.order[place].origin, sweep.order[head].origin
    return (below.scope if below else ()) == (above.scope if above else ())


def _is_activation(node: Value, total: Value) -> bool:
    if node.primitive is None or len(node.parents) != 1:
        return False
    scope = node.origin.scope if node.origin else ()
    own = bool(scope) and total.origin is not None and total.origin.scope == scope
    return node.primitive.activation or (own and node.primitive.arity == 1)


def _other_factor(reader: Value, index: int) -> Value | None:
    half = len(reader.operands) // 2
    other = reader.operands[index - half if index >= half else index + half]
    return other if isinstance(other, Value) else None
