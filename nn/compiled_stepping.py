"""The same steps compiled: one flat parameter vector, and one program for the gradient of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff import Value
from nn.arrays import RealArray
from nn.batch_loss import BatchLoss
from nn.objective import Objective
from nn.optimizers import SGD, Optimizer


@final
class CompiledStepper:
    """Takes the steps of a Stepper by replaying a program instead of building graphs.

    Parameters live in a vector while it works; `settle` writes them and their gradients to the Values.
    Raises TraceError (a TypeError) where the model or the loss cannot be compiled.
    """

    def __init__(self, objective: Objective, parameters: Sequence[Value], optimizer: Optimizer) -> None:
        self.objective = objective
        objective.check()
        self._features = np.array(objective.records.features)
        self._targets = np.array(objective.records.targets)
        self._optimizer = optimizer
        self._batch_loss = BatchLoss(objective)
        self._reached = self._batch_loss.parameters(self._features[:1], self._targets[:1])
        self._trained = np.isin(list(map(id, self._reached)), list(map(id, parameters)))
        self._all_trained = bool(self._trained.all())
        self._unreached = [value for value in parameters if value not in set(self._reached)]
        self._numbers = np.array([value.data for value in self._reached])
        self._gradients = np.zeros_like(self._numbers)
        # Only SGD itself is known on vectors, and what the loss does not reach is not in them.
        self._vectors = (
            optimizer.on_vectors(self._reached)
            if type(optimizer) is SGD and "step" not in vars(optimizer) and not self._unreached
            else None
        )
        self._bound: dict[int, _Batch] = {}

    def measure(self) -> float:
        """The loss of all records."""
        everything = range(len(self._features))
        if self._batch_loss.by_record or len(everything) in self._bound:
            out: float = self._batch(everything).gradient.value()
            return out
        self.settle()  # a loss of whole batches is compiled for those alone that steps are taken on
        return self.objective.measure()

    def step(self, rows: Sequence[int]) -> float:
        """Step once on the records with these numbers; return their loss as it was before."""
        batch = self._batch(rows)
        out: float = batch.gradient()
        if self._all_trained:
            self._gradients = batch.gradient.gradient
        else:
            np.copyto(self._gradients, batch.gradient.gradient, where=self._trained)
        if self._vectors is None:
            self._step_on_values()
        else:
            self._vectors.step(self._numbers, self._gradients)
        return out

    def repeat(self, rows: Sequence[int], count: int, losses: list[float]) -> None:
        """Step so many times on the same records, and add to `losses` what each step returns."""
        if self._vectors is None or not self._all_trained:
            for _ in range(count):
                losses.append(self.step(rows))
            return
        gradient, move, numbers = self._batch(rows).gradient, self._vectors.step, self._numbers
        self._gradients = gradients = gradient.gradient
        for _ in range(count):
            out = gradient()
            move(numbers, gradients)
            losses.append(out)

    def settle(self) -> None:
        """Write parameters, gradients and what the optimizer remembers where they are without compilation."""
        rows = zip(self._reached, self._numbers.tolist(), self._gradients.tolist(), self._trained, strict=True)
        for value, number, gradient, trained in rows:
            if trained:
                value.data, value.grad = number, gradient
        if self._vectors is not None and isinstance(self._optimizer, SGD):
            self._optimizer.remember(self._reached, self._vectors.velocities.tolist())

    def resume(self) -> None:
        """Go on from the numbers and gradients on the Values, which a callback may have changed."""
        self._numbers[:] = [value.data for value in self._reached]
        np.copyto(self._gradients, [value.grad for value in self._reached], where=self._trained)

    def undo_incomplete_step(self) -> None:
        """Set the parameters as the last complete step left them, and their gradients to 0.

        The vector of numbers is so at all times, for a step changes it by one call, its last.
        """
        self._gradients.fill(0.0)
        self.settle()

    def _batch(self, rows: Sequence[int]) -> _Batch:
        """The bound gradient for so many records, holding these."""
        if len(rows) not in self._bound:
            self._bound[len(rows)] = self._new_batch(rows)
        elif len(rows) < len(self._features):
            self._bound[len(rows)].hold(self._features, self._targets, rows)
        return self._bound[len(rows)]

    def _new_batch(self, rows: Sequence[int]) -> _Batch:
        # With a program of one record a feature's records lie side by side: so the first product reads them fastest.
        arranged = np.asfortranarray if self._batch_loss.by_record else np.ascontiguousarray
        features, targets = arranged(self._features[rows]), arranged(self._targets[rows])
        gradient = self._batch_loss.bind(features, targets, self._reached, self._numbers)
        return _Batch(features, targets, gradient)

    def _step_on_values(self) -> None:
        """The step of an optimizer that knows Values alone."""
        self.settle()
        for value in self._unreached:
            value.grad = 0.0
        trained = [value for value, wanted in zip(self._reached, self._trained, strict=True) if wanted]
        self._optimizer.step([*trained, *self._unreached])
        self.resume()


@final
@dataclass(frozen=True)
class _Batch:
    """Buffers for the records of a batch, and the gradient bound to them."""

    features: RealArray
    targets: RealArray
    gradient: Any

    def hold(self, features: RealArray, targets: RealArray, rows: Sequence[int]) -> None:
        """Take these records in place of those before."""
        np.take(features, rows, axis=0, out=self.features)
        np.take(targets, rows, axis=0, out=self.targets)
