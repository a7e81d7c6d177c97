"""The choice at every kink and jump that a moderate expression can sit on, written down by hand, and the chain rule.

The slopes are those that docs/sweeps.md decides: the subgradient of least norm at a convex kink, 0 along
what is flat on both sides of a jump, the left slope of an activation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mpmath import mp

from autodiff import Primitive
from autodiff.testing import Expression, Step
from tests.autodiff.lines import defined

Choice = tuple[Callable[..., bool], Callable[..., Sequence[float]]]
"""Whether these operands are on the kink, and the slopes there."""


def _all_zero(*operands: float) -> bool:
    return not any(operands)


def _at_zero(x: float, *_: float) -> bool:
    return x == 0.0


def _whole(x: float) -> bool:
    return x.is_integer()


def _multiple(x: float, y: float) -> bool:
    return y != 0.0 and x % y == 0.0


def _tied(a: float, b: float) -> bool:
    return a == b


def _flat(*operands: float) -> Sequence[float]:
    return [0.0] * len(operands)


CHOICES: dict[str, Choice] = {
    "abs": (_at_zero, _flat),
    "relu": (_at_zero, _flat),
    "sign": (_at_zero, _flat),
    "step": (_at_zero, _flat),
    "floor": (_whole, _flat),
    "ceil": (_whole, _flat),
    "rint": (lambda x: x % 1.0 == 0.5, _flat),
    "floor_divide": (_multiple, _flat),
    "mod": (_multiple, lambda x, y: (1.0, -(x // y))),
    "hypot": (_all_zero, _flat),
    "norm": (_all_zero, _flat),
    "maximum": (_tied, lambda *_: (0.5, 0.5)),
    "minimum": (_tied, lambda *_: (0.5, 0.5)),
    "leaky_relu": (_at_zero, lambda _, a: (a, 0.0)),
    "elu": (_at_zero, lambda _, alpha: (alpha, 0.0)),
    "where": (_at_zero, lambda *_: (0.0, 0.0, 1.0)),
    # The edge of its domain: y·0^(y-1) along the base, and 0 along the exponent.
    "pow": (_at_zero, lambda _, y: (float(y == 1.0), 0.0)),
    # The cut, where the angle jumps by a turn, but the slopes x/r² and -y/r² of both sides agree.
    "atan2": (lambda y, x: y == 0.0 > x, lambda _, x: (1.0 / x, 0.0)),
}


def is_on_kink(step: Step, operands: Sequence[float]) -> bool:
    """Whether a step is exactly on a kink or a jump."""
    on_kink, _ = CHOICES.get(step.primitive.name, (lambda *_: False, None))
    return on_kink(*operands)


def kinks(expression: Expression) -> list[str]:
    """The names of the steps that the result depends on and that are on a kink or a jump."""
    entries = expression.entries(expression.inputs)
    steps = expression.read_steps().values()
    return [step.primitive.name for step in steps if is_on_kink(step, _operands(step, entries))]


def chosen_gradient(expression: Expression) -> list[float]:
    """The gradient by the chain rule, from definitions where they are smooth and from CHOICES where they are not."""
    entries = expression.entries(expression.inputs)
    with mp.workdps(40):
        size = len(expression.inputs)
        tangents = [[mp.mpf(row == column) for column in range(size)] for row in range(size)]
        for step in expression.steps:
            slopes = _slopes(step, _operands(step, entries))
            read = [(tangents[x], slope) for x, slope in zip(step.operands, slopes, strict=True) if isinstance(x, int)]
            tangents.append([mp.fsum(tangent[column] * slope for tangent, slope in read) for column in range(size)])
        return [*map(float, tangents[-1])]


def _operands(step: Step, entries: Sequence[float]) -> list[float]:
    return [entries[x] if isinstance(x, int) else x for x in step.operands]


def _slopes(step: Step, operands: Sequence[float]) -> Sequence[Any]:
    name = step.primitive.name
    if is_on_kink(step, operands):
        return CHOICES[name][1](*operands)
    return [
        mp.zero if isinstance(x, float) else mp.diff(_along(step.primitive, operands, place), operands[place])
        for place, x in enumerate(step.operands)
    ]


def _along(primitive: Primitive, operands: Sequence[float], place: int) -> Callable[[Any], Any]:
    """The definition as a function of one operand."""
    return lambda x: defined(primitive, *operands[:place], x, *operands[place + 1 :])
