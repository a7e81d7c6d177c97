"""Divergence: which number went bad first when a loss or a parameter is no longer finite, and what may help."""

from __future__ import annotations

import math
from typing import Any, final

import numpy as np

from autodiff import AnomalyError, detect_anomaly
from nn.arrays import RowNumbers
from nn.errors import DivergenceError
from nn.training.history import History
from nn.training.objective import Objective

_ADVICE = "a smaller learning rate, scaled features or ClipByNorm(optimizer, max_norm=1.0) may help"
_ADVICE_OF_DRIVERS = "scaled features, another start or some epochs of an optimizer with a learning rate may help"


@final
class Diverged(ArithmeticError):  # noqa: N818 - it is caught by `fit`, which raises DivergenceError
    """A step met a number that is not finite; the parameters are as they were before it.

    `tried` where that is a loss, or its gradient, at parameters that an optimizer tried.
    """

    def __init__(self, rows: RowNumbers, loss: float, *, tried: bool = False) -> None:
        super().__init__(rows, loss)
        self.rows, self.loss, self.tried = rows, loss, tried


def check_step(rows: RowNumbers, loss: float, numbers: Any) -> None:
    """Raise Diverged unless the loss and the new parameters are finite."""
    # The square of their norm is finite only if all are, and takes one call; only if it is not they are looked at.
    if not math.isfinite(loss) or not (math.isfinite(numbers @ numbers) or np.isfinite(numbers).all()):
        raise Diverged(rows, loss)


def divergence_error(diverged: Diverged, objective: Objective, optimizer: Any, history: History) -> DivergenceError:
    """The error that says where a run ended; the parameters on the Values are those before the bad step."""
    return DivergenceError(
        f"the training diverged in epoch {history.epochs}: {_cause(diverged, objective, optimizer)}; "
        f"{_ADVICE_OF_DRIVERS if diverged.tried else _ADVICE}. "
        "The parameters are those before that step",
        history,
    )


def _cause(diverged: Diverged, objective: Objective, optimizer: Any) -> str:
    """The first bad value, found by building the graph of the records in anomaly mode, one by one where they are."""
    if diverged.tried:
        return f"the step that {optimizer!r} tried leads to the loss {diverged.loss}, or a gradient that is not finite"
    alone = objective.reduction in ("mean", "sum")
    for rows in [[row] for row in diverged.rows] if alone else [list(diverged.rows)]:
        try:
            with detect_anomaly():
                objective.graph_of(rows).backward()
        except AnomalyError as error:
            where = f"on record {rows[0]} " if alone else ""
            return f"{where}{error}"
    if not math.isfinite(diverged.loss):
        return f"the losses of the records are finite, and together they are {diverged.loss}"
    return f"loss and gradient are finite, and the step of {optimizer!r} makes a parameter that is not"
