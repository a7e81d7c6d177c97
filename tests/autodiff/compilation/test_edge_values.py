"""The literal table of edge values, through every way that a compiled function gives values and derivatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autodiff import Value, clip, compile, elu, log, maximum, minimum, sigmoid
from tests.autodiff.compilation.agreement import disagreements
from tests.autodiff.test_edge_values import EVERY_CASE

ULPS = 4.0


def _check(values: Any, gradients: Any, value: float, gradient: Any) -> None:
    assert not disagreements(values, value, ulps=ULPS)
    assert not disagreements(gradients, np.reshape(gradient, (-1, 1)), ulps=ULPS)


@EVERY_CASE
@pytest.mark.parametrize("records", [1, 3])
def test_per_record(expression: Any, point: Any, value: float, gradient: Any, records: int) -> None:
    every = range(len(point))
    compiled = compile(expression, batched=every)
    batch = [np.full(records, number) for number in point]
    assert not disagreements(compiled(*batch), value, ulps=ULPS)
    _check(*compiled.value_and_grad(*batch, argnums=every), value, gradient)
    _check(compiled(*batch), compiled.jacobian(*batch, argnums=every), value, gradient)


@EVERY_CASE
def test_without_records(expression: Any, point: Any, value: float, gradient: Any) -> None:
    result, along = compile(expression, batched=()).value_and_grad(*point, argnums=range(len(point)))
    _check([result], np.reshape(along, (-1, 1)), value, gradient)


@EVERY_CASE
def test_along_parameters(expression: Any, point: Any, value: float, gradient: Any) -> None:
    leaves = [*map(Value, point)]
    result = compile(lambda: expression(*leaves), batched=()).backward()
    _check([result], np.reshape([leaf.grad for leaf in leaves], (-1, 1)), value, gradient)


@EVERY_CASE
def test_the_mean_of_equal_records(expression: Any, point: Any, value: float, gradient: Any) -> None:
    leaves = [*map(Value, point)]
    result = compile(lambda record: expression(*leaves) + 0.0 * record).backward(np.ones(2))
    _check([result], np.reshape([leaf.grad for leaf in leaves], (-1, 1)), value, gradient)


@EVERY_CASE
def test_beside_records_that_are_not_at_the_edge(expression: Any, point: Any, value: float, gradient: Any) -> None:
    every = range(len(point))
    batch = [np.array([0.5, number, 0.25]) for number in point]
    values, gradients = compile(expression, batched=every).value_and_grad(*batch, argnums=every)
    _check(values[1:2], [along[1:2] for along in gradients], value, gradient)


def test_a_sigmoid_below_the_normal_floats_is_0() -> None:
    """By graph it is subnormal from -709 to -745, and then 0 as well; the difference is below 1e-308."""
    points = np.array([-708.0, -720.0, -745.0, -1000.0, -math.inf])
    compiled = compile(sigmoid)(points)
    np.testing.assert_array_equal(compiled == 0.0, [False, True, True, True, True])
    assert compiled[0] == pytest.approx(sigmoid(-708.0), rel=1e-15)
    np.testing.assert_array_equal(compile(lambda x: log(sigmoid(x)))(points[3:]), -math.inf)


@pytest.mark.parametrize("first", [0.0, -0.0])
@pytest.mark.parametrize("second", [0.0, -0.0])
@pytest.mark.parametrize("extreme", [maximum, minimum, lambda x, y: clip(x, y, 1.0), lambda x, y: elu(x, 1.0 + y)])
def test_the_sign_of_a_zero_is_that_of_the_graph(extreme: Any, first: float, second: float) -> None:
    along_both = compile(extreme, batched=(0, 1))(np.full(9, first), np.full(9, second))
    along_one = compile(lambda x: extreme(x, second))(np.full(9, first))
    eager = extreme(Value(first), Value(second)).data
    assert {*np.signbit(along_both).tolist(), *np.signbit(along_one).tolist()} == {np.signbit(eager)}
