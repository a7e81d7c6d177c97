"""Early stopping: when a run no longer gets better, and back to where it was best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

from nn.errors import OptionError, OptionTypeError
from nn.options import number_from, whole_number
from nn.training.history import History
from nn.training.metrics import DIRECTIONS


@final
@dataclass(frozen=True)
class EarlyStopping:
    """Stop where `monitor` has not improved by more than `min_delta` for `patience` epochs.

    Parameters
    ----------
    patience : int
        How many epochs without improvement end the training.
    min_delta : float
        An improvement is larger than this.
    monitor : str, optional
        A column of the History: "loss", "validation_loss" or a metric. By default the validation loss, or the loss
        where there are no validation data.
    mode : {"min", "max"}, optional
        Whether less or more is better. By default found from the name of a loss or metric.
    restore_best : bool
        Whether the parameters are set back to those of the best epoch when the training ends, unless it was
        interrupted.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an option outside its range, a TypeError for one of another type.

    Examples
    --------
    >>> stopping = EarlyStopping(patience=2)
    >>> history = History(1.0, losses=[0.5, 0.4, 0.6, 0.7])
    >>> stopping.best_epoch(history), stopping.is_over(history)
    (1, True)
    """

    patience: int = 10
    min_delta: float = 0.0
    monitor: str | None = None
    mode: Literal["min", "max"] | None = None
    restore_best: bool = True

    def __post_init__(self) -> None:
        whole_number(self.patience, "patience", least=0)
        number_from(self.min_delta, "min_delta")
        if not isinstance(self.monitor, (str, type(None))):
            raise OptionTypeError(f"monitor takes the name of a column of the history, got {self.monitor!r}")
        if self.mode not in (None, "min", "max"):
            raise OptionError(f'mode takes "min", "max" or None, got {self.mode!r}')
        if self.mode is None and self._direction() is None:
            raise OptionError(f'say whether less or more of {self.monitor!r} is better: mode="min" or mode="max"')

    def best_epoch(self, history: History) -> int | None:
        """The last epoch that improved on those before.

        Parameters
        ----------
        history : History

        Returns
        -------
        int or None
            None before there is one.
        """
        sign = -1.0 if (self.mode or self._direction()) == "max" else 1.0
        return _last_improvement([sign * number for number in history.monitored(self.monitor)], self.min_delta)

    def is_over(self, history: History) -> bool:
        """Whether the last improvement is `patience` epochs or more ago.

        Parameters
        ----------
        history : History

        Returns
        -------
        bool
        """
        best = self.best_epoch(history)
        return history.epochs - 1 - (-1 if best is None else best) >= max(self.patience, 1)

    def _direction(self) -> str | None:
        name = (self.monitor or "loss").removeprefix("validation_")
        return DIRECTIONS.get(name)


def _last_improvement(numbers: Sequence[float], min_delta: float) -> int | None:
    best, found = math.inf, None
    for epoch, number in enumerate(numbers):
        if number < best - min_delta if math.isfinite(best) else number < best:
            best, found = number, epoch
    return found
