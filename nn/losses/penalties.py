"""Penalties: what large weights cost, added to the loss of every batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, final

import autodiff
from autodiff import Value
from autodiff import abs as absolute
from nn.calls import explained
from nn.errors import OptionTypeError
from nn.modules.module import Module
from nn.options import number_from

Penalty: TypeAlias = Callable[[Any], Any]
"""A function `model -> Value` of the model's parameters alone."""


@final
class L2:
    """Penalty of squared weights: strength · Σ w² over all parameters but biases.

    The slope is 2·strength·w.

    Parameters
    ----------
    strength : float
        At least 0. PyTorch's `weight_decay` of plain SGD is 2·strength, and counts biases too; scikit-learn's `alpha`
        is 2·strength·n for batches of n records.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a strength below 0 or not finite, a TypeError for anything but a real number.

    Examples
    --------
    >>> from nn import MLP
    >>> L2(0.5)(MLP(2, [1], initializer=lambda inputs, rng: [1.0, 3.0])).data
    5.0
    """

    @explained("L2(1e-4)")
    def __init__(self, strength: float) -> None:
        self.strength = number_from(strength, "strength")

    def __call__(self, model: Any) -> Any:
        """The penalty of a model as it is.

        Parameters
        ----------
        model : Module
            Its parameters whose names do not hold "bias" are counted.

        Returns
        -------
        Value
        """
        weights = _weights(model, self)
        return self.strength * autodiff.dot(weights, weights)

    def __repr__(self) -> str:
        return f"L2({self.strength:g})"


@final
class L1:
    """Penalty of absolute weights: ``strength · Σ |w|`` over all parameters but biases.

    The slope is strength·sign(w), and 0 at 0. It drives weights that matter little to 0.

    Parameters
    ----------
    strength : float
        At least 0.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a strength below 0 or not finite, a TypeError for anything but a real number.

    Examples
    --------
    >>> from nn import MLP
    >>> L1(0.5)(MLP(2, [1], initializer=lambda inputs, rng: [1.0, -3.0])).data
    2.0
    """

    @explained("L1(1e-4)")
    def __init__(self, strength: float) -> None:
        self.strength = number_from(strength, "strength")

    def __call__(self, model: Any) -> Any:
        """The penalty of a model as it is.

        Parameters
        ----------
        model : Module
            Its parameters whose names do not hold "bias" are counted.

        Returns
        -------
        Value
        """
        return self.strength * autodiff.sum([absolute(weight) for weight in _weights(model, self)])

    def __repr__(self) -> str:
        return f"L1({self.strength:g})"


def checked_penalty(penalty: Any) -> Penalty | None:
    """The penalty. Raises OptionTypeError unless it is a function or None."""
    if penalty is not None and not callable(penalty):
        raise OptionTypeError(f"penalty takes a function of the model, such as L2(1e-4), got {penalty!r}")
    return penalty  # type: ignore[no-any-return]  # any callable may be a penalty


def _weights(model: Any, penalty: object) -> list[Value]:
    if not isinstance(model, Module):
        raise OptionTypeError(f"{penalty!r} takes a Module, got {model!r}; pass a function that sums your parameters")
    return [value for name, value in model.named_parameters() if "bias" not in name.split(".")]
