"""Sequential: parts one after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from autodiff import scope, softmax
from autodiff.errors import ShapeError
from nn.errors import OptionError, OptionTypeError
from nn.modules.activations import Activation, activation_function, activation_title, is_softmax
from nn.modules.inputs import input_vector
from nn.modules.module import Module
from nn.modules.outputs import output_list


@final
class Sequential(Module):
    """Parts one after another: Modules, and activations by name or as functions of one Value.

    Each part is called with the list that the part before returned. Called with one record it returns a list of
    outputs, or the output itself where there is one. A part may occur several times; its parameters are then shared.
    Nodes carry the scope "layer k", which begins anew with each part that has weighted sums.

    Parameters
    ----------
    *parts : Module, str or callable
        At least one.

    Raises
    ------
    ShapeError
        A ValueError that names both widths where neighbors do not fit.
    OptionError, OptionTypeError
        A ValueError for no parts or an unknown name, a TypeError for anything that cannot be a part.

    Examples
    --------
    >>> from nn import Dropout, Linear
    >>> Sequential(Linear(64, 32, rng=0), "relu", Dropout(0.2), Linear(32, 10, rng=1))
    Sequential(Linear(64, 32), ReLU, Dropout(0.2), Linear(32, 10))
    """

    def __init__(self, *parts: Module | Activation | str) -> None:
        if not parts:
            raise OptionError("a Sequential has at least one part, got none")
        self.parts: list[Any] = [_part(part) for part in parts]
        self._scopes = _scopes(self.parts)
        self.inputs, self.outputs = _checked_widths(self.parts)
        for part, name in zip(self.parts, self._scopes, strict=True):
            if hasattr(part, "place"):
                part.place((name,))

    def label_inputs(self, names: Sequence[str]) -> None:
        """Label the weights of the first part that has weighted sums by the names of the inputs.

        Parameters
        ----------
        names : sequence of str
            One for each input.
        """
        for part in self.parts:
            if hasattr(part, "label_inputs"):
                part.label_inputs(names)
                return

    def __call__(self, inputs: Any) -> Any:
        """The outputs for one record.

        Parameters
        ----------
        inputs : sequence or 1-D array of float or Value

        Returns
        -------
        list of Value, or Value
            One Value where there is one output.

        Raises
        ------
        ShapeError
            A ValueError that names both widths.
        """
        entries = output_list(inputs) if self.inputs is None else input_vector(inputs, self.inputs, self)
        for part, name in zip(self.parts, self._scopes, strict=True):
            with scope(name):
                entries = _applied(part, entries)
        return entries[0] if len(entries) == 1 else entries

    def __repr__(self) -> str:
        titles = [repr(part) if isinstance(part, Module) else activation_title(part) for part in self.parts]
        return f"Sequential({', '.join(titles)})"


def _part(part: Any) -> Any:
    if isinstance(part, type) and issubclass(part, Module):
        raise OptionTypeError(f"a part is a Module, got the class {part.__name__}; make one, such as Linear(2, 3)")
    if isinstance(part, (list, tuple)):
        raise OptionTypeError(f"Sequential takes its parts one by one, got {part!r}; write Sequential(*parts)")
    if isinstance(part, Module):
        return part
    if not isinstance(part, str) and not callable(part):
        raise OptionTypeError(f"a part is a Module, or the name or function of an activation, got {part!r}")
    return softmax if is_softmax(part) else activation_function(part)


def _applied(part: Any, entries: list[Any]) -> list[Any]:
    if isinstance(part, Module):
        return output_list(part(entries))
    made: list[Any] = []
    if part is softmax:
        made = softmax(entries)
        return made
    for k, entry in enumerate(entries, start=1):
        with scope(f"neuron {k}"):
            made.append(part(entry))
    return made


def _scopes(parts: Sequence[Any]) -> list[str]:
    """The scope of each part: a new layer begins with each part that has weighted sums, but for the first."""
    layer, begun, names = 1, False, []
    for part in parts:
        if hasattr(part, "label_inputs"):
            layer += begun
            begun = True
        names.append(f"layer {layer}")
    return names


def _checked_widths(parts: Sequence[Any]) -> tuple[int | None, int | None]:
    """The inputs and outputs of all parts together; None where no part says so."""
    first = width = None
    for k, part in enumerate(parts, start=1):
        wanted = getattr(part, "inputs", None)
        if wanted is not None and width is not None and wanted != width:
            raise ShapeError(f"part {k}, {part!r}, takes {wanted} inputs and the part before has {width} outputs")
        first = wanted if first is None else first
        width = getattr(part, "outputs", width)
    return first, width
