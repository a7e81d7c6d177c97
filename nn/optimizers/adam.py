"""Adam and AdamW: steps scaled by running means of the gradient and of its square."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from nn.calls import explained
from nn.errors import OptionTypeError
from nn.optimizers.optimizer import Optimizer
from nn.options import number_between, number_from

_STATE = {"mean": 0.0, "square": 0.0, "count": 0.0}


@final
class Adam(Optimizer):
    """Adam: steps scaled by running means of the gradient and of its square, p ← p - learning_rate·m̂/(√v̂ + eps).

    m and v are running means of g = gradient + weight_decay·p and of g², by `betas`; m̂ = m/(1 - β₁ᵗ) and
    v̂ = v/(1 - β₂ᵗ) undo their start at 0, t counting the steps of the parameter.

    Parameters
    ----------
    learning_rate : float
        At least 0; about the size of a step.
    betas : (float, float)
        The share that each running mean keeps of itself in a step, from 0 up to but not including 1.
    eps : float
        At least 0; bounds the step where gradients are near 0.
    weight_decay : float
        At least 0; adds weight_decay·p to the gradient. For decay apart from the gradient use AdamW.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an option outside its range, a TypeError for one of another type.

    References
    ----------
    Kingma and Ba, Adam: a method for stochastic optimization (2015), algorithm 1.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(1.0)
    >>> x.grad = 5.0
    >>> Adam(learning_rate=0.25).step([x])
    >>> round(x.data, 6)
    0.75
    """

    initial_state = _STATE

    @explained("Adam(learning_rate=0.001)")
    def __init__(
        self,
        *,
        learning_rate: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        self.learning_rate = number_from(learning_rate, "learning_rate")
        self.betas = _checked_betas(betas)
        self.eps = number_from(eps, "eps")
        self.weight_decay = number_from(weight_decay, "weight_decay")

    def update(self, parameters: Any, gradients: Any, *state: Any) -> tuple[Any, ...]:
        """One step of the rule above."""
        if self.weight_decay:
            gradients = gradients + self.weight_decay * parameters
        change, *state_after = _moved(self, gradients, *state)
        return parameters - change, *state_after


@final
class AdamW(Optimizer):
    """Adam with weight decay apart from the gradient: p ← (1 - learning_rate·weight_decay)·p, then Adam's step.

    Parameters
    ----------
    learning_rate : float
        At least 0; about the size of a step.
    betas : (float, float)
        The share that each running mean keeps of itself in a step, from 0 up to but not including 1.
    eps : float
        At least 0; bounds the step where gradients are near 0.
    weight_decay : float
        At least 0; the share of each parameter that a step takes off is learning_rate·weight_decay.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an option outside its range, a TypeError for one of another type.

    References
    ----------
    Loshchilov and Hutter, Decoupled weight decay regularization (2019), algorithm 2, in the form that PyTorch gave
    it: the decay is scaled by the learning rate.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(1.0)
    >>> AdamW(learning_rate=0.5, weight_decay=0.5).step([x])
    >>> x.data
    0.75
    """

    initial_state = _STATE

    @explained("AdamW(learning_rate=0.001)")
    def __init__(
        self,
        *,
        learning_rate: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        self.learning_rate = number_from(learning_rate, "learning_rate")
        self.betas = _checked_betas(betas)
        self.eps = number_from(eps, "eps")
        self.weight_decay = number_from(weight_decay, "weight_decay")

    def update(self, parameters: Any, gradients: Any, *state: Any) -> tuple[Any, ...]:
        """One step of the rule above."""
        change, *state_after = _moved(self, gradients, *state)
        return (1.0 - self.learning_rate * self.weight_decay) * parameters - change, *state_after


def _moved(rule: Adam | AdamW, gradients: Any, mean: Any, square: Any, count: Any) -> tuple[Any, Any, Any, Any]:
    """Adam's change of the parameters, and its new state."""
    first, second = rule.betas
    count = count + 1.0
    mean = first * mean + (1.0 - first) * gradients
    square = second * square + (1.0 - second) * (gradients * gradients)
    # The corrections are numbers in a run, and all in two of them, so that they cost no pass over the vectors.
    scale = (1.0 - second**count) ** 0.5
    rate = rule.learning_rate * scale / (1.0 - first**count)
    # NumPy's own root, which takes Values too: no root of a number below 0 is to be kept quiet.
    return rate * mean / (np.sqrt(square) + rule.eps * scale), mean, square, count


def _checked_betas(betas: Any) -> tuple[float, float]:
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise OptionTypeError(f"betas takes two numbers, such as (0.9, 0.999), got {betas!r}")
    return number_between(betas[0], "betas[0]"), number_between(betas[1], "betas[1]")
