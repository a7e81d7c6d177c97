"""Drawn arrays: functions on them against loops over their scalars, numbers and gradients exactly."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff
from autodiff import Value

_NUMBERS = st.one_of(st.sampled_from([0.0, -0.0, 1.0, 2.0, math.inf, -math.inf, math.nan]), st.floats(-4.0, 4.0))

# A function of arrays, and the same of two scalars.
PAIRS: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "add": (np.add, lambda a, b: a + b),
    "multiply": (np.multiply, lambda a, b: a * b),
    "divide": (np.divide, autodiff.Value.__truediv__),
    "power": (np.power, autodiff.Value.__pow__),
    "maximum": (np.maximum, autodiff.maximum),
    "minimum": (np.minimum, autodiff.minimum),
    "hypot": (np.hypot, autodiff.hypot),
    "where": (lambda a, b: np.where(a > b, a, b), lambda a, b: autodiff.where(a > b, a, b)),
    "clip": (lambda a, b: np.clip(a, -1.0, b), lambda a, b: autodiff.clip(a, -1.0, b)),
}
ROWS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sum": (lambda a: a.sum(axis=1), autodiff.sum),
    "mean": (lambda a: a.mean(axis=1), autodiff.mean),
    "prod": (lambda a: a.prod(axis=1), autodiff.prod),
    "norm": (lambda a: np.linalg.norm(a, axis=1), autodiff.norm),
    "cumsum": (lambda a: np.cumsum(a, axis=1)[:, -1], lambda row: [*itertools.accumulate(row)][-1]),
}


def _leaves(numbers: list[list[float]]) -> list[list[Value]]:
    return [[Value(number) for number in row] for row in numbers]


def _grads(rows: list[list[Value]]) -> list[list[float]]:
    return [[entry.grad for entry in row] for row in rows]


@st.composite
def _matrices(draw: st.DrawFn) -> tuple[list[list[float]], list[list[float]]]:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    matrix = st.lists(st.lists(_NUMBERS, min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    return draw(matrix), draw(matrix)


@pytest.mark.slow
@pytest.mark.parametrize("name", PAIRS)
@settings(deadline=None)
@given(numbers=_matrices())
def test_pairs(name: str, numbers: tuple[list[list[float]], list[list[float]]]) -> None:
    of_arrays, of_scalars = PAIRS[name]
    a, b = map(_leaves, numbers)
    c, d = map(_leaves, numbers)
    made = of_arrays(autodiff.array(a), autodiff.array(b))
    for row, lefts, rights in zip(made, c, d, strict=True):
        for entry, left, right in zip(row, lefts, rights, strict=True):
            expected = of_scalars(left, right)
            np.testing.assert_array_equal(entry.data, expected.data)
            entry.backward()
            expected.backward()
    np.testing.assert_array_equal(_grads(a), _grads(c))
    np.testing.assert_array_equal(_grads(b), _grads(d))


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
@settings(deadline=None)
@given(numbers=_matrices())
def test_rows(name: str, numbers: tuple[list[list[float]], list[list[float]]]) -> None:
    of_arrays, of_scalars = ROWS[name]
    a, c = _leaves(numbers[0]), _leaves(numbers[0])
    for entry, row in zip(of_arrays(autodiff.array(a)), c, strict=True):
        expected = of_scalars(row)
        np.testing.assert_array_equal(entry.data, expected.data)
        entry.backward()
        expected.backward()
    np.testing.assert_array_equal(_grads(a), _grads(c))


@pytest.mark.slow
@settings(deadline=None)
@given(numbers=st.lists(_NUMBERS, min_size=1, max_size=9))
def test_order_statistics_eager_and_compiled(numbers: list[float]) -> None:
    def function(x: Any) -> Any:
        return np.median(x) + 10.0 * np.max(x) + 100.0 * np.min(x) + np.sort(x)[len(numbers) // 2]

    value, slopes = autodiff.value_and_grad(function)(np.array(numbers))
    compiled, of_compiled = autodiff.compile(function).value_and_grad(np.array([numbers]))
    np.testing.assert_array_equal(compiled[0], value)
    np.testing.assert_allclose(of_compiled[0], slopes, rtol=1e-14)
