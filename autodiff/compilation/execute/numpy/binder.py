"""Binder: what a step reads, as views of arrays, and the list of NumPy calls that binding makes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff.compilation.execute.numpy.views import Layouts
from autodiff.compilation.program.program import Read, Rows

Array = NDArray[Any]
Call = Callable[[], Any]


def without_axes(array: Array) -> Array:
    """A view of the first entry as an array without axes, which NumPy reads faster than a number or any other shape."""
    return array[:1].reshape(())


@final
class Binder:
    """The arrays of a program's blocks, and the calls on views of them that are made so far."""

    def __init__(self, arrays: Sequence[Array], dtype: np.dtype[Any]) -> None:
        self.arrays = arrays
        self.dtype = dtype
        self.layouts = Layouts()
        self.calls: list[Call] = []
        self._full: dict[tuple[bytes, tuple[int, ...]], Array] = {}
        self._lent: list[Array] = []
        self._spare: dict[tuple[int, np.dtype[Any]], list[Array]] = {}

    def scratch(self, shape: tuple[int, ...], dtype: np.dtype[Any] | type | None = None) -> Array:
        """An array for what a step needs on its way; the steps after it use the same memory again."""
        kind = (math.prod(shape), np.dtype(self.dtype if dtype is None else dtype))
        spare = self._spare.get(kind)
        flat = spare.pop() if spare else np.empty(*kind)
        self._lent.append(flat)
        return flat.reshape(shape)

    def end_step(self) -> None:
        """What the step lent is free again."""
        for flat in self._lent:
            self._spare.setdefault((flat.size, flat.dtype), []).append(flat)
        self._lent = []

    def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> None:
        """Add a call."""
        self.calls.append(partial(function, *args, **options))

    def view(self, read: Read, dimensions: tuple[int, ...], *, batched: bool = True) -> Any:
        """What is read, arranged in `dimensions`: a view, or a buffer that a call fills before.

        With `batched` there is an axis of records at the end, of length 1 where all records share it; one number
        for all members and records has no axes.
        """
        found = self.found(read, dimensions, batched=batched)
        if found is not None or not isinstance(read, Rows):
            return found
        source = self.arrays[read.block]
        gathered = self.scratch((len(read.index), *source.shape[1:]), source.dtype)
        self.call(np.take, source, read.index, axis=0, out=gathered)
        shaped = gathered.reshape(*dimensions, *source.shape[1:])
        return shaped[..., np.newaxis] if batched and source.ndim == 1 else shaped

    def found(self, read: Read, dimensions: tuple[int, ...], *, batched: bool = True) -> Any:
        """The same where it needs no buffer, else None."""
        if not isinstance(read, Rows):
            return self._constant(read, dimensions, batched=batched)
        source = self.arrays[read.block]
        if batched and source.ndim == 1 and self.layouts.is_one_row(read.index):
            return without_axes(source[read.index[0] :])
        view = self.layouts.view_of_rows(source, read.index, dimensions)
        return view[..., np.newaxis] if view is not None and batched and source.ndim == 1 else view

    def full(self, read: Read, shape: tuple[int, ...], view: Array) -> Array:
        """The view of what is read, or an array of this shape if that is one constant."""
        if isinstance(read, Rows) or view.ndim:
            return view
        key = (view.tobytes(), shape)
        if key not in self._full:
            self._full[key] = np.full(shape, view)
        return self._full[key]

    def row(self, read: Read, member: int) -> Array:
        """What one member reads: a row of records, or a number for all of them, without axes."""
        if not isinstance(read, Rows):
            return np.array(read[member], self.dtype)
        source = self.arrays[read.block]
        return source[read.index[member]] if source.ndim == 2 else without_axes(source[read.index[member] :])

    def matrix(self, reads: Sequence[Read]) -> Rows | None:
        """The rows that members read at all places, member by member; None unless all are of one block."""
        found = [read for read in reads if isinstance(read, Rows)]
        if len(found) < len(reads) or len({read.block for read in found}) != 1:
            return None
        return Rows(found[0].block, np.stack([read.index for read in found], axis=1).ravel())

    def _constant(self, numbers: Array, dimensions: Sequence[int], *, batched: bool) -> Array:
        if (numbers == numbers[0]).all() or len(numbers) == 1:
            return np.array(numbers[0], self.dtype)
        shaped = numbers.astype(self.dtype).reshape(dimensions)
        return shaped[..., np.newaxis] if batched else shaped
