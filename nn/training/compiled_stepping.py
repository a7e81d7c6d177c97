"""The same steps compiled: one flat parameter vector, and one program for the gradient of a batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from operator import setitem
from typing import Any, final

import numpy as np

from autodiff import Value
from nn.arrays import RealArray, RowNumbers
from nn.data.records import Records
from nn.optimizers import Optimizer
from nn.optimizers.memory import State
from nn.training.batch_inputs import BatchInputs
from nn.training.batch_loss import BatchLoss
from nn.training.distributed import Partitions
from nn.training.divergence import check_step
from nn.training.objective import Objective

_SIZES_KEPT = 8
"""Sizes of batches whose buffers are kept while records are exchanged."""


@final
class CompiledStepper:
    """Takes the steps of a Stepper by replaying a program instead of building graphs.

    Parameters live in a vector while it works; `write_back` writes them and their gradients to the Values.
    With `partitions` a step on all records sums the gradient over them, and the objective has but a sample.
    Raises TraceError (a TypeError) where the model or the loss cannot be compiled.
    """

    def __init__(
        self,
        objective: Objective,
        parameters: Sequence[Value],
        optimizer: Optimizer,
        partitions: Partitions | None = None,
    ) -> None:
        self.objective = objective
        self._partitions = partitions
        self._inputs = BatchInputs(objective)
        self._optimizer = optimizer
        self._batch_loss = BatchLoss(objective, self._inputs.names)
        by_record = self._batch_loss.by_record
        extremes = self._inputs.extremes()
        checked = [extremes] if by_record else [[record] for record in extremes]
        self._reached, *_ = [self._batch_loss.parameters(*self._inputs.of(rows)) for rows in checked]
        reached, wanted = set(self._reached), set(parameters)
        self._values = [*self._reached, *(value for value in parameters if value not in reached)]
        self._stepped = [value for value in self._values if value in wanted]
        self._vector = np.array([value.data for value in self._values])
        self._numbers = self._vector[: len(self._reached)]
        self._gradients = np.zeros_like(self._vector)
        trained = np.array([value in wanted for value in self._values])
        self._trained: Any = slice(None) if trained.all() else trained.nonzero()[0]
        self._bound_alone = len(self._stepped) == len(self._reached) == len(self._values)
        self._state = [optimizer.recall(self._stepped)]  # a list of one, to be set by the call that sets parameters
        self._silent = copy_context()  # a run that diverges ends in inf and nan, as on Values, without a warning
        self._silent.run(np.seterr, all="ignore")
        self._bound: dict[int, _Batch] = {}

    def measure(self) -> float:
        """The loss of all records."""
        everything = range(len(self._inputs))
        if self._batch_loss.by_record and self._inputs.in_blocks and len(everything) not in self._bound:
            return sum(self._measured(rows) for rows in self._inputs.blocks())
        if self._batch_loss.by_record or len(everything) in self._bound:
            batch = self._batch(everything)
            self._inputs.mask(batch.arrays, 1.0)
            out: float = batch.gradient.value()
            return out
        self.write_back()  # a loss of whole batches is compiled for those alone that steps are taken on
        return self.objective.measure()

    def _measured(self, rows: RowNumbers) -> float:
        """What a block of records adds to the loss of all."""
        batch = self._batch(rows)
        self._inputs.mask(batch.arrays, 1.0)
        share = self._inputs.hold_block(batch.arrays, rows)
        return share * float(batch.gradient.value())

    def exchange(self, records: Records) -> None:
        """Take these records, which count alike, in place of those before."""
        self.objective = self.objective.on(records)
        self._inputs = BatchInputs(self.objective)
        count = len(records)
        if count in self._bound:
            self._inputs.hold(self._bound[count].arrays, range(count))
        elif len(self._bound) >= _SIZES_KEPT:  # batches may be of any size, and memory must not grow with their number
            del self._bound[next(iter(self._bound))]

    def step(self, rows: RowNumbers) -> float:
        """Step once on the records with these numbers; return their loss as it was before."""
        batch = self._batch(rows)
        masks = self.objective.draw_masks(len(rows))
        if masks is not None:
            self._inputs.mask(batch.arrays, masks)
        return self._step_on(batch.gradient, rows)

    def repeat(self, rows: RowNumbers, count: int, losses: list[float]) -> None:
        """Step so many times on the same records, and add to `losses` what each step returns."""
        if len(self.objective.masks):
            losses.extend(self.step(rows) for _ in range(count))
            return
        gradient = self._batch(rows).gradient
        for _ in range(count):
            losses.append(self._step_on(gradient, rows))

    def write_back(self) -> None:
        """Write parameters, gradients and what the optimizer remembers where they are without compilation."""
        numbers, gradients = (array[self._trained].tolist() for array in (self._vector, self._gradients))
        for value, number, gradient in zip(self._stepped, numbers, gradients, strict=True):
            value.data, value.grad = number, gradient
        self._optimizer.remember(self._stepped, self._state[0])

    def read_back(self) -> None:
        """Go on from the numbers and gradients on the Values, which a callback may have changed."""
        self._vector[:] = [value.data for value in self._values]
        self._gradients[self._trained] = [value.grad for value in self._stepped]
        self._state[0] = self._optimizer.recall(self._stepped)

    def undo_incomplete_step(self) -> None:
        """Set the parameters as the last complete step left them, and their gradients to 0.

        The vectors of numbers and state are so at all times, for a step changes them by one call, its last.
        """
        self._gradients.fill(0.0)
        self.write_back()

    def measurement(self, other: Objective) -> Callable[[], float]:
        """What measures the loss of another objective of the same parameters, as they are when it is called."""
        if self._batch_loss.by_record:
            inputs = BatchInputs(other)
            arrays = [np.asfortranarray(array) for array in inputs.of(range(len(inputs)))]
            measure: Callable[[], float] = self._batch_loss.bind(arrays, self._reached, self._numbers).value
            return measure

        def measured() -> float:
            self.write_back()
            return other.measure()

        return measured

    @property
    def stepped(self) -> Sequence[Value]:
        """The trained parameters, in the order of `snapshot`."""
        return self._stepped

    @property
    def state_names(self) -> Sequence[str]:
        """The names of the optimizer's state, in the order of `snapshot`."""
        return list(self._optimizer.initial_state)

    def snapshot(self) -> tuple[RealArray, State]:
        """The numbers of the trained parameters and the optimizer's state, after the last complete step."""
        return self._vector[self._trained].copy(), self._state[0]

    def restore(self, numbers: RealArray, state: State) -> None:
        """Go on from a snapshot."""
        self._vector[self._trained] = numbers
        self._state[0] = state
        self.undo_incomplete_step()

    def _step_on(self, gradient: Any, rows: RowNumbers) -> float:
        out: float = gradient()
        if self._bound_alone:
            self._gradients = gradient.gradient
        else:
            self._gradients[: len(self._reached)] = gradient.gradient
        self._silent.run(self._update, rows, out)
        return out

    def _update(self, rows: RowNumbers, loss: float) -> None:
        vector, gradients, trained = self._vector, self._gradients, self._trained
        new, *state = self._optimizer.new_state(vector[trained], gradients[trained], self._state[0])
        check_step(rows, loss, new)
        kept = tuple(_apart(entries, vector, gradients) for entries in state)
        # One call into C, which no signal interrupts: parameters and state are of the same step at any time.
        places: tuple[Any, ...] = (vector, self._state)
        deque(map(setitem, places, (trained, 0), (new, kept)), maxlen=0)

    def _batch(self, rows: RowNumbers) -> _Batch:
        """The bound gradient for so many records, holding these."""
        batch = self._bound.get(len(rows))
        if batch is None:
            batch = self._bound[len(rows)] = self._new_batch(rows)
        elif len(rows) < len(self._inputs):
            self._inputs.hold(batch.arrays, rows)
        return batch

    def _new_batch(self, rows: RowNumbers) -> _Batch:
        # With a program of one record a feature's records lie side by side: so the first product reads them fastest.
        arranged = np.asfortranarray if self._batch_loss.by_record else np.ascontiguousarray
        arrays = [arranged(array) for array in self._inputs.of(rows)]
        if self._partitions is not None:
            program, reduction = self._batch_loss.program(arrays), self.objective.reduction or "mean"
            return _Batch(arrays, self._partitions.gradient(program, self._numbers, reduction))
        return _Batch(arrays, self._batch_loss.bind(arrays, self._reached, self._numbers))


def _apart(entries: Any, *changing: RealArray) -> Any:
    """State vectors that are not views of what the next step overwrites, such as the gradient itself."""
    if getattr(entries, "base", None) is None:  # a number, or an array with memory of its own
        return entries
    return entries.copy() if any(np.may_share_memory(entries, array) for array in changing) else entries


@final
@dataclass(frozen=True)
class _Batch:
    """Buffers for the records of a batch, and the gradient bound to them."""

    arrays: Sequence[RealArray]
    gradient: Any
