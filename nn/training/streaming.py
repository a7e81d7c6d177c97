"""Training on a stream: each step takes the next batch, and the loss of all data is measured by reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, final

import numpy as np

from autodiff import mean, no_grad
from autodiff.errors import ShapeError
from nn.arrays import RealArray
from nn.data.features import matched_features
from nn.data.records import Records, checked_records, distinct_rows
from nn.data.stream import BatchStream, rebatched
from nn.errors import DataError, OptionError
from nn.losses.functions import REDUCTIONS, Loss, cross_entropy
from nn.losses.labels import label_array, label_shares
from nn.modules.outputs import output_list
from nn.optimizers.memory import State
from nn.randomness import Randomness
from nn.training.compiled_stepping import CompiledStepper
from nn.training.objective import Model, Objective
from nn.training.run import Run

_WEIGHTED = "let the source repeat or draw records in proportion to their weight"
_INSTEAD = {
    "targets": "the stream gives them, in pairs (features, targets)",
    "executor": "pass dask arrays in place of a stream",
    "validation_split": "let the source leave some records out, and pass these as validation_data",
    "class_weight": _WEIGHTED,
    "sample_weight": _WEIGHTED,
    "compiled=False": "pass arrays to look at some records",
    "metrics without validation_data": "pass validation_data=(features, targets)",
}
"""What to do in place of an option that needs all records at once."""


@final
class CheckedStream:
    """The records of a stream for a model and a loss, each batch checked when it is read."""

    def __init__(self, stream: BatchStream, size: int | None, *, model: Model, loss: Loss) -> None:
        self._stream = stream
        self._size = size
        self._model = model
        self._loss = loss
        features, targets = next(iter(stream))
        self._classes: int | None = None
        if loss is cross_entropy:
            record = checked_records(matched_features(model, features), np.zeros(len(features))).record(0)
            with no_grad():
                self._classes = len(output_list(model(record)))
        self.sample = features, self._encoded(targets)
        """The first batch, from which the program is made."""
        self.shuffle_buffer = stream.shuffle_buffer
        self._shape = _shape(checked_records(matched_features(model, features), self.sample[1]))

    @property
    def description(self) -> str:
        """What a checkpoint has of the data: no numbers, for a source may give them in another order each time."""
        return f"a stream of {self._shape[0]} features and {self._shape[1]} targets, buffer {self.shuffle_buffer}"

    def batches(self, rng: Randomness | None) -> Iterator[Records]:
        """All records, shuffled through the buffer where there is an `rng`."""
        buffer = self.shuffle_buffer
        return rebatched(map(self._checked, self._stream), self._size, buffer if rng is not None else 0, rng)

    def _checked(self, pair: tuple[Any, Any]) -> Records:
        records = checked_records(matched_features(self._model, pair[0]), self._encoded(pair[1]))
        if _shape(records) != self._shape:
            raise ShapeError(
                f"a batch of the stream has {records.features.shape[1]} inputs and {records.outputs} targets for a "
                f"record, and the first has {self._shape[0]} and {self._shape[1]}; they must be equal"
            )
        if self._loss in REDUCTIONS:  # raises for targets that the loss does not take
            distinct = distinct_rows(records.targets)
            self._loss(distinct, distinct)
        return records

    def _encoded(self, targets: Any) -> Any:
        given = np.asarray(targets)
        if self._classes is None or (given.ndim == 2 and given.shape[1] > 1):
            return targets
        labels = label_array(given)
        if labels.dtype.kind not in "biuf":
            raise DataError(
                f"labels of a stream are integers from 0, got {labels.dtype}: a batch need not have all classes; "
                "pass nn.one_hot(labels, classes)"
            )
        return label_shares(labels.astype(float), self._classes)


@final
class StreamedStepper:
    """Takes the steps of a CompiledStepper on the batches of a stream.

    Raises OptionError (a ValueError) unless the losses of batches make that of all records.
    """

    def __init__(self, stepper: CompiledStepper, stream: CheckedStream) -> None:
        objective = stepper.objective
        if objective.reduction not in ("mean", "sum"):
            raise OptionError("fit on a stream takes a loss that is a mean or a sum over records")
        if objective.penalty is not None and objective.reduction == "sum":
            raise OptionError("fit on a stream takes a penalty with a loss that is a mean over records, such as mse")
        self._stepper = stepper
        self._stream = stream
        self._mean = objective.reduction == "mean"
        self.write_back, self.read_back = stepper.write_back, stepper.read_back
        self.undo_incomplete_step, self.restore = stepper.undo_incomplete_step, stepper.restore
        self.stepped, self.state_names = stepper.stepped, stepper.state_names

    @property
    def objective(self) -> Objective:
        """The loss of the batch that was read last."""
        return self._stepper.objective

    def epoch(self, rng: Randomness) -> float:
        """Step on each batch; return the mean of their losses as they were before."""
        losses = []
        for records in self._stream.batches(rng):
            self._stepper.exchange(records)
            losses.append(self._stepper.step(range(len(records))))
        return mean(losses)

    def measure(self) -> float:
        """The loss of all records, by reading them in their order."""
        total, count = 0.0, 0
        for records in self._stream.batches(None):
            self._stepper.exchange(records)
            total += self._stepper.measure() * (len(records) if self._mean else 1)
            count += len(records)
        return total / count if self._mean else total

    def measurement(self, other: Objective) -> Callable[[], float]:
        """What measures the loss of another objective of the same parameters, as they are when it is called."""
        return self._stepper.measurement(other)

    def snapshot(self) -> tuple[RealArray, State]:
        """The numbers of the trained parameters and the optimizer's state, after the last complete step."""
        return self._stepper.snapshot()


@final
class StreamedEpochs:
    """Goes through epochs by steps on the batches of a stream."""

    def __init__(self, stepper: StreamedStepper) -> None:
        self._stepper = stepper

    def __call__(self, run: Run) -> None:
        """Step until the run is over."""
        while not run.is_over:
            run.begin_epoch()
            run.history.losses.append(self._stepper.epoch(run.plan.rng))
            run.end_epochs(1)


def refuse_what_needs_arrays(**options: Any) -> None:
    """Raise OptionError (a ValueError) for an option that asks for all records at once, and is given."""
    for name, given in options.items():
        if given:
            raise OptionError(f"fit on a BatchStream reads batch by batch; it takes no {name}: {_INSTEAD[name]}")


def _shape(records: Records) -> tuple[int, int]:
    return records.features.shape[1], records.outputs
