"""Schedules: the learning rate of each epoch, from that of the optimizer and from what happened so far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, final

from nn.errors import OptionError
from nn.training.history import History


class Schedule(Protocol):
    """What `fit(schedule=...)` takes: any function of this form, called before each epoch.

    A schedule keeps nothing between calls, so that a run that is resumed goes on as it would have.
    """

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:
        """The rate of this epoch, counted from 0; `learning_rate` is the optimizer's own."""


@final
@dataclass(frozen=True)
class ConstantRate:
    """The optimizer's learning rate times `factor` for the first `epochs`, and by itself from then on.

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
    """Times `gamma` after every `step_size` epochs."""

    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        _check_epochs(self.step_size, "step_size")

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        return learning_rate * self.gamma ** (epoch // self.step_size)


@final
@dataclass(frozen=True)
class ExponentialDecay:
    """Times `gamma` after every epoch."""

    gamma: float

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        return learning_rate * self.gamma**epoch


@final
@dataclass(frozen=True)
class CosineDecay:
    """Half a wave of the cosine from the optimizer's rate down to `minimum` after `epochs`, where it stays.

    References
    ----------
    Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts (2017), equation 5, without restarts.
    """

    epochs: int
    minimum: float = 0.0

    def __post_init__(self) -> None:
        _check_epochs(self.epochs, "epochs")

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:  # noqa: ARG002 - a Schedule
        """The rate of this epoch."""
        share = (1.0 + math.cos(math.pi * min(epoch, self.epochs) / self.epochs)) / 2.0
        return self.minimum + (learning_rate - self.minimum) * share


@final
@dataclass(frozen=True)
class WarmUp:
    """From `start` times the optimizer's rate evenly up to the whole of it in `epochs`, and `then` another schedule.

    That one counts its epochs from the end of the warm-up; None keeps the rate.
    """

    epochs: int
    start: float = 1.0 / 3.0
    then: Schedule | None = None

    def __post_init__(self) -> None:
        _check_epochs(self.epochs, "epochs")

    def __call__(self, learning_rate: float, epoch: int, history: History) -> float:
        """The rate of this epoch."""
        if epoch < self.epochs:
            return learning_rate * (self.start + (1.0 - self.start) * epoch / self.epochs)
        return learning_rate if self.then is None else self.then(learning_rate, epoch - self.epochs, history)


@final
@dataclass(frozen=True)
class ReduceOnPlateau:
    """Times `factor` whenever `monitor` has not fallen for more than `patience` epochs, but never below `minimum`.

    It has fallen if it is below the best so far by more than the share `threshold`. `monitor` is a column of the
    History; None is the validation loss, or the loss where there is none.
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


def _check_epochs(count: int, name: str) -> None:
    if count < 1:
        raise OptionError(f"{name} takes a number of epochs of at least 1, got {count}")
