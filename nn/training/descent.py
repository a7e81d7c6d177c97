"""Descent: what a driver minimizes, and where its last complete iteration ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from autodiff import Value
from nn.arrays import RealArray
from nn.errors import CheckpointError, OptionError
from nn.optimizers import Driver
from nn.optimizers.memory import State
from nn.training.compiled_objective import CompiledObjective
from nn.training.divergence import Diverged
from nn.training.objective import Objective
from nn.training.residuals import Residuals
from nn.training.swept_objective import SweptObjective


class IterationsDone(Exception):  # noqa: N818 - no error: it ends a driver's loop from within
    """No further iteration is wanted."""


@final
@dataclass(frozen=True)
class _Point:
    """The parameters of an evaluation, and what it gave."""

    numbers: RealArray
    loss: float
    gradient: RealArray


@final
class Descent:
    """The loss of all records along the vector of trained parameters: the `Problem` of a driver.

    The Values hold what was evaluated last; `write_back` sets them to the end of the last complete iteration.
    What a driver remembers is its own, so a run that is resumed repeats its iterations, from the same start.
    Raises OptionError (a ValueError) for a model with dropout.
    """

    def __init__(self, objective: Objective, parameters: Sequence[Value], driver: Driver, *, compiled: bool) -> None:
        if len(objective.masks):
            raise OptionError(f"{driver!r} takes a loss that is the same at each evaluation, and dropout draws anew")
        self.objective = objective
        self.stepped = parameters
        """The trained parameters, in the order of `snapshot`."""
        self.state_names = ["start"]
        """The names of the state in `snapshot`."""
        self.iterations = 0
        self._repeated = 0
        """How many iterations are still to be done again."""
        self._driver = driver
        made = CompiledObjective if compiled else SweptObjective
        self._loss: CompiledObjective | SweptObjective = made(objective, parameters)
        self._residuals = Residuals(objective, parameters, compiled=compiled) if driver.takes_residuals else None
        self.start = np.array([parameter.data for parameter in parameters])
        self._latest = self._reached = _Point(self.start, self._loss.value(self.start), np.zeros(len(self.start)))
        self._ended: Callable[[float], None] = lambda _: None

    def minimize(self, iterations: int, ended: Callable[[float], None], *, done: int) -> str:
        """Let the driver iterate so often at most; return why it stopped earlier, or nothing.

        `ended` is called after each iteration with the loss before it, but for those that were `done` before the run
        was resumed; an IterationsDone that it raises ends the loop. Raises CheckpointError (a ValueError) where these
        do not lead to where the run was.
        """
        self.iterations, self._ended, self._repeated = iterations, ended, done
        self._latest = self._evaluated(self.start)
        if not done:
            self._reached = self._latest
        try:
            why = self._driver.minimize(self)
        except IterationsDone:
            return ""
        if self._repeated:
            raise self._not_repeated()
        return why

    def value_and_gradient(self, numbers: RealArray) -> tuple[float, RealArray]:
        """The loss and its gradient. Raises Diverged where either is not finite."""
        self._latest = self._evaluated(numbers)
        return self._latest.loss, self._latest.gradient

    def residuals(self, numbers: RealArray) -> RealArray:
        """The residuals, shape (n · outputs,); not finite for a trial that goes too far."""
        return self._required_residuals(numbers).now()

    def jacobian(self, numbers: RealArray) -> RealArray:
        """Their derivatives, shape (n · outputs, p). Raises Diverged unless these are finite."""
        slopes = self._required_residuals(numbers).jacobian()
        if not np.isfinite(slopes).all():
            raise self._diverged(np.nan)
        return slopes

    def reach(self, numbers: RealArray) -> None:
        """End an iteration here. Raises Diverged unless loss and gradient are finite, and what ends the run."""
        if not np.array_equal(numbers, self._latest.numbers):
            self._latest = self._evaluated(numbers)
        if self._repeated > 1:
            self._repeated -= 1
            return
        before, resumed = self._reached, self._repeated == 1
        if resumed and not np.array_equal(numbers, before.numbers):
            raise self._not_repeated()
        self._repeated, self._reached = 0, self._latest
        if not resumed:
            self._ended(before.loss)

    def measure(self) -> float:
        """The loss of all records at the end of the last complete iteration."""
        return self._loss.value(self._reached.numbers)

    def measurement(self, other: Objective) -> Callable[[], float]:
        """What measures the loss of another objective there."""
        measured = self._loss.measurement(other)
        return lambda: measured(self._reached.numbers)

    def write_back(self) -> None:
        """Set the Values to the end of the last complete iteration, and their gradients to those there."""
        self._set(self._reached.numbers, self._reached.gradient)

    def read_back(self) -> None:
        """Check that the Values are what they were. Raises OptionError (a ValueError), for a driver cannot follow."""
        for parameter, number in zip(self.stepped, self._reached.numbers.tolist(), strict=True):
            if parameter.data != number:
                raise OptionError(
                    f"a callback changed a parameter from {number:g} to {parameter.data:g}, and {self._driver!r} "
                    "cannot go on from there; an optimizer with a learning rate, such as Adam, can"
                )

    def undo_incomplete_step(self) -> None:
        """Set the parameters as the last complete iteration left them, and their gradients to 0."""
        self._set(self._reached.numbers, np.zeros(len(self.stepped)))

    def snapshot(self) -> tuple[RealArray, State]:
        """The numbers after the last complete iteration, and those at the start."""
        return self._reached.numbers, (self.start,)

    def restore(self, numbers: RealArray, state: State) -> None:
        """Go back to a snapshot."""
        (self.start,) = state
        self._reached = _Point(numbers, self._loss.value(numbers), np.zeros(len(numbers)))
        self.undo_incomplete_step()

    def _evaluated(self, numbers: RealArray) -> _Point:
        found = _Point(numbers.copy(), *self._loss.value_and_gradient(numbers))
        if not (np.isfinite(found.loss) and np.isfinite(found.gradient).all()):
            raise self._diverged(found.loss, tried=not np.array_equal(numbers, self._reached.numbers))
        return found

    def _required_residuals(self, numbers: RealArray) -> Residuals:
        if self._residuals is None:
            raise OptionError(f"{self._driver!r} reads residuals: set takes_residuals = True in its class")
        self._set(numbers)
        return self._residuals

    def _set(self, numbers: RealArray, gradient: RealArray | None = None) -> None:
        for parameter, number in zip(self.stepped, numbers.tolist(), strict=True):
            parameter.data = number
        if gradient is not None:
            for parameter, slope in zip(self.stepped, gradient.tolist(), strict=True):
                parameter.grad = slope

    def _not_repeated(self) -> CheckpointError:
        return CheckpointError(
            f"{self._driver!r} does not repeat the iterations of the checkpoint: it draws at random, or the checkpoint "
            "was written with another version or machine; begin anew, without resume"
        )

    def _diverged(self, loss: float, *, tried: bool = False) -> Diverged:
        return Diverged(range(len(self.objective.records)), loss, tried=tried)
