"""Neuron: a weighted sum and an activation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from autodiff import Origin, Value, dot
from autodiff.errors import ShapeError
from nn.arrays import real_array
from nn.modules.activations import Activation, ActivationName, activation_function, activation_title
from nn.modules.initializers import Initializer, lecun_normal
from nn.modules.inputs import input_vector
from nn.modules.module import Module
from nn.options import whole_number
from nn.randomness import Seed, generator


@final
class Neuron(Module):
    """A neuron: activation(weights · inputs + bias), for one record of `inputs` numbers or Values.

    Parameters
    ----------
    inputs : int
        At least 1.
    nonlin : bool
        False means `activation="linear"`; the name is micrograd's.
    activation : str or callable
        A name in `ACTIVATIONS`, or a function of one Value.
    bias : bool
        Whether there is a bias, which starts at 0.
    initializer : callable
        A function (inputs, rng) that returns the first weights, of shape (inputs,).
    rng : numpy.random.Generator, numpy.random.RandomState, int or None
        The stream of random numbers, or its seed.

    Attributes
    ----------
    weights : list of Value
    bias : Value or None

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for an unknown name or too few inputs, a TypeError for an argument of another type.
    ShapeError
        A ValueError, for an initializer that returns weights of another shape.

    Examples
    --------
    >>> from nn.modules.initializers import constant
    >>> Neuron(2, activation="tanh", initializer=constant(0.5))([1.0, -1.0]).data
    0.0
    """

    def __init__(
        self,
        inputs: int,
        nonlin: bool = True,
        *,
        activation: ActivationName | Activation = "relu",
        bias: bool = True,
        initializer: Initializer = lecun_normal,
        rng: Seed = None,
    ) -> None:
        self.inputs = whole_number(inputs, "inputs")
        self.activation = activation_function(activation if nonlin else "linear")
        numbers = _initial_numbers(initializer(self.inputs, generator(rng)), self.inputs)
        self.weights = [Value(number, label=f"w{k}") for k, number in enumerate(numbers, start=1)]
        self.bias = Value(0.0, label="b") if bias else None
        self.place(())

    def place(self, path: tuple[str, ...]) -> None:
        """Set where in a larger model the parameters belong, for pictures.

        Parameters
        ----------
        path : tuple of str
            Names from the outermost part inwards, such as ``("layer 1", "neuron 2")``.
        """
        origin = Origin(scope=path, role="parameter")
        for weight in self.weights:
            weight.origin = origin
        if self.bias is not None:
            self.bias.origin = origin

    def label_inputs(self, names: Sequence[str]) -> None:
        """Label the weights by the names of the inputs.

        Parameters
        ----------
        names : sequence of str
            One for each input.

        Raises
        ------
        ShapeError
            A ValueError, for another number of names.
        """
        if len(names) != self.inputs:
            raise ShapeError(f"label_inputs takes one name for each of {self.inputs} inputs, got {names!r}")
        for weight, name in zip(self.weights, names, strict=True):
            weight.label = name

    def __call__(self, inputs: Any) -> Any:
        """The output for one record.

        Parameters
        ----------
        inputs : sequence or 1-D array of float or Value, length `inputs`

        Returns
        -------
        Value

        Raises
        ------
        ShapeError
            A ValueError that names both widths.
        """
        return self.forward(input_vector(inputs, self.inputs, self))

    def forward(self, entries: list[Any]) -> Any:
        """The output, without a check of the inputs: for a layer that has checked them.

        Parameters
        ----------
        entries : list of float or Value
            One for each input.

        Returns
        -------
        Value
        """
        total = dot(self.weights, entries)
        if self.bias is not None:
            total = total + self.bias
        return self.activation(total)

    def __repr__(self) -> str:
        return f"{activation_title(self.activation)}Neuron({self.inputs})"


def _initial_numbers(drawn: Any, inputs: int) -> list[float]:
    numbers = real_array(drawn, "an initializer's weights")
    if numbers.shape != (inputs,):
        raise ShapeError(f"an initializer returns weights of shape ({inputs},), got shape {numbers.shape}")
    return numbers.tolist()  # type: ignore[no-any-return]  # one dimension gives a flat list
