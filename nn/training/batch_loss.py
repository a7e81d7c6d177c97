"""The loss of a batch, compiled: of one record where the loss is a mean or sum over records, else of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np

import autodiff
from autodiff import Program, Value, no_grad
from autodiff.errors import TraceError
from nn.arrays import RealArray
from nn.training.objective import Objective


@final
class BatchLoss:
    """The loss of an objective as a compiled function of features and targets.

    Raises TraceError (a TypeError) when first used if the model or the loss cannot be compiled.
    """

    def __init__(self, objective: Objective, inputs: Sequence[str]) -> None:
        self._objective = objective
        self._inputs = inputs
        self._reduction = objective.reduction if objective.reduction in ("mean", "sum") else None
        self._compiled = (
            autodiff.compile(self._of_record, batched=range(len(inputs)))
            if self._reduction
            else autodiff.compile(self._of_batch, batched=())
        )

    @property
    def by_record(self) -> bool:
        """Whether the program is of one record, and the loss reduced over records; else it is of the whole batch."""
        return self._reduction is not None

    def parameters(self, *inputs: RealArray) -> list[Value]:
        """The leaf Values in the loss of these records, in the order of the flat vector.

        Raises TraceError if the loss cannot be compiled, or is another when it is computed again; code of this
        package alone is not computed again to see.
        """
        try:
            if self.by_record and self._objective.model_runs_own_code_only:
                self._check_loss(inputs[1])
            else:
                self._compiled.check(*inputs)
            return self._compiled.parameters(*inputs)
        except TraceError as error:
            raise TraceError(
                f"{error}; or train with compiled=False, which builds a graph of every batch. A label cannot be an "
                "index while a program is recorded: pass nn.one_hot(labels) as targets, and dot(target, prediction) in "
                "place of prediction[int(label)]"
            ) from None

    def _check_loss(self, targets: RealArray) -> None:
        """Check the loss alone: of a prediction, beside each of these targets."""
        if self._objective.runs_own_code_only:
            return
        with no_grad():
            predicted = _numbers(self._objective.prediction(self._objective.records.record(0)))
        loss = autodiff.compile(
            lambda prediction, target: self._objective.loss([_listed(prediction)], [_listed(target)]), batched=(0, 1)
        )
        loss.check(np.array([predicted] * len(targets)), targets)

    def bind(self, inputs: Sequence[RealArray], parameters: Sequence[Value], numbers: RealArray) -> Any:
        """The loss and its gradient on these arrays, which may be written to later; `numbers` are of `parameters`.

        Raises TraceError where the loss of these records has other parameters, or in another order.
        """
        if not self.by_record and [*map(id, self.parameters(*inputs))] != [*map(id, parameters)]:
            raise TraceError(
                f"the loss of {len(inputs[0])} records meets other parameters than that of one, or in another order; "
                "train with compiled=False, which builds a graph of every batch"
            )
        reduction = "sum" if self._reduction is None or "weights" in self._inputs else self._reduction
        return self._compiled.bind(*inputs, reduction=reduction, numbers=numbers)

    def program(self, inputs: Sequence[RealArray]) -> Program:
        """The program of the loss and its gradient, for arrays like these."""
        self._compiled.bind(*inputs, reduction=self._reduction or "sum")
        return self._compiled.program

    # A model is written for a list of features and, as the records have them, a target or a list of targets.

    def _of_record(self, features: Any, target: Any, *others: Any) -> Any:
        given = dict(zip(self._inputs[2:], others, strict=True))
        out = self._objective.loss(
            [self._objective.prediction(features.tolist(), _listed(given.get("masks")))], [_listed(target)]
        )
        penalty = self._penalty()
        if penalty is not None and "shares" not in given:
            out = out + penalty
        if "weights" in given:
            out = given["weights"] * out
        return out + given["shares"] * penalty if "shares" in given else out

    def _of_batch(self, features: Any, targets: Any, *others: Any) -> Any:
        factors = others[0].tolist() if others else [None] * len(features)
        predictions = map(self._objective.prediction, features.tolist(), factors)
        out, penalty = self._objective.loss([*predictions], targets.tolist()), self._penalty()
        return out if penalty is None else out + penalty

    def _penalty(self) -> Any:
        return None if self._objective.penalty is None else self._objective.penalty(self._objective.model)


def _numbers(outputs: Any) -> Any:
    """The numbers of a prediction, a Value or a list of them."""
    if isinstance(outputs, list):
        return [*map(_numbers, outputs)]
    return outputs.data if isinstance(outputs, Value) else outputs


def _listed(numbers: Any) -> Any:
    return numbers.tolist() if isinstance(numbers, np.ndarray) else numbers
