"""Ties, bounds and nan: slopes as the scalar table has them, eagerly and compiled."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import ShapeError

NAN = math.nan
Row = list[float]

# The function, the numbers, its value, and the slopes along them.
EDGES: dict[str, tuple[Callable[[Any], Any], Row, float, Row]] = {
    "maximum at a tie": (lambda x: np.maximum(x[:1], x[1:])[0], [2.0, 2.0], 2.0, [0.5, 0.5]),
    "maximum with a number at a tie": (lambda x: np.maximum(x, 2.0).sum(), [2.0, 3.0], 5.0, [0.5, 1.0]),
    "maximum carries nan": (lambda x: np.maximum(x[0:1], x[1:])[0], [NAN, 1.0], NAN, [NAN, NAN]),
    "minimum at a tie": (lambda x: np.minimum(x, 2.0).sum(), [2.0, 3.0], 4.0, [0.5, 0.0]),
    "minimum carries nan": (lambda x: np.minimum(x[0:1], x[1:])[0], [1.0, NAN], NAN, [NAN, NAN]),
    "clip at its bounds": (lambda x: np.clip(x, 0.0, 1.0).sum(), [0.0, 0.5, 1.0, 3.0], 2.5, [0.5, 1.0, 0.5, 0.0]),
    "clip carries nan": (lambda x: np.clip(x, 0.0, 1.0)[0], [NAN, 0.5], NAN, [NAN, 0.0]),
    "max shared by three": (lambda x: np.max(x), [3.0, 1.0, 3.0, 3.0], 3.0, [1 / 3, 0.0, 1 / 3, 1 / 3]),
    "max carries nan": (lambda x: x.max(), [3.0, NAN], NAN, [NAN, NAN]),
    "min shared by two": (lambda x: np.min(x), [3.0, 1.0, 1.0], 1.0, [0.0, 0.5, 0.5]),
    "min carries nan": (lambda x: x.min(), [3.0, NAN], NAN, [NAN, NAN]),
    "ptp of equals": (lambda x: np.ptp(x), [2.0, 2.0], 0.0, [0.0, 0.0]),
    "median shared by two": (lambda x: np.median(x), [2.0, 1.0, 2.0], 2.0, [0.5, 0.0, 0.5]),
    "median between equals": (lambda x: np.median(x), [2.0, 1.0, 2.0, 5.0], 2.0, [0.5, 0.0, 0.5, 0.0]),
    "median carries nan": (lambda x: np.median(x), [2.0, NAN, 1.0], NAN, [NAN, NAN, NAN]),
    "median of one": (lambda x: np.median(x), [2.0], 2.0, [1.0]),
    "sort puts nan last": (lambda x: np.sort(x)[0], [NAN, 1.0, 2.0], 1.0, [0.0, 1.0, 0.0]),
    "sort keeps nan": (lambda x: np.sort(x)[2], [1.0, NAN, 2.0], NAN, [0.0, 1.0, 0.0]),
    "sort puts nan after inf": (lambda x: np.sort(x)[1], [NAN, math.inf, 1.0, NAN], math.inf, [0.0, 1.0, 0.0, 0.0]),
    "sort keeps the order of nan": (lambda x: np.sort(x)[3], [NAN, math.inf, 1.0, NAN], NAN, [0.0, 0.0, 0.0, 1.0]),
    "variance of fewer entries than ddof": (
        lambda x: np.var(x, ddof=3), [1.0, 3.0], math.inf, [NAN, NAN],
    ),
    "median of infinities": (lambda x: np.median(x), [-math.inf, 1.0, -math.inf], -math.inf, [0.5, 0.0, 0.5]),
    "norm at the origin": (lambda x: np.linalg.norm(x), [0.0, 0.0], 0.0, [0.0, 0.0]),
    "std of equals": (lambda x: np.std(x), [2.0, 2.0], 0.0, [0.0, 0.0]),
    "hypot at the origin": (lambda x: np.hypot(x[:1], x[1:])[0], [0.0, 0.0], 0.0, [0.0, 0.0]),
    "abs at 0": (lambda x: np.abs(x).sum(), [0.0, -2.0], 2.0, [0.0, -1.0]),
    "a branch not taken": (lambda x: np.where(x > 0, np.sqrt(x), 0.0).sum(), [-1.0, 4.0], 2.0, [0.0, 0.25]),
    "sqrt at 0": (lambda x: np.sqrt(x)[0], [0.0], 0.0, [math.inf]),
    "a quotient of constants": (lambda x: (x[0] * np.ones_like(x) / np.zeros_like(x))[0], [1.0], math.inf, [math.inf]),
    "power 0 at 0": (lambda x: (x**0)[0], [0.0], 1.0, [0.0]),
    "a negative base": (lambda x: (x**0.5)[0], [-1.0], NAN, [NAN]),
    "nan replaced": (lambda x: np.nan_to_num(x, nan=7.0).sum(), [NAN, 1.0], 8.0, [0.0, 1.0]),
    "isnan and isfinite": (
        lambda x: np.where(np.isnan(x) | ~np.isfinite(x), 0.0, x).sum(), [NAN, math.inf, 2.0], 2.0, [0.0, 0.0, 1.0],
    ),
    "det of a singular matrix": (
        lambda x: np.linalg.det(x.reshape(2, 2)), [0.0, 1.0, 0.0, 2.0], 0.0, [2.0, 0.0, -1.0, 0.0],
    ),
    "det of zeros": (lambda x: np.linalg.det(x.reshape(2, 2)), [0.0] * 4, 0.0, [0.0] * 4),
}  # fmt: skip

EVERY_EDGE = pytest.mark.parametrize(("function", "numbers", "value", "slopes"), EDGES.values(), ids=EDGES)


@EVERY_EDGE
def test_eager(function: Callable[[Any], Any], numbers: Row, value: float, slopes: Row) -> None:
    x = autodiff.array(numbers)
    out = function(x)
    out.backward()
    np.testing.assert_array_equal(out.data, value)
    np.testing.assert_allclose(x.grad, slopes, rtol=1e-15)


@EVERY_EDGE
def test_compiled(function: Callable[[Any], Any], numbers: Row, value: float, slopes: Row) -> None:
    made, gradient = autodiff.compile(function).value_and_grad(
        np.array([numbers, [1.5 + k for k in range(len(numbers))]])
    )
    np.testing.assert_array_equal(made[0], value)
    np.testing.assert_allclose(gradient[0], slopes, rtol=1e-15)


def test_the_hessian_of_a_singular_determinant() -> None:
    expected = [[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, -1.0, 0.0], [0.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
    for numbers in ([0.0, 1.0, 0.0, 2.0], [0.0] * 4, [1.0, 2.0, 3.0, 4.0]):
        hessian = autodiff.hessian(lambda x: np.linalg.det(x.reshape(2, 2)))(np.array(numbers))
        np.testing.assert_allclose(hessian, expected, atol=1e-15)


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_pivots_by_choices_are_pivots_by_numbers(size: int) -> None:
    rng = np.random.default_rng(size)
    matrices = rng.normal(size=(4, size, size))
    matrices[0] = matrices[0][::-1]
    matrices[1, 0, 0] = 0.0 if size > 1 else 2.0
    for function in (np.linalg.det, lambda a: np.linalg.solve(a, np.arange(1.0, size + 1))[0]):
        value, gradient = autodiff.compile(function).value_and_grad(matrices)
        for matrix, number, slope in zip(matrices, value, gradient, strict=True):
            eager, of_eager = autodiff.value_and_grad(function)(matrix)
            assert math.isclose(number, eager, rel_tol=1e-9)
            np.testing.assert_allclose(slope, of_eager, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("count", range(1, 18))
def test_the_network_sorts(count: int) -> None:
    rng = np.random.default_rng(count)
    records = rng.integers(0, 4, size=(6, count)).astype(float)
    records[rng.uniform(size=records.shape) < 0.1] = NAN
    np.testing.assert_array_equal(autodiff.compile(lambda x: np.sort(x))(records), np.sort(records, axis=1))


@pytest.mark.parametrize("shapes", [((3,), (1,)), ((2, 3), (2, 1)), ((3,), ())])
def test_row_products_of_unequal_length(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    first, second = (autodiff.array(np.ones(shape)) for shape in shapes)
    with pytest.raises(ShapeError, match=r"np\.vecdot needs last axes of one length"):
        np.vecdot(first, second)
