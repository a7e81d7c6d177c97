"""Layer normalization: the entries of a record brought to mean 0 and variance 1."""

from __future__ import annotations

from typing import Any, final

from autodiff import Origin, Value, mean, sqrt, square
from nn.calls import explained
from nn.modules.inputs import input_vector
from nn.modules.module import Module
from nn.options import whole_number


@final
class LayerNorm(Module):
    """Layer normalization: gain·(x - mean)/√(variance + eps) + bias over the `width` entries of one record.

    The variance is that of the entries, divided by their number. Gains start at 1, biases at 0.

    Parameters
    ----------
    width : int
        How many entries a record has, at least 1.
    eps : float
        Added to the variance, so that equal entries do not divide by 0.

    Attributes
    ----------
    gain, bias : list of Value

    Raises
    ------
    OptionError, OptionTypeError
        A ValueError for a width below 1, a TypeError for anything but an integer.

    References
    ----------
    Ba, Kiros and Hinton, Layer normalization (2016).

    Examples
    --------
    >>> [round(entry.data, 3) for entry in LayerNorm(2)([1.0, 3.0])]
    [-1.0, 1.0]
    """

    @explained("LayerNorm(8)")
    def __init__(self, width: int, *, eps: float = 1e-5) -> None:
        self.inputs = self.outputs = whole_number(width, "width")
        self.eps = float(eps)
        self.gain = [Value(1.0, label=f"gain{k}") for k in range(1, self.inputs + 1)]
        self.bias = [Value(0.0, label=f"b{k}") for k in range(1, self.inputs + 1)]
        self.place(())

    def place(self, path: tuple[str, ...]) -> None:
        """Set where in a larger model the parameters belong, for pictures.

        Parameters
        ----------
        path : tuple of str
            Names from the outermost part inwards, such as ``("layer 1",)``.
        """
        origin = Origin(scope=path, role="parameter")
        for parameter in self.parameters():
            parameter.origin = origin

    def __call__(self, inputs: Any) -> list[Any]:
        """The normalized entries of one record. Raises ShapeError that names both widths."""
        entries = input_vector(inputs, self.inputs, self)
        middle = mean(entries)
        centered = [entry - middle for entry in entries]
        deviation = sqrt(mean([square(entry) for entry in centered]) + self.eps)
        return [g * (entry / deviation) + b for g, entry, b in zip(self.gain, centered, self.bias, strict=True)]

    def __repr__(self) -> str:
        return f"LayerNorm({self.inputs})"
