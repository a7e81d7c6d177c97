"""Algebra: rules that hold for every number, nan, infinities and both zeros among them, on any back end.

`x - x` is not 0 and `0·x` is not 0, for x may be infinite; `x + 0` is not x, for x may be -0.
"""

from __future__ import annotations

from autodiff.choice import WHERE
from autodiff.compilation.rewrite.rule import Rule
from autodiff.compilation.rewrite.softmax_weights import SOFTMAX_WEIGHTS
from autodiff.compilation.trace.stop_gradient import DETACH
from autodiff.rules import IDENTITY, SUM

ALGEBRA = (
    Rule("a product with 1", lambda x: x * 1.0, lambda x: x),
    Rule("1 times", lambda x: 1.0 * x, lambda x: x),
    Rule("a quotient by 1", lambda x: x / 1.0, lambda x: x),
    Rule("a copy", lambda x: IDENTITY(x), lambda x: x),
    Rule("stop-gradient, after derivatives are made", lambda x: DETACH(x), lambda x: x),
    Rule("a sum of one term", lambda x: SUM(x), lambda x: x),
    Rule("a choice that holds", lambda c, a, b: WHERE(c, a, b), lambda c, a, b: a, when=lambda c: c != 0.0),
    Rule("a choice that does not", lambda c, a, b: WHERE(c, a, b), lambda c, a, b: b, when=lambda c: c == 0.0),
    SOFTMAX_WEIGHTS,
)
