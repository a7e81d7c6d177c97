"""The loss of a batch, compiled: of one record where the loss is a mean or sum over records, else of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, final

import numpy as np

import autodiff
from autodiff import CompiledFunction, Program, Value, no_grad
from autodiff.errors import TraceError
from nn.arrays import RealArray
from nn.data.records import Records
from nn.modules.kept_programs import KeptPrograms, Likeness, likeness_of
from nn.training.objective import Objective

KEPT: KeptPrograms[CompiledFunction] = KeptPrograms()
"""The losses of earlier runs. Each holds the model that it was recorded from, and no data."""


def objective_likeness(objective: Objective, inputs: list[str]) -> tuple[Likeness, list[Value]] | None:
    """What decides on the program of an objective, and the Values of its model; None where it is of other code too."""
    model = likeness_of(objective.contents) if objective.runs_own_code_only else None
    if model is None:
        return None
    records, penalty = objective.records, objective.penalty
    strength = None if penalty is None else (type(penalty), penalty.strength)  # type: ignore[attr-defined]  # L1 or L2
    shape = records.features.shape[1:], records.targets.shape[1:]
    return (objective.loss, objective.reduction, strength, *inputs, *shape, *model[0]), model[1]


@final
class BatchLoss:
    """The loss of an objective as a compiled function of features and targets.

    Raises TraceError (a TypeError) when first used if the model or the loss cannot be compiled.
    """

    def __init__(self, objective: Objective, inputs: list[str]) -> None:
        self._objective = objective
        self._inputs = inputs
        self._reduction = objective.reduction if objective.reduction in ("mean", "sum") else None
        self._alike = objective_likeness(objective, inputs) if self._reduction else None
        self._kept = None if self._alike is None else KEPT.get(self._alike[0])
        self._compiled = self._new_program() if self._kept is None else self._kept.made

    def _new_program(self) -> CompiledFunction:
        if self._reduction is None:
            return autodiff.compile(self._of_batch, batched=())
        # Of one record, so that what is kept for later runs does not keep the data.
        records = self._objective.records
        one = Records(np.array(records.features[:1]), np.array(records.targets[:1]))
        of_record = partial(_of_record, replace(self._objective, records=one, rng=None), self._inputs)
        return autodiff.compile(of_record, batched=range(len(self._inputs)))

    @property
    def by_record(self) -> bool:
        """Whether the program is of one record, and the loss reduced over records; else it is of the whole batch."""
        return self._reduction is not None

    def parameters(self, *inputs: RealArray) -> list[Value]:
        """The leaf Values in the loss of these records, in the order of the flat vector.

        Raises TraceError if the loss cannot be compiled, or is another when it is computed again; code of this
        package alone is not computed again to see.
        """
        if self._alike is not None and self._kept is not None:
            values = self._alike[1]
            return [values[place] for place in self._kept.places]
        try:
            if self.by_record and self._objective.model_runs_own_code_only:
                self._check_loss(inputs[1])
            else:
                self._compiled.check(*inputs)
            found = self._compiled.parameters(*inputs)
        except TraceError as error:
            raise TraceError(
                f"{error}; or train with compiled=False, which builds a graph of every batch. A label cannot be an "
                "index while a program is recorded: pass nn.one_hot(labels) as targets, and dot(target, prediction) in "
                "place of prediction[int(label)]"
            ) from None
        if self._alike is not None:
            KEPT.keep(self._alike[0], self._compiled, found, self._alike[1])
        return found

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

    def _of_batch(self, features: Any, targets: Any, *others: Any) -> Any:
        factors = others[0].tolist() if others else [None] * len(features)
        predictions = map(self._objective.prediction, features.tolist(), factors)
        out, penalty = self._objective.loss([*predictions], targets.tolist()), _penalty(self._objective)
        return out if penalty is None else out + penalty


# A model is written for a list of features and, as the records have them, a target or a list of targets.


def _of_record(objective: Objective, inputs: Sequence[str], features: Any, target: Any, *others: Any) -> Any:
    given = dict(zip(inputs[2:], others, strict=True))
    out: Any = objective.loss([objective.prediction(features.tolist(), _listed(given.get("masks")))], [_listed(target)])
    penalty = _penalty(objective)
    if penalty is not None and "shares" not in given:
        out = out + penalty
    if "weights" in given:
        out = given["weights"] * out
    return out + given["shares"] * penalty if "shares" in given else out


def _penalty(objective: Objective) -> Any:
    return None if objective.penalty is None else objective.penalty(objective.model)


def _numbers(outputs: Any) -> Any:
    """The numbers of a prediction, a Value or a list of them."""
    if isinstance(outputs, list):
        return [*map(_numbers, outputs)]
    return outputs.data if isinstance(outputs, Value) else outputs


def _listed(numbers: Any) -> Any:
    return numbers.tolist() if isinstance(numbers, np.ndarray) else numbers
