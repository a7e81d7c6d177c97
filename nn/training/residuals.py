"""Residuals: prediction less target of every output of every record, and their Jacobian along the parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

import autodiff
from autodiff import Value, gradients, no_grad
from nn.arrays import RealArray
from nn.training.objective import Objective


@final
class Residuals:
    """The residuals of an objective's records for the parameters as the Values have them.

    A record of weight w counts as w records: its residuals are those times √w. With `compiled` by programs, else by
    graphs, one sweep for each residual.
    """

    def __init__(self, objective: Objective, parameters: Sequence[Value], *, compiled: bool) -> None:
        records = objective.records
        self._objective = objective
        self._parameters = parameters
        self._features = np.asfortranarray(records.features)
        self._targets = np.array(records.targets).reshape(len(records), -1)
        weights = np.ones(len(records)) if records.weights is None else np.array(records.weights)
        self._roots = np.sqrt(weights)[:, np.newaxis]
        self.outputs: Callable[[RealArray], RealArray] = self._replayed if compiled else self._called
        """The outputs of the model for features of shape (n, inputs), shape (n, outputs)."""
        self.slopes: Callable[[RealArray], RealArray] = self._replayed_slopes if compiled else self._swept_slopes
        """Their derivatives along the parameters, shape (n, outputs, p)."""
        self._compiled = autodiff.compile(lambda row: np.array(self._listed(row.tolist()), dtype=object))
        if compiled:
            self._compiled.check(self._features)

    def now(self) -> RealArray:
        """The residuals, shape (n · outputs,)."""
        return np.asarray(self._roots * (self.outputs(self._features) - self._targets)).ravel()

    def jacobian(self) -> RealArray:
        """Their derivatives, shape (n · outputs, p)."""
        slopes = self.slopes(self._features)
        return (self._roots[:, np.newaxis] * slopes).reshape(-1, len(self._parameters))

    def _replayed(self, features: RealArray) -> RealArray:
        out: RealArray = self._compiled(features)
        return out

    def _replayed_slopes(self, features: RealArray) -> RealArray:
        places = {parameter: place for place, parameter in enumerate(self._parameters)}
        met = self._compiled.parameters(features)
        trained = [k for k, value in enumerate(met) if value in places]
        slopes = np.zeros((len(features), self._targets.shape[1], len(self._parameters)))
        slopes[:, :, [places[met[k]] for k in trained]] = self._compiled.parameter_jacobian(features)[:, :, trained]
        return slopes

    def _called(self, features: RealArray) -> RealArray:
        with no_grad():
            return np.array([[_number(out) for out in self._listed(row)] for row in features.tolist()])

    def _swept_slopes(self, features: RealArray) -> RealArray:
        rows = [[self._slope(out) for out in self._listed(row)] for row in features.tolist()]
        return np.array(rows, dtype=float)

    def _slope(self, out: Any) -> list[Any]:
        return gradients(out, self._parameters) if isinstance(out, Value) else [0.0] * len(self._parameters)

    def _listed(self, row: list[Any]) -> list[Any]:
        out = self._objective.prediction(row)
        return out if self._objective.records.outputs > 1 else [out]


def _number(out: Any) -> Any:
    return out.data if isinstance(out, Value) else out
