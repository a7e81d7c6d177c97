"""Activations by name: functions that a neuron applies to its weighted sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import autodiff
from nn.errors import OptionError, OptionTypeError

Activation: TypeAlias = Callable[[Any], Any]
"""A function of one Value, best one of `autodiff`, whose name then shows in a neuron's repr."""

ActivationName: TypeAlias = Literal[
    "elu", "gaussian", "gelu", "leaky_relu", "linear", "relu", "sigmoid", "silu", "softplus", "tanh"
]
"""The names in `ACTIVATIONS`, by which type checkers find a misspelt one. `ACTIVATIONS[name]` takes any text."""

LayerActivation: TypeAlias = ActivationName | Literal["softmax"] | Activation
"""What layers and networks take."""


def linear(x: Any) -> Any:
    """No activation: x itself, with a slope of 1.

    Parameters
    ----------
    x : float or Value

    Returns
    -------
    float or Value

    Examples
    --------
    >>> linear(2.0)
    2.0
    """
    return x


ACTIVATIONS: dict[str, Activation] = {
    "elu": autodiff.elu,
    "gaussian": autodiff.gaussian,
    "gelu": autodiff.gelu,
    "leaky_relu": autodiff.leaky_relu,
    "linear": linear,
    "relu": autodiff.relu,
    "sigmoid": autodiff.sigmoid,
    "silu": autodiff.silu,
    "softplus": autodiff.softplus,
    "tanh": autodiff.tanh,
}
"""The names that `activation=` knows; layers and networks also know "softmax", of all their outputs."""

_TITLES = {"elu": "ELU", "gelu": "GELU", "leaky_relu": "LeakyReLU", "relu": "ReLU", "silu": "SiLU"}


def activation_function(activation: str | Activation) -> Activation:
    """The function of a name; a function as it is.

    Raises OptionError (a ValueError) that lists the known names, and OptionTypeError (a
    TypeError) for anything but a name or a function.
    """
    if isinstance(activation, str):
        if activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise OptionError(f"no activation is named {activation!r}; known are {known}, or pass a function")
        return ACTIVATIONS[activation]
    if not callable(activation):
        raise OptionTypeError(f"activation takes a name or a function of one Value, got {activation!r}")
    return activation


def activation_title(function: Activation) -> str:
    """How a repr writes an activation: ReLU, Tanh, Linear."""
    name = getattr(function, "__name__", type(function).__name__)
    return _TITLES.get(name) or name.strip("<>").title().replace("_", "")


def activation_name(function: Activation) -> str:
    """The name of an activation in `ACTIVATIONS`; of another function its own."""
    for name, known in ACTIVATIONS.items():
        if known is function:
            return name
    return str(getattr(function, "__name__", type(function).__name__))


def is_softmax(activation: str | Activation) -> bool:
    """Whether this is softmax, which reads all outputs of a layer and so belongs to no neuron."""
    return activation == "softmax" or activation is autodiff.softmax
