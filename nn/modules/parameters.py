"""Finding the parameters in an object's attributes, with their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff import Value
from nn.arrays import RealArray


@final
@dataclass(frozen=True)
class ParameterGroup:
    """The leaf Values of one attribute: one, a list of them, or an array."""

    name: str
    parameters: tuple[Value, ...]
    shape: tuple[int, ...]
    """() for a single Value; otherwise the parameters are in row-major order."""

    def named(self) -> Iterator[tuple[str, Value]]:
        """Each parameter with its own name: that of the group, followed by its indices."""
        for index, parameter in zip(np.ndindex(self.shape), self.parameters, strict=True):
            yield ".".join([self.name, *map(str, index)]), parameter

    def numbers(self) -> RealArray:
        """The data of the parameters, a new array of the group's shape."""
        return np.array([parameter.data for parameter in self.parameters], dtype=float).reshape(self.shape)

    def assign(self, numbers: RealArray) -> None:
        """Set the data of the parameters from an array of the group's shape."""
        for parameter, number in zip(self.parameters, numbers.ravel().tolist(), strict=True):
            parameter.data = number


def parameter_groups(owner: Any, *, owner_type: type) -> Iterator[ParameterGroup]:
    """The parameters in the attributes of `owner`, and of every instance of `owner_type` found in them."""
    return _found("", owner, owner_type, ())


def _found(name: str, thing: Any, owner_type: type, path: tuple[Any, ...]) -> Iterator[ParameterGroup]:
    """What `thing`, reached under `name` through the owners on `path`, holds."""
    group = _as_group(name, thing)
    if group is not None:
        yield group
        return
    if isinstance(thing, owner_type):
        if any(thing is owner for owner in path):  # a part that points back to its whole
            return
        path = (*path, thing)
    for key, part in _parts(thing, owner_type):
        yield from _found(f"{name}.{key}" if name else str(key), part, owner_type, path)


def _as_group(name: str, thing: Any) -> ParameterGroup | None:
    """The group that `thing` is by itself, or None."""
    if isinstance(thing, Value):
        return ParameterGroup(name, (thing,), ()) if _is_leaf(thing) else None
    if isinstance(thing, np.ndarray) and thing.dtype == object:
        entries = tuple(thing.ravel().tolist())
        return ParameterGroup(name, entries, thing.shape) if entries and all(map(_is_leaf, entries)) else None
    if isinstance(thing, (list, tuple)) and thing and all(map(_is_leaf, thing)):
        return ParameterGroup(name, tuple(thing), (len(thing),))
    return None


def _parts(thing: Any, owner_type: type) -> Iterable[tuple[Any, Any]]:
    if isinstance(thing, owner_type):
        return vars(thing).items()
    if isinstance(thing, dict):
        return thing.items()
    if isinstance(thing, (list, tuple)) or (isinstance(thing, np.ndarray) and thing.dtype == object and thing.ndim):
        return enumerate(thing)
    return ()


def _is_leaf(thing: Any) -> bool:
    """Whether this is a Value that no operation made: a stored result is not a parameter."""
    return isinstance(thing, Value) and not thing.operands
