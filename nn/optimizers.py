"""Optimizers: how gradients become new parameters."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import copy_context
from numbers import Real
from typing import Protocol, final

import numpy as np

from autodiff import Value
from nn.arrays import RealArray
from nn.errors import OptionError, OptionTypeError


class Optimizer(Protocol):
    """What `fit` needs of an optimizer."""

    def step(self, parameters: Sequence[Value]) -> None:
        """Change the data of the parameters, as their gradients say."""


@final
class SGD:
    """Gradient descent, with momentum if asked for.

    A step is v ← momentum·v + gradient, then p ← p - learning_rate·v; with `nesterov`,
    p ← p - learning_rate·(gradient + momentum·v). Velocities start at 0 and stay with their
    parameter. This is PyTorch's form of Sutskever et al., On the importance of initialization and
    momentum in deep learning (2013): the learning rate scales the velocity when it is used, and so
    changes at once when `learning_rate` is assigned.

    Raises OptionError (a ValueError) for a learning rate that is negative, nan or infinite, a
    momentum outside 0 ≤ momentum < 1, or nesterov without momentum.
    """

    def __init__(self, *, learning_rate: float, momentum: float = 0.0, nesterov: bool = False) -> None:
        self.learning_rate = _real(learning_rate, "learning_rate")
        self.momentum = _real(momentum, "momentum")
        self.nesterov = nesterov
        if not 0.0 <= self.learning_rate < float("inf"):
            raise OptionError(f"learning_rate takes a finite number of at least 0, got {learning_rate}")
        if not 0.0 <= self.momentum < 1.0:
            raise OptionError(f"momentum takes a number from 0 up to but not including 1, got {momentum}")
        if nesterov and not self.momentum:
            raise OptionError("nesterov looks ahead along the momentum; give a momentum above 0, such as 0.9")
        self._velocities: dict[Value, float] = {}  # Values hash by identity

    def step(self, parameters: Sequence[Value]) -> None:
        """One step for each parameter along its `grad`, which stays as it is."""
        rate = self.learning_rate
        directions = self._directions(parameters) if self.momentum else [p.grad for p in parameters]
        for parameter, direction in zip(parameters, directions, strict=True):
            parameter.data -= rate * direction

    def _directions(self, parameters: Sequence[Value]) -> list[float]:
        old = self._velocities
        new = {p: self.momentum * old.get(p, 0.0) + p.grad for p in parameters}
        self._velocities = old | new
        if self.nesterov:
            return [p.grad + self.momentum * new[p] for p in parameters]
        return [new[p] for p in parameters]

    def on_vectors(self, parameters: Sequence[Value]) -> VectorSGD:
        """The same steps on flat vectors that stand for these parameters."""
        return VectorSGD(self, np.array([self._velocities.get(parameter, 0.0) for parameter in parameters]))

    def remember(self, parameters: Sequence[Value], velocities: Sequence[float]) -> None:
        """Go on from these velocities in the next step."""
        self._velocities |= zip(parameters, velocities, strict=True)

    def __repr__(self) -> str:
        return f"SGD(learning_rate={self.learning_rate}, momentum={self.momentum}, nesterov={self.nesterov})"


@final
class VectorSGD:
    """SGD on a flat vector of numbers and one of gradients, changed in place."""

    def __init__(self, options: SGD, velocities: RealArray) -> None:
        self.velocities = velocities
        self._options = options
        self._rate = np.empty(())  # NumPy reads it faster than a float
        self._change = np.empty_like(velocities)
        self._silent = copy_context()  # a run that diverges ends in inf and nan, as on Values, without a warning
        self._silent.run(np.seterr, all="ignore")

    def step(self, numbers: RealArray, gradients: RealArray) -> None:
        """One step; the options are read anew, for they may change between steps."""
        self._silent.run(self._move, numbers, gradients)

    def _move(self, numbers: RealArray, gradients: RealArray) -> None:
        self._rate[()] = self._options.learning_rate
        np.multiply(self._rate, self._direction(gradients), self._change)
        np.subtract(numbers, self._change, numbers)

    def _direction(self, gradients: RealArray) -> RealArray:
        if not self._options.momentum:
            return gradients
        np.multiply(self._options.momentum, self.velocities, self.velocities)
        np.add(self.velocities, gradients, self.velocities)
        if self._options.nesterov:
            return gradients + self._options.momentum * self.velocities
        return self.velocities


def _real(number: float, name: str) -> float:
    if not isinstance(number, Real):
        raise OptionTypeError(f"{name} takes a real number, got {number!r}")
    return float(number)
