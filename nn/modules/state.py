"""Checking the numbers of a saved state against the parameters that they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.errors import ShapeError
from nn.arrays import RealArray, real_array
from nn.errors import StateError
from nn.modules.parameters import ParameterGroup


def matching_numbers(groups: Sequence[ParameterGroup], state: Mapping[str, Any]) -> list[RealArray]:
    """The arrays of `state` in the order of `groups`.

    Raises StateError, ShapeError or CoercionError unless the names agree, each entry is real and
    its shape is that of its group.
    """
    _refuse_other_names([group.name for group in groups], list(state))
    return [_array_for(group, state[group.name]) for group in groups]


def _refuse_other_names(expected: list[str], given: list[str]) -> None:
    missing = [name for name in expected if name not in given]
    unexpected = [name for name in given if name not in expected]
    if missing or unexpected:
        raise StateError(
            f"the state is not of this model: missing {', '.join(missing) or 'nothing'}; "
            f"unexpected {', '.join(map(str, unexpected)) or 'nothing'}"
        )


def _array_for(group: ParameterGroup, entry: Any) -> RealArray:
    numbers = real_array(entry, f"{group.name} in the state")
    if numbers.shape != group.shape:
        raise ShapeError(f"{group.name} has shape {group.shape} in the model and {numbers.shape} in the state")
    return numbers
