"""Small networks of scalars, written out without any library of layers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

from autodiff.primitive import Primitive
from autodiff.rules import ADD, DOT
from autodiff.testing.expression import Interpret, apply


@final
@dataclass(frozen=True, repr=False)
class Network:
    """A network of fully connected layers, its parameters, and one record of features.

    Parameters
    ----------
    sizes : tuple of int
        The number of features, then that of neurons in each layer.
    activations : tuple of Primitive or None
        One for each layer; None for a linear layer.
    parameters : tuple of float
        Neuron by neuron, the weights and then the bias.
    features : tuple of float

    Examples
    --------
    >>> from autodiff.rules import RELU
    >>> network = Network((2, 1), (RELU,), (0.5, -1.0, 0.25), (3.0, 1.0))
    >>> network.run(network.parameters, network.features)
    [0.75]
    >>> network(1.0, 1.0, 1.0)
    5.0
    """

    sizes: tuple[int, ...]
    activations: tuple[Primitive | None, ...]
    parameters: tuple[float, ...]
    features: tuple[float, ...]

    def __call__(self, *parameters: Any) -> Any:
        """The sum of the outputs as a function of the parameters, which transforms take."""
        outputs = self.run(parameters, self.features)
        return outputs[0] if len(outputs) == 1 else sum(outputs[1:], outputs[0])

    def run(self, parameters: Sequence[Any], features: Sequence[Any], interpret: Interpret = apply) -> list[Any]:
        """The outputs for parameters and features of any kind.

        Parameters
        ----------
        parameters, features : sequence
            Of any kind that `interpret` takes.
        interpret : callable, optional
            Evaluates each step, as ``interpret(primitive, *operands)``; by default the primitive itself.

        Returns
        -------
        list
            One for each neuron of the last layer.
        """
        remaining = iter(parameters)
        signals = list(features)
        for size, activation in zip(self.sizes[1:], self.activations, strict=True):
            signals = [_neuron(remaining, signals, activation, interpret) for _ in range(size)]
        return signals

    @staticmethod
    def parameter_count(sizes: Sequence[int]) -> int:
        """The number of weights and biases in layers of these sizes.

        Parameters
        ----------
        sizes : sequence of int
            The number of features, then that of neurons in each layer.

        Returns
        -------
        int
        """
        return sum((before + 1) * after for before, after in itertools.pairwise(sizes))

    def __repr__(self) -> str:
        layers = [
            f"{size} {activation.name if activation else 'linear'}"
            for size, activation in zip(self.sizes[1:], self.activations, strict=True)
        ]
        shape = ", then ".join(layers)
        return f"<network of {shape}, parameters {list(self.parameters)}, features {list(self.features)}>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))  # what Hypothesis and IPython ask first, before they spell a dataclass out


def _neuron(
    parameters: Iterator[Any], signals: Sequence[Any], activation: Primitive | None, interpret: Interpret
) -> Any:
    weights = [*itertools.islice(parameters, len(signals))]
    total = interpret(ADD, interpret(DOT, *weights, *signals), next(parameters))
    return total if activation is None else interpret(activation, total)
