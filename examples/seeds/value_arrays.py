"""Arrays of Values, so that the seeds' NumPy forward passes run on them unchanged, and what is read back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autodiff import Value


def values(numbers: ArrayLike, *, name: str) -> NDArray[Any]:
    """An object array of labeled leaves in the shape of `numbers`: name[0], name[1] or name[0,1], ..."""
    array = np.asarray(numbers, dtype=float)
    leaves = np.empty(array.shape, dtype=object)
    for place, number in np.ndenumerate(array):
        leaves[place] = Value(number, label=f"{name}[{','.join(map(str, place))}]")
    return leaves


def data(array: Any) -> NDArray[np.float64]:
    """The numbers of an array of Values, in its shape."""
    numbers: NDArray[np.float64] = np.vectorize(lambda value: value.data, otypes=[float])(array)
    return numbers


def gradients(array: Any) -> NDArray[np.float64]:
    """The gradients of an array of Values, in its shape."""
    slopes: NDArray[np.float64] = np.vectorize(lambda value: value.grad, otypes=[float])(array)
    return slopes


def descend(array: Any, *, learning_rate: float) -> NDArray[np.float64]:
    """Step every Value against its gradient, clear the gradients and return the steps taken."""
    steps = -learning_rate * gradients(array)
    for value, step in zip(array.flat, steps.flat, strict=True):
        value.data += step
        value.grad = 0.0
    return steps
