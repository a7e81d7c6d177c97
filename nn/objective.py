"""Objective: the loss of some records as one graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

from autodiff import Value, no_grad
from autodiff.errors import ShapeError
from nn.data import Records
from nn.errors import OptionError
from nn.losses import REDUCTIONS, Loss

Model = Callable[[Any], Any]
"""Takes the list of one record's features; returns a Value, or a sequence of them."""


@final
@dataclass(frozen=True)
class Objective:
    """The loss of a model on records, as a function of its parameters."""

    model: Model
    loss: Loss
    records: Records

    def of(self, rows: Sequence[int]) -> Value:
        """The loss of the records with these numbers: build their graph, all in one."""
        features, targets = self.records.features, self.records.targets
        predictions = [self.prediction(features[row]) for row in rows]
        out: Value = self.loss(predictions, [targets[row] for row in rows])
        return out

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
            targets = self.records.targets
            distinct = [*dict.fromkeys(targets)] if self.records.outputs == 1 else targets
            self.loss(distinct, distinct)
        self.graph_of(range(1))

    def graph_of(self, rows: Sequence[int]) -> Value:
        """The loss of these records, with its graph. Raises OptionError (a ValueError) where none is recorded."""
        out = _required_value(self.of(rows))
        if not out.operands:
            raise OptionError("the loss recorded no graph to sweep; train outside no_grad()")
        return out

    def prediction(self, features: list[float]) -> Any:
        """The model's output as a target of the records is written: bare if there is one."""
        outputs = output_list(self.model(features))
        if len(outputs) != self.records.outputs:
            raise ShapeError(
                f"the model has {len(outputs)} outputs and each record has {self.records.outputs} targets; "
                "they must be equal"
            )
        return outputs[0] if len(outputs) == 1 else outputs


def _required_value(out: Any) -> Value:
    if not isinstance(out, Value):
        raise OptionError(f"the loss takes part in no graph: it is {out!r}, not a Value that the parameters made")
    return out


def output_list(outputs: Any) -> list[Any]:
    """What a model returned as a list, even if it is one bare number."""
    try:
        return list(outputs)
    except TypeError:  # a number, and not an iterable of them
        return [outputs]
