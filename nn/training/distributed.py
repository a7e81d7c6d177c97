"""Gradients summed where the data lie: over the partitions that a Dask client holds. Needs the extra `distributed`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np

from autodiff import Program, no_grad, run_program
from autodiff.errors import MissingExtraError, ShapeError
from nn.arrays import RealArray
from nn.data.records import checked_records
from nn.errors import OptionError, OptionTypeError
from nn.losses.functions import Loss, cross_entropy
from nn.losses.labels import label_shares
from nn.modules.outputs import output_list
from nn.training.objective import Model, Objective

_SAMPLE = 8
"""Records that the program is made from, and that a loss of one's own is tried on."""


@final
class Partitions:
    """Features and targets in blocks of records, each kept by some worker.

    A block is a task of the scheduler, so that one that is lost with its worker is made anew on another.
    """

    def __init__(self, client: Any, blocks: Sequence[tuple[Any, Any]], classes: int | None) -> None:
        self._client = client
        self._parts = [client.submit(_checked, *block, classes, pure=False) for block in blocks]
        counts = client.gather([client.submit(len, part, pure=False) for part in self._parts])
        self.records = int(sum(counts))

    @classmethod
    def of(cls, client: Any, features: Any, targets: Any, *, model: Model, loss: Loss) -> Partitions:
        """The partitions of dask arrays, block by block, or of arrays, cut into two for each worker.

        Raises OptionTypeError (a TypeError) for anything but a Dask client, ShapeError (a ValueError) for blocks that
        do not fit, and what `checked_records` raises, from the worker that found it.
        """
        if not (hasattr(client, "submit") and hasattr(client, "gather") and hasattr(client, "scheduler_info")):
            raise OptionTypeError(f"executor takes a dask.distributed.Client, got {client!r}")
        if len(features) != len(targets):
            raise ShapeError(f"features have {len(features)} records and targets {len(targets)}; they must be equal")
        if hasattr(features, "dask") or hasattr(targets, "dask"):
            blocks = _lazy_blocks(client, features, targets)
        else:
            count = min(len(features), 2 * max(1, len(client.scheduler_info()["workers"])))
            given, wanted = np.asarray(features), np.asarray(targets)
            blocks = list(zip(np.array_split(given, count), np.array_split(wanted, count), strict=True))
        return cls(client, blocks, _class_count(client, model, blocks[0][0]) if loss is cross_entropy else None)

    @property
    def sample(self) -> tuple[RealArray, RealArray]:
        """The features and targets of a few records, from which the program is made."""
        found: tuple[RealArray, RealArray] = self._client.submit(_head, self._parts[0], pure=False).result()
        return found

    def gradient(self, program: Program, numbers: RealArray, reduction: str) -> SummedGradient:
        """The loss of all records and its gradient at `numbers`, which may be written to between calls."""
        return SummedGradient(self._client, self._parts, self.records, program, numbers, reduction)


@final
class SummedGradient:
    """A reduced loss and its gradient over partitions: what a bound gradient is for arrays in one place."""

    def __init__(
        self, client: Any, parts: Sequence[Any], records: int, program: Program, numbers: RealArray, reduction: str
    ) -> None:
        self.numbers = numbers
        self.gradient = np.empty_like(numbers)
        self._client, self._parts = client, parts
        self._weight = 1.0 / records if reduction == "mean" else 1.0
        # A task and not scattered data: pickled once, and there again after its worker is gone.
        self._program = client.submit(_kept, program, pure=False)

    def __call__(self) -> float:
        """The loss of all records, after filling `gradient`. The sums are added in the order of the partitions."""
        value, gradient = 0.0, np.zeros_like(self.gradient)
        for part_value, part_gradient in self._sums():
            value += part_value
            gradient += part_gradient
        np.multiply(gradient, self._weight, out=self.gradient)
        return value * self._weight

    def value(self) -> float:
        """The loss alone; `gradient` stays as it is."""
        return self._weight * sum(value for value, _ in self._sums())

    def _sums(self) -> list[tuple[float, RealArray]]:
        numbers = self.numbers.copy()
        tasks = [self._client.submit(_sums, self._program, part, numbers, pure=False) for part in self._parts]
        made: list[tuple[float, RealArray]] = self._client.gather(tasks)
        return made


def refuse_what_needs_all_records(**options: Any) -> None:
    """Raise OptionError (a ValueError) for an option that asks for records in one place, and is given."""
    for name, given in options.items():
        if given:
            raise OptionError(f"fit(executor=...) steps on all records where they lie; it takes no {name}")


def refuse_what_no_sum_gives(objective: Objective) -> None:
    """Raise OptionError (a ValueError) unless the sums over partitions make the loss of all."""
    if objective.reduction not in ("mean", "sum"):
        raise OptionError("fit(executor=...) takes a loss that is a mean or a sum over records")
    if objective.penalty is not None and objective.reduction == "sum":
        raise OptionError("fit(executor=...) takes a penalty with a loss that is a mean over records, such as mse")
    if len(objective.masks):
        raise OptionError("fit(executor=...) takes a model without dropout")


def _class_count(client: Any, model: Model, block: Any) -> int:
    """The number of outputs of the model."""
    (record,) = client.submit(_first_row, block, pure=False).result()
    with no_grad():
        return len(output_list(model(record)))


def _lazy_blocks(client: Any, features: Any, targets: Any) -> list[tuple[Any, Any]]:
    """The blocks of dask arrays as tasks; where one side is no dask array it is cut like the other."""
    try:
        from dask.array import from_array
    except ImportError as error:
        raise MissingExtraError("dask arrays need Dask: pip install 'valuegraph[distributed]'") from error
    given = features if hasattr(features, "dask") else from_array(np.asarray(features))  # type: ignore[no-untyped-call]  # dask is untyped
    if given.ndim == 2 and given.numblocks[1] > 1:
        given = given.rechunk({1: -1})
    wanted = targets if hasattr(targets, "dask") else from_array(np.asarray(targets))  # type: ignore[no-untyped-call]  # dask is untyped
    if given.shape[0] != wanted.shape[0]:
        raise ShapeError(f"features have {given.shape[0]} records and targets {wanted.shape[0]}; they must be equal")
    wanted = wanted.rechunk({0: given.chunks[0], **({1: -1} if wanted.ndim == 2 else {})})
    first, second = client.compute([*given.to_delayed().ravel()]), client.compute([*wanted.to_delayed().ravel()])
    return list(zip(first, second, strict=True))


# What runs on workers.


@final
class Part:
    """The records of one partition."""

    def __init__(self, features: RealArray, targets: RealArray) -> None:
        self.features, self.targets = features, targets

    def __len__(self) -> int:
        return len(self.features)


def _checked(features: Any, targets: Any, classes: int | None) -> Part:
    if classes is not None and np.ndim(targets) == 1:
        targets = label_shares(np.asarray(targets, dtype=float), classes)
    records = checked_records(features, targets)
    return Part(np.asfortranarray(records.features), records.targets)


def _first_row(features: Any) -> list[Any]:
    rows: list[Any] = np.asarray(features, dtype=float)[:1].tolist()
    return rows


def _head(part: Part) -> tuple[RealArray, RealArray]:
    return part.features[:_SAMPLE], part.targets[:_SAMPLE]


def _kept(program: Program) -> Program:
    return program


def _sums(program: Program, part: Part, numbers: RealArray) -> tuple[float, RealArray]:
    value, gradient = run_program(program, numbers.tolist(), [part.features, part.targets], reduction="sum")
    return float(value[0]), gradient
