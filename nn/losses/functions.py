"""Losses: how far predictions are from targets, as one number.

Each takes a number, a sequence, nested sequences or an array on either side, of floats or Values,
and returns a Value, or a float where there is no Value on either side. Raises ShapeError (a
ValueError) that names both shapes unless these agree and hold at least one entry.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

import autodiff
from autodiff import Value, maximum, mean, minimum, softplus, square, xlogy
from autodiff import abs as absolute
from autodiff.errors import ShapeError
from nn.errors import DataError, OptionError, OptionTypeError
from nn.losses.labels import label_shares

Loss: TypeAlias = Callable[[Any, Any], Any]
"""A function `(predictions, targets) -> Value`."""


def sse(predictions: Any, targets: Any) -> Any:
    """Sum of squared errors, Σ(p - t)² over all entries. No factor ½. Slope 2(p - t)."""
    return autodiff.sum([square(p - t) for p, t in _pairs(predictions, targets)])


def mse(predictions: Any, targets: Any) -> Any:
    """Mean of squared errors, Σ(p - t)²/n over all n entries. No factor ½. Slope 2(p - t)/n."""
    return mean([square(p - t) for p, t in _pairs(predictions, targets)])


def mae(predictions: Any, targets: Any) -> Any:
    """Mean of absolute errors, Σ|p - t|/n over all n entries. Slope sign(p - t)/n; 0 where p = t."""
    return mean([absolute(p - t) for p, t in _pairs(predictions, targets)])


def huber(predictions: Any, targets: Any, *, delta: float = 1.0) -> Any:
    """Mean over all entries of e²/2 where ``|e| ≤ delta``, else ``delta·(|e| - delta/2)``, with e = p - t.

    Squares small errors and counts large ones by their size, so that an outlier pulls no harder than
    an error of `delta`. Slope: e clipped to ±delta, over n.

    Raises OptionError (a ValueError) unless `delta` is above 0.

    References
    ----------
    Huber, Robust Estimation of a Location Parameter (1964).

    """
    if not delta > 0.0:
        raise OptionError(f"huber takes a delta above 0, got {delta!r}")
    return mean([_huber_of_size(absolute(p - t), delta) for p, t in _pairs(predictions, targets)])


def _huber_of_size(size: Any, delta: float) -> Any:
    near = minimum(size, delta)
    return near * (size - 0.5 * near)


def hinge(predictions: Any, targets: Any) -> Any:
    """Mean of max(0, 1 - t·p) over all entries, for targets of -1 and 1; p is the signed distance.

    Slope -t/n where t·p < 1, else 0. Raises DataError (a ValueError) for a target, given as a plain
    number, other than -1 and 1.

    References
    ----------
    Cortes and Vapnik, Support-Vector Networks (1995).

    """
    entries = _pairs(predictions, targets)
    for _, target in entries:
        if isinstance(target, Real) and target not in (-1.0, 1.0):
            raise DataError(f"hinge takes targets of -1 and 1, got {target}; for labels of 0 and 1 pass 2·label - 1")
    return mean([maximum(0.0, 1.0 - t * p) for p, t in entries])


def log_loss(predictions: Any, targets: Any, *, from_logits: bool = False) -> Any:
    """Binary cross-entropy in nats, the mean of -t·ln(p) - (1 - t)·ln(1 - p) over all entries.

    Predictions are probabilities: 0 where p = t = 0 or 1, and inf where p says never to what
    happened. With `from_logits` they are what a sigmoid would turn into probabilities; value and
    slope, sigmoid(z) - t, then keep full precision for confident predictions. Nothing is clipped.

    Raises DataError (a ValueError) for a target, given as a plain number, outside 0 to 1, and for
    a prediction, given as a number or a Value, that is no probability.
    """
    entries = _pairs(predictions, targets)
    for prediction, target in entries:
        if isinstance(target, Real) and not 0.0 <= float(target) <= 1.0:
            raise DataError(f"log_loss takes targets between 0 and 1, got {target}")
        if not from_logits:
            _refuse_no_probability(prediction)
    of_one = _log_loss_of_logit if from_logits else _log_loss_of_probability
    return mean([of_one(p, t) for p, t in entries])


def log_loss_from_logits(predictions: Any, targets: Any) -> Any:
    """`log_loss(predictions, targets, from_logits=True)`: binary cross-entropy of linear outputs."""
    return log_loss(predictions, targets, from_logits=True)


def _refuse_no_probability(prediction: Any) -> None:
    number = prediction.data if isinstance(prediction, Value) else prediction
    if isinstance(number, Real) and (float(number) < 0.0 or float(number) > 1.0):
        raise DataError(
            f"log_loss takes probabilities, and met the prediction {number:.6g}: the outputs of the model are linear; "
            'give it output_activation="sigmoid", or train with loss="log_loss_from_logits"'
        )


def _log_loss_of_probability(p: Any, t: Any) -> Any:
    return -(xlogy(t, p) + xlogy(1.0 - t, 1.0 - p))


def _log_loss_of_logit(z: Any, t: Any) -> Any:
    # ln σ(z) = -softplus(-z). The shorter softplus(z) - t·z would cancel where t = 1 and z is large.
    return t * softplus(-z) + (1.0 - t) * softplus(z)


def cross_entropy(predictions: Any, targets: Any) -> Any:
    """Mean over records of -Σ t·ln softmax(z), in nats, from logits z: the outputs before any softmax.

    Parameters
    ----------
    predictions
        Logits of shape (n, classes), or (classes,) for one record.
    targets
        Probabilities that sum to 1, such as rows of `one_hot`, of the shape of the predictions; or
        integer labels from 0 to classes - 1, of shape (n,) or (). In `fit` also strings, which stand
        for their places in sorted order.

    Returns
    -------
    A Value, or a float where there is no Value on either side. The slope along z is (softmax(z) - t)/n.

    Raises
    ------
    ShapeError
        (a ValueError) unless the shapes agree.
    DataError
        (a ValueError) for a label that is not an integer of that range, and for probabilities, given
        as plain numbers, that are negative or do not sum to 1.

    """
    given, shares = _entries(predictions, "predictions"), _entries(targets, "targets")
    if given.ndim not in (1, 2) or not given.size:
        raise ShapeError(f"cross_entropy takes logits of shape (records, classes), got {given.shape}")
    logits = np.atleast_2d(given)
    if shares.ndim == given.ndim - 1:
        shares = label_shares(shares, logits.shape[1]).astype(object)
    shares = np.atleast_2d(shares)
    if shares.shape != logits.shape:
        raise ShapeError(
            f"logits of shape {given.shape} and targets of shape {np.shape(targets)}; cross_entropy takes a "
            "label for each record, or a row of nn.one_hot"
        )
    return mean([_cross_entropy_of_record(z, t) for z, t in zip(logits.tolist(), shares.tolist(), strict=True)])


def _cross_entropy_of_record(logits: list[Any], shares: list[Any]) -> Any:
    if all(isinstance(share, Real) for share in shares):
        total = sum(shares)
        if min(shares) < 0.0 or not math.isclose(total, 1.0, rel_tol=1e-6):
            raise DataError(
                f"cross_entropy takes probabilities that sum to 1 for each record, got {shares}, which sum to {total}; "
                "pass labels, or nn.one_hot(labels)"
            )
    return autodiff.logsumexp(logits) - autodiff.dot(shares, logits)


LOSSES: dict[str, Loss] = {
    "cross_entropy": cross_entropy,
    "hinge": hinge,
    "huber": huber,
    "log_loss": log_loss,
    "log_loss_from_logits": log_loss_from_logits,
    "mae": mae,
    "mse": mse,
    "sse": sse,
}
"""The names that `fit(loss=...)` knows."""

REDUCTIONS: dict[Loss, str] = dict.fromkeys(LOSSES.values(), "mean") | {sse: "sum"}
"""How the loss of a batch comes from the losses of its records, for losses that do."""


def loss_function(loss: str | Loss) -> Loss:
    """The function that a name stands for; a function stands for itself.

    Raises OptionError (a ValueError) that lists the known names, and OptionTypeError (a
    TypeError) for what is neither a name nor callable.
    """
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise OptionError(f"no loss is named {loss!r}; known are {', '.join(LOSSES)}, or pass a function")
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
