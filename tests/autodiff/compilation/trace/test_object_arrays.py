"""NumPy's functions that leave arrays of objects as they are: refused on symbols in lists and plain arrays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff import Value, compile, where
from autodiff.errors import TraceError

W = Value(2.0)
ROW = np.array([1.0, np.nan])
REFUSED: dict[str, Callable[[Any], Any]] = {
    "a list": lambda row: np.nan_to_num(list(row))[0],
    "an array of arrays": lambda row: np.nan_to_num([row, row])[0, 0],
    "a Value": lambda row: row[0] * np.nan_to_num([W])[0],
    "chkfinite": lambda row: np.asarray_chkfinite(row)[0],
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    with pytest.raises(
        TraceError, match=r"np\.\w+ finds nan or infinite is not known while compiling, at .*; use autodiff.where"
    ):
        compile(REFUSED[case])([ROW])


@pytest.mark.parametrize(
    ("function", "nan"),
    [
        (lambda row: np.nan_to_num(row), 0.0),
        (lambda row: np.array([np.nan_to_num(x) for x in row]), 0.0),
        (lambda row: np.nan_to_num(row, copy=False, nan=1.0), 1.0),
    ],
    ids=["an array", "one number", "without a copy"],
)
def test_what_reaches_the_table_is_right(function: Callable[[Any], Any], nan: float) -> None:
    row = np.array([1.0, np.nan, np.inf, -np.inf])
    compiled = compile(function)
    assert np.array_equal(compiled([row])[0], np.nan_to_num(row, nan=nan))
    assert np.array_equal(compiled([row[::-1]])[0], np.nan_to_num(row[::-1], nan=nan))


def test_the_remedy() -> None:
    compiled = compile(lambda row: [where(x == x, x, 0.0) for x in row])
    assert np.array_equal(np.ravel(compiled([ROW])), np.nan_to_num(ROW))


def test_numbers_and_other_contexts_are_as_ever() -> None:
    """Inside a function that is traced, and in threads beside it, whether the trace ends well or not."""
    seen: list[Any] = []

    def function(x: Any) -> Any:
        beside = threading.Thread(target=lambda: seen.append(np.nan_to_num(np.array([W, np.nan], dtype=object))[0]))
        beside.start()
        beside.join()
        seen.append(np.nan_to_num(ROW).tolist())
        return x

    before = np.nan_to_num, np.asarray_chkfinite
    compile(function)([1.0])
    assert seen == [W, [1.0, 0.0]]
    with pytest.raises(TraceError):
        compile(lambda x: float(x))([1.0])
    assert (np.nan_to_num, np.asarray_chkfinite) == before


def _masked(x: Any) -> Any:
    y = x * 2.0
    y[y > 1.0] = 0.0
    return y


@pytest.mark.parametrize(
    "function", [lambda x: np.sum(x[x > 0.0]), lambda x: ROW[x > 0.0] * x, _masked], ids=["read", "floats", "written"]
)
def test_a_mask_as_an_index_says_what_to_do(function: Callable[[Any], Any]) -> None:
    with pytest.raises(TraceError, match=r"which entries a mask takes .*test_object_arrays\.py:\d+ in .*where\(mask"):
        compile(function, batched=())(np.array([1.0, -1.0]))


def test_other_indices_are_refused_by_numpy() -> None:
    with pytest.raises(IndexError, match="out of bounds"):
        compile(lambda x: x[7], batched=())(np.array([1.0, -1.0]))
