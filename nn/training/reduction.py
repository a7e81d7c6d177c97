"""Reduction: whether the loss of a batch is the mean or the sum of the losses of its records, found by trying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff import Value, no_grad
from nn.errors import OptionError
from nn.losses.functions import REDUCTIONS, Loss
from nn.training.objective import Objective

BATCH = "batch"
"""The word for a loss that is of its batch as a whole."""

_RECORDS = 8
_SETTINGS = 2
_ROUNDING = 1e-12  # relative to the sizes of the records' losses
_CANNOT = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a loss that is not written for one record, or not for these numbers, may raise."""


def known_reduction(loss: Loss, stated: str | None) -> str | None:
    """What is known of a loss before it is tried: "mean", "sum", "batch", or None for nothing.

    Raises OptionError (a ValueError) for another word.
    """
    if stated is not None and stated not in ("mean", "sum", BATCH):
        raise OptionError(f'reduction takes "mean", "sum", "batch" or None, which finds it; got {stated!r}')
    return stated or REDUCTIONS.get(loss)


def found_reduction(objective: Objective, parameters: Sequence[Value]) -> str:
    """How the loss of a batch comes from those of its records: "mean", "sum" or, where it does not, "batch".

    The loss of 8 records is compared with the mean and the sum of their single losses, at two random settings of
    the parameters around where they are, which are set back.
    """
    numbers = [parameter.data for parameter in parameters]
    draws = np.random.default_rng(0).normal(size=(_SETTINGS, 2, len(parameters)))
    agreeing = {"mean", "sum"}
    try:
        for scale, shift in draws:
            moved = np.array(numbers) * (1.0 + 0.1 * scale) + 0.01 * shift
            _set(parameters, moved.tolist())
            agreeing &= _agreeing(objective)
    except _CANNOT:
        return BATCH
    finally:
        try:
            _set(parameters, numbers)
        except KeyboardInterrupt:
            _set(parameters, numbers)
            raise
    return agreeing.pop() if len(agreeing) == 1 else BATCH


def _agreeing(objective: Objective) -> set[str]:
    """Which reductions of the single losses give the loss of the records together."""
    records = len(objective.records)
    rows = [k * records // _RECORDS for k in range(_RECORDS)]
    targets = [objective.records.target(row) for row in rows]
    with no_grad():
        predictions = [objective.prediction(objective.records.record(row)) for row in rows]
        together = _number(objective.loss(predictions, targets))
        single = [_number(objective.loss([p], [t])) for p, t in zip(predictions, targets, strict=True)]
    size = np.abs(single).sum()
    candidates = {"mean": sum(single) / _RECORDS, "sum": sum(single)}
    return {name for name, number in candidates.items() if abs(together - number) <= _ROUNDING * size}


def _number(out: Any) -> float:
    return float(out.data if isinstance(out, Value) else out)


def _set(parameters: Sequence[Value], numbers: Sequence[float]) -> None:
    for parameter, number in zip(parameters, numbers, strict=True):
        parameter.data = number
