"""Objective: the loss of some records as one graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, final

import numpy as np

import autodiff
from autodiff import Value, no_grad
from autodiff.errors import ShapeError
from nn.arrays import RealArray, RowNumbers
from nn.data.records import Records, distinct_rows
from nn.errors import OptionError
from nn.losses.functions import REDUCTIONS, Loss
from nn.losses.penalties import L1, L2, Penalty
from nn.modules.contents import contents_of, runs_own_code_only
from nn.modules.dropout import Dropout
from nn.modules.masks import MaskPlan, masks_given
from nn.modules.module import Module
from nn.modules.outputs import output_list
from nn.randomness import Randomness, generator

Model = Callable[[Any], Any]
"""Takes the list of one record's features; returns a Value, or a sequence of them."""


@final
@dataclass(frozen=True)
class Objective:
    """The loss of a model on records, as a function of its parameters."""

    model: Model
    loss: Loss
    records: Records
    penalty: Penalty | None = None
    """Added to the loss of every batch."""
    rng: Randomness | None = None
    """Draws the masks of dropout."""
    reduction: str | None = None
    """How the loss of a batch comes from those of its records: "mean", "sum", or "batch" where it does not."""

    @cached_property
    def masks(self) -> MaskPlan:
        """Which factors dropout takes for a record in training."""
        if self.model_runs_own_code_only and id(Dropout) not in map(id, self.contents):  # Values compare by number
            return MaskPlan(np.empty(0))
        return MaskPlan.of(self.model, self.records.record(0))

    @property
    def runs_own_code_only(self) -> bool:
        """Whether model, loss and penalty are of this package, and so do the same in each call."""
        return self.loss in REDUCTIONS and self.model_runs_own_code_only

    @cached_property
    def model_runs_own_code_only(self) -> bool:
        """Whether model and penalty are of this package."""
        if not isinstance(self.model, Module) or type(self.penalty) not in (type(None), L1, L2):
            return False
        return runs_own_code_only(self.contents)

    @cached_property
    def contents(self) -> list[Any]:
        """What the model is made of; nothing for a function."""
        return contents_of(self.model) if isinstance(self.model, Module) else []

    def draw_masks(self, records: int) -> RealArray | None:
        """New factors for so many records, or None for a model without dropout."""
        return self.masks.draw(generator(self.rng), records) if len(self.masks) else None

    def of(self, rows: RowNumbers, masks: RealArray | None = None) -> Value:
        """The loss of the records with these numbers: build their graph, all in one."""
        records, weights = self.records, self.records.weights
        factors = [None] * len(rows) if masks is None else masks.tolist()
        predictions = [
            self.prediction(records.record(row), *given) for row, given in zip(rows, zip(factors), strict=True)
        ]
        wanted = [records.target(row) for row in rows]
        out: Any
        if weights is None:
            out = self.loss(predictions, wanted)
        else:
            out = self._weighted(predictions, wanted, weights[rows].tolist())
        total: Value = out if self.penalty is None else out + self.penalty(self.model)
        return total

    def _weighted(self, predictions: Sequence[Any], targets: Sequence[Any], weights: Sequence[float]) -> Value:
        losses = [self.loss([prediction], [target]) for prediction, target in zip(predictions, targets, strict=True)]
        total: Value = autodiff.dot(losses, batch_weights(weights, self.reduction))
        return total

    def reduced(self, reduction: str) -> Objective:
        """This objective, with what was found out about its loss.

        Raises OptionError (a ValueError) where records have weights and the loss is of its batch as a whole.
        """
        if reduction == "batch" and self.records.weights is not None:
            raise OptionError("weights of records take a loss that is a mean or a sum over records")
        return replace(self, reduction=reduction)

    def on(self, records: Records) -> Objective:
        """The same loss of other records, which count alike."""
        weights = None if self.records.weights is None else np.ones(len(records))
        other = replace(self, records=replace(records, weights=weights))
        other.__dict__["masks"] = self.masks  # of the same model, so that it is not run again to find them
        return other

    def measure(self) -> float:
        """The loss of all records, without recording.

        Raises ShapeError where the model's outputs do not fit the targets, and OptionError (a
        ValueError) if the loss is not made from Values.
        """
        with no_grad():
            out = self.of(range(len(self.records)))
        return _required_value(out).data

    def check(self) -> None:
        """Raise what `measure` would, from the first record and all the targets alone."""
        if self.loss in REDUCTIONS:
            distinct = distinct_rows(self.records.targets)
            self.loss(distinct, distinct)
        self.graph_of(range(1))

    def graph_of(self, rows: RowNumbers, masks: RealArray | None = None) -> Value:
        """The loss of these records, with its graph. Raises OptionError (a ValueError) where none is recorded."""
        out = _required_value(self.of(rows, masks))
        if not out.operands:
            raise OptionError("the loss recorded no graph to sweep; train outside no_grad()")
        return out

    def prediction(self, features: list[float], factors: Sequence[Any] | None = None) -> Any:
        """The model's output as a target of the records is written: bare if there is one."""
        if factors is None:
            outputs = output_list(self.model(features))
        else:
            with masks_given(factors):
                outputs = output_list(self.model(features))
        if len(outputs) != self.records.outputs:
            labels = self.records.outputs == 1 and self.loss not in REDUCTIONS
            raise ShapeError(
                f"the model has {len(outputs)} outputs and each record has {self.records.outputs} targets; "
                "they must be equal"
                + (
                    "; a loss of your own takes labels as rows, nn.one_hot(labels), and dot(target, prediction)"
                    * labels
                )
            )
        return outputs[0] if len(outputs) == 1 else outputs


def _required_value(out: Any) -> Value:
    if not isinstance(out, Value):
        raise OptionError(f"the loss takes part in no graph: it is {out!r}, not a Value that the parameters made")
    return out


def batch_weights(weights: Sequence[float], reduction: str | None) -> list[float]:
    """What the records of a batch count in a sum: in place of a mean they count their share of the batch's weight."""
    total = sum(weights) if reduction == "mean" else 1.0
    return [weight / total if total else 0.0 for weight in weights]
