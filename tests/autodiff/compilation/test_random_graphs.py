"""Random expressions and shared graphs: compiled calls and derivatives of every kind against graphs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autodiff import Value, compile, grad, hessian, jvp
from autodiff.testing import Expression, expressions
from tests.autodiff.compilation.agreement import Point, by_graphs, columns, disagreements

QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
LONG = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])

RECORDS = st.sampled_from([1, 2, 7])
NUMBERS = st.sampled_from([0.0, 0.5, -1.0, 1.0, 2.0, -0.5, 1.5])
ROUNDING = 2.0**17  # ulp of the largest number there is: expressions magnify rounding up to 10,000 times


@st.composite
def batches(draw: st.DrawFn, **options: object) -> tuple[Expression, list[Point]]:
    """An expression, and points: its own first, then others, at which it may be anything."""
    expression = draw(expressions(kinks=True, max_steps=12, **options))
    others = st.tuples(*[NUMBERS] * len(expression.inputs))
    return expression, [expression.inputs, *draw(st.lists(others, min_size=0, max_size=6))]


def _agree(computed: object, expected: np.ndarray) -> None:
    largest = np.max(np.abs(np.where(np.isfinite(expected), expected, 0.0)), initial=1.0)
    assert not disagreements(computed, expected, ulps=ROUNDING, scale=largest)


def _check_batch(expression: Expression, points: Sequence[Point]) -> None:
    every = range(len(expression.inputs))
    expected = by_graphs(expression, points)
    compiled = compile(expression, batched=every)
    values, gradients = compiled.value_and_grad(*columns(points), argnums=every)
    _agree(compiled(*columns(points)), expected[:, 0])
    _agree(np.column_stack([values, *gradients]), expected)
    _agree(np.column_stack(compiled.jacobian(*columns(points), argnums=every)), expected[:, 1:])
    value, entries = compiled.value_and_jacobian(*columns(points), argnums=every)
    _agree(np.column_stack([value, *entries]), expected)


@QUICK
@given(batches())
def test_values_gradients_and_jacobians(batch: tuple[Expression, list[Point]]) -> None:
    _check_batch(*batch)


@pytest.mark.slow
@LONG
@given(batches(max_inputs=5, max_operands=6, shared=True))
def test_larger_shared_graphs(batch: tuple[Expression, list[Point]]) -> None:
    _check_batch(*batch)


@st.composite
def reductions(draw: st.DrawFn) -> tuple[Expression, list[Point], str, np.ndarray]:
    """A batch whose first operand is one number for all records, a reduction, and each record's part in it."""
    expression, points = draw(batches(shared=True))
    points = [(expression.inputs[0], *point[1:]) for point in points]
    reduction = draw(st.sampled_from(["mean", "sum"]))
    weight = 1.0 if reduction == "sum" else 1.0 / len(points)
    return expression, points, reduction, weight * by_graphs(expression, points)


@QUICK
@given(reductions())
def test_a_reduction_along_shared_and_batched_arguments(case: tuple[Expression, list[Point], str, np.ndarray]) -> None:
    expression, points, reduction, parts = case
    shared, *batched = columns(points)
    rest = range(2, 2 + len(batched))
    compiled = compile(lambda first, _, *others: expression(first, *others), batched=(1, *rest))
    value, (along_shared, *along) = compiled.value_and_grad(
        shared[0], np.zeros(len(points)), *batched, argnums=(0, *rest), reduction=reduction
    )
    _agree([value, along_shared], parts[:, :2].sum(axis=0))
    _agree(np.reshape(along, (len(along), len(points))).T, parts[:, 2:])


@QUICK
@given(reductions())
def test_backward_adds_what_the_graphs_of_all_records_add(
    case: tuple[Expression, list[Point], str, np.ndarray],
) -> None:
    expression, points, reduction, parts = case
    leaf = Value(expression.inputs[0])
    leaf.grad = 0.25
    _, *batched = columns(points)
    compiled = compile(lambda _, *others: expression(leaf, *others), batched=range(1 + len(batched)))
    value = compiled.backward(np.zeros(len(points)), *batched, reduction=reduction)
    _agree([value, leaf.grad - 0.25], parts[:, :2].sum(axis=0))


@QUICK
@given(expressions(max_steps=6))
def test_second_derivatives(expression: Expression) -> None:
    def function(point: Sequence[object]) -> object:
        return expression(*point)

    point = np.array(expression.inputs)
    direction = np.arange(1.0, len(point) + 1)
    expected = hessian(function)(point)
    batch = np.stack([point, point])
    _agree(compile(hessian(function))(batch)[1], expected)
    _agree(compile(grad(function)).jacobian(batch)[0], expected)
    product = compile(lambda x: jvp(grad(function), (x,), (direction,))[1])(batch)[1]
    _agree(product, jvp(grad(function), (point,), (direction,))[1])


@QUICK
@given(batches(), RECORDS)
def test_threads_and_repetition_change_no_bit(batch: tuple[Expression, list[Point]], records: int) -> None:
    expression, points = batch
    every = range(len(expression.inputs))
    rows = columns((points * records)[:records])
    one, two = (compile(expression, batched=every, threads=threads) for threads in (1, 2))
    first = one.value_and_grad(*rows, argnums=every)
    for again in (one.value_and_grad(*rows, argnums=every), two.value_and_grad(*rows, argnums=every)):
        np.testing.assert_array_equal(np.column_stack([again[0], *again[1]]), np.column_stack([first[0], *first[1]]))


@QUICK
@given(expressions(max_steps=6))
def test_in_single_precision(expression: Expression) -> None:
    every = range(len(expression.inputs))
    values, gradients = compile(expression, batched=every, dtype=np.float32).value_and_grad(
        *[[number] * 2 for number in expression.inputs], argnums=every
    )
    assert {array.dtype for array in (values, *gradients)} == {np.dtype(np.float32)}
    expected = by_graphs(expression, [expression.inputs])[0]
    found = np.column_stack([values, *gradients])[1]
    np.testing.assert_allclose(found, expected, rtol=1e-2, atol=1e-2 * np.abs(expected).max(initial=1.0))
