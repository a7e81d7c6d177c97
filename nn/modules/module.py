"""Module: anything with parameters, found by looking at its attributes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from autodiff import Value
from nn.arrays import RealArray
from nn.modules.parameters import ParameterGroup, parameter_groups
from nn.modules.state import matching_numbers
from nn.modules.summary import Summary, summary_of


class Module(ABC):
    """Base class of all that holds parameters and can be called. A subclass defines `__call__`.

    Every leaf Value in an attribute is a parameter, in the order in which the attributes were assigned. Lists, tuples,
    dicts, arrays and other Modules in attributes are searched too. Keep constants as floats.

    Attributes
    ----------
    feature_names : tuple of str or None
        The names of the inputs, once the model was trained on a data frame.

    Examples
    --------
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> [name for name, parameter in Line().named_parameters()]
    ['slope', 'offset']
    """

    feature_names: tuple[str, ...] | None = None
    """The names of the inputs, once the model was trained on a data frame."""

    @abstractmethod
    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """The forward pass."""

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Every parameter once, with its path: `("layers.0.neurons.1.weights.2", Value)`."""
        seen: set[Value] = set()
        for group in self.parameter_groups():
            for name, parameter in group.named():
                if parameter not in seen:
                    seen.add(parameter)
                    yield name, parameter

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order of `named_parameters`."""
        return list(dict.fromkeys(parameter for group in self.parameter_groups() for parameter in group.parameters))

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, before a sweep that should not add to the last one."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def state_dict(self) -> dict[str, RealArray]:
        """The numbers of all parameters: an array for each attribute, of shape () for a single Value.

        The names are paths like "layers.0.neurons.1.weights". A parameter stored twice has two entries.
        """
        return {group.name: group.numbers() for group in self.parameter_groups()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set all parameters to the numbers of a state, as `state_dict` returned it.

        Parameters
        ----------
        state : mapping of str to array_like
            Arrays by the path of their attribute.

        Raises
        ------
        StateError
            A ValueError that lists missing and unexpected names.
        ShapeError
            A ValueError that names both shapes.
        CoercionError
            A TypeError, for entries that are not real numbers. No parameter has changed when one of these is raised.
        """
        groups = list(self.parameter_groups())
        for group, numbers in zip(groups, matching_numbers(groups, state), strict=True):
            group.assign(numbers)

    def summary(self) -> Summary:
        """The parts, their inputs and outputs, and how many parameters they have, as a table that prints.

        Returns
        -------
        Summary

        Examples
        --------
        >>> from nn import MLP
        >>> MLP(64, [32, 10], rng=0).summary()
        part                     inputs  outputs  parameters
        layers[0] Layer, ReLU        64       32       2,080
        layers[1] Layer, Linear      32       10         330
        2,410 parameters
        """
        return summary_of(self, Module)

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    def parameter_groups(self) -> Iterator[ParameterGroup]:
        """The parameters of each attribute together: a Value, a list of them or an array."""
        return parameter_groups(self, owner_type=Module)
