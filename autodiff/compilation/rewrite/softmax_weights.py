"""Softmax weights: logsumexp and its slopes from one exponential of each term.

The row's slopes read the result alone and compute the exponentials again. A program still has those of the
forward pass, and each divided by their sum is the same slope: the softmax weight of its term.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autodiff.compilation.rewrite.rule import Rule
from autodiff.primitive import Primitive
from autodiff.rules import EXP, LARGEST, LOG, LOGSUMEXP, SUM
from autodiff.slopes import recorded_slopes

HUGE = sys.float_info.max / 2.0  # differences of what is kept within it are finite
# A number, and a huge one of its sign in place of infinity.
FINITE = Primitive("finite", lambda x: min(max(x, -HUGE), HUGE), lambda x: np.clip(x, -HUGE, HUGE), (0.0,))


def _by_the_row(*terms: Any) -> list[Any]:
    """logsumexp, and its slopes as the row states them, along all terms but constants."""
    out = LOGSUMEXP(*terms)
    return [out, *(slope for slope in recorded_slopes(out) if slope is not None)]


def _by_the_largest(*terms: Any) -> list[Any]:
    """logsumexp, and the softmax weight of each term: e^(x - largest) over the sum of these.

    For the weights infinite terms count as huge floats, so that their differences are 0 and not nan.
    """
    largest = LARGEST(*terms)
    top = FINITE(largest)
    exponentials = [_exp_of_gap(FINITE(term), top) for term in terms]
    total = SUM(*exponentials)
    weights = [each / total for term, each in zip(terms, exponentials, strict=True) if type(term) is not float]
    return [largest + LOG(total), *weights]


def _exp_of_gap(a: Any, b: Any) -> Any:
    """exp(a - b) with the rounding of the difference taken back, as the row does it (Knuth's two-sum)."""
    gap = a - b
    kept = gap - a
    rounding = (a - (gap - kept)) - (b + kept)
    return EXP(gap) * (rounding + 1.0)


SOFTMAX_WEIGHTS = Rule("softmax weights", _by_the_row, _by_the_largest)
