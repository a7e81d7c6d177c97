"""Where an operation is safe to differentiate: away from kinks, poles and tails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.primitive import Primitive
from autodiff.slopes import local_slopes
from autodiff.value import Value

LARGEST_VALUE = 32.0
LARGEST_SLOPE = 8.0
_NEARBY = 2.0**-20
_CHANGE = 2.0**-12  # of value and slopes from here to nearby: bounds the next derivative by about 256


def is_safe(primitive: Primitive, *operands: Any) -> bool:
    """Whether value and slopes are moderate here, and change little when all operands that are Values move a bit.

    Parameters
    ----------
    primitive : Primitive
    *operands : float or Value
        Floats are constants: a negative base is safe under a constant exponent, and unsafe under a variable one.

    Returns
    -------
    bool
        Whether the value is within ±32, each slope within ±8, and no kink, jump or pole is nearby.

    Examples
    --------
    >>> from autodiff.rules import ABS, POW
    >>> is_safe(ABS, Value(0.0)), is_safe(ABS, Value(0.5))
    (False, True)
    >>> is_safe(POW, Value(-2.0), 2.0), is_safe(POW, Value(-2.0), Value(2.0))
    (True, False)
    """
    here = value_and_slopes(primitive, operands)
    return moderate(here) and not jumps(primitive, operands, here)


def moderate(here: Sequence[float]) -> bool:
    """Whether a value, and the slopes that follow it, are within bounds; nan is not."""
    return abs(here[0]) <= LARGEST_VALUE and all(abs(slope) <= LARGEST_SLOPE for slope in here[1:])


def jumps(primitive: Primitive, operands: Sequence[Any], here: Sequence[float]) -> bool:
    """Whether value or slopes change abruptly around the operands, where they are `here`."""
    for move in (_NEARBY, -_NEARBY):
        there = value_and_slopes(primitive, [_moved(operand, place, move) for place, operand in enumerate(operands)])
        if not all(abs(a - b) <= _CHANGE for a, b in zip(here, there, strict=True)):
            return True
    return False


def value_and_slopes(primitive: Primitive, operands: Sequence[Any]) -> list[float]:
    """The value and the slope along each operand, 0 along constants; nan where the function raises as `math` does."""
    try:
        node = primitive(*operands)
        return [node.data, *(slope or 0.0 for slope in local_slopes(node))]
    except (ArithmeticError, ValueError):  # a user's own function, outside its domain
        return [float("nan")] * (1 + len(operands))


def _moved(operand: Any, place: int, move: float) -> Any:
    # Unequal moves, because ties stay ties when both sides move alike.
    return Value(operand.data + move * (1 - 2 * (place % 2)) / (1 + place)) if type(operand) is Value else operand
