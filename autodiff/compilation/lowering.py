"""Lowering: operations that NumPy has no ufunc for, in terms of those that it has.

What is not listed runs through the row's array function, which is right and allocates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.primitive import Primitive
from autodiff.rules import (
    ADD,
    CLAMP_MAX,
    CLAMP_MIN,
    DIV,
    EXP,
    LOG_SIGMOID,
    LOGADDEXP,
    MEAN,
    MUL,
    NEG,
    POW,
    RECIPROCAL,
    RELU,
    SIGMOID,
    SOFTPLUS,
    SQUARE,
    STEP,
    SUM,
)

Make = Callable[[Primitive, tuple[Any, ...]], Any]

HEAVISIDE = Primitive("heaviside", np.heaviside, np.heaviside, (0.0, 0.0))
_LARGEST_EXPONENT = 708.0  # exp of it is finite, so that sigmoid(x)·exp(-x) is not 0·inf


def lowered(primitive: Primitive, operands: tuple[Any, ...], make: Make) -> Any:
    """The operation made of others, or None where it stays as it is."""
    rule = _RULES.get(primitive)
    return None if rule is None else rule(make, *operands)


def _sigmoid(make: Make, x: Any) -> Any:
    """1/(1 + e⁻ˣ); of a negation -y it is e⁻ʸ times sigmoid(y), which the forward pass has."""
    if getattr(x, "primitive", None) is NEG:
        (y,) = x.operands
        return make(MUL, (_decay(make, y), make(SIGMOID, (y,))))
    return make(RECIPROCAL, (make(ADD, (_decay(make, x), 1.0)),))


def _decay(make: Make, x: Any) -> Any:
    return make(EXP, (make(CLAMP_MAX, (make(NEG, (x,)), _LARGEST_EXPONENT)),))


def _power(make: Make, x: Any, exponent: Any) -> Any:
    """Small whole exponents as products; NumPy's power is tens of times slower."""
    if type(exponent) is not float:
        return None
    if exponent in (1.0, 2.0, 3.0, -1.0):
        square = make(SQUARE, (x,))
        return {1.0: x, 2.0: square, 3.0: make(MUL, (square, x)), -1.0: make(RECIPROCAL, (x,))}[exponent]
    return None


_RULES: dict[Primitive, Callable[..., Any]] = {
    SIGMOID: _sigmoid,
    POW: _power,
    RELU: lambda make, x: make(CLAMP_MIN, (x, 0.0)),
    STEP: lambda make, x: make(HEAVISIDE, (x, 0.0)),
    SOFTPLUS: lambda make, x: make(LOGADDEXP, (x, 0.0)),
    LOG_SIGMOID: lambda make, x: make(NEG, (make(LOGADDEXP, (make(NEG, (x,)), 0.0)),)),
    MEAN: lambda make, *terms: make(DIV, (make(SUM, terms), float(len(terms)))),
}
