"""Layer: neurons that read the same inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, final

import numpy as np

from autodiff import scope, softmax
from autodiff.errors import ShapeError
from nn.arrays import RealArray, real_array
from nn.calls import explained
from nn.errors import OptionError
from nn.modules.activations import LayerActivation, activation_function, activation_title, is_softmax
from nn.modules.initializers import Initializer, for_layer, lecun_normal
from nn.modules.inputs import input_vector
from nn.modules.module import Module
from nn.modules.neuron import Neuron
from nn.options import whole_number
from nn.randomness import Seed, generator

MOST_IN_REPR = 8
"""A repr lists the neurons of a layer up to this number, as micrograd does, and counts more."""


@final
class Layer(Module):
    """A layer: `outputs` neurons that read the same `inputs` inputs.

    Called with one record it returns a list of outputs; a layer of one neuron returns the output itself. Nodes made
    by its k-th neuron carry the scope "neuron k", counted from 1.

    Parameters
    ----------
    inputs, outputs : int
        At least 1.
    nonlin : bool
        False means `activation="linear"`; the name is micrograd's.
    activation : str or callable
        A name in `ACTIVATIONS`, a function of one Value, or "softmax" over all outputs.
    bias : bool
        Whether the neurons have biases, which start at 0.
    initializer : callable
        A function (inputs, rng), or (inputs, rng, outputs), that returns the first weights of one neuron.
    rng : numpy.random.Generator, numpy.random.RandomState, int or None
        The stream of random numbers, or its seed.

    Attributes
    ----------
    neurons : list of Neuron

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an unknown name, a size below 1 or softmax of one output, a TypeError for an argument of
        another type.

    Examples
    --------
    >>> Layer(3, 2, activation="tanh", rng=0)
    Layer of [TanhNeuron(3), TanhNeuron(3)]
    """

    @explained('Layer(2, 3, activation="tanh")')
    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        nonlin: bool = True,
        activation: LayerActivation = "relu",
        bias: bool = True,
        initializer: Initializer = lecun_normal,
        rng: Seed = None,
    ) -> None:
        self.inputs = whole_number(inputs, "inputs")
        self.outputs = whole_number(outputs, "outputs")
        stream = generator(rng)
        self.softmax = nonlin and is_softmax(activation)
        if self.softmax and self.outputs == 1:
            raise OptionError("softmax of one output is always 1; use sigmoid, or two outputs")
        of_neuron = activation_function("linear" if self.softmax or not nonlin else activation)
        start = for_layer(initializer, self.outputs)
        self.neurons = [
            Neuron(inputs, activation=of_neuron, bias=bias, initializer=start, rng=stream) for _ in range(self.outputs)
        ]
        self._scopes = [f"neuron {k}" for k in range(1, self.outputs + 1)]
        self.place(())

    @classmethod
    def from_matrix(cls, weights: Any, biases: Any = None, activation: LayerActivation = "relu") -> Self:
        """A layer with given weights.

        Parameters
        ----------
        weights : array_like, shape (inputs, outputs) or (inputs,)
            Column k holds the weights of neuron k; one dimension makes one neuron.
        biases : array_like, shape (outputs,), optional
            By default the layer has none.
        activation : str or callable
            As the layer itself takes it.

        Returns
        -------
        Layer

        Raises
        ------
        ShapeError
            A ValueError, unless the shapes fit.

        Examples
        --------
        >>> layer = Layer.from_matrix([[1.0, 2.0], [0.0, -1.0]], activation="linear")
        >>> [out.data for out in layer([3.0, 4.0])]
        [3.0, 2.0]
        """
        matrix = _weight_matrix(weights)
        columns = iter(matrix.T)
        layer = cls(
            *matrix.shape,
            activation=activation,
            bias=biases is not None,
            initializer=lambda inputs, rng: next(columns),  # noqa: ARG005 - the signature of every initializer
        )
        if biases is not None:
            layer._set_biases(np.atleast_1d(real_array(biases, "biases")))
        return layer

    @property
    def activation_title(self) -> str:
        """The activation as a repr writes it."""
        return "Softmax" if self.softmax else activation_title(self.neurons[0].activation)

    def weight_matrix(self) -> RealArray:
        """The weights, shape (inputs, outputs): column k is neuron k's."""
        return np.array([[weight.data for weight in neuron.weights] for neuron in self.neurons]).T

    def bias_vector(self) -> RealArray | None:
        """The biases, shape (outputs,), or None for a layer without."""
        biases = [neuron.bias.data for neuron in self.neurons if neuron.bias is not None]
        return np.array(biases) if biases else None

    def place(self, path: tuple[str, ...]) -> None:
        """Set where in a larger model the parameters belong, for pictures.

        Parameters
        ----------
        path : tuple of str
            Names from the outermost part inwards, such as ``("layer 1",)``.
        """
        for name, neuron in zip(self._scopes, self.neurons, strict=True):
            neuron.place((*path, name))

    def __call__(self, inputs: Any) -> Any:
        """The outputs for one record.

        Parameters
        ----------
        inputs : sequence or 1-D array of float or Value, length `inputs`

        Returns
        -------
        list of Value, or Value
            One Value where there is one neuron.

        Raises
        ------
        ShapeError
            A ValueError that names both widths.
        """
        outputs = self.forward(input_vector(inputs, self.inputs, self))
        return outputs[0] if len(outputs) == 1 else outputs

    def forward(self, entries: list[Any]) -> list[Any]:
        """The outputs, without a check of the inputs: for a model that has checked them.

        Parameters
        ----------
        entries : list of float or Value
            One for each input.

        Returns
        -------
        list of Value
            One for each neuron, also if there is only one.
        """
        outputs = []
        for name, neuron in zip(self._scopes, self.neurons, strict=True):
            with scope(name):
                outputs.append(neuron.forward(entries))
        return softmax(outputs) if self.softmax else outputs

    def label_inputs(self, names: Sequence[str]) -> None:
        """Label the weights of every neuron by the names of its inputs.

        Parameters
        ----------
        names : sequence of str
            One for each input.
        """
        for neuron in self.neurons:
            neuron.label_inputs(names)

    def _set_biases(self, biases: RealArray) -> None:
        if biases.shape != (self.outputs,):
            raise ShapeError(f"{self.outputs} neurons take biases of shape ({self.outputs},), got {biases.shape}")
        for neuron, number in zip(self.neurons, biases.tolist(), strict=True):
            if neuron.bias is not None:
                neuron.bias.data = number

    def __repr__(self) -> str:
        if self.softmax:
            return f"Layer of [{self.outputs} × {self.neurons[0]!r}, Softmax]"
        if self.outputs > MOST_IN_REPR:
            return f"Layer of [{self.outputs} × {self.neurons[0]!r}]"
        return f"Layer of [{', '.join(map(repr, self.neurons))}]"


def _weight_matrix(weights: Any) -> RealArray:
    matrix = real_array(weights, "weights")
    if matrix.ndim == 1:
        matrix = matrix[:, np.newaxis]
    if matrix.ndim != 2 or not matrix.size:
        raise ShapeError(f"weights take the shape (inputs, outputs), got {matrix.shape}")
    return matrix
