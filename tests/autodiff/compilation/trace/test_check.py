"""What is recorded of a function against the function: differences are found, and none where there is none."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from autodiff import Value, compile, grad, log, logsumexp, where
from autodiff.errors import TraceError
from autodiff.testing import Expression, expressions

W = Value(0.5)
COUNTER = itertools.count()


def _scaled_by_type(x: Any) -> Any:
    return x * (2.0 if isinstance(x, float) else 3.0)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * random.random(),
        lambda x: x + float(np.random.default_rng().normal()),
        lambda x: x * next(COUNTER),
        _scaled_by_type,
        lambda x: [x] * (next(COUNTER) % 7 + 1),
    ],
)
def test_what_is_not_the_same_twice_is_found(function: Any) -> None:
    with pytest.raises(TraceError, match=r"for a record the function returns \[.*its trace gives \["):
        compile(function).check([1.5, 2.5])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: W * x**2,
        lambda x: where(x > 0, log(x), x),
        lambda x: (log(-x), W, 2.0),
        lambda x: grad(lambda y: logsumexp([y, W * y**3]))(x),
        lambda x: x / 0.0 - x / 0.0,
        lambda x: x.relu(),
        lambda x: math.pi,
    ],
)
@pytest.mark.parametrize("points", [[1.5, -1.0], [-2.0], [math.inf], []])
def test_what_is_the_same_passes(function: Any, points: list[float]) -> None:
    compile(function).check(points)


def test_shared_arguments_and_structures() -> None:
    compiled = compile(lambda x, y: {"sum": x["a"][0] + y[1], "list": [x["a"][1] * W]}, batched=0)
    compiled.check({"a": [[1.0, 2.0], [3.0, 4.0]]}, (5.0, 6.0))


@given(expressions())
def test_expressions_pass(expression: Expression) -> None:
    compile(lambda point: expression(*point)).check(np.array([expression.inputs]))


def test_records_are_chosen_to_differ() -> None:
    """What the first record agrees on is found at the extremes of a column, at nan, or where it is called again."""
    draws = iter([1.0, 1.0, 0.0] * 10)
    cases: list[tuple[Any, list[float]]] = [
        (lambda x: 2.0 * x if type(x) is float and x > 2.0 else x, [1.0, 0.5, 3.0, -3.0, 0.25]),
        (lambda x: 2.0 * x if type(x) is float and x < -2.0 else x, [1.0, 0.5, 3.0, -3.0, 0.25]),
        (lambda x: 0.0 if type(x) is float and x != x else x, [1.0, math.nan, 2.0]),
        (lambda x: x * next(draws), [1.0]),
    ]
    for function, records in cases:
        with pytest.raises(TraceError, match="for a record the function returns"):
            compile(function).check(records)
