"""What a function of scalars takes and gives, as type checkers see it: a float for floats, a Value where there is one,
an array where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeAlias, TypeVar, overload

import numpy as np

from autodiff.value import Value

Number: TypeAlias = float | Value

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
"""An array of floats or of Values, on which a function works elementwise."""

Scalar = TypeVar("Scalar", float, Value, "float | Value", np.float32, np.int64, Array)
"""A number gives a number, a Value gives a Value, an array gives an array."""

Vector: TypeAlias = Iterable[Number]
"""A sequence, a 1-D array or any iterable of floats and Values."""


class Binary(Protocol):
    """A function of two scalars."""

    @overload
    def __call__(self, a: float, b: float, /) -> float: ...  # type: ignore[overload-overlap]  # floats alone
    @overload
    def __call__(self, a: Number, b: Number, /) -> Value: ...  # type: ignore[overload-overlap]  # no array
    @overload
    def __call__(self, a: Array | Number, b: Array | Number, /) -> Array: ...


class NAry(Protocol):
    """A function of two scalars or more."""

    @overload
    def __call__(self, a: float, b: float, /, *others: float) -> float: ...  # type: ignore[overload-overlap]  # floats
    @overload
    def __call__(self, a: Number, b: Number, /, *others: Number) -> Value: ...  # type: ignore[overload-overlap]  # no array
    @overload
    def __call__(self, a: Array | Number, b: Array | Number, /, *others: Array | Number) -> Array: ...


def n_ary(function: Callable[..., Any]) -> NAry:
    """The same function, with the types of `NAry`."""
    return function


def binary(function: Callable[[Any, Any], Any]) -> Binary:
    """The same function, with the types of `Binary`."""
    return function


class Reduction(Protocol):
    """A function of a vector that gives one scalar."""

    @overload
    def __call__(self, terms: Array, /) -> Any: ...
    @overload
    def __call__(self, terms: Iterable[float], /) -> float: ...  # type: ignore[overload-overlap]  # floats alone
    @overload
    def __call__(self, terms: Vector, /) -> Value: ...


def reduction(function: Callable[[Any], Any]) -> Reduction:
    """The same function, with the types of `Reduction`."""
    return function
