"""Evaluation: what is measured after each epoch beside the training loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, final

import numpy as np

from nn.errors import OptionTypeError
from nn.losses.functions import cross_entropy
from nn.prediction import Predictor, predict
from nn.training.history import History
from nn.training.metrics import Metric, predicted_labels
from nn.training.objective import Objective


@final
class Evaluation:
    """The loss and the metrics of some records, for a model as it is."""

    def __init__(
        self,
        objective: Objective,
        features: Any,
        targets: Any,
        metrics: Sequence[Metric],
        *,
        validated: bool,
        anew: bool,
    ) -> None:
        self.objective = objective
        self._predict = partial(predict, objective.model) if anew else Predictor(objective.model)
        self._features = features
        self._metrics = metrics
        self._prefix = "validation_" * validated
        self.columns = ["validation_loss"] * validated + [self._prefix + metric.name for metric in metrics]
        """What it adds to the history."""
        self._classes: Any = None
        self._targets = np.asarray(targets)
        if objective.loss is cross_entropy:
            self._classes, self._targets = _classes(self._targets, objective.records.outputs)

    @property
    def needs_values(self) -> bool:
        """Whether the Values must hold the parameters."""
        return bool(self._metrics)

    def note(self, history: History, loss: Callable[[], float] | None) -> None:
        """Write down the loss, which `loss` measures, and the metrics."""
        if loss is not None:
            history.validation_losses.append(loss())
        if not self._metrics:
            return
        outputs = self._predict(self._features)
        labels = predicted_labels(self.objective.loss, outputs, self._classes)
        for metric in self._metrics:
            number = metric.function(self._targets, labels if metric.on == "labels" else outputs)
            if np.size(number) != 1 or isinstance(number, str):
                raise OptionTypeError(f"the metric {metric.name!r} returns one number, got {number!r:.60}")
            history.metrics.setdefault(self._prefix + metric.name, []).append(float(number))


def _classes(targets: Any, outputs: int) -> tuple[Any, Any]:
    """The labels of the outputs, and the label of each record."""
    if targets.ndim == 2 and targets.shape[1] > 1:
        return np.arange(outputs), targets.argmax(axis=1)
    labels = targets.reshape(-1)
    return (np.arange(outputs) if labels.dtype.kind in "biuf" else np.unique(labels)), labels
