"""Find two wrong slopes: one of an operation of one's own, one of a gradient written by hand.

    python -m pip install -e ".[testing]"
    python examples/wrong_slope.py

Random expressions find them, Hypothesis makes what it found small, and check_gradients says what is wrong.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from hypothesis import find, settings
from hypothesis import strategies as st

from autodiff import GradientMismatchError, check_gradients, define_primitive
from autodiff.testing import ALL_PRIMITIVES, Expression, expressions, safe_floats

SIMPLE = ALL_PRIMITIVES[:2]  # sums and products


# The slope of x / (1 + |x|) is 1 / (1 + |x|)². Here the square is missing.
@define_primitive(partials=[lambda _, x: 1.0 / (1.0 + abs(x))])
def softsign(x: float) -> float:
    return x / (1.0 + abs(x))


def error(weight: float, bias: float) -> float:
    """The squared error of a neuron whose one input is 0.5 and whose target is 1."""
    return (math.tanh(weight * 0.5 + bias) - 1.0) ** 2


def error_gradient(weight: float, bias: float) -> tuple[float, float]:
    """Its gradient by hand. The slope of tanh is missing along the bias."""
    out = math.tanh(weight * 0.5 + bias)
    return 2.0 * (out - 1.0) * (1.0 - out * out) * 0.5, 2.0 * (out - 1.0)


def check_expression(expression: Expression) -> None:
    check_gradients(expression, *expression.inputs, order=1)


def check_error_gradient(point: tuple[float, float]) -> None:
    check_gradients(error, *point, gradient=error_gradient)


def finding(check: Callable[[Any], None], example: Any) -> str:
    """What a check has to say about an example; empty if it passes."""
    try:
        check(example)
    except GradientMismatchError as mismatch:
        return str(mismatch)
    return ""


def smallest(examples: st.SearchStrategy[Any], check: Callable[[Any], None]) -> Any:
    """The simplest example that a check refuses. In a test this is what @given reports."""
    searching = settings(max_examples=500, deadline=None, database=None)
    return find(examples, lambda example: bool(finding(check, example)), settings=searching, random=random.Random(0))


def main() -> None:
    searches: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]] = {
        "the operation softsign": (
            expressions(primitives=[*SIMPLE, softsign], max_inputs=2, max_steps=3),
            check_expression,
        ),
        "the gradient by hand, at (weight, bias)": (st.tuples(safe_floats(), safe_floats()), check_error_gradient),
    }
    for what, (examples, check) in searches.items():
        found = smallest(examples, check)
        print(f"{what}: {found}\n  {finding(check, found)}\n")


if __name__ == "__main__":
    main()
