"""Linear: weighted sums of the same inputs, without an activation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from nn.calls import explained
from nn.modules.initializers import Initializer, lecun_normal
from nn.modules.inputs import input_vector
from nn.modules.layer import Layer
from nn.modules.module import Module
from nn.randomness import Seed


@final
class Linear(Module):
    """Weighted sums without an activation: `outputs` sums of `inputs` inputs, a part of Sequential.

    Called with one record it returns a list, also of one output.

    Parameters
    ----------
    inputs, outputs : int
        At least 1.
    bias : bool
        Whether each sum has a bias, which starts at 0.
    initializer : callable
        A function (inputs, rng), or (inputs, rng, outputs), that returns the first weights of one sum.
    rng : numpy.random.Generator, numpy.random.RandomState, int or None
        The stream of random numbers, or its seed.

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a size below 1, a TypeError for an argument of another type.

    Examples
    --------
    >>> from nn.modules.initializers import constant
    >>> [out.data for out in Linear(2, 1, initializer=constant(0.5))([1.0, 3.0])]
    [2.0]
    """

    @explained("Linear(2, 1)")
    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        bias: bool = True,
        initializer: Initializer = lecun_normal,
        rng: Seed = None,
    ) -> None:
        self.layer = Layer(inputs, outputs, activation="linear", bias=bias, initializer=initializer, rng=rng)

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return self.layer.inputs

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.layer.outputs

    def place(self, path: tuple[str, ...]) -> None:
        """Set where in a larger model the parameters belong, for pictures.

        Parameters
        ----------
        path : tuple of str
            Names from the outermost part inwards, such as ``("layer 1",)``.
        """
        self.layer.place(path)

    def label_inputs(self, names: Sequence[str]) -> None:
        """Label the weights by the names of the inputs.

        Parameters
        ----------
        names : sequence of str
            One for each input.
        """
        self.layer.label_inputs(names)

    def __call__(self, inputs: Any) -> list[Any]:
        """The sums for one record.

        Parameters
        ----------
        inputs : sequence or 1-D array of float or Value, length `inputs`

        Returns
        -------
        list of Value

        Raises
        ------
        ShapeError
            A ValueError that names both widths.
        """
        return self.layer.forward(input_vector(inputs, self.inputs, self))

    def __repr__(self) -> str:
        return f"Linear({self.inputs}, {self.outputs})"
