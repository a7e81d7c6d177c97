"""MLP: layers one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Self, final

from autodiff import scope
from autodiff.errors import ShapeError
from nn.calls import explained
from nn.errors import OptionError, OptionTypeError
from nn.modules.activations import LayerActivation, activation_function, is_softmax
from nn.modules.initializers import Initializer, lecun_normal
from nn.modules.inputs import input_vector
from nn.modules.layer import Layer
from nn.modules.module import Module
from nn.options import whole_number
from nn.randomness import Seed, generator


@final
class MLP(Module):
    """A multilayer perceptron: `inputs` numbers, then layers of the given sizes.

    Called with one record it returns a list of outputs, or the output itself where the last size is 1. Nodes made by
    its k-th layer carry the scope "layer k", counted from 1.

    Parameters
    ----------
    inputs : int
        At least 1.
    sizes : sequence of int
        The number of neurons in each layer; the last is the number of outputs.
    activation : str or callable
        Of all layers but the last: a name in `ACTIVATIONS`, or a function of one Value.
    output_activation : str or callable
        Of the last layer; "softmax" too.
    bias : bool
        Whether neurons have biases, which start at 0.
    initializer : callable
        A function (inputs, rng), or (inputs, rng, outputs), that returns the first weights of one neuron.
    rng : numpy.random.Generator, numpy.random.RandomState, int or None
        The stream of random numbers, or its seed.

    Attributes
    ----------
    layers : list of Layer

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an unknown name, no layers or a size below 1, a TypeError for an argument of another type.

    Examples
    --------
    >>> MLP(2, [2, 1])
    MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]
    """

    @explained("MLP(2, [4, 1])")
    def __init__(
        self,
        inputs: int,
        sizes: Sequence[int],
        *,
        activation: LayerActivation = "relu",
        output_activation: LayerActivation = "linear",
        bias: bool = True,
        initializer: Initializer = lecun_normal,
        rng: Seed = None,
    ) -> None:
        widths = [whole_number(inputs, "inputs"), *_layer_sizes(sizes)]
        last = len(widths) - 1
        if not is_softmax(activation):
            activation_function(activation)  # refused in a network of one layer too, which has no use for it
        stream = generator(rng)
        self._adopt(
            Layer(
                *fan,
                activation=output_activation if k == last else activation,
                bias=bias,
                initializer=initializer,
                rng=stream,
            )
            for k, fan in enumerate(pairwise(widths), start=1)
        )

    @classmethod
    def from_layers(cls, layers: Iterable[Layer]) -> Self:
        """A network of layers that exist already; it holds these layers and not copies.

        Parameters
        ----------
        layers : iterable of Layer
            In the order in which a record passes them.

        Returns
        -------
        MLP

        Raises
        ------
        ShapeError
            A ValueError that names both widths where neighbors do not fit.
        OptionError
            A ValueError, for no layers.
        """
        model = cls.__new__(cls)
        model._adopt(layers)
        return model

    def _adopt(self, layers: Iterable[Layer]) -> None:
        self.layers = list(layers)
        if not self.layers:
            raise OptionError("a network has at least one layer, got none")
        for k, (before, after) in enumerate(pairwise(self.layers), start=1):
            if before.outputs != after.inputs:
                raise ShapeError(
                    f"layer {k} has {before.outputs} outputs and layer {k + 1} takes {after.inputs} inputs; "
                    "they must be equal"
                )
        self.inputs, self.outputs = self.layers[0].inputs, self.layers[-1].outputs
        self._scopes = [f"layer {k}" for k in range(1, len(self.layers) + 1)]
        for name, layer in zip(self._scopes, self.layers, strict=True):
            layer.place((name,))

    def __call__(self, inputs: Any) -> Any:
        """The outputs for one record.

        Parameters
        ----------
        inputs : sequence or 1-D array of float or Value, length `inputs`

        Returns
        -------
        list of Value, or Value
            One Value where the last size is 1.

        Raises
        ------
        ShapeError
            A ValueError that names both widths.
        """
        entries = input_vector(inputs, self.inputs, self)
        for name, layer in zip(self._scopes, self.layers, strict=True):
            with scope(name):
                entries = layer.forward(entries)
        return entries[0] if len(entries) == 1 else entries

    def label_inputs(self, names: Sequence[str]) -> None:
        """Label the weights of the first layer by the names of the inputs.

        Parameters
        ----------
        names : sequence of str
            One for each input.
        """
        self.layers[0].label_inputs(names)

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(repr, self.layers))}]"


def _layer_sizes(sizes: Any) -> list[int]:
    if isinstance(sizes, str) or not hasattr(sizes, "__iter__"):
        raise OptionTypeError(f"sizes takes a list with the size of each layer, such as [4, 1], got {sizes!r}")
    return [whole_number(size, "each of sizes") for size in sizes]
