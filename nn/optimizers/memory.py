"""Memory: the state vectors of an optimizer, kept by parameter between steps and between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, final

import numpy as np

from autodiff import Value

State = tuple[Any, ...]
"""The state vectors of a rule in the order of its names; a number for a vector of equal entries."""


@final
class Memory:
    """The state of an optimizer for each parameter.

    The vectors of the parameters that stepped last stay vectors, so that the next step on the same parameters
    takes them as they are; those of parameters that stepped earlier are kept number by number.
    """

    def __init__(self) -> None:
        self._parameters: list[Value] = []
        self._ids: list[int] = []  # Values compare by number, so lists of them are compared by identity
        self._vectors: dict[str, Any] = {}
        self._earlier: dict[Value, dict[str, float]] = {}

    def recall(self, parameters: Sequence[Value], initial: Mapping[str, float]) -> State:
        """The state of these parameters; `initial` has the names and the number that each starts from."""
        if [*map(id, parameters)] == self._ids:
            return tuple(self._vectors.get(name, start) for name, start in initial.items())
        self._settle()
        if self._earlier.keys().isdisjoint(parameters):
            return tuple(initial.values())
        known = [self._earlier.get(parameter, {}) for parameter in parameters]
        return tuple(_vector([numbers.get(name, start) for numbers in known]) for name, start in initial.items())

    def keep(self, parameters: Sequence[Value], names: Sequence[str], state: State) -> None:
        """Remember the state of these parameters."""
        ids = [*map(id, parameters)]
        if ids != self._ids:
            self._settle()
            self._parameters, self._ids = [*parameters], ids
        self._vectors = dict(zip(names, state, strict=True))

    def _settle(self) -> None:
        """Take the vectors apart, for other parameters step next."""
        for name, vector in self._vectors.items():
            numbers = np.broadcast_to(vector, len(self._parameters)).tolist()
            for parameter, number in zip(self._parameters, numbers, strict=True):
                self._earlier.setdefault(parameter, {})[name] = number
        self._parameters, self._ids, self._vectors = [], [], {}


def _vector(numbers: list[float]) -> Any:
    """The numbers as a vector, or as one number where all are equal, so that a step count stays one."""
    return numbers[0] if numbers and numbers.count(numbers[0]) == len(numbers) else np.array(numbers)
