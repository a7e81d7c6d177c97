"""RMSprop: steps scaled by a running mean of the squared gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from autodiff import sqrt
from nn.calls import explained
from nn.optimizers.optimizer import Optimizer
from nn.options import number_between, number_from


@final
class RMSprop(Optimizer):
    """RMSprop: steps scaled by a running mean of the squared gradient, p ← p - learning_rate·g/(√v + eps).

    v is the running mean of g², and g is gradient + weight_decay·p. With `centered`, v is the running variance: the
    mean of g² less the square of the mean of g. With `momentum`, b ← momentum·b + g/(√v + eps), and
    p ← p - learning_rate·b.

    Parameters
    ----------
    learning_rate : float
        At least 0.
    alpha : float
        The share that the running means keep of themselves in a step, from 0 up to but not including 1.
    eps : float
        At least 0; bounds the step where gradients are near 0.
    momentum : float
        From 0 up to but not including 1.
    centered : bool
        Whether to subtract the square of the mean.
    weight_decay : float
        At least 0; adds weight_decay·p to the gradient.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an option outside its range, a TypeError for one of another type.

    References
    ----------
    Tieleman and Hinton, Lecture 6.5: rmsprop (2012); centered in Graves, Generating sequences with recurrent neural
    networks (2013), equations 38 to 45, with PyTorch's place for eps.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(1.0)
    >>> x.grad = 5.0
    >>> RMSprop(learning_rate=0.01, alpha=0.75).step([x])
    >>> round(x.data, 6)
    0.98
    """

    @explained("RMSprop(learning_rate=0.01)")
    def __init__(
        self,
        *,
        learning_rate: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        momentum: float = 0.0,
        centered: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        self.learning_rate = number_from(learning_rate, "learning_rate")
        self.alpha = number_between(alpha, "alpha")
        self.eps = number_from(eps, "eps")
        self.momentum = number_between(momentum, "momentum")
        self.centered = centered
        self.weight_decay = number_from(weight_decay, "weight_decay")

    @property
    def initial_state(self) -> Mapping[str, float]:  # type: ignore[override]  # it depends on the options
        """The mean of the square, then the states that the options add."""
        names = ["square", *(["mean"] if self.centered else []), *(["velocity"] if self.momentum else [])]
        return dict.fromkeys(names, 0.0)

    def update(self, parameters: Any, gradients: Any, *state: Any) -> tuple[Any, ...]:
        """One step of the rule above."""
        if self.weight_decay:
            gradients = gradients + self.weight_decay * parameters
        old = dict(zip(self.initial_state, state, strict=True))
        new = {"square": self.alpha * old["square"] + (1.0 - self.alpha) * (gradients * gradients)}
        spread = new["square"]
        if self.centered:
            new["mean"] = self.alpha * old["mean"] + (1.0 - self.alpha) * gradients
            spread = spread - new["mean"] * new["mean"]
        direction = gradients / (sqrt(spread) + self.eps)
        if self.momentum:
            new["velocity"] = direction = self.momentum * old["velocity"] + direction
        return parameters - self.learning_rate * direction, *new.values()
