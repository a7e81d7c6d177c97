"""Metrics: how good predictions are, as people read it; what `fit` writes down beside the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, final

import numpy as np

from nn.errors import OptionError, OptionTypeError
from nn.losses.functions import Loss, cross_entropy, hinge, log_loss, log_loss_from_logits

MetricName: TypeAlias = Literal["accuracy", "mae", "mse", "r2", "rmse"]
"""The names in `METRICS`, by which type checkers find a misspelt one. `METRICS[name]` takes any text."""


@final
@dataclass(frozen=True)
class Metric:
    """A function `(targets, predictions) -> float`, as those of `sklearn.metrics` are, with a name.

    Parameters
    ----------
    function : callable
        Called with two arrays with a record in each row.
    name : str
        Its column in the History.
    on : {"labels", "outputs"}
        The second argument: the labels that the outputs mean under a loss of classes, or the model's outputs.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for another `on`, a TypeError for what is no function.

    Examples
    --------
    >>> worst = Metric(lambda targets, outputs: float(abs(outputs - targets).max()), "worst", on="outputs")
    >>> worst.name
    'worst'
    """

    function: Callable[[Any, Any], Any]
    name: str
    on: Literal["labels", "outputs"] = "labels"

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise OptionTypeError(f"function takes a function of (targets, predictions), got {self.function!r}")
        if self.on not in ("labels", "outputs"):
            raise OptionError(f'on takes "labels" or "outputs", got {self.on!r}')


def accuracy(targets: Any, predictions: Any) -> float:
    """The share of predictions that equal their target."""
    return float(np.mean(np.asarray(targets) == np.asarray(predictions)))


def mean_absolute_error(targets: Any, predictions: Any) -> float:
    """The mean of |p - t| over all entries."""
    return float(np.mean(np.abs(np.asarray(predictions) - np.asarray(targets))))


def mean_squared_error(targets: Any, predictions: Any) -> float:
    """The mean of (p - t)² over all entries."""
    return float(np.mean((np.asarray(predictions) - np.asarray(targets)) ** 2))


def root_mean_squared_error(targets: Any, predictions: Any) -> float:
    """The root of the mean of (p - t)² over all entries."""
    return float(np.sqrt(mean_squared_error(targets, predictions)))


def r2(targets: Any, predictions: Any) -> float:
    """1 - Σ(p - t)²/Σ(t - t̄)², the mean over outputs: 1 is exact, 0 as good as the mean. nan for constant targets."""
    wanted, found = (np.asarray(entries, dtype=float) for entries in (targets, predictions))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = ((found - wanted) ** 2).sum(axis=0) / ((wanted - wanted.mean(axis=0)) ** 2).sum(axis=0)
    return float(np.mean(1.0 - shares))


METRICS: dict[str, Metric] = {
    "accuracy": Metric(accuracy, "accuracy"),
    "mae": Metric(mean_absolute_error, "mae", on="outputs"),
    "mse": Metric(mean_squared_error, "mse", on="outputs"),
    "r2": Metric(r2, "r2", on="outputs"),
    "rmse": Metric(root_mean_squared_error, "rmse", on="outputs"),
}
"""The names that `fit(metrics=...)` knows."""

DIRECTIONS = {"loss": "min", "accuracy": "max", "mae": "min", "mse": "min", "r2": "max", "rmse": "min"}
"""Whether less or more is better, for what has a name here."""


def checked_metrics(metrics: Any) -> list[Metric]:
    """The metrics that names, functions and Metrics stand for.

    Raises OptionError (a ValueError) for an unknown name, OptionTypeError (a TypeError) for anything but a metric,
    and OptionError (a ValueError) where two have one name.
    """
    if isinstance(metrics, str) or not isinstance(metrics, Iterable):
        raise OptionTypeError(f"metrics takes a list of names and functions of (targets, predictions), got {metrics!r}")
    found = [_metric(metric) for metric in metrics]
    names = [metric.name for metric in found]
    if len(set(names)) < len(names):
        raise OptionError(f"two metrics have one name in {names}; give one another by Metric(function, name)")
    return found


def _metric(metric: Any) -> Metric:
    if isinstance(metric, str):
        if metric not in METRICS:
            raise OptionError(
                f"no metric is named {metric!r}; known are {', '.join(METRICS)}, or pass a function of "
                "(targets, predictions), such as those of sklearn.metrics"
            )
        return METRICS[metric]
    if isinstance(metric, Metric):
        return metric
    if not callable(metric):
        raise OptionTypeError(f"a metric is a name or a function of (targets, predictions), got {metric!r}")
    return Metric(metric, getattr(metric, "__name__", type(metric).__name__))


def predicted_labels(loss: Loss, outputs: Any, classes: Any) -> Any:
    """The labels that outputs stand for under a loss of classes; the outputs themselves under another."""
    if loss is cross_entropy:
        return np.asarray(classes)[np.argmax(outputs, axis=1)]
    if loss is hinge:
        return np.where(outputs >= 0.0, 1.0, -1.0)
    if loss is log_loss or loss is log_loss_from_logits:
        return (outputs >= (0.5 if loss is log_loss else 0.0)).astype(float)
    return outputs
