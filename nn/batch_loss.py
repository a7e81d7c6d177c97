"""The loss of a batch, compiled: of one record where the loss is a mean or sum over records, else of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np

import autodiff
from autodiff import Value
from autodiff.errors import TraceError
from nn.arrays import RealArray
from nn.losses import REDUCTIONS
from nn.objective import Objective


@final
class BatchLoss:
    """The loss of an objective as a compiled function of features and targets.

    Raises TraceError (a TypeError) when first used if the model or the loss cannot be compiled.
    """

    def __init__(self, objective: Objective) -> None:
        self._objective = objective
        self._reduction = REDUCTIONS.get(objective.loss)
        self._compiled = (
            autodiff.compile(self._of_record, batched=(0, 1))
            if self._reduction
            else autodiff.compile(self._of_batch, batched=())
        )

    @property
    def by_record(self) -> bool:
        """Whether the program is of one record, and the loss reduced over records; else it is of the whole batch."""
        return self._reduction is not None

    def parameters(self, features: RealArray, targets: RealArray) -> list[Value]:
        """The leaf Values in the loss of these records, in the order of the flat vector.

        Raises TraceError if the loss cannot be compiled, or is another when it is computed again.
        """
        try:
            self._compiled.check(features, targets)
            return self._compiled.parameters(features, targets)
        except TraceError as error:
            raise TraceError(f"{error}; or train with compiled=False, which builds a graph of every batch") from None

    def bind(self, features: RealArray, targets: RealArray, parameters: Sequence[Value], numbers: RealArray) -> Any:
        """The loss and its gradient on these arrays, which may be written to later; `numbers` are of `parameters`.

        Raises TraceError where the loss of these records has other parameters, or in another order.
        """
        if not self.by_record and [*map(id, self.parameters(features, targets))] != [*map(id, parameters)]:
            raise TraceError(
                f"the loss of {len(features)} records meets other parameters than that of one, or in another order; "
                "train with compiled=False, which builds a graph of every batch"
            )
        return self._compiled.bind(features, targets, reduction=self._reduction or "sum", numbers=numbers)

    # A model is written for a list of features and, as the records have them, a target or a list of targets.

    def _of_record(self, features: Any, target: Any) -> Any:
        return self._objective.loss([self._objective.prediction(features.tolist())], [_listed(target)])

    def _of_batch(self, features: Any, targets: Any) -> Any:
        return self._objective.loss([self._objective.prediction(row) for row in features.tolist()], targets.tolist())


def _listed(target: Any) -> Any:
    return target.tolist() if isinstance(target, np.ndarray) else target
