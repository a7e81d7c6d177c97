"""One step of training: gradients, then new parameters, and a way back from a step cut short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

import numpy as np

from autodiff import Value, gradients
from nn.arrays import RealArray, RowNumbers
from nn.optimizers import Optimizer
from nn.optimizers.memory import State
from nn.training.divergence import check_step
from nn.training.objective import Objective


@final
class Stepper:
    """Takes steps down an objective and remembers where the last complete one ended."""

    def __init__(self, objective: Objective, parameters: Sequence[Value], optimizer: Optimizer) -> None:
        self.objective = objective
        self._parameters = parameters
        self._optimizer = optimizer
        self._reached = self._state_now()

    def step(self, rows: RowNumbers) -> float:
        """Step once on the records with these numbers; return their loss as it was before.

        Raises OptionError (a ValueError) where no graph is recorded.
        """
        out = self.objective.graph_of(rows, self.objective.draw_masks(len(rows)))
        check_step(rows, out.data, np.zeros(0))
        for parameter, gradient in zip(self._parameters, gradients(out, self._parameters), strict=True):
            parameter.grad = gradient  # and no other: what is frozen gathers none, as in a program
        self._optimizer.step(self._parameters)
        with np.errstate(all="ignore"):
            check_step(rows, out.data, np.array([parameter.data for parameter in self._parameters]))
        self._reached = self._state_now()
        return out.data

    def repeat(self, rows: RowNumbers, count: int, losses: list[float]) -> None:
        """Step so many times on the same records, and add to `losses` what each step returns."""
        for _ in range(count):
            losses.append(self.step(rows))

    def measure(self) -> float:
        """The loss of all records."""
        return self.objective.measure()

    def write_back(self) -> None:
        """Nothing to write: the parameters are on the Values at any time."""

    def read_back(self) -> None:
        """Nothing to read."""

    def undo_incomplete_step(self) -> None:
        """Set the parameters as the last complete step left them, and their gradients to 0."""
        numbers, state = self._reached
        for parameter, number in zip(self._parameters, numbers, strict=True):
            parameter.data, parameter.grad = number, 0.0
        self._optimizer.remember(self._parameters, state)

    def measurement(self, other: Objective) -> Callable[[], float]:
        """What measures the loss of another objective of the same parameters, as they are when it is called."""
        return other.measure

    @property
    def stepped(self) -> Sequence[Value]:
        """The trained parameters, in the order of `snapshot`."""
        return self._parameters

    @property
    def state_names(self) -> Sequence[str]:
        """The names of the optimizer's state, in the order of `snapshot`."""
        return list(self._optimizer.initial_state)

    def snapshot(self) -> tuple[RealArray, State]:
        """The numbers of the trained parameters and the optimizer's state, after the last complete step."""
        numbers, state = self._reached
        return np.array(numbers), state

    def restore(self, numbers: RealArray, state: State) -> None:
        """Go on from a snapshot."""
        self._reached = numbers.tolist(), state
        self.undo_incomplete_step()

    def _state_now(self) -> tuple[list[float], State]:
        return [parameter.data for parameter in self._parameters], self._optimizer.recall(self._parameters)
