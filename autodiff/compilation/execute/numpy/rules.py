"""NumPy's rules: operations that it has no ufunc for, and some that are slow, in terms of faster ones.

What is not listed runs through the row's array function, which is right and allocates.
"""

from __future__ import annotations

import math

from autodiff.choice import WHERE
from autodiff.compilation.rewrite.compositions import COMPOSITIONS
from autodiff.compilation.rewrite.rule import Rule
from autodiff.rules import (
    EXP,
    LOG_SIGMOID,
    LOGADDEXP,
    LOGISTIC_PDF,
    MAXIMUM,
    MEAN,
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

# 1/(1 + e⁻ˣ); of a negation -y it is 1/(1 + 1/e⁻ʸ), because the forward pass has e⁻ʸ. Where e⁻ˣ overflows, from
# -x = 710 on, this is 0: the subnormal results up to 745 are lost.
_SIGMOID = (
    Rule("sigmoid", lambda x: SIGMOID(x), lambda x: RECIPROCAL(EXP(-x) + 1.0)),
    Rule("sigmoid of a negation", lambda y: SIGMOID(-y), lambda y: RECIPROCAL(RECIPROCAL(EXP(-y)) + 1.0)),
    Rule(
        "sigmoid of a negative multiple",
        lambda c, y: SIGMOID(c * y),
        lambda c, y: RECIPROCAL(RECIPROCAL(EXP(-(-c * y))) + 1.0),
        when=lambda c: c < 0.0,
    ),
    # sigmoid(y)·sigmoid(-y), the slope of sigmoid and of tanh, with one division in place of two.
    Rule("slope of sigmoid", lambda x: LOGISTIC_PDF(x), lambda x: SIGMOID(x) * SIGMOID(-x)),
    Rule(
        "sigmoid times that of the negation",
        lambda e: RECIPROCAL(e + 1.0) * RECIPROCAL(RECIPROCAL(e) + 1.0),
        lambda e: RECIPROCAL(e + 1.0) / (RECIPROCAL(e) + 1.0),
    ),
    Rule(
        "a multiple of sigmoid times that of the negation",
        lambda c, e: c * RECIPROCAL(e + 1.0) * RECIPROCAL(RECIPROCAL(e) + 1.0),
        lambda c, e: c * RECIPROCAL(e + 1.0) / (RECIPROCAL(e) + 1.0),
        when=lambda c: True,
    ),
    Rule("log of sigmoid", lambda x: LOG_SIGMOID(x), lambda x: -LOGADDEXP(-x, 0.0)),
)
# NumPy's power is tens of times slower than products.
_POWERS = (
    Rule("first power", lambda x: x**1.0, lambda x: x),
    Rule("second power", lambda x: x**2.0, lambda x: SQUARE(x)),
    Rule("third power", lambda x: x**3.0, lambda x: SQUARE(x) * x),
    Rule("power of -1", lambda x: x**-1.0, lambda x: RECIPROCAL(x)),
    # As IEEE 754's pow has it: inf of -inf, and 0 of -0.
    Rule("power of 1/2", lambda x: x**0.5, lambda x: WHERE(x == -math.inf, math.inf, SQRT(x + 0.0))),
)
RULES = (
    *COMPOSITIONS,
    *_SIGMOID,
    *_POWERS,
    Rule("relu", lambda x: RELU(x), lambda x: MAXIMUM(x, 0.0)),
    # With relu, half of what heaviside takes.
    Rule("step", lambda x: STEP(x), lambda x: SIGN(MAXIMUM(x, 0.0))),
    Rule("softplus", lambda x: SOFTPLUS(x), lambda x: LOGADDEXP(x, 0.0)),
    Rule("mean", lambda *terms: MEAN(*terms), lambda *terms: SUM(*terms) / float(len(terms))),
)
