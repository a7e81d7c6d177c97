"""Options of compile, checked where they are given."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.errors import OptionError

ArgNums = int | Sequence[int]
"""One positional argument by its number, or several."""


def argument_numbers(given: ArgNums, name: str) -> list[int]:
    """The numbers as a list. Raises OptionError for what is not one or more integers."""
    if isinstance(given, bool) or (not is_one(given) and any(isinstance(x, bool) for x in _entries(given))):
        raise OptionError(f"{name} takes the number of an argument, or several, got {given!r}")
    try:
        return [operator.index(given)] if is_one(given) else [operator.index(number) for number in given]  # type: ignore[arg-type, union-attr]  # is_one tells them apart
    except TypeError:
        raise OptionError(f"{name} takes the number of an argument, or several, got {given!r}") from None


def _entries(given: Any) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, (tuple, list, set, frozenset)) else ()


def is_one(given: ArgNums) -> bool:
    """Whether one argument is named, and not a sequence of them."""
    return hasattr(given, "__index__") and not np.ndim(given)


def chosen_arguments(argnums: ArgNums, count: int) -> list[int]:
    """The numbers of the chosen arguments of `count`, counted from the start. Raises OptionError for one too many."""
    numbers = argument_numbers(argnums, "argnums")
    for number in numbers:
        if not -count <= number < count:
            raise OptionError(f"argnums names argument {number}, but the call has {count} positional arguments")
    chosen = [number % count for number in numbers]
    if len(set(chosen)) < len(chosen):
        raise OptionError(f"argnums {argnums!r} names one of {count} arguments twice; name each once")
    return chosen


def record_weight(reduction: str, records: int) -> float:
    """What each of so many records counts in a mean or a sum. Raises OptionError for another reduction."""
    if reduction not in ("mean", "sum"):
        raise OptionError(f"reduction must be 'mean' or 'sum', got {reduction!r}")
    return 1.0 / max(records, 1) if reduction == "mean" else 1.0


def floating_type(dtype: Any) -> np.dtype[Any]:
    """float64 or float32. Raises OptionError for anything else."""
    for known in (np.dtype(np.float64), np.dtype(np.float32)):
        if dtype == known:
            return known
    raise OptionError(f"dtype must be float64 or float32, got {dtype!r}")


def thread_count(threads: Any) -> int:
    """At least 1. Raises OptionError for anything else."""
    if not hasattr(threads, "__index__") or isinstance(threads, bool) or operator.index(threads) < 1:
        raise OptionError(f"threads must be a whole number from 1 on, got {threads!r}")
    return operator.index(threads)
