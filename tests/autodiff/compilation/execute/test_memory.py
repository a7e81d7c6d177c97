"""Memory: results computed where they belong, over what nobody reads any more, in arrays that are used again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autodiff import compile, exp, maximum, sin, tanh, where
from autodiff import sum as total
from autodiff.compilation.execute.plan import plan_of

FLOAT = np.dtype(np.float64)
Columns = Sequence[Any]


def _grown(x: Columns) -> list[Any]:
    return [exp(0.1 * entry) for entry in x]


def _long(x: Columns) -> list[Any]:
    out = list(x)
    for _ in range(30):
        out = [tanh(entry) + 0.5 for entry in out]
    return out


def _cycled(x: Columns) -> list[Any]:
    a, b, c = _grown(x)
    return [sin(entry) for entry in (a - b, b - c, c - a)]


def _cross(x: Columns) -> list[Any]:
    (a, b, c), (d, e, f) = _grown(x), [sin(entry) for entry in x]
    return [b * f - c * e, c * d - a * f, a * e - b * d]


def _chosen(x: Columns) -> list[Any]:
    a, b, c = _grown(x)
    return [where(a > b, b, c), where(b > c, a, b), maximum(c, a)]


def _read_again(x: Columns) -> list[Any]:
    grown = _grown(x)
    return [*grown, *(sin(entry) for entry in grown[::-1]), grown[1], 2.0, total(grown), x[2]]


FUNCTIONS: dict[str, Callable[[Columns], list[Any]]] = {
    "row by row": _long,
    "rows in another order": _cycled,
    "two orders at once": _cross,
    "choices": _chosen,
    "results that are read": _read_again,
}


@pytest.mark.parametrize("records", [1, 3, 300, 60_001])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_equals_the_function_on_columns(name: str, records: int) -> None:
    """NumPy's own arrays, one for each entry of a record, are never written over."""
    function = FUNCTIONS[name]
    features = np.random.default_rng(records).normal(size=(records, 3))
    made = compile(function)(features)
    for ours, expected in zip(made, function(list(features.T)), strict=True):
        np.testing.assert_allclose(ours, np.broadcast_to(expected, (records,)), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_results_stay_as_they_are(name: str) -> None:
    """The buffers of a compiled function are its own, and so are its arguments the caller's."""
    compiled = compile(FUNCTIONS[name])
    features = np.random.default_rng(1).normal(size=(5, 3))
    given = features.copy()
    results, entries = compiled.value_and_jacobian(features)
    before = np.array(results), np.array(entries)
    compiled.value_and_jacobian(features + 1.0)
    np.testing.assert_array_equal(features, given)
    np.testing.assert_array_equal(results, before[0])
    np.testing.assert_array_equal(entries, before[1])


def test_a_chain_takes_the_memory_of_one_step() -> None:
    def chain(x: Any, length: int) -> Any:
        for _ in range(length):
            x = tanh(x) + 0.5
        return x

    sizes = []
    for length in (10, 1000):
        compiled = compile(lambda x, length=length: chain(x, length))
        compiled([1.0])
        sizes.append(plan_of(compiled.program).record_bytes(FLOAT))
    assert sizes[0] == sizes[1] <= 4 * FLOAT.itemsize
