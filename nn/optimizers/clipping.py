"""Clipping: an optimizer whose gradients are bounded before its rule sees them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Self, final

import numpy as np

from autodiff import maximum, minimum, sqrt
from nn.calls import explained
from nn.errors import OptionError, OptionTypeError
from nn.optimizers.optimizer import Optimizer
from nn.options import number_from

_TINY = 1e-6
"""Added to a norm before it divides, as PyTorch does."""


class Clipped(Optimizer):
    """Base of optimizers that bound the gradients for the rule of another."""

    def __init__(self, optimizer: Optimizer) -> None:
        if not hasattr(optimizer, "update") or isinstance(optimizer, type):
            raise OptionTypeError(
                f"{type(self).__name__} takes an optimizer, such as SGD(learning_rate=0.1), got {optimizer!r}"
            )
        self.optimizer = optimizer

    @abstractmethod
    def clipped(self, gradients: Any) -> Any:
        """The gradients for the rule within.

        Parameters
        ----------
        gradients : array of shape (n,)
            Of all parameters.

        Returns
        -------
        array of shape (n,)
        """

    @property
    def learning_rate(self) -> float:
        """The learning rate of the rule within."""
        return self.optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: float) -> None:
        self.optimizer.learning_rate = learning_rate

    @property
    def initial_state(self) -> Mapping[str, float]:  # type: ignore[override]  # it is that of the rule within
        """The state of the rule within."""
        return self.optimizer.initial_state

    def update(self, parameters: Any, gradients: Any, *state: Any) -> tuple[Any, ...]:
        """One step of the rule within, along the clipped gradients."""
        return self.optimizer.update(parameters, self.clipped(gradients), *state)

    def with_learning_rate(self, learning_rate: Any) -> Self:
        """This rule with another learning rate, without its memory."""
        other = self._copy()
        other.optimizer = self.optimizer.with_learning_rate(learning_rate)
        return other


@final
class ClipByValue(Clipped):
    """`optimizer`, with each entry of the gradient clipped to ±clip_value.

    Parameters
    ----------
    optimizer : Optimizer
        The rule that steps.
    clip_value : float
        Above 0.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a bound that is not above 0, a TypeError for anything but an optimizer and a number.

    Examples
    --------
    >>> from autodiff import Value
    >>> from nn import SGD
    >>> x = Value(0.0)
    >>> x.grad = 100.0
    >>> ClipByValue(SGD(learning_rate=0.5), clip_value=1.0).step([x])
    >>> x.data
    -0.5
    """

    @explained("ClipByValue(Adam(), clip_value=1.0)")
    def __init__(self, optimizer: Optimizer, *, clip_value: float) -> None:
        super().__init__(optimizer)
        self.clip_value = _above_zero(clip_value, "clip_value")

    def clipped(self, gradients: Any) -> Any:
        """Each entry, clipped."""
        return minimum(maximum(gradients, -self.clip_value), self.clip_value)


@final
class ClipByNorm(Clipped):
    """`optimizer`, with the gradient of all parameters together scaled to a norm of at most `max_norm`.

    A gradient of a larger Euclidean norm keeps its direction. The rule needs the whole vector, and so it traces for
    an array of symbols, not for one.

    Parameters
    ----------
    optimizer : Optimizer
        The rule that steps.
    max_norm : float
        Above 0.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a bound that is not above 0, a TypeError for anything but an optimizer and a number.

    References
    ----------
    Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks (2013), algorithm 1.

    Examples
    --------
    >>> from autodiff import Value
    >>> from nn import SGD
    >>> x, y = Value(0.0), Value(0.0)
    >>> x.grad, y.grad = 30.0, 40.0
    >>> ClipByNorm(SGD(learning_rate=1.0), max_norm=5.0).step([x, y])
    >>> round(x.data, 4), round(y.data, 4)
    (-3.0, -4.0)
    """

    @explained("ClipByNorm(Adam(), max_norm=1.0)")
    def __init__(self, optimizer: Optimizer, *, max_norm: float) -> None:
        super().__init__(optimizer)
        self.max_norm = _above_zero(max_norm, "max_norm")

    def clipped(self, gradients: Any) -> Any:
        """All entries, scaled alike."""
        norm = sqrt(np.sum(gradients * gradients))
        return gradients * minimum(1.0, self.max_norm / (norm + _TINY))


def _above_zero(number: Any, name: str) -> float:
    found = number_from(number, name)
    if not found:
        raise OptionError(f"{name} takes a finite number above 0, got {number}")
    return found
