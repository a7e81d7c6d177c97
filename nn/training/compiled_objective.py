"""The objective compiled, as a function of the vector of trained parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from autodiff import Value
from nn.arrays import RealArray
from nn.training.batch_inputs import BatchInputs
from nn.training.batch_loss import BatchLoss
from nn.training.objective import Objective


@final
class CompiledObjective:
    """The loss of all records and its gradient, by one program bound to the data.

    Raises TraceError (a TypeError) where the model or the loss cannot be compiled.
    """

    def __init__(self, objective: Objective, parameters: Sequence[Value]) -> None:
        inputs = BatchInputs(objective)
        self._size = len(parameters)
        self._loss = BatchLoss(objective, inputs.names)
        checked = range(len(inputs)) if self._loss.by_record else [0]
        self._reached = self._loss.parameters(*inputs.of(checked))
        places = {parameter: place for place, parameter in enumerate(parameters)}
        trained = [(k, places[value]) for k, value in enumerate(self._reached) if value in places]
        # Where the trained parameters that the loss reaches are in its vector, and in ours.
        self._theirs, self._ours = np.array(trained, dtype=int).reshape(-1, 2).T
        self._bound = self._bind(inputs)

    def value(self, numbers: RealArray) -> float:
        """The loss at these numbers of the trained parameters, shape (p,)."""
        return self._value(self._bound, numbers)

    def value_and_gradient(self, numbers: RealArray) -> tuple[float, RealArray]:
        """The loss and its gradient, a new array of shape (p,)."""
        self._bound.numbers[self._theirs] = numbers[self._ours]
        loss: float = self._bound()
        gradient = np.zeros(self._size)
        gradient[self._ours] = self._bound.gradient[self._theirs]
        return loss, gradient

    def measurement(self, other: Objective) -> Callable[[RealArray], float]:
        """The loss of another objective of the same parameters, as a function of their numbers."""
        if self._loss.by_record:
            bound = self._bind(BatchInputs(other))
            return lambda numbers: self._value(bound, numbers)
        return CompiledObjective(other, self._reached).value

    def _bind(self, inputs: BatchInputs) -> Any:
        # A feature's records lie side by side, so that the first product reads them fastest.
        arranged = np.asfortranarray if self._loss.by_record else np.ascontiguousarray
        arrays = [arranged(array) for array in inputs.of(range(len(inputs)))]
        return self._loss.bind(arrays, self._reached, np.array([value.data for value in self._reached]))

    def _value(self, bound: Any, numbers: RealArray) -> float:
        bound.numbers[self._theirs] = numbers[self._ours]
        return float(bound.value())
