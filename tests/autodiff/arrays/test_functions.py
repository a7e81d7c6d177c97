"""NumPy's functions on arrays of Values: values as NumPy has them on floats, gradients as differences have them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff
from autodiff import ValueArray
from autodiff.arrays.dispatch import FUNCTIONS
from autodiff.arrays.shapes import STRUCTURAL
from tests.autodiff.arrays.cases import CASES, Function

_STEP = 1e-6

EVERY_CASE = pytest.mark.parametrize(("function", "x"), CASES.values(), ids=CASES)


def _flat(result: Any) -> Any:
    return (
        np.concatenate([np.ravel(part) for part in result]) if isinstance(result, (list, tuple)) else np.ravel(result)
    )


def _differences(function: Function, x: Any) -> Any:
    """Derivatives of the flat result along the entries of x, by central differences on floats."""
    columns = []
    for place in np.ndindex(x.shape):
        high, low = x.copy(), x.copy()
        high[place] += _STEP
        low[place] -= _STEP
        columns.append((_flat(function(high)) - _flat(function(low))) / (2.0 * _STEP))
    return np.stack(columns, axis=-1)


@EVERY_CASE
def test_values_are_those_of_floats(function: Function, x: Any) -> None:
    expected, made = function(x), function(autodiff.array(x))
    assert np.shape(made) == np.shape(expected)
    if np.ndim(expected) and not isinstance(made, list):
        assert isinstance(made, ValueArray)
    if np.ndim(expected) == 0:
        assert not isinstance(made, np.ndarray)
    np.testing.assert_allclose(
        [entry.data if hasattr(entry, "primitive") else entry for entry in _flat(made)],
        _flat(expected),
        rtol=1e-13,
        atol=1e-15,
    )


@EVERY_CASE
def test_gradients_are_differences(function: Function, x: Any) -> None:
    jacobian = autodiff.jacobian(lambda y: _flat(function(y)))(x).reshape(-1, x.size)
    np.testing.assert_allclose(jacobian, _differences(function, x), rtol=1e-6, atol=1e-7)


@EVERY_CASE
def test_compiled_is_eager(function: Function, x: Any) -> None:
    compiled = autodiff.compile(lambda y: _flat(function(y)))
    records = np.stack([x, x[::-1] + 0.05])
    values, slopes = compiled.value_and_jacobian(records)
    compiled.check(records)
    for record, value, slope in zip(records, values, slopes, strict=True):
        np.testing.assert_allclose(value, _flat(function(record)), rtol=1e-12, atol=1e-14)
        expected = autodiff.jacobian(lambda y: _flat(function(y)))(record)
        np.testing.assert_allclose(slope, expected, rtol=1e-9, atol=1e-12)


def test_every_function_is_NumPys() -> None:  # noqa: N802 - the name of a project
    assert not [function for function in {*FUNCTIONS, *STRUCTURAL} if not function.__module__.startswith("numpy")]
    assert not {*FUNCTIONS} & STRUCTURAL
