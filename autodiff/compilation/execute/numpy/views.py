"""Views: how lanes read rows of an array without copying them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias, final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Index = NDArray[np.intp]


def shared_dimensions(indices: Sequence[Index]) -> tuple[int, ...]:
    """Dimensions in which each index is affine, outermost first; their product is the common length.

    An index that would need dimensions of its own is left to be gathered.
    """
    length = len(indices[0])
    inner: list[int] = []  # sizes of inner blocks, each a multiple of the one before
    for index in indices:
        merged = sorted({*inner, *_block_sizes(index)})
        if all(later % earlier == 0 for earlier, later in pairwise(merged)):
            inner = merged
    sizes = [1, *inner, length]
    return tuple(later // earlier for earlier, later in pairwise(sizes))[::-1]


def strides_within(index: Index, dimensions: Sequence[int]) -> tuple[int, ...] | None:
    """How far apart the rows of an index are along each dimension; None if it is not affine in them."""
    grid = index.reshape(dimensions)
    strides = []
    for axis, size in enumerate(dimensions):
        steps = _steps(grid.swapaxes(0, axis))
        if size > 1 and (steps != steps.flat[0]).any():
            return None
        strides.append(int(steps.flat[0]) if size > 1 else 0)
    return tuple(strides)


@final
class Layouts:
    """The same for many steps: layers and time steps read rows alike, so each question is answered once."""

    def __init__(self) -> None:
        self._dimensions: dict[tuple[bytes, ...], tuple[int, ...]] = {}
        self._rows: dict[tuple[bytes, tuple[int, ...]], _Layout | None] = {}
        self._is_one: dict[bytes, bool] = {}

    def shared_dimensions(self, indices: Sequence[Index]) -> tuple[int, ...]:
        """`shared_dimensions` of indices."""
        key = tuple([index.tobytes() for index in indices])
        found = self._dimensions.get(key)
        if found is None:
            found = self._dimensions[key] = shared_dimensions(indices)
        return found

    def is_one_row(self, index: Index) -> bool:
        """Whether all lanes read one row."""
        key = index.tobytes()
        found = self._is_one.get(key)
        if found is None:
            found = self._is_one[key] = bool((index == index[0]).all())
        return found

    def view_of_rows(self, array: NDArray[Any], index: Index, dimensions: tuple[int, ...]) -> NDArray[Any] | None:
        """`view_of_rows` of an array."""
        key = (index.tobytes(), dimensions)
        if key not in self._rows:
            self._rows[key] = _layout(index, dimensions)
        layout = self._rows[key]
        return None if layout is None else _laid_out(array, layout)


def view_of_rows(array: NDArray[Any], index: Index, dimensions: Sequence[int]) -> NDArray[Any] | None:
    """The rows of `array` at `index`, arranged in `dimensions`, as a view; None if there is no such view."""
    layout = _layout(index, dimensions)
    return None if layout is None else _laid_out(array, layout)


_Layout: TypeAlias = "slice | tuple[int, Sequence[int], Sequence[int]]"
"""Where rows are: a slice, or the first row, dimensions, and strides in rows."""


def _layout(index: Index, dimensions: Sequence[int]) -> _Layout | None:
    if len(dimensions) == 1:
        return _evenly_spaced(index)
    strides = strides_within(index, dimensions)
    return None if strides is None else (int(index[0]), dimensions, strides)


def _evenly_spaced(index: Index) -> _Layout | None:
    """The same in one dimension, by the cheapest view."""
    first = int(index[0])
    if len(index) == 1:
        return slice(first, first + 1)
    step = int(index[1]) - first
    if len(index) > 2 and (_steps(index) != step).any():
        return None
    return slice(first, int(index[-1]) + 1, step) if step > 0 else (first, index.shape, (step,))


def _laid_out(array: NDArray[Any], layout: _Layout) -> NDArray[Any]:
    if isinstance(layout, slice):
        return array[layout]
    first, dimensions, strides = layout
    shape = (*dimensions, *array.shape[1:])
    apart = (*[stride * array.strides[0] for stride in strides], *array.strides[1:])
    if array.flags.c_contiguous:  # an eighth of the time
        return np.ndarray(shape, array.dtype, array, first * array.strides[0], apart)
    return as_strided(array[first:], shape, apart)


def _steps(index: Index) -> Index:
    """How far apart neighbors along the first axis are; np.diff takes five times as long for a few."""
    return index[1:] - index[:-1]


def _block_sizes(index: Index) -> list[int]:
    """The sizes of the blocks in which an index repeats its steps, innermost first."""
    sizes: list[int] = []
    size = 1
    while len(index) > 2:  # two are always in step
        steps = _steps(index)
        breaks = (steps != steps[0]).nonzero()[0]
        run = int(breaks[0]) + 1 if len(breaks) else len(index)
        if run == len(index):
            break
        if len(index) % run:
            return []
        size *= run
        sizes.append(size)
        index = index[::run]
    return sizes
