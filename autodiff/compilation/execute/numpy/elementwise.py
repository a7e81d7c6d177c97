"""Elementwise: ufuncs on operands side by side, by one call, or row by row where that takes less."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autodiff.compilation.execute.numpy.binder import Array, Binder
from autodiff.compilation.program.program import Read, Rows

_FEW_ROWS = 4  # a call on each of so many takes less than one that broadcasts
_FEW_COPIES = 8  # and on each of so many less than copying them side by side
_EXTREMES = (np.maximum, np.minimum)  # their third positional argument is deprecated
_FEW_NUMBERS = 2**15  # extremes of so many and a constant take half the time if it is written out as often


def call_elementwise(binder: Binder, ufunc: np.ufunc, reads: Sequence[Read], out: Array, *, onto: bool = False) -> None:
    """Add the calls of a ufunc on what is read, of `out` itself and what is read if `onto`, into `out`."""
    indices = [read.index for read in reads if isinstance(read, Rows)]
    dimensions = binder.layouts.shared_dimensions(indices) if indices else (len(out),)
    shaped = out.reshape(*dimensions, *out.shape[1:])
    batched = out.ndim == 2
    views = [binder.found(read, dimensions, batched=batched) for read in reads]
    if batched and _takes_less_by_row(views, shaped, len(out)):
        for row, result in enumerate(out):
            _call(binder, ufunc, [result] * onto + [binder.row(read, row) for read in reads], result)
        return
    found = [
        binder.view(read, dimensions, batched=batched) if view is None else view
        for read, view in zip(reads, views, strict=True)
    ]
    if ufunc in _EXTREMES and out.size <= _FEW_NUMBERS:
        found = [binder.full(read, shaped.shape, view) for read, view in zip(reads, found, strict=True)]
    _call(binder, ufunc, [shaped] * onto + found, shaped)


def _takes_less_by_row(views: Sequence[Array | None], shaped: Array, rows: int) -> bool:
    if rows > _FEW_COPIES:
        return False
    if any(view is None for view in views):
        return True
    # Whether NumPy would have to go through one otherwise than number by number.
    plain = (view.shape == shaped.shape and view.flags.c_contiguous for view in views if view is not None and view.ndim)
    return rows <= _FEW_ROWS and not all(plain)


def _call(binder: Binder, ufunc: np.ufunc, inputs: Sequence[Array], out: Array) -> None:
    inputs = [out if _is_same(x, out) else x for x in inputs]
    if ufunc in _EXTREMES:
        binder.call(ufunc, *inputs, out=out)
    else:
        binder.call(ufunc, *inputs, out)


def _is_same(view: Array, out: Array) -> bool:
    """Whether two arrays are one, which as one object NumPy does not ask, 0.2 microseconds long, how they overlap."""
    return (
        view.shape == out.shape
        and view.strides == out.strides
        and np.may_share_memory(view, out)  # what follows takes longer, and is rarely asked
        and view.__array_interface__["data"] == out.__array_interface__["data"]
    )
