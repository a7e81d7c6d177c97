"""Losses: how far predictions are from targets, as one number.

Each takes a number, a sequence, nested sequences or an array on either side, of floats or Values,
and returns a Value, or a float where there is no Value on either side. Raises ShapeError (a
ValueError) that names both shapes unless these agree and hold at least one entry.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Any, Literal, TypeAlias

import numpy as np

import autodiff
from autodiff import Value, maximum, mean, minimum, softplus, square, xlogy
from autodiff import abs as absolute
from autodiff.errors import ShapeError
from nn.errors import DataError, OptionError, OptionTypeError
from nn.losses.labels import label_shares

Loss: TypeAlias = Callable[[Any, Any], Any]
"""A function `(predictions, targets) -> Value`."""

LossName: TypeAlias = Literal[
    "cross_entropy", "hinge", "huber", "log_loss", "log_loss_from_logits", "mae", "mse", "sse"
]
"""The names in `LOSSES`, by which type checkers find a misspelt one. `LOSSES[name]` takes any text."""

Reduction: TypeAlias = Literal["mean", "sum", "batch"]
"""How the loss of a batch comes from those of its records; that of a "batch" does not."""


def sse(predictions: Any, targets: Any) -> Any:
    """Sum of squared errors: Σ(p - t)² over all entries, without a factor ½.

    The slope along p is 2(p - t).

    Parameters
    ----------
    predictions, targets : array_like of float or Value
        Of one shape, with at least one entry; a loss does not broadcast.

    Returns
    -------
    Value or float
        A float where no entry is a Value. The unit is that of the targets, squared.

    Raises
    ------
    ShapeError
        A ValueError that names both shapes, unless they agree and hold an entry.

    Examples
    --------
    >>> sse([1.0, 2.0], [0.0, 4.0])
    5.0
    """
    return autodiff.sum([square(p - t) for p, t in _pairs(predictions, targets)])


def mse(predictions: Any, targets: Any) -> Any:
    """Mean of squared errors: Σ(p - t)²/n over all n entries, without a factor ½.

    The slope along p is 2(p - t)/n.

    Parameters
    ----------
    predictions, targets : array_like of float or Value
        Of one shape, with at least one entry; a loss does not broadcast.

    Returns
    -------
    Value or float
        A float where no entry is a Value. The unit is that of the targets, squared.

    Raises
    ------
    ShapeError
        A ValueError that names both shapes, unless they agree and hold an entry.

    Examples
    --------
    >>> mse([1.0, 2.0], [0.0, 4.0])
    2.5
    """
    return mean([square(p - t) for p, t in _pairs(predictions, targets)])


def mae(predictions: Any, targets: Any) -> Any:
    """Mean of absolute errors: Σ ``|p - t|``/n over all n entries.

    The slope along p is sign(p - t)/n, and 0 where p = t.

    Parameters
    ----------
    predictions, targets : array_like of float or Value
        Of one shape, with at least one entry; a loss does not broadcast.

    Returns
    -------
    Value or float
        A float where no entry is a Value. The unit is that of the targets.

    Raises
    ------
    ShapeError
        A ValueError that names both shapes, unless they agree and hold an entry.

    Examples
    --------
    >>> mae([1.0, 2.0], [0.0, 4.0])
    1.5
    """
    return mean([absolute(p - t) for p, t in _pairs(predictions, targets)])


def huber(predictions: Any, targets: Any, *, delta: float = 1.0) -> Any:
    """Huber's loss: squared for small errors, linear for large ones, so that an outlier pulls no harder than `delta`.

    The mean over all n entries of e²/2 where ``|e| ≤ delta``, else ``delta·(|e| - delta/2)``, with e = p - t. The slope
    along p is e clipped to ±delta, over n.

    Parameters
    ----------
    predictions, targets : array_like of float or Value
        Of one shape, with at least one entry; a loss does not broadcast.
    delta : float
        The size of an error at which the loss turns linear, in the unit of the targets; above 0.

    Returns
    -------
    Value or float
        A float where no entry is a Value.

    Raises
    ------
    OptionError
        A ValueError, unless `delta` is above 0.
    ShapeError
        A ValueError that names both shapes, unless they agree and hold an entry.

    References
    ----------
    Huber, Robust estimation of a location parameter (1964).

    Examples
    --------
    >>> huber([0.5, 10.0], [0.0, 0.0])
    4.8125
    """
    if not delta > 0.0:
        raise OptionError(f"huber takes a delta above 0, got {delta!r}")
    return mean([_huber_of_size(absolute(p - t), delta) for p, t in _pairs(predictions, targets)])


def _huber_of_size(size: Any, delta: float) -> Any:
    near = minimum(size, delta)
    return near * (size - 0.5 * near)


def hinge(predictions: Any, targets: Any) -> Any:
    """Hinge loss, for targets of -1 and 1: the mean of max(0, 1 - t·p) over all n entries.

    p is the signed distance from the boundary. The slope along p is -t/n where t·p < 1, -t/(2n) at the kink, else 0.

    Parameters
    ----------
    predictions, targets : array_like of float or Value
        Of one shape, with at least one entry; a loss does not broadcast.

    Returns
    -------
    Value or float
        A float where no entry is a Value.

    Raises
    ------
    DataError
        A ValueError, for a target, given as a plain number, other than -1 and 1.
    ShapeError
        A ValueError that names both shapes, unless they agree and hold an entry.

    References
    ----------
    Cortes and Vapnik, Support-vector networks (1995).

    Examples
    --------
    >>> hinge([0.5, -3.0], [1.0, -1.0])
    0.25
    """
    entries = _pairs(predictions, targets)
    for _, target in entries:
        if isinstance(target, Real) and target not in (-1.0, 1.0):
            raise DataError(f"hinge takes targets of -1 and 1, got {target}; for labels of 0 and 1 pass 2·label - 1")
    return mean([maximum(0.0, 1.0 - t * p) for p, t in entries])


def log_loss(predictions: Any, targets: Any, *, from_logits: bool = False) -> Any:
    """Binary cross-entropy in nats: the mean of -t·ln(p) - (1 - t)·ln(1 - p) over all n entries.

    It is 0 where p = t = 0 or 1, and inf where p excludes what happened. Nothing is clipped.

    Parameters
    ----------
    predictions : array_like of float or Value
        Probabilities, or logits with `from_logits`.
    targets : array_like of float or Value
        From 0 to 1, of the shape of the predictions.
    from_logits : bool
        Apply the sigmoid to the predictions first. Value and slope, (sigmoid(z) - t)/n, then keep full precision for
        confident predictions.

    Returns
    -------
    Value or float
        A float where no entry is a Value.

    Raises
    ------
    DataError
        A ValueError, for a target, given as a plain number, outside 0 to 1, and for a prediction, given as a number or
        a Value, that is no probability.
    ShapeError
        A ValueError that names both shapes, unless they agree and hold an entry.

    Examples
    --------
    >>> round(log_loss([0.9, 0.2], [1.0, 0.0]), 4)
    0.1643
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
    """Binary cross-entropy of linear outputs: `log_loss(predictions, targets, from_logits=True)`.

    Parameters
    ----------
    predictions : array_like of float or Value
        Logits: what a sigmoid turns into probabilities.
    targets : array_like of float or Value
        From 0 to 1, of the shape of the predictions.

    Returns
    -------
    Value or float
        In nats; a float where no entry is a Value.

    Raises
    ------
    DataError
        A ValueError, for a target, given as a plain number, outside 0 to 1.
    ShapeError
        A ValueError that names both shapes, unless they agree and hold an entry.

    Examples
    --------
    >>> log_loss_from_logits([1000.0, -1000.0], [1.0, 1.0])
    500.0
    """
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
    """Cross-entropy of several classes, in nats: the mean over n records of -Σ t·ln softmax(z).

    The slope along z is (softmax(z) - t)/n.

    Parameters
    ----------
    predictions : array_like of float or Value
        Logits, the outputs before any softmax, of shape (n, classes), or (classes,) for one record.
    targets : array_like
        Probabilities that sum to 1, such as rows of `one_hot`, of the shape of the predictions; or integer labels from
        0 to classes - 1, of shape (n,) or (). In `fit` also strings: each is the place of the string in sorted order.

    Returns
    -------
    Value or float
        A float where no entry is a Value.

    Raises
    ------
    ShapeError
        A ValueError, unless the shapes agree.
    DataError
        A ValueError, for a label that is not an integer of that range, and for probabilities, given as plain numbers,
        that are negative or do not sum to 1.

    Examples
    --------
    >>> round(cross_entropy([[0.0, 0.0], [2.0, 0.0]], [1, 0]), 4)
    0.41
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

REDUCTIONS: dict[Loss, Reduction] = {**dict.fromkeys(LOSSES.values(), "mean"), sse: "sum"}
"""How the loss of a batch comes from the losses of its records, for losses that do."""


def loss_function(loss: str | Loss) -> Loss:
    """The function of a name; a function as it is.

    Raises OptionError (a ValueError) that lists the known names, and OptionTypeError (a
    TypeError) for anything but a name or a function.
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
