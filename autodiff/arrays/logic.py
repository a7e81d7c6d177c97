"""Conditions: comparisons and what joins them, as arrays of truths, or of symbols while compiling."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import rules
from autodiff.arrays.entries import Axes, known_numbers, objects, reduced
from autodiff.arrays.value_array import ValueArray
from autodiff.primitive import is_node, map_elements

_TRUTHS = frozenset({bool, np.bool_})


def truths(result: Any) -> Any:
    """What a comparison of arrays gives: an array of bool, or one of objects where an entry is a symbol."""
    if not isinstance(result, np.ndarray):
        return result
    if _TRUTHS.issuperset(map(type, result.ravel().tolist())):
        return np.asarray(result).astype(bool)
    return result.view(ValueArray)


def _truth(x: Any) -> Any:
    return x if type(x) in _TRUTHS else x != 0.0


def _both(a: Any, b: Any) -> Any:
    return _truth(a) & _truth(b)


def _either(a: Any, b: Any) -> Any:
    return _truth(a) | _truth(b)


def _not(x: Any) -> Any:
    return not x if type(x) in _TRUTHS else x == 0.0


CONDITIONS: dict[np.ufunc, Callable[..., Any]] = {
    np.logical_and: _both,
    np.logical_or: _either,
    np.logical_xor: lambda a, b: _truth(a) ^ _truth(b),
    np.logical_not: _not,
    np.bitwise_and: operator.and_,
    np.bitwise_or: operator.or_,
    np.bitwise_xor: operator.xor,
    np.invert: _not,
    np.isnan: lambda x: x != x,
    np.isinf: lambda x: rules.ABS(x) == math.inf,
    np.isfinite: lambda x: rules.ABS(x) < math.inf,
}
"""Ufuncs that give truths, on one entry of each operand."""


def all_of(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return truths(reduced(lambda row: functools.reduce(_both, row, True), a, axis, keepdims=keepdims))


def any_of(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    return truths(reduced(lambda row: functools.reduce(_either, row, False), a, axis, keepdims=keepdims))


def _decided(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose result has no slope, on the numbers of the arrays."""

    def decide(*args: Any, **options: Any) -> Any:
        question = f"what np.{function.__name__} decides by"
        arrays = [known_numbers(x, question) if _is_of_values(x) else x for x in args]
        return function(*arrays, **options)

    return decide


def _is_of_values(thing: Any) -> bool:
    return is_node(thing) or (isinstance(thing, np.ndarray) and thing.dtype == object)


def _is_the_infinity(infinity: float) -> Callable[[Any], Any]:
    def of_that_sign(x: Any) -> Any:
        return truths(map_elements(lambda entry: entry == infinity, (objects(x),)))

    return of_that_sign


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.all: all_of,
    np.any: any_of,
    np.isposinf: _is_the_infinity(math.inf),
    np.isneginf: _is_the_infinity(-math.inf),
}
FUNCTIONS |= {
    function: _decided(function)
    for function in (
        *(np.allclose, np.argmax, np.argmin, np.argsort, np.argwhere, np.array_equal, np.count_nonzero),
        *(np.flatnonzero, np.isclose, np.nonzero, np.searchsorted),
    )
}
