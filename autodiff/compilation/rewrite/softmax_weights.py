"""Softmax weights: logsumexp and its slopes from one exponential of each term.

The row's slopes know the result alone and compute the exponentials again. A program still has those of the
forward pass, and each divided by their sum is the same slope: the softmax weight of its term.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.compilation.rewrite.rules import Make
from autodiff.compilation.trace.symbol import Symbol
from autodiff.graph import topological_order
from autodiff.primitive import Primitive
from autodiff.rules import ADD, DIV, EXP, LARGEST, LOG, LOGSUMEXP, MUL, SUB, SUM

HUGE = sys.float_info.max / 2.0  # differences of what is kept within it are finite
# A number, and a huge one of its sign in place of infinity.
FINITE = Primitive("finite", lambda x: min(max(x, -HUGE), HUGE), lambda x: np.clip(x, -HUGE, HUGE), (0.0,))


def logsumexp_parts(make: Make, terms: tuple[Any, ...]) -> tuple[Any, list[Any]]:
    """logsumexp, and the softmax weight of each term: e^(x - largest) over the sum of these.

    For the weights infinite terms count as huge floats, so that their differences are 0 and not nan.
    """
    largest = make(LARGEST, terms)
    top = make(FINITE, (largest,))
    exponentials = [_exp_of_gap(make, make(FINITE, (term,)), top) for term in terms]
    total = make(SUM, tuple(exponentials))
    return make(ADD, (largest, make(LOG, (total,)))), [make(DIV, (each, total)) for each in exponentials]


def _exp_of_gap(make: Make, a: Any, b: Any) -> Any:
    """exp(a - b) with the rounding of the difference taken back, as the row does it (Knuth's two-sum)."""
    gap = make(SUB, (a, b))
    kept = make(SUB, (gap, a))
    rounding = make(SUB, (make(SUB, (a, make(SUB, (gap, kept)))), make(ADD, (b, kept))))
    return make(MUL, (make(EXP, (gap,)), make(ADD, (rounding, 1.0))))


def row_slopes(make: Make, out: Any, terms: tuple[Any, ...]) -> Sequence[Any]:
    """What the row states as the slopes of logsumexp, as `make` makes them."""
    slopes = LOGSUMEXP.partials(out, *terms) if callable(LOGSUMEXP.partials) else ()
    made: dict[Any, Any] = {x: x for x in (out, *terms) if type(x) is Symbol}
    for node in topological_order(*slopes, until=frozenset(made)):
        if node not in made:
            operands = tuple([x if type(x) is float else made[x] for x in node.operands])
            made[node] = make(node.primitive, operands)
    return [made[slope] for slope in slopes]
