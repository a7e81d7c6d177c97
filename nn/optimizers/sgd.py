"""SGD: gradient descent, with momentum if asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from nn.calls import explained
from nn.errors import OptionError
from nn.optimizers.optimizer import Optimizer
from nn.options import number_between, number_from


@final
class SGD(Optimizer):
    """Gradient descent, with momentum where wanted.

    With g = gradient + weight_decay·p, a step is v ← momentum·v + g, then p ← p - learning_rate·v; with
    `nesterov`, p ← p - learning_rate·(g + momentum·v). The velocity v starts at 0 and stays with its parameter.
    The learning rate scales the velocity when it is used, so that a new rate holds at once.

    Parameters
    ----------
    learning_rate : float
        At least 0.
    momentum : float
        From 0 up to but not including 1.
    nesterov : bool
        Whether to look ahead along the velocity; needs momentum.
    weight_decay : float
        At least 0; adds weight_decay·p to the gradient, as a penalty of ½·weight_decay·p² would.

    Raises
    ------
    OptionError
        A ValueError, for an option outside its range or nesterov without momentum.
    OptionTypeError
        A TypeError, for anything but a real number.

    References
    ----------
    Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in deep learning (2013),
    in the form that PyTorch gave it.

    Examples
    --------
    >>> from autodiff import Value
    >>> x = Value(1.0)
    >>> x.grad = 2.0
    >>> SGD(learning_rate=0.25).step([x])
    >>> x.data
    0.5
    """

    @explained("SGD(learning_rate=0.1)")
    def __init__(
        self, *, learning_rate: float, momentum: float = 0.0, nesterov: bool = False, weight_decay: float = 0.0
    ) -> None:
        self.learning_rate = number_from(learning_rate, "learning_rate")
        self.momentum = number_between(momentum, "momentum")
        self.nesterov = nesterov
        self.weight_decay = number_from(weight_decay, "weight_decay")
        if nesterov and not self.momentum:
            raise OptionError("nesterov looks ahead along the momentum; give a momentum above 0, such as 0.9")

    @property
    def initial_state(self) -> Mapping[str, float]:  # type: ignore[override]  # it depends on the momentum
        """The velocity, where there is momentum."""
        return {"velocity": 0.0} if self.momentum else {}

    def update(self, parameters: Any, gradients: Any, *state: Any) -> tuple[Any, ...]:
        """One step of the rule above."""
        if self.weight_decay:
            gradients = gradients + self.weight_decay * parameters
        if not state:
            return (parameters - self.learning_rate * gradients,)
        velocity = self.momentum * state[0] + gradients
        direction = gradients + self.momentum * velocity if self.nesterov else velocity
        return parameters - self.learning_rate * direction, velocity
