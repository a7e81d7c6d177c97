"""The objective by graphs, as a function of the vector of trained parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

import numpy as np

from autodiff import Value, gradients
from nn.arrays import RealArray
from nn.training.objective import Objective


@final
class SweptObjective:
    """The loss of all records and its gradient, by building their graph and sweeping it; it sets the Values."""

    def __init__(self, objective: Objective, parameters: Sequence[Value]) -> None:
        self._objective = objective
        self._parameters = parameters

    def value(self, numbers: RealArray) -> float:
        """The loss at these numbers of the trained parameters, shape (p,)."""
        return self._value(self._objective, numbers)

    def value_and_gradient(self, numbers: RealArray) -> tuple[float, RealArray]:
        """The loss and its gradient, a new array of shape (p,)."""
        self._set(numbers)
        out = self._objective.graph_of(range(len(self._objective.records)))
        return out.data, np.array(gradients(out, self._parameters), dtype=float)

    def measurement(self, other: Objective) -> Callable[[RealArray], float]:
        """The loss of another objective of the same parameters, as a function of their numbers."""
        return lambda numbers: self._value(other, numbers)

    def _value(self, objective: Objective, numbers: RealArray) -> float:
        self._set(numbers)
        return objective.measure()

    def _set(self, numbers: RealArray) -> None:
        for parameter, number in zip(self._parameters, numbers.tolist(), strict=True):
            parameter.data = number
