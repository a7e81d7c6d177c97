"""Choices: what the branch that is not taken holds, nan and infinities included, never reaches value or gradient."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest

from autodiff import (
    Value,
    clip,
    compile,
    dot,
    elu,
    exp,
    grad,
    hessian,
    jvp,
    leaky_relu,
    log,
    logsumexp,
    maximum,
    minimum,
    norm,
    relu,
    sqrt,
    tanh,
    vjp,
    where,
)
from autodiff import sum as total
from tests.autodiff.compilation.agreement import by_graph, by_graphs, by_program, disagreements

POINTS = (-2.0, -1.0, 0.0, 1.0, 3.0, math.nan, math.inf, -math.inf)


def _shared_by_both(x: Any) -> Any:
    root = sqrt(x)
    return where(x > 0, root, 0.0) + where(x < 0, 0.0, root * 2)


def _shared_with_the_rest(x: Any) -> Any:
    root = sqrt(x)
    return where(x > 0, root, 0.0) + root


def _shared_by_two_conditions(x: Any, y: Any) -> Any:
    root = sqrt(x)
    return where(x > 0, root, 0.0) * where(y > 0, root, 3.0)


def _nested(x: Any, y: Any) -> Any:
    root = sqrt(x)
    return where(x > 0, where(y > 0, root * log(y), root), where(y > 0, log(y), 0.0)) + y


def _curvature(x: Any, y: Any) -> Any:
    second = hessian(lambda p: where(p[0] > p[1], p[0] * p[1] ** 3, exp(p[0])))([x, y])
    return total([entry for row in second for entry in row])


ONE: dict[str, Callable[[Any], Any]] = {
    "sqrt of a choice": lambda x: sqrt(where(x > 0, x, 0.0)),
    "a choice of sqrt": lambda x: where(x > 0, sqrt(x), 0.0),
    "safe twice": lambda x: where(x > 0, 1 / where(x > 0, x, 1.0), 0.0),
    "deep in a branch": lambda x: where(x > 0, exp(log(sqrt(x))), x * x),
    "a number as condition": lambda x: where(x, x * 2, -x),
    "a root as condition": lambda x: where(sqrt(x), x, 2 * x),
    "the same on both sides": lambda x: where(x > 0, x, x),
    "constants on both sides": lambda x: where(x > 0, 1.0, 0.0) * x,
    "constants, inverted": lambda x: where(x > 0, 0.0, 1.0) * sqrt(x),
    "products of choices": lambda x: where(x > 0, sqrt(x), 1.0) * where(x <= 0, log(-x), 1.0),
    "a condition that is known": lambda x: where(1.0, tanh(x), sqrt(x)) + where(0.0, log(x), x),
    "a condition that folds": lambda x: where(0.0 * sqrt(0.0 * x + 2.0) < 1.0, x, sqrt(x)),
    "a condition of derivatives that folds": lambda x: where(grad(lambda z: 2.0 * z)(x) > 1.0, x * x, log(x)),
    "a conjunction that folds": lambda x: where(
        (grad(lambda z: 2.0 * z)(x) > 1.0) & (x > grad(lambda z: z)(x)), x * x, 0.0
    ),
    "shared by both": _shared_by_both,
    "shared with the rest": _shared_with_the_rest,
    "kinked branches": lambda x: where(x > 0, leaky_relu(x, 0.1), elu(x, 0.3)),
    "derivative": grad(lambda z: where(z > 0, sqrt(z), z * z)),
    "derivative of relu": grad(lambda z: relu(z) ** 2),
    "second derivative": grad(grad(lambda z: where(z > 0, z**2.5, z**3))),
    "maximum with itself": lambda x: maximum(x, x),
    "maximum with a constant": lambda x: maximum(x, 1.0) + minimum(-1.0, x),
    "x - x": lambda x: x - x,
    "0x": lambda x: 0 * x,
    "x/x": lambda x: x / x,
    "x + 0": lambda x: x + 0.0,
    "twice negated": lambda x: -(0.0 - x),
    "x**0": lambda x: x**0,
    "powers": lambda x: x**-2 + x**4 + x**1 + x**3,
    "0**x": lambda x: 0.0**x,
    "in between": lambda x: where((x > -1.5) & (x < 2.0) | (x == 3.0), x * x, 0.0),
}
TWO: dict[str, Callable[[Any, Any], Any]] = {
    "nested": _nested,
    "shared by two conditions": _shared_by_two_conditions,
    "both unsafe": lambda x, y: where(x > y, sqrt(x - y), log(y - x)) * where(x > y, 1.0, y),
    "maximum of choices": lambda x, y: maximum(where(x > 0, sqrt(x), y), where(y > 0, log(y), x)),
    "a power": lambda x, y: where(x > 0, x**y, y),
    "a division": lambda x, y: where(y != 0, x / y, 0.0),
    "a dot": lambda x, y: where(y > 0, dot([sqrt(y), x], [x, log(y)]), x),
    "a norm": lambda x, y: where(y > 0, norm([sqrt(y), x]), x),
    "a logsumexp": lambda x, y: where(y > 0, logsumexp([sqrt(y), x]), x),
    "an infinity taken": lambda x, y: where(y > 0, 1 / x, x) * y,
    "a choice as condition": lambda x, y: where(where(x > 0, y, x) > 0, sqrt(x), sqrt(y)),
    "clip": lambda x, y: clip(x, -1.0, y),
    "ties": lambda x, y: maximum(x, y) + 2 * minimum(x, y),
    "maximum of three": lambda x, y: maximum(maximum(x, y), 0.0),
    "conditions as numbers": lambda x, y: (x > y) * x + (x == y) * y - (x != y),
    "a product of conditions": lambda x, y: where((x > 0) * (y > 0), sqrt(x) * log(y), 0.0),
    "derivative of maximum": lambda x, y: grad(lambda z: maximum(z, y) * z)(x),
    "forward": lambda x, y: jvp(lambda z: where(z > 0, sqrt(z), y * z), (x,), (1.0,))[1],
    "reverse": lambda x, y: vjp(lambda z: where(z > 0, sqrt(z), y * z), x)[1](1.0)[0],
    "curvature": _curvature,
}


@pytest.mark.parametrize("case", ONE)
def test_of_one(case: str) -> None:
    _check(ONE[case], 1)


@pytest.mark.parametrize("case", TWO)
def test_of_two(case: str) -> None:
    _check(TWO[case], 2)


def _check(function: Callable[..., Any], operands: int) -> None:
    points = [*itertools.product(POINTS, repeat=operands)]
    found = disagreements(by_program(function, points), by_graphs(function, points), ulps=8.0, scale=1.0)
    assert not found, [(points[place // (operands + 1)], a, b) for place, a, b in found[:3]]


@pytest.mark.parametrize("case", ONE)
@pytest.mark.parametrize("number", POINTS)
def test_on_parameters(case: str, number: float) -> None:
    """The branches hang on a leaf that is closed over, the same for all records."""
    w = Value(number)
    result = compile(lambda x: ONE[case](w) + 0.0 * x).backward([1.0, 2.0, 3.0], reduction="sum")
    value, (slope,) = by_graph(ONE[case], [number])
    assert not disagreements([result, w.grad], [3 * value, 3 * slope], ulps=16.0, scale=1.0)


def test_the_literal_case() -> None:
    values, slopes = compile(lambda x: where(x > 0, sqrt(x), 0.0)).value_and_grad([-1.0, 0.0, 4.0])
    assert values.tolist() == [0.0, 0.0, 2.0]
    assert slopes.tolist() == [0.0, 0.0, 0.25]


def test_no_slope_enters_a_condition() -> None:
    """Against an infinite adjoint too: 0 times it would be nan."""
    _, slopes = compile(lambda x: sqrt(where(x > 1.0, x - 1.0, 0.0))).value_and_grad([0.0, 1.0, 5.0])
    assert slopes.tolist() == [0.0, 0.0, 0.25]
