"""Arrays that are bound: used where they are, or refused with the remedy, and never copied in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autodiff import Value, compile, dot
from autodiff import sum as total
from autodiff.errors import OptionError

W = Value(2.0)


def _flat(x: Any) -> list[Any]:
    """The numbers of an argument of any form."""
    if isinstance(x, dict):
        return _flat(list(x.values()))
    return (
        [n for entry in x for n in _flat(entry)]
        if isinstance(x, (list, tuple)) or np.ndim(x)
        else [np.asarray(x).item() if isinstance(x, np.ndarray) else x]
    )


def _loss(x: Any) -> Any:
    numbers = _flat(x)
    return W * dot(numbers, numbers)


# An array, which of its arguments carry records, and how it is passed.
SHARED: dict[str, np.ndarray] = {
    "0-d": np.array(3.0),
    "a vector": np.arange(4.0),
    "a matrix": np.arange(6.0).reshape(2, 3),
    "every other entry": np.arange(8.0)[::2],
    "backwards": np.arange(4.0)[::-1],
    "nothing": np.empty((0, 2)),
}
RECORDS: dict[str, np.ndarray] = {
    "numbers": np.arange(4.0),
    "rows": np.arange(6.0).reshape(3, 2),
    "entries side by side": np.asfortranarray(np.arange(6.0).reshape(3, 2)),
    "every other record": np.arange(12.0).reshape(6, 2)[::2],
    "matrices": np.arange(12.0).reshape(3, 2, 2),
}


@pytest.mark.parametrize(
    ("given", "batched"),
    [*((array, ()) for array in SHARED.values()), *((array, 0) for array in RECORDS.values())],
    ids=[*SHARED, *RECORDS],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_written_into_arrays_counts(given: np.ndarray, batched: Any, dtype: Any) -> None:
    array = np.empty_like(given, dtype) if given.flags.f_contiguous else given.astype(dtype)
    array = given if dtype is np.float64 else array
    array[...] = given
    bound = compile(_loss, batched=batched, dtype=dtype).bind(array, reduction="sum")
    assert bound() == 2.0 * np.sum(array**2)
    array += 1.0
    assert bound() == 2.0 * np.sum(array**2)
    array -= 1.0


MATRICES = np.arange(12.0).reshape(3, 2, 2)
VECTOR = np.arange(3.0)
OWN = "pass each array as an argument of its own"
REFUSED: dict[str, tuple[Any, Any, str]] = {
    "in a tuple": ((VECTOR, VECTOR), 0, rf"argument 0\[0\] would be copied by bind.*; {OWN}"),
    "in a dict": ({"a": VECTOR, "b": [1.0, 2.0, 3.0]}, 0, rf"argument 0\['a'\] would be copied.*; {OWN}"),
    "in a list": ([VECTOR, VECTOR], 0, rf"argument 0\[0\] would be copied.*; {OWN}"),
    "in a shared tuple": ((1.0, [VECTOR]), (), rf"argument 0\[1\]\[0\] would be copied.*; {OWN}"),
    "in a shared dict": ({"a": np.array(1.0)}, (), rf"argument 0\['a'\] would be copied.*; {OWN}"),
    "another order": (np.asfortranarray(MATRICES), 0, "not in the order of its indices: pass np.ascontiguousarray"),
    "another order, shared": (np.asfortranarray(MATRICES[0]), (), "pass np.ascontiguousarray"),
    "a transposed matrix": (np.arange(6.0).reshape(2, 3).T, (), "pass np.ascontiguousarray"),
    "integers": (np.arange(3), 0, "it holds int64: pass it as float64"),
    "truths": (np.array([True, False]), 0, "it holds bool: pass it as float64"),
    "single precision": (np.arange(3, dtype=np.float32), (), "it holds float32: pass it as float64"),
    "0-d integers": (np.array(3), (), "it holds int64: pass it as float64"),
    "objects": (np.array([1.0, 2.0], dtype=object), 0, "it holds object: pass it as float64"),
    "a masked array": (np.ma.array([1.0, 2.0], mask=[True, False]), 0, "an ndarray of float64 instead of MaskedArray"),
    "a data frame": (pd.DataFrame({"a": [1.0, 2.0], "b": [1, 2]}), 0, "an ndarray of float64 instead of DataFrame"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_be_copied_is_refused(case: str) -> None:
    argument, batched, words = REFUSED[case]
    compiled = compile(_loss, batched=batched)
    with pytest.raises(OptionError, match=words):
        compiled.bind(argument)
    compiled(argument)  # which reads it at each call


def test_another_dtype_of_compile() -> None:
    with pytest.raises(OptionError, match=r"argument 1 would be copied.*it holds float64: pass it as float32"):
        compile(lambda x, y: W * x * y, batched=0, dtype=np.float32).bind([1.0], np.array(2.0))


@pytest.mark.parametrize(
    "argument", [[1.0, 2.0], ([1.0], [2.0]), {"a": [[1.0, 2.0]]}, [[1.0, 2.0], [3.0, 4.0]], [(1.0, np.float32(2.0))]]
)
def test_lists_are_read_once(argument: Any) -> None:
    expected: Callable[..., Any] = lambda x: total(_flat(x)) * W  # noqa: E731 - one line of a test
    bound = compile(expected).bind(argument)
    assert bound() > 0.0
