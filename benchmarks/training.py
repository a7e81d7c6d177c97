"""Training loops of our own: gradient descent with a bound gradient, as `nn.fit` does it when compiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff
from autodiff import Value

Arrays = Sequence[np.ndarray]


def values(arrays: Arrays) -> list[Any]:
    """Nested lists of Values, one for each number of the arrays."""
    return [_values(array.tolist()) for array in arrays]


def _values(nested: Any) -> Any:
    return [_values(entry) for entry in nested] if isinstance(nested, list) else Value(nested)


class Descent:
    """The mean loss of batches of records, its gradient along a flat vector, and steps down it.

    `loss(features, target)` is that of one record, made from the leaf Values in `weights`.
    """

    def __init__(self, loss: Callable[[Any, Any], Any], batch: Arrays, rate: float, *, mean: bool = True) -> None:
        self.compiled = autodiff.compile(loss, batched=(0, 1))
        # Records side by side, entry by entry: the layout in which the products run fastest.
        self.batch = [np.asfortranarray(array) for array in batch]
        self.gradient = self.compiled.bind(*self.batch, reduction="mean" if mean else "sum")
        self.parameters = self.compiled.parameters(*self.batch)
        self._rate = rate
        self._change = np.empty_like(self.gradient.numbers)

    def steps(self, count: int) -> None:
        """Take so many full-batch steps."""
        numbers, gradient, change, rate = self.gradient.numbers, self.gradient, self._change, np.array(self._rate)
        for _ in range(count):
            gradient()
            np.multiply(gradient.gradient, rate, change)
            np.subtract(numbers, change, numbers)

    def numbers_of(self, weights: Any) -> np.ndarray:
        """The present numbers of nested lists of Values, in their order."""
        place = {value: at for at, value in enumerate(self.parameters)}
        return np.array([self.gradient.numbers[place[value]] for value in _leaves(weights)])


def _leaves(nested: Any) -> list[Value]:
    if isinstance(nested, list):
        return [value for entry in nested for value in _leaves(entry)]
    return [nested]
