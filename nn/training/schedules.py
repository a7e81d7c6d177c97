"""Schedules: the learning rate of each epoch, from that of the optimizer and from what happened so far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, final

from nn.options import whole_number
from nn.training.history import History


class Schedule(Protocol):
    """Protocol of `fit(schedule=...)`: any function (learning_rate, epoch, history) that returns the rate of an epoch.

    `fit` calls it before each epoch. A schedule keeps nothing between calls, so that a resumed run continues as the
    first would have.

    Examples
    --------
    >>> from nn import MLP, SGD, fit
    >>> model, halves = MLP(1, [1], rng=0), lambda learning_rate, epoch, history: learning_rate * 0.5**epoch
    >>> history = fit(
    ...     model, [[0.0], [1.0]], [1.0, 3.0],
    ...     optimizer=SGD(learning_rate=0.5), epochs=3, schedule=halves, progress=False,
    ... )
    >>> history.learning_rates
    [0.5, 0.25, 0.125]
    """

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:
        """The learning rate of this epoch.

        Parameters
        ----------
        learning_rate : float
            The optimizer's own.
        epoch : int
            Counted from 0.
        history : History
            The run so far.

        Returns
        -------
        float
        """


@final
@dataclass(frozen=True)
class ConstantRate:
    """The optimizer's learning rate times `factor` for the first `epochs`, and unchanged from then on.

    Parameters
    ----------
    factor : float
    epochs : int

    Examples
    --------
    >>> [ConstantRate(factor=0.5, epochs=2)(1.0, epoch, History(0.0)) for epoch in range(4)]
    [0.5, 0.5, 1.0, 1.0]
    """

    factor: float = 1.0
    epochs: int = 0

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        return learning_rate * self.factor if epoch < self.epochs else learning_rate


@final
@dataclass(frozen=True)
class StepDecay:
    """The learning rate times `gamma` after every `step_size` epochs.

    Parameters
    ----------
    step_size : int
        At least 1.
    gamma : float

    Raises
    ------
    OptionError
        A ValueError, for a `step_size` below 1.

    Examples
    --------
    >>> [StepDecay(2, gamma=0.5)(1.0, epoch, History(0.0)) for epoch in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        whole_number(self.step_size, "step_size")

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        return learning_rate * self.gamma ** (epoch // self.step_size)


@final
@dataclass(frozen=True)
class ExponentialDecay:
    """The learning rate times `gamma` after every epoch.

    Parameters
    ----------
    gamma : float

    Examples
    --------
    >>> [ExponentialDecay(0.5)(1.0, epoch, History(0.0)) for epoch in range(4)]
    [1.0, 0.5, 0.25, 0.125]
    """

    gamma: float

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        return learning_rate * self.gamma**epoch


@final
@dataclass(frozen=True)
class CosineDecay:
    """Half a wave of the cosine from the optimizer's rate down to `minimum` after `epochs`, where it stays.

    Parameters
    ----------
    epochs : int
        At least 1.
    minimum : float

    Raises
    ------
    OptionError
        A ValueError, for fewer than 1 `epochs`.

    References
    ----------
    Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts (2017), equation 5, without restarts.

    Examples
    --------
    >>> [round(CosineDecay(4)(1.0, epoch, History(0.0)), 3) for epoch in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """

    epochs: int
    minimum: float = 0.0

    def __post_init__(self) -> None:
        whole_number(self.epochs, "epochs")

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        share = (1.0 + math.cos(math.pi * min(epoch, self.epochs) / self.epochs)) / 2.0
        return self.minimum + (learning_rate - self.minimum) * share


@final
@dataclass(frozen=True)
class WarmUp:
    """From `start` times the optimizer's rate evenly up to all of it in `epochs`, and `then` another schedule.

    Parameters
    ----------
    epochs : int
        At least 1.
    start : float
        The share of the rate in the first epoch.
    then : Schedule, optional
        Counts its epochs from the end of the warm-up; by default the rate stays.

    Raises
    ------
    OptionError
        A ValueError, for fewer than 1 `epochs`.

    Examples
    --------
    >>> warm = WarmUp(2, start=0.5, then=ExponentialDecay(0.5))
    >>> [warm(1.0, epoch, History(0.0)) for epoch in range(4)]
    [0.5, 0.75, 1.0, 0.5]
    """

    epochs: int
    start: float = 1.0 / 3.0
    then: Schedule | None = None

    def __post_init__(self) -> None:
        whole_number(self.epochs, "epochs")

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:
        """The rate of this epoch."""
        if epoch < self.epochs:
            return learning_rate * (self.start + (1.0 - self.start) * epoch / self.epochs)
        return learning_rate if self.then is None else self.then(learning_rate, epoch - self.epochs, history)


@final
@dataclass(frozen=True)
class ReduceOnPlateau:
    """The learning rate times `factor` whenever `monitor` has not fallen for more than `patience` epochs.

    It has fallen if it is below the best so far by more than the share `threshold`.

    Parameters
    ----------
    factor : float
    patience : int
    threshold : float
    minimum : float
        The rate never goes below this.
    monitor : str, optional
        A column of the History; by default the validation loss, or the loss where there is none.

    Examples
    --------
    >>> history = History(1.0, losses=[0.9, 0.9, 0.9])
    >>> ReduceOnPlateau(factor=0.5, patience=1)(1.0, 3, history)
    0.5
    """

    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    minimum: float = 0.0
    monitor: str | None = None

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        best, bad, rate = math.inf, 0, learning_rate
        for number in history.monitored(self.monitor):
            if number < best - self.threshold * abs(best) if math.isfinite(best) else number < best:
                best, bad = number, 0
            else:
                bad += 1
            if bad > self.patience:
                rate, bad = max(rate * self.factor, self.minimum), 0
        return rate
