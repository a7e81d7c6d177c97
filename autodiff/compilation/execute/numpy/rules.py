"""NumPy's rules: operations that it has no ufunc for, and some that are slow, in terms of faster ones.

What is not listed runs through the row's array function, which is right and allocates.
"""

from __future__ import annotations

import math
from typing import Any

from autodiff.choice import WHERE
from autodiff.compilation.rewrite.rules import Make, Rules
from autodiff.conditions import EQUAL
from autodiff.rules import (
    ADD,
    DIV,
    EXP,
    LOG_SIGMOID,
    LOGADDEXP,
    LOGISTIC_PDF,
    MAXIMUM,
    MEAN,
    MUL,
    NEG,
    POW,
    RECIPROCAL,
    RELU,
    SIGMOID,
    SIGN,
    SOFTPLUS,
    SQRT,
    SQUARE,
    STEP,
    SUM,
)


def _sigmoid(make: Make, x: Any) -> Any:
    """1/(1 + e⁻ˣ); of a negation -y it is 1/(1 + 1/e⁻ʸ), for the forward pass has e⁻ʸ.

    Where e⁻ˣ overflows, from -x = 710 on, this is 0: the subnormal results up to 745 are lost.
    """
    opposite = _opposite(make, x)
    if opposite is None:
        return make(RECIPROCAL, (make(ADD, (_decay(make, x), 1.0)),))
    return make(RECIPROCAL, (make(ADD, (make(RECIPROCAL, (_decay(make, opposite),)), 1.0)),))


def _decay(make: Make, x: Any) -> Any:
    return make(EXP, (make(NEG, (x,)),))


def _opposite(make: Make, x: Any) -> Any:
    """What x is the negation of, as in -y or -2·y; None if it is none."""
    if x.primitive is NEG:
        return x.operands[0]
    if x.primitive is MUL and type(x.operands[0]) is float and x.operands[0] < 0.0:
        return make(MUL, (-x.operands[0], x.operands[1]))
    return None


def _product(make: Make, a: Any, b: Any) -> Any:
    """c·sigmoid(y)·sigmoid(-y), the slope of sigmoid and of tanh, with one division in place of two."""
    if type(b) is float or b.primitive is not RECIPROCAL:
        return None
    growth = _inside_sigmoid(b)
    if getattr(growth, "primitive", None) is not RECIPROCAL:
        return None
    share = a.operands[1] if getattr(a, "primitive", None) is MUL and type(a.operands[0]) is float else a
    return make(DIV, (a, b.operands[0])) if _inside_sigmoid(share) is growth.operands[0] else None


def _inside_sigmoid(made: Any) -> Any:
    """What 1 is added to in 1/(x + 1); None for anything else."""
    if getattr(made, "primitive", None) is not RECIPROCAL:
        return None
    (below,) = made.operands
    if below.primitive is not ADD or type(below.operands[1]) is not float or below.operands[1] != 1.0:
        return None
    return below.operands[0]


def _power(make: Make, x: Any, exponent: Any) -> Any:
    """Small whole exponents as products; NumPy's power is tens of times slower. A square root as IEEE 754's pow
    has it: inf of -inf, and 0 of -0, for NumPy's power takes sqrt there."""
    if type(exponent) is not float:
        return None
    if exponent == 0.5:
        root = make(SQRT, (make(ADD, (x, 0.0)),))
        return make(WHERE, (make(EQUAL, (x, -math.inf)), math.inf, root))
    if exponent in (1.0, 2.0, 3.0, -1.0):
        square = make(SQUARE, (x,))
        return {1.0: x, 2.0: square, 3.0: make(MUL, (square, x)), -1.0: make(RECIPROCAL, (x,))}[exponent]
    return None


RULES: Rules = {
    SIGMOID: _sigmoid,
    LOGISTIC_PDF: lambda make, x: make(MUL, (make(SIGMOID, (x,)), make(SIGMOID, (make(NEG, (x,)),)))),
    MUL: _product,
    POW: _power,
    RELU: lambda make, x: make(MAXIMUM, (x, 0.0)),
    STEP: lambda make, x: make(SIGN, (make(MAXIMUM, (x, 0.0)),)),  # with relu, half of what heaviside takes
    SOFTPLUS: lambda make, x: make(LOGADDEXP, (x, 0.0)),
    LOG_SIGMOID: lambda make, x: make(NEG, (make(LOGADDEXP, (make(NEG, (x,)), 0.0)),)),
    MEAN: lambda make, *terms: make(DIV, (make(SUM, terms), float(len(terms)))),
}
