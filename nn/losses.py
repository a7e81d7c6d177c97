"""Losses: how far predictions are from targets, as one number.

Each takes a number, a sequence, nested sequences or an array on either side, of floats or Values,
and returns a Value, or a float where there is no Value on either side. Raises ShapeError (a
ValueError) that names both shapes unless these agree and hold at least one entry.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

import autodiff
from autodiff import mean, softplus, square, xlogy
from autodiff.errors import ShapeError
from nn.errors import DataError, OptionTypeError, UnknownNameError

Loss: TypeAlias = Callable[[Any, Any], Any]
"""A function `(predictions, targets) -> Value`."""


def sse(predictions: Any, targets: Any) -> Any:
    """Sum of squared errors, Σ(p - t)² over all entries. No factor ½. Slope 2(p - t)."""
    return autodiff.sum([square(p - t) for p, t in _pairs(predictions, targets)])


def mse(predictions: Any, targets: Any) -> Any:
    """Mean of squared errors, Σ(p - t)²/n over all n entries. No factor ½. Slope 2(p - t)/n."""
    return mean([square(p - t) for p, t in _pairs(predictions, targets)])


def log_loss(predictions: Any, targets: Any, *, from_logits: bool = False) -> Any:
    """Binary cross-entropy in nats, the mean of -t·ln(p) - (1 - t)·ln(1 - p) over all entries.

    Predictions are probabilities: 0 where p = t = 0 or 1, and inf where p says never to what
    happened. With `from_logits` they are what a sigmoid would turn into probabilities; value and
    slope, sigmoid(z) - t, then keep full precision for confident predictions. Nothing is clipped.

    Raises DataError (a ValueError) for a target, given as a plain number, outside 0 to 1.
    """
    entries = _pairs(predictions, targets)
    for _, target in entries:
        if isinstance(target, Real) and not 0.0 <= float(target) <= 1.0:
            raise DataError(f"log_loss takes targets between 0 and 1, got {target}")
    of_one = _log_loss_of_logit if from_logits else _log_loss_of_probability
    return mean([of_one(p, t) for p, t in entries])


def _log_loss_of_probability(p: Any, t: Any) -> Any:
    return -(xlogy(t, p) + xlogy(1.0 - t, 1.0 - p))


def _log_loss_of_logit(z: Any, t: Any) -> Any:
    # ln σ(z) = -softplus(-z). The shorter softplus(z) - t·z would cancel where t = 1 and z is large.
    return t * softplus(-z) + (1.0 - t) * softplus(z)


LOSSES: dict[str, Loss] = {"log_loss": log_loss, "mse": mse, "sse": sse}
"""The names that `fit(loss=...)` knows."""

REDUCTIONS: dict[Loss, str] = {log_loss: "mean", mse: "mean", sse: "sum"}
"""How the loss of a batch comes from the losses of its records, for losses that do."""


def loss_function(loss: str | Loss) -> Loss:
    """The function that a name stands for; a function stands for itself.

    Raises UnknownNameError (a ValueError) that lists the known names, and OptionTypeError (a
    TypeError) for what is neither a name nor callable.
    """
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise UnknownNameError(f"no loss is named {loss!r}; known are {', '.join(LOSSES)}, or pass a function")
        return LOSSES[loss]
    if not callable(loss):
        raise OptionTypeError(f"loss takes a name or a function of predictions and targets, got {loss!r}")
    return loss


def _pairs(predictions: Any, targets: Any) -> list[tuple[Any, Any]]:
    """Each prediction with its target, in row-major order."""
    first, second = _entries(predictions, "predictions"), _entries(targets, "targets")
    if first.shape != second.shape:
        raise ShapeError(
            f"predictions of shape {first.shape} and targets of shape {second.shape}; "
            "a loss takes a target for each prediction, and does not broadcast"
        )
    if not first.size:
        raise ShapeError(f"a loss takes at least one prediction, got shape {first.shape}")
    return list(zip(first.ravel().tolist(), second.ravel().tolist(), strict=True))


def _entries(numbers: Any, name: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    try:
        entries = np.array(numbers, dtype=object)
    except ValueError:
        raise ShapeError(f"the rows of the {name} have different lengths") from None
    if any(isinstance(entry, (list, tuple, np.ndarray)) for entry in entries.flat):
        raise ShapeError(f"the rows of the {name} have different lengths")
    return entries
