"""Entries: arrays as arrays of objects, their numbers, and reductions along axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autodiff.arrays.value_array import ValueArray
from autodiff.modes import current_tracer
from autodiff.primitive import is_node
from autodiff.refusals import refused
from autodiff.sources import user_line

Objects: TypeAlias = "np.ndarray[Any, np.dtype[np.object_]]"
Axes: TypeAlias = "int | tuple[int, ...] | None"


def objects(given: Any) -> Objects:
    """`given` as a plain array of Values and numbers, which NumPy treats as it treats any objects."""
    return np.asarray(given, dtype=object)


def filled(entries: Sequence[Any], shape: tuple[int, ...]) -> Objects:
    """An array of that shape of these entries."""
    made = np.empty(len(entries), dtype=object)
    made[:] = entries
    return made.reshape(shape)


def numbers(given: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The numbers of an array, as floats. Raises TraceError while compiling, for an array that holds symbols."""
    array = objects(given)
    return np.array([float(x.data if is_node(x) else x) for x in array.ravel().tolist()]).reshape(array.shape)


def entry_gradients(given: Any) -> Any:
    """The `grad` of each entry, 0 for constants."""
    array = objects(given)
    found = [x.grad if is_node(x) else 0.0 for x in array.ravel().tolist()]
    if any(map(is_node, found)):
        return filled(found, array.shape).view(ValueArray)
    return np.array(found, dtype=float).reshape(array.shape)


def known_numbers(given: Any, question: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The numbers that a function decides by. Raises TraceError while compiling, which names the `question`."""
    if current_tracer() is not None and any(map(is_node, objects(given).ravel().tolist())):
        raise refused(
            f"{question} is not known while compiling, at {user_line()}; use autodiff.where, autodiff.maximum or "
            "np.sort"
        )
    return numbers(given)


def rows_along(given: Any, axis: Axes) -> tuple[list[list[Any]], tuple[int, ...], tuple[int, ...]]:
    """The entries along `axis` for each index of the other axes, and the shapes that a result has, without
    and with the axes that are reduced."""
    array = objects(given)
    axes = tuple(range(array.ndim)) if axis is None else normalize_axis_tuple(axis, array.ndim)
    kept = tuple(k for k in range(array.ndim) if k not in axes)
    shape = tuple(array.shape[k] for k in kept)
    count = math.prod(array.shape[k] for k in axes)
    rows = array.transpose(kept + axes).reshape(math.prod(shape), count).tolist()
    return rows, shape, tuple(1 if k in axes else n for k, n in enumerate(array.shape))


def reduced(function: Callable[[list[Any]], Any], given: Any, axis: Axes, *, keepdims: bool) -> Any:
    """`function` of the entries along `axis`, for each index of the other axes."""
    rows, shape, kept_shape = rows_along(given, axis)
    return filled([function(row) for row in rows], kept_shape if keepdims else shape)


def along(function: Callable[[list[Any]], Sequence[Any]], given: Any, axis: int | None) -> Objects:
    """`function` of the entries along one axis, which gives a sequence in their place; of all entries for None."""
    array = objects(given).reshape(-1) if axis is None else objects(given)
    place = -1 if axis is None else axis
    rows, shape, _ = rows_along(array, place)
    made = [list(function(row)) for row in rows]
    length = len(made[0]) if made else array.shape[place]
    flat = [entry for row in made for entry in row]
    return np.moveaxis(filled(flat, (*shape, length)), -1, place)
