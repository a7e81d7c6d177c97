"""Argnums: which positional arguments of a function a derivative is taken along."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.errors import OptionError

ArgNums = int | Sequence[int]
"""One positional argument by its number, or several, whose derivatives come as a tuple."""


def argument_numbers(given: ArgNums, name: str) -> list[int]:
    """The numbers as a list. Raises OptionError for anything but one or more integers."""
    try:
        entries: list[Any] = [given] if is_one(given) else [*given]  # type: ignore[misc]  # is_one tells them apart
        if not any(isinstance(entry, (bool, np.bool_)) for entry in entries):
            return [operator.index(entry) for entry in entries]
    except TypeError:
        pass
    raise OptionError(f"{name} takes the number of an argument, or several, got {given!r}")


def is_one(given: ArgNums) -> bool:
    """Whether one argument is named, and not a sequence of them."""
    return hasattr(given, "__index__") and not np.ndim(given)


def chosen_arguments(argnums: ArgNums, count: int) -> list[int]:
    """The numbers of the chosen arguments of `count`, counted from the start. Raises OptionError for one too many."""
    numbers = argument_numbers(argnums, "argnums")
    for number in numbers:
        if not -count <= number < count:
            raise OptionError(
                f"argnums names argument {number}, but the call has {count} positional arguments; they count from 0"
            )
    chosen = [number % count for number in numbers]
    if len(set(chosen)) < len(chosen):
        raise OptionError(f"argnums {argnums!r} names one of {count} arguments twice; name each once")
    return chosen


def chosen(args: Sequence[Any], argnums: ArgNums) -> Any:
    """The argument that is named, or a tuple of several."""
    found = tuple(args[number] for number in chosen_arguments(argnums, len(args)))
    return found[0] if is_one(argnums) else found
