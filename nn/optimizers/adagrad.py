"""Adagrad: steps scaled by the sum of all squared gradients so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from autodiff import sqrt
from nn.calls import explained
from nn.optimizers.optimizer import Optimizer
from nn.options import number_from


@final
class Adagrad(Optimizer):
    """Adagrad: steps scaled by the sum s of all squared gradients so far, p ← p - rate·g/(√s + eps).

    g is gradient + weight_decay·p, and the rate of step t is learning_rate/(1 + (t - 1)·lr_decay).

    Parameters
    ----------
    learning_rate, lr_decay, weight_decay : float
        At least 0.
    initial_accumulator_value : float
        At least 0; the first value of s.
    eps : float
        At least 0; bounds the step where gradients are near 0.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an option outside its range, a TypeError for one of another type.

    References
    ----------
    Duchi, Hazan and Singer, Adaptive subgradient methods for online learning and stochastic optimization (2011).

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(1.0)
    >>> x.grad = 5.0
    >>> Adagrad(learning_rate=0.5).step([x])
    >>> round(x.data, 6)
    0.5
    """

    @explained("Adagrad(learning_rate=0.01)")
    def __init__(
        self,
        *,
        learning_rate: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        self.learning_rate = number_from(learning_rate, "learning_rate")
        self.lr_decay = number_from(lr_decay, "lr_decay")
        self.weight_decay = number_from(weight_decay, "weight_decay")
        self.initial_accumulator_value = number_from(initial_accumulator_value, "initial_accumulator_value")
        self.eps = number_from(eps, "eps")

    @property
    def initial_state(self) -> Mapping[str, float]:  # type: ignore[override]  # it depends on the options
        """The sum of squares and the count of steps."""
        return {"sum": self.initial_accumulator_value, "count": 0.0}

    def update(self, parameters: Any, gradients: Any, *state: Any) -> tuple[Any, ...]:
        """One step of the rule above."""
        total, count = state
        if self.weight_decay:
            gradients = gradients + self.weight_decay * parameters
        total = total + gradients * gradients
        rate = self.learning_rate / (1.0 + count * self.lr_decay)
        return parameters - rate * gradients / (sqrt(total) + self.eps), total, count + 1.0
