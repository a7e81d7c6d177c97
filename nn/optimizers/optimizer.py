"""Optimizer: an update rule on vectors, and its steps on Values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Self

import numpy as np

from autodiff import Value
from nn.errors import OptionError, OptionTypeError
from nn.optimizers.memory import Memory, State


def _listed(parameters: Any) -> list[Value]:
    if not isinstance(parameters, Iterable):
        raise OptionTypeError(f"step takes a list of Values, got {parameters!r:.60}; write step(model.parameters())")
    listed = list(parameters)
    for parameter in listed:
        if not isinstance(parameter, Value):
            raise OptionTypeError(f"step takes Values, got {parameter!r:.60}; numbers have no gradient to step along")
    return listed


class Optimizer(ABC):
    """An update rule: how parameters, their gradients and the rule's state become new parameters and new state.

    A subclass defines `update`, once, elementwise, in arithmetic and functions of `autodiff`. The same lines then
    step Values, step the flat vector of a compiled run, and can be traced into a program. `initial_state` names
    the state vectors and gives the number that each starts from; a state that stays a number for all parameters,
    such as a count of steps, is declared the same way.

    Attributes
    ----------
    learning_rate : float
        The factor of a step. May be assigned between steps; a schedule does so before each epoch.
    initial_state : Mapping[str, float]
        The names of the state vectors, in the order in which `update` takes them, with their first entries.

    Examples
    --------
    A rule of one's own, gradient descent along a running mean of the signs:

    >>> from autodiff import sign
    >>> class SignDescent(Optimizer):
    ...     initial_state = {"mean": 0.0}
    ...     def __init__(self, *, learning_rate):
    ...         self.learning_rate = learning_rate
    ...     def update(self, parameters, gradients, mean):
    ...         mean = 0.5 * mean + 0.5 * sign(gradients)
    ...         return parameters - self.learning_rate * mean, mean
    >>> optimizer = SignDescent(learning_rate=0.5)
    >>> optimizer
    SignDescent(learning_rate=0.5)
    >>> x = Value(1.0)
    >>> x.grad = -3.0
    >>> optimizer.step([x])
    >>> x.data
    1.25
    """

    learning_rate: float
    initial_state: Mapping[str, float] = {}

    @abstractmethod
    def update(self, parameters: Any, gradients: Any, *state: Any) -> tuple[Any, ...]:
        """One step, elementwise and without side effects.

        Parameters
        ----------
        parameters, gradients
            Vectors of shape (n,), or single numbers, Values or symbols of a trace.
        *state
            The state vectors in the order of `initial_state`; a number where all entries are equal.

        Returns
        -------
        tuple
            The new parameters, followed by the new state vectors.
        """

    def step(self, parameters: Iterable[Value]) -> None:
        """Change the data of the parameters by one update along their `grad`, which stays as it is.

        The state belongs to the parameters: those that step for the first time start from `initial_state`.

        Parameters
        ----------
        parameters : iterable of Value
            Leaves, each with the gradient of the last sweep; None counts as 0.

        Raises
        ------
        OptionTypeError
            A TypeError, for anything but Values.
        """
        stepped = _listed(parameters)
        numbers = np.array([parameter.data for parameter in stepped])
        gradients = np.array([0.0 if parameter.grad is None else parameter.grad for parameter in stepped])
        with np.errstate(all="ignore"):  # a run that diverges ends in inf and nan, without a warning
            new, *state = self.new_state(numbers, gradients, self.recall(stepped))
        for parameter, number in zip(stepped, new.tolist(), strict=True):
            parameter.data = number
        self.remember(stepped, tuple(state))

    def recall(self, parameters: Sequence[Value]) -> State:
        """The state of these parameters, as `update` takes it.

        Parameters
        ----------
        parameters : sequence of Value

        Returns
        -------
        tuple
            A vector for each name of `initial_state`, or a number if all entries are equal.
        """
        return self._memory.recall(parameters, self.initial_state)

    def remember(self, parameters: Sequence[Value], state: State) -> None:
        """Continue from this state in the next step on these parameters.

        Parameters
        ----------
        parameters : sequence of Value
        state : tuple
            As `recall` returns it.
        """
        self._memory.keep(parameters, list(self.initial_state), state)

    def new_state(self, numbers: Any, gradients: Any, state: State) -> tuple[Any, ...]:
        """The checked result of `update` for vectors of numbers.

        Parameters
        ----------
        numbers, gradients : ndarray of shape (n,)
        state : tuple
            As `recall` returns it.

        Returns
        -------
        tuple
            The new parameters, followed by the new state vectors.

        Raises
        ------
        OptionError
            A ValueError, unless these are parameters of the same shape and one state for each name.
        """
        out = self.update(numbers, gradients, *state)
        if not isinstance(out, tuple) or len(out) != 1 + len(state) or np.shape(out[0]) != np.shape(numbers):
            names = "".join(f", {name}" for name in self.initial_state)
            raise OptionError(
                f"update of {self!r} returns the tuple (parameters{names}), parameters of shape {np.shape(numbers)}; "
                f"got {out!r}"
            )
        return out

    def with_learning_rate(self, learning_rate: Any) -> Self:
        """This rule with another learning rate, and without a memory of earlier steps.

        Parameters
        ----------
        learning_rate : float, Value or symbol of a trace

        Returns
        -------
        Optimizer
        """
        other = self._copy()
        other.learning_rate = learning_rate
        return other

    def _copy(self) -> Self:
        other = copy(self)
        vars(other).pop("_memory", None)
        return other

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"{type(self).__name__}({options})"

    @cached_property
    def _memory(self) -> Memory:
        return Memory()
