"""Dispatch: which implementation NumPy's functions have on arrays of Values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autodiff.arrays import (
    accumulation,
    creation,
    elementwise,
    linear_algebra,
    logic,
    order_statistics,
    products,
    reductions,
    selection,
    shapes,
)
from autodiff.arrays.entries import entry_gradients, numbers
from autodiff.arrays.options import checked_options, unknown, written
from autodiff.arrays.ufuncs import apply_ufunc
from autodiff.arrays.value_array import ValueArray, wrapped

__all__ = ["FUNCTIONS", "apply_function", "apply_ufunc", "entry_gradients", "numbers"]

FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    **accumulation.FUNCTIONS,
    **creation.FUNCTIONS,
    **elementwise.FUNCTIONS,
    **linear_algebra.FUNCTIONS,
    **logic.FUNCTIONS,
    **order_statistics.FUNCTIONS,
    **products.FUNCTIONS,
    **reductions.FUNCTIONS,
    **selection.FUNCTIONS,
}
"""NumPy's function to ours. Each takes the arguments of NumPy's but for `dtype` and `out`, which are seen to here."""


def apply_function(
    function: Callable[..., Any], args: Sequence[Any], options: Mapping[str, Any], *, unknown_as_they_are: bool = False
) -> Any:
    """What `function(*args, **options)` of NumPy is where an argument is an array of Values, or a Value.

    Raises UnknownUfuncError (a TypeError) for a function that is not known and for an option that cannot be honored.
    """
    if function in FUNCTIONS:
        left, out = checked_options(function.__name__, options)
        return written(function.__name__, wrapped(FUNCTIONS[function](*args, **left)), out)
    if function in shapes.STRUCTURAL or unknown_as_they_are:
        return _all_wrapped(np.ndarray.__array_function__(_SELF, function, (ValueArray,), args, options))
    name = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
    known = ", ".join(sorted({known.__name__ for known in [*FUNCTIONS, *shapes.STRUCTURAL]}))
    raise unknown(
        f"{name} is not known on arrays of Values; known are NumPy's ufuncs that have a primitive, and {known}"
    )


def _all_wrapped(result: Any) -> Any:
    """The result of a function that only moves entries, with each array in it as a ValueArray."""
    if isinstance(result, (list, tuple)):
        made = [_all_wrapped(part) for part in result]
        return made if isinstance(result, list) else tuple(made)
    return result.view(ValueArray) if type(result) is np.ndarray and result.dtype == object else result


_SELF = np.empty(0, dtype=object).view(ValueArray)
"""NumPy's own implementations are a method of arrays, whichever."""
